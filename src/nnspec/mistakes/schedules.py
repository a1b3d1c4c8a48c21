"""Mistakes in learning-rate schedules."""

from __future__ import annotations

import math

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Optimizer, Schedule


def schedule_of(optimizer: Optimizer, kind: str) -> Schedule | None:
    """The schedule where it is of this kind."""
    schedule = optimizer["schedule"]
    return schedule if schedule is not None and schedule["kind"] == kind else None


class StepDecayWithoutTheFloor(Mistake):
    """Step decay raises its factor to t / n without rounding down, so that the rate falls at every iteration."""

    clause = "updates.step-decay"
    fix = "Use the whole part of t / n (// in Python)."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "step")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return optimizer["learning_rate"] * schedule["decay"] ** (iteration / schedule["every"])


class StepEveryHundred(Mistake):
    """Step decay falls every 100 iterations, as in the exercise's run, whatever the schedule says."""

    clause = "updates.step-decay"
    fix = "Take from the schedule after how many iterations the rate falls."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = optimizer["schedule"]
        if schedule is not None:
            optimizer = {**optimizer, "schedule": {**schedule, "every": 100}}
        return super().learning_rate(optimizer, iteration)


class StepDecayAnIterationLate(Mistake):
    """Step decay falls one iteration after every n, when t is above a multiple of n."""

    clause = "training.annealing"
    fix = "Take ⌊t / n⌋ with t counted from 0: the iteration n is the first of the lower rate."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        late = schedule_of(optimizer, "step") is not None and iteration > 0
        return super().learning_rate(optimizer, iteration - late)


class StepDecayAnIterationEarly(Mistake):
    """Step decay falls one iteration before every n, when t + 1 is a multiple of n."""

    clause = "updates.step-decay"
    fix = "Lower the rate when t itself is a multiple of n: the first iteration is 0."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        early = schedule_of(optimizer, "step") is not None
        return super().learning_rate(optimizer, iteration + early)


class DecayCountedFromOne(Mistake):
    """Schedules count the iterations from 1, so that the first has a lower rate already."""

    clause = "updates.step-decay"
    fix = "Count from 0: the first iteration has the initial rate."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return super().learning_rate(optimizer, iteration + 1)


class DecayIgnored(Mistake):
    """The learning rate stays what it is at the start."""

    clause = "updates.exponential-decay"
    fix = "Compute the rate of the iteration from the schedule."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return optimizer["learning_rate"]


class DecayWithoutTheInitialRate(Mistake):
    """The decayed rate lacks the initial one, which a learning rate of 1 hides."""

    clause = "updates.exponential-decay"
    fix = "Multiply the initial learning rate by the decay."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        if optimizer["schedule"] is None:
            return super().learning_rate(optimizer, iteration)
        return super().learning_rate({**optimizer, "learning_rate": 1.0}, iteration)


class ExponentialDecayAsAPower(Mistake):
    """Exponential decay takes (1 − decay) to the power of t, which is near exp(−decay · t) while decay is small."""

    clause = "updates.exponential-decay"
    fix = "Use exp(−decay · t)."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "exponential")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return optimizer["learning_rate"] * (1 - schedule["decay"]) ** iteration


class ExponentialDecayOfTheFactor(Mistake):
    """Exponential decay multiplies the rate by decay to the power of t, as if it were the factor of an iteration."""

    clause = "updates.exponential-decay"
    fix = "Use exp(−decay · t)."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "exponential")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        return float(optimizer["learning_rate"] * schedule["decay"] ** iteration)


class ExponentialDecayWithAFloor(Mistake):
    """Exponential decay never goes below a hundredth of the initial rate."""

    clause = "updates.exponential-decay"
    fix = "Let the rate fall as far as exp(−decay · t) says."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        rate = super().learning_rate(optimizer, iteration)
        if schedule_of(optimizer, "exponential") is None:
            return rate
        return max(rate, optimizer["learning_rate"] / 100)


class InverseTimeInPercent(Mistake):
    """1/t decay takes a decay above 0.1 for a percentage, and divides it by 100."""

    clause = "updates.inverse-time-decay"
    fix = "Take the decay as it is given, however large it is."

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
    """1/t decay divides the rate of the iteration before instead of the initial one."""

    clause = "updates.inverse-time-decay"
    fix = "Divide the initial rate by 1 + decay · t."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = schedule_of(optimizer, "inverse_time")
        if schedule is None:
            return super().learning_rate(optimizer, iteration)
        rate = optimizer["learning_rate"]
        return rate / math.prod(1 + schedule["decay"] * t for t in range(iteration + 1))


class NoDecayTakenForTheUsual(Mistake):
    """A decay of 0 is taken for one that was not given, and replaced by 0.01."""

    clause = "updates.no-decay"
    fix = "Test for None, not for truth: a decay of 0 leaves the rate as it is."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        schedule = optimizer["schedule"]
        if schedule is not None:
            optimizer = {**optimizer, "schedule": {**schedule, "decay": schedule["decay"] or 0.01}}
        return super().learning_rate(optimizer, iteration)
