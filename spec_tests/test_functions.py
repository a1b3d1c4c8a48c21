"""Functions: softmax, the activations of hidden layers, and their derivatives.

A network is a chain of affine maps with a function between them. Hidden units use one of three functions, applied
to each number separately: ReLU (CS231n), tanh (WildML) or the logistic function (Roelants). All three documents
end with softmax, which turns the scores of an example, one per class, into probabilities.

The derivative of each activation can be computed from its output, which the forward pass already has: 1(h > 0), 1
− h² and h (1 − h). The most common mistake here is to feed such a formula with the input z instead, or to apply
the activation once more; the program still trains, and passes a careless gradient check.
"""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.documents.clauses import SHOULD, clause
from nnspec.judging import cases
from nnspec.judging.agreement import assert_agrees, assert_orders_alike, assert_within
from nnspec.spec_tests.sources import (
    EXERCISES,
    HIDDEN,
    HIDDEN_ERROR,
    IMPLEMENTATION,
    LEARNING,
    LOSS,
    NETWORK,
    OUTPUT,
    PREDICTIONS,
    TRAINING,
)

Z = np.array([[-3.0, -0.5, 0.0], [1e-3, 0.7, 2.5]])
TINY = np.array([[-1e-300, 1e-300, 0.0], [1e-16, -1e-8, 5e-324]])
EXTREME = np.array([[-1e4, -800.0, 0.0, 800.0, 1e4]])


@clause(
    "functions.softmax",
    operations=["softmax"],
    sources=[LOSS, TRAINING, PREDICTIONS, OUTPUT],
    formula=r"p_k = \frac{e^{f_k}}{\sum_j e^{f_j}}",
)
class TestSoftmax:
    """The probabilities of an example with scores f are p_k = exp(f_k) / Σ_j exp(f_j).

    The sum runs over the classes of one example, a row of the scores (N, K): never over the examples, and never
    over the whole matrix.
    """

    def test_of_random_scores(self, assert_right, random, classes_like):
        assert_right("softmax", scores=2 * random.standard_normal((7, classes_like(4))))

    def test_one_example(self, assert_right, random, classes_like):
        assert_right("softmax", scores=random.standard_normal((1, classes_like(3))))

    @pytest.mark.parametrize("shape", [(2, 2), (4, 4), (3, 10)], ids=str, indirect=True)
    def test_of_any_shape(self, assert_right, random, shape):
        assert_right("softmax", scores=random.standard_normal(shape))

    def test_of_tiny_scores(self, assert_right, classes_like):
        assert_right("softmax", scores=cases.with_columns(TINY, classes_like(3)))

    def test_equal_scores_share_equally(self, subject, exact, classes_like):
        classes = classes_like(3)
        equal = np.full((2, classes), 0.4)
        error = exact.softmax(scores=equal).error
        assert_within(subject.softmax(scores=equal), np.full((2, classes), 1 / classes), error, "softmax")

    def test_rows_do_not_touch_each_other(self, assert_right, random, classes_like):
        scores = random.standard_normal((3, classes_like(4)))
        scores[1] += 30
        assert_right("softmax", scores=scores)


@clause(
    "functions.softmax-rows-sum-to-1",
    operations=["softmax"],
    sources=[LOSS],
    formula=r"\sum_k p_k = 1",
)
class TestSoftmaxRowsSumTo1:
    """The probabilities of an example sum to 1."""

    @pytest.mark.parametrize("spread", [0.01, 3.0, 20.0])
    def test_however_far_the_scores_are_apart(self, assert_law, random, classes_like, spread):
        scores = spread * random.standard_normal((6, classes_like(5)))
        assert_law(lambda a: a.softmax(scores=scores).sum(axis=1), "sum of a row of softmax", 1.0)


@clause(
    "functions.softmax-shift",
    operations=["softmax"],
    sources=[LOSS],
    formula=r"\operatorname{softmax}(f + c) = \operatorname{softmax}(f)",
)
class TestSoftmaxShift:
    """Adding one constant to all scores of an example does not change its probabilities.

    So only differences between scores mean something: scores are logarithms of probabilities up to a constant.
    """

    @pytest.mark.parametrize("shift", [-20.0, 0.25, 7.0])
    def test_by_one_constant(self, assert_law, random, classes_like, shift):
        scores = random.standard_normal((4, classes_like(3)))

        def change(implementation):
            return implementation.softmax(scores=scores + shift) - implementation.softmax(scores=scores)

        assert_law(change, "change of softmax when all scores are shifted")

    def test_by_another_constant_in_every_row(self, assert_law, random, classes_like):
        scores, shifts = random.standard_normal((4, classes_like(3))), random.uniform(-9, 9, (4, 1))

        def change(implementation):
            return implementation.softmax(scores=scores + shifts) - implementation.softmax(scores=scores)

        assert_law(change, "change of softmax when each row is shifted")


