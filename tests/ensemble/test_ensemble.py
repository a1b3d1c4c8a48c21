"""The members of an ensemble differ from the reference only in rounding."""

from __future__ import annotations

from itertools import chain

import mpmath
import needs
import numpy as np
import pytest

from nnspec.documents.experiments import CIRCLES_MOMENTUM, MOONS_TANH, SPIRAL_LINEAR, TRACED
from nnspec.ensemble import kernels, noise
from nnspec.ensemble.cycle import cycle_end, cycle_of
from nnspec.ensemble.gather import members, tasks
from nnspec.ensemble.leave_one_out import leave_one_out
from nnspec.ensemble.members import Members, stacked
from nnspec.ensemble.noise import IntermediateNoise, StepNoise, reorder_units
from nnspec.ensemble.summary import distances, last_below, reach
from nnspec.reference import Reference
from nnspec.runs.envelope import round_up


@pytest.mark.parametrize("name", TRACED)
def test_a_member_is_the_reference(name):
    training = TRACED[name].training(20)
    right = Reference().train(**training)

    arguments = {**training, "network": stacked(training["network"], 3, "float64")}
    result = Members().train(**arguments)

    np.testing.assert_allclose(result["losses"], np.repeat(right["losses"], 3).reshape(-1, 3), rtol=1e-12)
    for stack, weights in zip(result["network"]["weights"], right["network"]["weights"], strict=True):
        np.testing.assert_allclose(stack, np.stack([weights] * 3), rtol=1e-9)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", ["moons-minibatch", "circles-momentum", "spiral-relu", "moons-four-layers"])
@pytest.mark.parametrize("kind", noise.KINDS)
def test_noise_is_of_the_size_of_rounding(kind, name, precision):
    training = TRACED[name].training(20)
    right = Reference().train(**training)["losses"]

    losses, network = noise.run(kind, training, precision, 4, seed=1)

    off = np.abs(losses[:, :-1] / right - 1)
    unit = np.finfo(precision).eps
    assert losses.shape == (4, 21)
    assert off.max() < 1000 * unit
    assert len({member.tobytes() for member in network["weights"][-1]}) > 1, "the members do not differ"


def test_the_same_seed_is_the_same_noise():
    training = SPIRAL_LINEAR.training(30)

    once, again, other = (noise.run("steps", training, "float32", 2, seed)[0] for seed in (1, 1, 2))

    np.testing.assert_array_equal(once, again)
    assert (once != other).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_nudge_is_one_unit_in_the_last_place_up_or_down(dtype):
    values = np.random.default_rng(0).standard_normal((50, 40)).astype(dtype)
    values[0] = 0

    neighbours = StepNoise(0).nudge(values)

    below, above = (np.nextafter(values, infinity) for infinity in np.array([-np.inf, np.inf], dtype))
    assert (neighbours[0] == 0).all()
    for side in (below, above):
        share = np.mean(neighbours[1:] == side[1:])
        assert 0.4 < share < 0.6
    assert ((neighbours == below) | (neighbours == above))[1:].all()


def test_hidden_units_in_another_order_are_the_same_network():
    network = stacked(TRACED["moons-four-layers"].network(), 5, "float64")
    inputs, _ = MOONS_TANH.examples()

    reordered = reorder_units(network, np.random.default_rng(0))

    assert (reordered["weights"][0] != network["weights"][0]).any()
    scores = [Members().forward(each, inputs)["scores"] for each in (network, reordered)]
    np.testing.assert_allclose(*scores, rtol=1e-12)


def test_other_kernels_round_differently_but_no_worse():
    runs = [kernels.losses("moons-minibatch", "float64", kernel) for kernel in ("Prescott", "Haswell")]

    np.testing.assert_allclose(runs[0][0][:200], runs[1][0][:200], rtol=1e-10)
    assert {correct for _, correct in runs} == {runs[0][1]}


def test_every_member_has_its_task():
    expected = members(MOONS_TANH, None)
    float32 = [task for task in tasks(MOONS_TANH, None) if task.precision == "float32"]

    for kind, number in expected.items():
        assert sum(task.members for task in float32 if task.kind == kind) == number
    assert len({(task.kind, task.seed) for task in float32}) == len(float32)


# ---- quadruple precision ----


@needs.quadruple
def test_quadruple_precision_has_thirty_digits():
    from nnspec.ensemble.quadruple import Quadruple, quadruple

    experiment = CIRCLES_MOMENTUM
    training = experiment.training(0)
    network = {
        "weights": [quadruple(weights) for weights in training["network"]["weights"]],
        "biases": [quadruple(biases) for biases in training["network"]["biases"]],
        "activation": "tanh",
    }
    problem = {"inputs": quadruple(training["inputs"][::25]), "labels": training["labels"][::25]}

    got = Quadruple(np.full(1, np.nan), []).gradients(
        network=network, **problem, objective={"reduction": "sum", "l2": 0.25}
    )

    with mpmath.workdps(40):
        right = gradients_by_mpmath(training["network"], training["inputs"][::25], problem["labels"], 0.25)
        for kind in ("weights", "biases"):
            for array, expected in zip(got[kind], right[kind], strict=True):
                for number, exactly in zip(array.ravel(), expected, strict=True):
                    assert abs(mpmath.mpf(str(number)) - exactly) < mpmath.mpf("1e-30")


