"""Where no document decides between conventions, a program may follow any of them, and no mixture."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.errors import MalformedAnswer
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject, assert_right
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.steps import assert_steps_right

EXACT = Exact(Precision("float64"))
SIZES = (3, 5, 4)
every_schedule = pytest.mark.parametrize("schedule", cases.SCHEDULES[1:], ids=lambda one: one["kind"])


class Momentum(Reference):
    """V ← λV − a∇ and θ ← θ + bV, with a and b from the rates of this iteration."""

    def factors(self, iteration, rate):
        """a and b."""
        return rate(iteration), 1.0

    def update(self, network, gradients, velocity, optimizer, iteration):
        def rate(t):
            return super(Momentum, self).learning_rate(optimizer, t)

        a, b = self.factors(iteration, rate)
        moved, kept = {}, {}
        for kind in ("weights", "biases"):
            pairs = zip(velocity[kind], gradients[kind], strict=True)
            kept[kind] = [optimizer["momentum"] * v - a * g for v, g in pairs]
            moved[kind] = [p + b * v for p, v in zip(network[kind], kept[kind], strict=True)]
        return {"network": {**moved, "activation": network["activation"]}, "velocity": kept}


class Inside(Momentum):
    """The rate inside of the velocity, as Roelants has it."""


class Outside(Momentum):
    """The rate outside of the velocity."""

    def factors(self, iteration, rate):
        return 1.0, rate(iteration)


class Alternating(Momentum):
    """One convention in even iterations, the other in odd ones."""

    def factors(self, iteration, rate):
        return (rate(iteration), 1.0) if iteration % 2 == 0 else (1.0, rate(iteration))


class Both(Momentum):
    """The rate inside and outside."""

    def factors(self, iteration, rate):
        return rate(iteration), rate(iteration)


class OutsideOfTheNextIteration(Momentum):
    """The rate of the next iteration, outside."""

    def factors(self, iteration, rate):
        return 1.0, rate(iteration + 1)


class OutsideForWeightsAlone(Outside):
    """Outside for the weights, inside for the biases."""

    def update(self, **arguments):
        weights, biases = Outside().update(**arguments), Inside().update(**arguments)
        return {part: {**weights[part], "biases": biases[part]["biases"]} for part in ("network", "velocity")}


class OppositeSign(Outside):
    """As torch.optim.SGD: V ← λV + ∇ and θ ← θ − μV."""

    def update(self, velocity, **arguments):
        after = super().update(velocity=self.negative(velocity), **arguments)
        return {**after, "velocity": self.negative(after["velocity"])}

    def negative(self, velocity):
        return {kind: [-v for v in velocity[kind]] for kind in ("weights", "biases")}


CONVENTIONS = [Inside, Outside, OppositeSign]
MIXTURES = [Alternating, Both, OutsideOfTheNextIteration, OutsideForWeightsAlone]


def update_several_times(program, schedule):
    optimizer = cases.optimizer("momentum", schedule)
    random, subject = np.random.default_rng(1), Subject(InProcess(program(), program.__name__))
    assert_steps_right(subject, EXACT, random, SIZES, "tanh", optimizer, steps=5)


def train(program, schedule, l2=0.0):
    problem = cases.problem(np.random.default_rng(1), SIZES, "tanh", cases.objective("mean", l2))
    subject = Subject(InProcess(program(), program.__name__))
    rest = {"optimizer": cases.optimizer("momentum", schedule), "iterations": 5, "batches": None}
    assert_right(subject, EXACT, "train", **problem, **rest)


@every_schedule
@pytest.mark.parametrize("program", CONVENTIONS)
def test_the_rate_may_stand_inside_of_the_velocity_or_outside(program, schedule):
    update_several_times(program, schedule)
    train(program, schedule)
    train(program, schedule, l2=0.3)


@every_schedule
@pytest.mark.parametrize("program", MIXTURES)
def test_a_mixture_of_conventions_and_any_other_is_refused_in_updates(program, schedule):
    with pytest.raises(Disagreement, match=r"update\.network after iteration"):
        update_several_times(program, schedule)


@every_schedule
@pytest.mark.parametrize("program", MIXTURES)
def test_a_mixture_of_conventions_and_any_other_is_refused_in_training(program, schedule):
    with pytest.raises(Disagreement, match=r"train\."):
        train(program, schedule)


def test_what_is_reported_is_relative_to_the_nearer_convention():
    class NearlyOutside(Outside):
        def factors(self, iteration, rate):
            return 1.0, rate(iteration) * (1 + 1e-6)

    with pytest.raises(Disagreement) as refused:
        train(NearlyOutside, cases.SCHEDULES[1])

    got, expected = float(refused.value.got), float(refused.value.expected)
    assert abs(got - expected) < 1e-4 * abs(got)


def test_without_a_schedule_the_conventions_are_one():
    assert len(EXACT.conventions(cases.optimizer("momentum"))) == 1
    assert len(EXACT.conventions(cases.optimizer("gradient_descent", cases.SCHEDULES[1]))) == 1
    assert len(EXACT.conventions(None)) == 1
    train(OppositeSign, None)


# ---- a velocity where there is none ----


class NoVelocity(Reference):
    """Gradient descent that keeps nothing, and notes the velocities that it gets."""

    def __init__(self):
        self.got = []

    def update(self, velocity, **arguments):
        self.got.append(velocity)
        velocity = velocity or self.zero_velocity(arguments["network"])
        return {**super().update(velocity=velocity, **arguments), "velocity": None}


def test_gradient_descent_may_have_no_velocity_and_gets_none_back():
    program, calls = NoVelocity(), []
    subject, random = Subject(InProcess(program, "none"), calls.append), np.random.default_rng(1)

    assert_steps_right(subject, EXACT, random, SIZES, "tanh", cases.optimizer("gradient_descent"), steps=3)

    assert [velocity is None for velocity in program.got] == [False, True, True]
    assert all(call.params["velocity"]["weights"] for call in calls)  # any program can be asked the same


def test_momentum_has_a_velocity():
    subject, random = Subject(InProcess(NoVelocity(), "none")), np.random.default_rng(1)

    with pytest.raises(MalformedAnswer, match=r"update\.velocity is None; with momentum, it must have"):
        assert_steps_right(subject, EXACT, random, SIZES, "tanh", cases.optimizer("momentum"), steps=2)