@clause(
    "functions.softmax-order",
    operations=["softmax"],
    sources=[LOSS, IMPLEMENTATION],
    formula=r"f_j > f_k \implies p_j > p_k",
)
class TestSoftmaxOrder:
    """Of two classes of an example, the one with the higher score has the higher probability."""

    @pytest.mark.parametrize("spread", [0.1, 5.0])
    def test_of_random_scores(self, subject, exact, random, classes_like, spread):
        scores = spread * random.standard_normal((6, classes_like(5)))
        error = exact.softmax(scores=scores).error
        assert_orders_alike(subject.softmax(scores=scores), scores, error, "softmax")

    def test_of_negative_scores(self, subject, exact, random, classes_like):
        scores = -random.uniform(1, 9, (6, classes_like(5)))
        error = exact.softmax(scores=scores).error
        assert_orders_alike(subject.softmax(scores=scores), scores, error, "softmax")


@clause(
    "functions.softmax-permutation",
    operations=["softmax"],
    sources=[LOSS],
    formula=r"\operatorname{softmax}(f_{\pi}) = \operatorname{softmax}(f)_{\pi}",
)
class TestSoftmaxPermutation:
    """Permuting the classes or the examples of the scores permutes the probabilities in the same way.

    No class and no example is special.
    """

    def test_of_the_classes(self, assert_law, random, classes_like):
        scores = 2 * random.standard_normal((5, classes_like(4)))
        order = cases.another_order(classes_like(4))

        def change(implementation):
            return (
                implementation.softmax(scores=scores[:, order])
                - implementation.softmax(scores=scores)[:, order]
            )

        assert_law(change, "change of softmax when the classes are permuted")

    def test_of_the_examples(self, assert_law, random, classes_like):
        scores, order = 2 * random.standard_normal((5, classes_like(4))), np.array([4, 2, 0, 3, 1])

        def change(implementation):
            return implementation.softmax(scores=scores[order]) - implementation.softmax(scores=scores)[order]

        assert_law(change, "change of softmax when the examples are permuted")


@clause(
    "functions.softmax-of-two-classes",
    operations=["softmax", "activation"],
    sources=[TRAINING],
    formula=r"p_1 = \sigma(f_1 - f_0)",
)
class TestSoftmaxOfTwoClasses:
    """With two classes, the second's probability is the logistic function of the difference of the scores.

    Softmax generalises the logistic function to more than two classes.
    """

    def test_of_random_scores(self, assert_law, random):
        scores = 2 * random.standard_normal((6, 2))
        difference = scores[:, 1:] - scores[:, :1]

        def change(implementation):
            return implementation.softmax(scores=scores)[:, 1:] - implementation.activation(
                name="logistic", z=difference
            )

        assert_law(change, "softmax of two classes minus the logistic function")


@clause("functions.softmax-large-scores", level=SHOULD, operations=["softmax"])
class TestSoftmaxLargeScores:
    """Scores of any size give probabilities, without overflow.

    None of the documents protects its softmax: at scores of a few hundred, their code gives nan. Subtracting the
    greatest score of each row first prevents this, and changes no probability.
    """

    @pytest.mark.parametrize("shift", [-1000.0, 750.0, 1e5])
    def test_a_shift_changes_nothing(self, assert_right, random, classes_like, shift):
        assert_right("softmax", scores=random.standard_normal((4, classes_like(3))) + shift)

    def test_scores_far_apart(self, assert_right):
        assert_right("softmax", scores=np.array([[0.0, 800.0, 3.0], [-900.0, 0.0, 900.0]]))

    def test_rows_far_apart(self, assert_right):
        assert_right("softmax", scores=np.array([[1000.0, 999.0, 0.0], [-800.0, -800.0, -801.0]]))


class ActivationTests:
    """The tests shared by all activations."""

    name: str

    def test_at_several_points(self, assert_right):
        assert_right("activation", name=self.name, z=Z)

    def test_at_random_points(self, assert_right, random):
        assert_right("activation", name=self.name, z=2 * random.standard_normal((5, 3)))

    def test_near_0(self, assert_right):
        assert_right("activation", name=self.name, z=TINY)


