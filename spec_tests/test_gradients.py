"""Gradients: backpropagation from the scores to every weight and bias.

δ is the gradient of the objective on the inputs of a layer's units, one row per example. It starts at the scores
as probabilities minus targets, and goes backward: through a layer's weights, then through the derivative of the
activation below. At each layer it gives the gradients on that layer's weights and biases; the penalty adds its
own.

All gradients are taken at the parameters from before the update. The only average is in the score gradient of the
mean, taken once, at the start.

Gradients are judged in four independent ways: against a reference with more digits than a program can compute;
against central differences of the program's own loss, as Roelants does; by the order of Taylor's remainder, which
needs no tolerance; and by laws that hold between several answers.
"""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS, REDUCTIONS
from nnspec.documents.clauses import SHOULD, clause
from nnspec.judging import cases
from nnspec.judging.agreement import assert_within
from nnspec.judging.symmetries import (
    with_network,
)
from nnspec.runs.states import states
from nnspec.spec_tests.sources import (
    ANALYTIC,
    CIRCLES,
    EXERCISES,
    HIDDEN_BIAS,
    HIDDEN_ERROR,
    HIDDEN_WEIGHTS,
    IMPLEMENTATION,
    LEARNING,
    LINEAR,
    MOMENTUM,
    NETWORK,
    OUTPUT_BIAS,
    OUTPUT_ERROR,
    OUTPUT_WEIGHTS,
    SIZE_3,
    SPIRAL,
)

#: Near the probabilities 0.2, 0.3, 0.5 of the CS231n case study.
WORKED_EXAMPLE = {"scores": np.log([[0.2, 0.3, 0.5]]), "labels": np.array([1])}


@clause(
    "gradients.scores",
    operations=["score_gradient"],
    sources=[ANALYTIC, LEARNING, OUTPUT_ERROR],
    formula=r"\frac{\partial L_i}{\partial f_k} = p_k - \mathbb{1}(y_i = k)",
)
class TestScores:
    """The gradient of an example's cross-entropy on its scores is p_k − 1(y = k).

    With p = (0.2, 0.3, 0.5) and the middle class right, it is (0.2, −0.7, 0.5): a higher score for a wrong class
    increases the loss, a higher score for the right class decreases it.
    """

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_worked_example(self, subject, exact, reduction):
        got = subject.score_gradient(**WORKED_EXAMPLE, reduction=reduction)
        error = exact.score_gradient(**WORKED_EXAMPLE, reduction=reduction).error
        assert_within(got, np.array([[0.2, -0.7, 0.5]]), error, "score_gradient")

    @pytest.mark.parametrize("shape", [(1, 3), (7, 4), (5, 2), (4, 4)], ids=str, indirect=True)
    def test_of_random_scores(self, assert_right, random, shape):
        scores, labels = 2 * random.standard_normal(shape), cases.labels(random, *shape)
        assert_right("score_gradient", scores=scores, labels=labels, reduction="sum")


@clause(
    "gradients.scores-of-the-mean",
    operations=["score_gradient"],
    sources=[ANALYTIC],
    formula=r"\frac{\partial L}{\partial f_{ik}} = \frac{p_{ik} - \mathbb{1}(y_i = k)}{N}",
)
class TestScoresOfTheMean:
    """The gradient of the mean cross-entropy on the scores is (p_k − 1(y = k)) / N.

    N is the number of examples in the mean: in a minibatch, the size of the minibatch.
    """

    @pytest.mark.parametrize("shape", [(1, 3), (7, 4), (5, 2), (4, 4)], ids=str, indirect=True)
    def test_of_random_scores(self, assert_right, random, shape):
        scores, labels = 2 * random.standard_normal(shape), cases.labels(random, *shape)
        assert_right("score_gradient", scores=scores, labels=labels, reduction="mean")


@clause(
    "gradients.scores-rows-sum-to-0",
    operations=["score_gradient"],
    sources=[ANALYTIC],
    formula=r"\sum_k \frac{\partial L_i}{\partial f_k} = 0",
)
class TestScoresRowsSumTo0:
    """The gradients on the scores of an example sum to 0, because shifting all its scores changes no loss."""

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_random_scores(self, assert_law, random, classes_like, reduction):
        scores, labels = (
            random.standard_normal((6, classes_like(5))),
            cases.labels(random, 6, classes_like(5)),
        )
        case = {"scores": scores, "labels": labels}
        assert_law(
            lambda a: a.score_gradient(**case, reduction=reduction).sum(axis=1),
            "sum of a row of score_gradient",
        )


