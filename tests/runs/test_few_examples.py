"""Fits of a few examples: what is drawn, the programs that are accepted and those that are refused."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from minibatches import Chooses, InOrder

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.few_examples import EXAMPLES, MINIBATCH, one_class, three_in_a_row, with_reduction
from nnspec.runs.fits import (
    BETWEEN,
    BETWEEN_ON_MINIBATCHES,
    FROM_FAN_IN,
    FROM_SMALL_PARAMETERS,
    accuracy,
    assert_fits_few,
)

OUTCOMES = pytest.mark.parametrize(
    "outcome",
    [BETWEEN, BETWEEN_ON_MINIBATCHES, FROM_SMALL_PARAMETERS, FROM_FAN_IN],
    ids=lambda outcome: outcome.name,
)
REDUCTIONS = pytest.mark.parametrize("reduction", ["mean", "sum"])


def fits(program, outcome, reduction="sum", seed=0):
    subject = Subject(InProcess(program, "program"))
    assert_fits_few(subject, outcome, reduction, np.random.default_rng(seed))


# ---- the examples ----


def test_three_groups_stand_in_a_row_and_the_middle_one_is_another_class():
    inputs, labels = three_in_a_row(np.random.default_rng(0))

    turns = np.arctan2(inputs[:, 1], inputs[:, 0])
    assert Counter(labels) == {0: 6, 1: 3}
    assert (np.sort(labels[turns.argsort()][3:6]) == 1).all()
    assert (inputs < 0).all()


def test_one_class_is_each_of_two_in_turn():
    random = np.random.default_rng(0)
    drawn = [one_class(random)[1] for _ in range(20)]

    assert all(len({*labels}) == 1 for labels in drawn)
    assert {labels[0] for labels in drawn} == {0, 1}


@OUTCOMES
def test_the_mean_has_the_steps_of_the_sum(outcome):
    inputs, labels = outcome.draw(np.random.default_rng(0))
    of_sum, of_mean = (
        Reference().fit(inputs, labels, with_reduction(outcome.recipe, reduction), 1)
        for reduction in ("sum", "mean")
    )

    for one, other in zip(of_sum["weights"], of_mean["weights"], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)


# ---- correct programs ----


class OfItsOwn(Reference):
    def describe(self):
        return {"name": "of its own", "initialization": "own"}


@OUTCOMES
@REDUCTIONS
def test_a_correct_program_is_accepted(outcome, reduction):
    for seed in range(5):
        fits(Reference(), outcome, reduction, seed)


@pytest.mark.parametrize(
    "program",
    [Chooses(replace=True), Chooses(replace=False), InOrder()],
    ids=["with repetition", "without", "in order"],
)
def test_the_fits_hit_however_a_program_chooses_its_minibatches(program):
    random = np.random.default_rng(0)

    assert all(accuracy(program, BETWEEN_ON_MINIBATCHES, random) == 1 for _ in range(50))


@OUTCOMES
def test_a_fit_with_an_initialization_of_its_own_is_not_asked(outcome):
    with pytest.raises(Unsupported, match="more iterations"):
        fits(OfItsOwn(), outcome)


# ---- wrong programs ----


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("mistake", "outcome"),
    [
        (mistakes.ReLUDerivativeOne, BETWEEN),
        (mistakes.ReLUDerivativeTurned, BETWEEN),
        (mistakes.ReLUMaskLetsAllThrough, BETWEEN),
        (mistakes.ReLUMaskOfTheGradient, BETWEEN),
        (mistakes.AllWeightsPositive, BETWEEN),
        (mistakes.FitWithoutTheHiddenLayer, BETWEEN),
        (mistakes.FitWithoutTheHiddenLayer, BETWEEN_ON_MINIBATCHES),
        (mistakes.FitShufflesTheInputsAlone, BETWEEN_ON_MINIBATCHES),
        (mistakes.InitialWeightsUnscaled, FROM_SMALL_PARAMETERS),
        (mistakes.FanOutInsteadOfFanIn, FROM_FAN_IN),
        (mistakes.FanInWithoutTheRoot, FROM_FAN_IN),
    ],
    ids=lambda value: getattr(value, "name", None) or value.__name__,
)
def test_a_wrong_program_is_refused(mistake, outcome, seed):
    with pytest.raises(Disagreement, match="accuracy after fit"):
        fits(mistake(), outcome, seed=seed)


class OfAnotherScale(Reference):
    """Its initial weights are so many times as large."""

    def __init__(self, factor):
        self.factor = factor

    def initialize(self, normals, sizes, activation, initialization):
        scale = self.factor * initialization["scale"]
        return super().initialize(normals, sizes, activation, {**initialization, "scale": scale})


@pytest.mark.parametrize("factor", [1 / 3, 3])
def test_weights_of_another_size_are_refused(factor):
    with pytest.raises(Disagreement, match="accuracy after fit"):
        fits(OfAnotherScale(factor), FROM_FAN_IN)


@pytest.mark.parametrize("mistake", [mistakes.InitialWeightsUnscaled, mistakes.InitialBiasesUnscaled])
def test_parameters_ten_times_as_large_often_miss(mistake):
    random = np.random.default_rng(0)
    misses = sum(accuracy(mistake(), FROM_SMALL_PARAMETERS, random) < 1 for _ in range(100))

    assert misses > 80


def test_a_minibatch_leaves_none_over():
    assert EXAMPLES % MINIBATCH == 0
