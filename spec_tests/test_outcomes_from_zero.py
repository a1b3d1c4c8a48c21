"""Fits whose weights are nearly 0, from the start or by a penalty: their random numbers decide nothing.

So what they predict is right or wrong, with hidden layers too.
"""

from __future__ import annotations

import pytest

from nnspec.contract.support import ACTIVATIONS, METHODS
from nnspec.documents.clauses import clause
from nnspec.judging import cases
from nnspec.runs.fits_from_zero import PENALTY, assert_fits_from_zero
from nnspec.runs.penalty_fits import assert_penalty_takes_weights_to_zero
from nnspec.spec_tests.sources import LEARNING, MOMENTUM


@clause(
    "outcomes.weights-near-zero",
    operations=["fit", "predict"],
    sources=[LEARNING, MOMENTUM],
)
class TestWeightsNearZero:
    """A fit whose initial weights are nearly 0 comes near the network that weights of 0 lead to.

    No random number decides where training from weights and biases of 0 leads. Initial weights of 10⁻⁸ · N(0, 1) change
    little of it in a few iterations, and how little follows from the formulas. A point must be in the class that it has
    there, unless that little could change it.

    With logistic units, a boundary between the classes moves with every weight and bias; with two hidden layers that
    takes a little longer. With tanh and ReLU, the biases of the last layer move first, and every point is in the class
    of most examples. A fit with an initialization of its own is not asked.

    A penalty of 1/μ takes weights of any size to nearly 0 in one step of gradient descent, and every point to the class
    of most examples.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("layers", [2, 3])
    @pytest.mark.parametrize("method", METHODS)
    def test_of_a_few_iterations(
        self, subject, exact, random, objective, classes_like, activation, layers, method
    ):
        classes = classes_like(3)
        assert_fits_from_zero(subject, exact, random, activation, objective, method, layers, classes)

    def test_of_two_hidden_layers_of_logistic_units(self, subject, exact, random, objective, classes_like):
        method, classes = "gradient_descent", classes_like(3)
        assert_fits_from_zero(subject, exact, random, "logistic", objective, method, 3, classes, longer=True)

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("layers", [2, 3])
    def test_with_a_penalty(
        self, subject, exact, random, objective, optimizer, classes_like, activation, layers
    ):
        objective, classes = cases.objective(objective["reduction"], PENALTY), classes_like(3)
        assert_fits_from_zero(
            subject, exact, random, activation, objective, optimizer["method"], layers, classes
        )

    @pytest.mark.parametrize("activation", ["tanh", "relu"])
    @pytest.mark.parametrize("layers", [2, 3])
    def test_of_a_penalty_that_takes_them_there(
        self, subject, random, objective, classes_like, activation, layers
    ):
        reduction, classes = objective["reduction"], classes_like(3)
        assert_penalty_takes_weights_to_zero(subject, random, activation, reduction, layers, classes)
