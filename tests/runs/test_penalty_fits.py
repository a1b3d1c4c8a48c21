"""Fits under a penalty of 1/μ: what it leaves of the weights, and the programs that are refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from miniatures import single_precision

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.judging.agreement import Disagreement
from nnspec.judging.cases import zero_velocity
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.linear_fits import labels_of
from nnspec.runs.penalty_fits import (
    DEVIATIONS,
    ITERATIONS,
    POINTS,
    RATE,
    assert_penalty_takes_weights_to_zero,
    scores_left,
)

ACTIVATIONS = pytest.mark.parametrize("activation", ["tanh", "relu"])
REDUCTIONS = pytest.mark.parametrize("reduction", ["mean", "sum"])
LAYERS = pytest.mark.parametrize("layers", [2, 3])


class OfItsOwn(Reference):
    def describe(self):
        return {"name": "of its own", "initialization": "own"}


def fits(program, activation="tanh", reduction="mean", layers=2, *, classes=3, seed=0):
    subject, random = Subject(InProcess(program, "program")), np.random.default_rng(seed)
    assert_penalty_takes_weights_to_zero(subject, random, activation, reduction, layers, classes)


@ACTIVATIONS
@REDUCTIONS
@LAYERS
@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("program", [Reference(), single_precision], ids=["float64", "float32"])
def test_a_correct_program_is_accepted(program, activation, reduction, layers, classes):
    for seed in range(3):
        fits(program, activation, reduction, layers, classes=classes, seed=seed)


@ACTIVATIONS
@REDUCTIONS
@LAYERS
@pytest.mark.parametrize(
    "program",
    [mistakes.FitWithoutThePenalty(), mistakes.PenaltyGradientTwiceTooLarge()],
    ids=lambda program: type(program).__name__,
)
def test_a_penalty_that_is_missing_or_another_is_refused(program, activation, reduction, layers):
    for seed in range(3):
        with pytest.raises(Disagreement, match="predict after fit"):
            fits(program, activation, reduction, layers, seed=seed)


def test_a_fit_with_an_initialization_of_its_own_is_not_asked():
    with pytest.raises(Unsupported, match="weights of any size"):
        fits(OfItsOwn())


@LAYERS
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_what_is_left_hides_no_point(layers, classes):
    labels = np.array(labels_of(classes))
    inputs, points = np.random.default_rng(0).standard_normal((2, max(POINTS, len(labels)), 2))
    without_weights = biases_of((2, classes), inputs[: len(labels)], labels)
    highest = np.sort(without_weights)[::-1]

    left = scores_left(sizes_of(layers, classes), inputs[: len(labels)], RATE / len(labels), 2 * points)

    assert (2 * left < highest[0] - highest[1]).all()


@ACTIVATIONS
@LAYERS
def test_weights_of_the_greatest_size_leave_no_more_than_stated(activation, layers):
    classes, random = 3, np.random.default_rng(0)
    labels, sizes = np.array(labels_of(classes)), sizes_of(layers, classes)
    inputs, points = random.standard_normal((len(labels), 2)), 2 * random.standard_normal((POINTS, 2))
    without_weights = biases_of((2, classes), inputs, labels)
    for _ in range(20):
        network = {**zero_velocity(sizes), "activation": activation}
        for layer, (n, m) in enumerate(itertools.pairwise(sizes)):
            drawn = random.standard_normal((n, m))
            greatest = (np.sqrt(n * m) + DEVIATIONS) / np.sqrt(n)
            network["weights"][layer] = greatest * drawn / np.linalg.norm(drawn)
        scores = Reference().forward(trained(network, inputs, labels), points)["scores"]
        off = np.linalg.norm(scores - without_weights, axis=1)

        assert (off <= np.sqrt(2) * scores_left(sizes, inputs, RATE / len(labels), points)).all()


def sizes_of(layers, classes):
    return 2, *[5] * (layers - 1), classes


def biases_of(sizes, inputs, labels):
    """The biases that a linear classifier without weights learns."""
    start = {**zero_velocity(sizes), "activation": "tanh"}
    return trained(start, np.zeros_like(inputs), labels)["biases"][-1]


def trained(network, inputs, labels):
    rate = RATE / len(labels)
    optimizer = {"method": "gradient_descent", "learning_rate": rate, "momentum": 0.0, "schedule": None}
    objective = {"reduction": "sum", "l2": 1 / rate}
    return Reference().train(network, inputs, labels, objective, optimizer, ITERATIONS, None)["network"]
