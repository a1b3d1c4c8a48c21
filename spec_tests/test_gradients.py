"""Gradients: backpropagation from the scores to every weight and bias."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec import cases
from nnspec.clauses import clause
from nnspec.contract import ACTIVATIONS
from nnspec.differences import assert_matches_differences
from nnspec.documents import cs231n, roelants, wildml
from nnspec.experiments import CIRCLES_GRADIENT_CHECK
from nnspec.judging import assert_agrees, assert_within

#: Near the probabilities 0.2, 0.3, 0.5 of the CS231n case study.
WORKED_EXAMPLE = {"scores": np.log([[0.2, 0.3, 0.5]]), "labels": np.array([1])}


@clause(
    "gradients.scores",
    operations=["score_gradient"],
    sources=[
        cs231n("Computing the Analytic Gradient with Backpropagation"),
        wildml("Learning the Parameters"),
        roelants("Vectorization of the output layer backward step"),
    ],
)
class TestScores:
    """The gradient of an example's cross-entropy on its scores is p_k − 1(y = k)."""

    def test_worked_example(self, subject, exact):
        got = subject.score_gradient(**WORKED_EXAMPLE, reduction="sum")
        error = exact.score_gradient(**WORKED_EXAMPLE, reduction="sum").error
        assert_within(got, np.array([[0.2, -0.7, 0.5]]), error, "score_gradient")

    def test_worked_example_as_a_mean_of_one(self, subject, exact):
        got = subject.score_gradient(**WORKED_EXAMPLE, reduction="mean")
        error = exact.score_gradient(**WORKED_EXAMPLE, reduction="mean").error
        assert_within(got, np.array([[0.2, -0.7, 0.5]]), error, "score_gradient")

    def test_of_random_scores(self, assert_right, random):
        scores, labels = 2 * random.standard_normal((7, 4)), cases.labels(random, 7, 4)
        assert_right("score_gradient", scores=scores, labels=labels, reduction="sum")

    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    def test_a_row_sums_to_0(self, subject, exact, random, reduction):
        case = {"scores": random.standard_normal((6, 5)), "labels": cases.labels(random, 6, 5)}
        got = subject.score_gradient(**case, reduction=reduction).sum(axis=1)
        wanted = exact.score_gradient(**case, reduction=reduction).sum(axis=1)
        assert_agrees(got, wanted, "sum of a row of score_gradient")


@clause(
    "gradients.scores-of-the-mean",
    operations=["score_gradient"],
    sources=[cs231n("Computing the Analytic Gradient with Backpropagation")],
)
class TestScoresOfTheMean:
    """The gradient of the mean cross-entropy on the scores is (p_k − 1(y = k)) / N."""

    def test_of_random_scores(self, assert_right, random):
        scores, labels = 2 * random.standard_normal((7, 4)), cases.labels(random, 7, 4)
        assert_right("score_gradient", scores=scores, labels=labels, reduction="mean")


@clause(
    "gradients.linear-classifier",
    operations=["gradients"],
    sources=[cs231n("Computing the Analytic Gradient with Backpropagation")],
)
class TestLinearClassifier:
    """A linear classifier has the gradients dW = Xᵀ δ and db = Σ δ over the examples, δ being that on the scores."""

    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    @pytest.mark.parametrize("examples", [1, 7])
    def test_without_a_penalty(self, assert_right, random, activation, reduction, examples):
        objective = cases.objective(reduction)
        assert_right("gradients", **cases.problem(random, (3, 4), activation, objective, examples))


@clause(
    "gradients.hidden-layers",
    operations=["gradients"],
    sources=[
        cs231n("Training a Neural Network"),
        wildml("Learning the Parameters"),
        roelants("Vectorization of the hidden layer backward step"),
    ],
)
class TestHiddenLayers:
    """Through a hidden layer goes δ_below = (δ Wᵀ) ∘ f′(z), with the weights from before the update."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    @pytest.mark.parametrize("examples", [1, 7])
    def test_of_one_hidden_layer(self, assert_right, random, activation, reduction, examples):
        objective = cases.objective(reduction)
        assert_right("gradients", **cases.problem(random, (3, 5, 4), activation, objective, examples))

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    def test_of_two_classes(self, assert_right, random, activation):
        objective = cases.objective("sum")
        assert_right("gradients", **cases.problem(random, (2, 3, 2), activation, objective))


@clause("gradients.deeper-networks", operations=["gradients"], sources=[wildml("Exercises")])
class TestDeeperNetworks:
    """Every further hidden layer is gone through in the same way (WildML's exercise 5)."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("sizes", cases.SIZES[2:], ids=cases.name_sizes)
    def test_of_more_hidden_layers(self, assert_right, random, activation, sizes):
        assert_right("gradients", **cases.problem(random, sizes, activation, cases.objective("sum", 0.3)))


@clause(
    "gradients.relu-at-0",
    operations=["gradients"],
    sources=[cs231n("Training a Neural Network")],
)
class TestReLUAtZero:
    """A ReLU whose input is exactly 0 passes no gradient on."""

    def test_at_the_origin_without_biases(self, assert_right, random):
        problem = cases.problem(random, (2, 5, 3), "relu", cases.objective("mean", 0.0))
        problem["network"]["biases"][0][:] = 0
        problem["inputs"][0] = 0
        assert_right("gradients", **problem)


@clause(
    "gradients.penalty",
    operations=["gradients"],
    sources=[cs231n("Computing the Analytic Gradient with Backpropagation"), wildml("Implementation")],
)
class TestPenalty:
    """The penalty adds λ W to the gradient on the weights of every layer, and nothing to that on a bias."""

    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes)
    def test_where_it_outweighs_the_data(self, assert_right, random, activation, sizes, reduction):
        assert_right("gradients", **cases.problem(random, sizes, activation, cases.objective(reduction, 3.0)))

    @pytest.mark.parametrize(
        "objective",
        [cases.objective("mean", 1e-3), cases.objective("sum", 1e-2)],
        ids=cases.name_objective,
    )
    def test_as_small_as_in_the_documents(self, assert_right, random, activation, objective):
        assert_right("gradients", **cases.problem(random, (2, 5, 3), activation, objective))


@clause(
    "gradients.finite-differences", operations=["loss", "gradients"], sources=[roelants("Gradient checking")]
)
class TestFiniteDifferences:
    """The gradient on every single parameter is near (f(θ + ε) − f(θ − ε)) / 2ε of the loss f, with ε = 1e-4."""

    def test_at_the_documents_parameters(self, subject, exact):
        training = CIRCLES_GRADIENT_CHECK.training()
        problem = {name: training[name] for name in ["network", "inputs", "labels", "objective"]}
        assert_matches_differences(subject, exact, problem)

    @pytest.mark.parametrize("activation", ["tanh", "logistic"])
    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_at_random_parameters(self, subject, exact, random, activation, objective):
        assert_matches_differences(subject, exact, cases.problem(random, (3, 4, 3), activation, objective))