class DerivativeTests:
    """The tests shared by all derivatives."""

    name: str

    def test_at_several_points(self, assert_right):
        assert_right("activation_derivative", name=self.name, z=Z)

    def test_at_random_points(self, assert_right, random):
        assert_right("activation_derivative", name=self.name, z=2 * random.standard_normal((5, 3)))


@clause(
    "functions.relu",
    operations=["activation"],
    sources=[NETWORK, EXERCISES],
    formula=r"h = \max(0, z)",
)
class TestReLU(ActivationTests):
    """ReLU is max(0, z)."""

    name = "relu"

    def test_far_from_0(self, assert_right):
        assert_right("activation", name="relu", z=EXTREME)


@clause(
    "functions.relu-derivative",
    operations=["activation_derivative"],
    sources=[NETWORK, EXERCISES],
    formula=r"\frac{dh}{dz} = \mathbb{1}(z > 0)",
)
class TestReLUDerivative(DerivativeTests):
    """The derivative of ReLU is 1 where z > 0 and 0 elsewhere, including at exactly 0.

    At 0, any number from 0 to 1 is a subgradient; CS231n's code uses 0 (``hidden_layer <= 0``).
    """

    name = "relu"

    def test_at_exactly_0(self, assert_right):
        assert_right("activation_derivative", name="relu", z=np.array([[0.0, -0.0]]))

    def test_just_beside_0(self, assert_right):
        assert_right("activation_derivative", name="relu", z=np.array([[1e-30, -1e-30, 1e-7]]))


@clause(
    "functions.tanh",
    operations=["activation"],
    sources=[TRAINING, PREDICTIONS],
    formula=r"h = \tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}",
)
class TestTanh(ActivationTests):
    """The activation tanh is (exp(z) − exp(−z)) / (exp(z) + exp(−z))."""

    name = "tanh"

    def test_is_odd(self, assert_law, random):
        z = random.uniform(0, 4, (3, 4))

        def both(implementation):
            return implementation.activation(name="tanh", z=z) + implementation.activation(name="tanh", z=-z)

        assert_law(both, "tanh(z) + tanh(−z)")


@clause("functions.tanh-large-inputs", level=SHOULD, operations=["activation"])
class TestTanhLargeInputs:
    """The activation tanh has a value for inputs of any size, without overflow.

    Its formula, computed literally, does not: where exp overflows, it gives ∞ / ∞.
    """

    def test_far_from_0(self, assert_right):
        assert_right("activation", name="tanh", z=EXTREME)


@clause(
    "functions.tanh-derivative",
    operations=["activation_derivative"],
    sources=[TRAINING, LEARNING],
    formula=r"\frac{dh}{dz} = 1 - \tanh^2 z = 1 - h^2",
)
class TestTanhDerivative(DerivativeTests):
    """The derivative of tanh at z is 1 − tanh² z, which is 1 − h² in terms of its output h."""

    name = "tanh"


@clause(
    "functions.logistic",
    operations=["activation"],
    sources=[HIDDEN, EXERCISES],
    formula=r"h = \sigma(z) = \frac{1}{1 + e^{-z}}",
)
class TestLogistic(ActivationTests):
    """The logistic function is 1 / (1 + exp(−z))."""

    name = "logistic"

    def test_of_opposite_inputs_sums_to_1(self, assert_law, random):
        z = random.uniform(0, 6, (3, 4))

        def both(implementation):
            return implementation.activation(name="logistic", z=z) + implementation.activation(
                name="logistic", z=-z
            )

        assert_law(both, "σ(z) + σ(−z)", 1.0)


@clause("functions.logistic-large-inputs", level=SHOULD, operations=["activation"])
class TestLogisticLargeInputs:
    """The logistic function has a value for inputs of any size, without overflow."""

    def test_far_from_0(self, assert_right):
        assert_right("activation", name="logistic", z=EXTREME)


@clause(
    "functions.logistic-derivative",
    operations=["activation_derivative"],
    sources=[HIDDEN_ERROR, EXERCISES],
    formula=r"\frac{dh}{dz} = \sigma(z) (1 - \sigma(z)) = h (1 - h)",
)
class TestLogisticDerivative(DerivativeTests):
    """The derivative of the logistic function is h (1 − h), where h is the function's value."""

    name = "logistic"

    def test_is_a_quarter_at_0(self, subject, exact):
        got = subject.activation_derivative(name="logistic", z=np.zeros((1, 1)))
        assert_agrees(got, exact.constant(np.array([[0.25]])), "activation_derivative")
