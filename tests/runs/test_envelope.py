"""How a trace is judged: by the envelope, as a cycle, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.documents.experiments import MOONS_TANH, REVEALING, SPIRAL_LINEAR, SPIRAL_RELU, TRACED
from nnspec.reference import Reference
from nnspec.runs.envelope import CYCLE, ENVELOPE, SPREAD, Cycle, GoldenTrace, Outcome, golden
from nnspec.runs.printed_numbers import LOSSES, decimals, place, unit

TRACE = GoldenTrace(
    experiment="made up",
    precision="float64",
    iterations=np.array([0, 1, 2, 5, 8, 9]),
    losses=np.array([4.0, 3.0, 2.0, 1.0, 1.0, 1.0]),
    reach=np.array([1e-12, 1e-12, 1e-9, 1e-3]),
    horizon=2,
    cycle=Cycle(np.array([8]), np.array([0.9]), np.array([1.1]), np.array([1e-6])),
    outcome=Outcome((0.8, 1.2), (90, 100)),
)
RIGHT = [4.0, 3.0, 2.0, 9.9, 9.9, 1.0, 9.9, 9.9, 0.9, 1.1]


def losses_with(**losses):
    """The right losses with these changes: at_3=1.0 is the loss at iteration 3."""
    trace = list(RIGHT)
    for where, loss in losses.items():
        trace[int(where.removeprefix("at_"))] = loss
    return np.array(trace)


def test_each_iteration_is_judged_by_its_kind():
    kinds = {point.iteration: point.kind for point in TRACE.judge(losses_with()).points}

    assert kinds == {0: ENVELOPE, 1: ENVELOPE, 2: ENVELOPE, 5: SPREAD, 8: CYCLE}


def test_right_losses_are_accepted():
    judgement = TRACE.judge(losses_with())

    assert judgement.accepted
    assert judgement.worst == 0


def test_a_loss_is_accepted_to_four_times_the_reach_and_no_further():
    assert TRACE.judge(losses_with(at_0=4 * (1 + 3.99e-12))).accepted
    assert TRACE.judge(losses_with(at_0=4 * (1 + 4.01e-12))).iteration == 0


def test_a_judgement_has_the_first_refused_iteration_and_the_worst_share():
    judgement = TRACE.judge(losses_with(at_1=3 * (1 + 8e-12), at_2=2 * (1 + 40e-9)))

    assert judgement.iteration == 1
    assert judgement.worst == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize("pair", [(0.9, 1.1), (1.1, 0.9), (0.9 + 4e-6, 1.1)])
def test_a_cycle_is_accepted_in_either_phase(pair):
    assert TRACE.judge(losses_with(at_8=pair[0], at_9=pair[1])).accepted


@pytest.mark.parametrize("pair", [(0.9, 0.9), (1.1, 1.1), (1.0, 1.0), (0.9 + 5e-6, 1.1)])
def test_losses_that_do_not_alternate_are_refused(pair):
    assert TRACE.judge(losses_with(at_8=pair[0], at_9=pair[1])).iteration == 8


@pytest.mark.parametrize(("loss", "accepted"), [(0.9, True), (1.1, True), (1.0, False)])
def test_a_single_loss_of_a_cycle_is_judged_by_the_nearer_of_the_two(loss, accepted):
    assert TRACE.judge({8: loss}).accepted is accepted


@pytest.mark.parametrize("loss", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_not_finite_is_refused(loss):
    judgement = TRACE.judge(losses_with(at_2=loss))

    assert judgement.iteration == 2
    assert judgement.worst == np.inf


def test_a_trace_without_judged_losses_is_not_accepted():
    assert not TRACE.judge({}).accepted
    assert not TRACE.judge({3: 1.0}).accepted


def test_printed_losses_get_half_a_unit_of_slack():
    assert not TRACE.judge({0: 4.0004}).accepted
    assert TRACE.judge({0: 4.0004}, slack={0: 0.0005}).accepted


# ---- the stored traces ----


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", TRACED)
def test_the_reference_begins_within_the_envelope(name, precision):
    losses = Reference().train(**TRACED[name].training(100, precision))["losses"]

    assert golden(name, precision).judge(losses).accepted


@pytest.mark.parametrize("name", TRACED)
def test_a_learning_rate_a_thousandth_too_small_is_refused_from_the_second_loss_on(name):
    training = TRACED[name].training(40)
    rate = training["optimizer"]["learning_rate"]
    training["optimizer"] = {**training["optimizer"], "learning_rate": 0.999 * rate}

    assert golden(name, "float64").judge(Reference().train(**training)["losses"]).iteration == 1


PRINTED = [
    (experiment, iteration)
    for experiment in (SPIRAL_LINEAR, SPIRAL_RELU, MOONS_TANH)
    for iteration in LOSSES[experiment.name]
]


def printed(experiment, iteration, change=0):
    """The judgement of a printed loss after ``change`` is added to its second-to-last digit."""
    digits = LOSSES[experiment.name][iteration]
    last = 10.0 ** -decimals(digits)
    loss = (float(digits) + 10 * change * last) * unit(experiment)
    at = place(experiment, int(iteration))
    return golden(experiment.name, "float64").judge({at: loss}, slack={at: last / 2 * unit(experiment)})


@pytest.mark.parametrize(
    ("experiment", "iteration"), PRINTED, ids=lambda value: getattr(value, "name", value)
)
def test_a_printed_number_is_accepted_and_with_another_second_to_last_digit_refused(experiment, iteration):
    judged = printed(experiment, iteration)
    if not judged.points:
        assert (experiment.name, iteration) == ("moons-tanh", "2000")  # between the horizon and the cycle
        return

    assert judged.accepted
    if judged.points[0].kind != SPREAD:  # a spread may be wider than that digit
        assert not printed(experiment, iteration, +1).accepted
        assert not printed(experiment, iteration, -1).accepted


def test_late_numbers_of_spiral_relu_are_in_a_spread():
    kinds = [
        (each.name, at) for each, at in PRINTED for point in printed(each, at).points if point.kind == SPREAD
    ]

    assert kinds == [("spiral-relu", f"{thousands}000") for thousands in range(5, 10)]


@pytest.mark.parametrize("experiment", REVEALING, ids=lambda experiment: experiment.name)
def test_a_run_that_is_in_no_document_has_its_purpose(experiment):
    assert experiment.sees
