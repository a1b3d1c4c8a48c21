"""Variants with a constant that nobody listed: the learning rate, say, that gives the first losses of a log."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from nnspec.documents.experiments import Experiment
from nnspec.training_log.log import Log
from nnspec.training_log.variant import Variant
from nnspec.training_log.work import Work

#: The loss that decides is one of an iteration up to this one, if the log has one.
EARLY = 10
#: Later losses take too many iterations.
LATEST = 100
#: A constant is looked for between neighbours of these multiples of the usual one.
AROUND = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 1.1, 1.5, 2.0, 3.0, 10.0, 30.0, 100.0)
#: How many steps the search for a constant takes; each of the last ones doubles the digits.
STEPS = 14


@dataclass(frozen=True)
class Constant:
    """A constant of an experiment.

    values: those that it is looked for between, in order; first: the first iteration whose loss depends on it; change:
    an experiment's fields for a value.
    """

    name: str
    usual: float
    values: list[float]
    first: int
    change: Callable[[float], dict[str, Any]]

    def variant(self, value: float, experiment: Experiment, shift: int) -> Variant:
        """The correct program with this value."""
        about, fix = (
            f"The {self.name} is {value:.9g}, not {self.usual:g}.",
            f"Set the {self.name} to {self.usual:g}.",
        )
        name = f"{self.name} {value!r}"
        changed = replace(experiment, **self.change(value))
        return Variant(name, about, fix, changed, shift=shift, logged=name, parts=2)


def fitted(log: Log, experiment: Experiment, work: Work, shift: int) -> Iterator[Variant]:
    """The program with each constant that gives one early loss of the log; the other losses decide whether it fits."""
    for constant in _constants(experiment):
        at = _decisive(log, constant, experiment, shift)
        if at is None:
            continue

        def excess(value: float, constant: Constant = constant, at: int = at) -> float:
            variant = constant.variant(value, experiment, shift)
            return work.losses(variant, [at]).get(at, math.nan) - log[at].value

        for value in _solutions(excess, constant.values, log[at].half):
            if value != constant.usual:
                yield constant.variant(value, experiment, shift)


def _constants(experiment: Experiment) -> Iterator[Constant]:
    """The constants of an experiment."""
    optimizer, objective, initialization = (
        experiment.optimizer,
        experiment.objective,
        experiment.initialization,
    )
    rate, l2, scale = optimizer["learning_rate"], objective["l2"], initialization["scale"]
    yield Constant(
        "learning rate",
        rate,
        [rate * factor for factor in AROUND],
        1,
        lambda value: {"optimizer": {**optimizer, "learning_rate": value}},
    )
    yield Constant(
        "strength of the penalty",
        l2,
        [(l2 or 0.1) * factor for factor in AROUND],
        1,
        lambda value: {"objective": {**objective, "l2": value}},
    )
    yield Constant(
        "scale of the initial weights",
        scale,
        [scale * factor for factor in AROUND],
        0,
        lambda value: {"initialization": {**initialization, "scale": value}},
    )
    if optimizer["method"] == "momentum":
        yield Constant(
            "momentum",
            optimizer["momentum"],
            [0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99],
            2,
            lambda value: {"optimizer": {**optimizer, "momentum": value}},
        )


def _decisive(log: Log, constant: Constant, experiment: Experiment, shift: int) -> int | None:
    """The iteration of the log whose loss decides: for the initial weights the first, else a late one of the early."""
    place = constant.variant(constant.usual, experiment, shift).place
    known = [i for i in sorted(log) if constant.first <= place(i) <= LATEST and math.isfinite(log[i].value)]
    early = [i for i in known if place(i) <= EARLY]
    if not known:
        return None
    return known[0] if constant.first == 0 or not early else early[-1]


def _solutions(excess: Callable[[float], float], values: list[float], half: float) -> Iterator[float]:
    """Where the excess is 0, between two neighbouring values at a time; as few digits as the loss decides."""
    known = [(value, excess(value)) for value in values]
    for (low, below), (high, above) in itertools.pairwise(known):
        if math.isfinite(below) and math.isfinite(above) and below * above <= 0 and below != above:
            yield _solve(excess, (low, below), (high, above), half)


def _solve(
    excess: Callable[[float], float], low: tuple[float, float], high: tuple[float, float], half: float
) -> float:
    """The root between two values, by false position with the Illinois rule."""
    (a, at_a), (b, at_b) = low, high
    (value, at), slope = high, (high[1] - low[1]) / (high[0] - low[0])
    for _ in range(STEPS):
        before, at_before = value, at
        value = (a * at_b - b * at_a) / (at_b - at_a)
        at = excess(value)
        if value != before and math.isfinite(at) and at != at_before:
            slope = (at - at_before) / (value - before)
        if not math.isfinite(at) or abs(at) <= 1e-3 * half or at in (at_a, at_b):
            break
        if at * at_b < 0:
            a, at_a = b, at_b
        else:
            at_a /= 2
        b, at_b = value, at
    return _short(value, half / abs(slope) if slope else 0.0)


def _short(value: float, uncertain: float) -> float:
    """The number with the fewest digits that is as near."""
    for digits in range(1, 17):
        shorter = float(f"{value:.{digits}g}")
        if abs(shorter - value) <= uncertain:
            return shorter
    return value
