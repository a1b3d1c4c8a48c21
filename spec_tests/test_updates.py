"""Updates: gradient descent, momentum and learning-rate schedules."""

from __future__ import annotations

import pytest

from nnspec import cases
from nnspec.clauses import clause
from nnspec.documents import cs231n, roelants, wildml
from nnspec.experiments import momentum, schedule
from nnspec.reference.values import Schedule
from nnspec.steps import assert_steps_right

SIZES = (3, 5, 4)


@clause(
    "updates.gradient-descent",
    operations=["update"],
    sources=[cs231n("Performing a parameter update"), wildml("Implementation")],
)
class TestGradientDescent:
    """Gradient descent moves every parameter θ by −μ times its gradient."""

    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes)
    def test_one_step(self, subject, exact, random, activation, sizes):
        assert_steps_right(
            subject, exact, random, sizes, activation, cases.optimizer("gradient_descent"), steps=1
        )

    def test_keeps_nothing_from_step_to_step(self, subject, exact, random, activation):
        assert_steps_right(
            subject, exact, random, SIZES, activation, cases.optimizer("gradient_descent"), steps=4
        )


@clause(
    "updates.momentum", operations=["update"], sources=[roelants("Backpropagation updates with momentum")]
)
class TestMomentum:
    """Momentum moves every parameter by its velocity, V ← λV − μ∇ and then θ ← θ + V, with V = 0 at the start."""

    @pytest.mark.parametrize("steps", [1, 2, 3, 6])
    def test_over_several_steps(self, subject, exact, random, activation, steps):
        assert_steps_right(subject, exact, random, SIZES, activation, cases.optimizer("momentum"), steps)

    def test_with_the_documents_constants(self, subject, exact, random, activation):
        assert_steps_right(subject, exact, random, SIZES, activation, momentum(0.02, 0.9), steps=5)


class ScheduleTests:
    """The tests that every schedule has."""

    schedule: Schedule

    @pytest.mark.parametrize("iteration", [0, 1, 2, 3, 4, 9, 10, 50])
    def test_the_rate_of_an_iteration(self, subject, exact, random, activation, iteration):
        optimizer = cases.optimizer("gradient_descent", self.schedule)
        assert_steps_right(subject, exact, random, SIZES, activation, optimizer, steps=1, first=iteration)


@clause("updates.step-decay", operations=["update"], sources=[wildml("Exercises")])
class TestStepDecay(ScheduleTests):
    """With step decay the learning rate is μ₀ · decay^⌊t / every⌋ (WildML's exercise 2)."""

    schedule = schedule("step", 0.7, every=3)


@clause("updates.exponential-decay", operations=["update"], sources=[wildml("Exercises")])
class TestExponentialDecay(ScheduleTests):
    """With exponential decay the learning rate is μ₀ · exp(−decay · t) (WildML's exercise 2)."""

    schedule = schedule("exponential", 0.13)


@clause("updates.inverse-time-decay", operations=["update"], sources=[wildml("Exercises")])
class TestInverseTimeDecay(ScheduleTests):
    """With 1/t decay the learning rate is μ₀ / (1 + decay · t) (WildML's exercise 2)."""

    schedule = schedule("inverse_time", 0.29)