def gradients_by_mpmath(network, inputs, labels, l2):
    """Backpropagation with tanh through one hidden layer, number by number."""
    m = mpmath.mpf
    w1, w2 = ([[m(float(x)) for x in row] for row in weights] for weights in network["weights"])
    b1, b2 = ([m(float(x)) for x in biases] for biases in network["biases"])
    hidden, classes, width = range(len(b1)), range(len(b2)), range(len(w1))
    g1, h1 = [[l2 * x for x in row] for row in w1], [m(0) for _ in hidden]
    g2, h2 = [[l2 * x for x in row] for row in w2], [m(0) for _ in classes]
    for x, label in zip(inputs.tolist(), labels, strict=True):
        h = [mpmath.tanh(sum(m(x[d]) * w1[d][j] for d in width) + b1[j]) for j in hidden]
        e = [mpmath.exp(sum(h[j] * w2[j][k] for j in hidden) + b2[k]) for k in classes]
        delta = [e[k] / sum(e) - (k == label) for k in classes]
        below = [(1 - h[j] ** 2) * sum(delta[k] * w2[j][k] for k in classes) for j in hidden]
        h2 = [h2[k] + delta[k] for k in classes]
        h1 = [h1[j] + below[j] for j in hidden]
        g2 = [[g2[j][k] + h[j] * delta[k] for k in classes] for j in hidden]
        g1 = [[g1[d][j] + m(x[d]) * below[j] for j in hidden] for d in width]
    return {"weights": [[*chain(*g1)], [*chain(*g2)]], "biases": [h1, h2]}


@needs.quadruple
def test_a_run_in_quadruple_precision_ends_when_float64_has_lost_half_its_digits():
    from nnspec.ensemble import quadruple

    training = SPIRAL_LINEAR.training(20)
    losses = noise.run("units", training, "float64", 1, 0)[0][0]
    diverging = losses.copy()
    diverging[7:] *= 1 + 1e-7

    assert len(quadruple.losses(training, losses)) == 21
    assert len(quadruple.losses(training, diverging)) == 7


# ---- the summary ----


def test_the_reach_grows_and_has_a_floor():
    center = np.array([1.0, 1.0, 2.0, 2.0])
    runs = np.array([[1.0, 1.1, 2.0, 2.0], [1.0, 1.0, 2.0, 2.1]])

    assert reach(distances(runs, center), "float64") == pytest.approx([8 * 2.0**-52, 0.1, 0.1, 0.1])


def test_last_below_ends_before_the_first_number_above_the_level():
    assert last_below(np.array([1.0, 2.0, 3.0]), 2.5) == 1
    assert last_below(np.array([1.0, 2.0]), 9) == 1
    assert last_below(np.array([1.0, 2.0]), 0.5) == -1


def cycling(phases, start):
    """Runs that are random at first, and alternate between 1 and 2 from the iteration ``start`` on."""
    time = np.arange(400)
    early = np.random.default_rng(0).uniform(1, 2, (len(phases), 400))
    late = np.array([1.0 + (time + phase) % 2 for phase in phases])
    return np.where(time < start, early, late)


def test_a_cycle_begins_once_all_members_are_in_it():
    cycle = cycle_of(cycling([0, 1, 1], start=150), np.arange(0, 398, 10), "float64")

    assert cycle["iterations"][0] == 150
    assert set(cycle["low"]) == {1.0}
    assert set(cycle["high"]) == {2.0}


def test_a_run_ends_with_either_loss_of_its_last_pair():
    runs = np.array([[1.0, 2.0, 1.0, 2.0], [2.0, 1.0, 2.0, 1.0 + 1e-9]])

    least, greatest = cycle_end(runs, "float64")

    assert least == pytest.approx(1 + 0.5e-9 - 4 * 0.5e-9, abs=1e-13)
    assert 2 < greatest < 2 + 1e-12


def test_losses_that_fall_evenly_are_not_a_cycle():
    runs = np.stack([np.linspace(2, 1, 400)] * 3)

    assert cycle_of(runs, np.arange(0, 398, 10), "float64") is None


@pytest.mark.parametrize(("value", "expected"), [(1.2341e-9, 1.24e-9), (0.5, 0.5), (9.991e-3, 1e-2)])
def test_a_reach_is_rounded_up(value, expected):
    assert round_up(value) == pytest.approx(expected, rel=1e-12)


def test_a_single_member_that_is_far_off_is_refused_by_the_others():
    runs = np.ones((8, 40))
    runs[:, 1:] += 1e-9 * np.arange(8)[:, None]
    runs[7, 20] += 1e-6

    counts = leave_one_out({"some": runs[:4], "others": runs[4:]}, np.ones(40), np.arange(39), "float64")

    assert counts["members"] == {"tried": 8, "refused": 1, "worst": pytest.approx(1e-6 / 4 / 6e-9, rel=0.01)}
    assert counts["some"]["refused"] == 0
    assert counts["others"]["tried"] == 4


def test_a_cycle_is_judged_by_the_others_too():
    runs = cycling([0, 1, 1, 0], start=150)
    runs[3, 350:] += 1e-9

    counts = leave_one_out({"some": runs[:2], "others": runs[2:]}, runs[0], np.arange(0, 398, 10), "float64")

    assert counts["members"]["refused"] == 1


def test_intermediates_are_nudged_too():
    network = stacked(CIRCLES_MOMENTUM.network(), 1, "float64")
    inputs, _ = CIRCLES_MOMENTUM.examples()

    with_noise, without = (
        each.forward(network, inputs)["scores"] for each in (IntermediateNoise(0), Members())
    )

    assert (with_noise != without).any()