@clause(
    "gradients.linear-classifier",
    operations=["gradients"],
    sources=[ANALYTIC, OUTPUT_WEIGHTS, OUTPUT_BIAS],
    formula=r"\frac{\partial L}{\partial W} = X^T \delta, \quad \frac{\partial L}{\partial b} = \sum_i \delta_i",
)
class TestLinearClassifier:
    """A linear classifier has the gradients dW = Xᵀ δ and db = Σ δ over the examples; δ is the score gradient.

    WildML's formulas give δ itself for db; its code sums over the examples, as does every correct program.
    """

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("examples", [1, 7])
    @pytest.mark.parametrize("sizes", [(3, 4), (2, 3), (3, 3)], ids=cases.name_sizes, indirect=True)
    def test_without_a_penalty(self, assert_right, random, activation, sizes, reduction, examples):
        assert_right(
            "gradients", **cases.problem(random, sizes, activation, cases.objective(reduction), examples)
        )


@clause(
    "gradients.hidden-layers",
    operations=["gradients"],
    sources=[NETWORK, LEARNING, IMPLEMENTATION, HIDDEN_ERROR, HIDDEN_WEIGHTS, HIDDEN_BIAS],
    formula=r"\delta^{(l)} = \left(\delta^{(l+1)} {W^{(l+1)}}^T\right) \circ \varphi'\left(z^{(l)}\right)",
)
class TestHiddenLayers:
    """Backward through a hidden layer, δ_below = (δ Wᵀ) ∘ φ′(z), with the weights from before the update.

    The layer's own gradients are Xᵀ δ_below and Σ δ_below, where X is its input. They are those of the network that is
    given, not of one that was given before.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("examples", [1, 7])
    @pytest.mark.parametrize("sizes", [(3, 5, 4), (2, 3, 2), (3, 3, 3)], ids=cases.name_sizes, indirect=True)
    def test_of_one_hidden_layer(self, assert_right, random, activation, reduction, sizes, examples):
        assert_right(
            "gradients", **cases.problem(random, sizes, activation, cases.objective(reduction), examples)
        )

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    def test_without_biases(self, assert_right, random, sizes, activation, objective_like):
        problem = cases.problem(random, sizes, activation, objective_like("sum"))
        assert_right("gradients", **{**problem, "network": cases.without_biases(problem["network"])})

    def test_again_after_another_network(self, assert_right_twice, random, usual, sizes):
        first, between = (cases.call("gradients", random, **usual, sizes=sizes) for _ in range(2))
        assert_right_twice("gradients", first, between)


@clause("gradients.deeper-networks", operations=["gradients"], sources=[EXERCISES])
class TestDeeperNetworks:
    """Backpropagation goes through every further hidden layer in the same way (WildML's exercise 5)."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("sizes", [*cases.SIZES[2:], (4, 4, 4, 4)], ids=cases.name_sizes, indirect=True)
    def test_of_more_hidden_layers(self, assert_right, random, activation, reduction, sizes):
        assert_right("gradients", **cases.problem(random, sizes, activation, cases.objective(reduction)))


@clause("gradients.relu-at-0", operations=["gradients"], sources=[NETWORK])
class TestReLUAtZero:
    """A ReLU whose input is exactly 0 passes no gradient on.

    The spiral has three points at the origin, where every unit without a bias has an input of exactly 0. There is
    one point of each class, and their gradients cancel, so the document's own run cannot show this.
    """

    def test_at_the_origin_without_biases(self, assert_right, random, sizes_like, objective_like):
        sizes, objective = sizes_like(2, 5, 3, hidden=1), objective_like("mean")
        problem = cases.problem(random, sizes, "relu", objective)
        problem["network"]["biases"][0][:] = 0
        problem["inputs"][0] = 0
        assert_right("gradients", **problem)


@clause(
    "gradients.penalty",
    operations=["gradients"],
    sources=[ANALYTIC, NETWORK, IMPLEMENTATION],
    formula=r"\frac{\partial}{\partial W} \frac{\lambda}{2} \lVert W \rVert^2 = \lambda W",
)
class TestPenalty:
    """The penalty adds λ W to the gradient on the weights of every layer, and nothing to the gradient on a bias.

    The ½ in λ/2 ‖W‖² cancels the 2 of the derivative. λ is not divided by N, not even for the mean.
    """

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes, indirect=True)
    def test_where_it_outweighs_the_data(self, assert_right, random, activation, sizes, reduction):
        assert_right("gradients", **cases.problem(random, sizes, activation, cases.objective(reduction, 3.0)))

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_with_every_activation(self, assert_right, random, sizes, activation, reduction):
        assert_right("gradients", **cases.problem(random, sizes, activation, cases.objective(reduction, 0.3)))

    @pytest.mark.parametrize(
        "objective", [cases.objective("mean", 1e-3), cases.objective("sum", 1e-2)], ids=cases.name_objective
    )
    def test_as_small_as_in_the_documents(self, assert_right, random, sizes_like, activation, objective):
        assert_right("gradients", **cases.problem(random, sizes_like(2, 5, 3), activation, objective))


