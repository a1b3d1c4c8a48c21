"""Mistakes in learning-rate schedules."""

from __future__ import annotations

import math

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Optimizer, Schedule


def schedule_of(optimizer: Optimizer, kind: str) -> Schedule | None:
    """The schedule if it is of this kind, else None."""
    schedule = optimizer["schedule"]
    return schedule if schedule is not None and schedule["kind"] == kind else None


class StepDecayWithoutTheFloor(Mistake):
    """Step decay raises its factor to t / n without rounding down, so the rate falls at every iteration."""

    clause = "updates.step-decay"
    fix = "Use the integer part of t / n (// in Python)."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "step")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return optimizer["learning_rate"] * schedule["decay"] ** (iteration / schedule["every"])


class StepEveryHundred(Mistake):
    """Step decay lowers the rate every 100 iterations, as in the exercise, whatever the schedule says."""

    clause = "updates.step-decay"
    fix = "Take the number of iterations between two steps from the schedule."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = optimizer["schedule"]
        if schedule is not None:
            optimizer = {**optimizer, "schedule": {**schedule, "every": 100}}
        return super().learning_rate(optimizer, iteration)


class StepDecayAnIterationLate(Mistake):
    """Step decay lowers the rate one iteration late, when t − 1 is a multiple of n."""

    clause = "training.annealing"
    fix = "Use ⌊t / n⌋ with t counted from 0: iteration n is the first with the lower rate."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        late = schedule_of(optimizer, "step") is not None and iteration > 0
        return super().learning_rate(optimizer, iteration - late)


class StepDecayAnIterationEarly(Mistake):
    """Step decay lowers the rate one iteration early, when t + 1 is a multiple of n."""

    clause = "updates.step-decay"
    fix = "Lower the rate when t itself is a multiple of n, with t counted from 0."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        early = schedule_of(optimizer, "step") is not None
        return super().learning_rate(optimizer, iteration + early)


class DecayCountedFromOne(Mistake):
    """Schedules count iterations from 1: each iteration has the rate of the next."""

    clause = "updates.step-decay"
    fix = "Count from 0: the first iteration has the initial rate."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return super().learning_rate(optimizer, iteration + 1)


class DecayIgnored(Mistake):
    """The schedule is ignored: the learning rate stays at its initial value."""

    clause = "updates.exponential-decay"
    fix = "Compute the rate of each iteration from the schedule."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return optimizer["learning_rate"]


class DecayWithoutTheInitialRate(Mistake):
    """The decay is not multiplied by the initial learning rate, which a rate of 1 hides."""

    clause = "updates.exponential-decay"
    fix = "Multiply the initial learning rate by the decay."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        if optimizer["schedule"] is None:
            return super().learning_rate(optimizer, iteration)
        return super().learning_rate({**optimizer, "learning_rate": 1.0}, iteration)


class ExponentialDecayAsAPower(Mistake):
    """Exponential decay uses (1 − decay)^t, which is close to exp(−decay · t) for a small decay."""

    clause = "updates.exponential-decay"
    fix = "Use exp(−decay · t)."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "exponential")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return optimizer["learning_rate"] * (1 - schedule["decay"]) ** iteration


class ExponentialDecayOfTheFactor(Mistake):
    """Exponential decay multiplies the rate by decay^t, as if decay were the factor per iteration."""

    clause = "updates.exponential-decay"
    fix = "Use exp(−decay · t)."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "exponential")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return float(optimizer["learning_rate"] * schedule["decay"] ** iteration)


class ExponentialDecayWithAFloor(Mistake):
    """Exponential decay never lowers the rate below a hundredth of the initial rate."""

    clause = "training.fast-decay"
    fix = "Use exp(−decay · t) without a lower limit."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        rate = super().learning_rate(optimizer, iteration)
        if schedule_of(optimizer, "exponential") is None:
            return rate
        return max(rate, optimizer["learning_rate"] / 100)


class InverseTimeInPercent(Mistake):
    """1/t decay treats a decay above 0.1 as a percentage and divides it by 100."""

    clause = "updates.inverse-time-decay"
    fix = "Use the decay unchanged, however large it is."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "inverse_time")
        if schedule is None or schedule["decay"] <= 0.1:
            return super().learning_rate(optimizer, iteration)
        return super().learning_rate(
            {**optimizer, "schedule": {**schedule, "decay": schedule["decay"] / 100}}, iteration
        )


class InverseTimeOfTheRoot(Mistake):
    """1/t decay divides by √(1 + decay · t)."""

    clause = "updates.inverse-time-decay"
    fix = "Divide by 1 + decay · t itself."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "inverse_time")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return optimizer["learning_rate"] / math.sqrt(1 + schedule["decay"] * iteration)


class InverseTimeCompounded(Mistake):
    """1/t decay divides the rate of the previous iteration instead of the initial rate."""

    clause = "updates.inverse-time-decay"
    fix = "Divide the initial rate by 1 + decay · t."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "inverse_time")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        rate = optimizer["learning_rate"]
        return rate / math.prod(1 + schedule["decay"] * t for t in range(iteration + 1))


class NoDecayTakenForTheUsual(Mistake):
    """A decay of 0 is treated as missing and replaced by 0.01."""

    clause = "updates.no-decay"
    fix = "Test for None, not for truth: a decay of 0 leaves the rate unchanged."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = optimizer["schedule"]
        if schedule is not None:
            optimizer = {**optimizer, "schedule": {**schedule, "decay": schedule["decay"] or 0.01}}
        return super().learning_rate(optimizer, iteration)
