"""Updates: gradient descent, momentum and learning-rate schedules.

An optimiser makes one step from given gradients. Gradient descent keeps nothing from one step to the next;
momentum keeps a velocity. A program may keep it in any form (with the opposite sign, or scaled): the tests hand it
back unchanged and judge only the networks, over several steps in a row.

No document has a schedule; WildML asks for one as an exercise. The three here come from the course that the CS231n
case study belongs to; the first iteration is 0. Under a schedule, momentum may have the rate of an iteration inside
of the velocity, as Roelants has it, or outside: V ← λV − ∇, then θ ← θ + μ_t V. While the rate is constant, as his is,
the two are the same.
"""

from __future__ import annotations

import pytest

from nnspec.documents.clauses import clause
from nnspec.documents.experiments import momentum, schedule
from nnspec.judging import cases
from nnspec.judging.laws import difference
from nnspec.reference.values import Schedule
from nnspec.runs.states import State, states
from nnspec.runs.steps import assert_steps_from, assert_steps_right
from nnspec.spec_tests.sources import (
    EXERCISES,
    IMPLEMENTATION,
    LINEAR,
    MOMENTUM,
    NETWORK,
    PARAMETER_UPDATE,
    SIZE_3,
)


@clause(
    "updates.gradient-descent",
    operations=["update"],
    sources=[PARAMETER_UPDATE, NETWORK, IMPLEMENTATION],
    formula=r"\theta \leftarrow \theta - \mu \frac{\partial L}{\partial \theta}",
)
class TestGradientDescent:
    """Gradient descent moves every parameter θ by −μ times its gradient."""

    @pytest.mark.parametrize("sizes", cases.SIZES + cases.EQUAL_SIZES, ids=cases.name_sizes, indirect=True)
    def test_one_step(self, subject, exact, random, activation, sizes):
        optimizer = cases.optimizer("gradient_descent")
        assert_steps_right(subject, exact, random, sizes, activation, optimizer, steps=1)

    def test_keeps_nothing_from_step_to_step(self, subject, exact, random, sizes, activation):
        optimizer = cases.optimizer("gradient_descent")
        assert_steps_right(subject, exact, random, sizes, activation, optimizer, steps=4)


@clause(
    "updates.momentum",
    operations=["update"],
    sources=[MOMENTUM],
    formula=r"V \leftarrow \lambda V - \mu \frac{\partial L}{\partial \theta}, \quad \theta \leftarrow \theta + V",
)
class TestMomentum:
    """Momentum moves every parameter by its velocity: V ← λV − μ∇, then θ ← θ + V, with V = 0 at the start.

    ∇ is the gradient from before the step, and all of it goes into the velocity, not only 1 − λ of it.
    """

    @pytest.mark.parametrize("steps", [1, 2, 3, 6])
    @pytest.mark.parametrize("sizes", [(3, 5, 4), (3, 4), (4, 4, 4, 4)], ids=cases.name_sizes, indirect=True)
    def test_over_several_steps(self, subject, exact, random, activation, sizes, steps):
        assert_steps_right(subject, exact, random, sizes, activation, cases.optimizer("momentum"), steps)

    def test_with_the_documents_constants(self, subject, exact, random, sizes, activation):
        assert_steps_right(subject, exact, random, sizes, activation, momentum(0.02, 0.9), steps=5)


@clause("updates.zero-momentum", operations=["update"], sources=[MOMENTUM])
class TestZeroMomentum:
    """Momentum with λ = 0 is gradient descent."""

    def test_over_several_steps(self, subject, exact, random, sizes, activation):
        assert_steps_right(subject, exact, random, sizes, activation, momentum(0.37, 0.0), steps=3)

    def test_of_the_same_gradients(self, assert_law, random, sizes, activation):
        arguments = {
            "network": cases.network(random, sizes, activation),
            "gradients": cases.like(random, sizes),
            "velocity": cases.zero_velocity(sizes),
            "iteration": 0,
        }

        def change(implementation):
            without = {**cases.optimizer("gradient_descent"), "momentum": 0.0}
            one = implementation.update(**arguments, optimizer={**without, "method": "momentum"})
            return difference(
                one["network"], implementation.update(**arguments, optimizer=without)["network"]
            )

        assert_law(change, "update with λ = 0 minus gradient descent")


class ScheduleTests:
    """The tests shared by all schedules."""

    schedule: Schedule

    @pytest.mark.parametrize("iteration", [0, 1, 2, 3, 4, 9, 10, 50])
    def test_the_rate_of_an_iteration(self, subject, exact, random, sizes, activation, iteration):
        optimizer = cases.optimizer("gradient_descent", self.schedule)
        assert_steps_right(subject, exact, random, sizes, activation, optimizer, steps=1, first=iteration)

    def test_with_momentum(self, subject, exact, random, sizes, activation):
        optimizer = cases.optimizer("momentum", self.schedule)
        assert_steps_right(subject, exact, random, sizes, activation, optimizer, steps=5)


@clause(
    "updates.step-decay",
    operations=["update"],
    sources=[EXERCISES],
    formula=r"\mu_t = \mu_0 \, d^{\lfloor t / n \rfloor}",
)
class TestStepDecay(ScheduleTests):
    """With step decay, the learning rate is μ₀ · decay^⌊t / every⌋ (WildML's exercise 2)."""

    schedule = schedule("step", 0.7, every=3)


@clause(
    "updates.exponential-decay",
    operations=["update"],
    sources=[EXERCISES],
    formula=r"\mu_t = \mu_0 \, e^{-d t}",
)
class TestExponentialDecay(ScheduleTests):
    """With exponential decay, the learning rate is μ₀ · exp(−decay · t) (WildML's exercise 2)."""

    schedule = schedule("exponential", 0.13)


@clause(
    "updates.inverse-time-decay",
    operations=["update"],
    sources=[EXERCISES],
    formula=r"\mu_t = \frac{\mu_0}{1 + d t}",
)
class TestInverseTimeDecay(ScheduleTests):
    """With 1/t decay, the learning rate is μ₀ / (1 + decay · t) (WildML's exercise 2)."""

    schedule = schedule("inverse_time", 0.29)


@clause("updates.no-decay", operations=["update"], sources=[EXERCISES])
class TestNoDecay:
    """A schedule that does not decay, with a factor of 1 or a rate of 0, is the same as no schedule."""

    @pytest.mark.parametrize("still", cases.STILL_SCHEDULES, ids=lambda still: still["kind"])
    @pytest.mark.parametrize("method", ["gradient_descent", "momentum"])
    def test_of_the_same_gradients(self, assert_law, random, sizes, activation, method, still):
        arguments = {
            "network": cases.network(random, sizes, activation),
            "gradients": cases.like(random, sizes),
            "velocity": cases.zero_velocity(sizes),
            "iteration": 7,
        }

        def change(implementation):
            one = implementation.update(**arguments, optimizer=cases.optimizer(method, still))
            return difference(
                one["network"],
                implementation.update(**arguments, optimizer=cases.optimizer(method))["network"],
            )

        assert_law(change, "update with a schedule that does not decay minus one without a schedule")


@clause(
    "updates.stored-states", operations=["update"], sources=[LINEAR, NETWORK, SIZE_3, MOMENTUM, EXERCISES]
)
class TestStoredStates:
    """Three updates from the parameters and gradients of the documents' runs, early and late, are right.

    The iterations are those of the run, so that a schedule is also tested late.
    """

    @pytest.mark.parametrize("state", states(), ids=str)
    def test_of_an_experiment(self, subject, exact, state: State):
        assert_steps_from(subject, exact, state)