@clause("gradients.large-scores", level=SHOULD, operations=["gradients", "score_gradient"])
class TestLargeScores:
    """Scores of any size have gradients, without overflow."""

    def test_on_the_scores(self, assert_right):
        scores = np.array([[1000.0, 0.0, -5.0], [3.0, 900.0, 0.0], [-800.0, -800.0, -801.0]])
        assert_right("score_gradient", scores=scores, labels=np.array([1, 0, 2]), reduction="mean")

    def test_on_the_parameters(self, assert_right, random, sizes, activation, objective):
        problem = cases.problem(random, sizes, activation, objective)
        *biases, last = problem["network"]["biases"]
        far = with_network(problem, biases=[*biases, np.resize([900.0, 0.0, -900.0, 30.0], len(last))])
        assert_right("gradients", **far)


@clause("gradients.label-types", operations=["score_gradient", "gradients"], sources=[SPIRAL])
class TestLabelTypes:
    """Labels of any integer type give the same gradients, including unsigned bytes."""

    @pytest.mark.parametrize("dtype", cases.INTEGERS)
    def test_on_the_scores(self, assert_right, random, classes_like, objective_like, dtype):
        classes, reduction = classes_like(20), objective_like("sum")["reduction"]
        scores = random.standard_normal((40, classes))
        labels = cases.labels(random, 40, classes).astype(dtype)
        assert_right("score_gradient", scores=scores, labels=labels, reduction=reduction)

    @pytest.mark.parametrize("dtype", cases.INTEGERS)
    def test_on_the_parameters(self, assert_right, random, sizes_like, activation, objective, dtype):
        problem = cases.problem(random, sizes_like(2, 20), activation, objective, examples=40)
        assert_right("gradients", **{**problem, "labels": problem["labels"].astype(dtype)})


@clause("gradients.missing-classes", operations=["score_gradient", "gradients"], sources=[CIRCLES, EXERCISES])
class TestMissingClasses:
    """A class has a gradient even if no example has its label, and even if it is the last class."""

    @pytest.mark.parametrize("labels", cases.LACKING_CLASSES, ids=cases.name_labels)
    def test_on_the_scores(self, assert_right, random, classes_like, labels):
        classes = classes_like(4)
        scores, labels = random.standard_normal((len(labels), classes)), cases.lacking(labels, classes)
        assert_right("score_gradient", scores=scores, labels=labels, reduction="sum")

    @pytest.mark.parametrize("labels", cases.LACKING_CLASSES, ids=cases.name_labels)
    def test_on_the_parameters(self, assert_right, random, sizes, activation, objective, labels):
        problem = cases.problem(random, sizes, activation, objective, examples=len(labels))
        assert_right("gradients", **{**problem, "labels": cases.lacking(labels, sizes[-1])})


@clause(
    "gradients.stored-states",
    operations=["gradients"],
    sources=[LINEAR, NETWORK, SIZE_3, MOMENTUM, EXERCISES],
)
class TestStoredStates:
    """The gradients are right at the parameters that the documents' runs reach, early and late.

    Late in training, most examples are certain and gradients are small. This reveals gradients that are clipped or
    probabilities that are kept away from 0.
    """

    @pytest.mark.parametrize("state", states(), ids=str)
    def test_of_an_experiment(self, assert_right, state):
        training = state.training()
        problem = {name: training[name] for name in ["network", "inputs", "labels", "objective"]}
        assert_right("gradients", **problem)
