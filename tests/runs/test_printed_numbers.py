"""The documents' printed numbers: each is accepted, and refused with another digit."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.documents.experiments import CIRCLES_MOMENTUM, EXPERIMENTS, MOONS_TANH, SPIRAL_LINEAR, SPIRAL_RELU
from nnspec.runs import printed_numbers
from nnspec.runs.printed_numbers import AGREES, LOSSES, MEASURED, NOT_JUDGED, ROUNDING, WRONG, place, unit


def trace(experiment, changes):
    """Losses before each update with the document's digits, except for these changes."""
    losses = np.full(experiment.iterations + 2, np.nan)
    for iteration, digits in {**LOSSES[experiment.name], **changes}.items():
        losses[place(experiment, int(iteration))] = float(digits) * unit(experiment)
    return losses


def verdicts(experiment, changes=(), precision="float64"):
    rows = printed_numbers.losses(experiment, trace(experiment, dict(changes)), precision)
    return {row.name.removeprefix("iteration "): row.verdict for row in rows}


@pytest.mark.parametrize("experiment", [SPIRAL_LINEAR, SPIRAL_RELU, MOONS_TANH], ids=lambda e: e.name)
def test_the_numbers_of_a_document_agree(experiment):
    assert set(verdicts(experiment).values()) == {AGREES}


@pytest.mark.parametrize("iteration", LOSSES["spiral-linear"])
def test_another_last_digit_of_the_linear_classifier_is_wrong(iteration):
    other = float(LOSSES["spiral-linear"][iteration]) + 1e-6

    assert verdicts(SPIRAL_LINEAR, {iteration: other})[iteration] == WRONG


@pytest.mark.parametrize(
    ("iteration", "shift"),
    [("0", 1e-6), ("1000", 1e-6), ("2000", 1e-5), ("9000", 1e-3)],
)
def test_a_loss_of_the_network_beyond_rounding_error_is_wrong(iteration, shift):
    other = float(LOSSES["spiral-relu"][iteration]) + shift

    assert verdicts(SPIRAL_RELU, {iteration: other})[iteration] == WRONG


@pytest.mark.parametrize(("loss", "verdict"), [("0.35", NOT_JUDGED), ("9", NOT_JUDGED), ("nan", WRONG)])
def test_a_number_on_which_correct_runs_differ_is_not_judged(loss, verdict):
    assert verdicts(SPIRAL_RELU, {"1000": loss}, "float32")["1000"] == verdict


def test_a_late_loss_of_the_network_may_differ_by_rounding_error():
    assert verdicts(SPIRAL_RELU, {"9000": "0.245296"})["9000"] == ROUNDING


def test_the_other_phase_of_the_cycle_is_within_rounding_error():
    losses = trace(MOONS_TANH, {})
    losses[10_001:10_003] = np.array([0.0707583, 0.0713136]) * 200

    row = next(
        row for row in printed_numbers.losses(MOONS_TANH, losses, "float64") if row.name == "iteration 10000"
    )

    assert row.verdict == ROUNDING
    assert "cycle of period two" in row.reason


def test_a_run_that_does_not_cycle_is_wrong():
    losses = trace(MOONS_TANH, {})
    losses[10_001:10_003] = np.array([0.0710, 0.0710]) * 200

    row = next(
        row for row in printed_numbers.losses(MOONS_TANH, losses, "float64") if row.name == "iteration 10000"
    )

    assert row.verdict == WRONG


@pytest.mark.parametrize("loss", ["0.068936", "0.068883", "0.068916"])
def test_losses_that_people_reported_at_pass_2000_are_not_wrong(loss):
    assert verdicts(MOONS_TANH, {"2000": loss})["2000"] in {AGREES, NOT_JUDGED}


@pytest.mark.parametrize(
    ("experiment", "accuracy", "verdict"),
    [
        (SPIRAL_LINEAR, 0.4933, AGREES),
        (SPIRAL_LINEAR, 0.5133, WRONG),
        (SPIRAL_RELU, 0.98, AGREES),
        (SPIRAL_RELU, 0.97, WRONG),
        (CIRCLES_MOMENTUM, 1.0, AGREES),
        (CIRCLES_MOMENTUM, 0.99, WRONG),
        (EXPERIMENTS["moons-tanh-5"], 0.99, MEASURED),
        (EXPERIMENTS["moons-tanh-5"], 0.9, WRONG),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_an_accuracy_is_judged_by_the_document_or_by_correct_runs(experiment, accuracy, verdict):
    assert printed_numbers.accuracy(experiment, accuracy, "float64").verdict == verdict
