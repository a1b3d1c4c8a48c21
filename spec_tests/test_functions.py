"""Functions: softmax, the activations of hidden layers and their derivatives."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.clauses import SHOULD, clause
from nnspec.documents import cs231n, roelants, wildml
from nnspec.judging import assert_agrees, assert_within

Z = np.array([[-3.0, -0.5, 0.0], [1e-3, 0.7, 2.5]])
EXTREME = np.array([-1e4, -800.0, 0.0, 800.0, 1e4])


@clause(
    "functions.softmax",
    operations=["softmax"],
    sources=[cs231n("Compute the loss"), wildml("Training a Neural Network"), roelants("output activations")],
)
class TestSoftmax:
    """The probabilities of an example are p_k = exp(f_k) / Σ_j exp(f_j) of its scores f."""

    def test_random_scores(self, assert_right, random):
        assert_right("softmax", scores=2 * random.standard_normal((7, 4)))

    def test_one_example(self, assert_right, random):
        assert_right("softmax", scores=random.standard_normal((1, 3)))

    def test_equal_scores_share_equally(self, subject, exact):
        got = subject.softmax(scores=np.full((2, 3), 0.4))
        assert_within(
            got, np.full((2, 3), 1 / 3), exact.softmax(scores=np.full((2, 3), 0.4)).error, "softmax"
        )

    def test_a_row_sums_to_1(self, subject, exact, random):
        scores = 3 * random.standard_normal((6, 5))
        wanted = exact.softmax(scores=scores).sum(axis=1)
        assert_agrees(subject.softmax(scores=scores).sum(axis=1), wanted, "sum of a row of softmax")

    def test_rows_do_not_touch_each_other(self, assert_right, random):
        scores = random.standard_normal((3, 4))
        scores[1] += 30
        assert_right("softmax", scores=scores)


@clause("functions.softmax-large-scores", level=SHOULD, operations=["softmax"])
class TestSoftmaxLargeScores:
    """Scores of any size give probabilities: a shift of a row by one constant changes none of them."""

    @pytest.mark.parametrize("shift", [-1000.0, 750.0, 1e5])
    def test_a_shift_changes_nothing(self, assert_right, random, shift):
        assert_right("softmax", scores=random.standard_normal((4, 3)) + shift)

    def test_scores_far_apart(self, assert_right):
        assert_right("softmax", scores=np.array([[0.0, 800.0, 3.0], [-900.0, 0.0, 900.0]]))


class ActivationTests:
    """The tests that every activation has."""

    name: str

    def test_at_several_points(self, assert_right):
        assert_right("activation", name=self.name, z=Z)

    def test_at_random_points(self, assert_right, random):
        assert_right("activation", name=self.name, z=2 * random.standard_normal((5, 3)))


class DerivativeTests:
    """The tests that every derivative has."""

    name: str

    def test_at_several_points(self, assert_right):
        assert_right("activation_derivative", name=self.name, z=Z)

    def test_at_random_points(self, assert_right, random):
        assert_right("activation_derivative", name=self.name, z=2 * random.standard_normal((5, 3)))


@clause("functions.relu", operations=["activation"], sources=[cs231n("Training a Neural Network")])
class TestReLU(ActivationTests):
    """ReLU is max(0, z)."""

    name = "relu"


@clause(
    "functions.relu-derivative",
    operations=["activation_derivative"],
    sources=[cs231n("Training a Neural Network")],
)
class TestReLUDerivative(DerivativeTests):
    """The derivative of ReLU is 1 where z > 0 and 0 elsewhere, at exactly 0 too."""

    name = "relu"

    def test_at_exactly_0(self, assert_right):
        assert_right("activation_derivative", name="relu", z=np.array([[0.0, -0.0]]))


@clause("functions.tanh", operations=["activation"], sources=[wildml("Training a Neural Network")])
class TestTanh(ActivationTests):
    """The activation tanh is (exp z − exp −z) / (exp z + exp −z)."""

    name = "tanh"

    def test_far_from_0(self, assert_right):
        assert_right("activation", name="tanh", z=EXTREME)


@clause(
    "functions.tanh-derivative",
    operations=["activation_derivative"],
    sources=[wildml("Training a Neural Network"), wildml("Learning the Parameters")],
)
class TestTanhDerivative(DerivativeTests):
    """The derivative of tanh at z is 1 − tanh² z."""

    name = "tanh"


@clause(
    "functions.logistic", operations=["activation"], sources=[roelants("Vectorization of the forward step")]
)
class TestLogistic(ActivationTests):
    """The logistic function is 1 / (1 + exp(−z))."""

    name = "logistic"


@clause("functions.logistic-large-inputs", level=SHOULD, operations=["activation"])
class TestLogisticLargeInputs:
    """The logistic function has a value for inputs of any size, without overflow."""

    def test_far_from_0(self, assert_right):
        assert_right("activation", name="logistic", z=EXTREME)


@clause(
    "functions.logistic-derivative",
    operations=["activation_derivative"],
    sources=[roelants("Vectorization of the hidden layer backward step")],
)
class TestLogisticDerivative(DerivativeTests):
    """The derivative of the logistic function with value h is h (1 − h)."""

    name = "logistic"
