"""Golden traces: the losses of an experiment's run, and how far those of correct programs are from them.

golden/trace-NAME.json holds, for each experiment, losses at chosen iterations as a run in quadruple precision has them,
and for float64 and float32 the reach of an ensemble of correct runs: the greatest distance of a member from those
losses so far, as a share of the loss. A loss is judged where that means something:

- to the **horizon**, where rounding has eaten half of the digits, and after it as long as correct programs lie within a
  tenth of each other (a **spread**): by an **envelope**, which is a stated factor times the reach;
- in a **cycle**, whose phase rounding decides: by the unordered pair of two losses that follow each other;
- elsewhere, where correct programs differ by as much as wrong ones would: not at all.

What a run ends with, its **outcome**, is judged in any case. ``nnspec golden make`` makes these files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nnspec.reference.values import Array

#: Units in the last place of the loss that a correct program may be off by at any iteration.
FLOOR = 8
#: How much wider than the ensemble's own reach an envelope is; a float32 ensemble is the coarser measure.
FACTOR = {"float64": 4.0, "float32": 8.0}
#: A loss that correct programs agree on no better than to this share of it is not judged.
BLIND = 0.1

ENVELOPE, SPREAD, CYCLE = "envelope", "spread", "cycle"


@dataclass(frozen=True)
class Point:
    """One loss as it was judged; share: its distance from what is right, as a share of the tolerance.

    expected: the golden loss, or the two of a cycle.
    """

    iteration: int
    kind: str
    got: tuple[float, ...]
    expected: tuple[float, ...]
    tolerance: float
    share: float

    @property
    def accepted(self) -> bool:
        """Within the tolerance; what is not a number is not."""
        return self.share <= 1


@dataclass(frozen=True)
class Judgement:
    """All losses of a trace that were judged."""

    points: list[Point]

    @property
    def accepted(self) -> bool:
        """None is refused. Nothing judged is nothing accepted."""
        return bool(self.points) and all(point.accepted for point in self.points)

    @property
    def first(self) -> Point | None:
        """The first that is refused."""
        return next((point for point in self.points if not point.accepted), None)

    @property
    def iteration(self) -> int | None:
        """Its iteration."""
        return None if self.first is None else self.first.iteration

    @property
    def worst(self) -> float:
        """The greatest distance, as a share of the tolerance; infinite where a loss is no number."""
        return max((point.share for point in self.points), default=float("nan"))


@dataclass(frozen=True)
class Cycle:
    """The two losses that follow each other from the first of these iterations on, the smaller one first."""

    iterations: Array
    low: Array
    high: Array
    reach: Array


@dataclass(frozen=True)
class Outcome:
    """What a run ends with, from least to greatest.

    loss: of the final network, None where it says nothing; correct: so many examples it classifies as labelled.
    """

    loss: tuple[float, float] | None
    correct: tuple[int, int]


@dataclass(frozen=True)
class GoldenTrace:
    """The golden trace of an experiment for programs of one precision.

    iterations: those that are stored; losses: the objective before their updates; reach: of the ensemble, for as
    many of them as are judged by it; horizon: the last iteration to which half of the digits are certain.
    """

    experiment: str
    precision: str
    iterations: Array
    losses: Array
    reach: Array
    horizon: int
    cycle: Cycle | None
    outcome: Outcome

    def judge(
        self, losses: Array | Mapping[int, float], slack: Mapping[int, float] | None = None
    ) -> Judgement:
        """Every loss that can be judged.

        losses: the objective before each update, from the first iteration on, or some of them by iteration; slack:
        what printing may have cleft off, half a unit of the last digit, by iteration.
        """
        slack = slack or {}
        told = losses if isinstance(losses, Mapping) else dict(enumerate(np.asarray(losses, dtype=float)))
        points = []
        for place, iteration in enumerate(self.iterations[: len(self.reach)]):
            if iteration in told:
                tolerance = self.tolerance(self.losses[place], self.reach[place]) + slack.get(
                    int(iteration), 0.0
                )
                kind = ENVELOPE if iteration <= self.horizon else SPREAD
                points.append(
                    _point(int(iteration), kind, [told[iteration]], [self.losses[place]], tolerance)
                )
        return Judgement(points + self._in_cycle(told, slack))

    def _in_cycle(self, told: Mapping[int, float], slack: Mapping[int, float]) -> list[Point]:
        """Two losses that follow each other in any order; where there is one alone, the nearer of the two."""
        points: list[Point] = []
        if self.cycle is None:
            return points
        pairs = zip(self.cycle.low, self.cycle.high, self.cycle.reach, strict=True)
        for iteration, (low, high, reach) in zip(self.cycle.iterations, pairs, strict=True):
            if iteration not in told:
                continue
            tolerance = self.tolerance(high, reach) + slack.get(int(iteration), 0.0)
            if iteration + 1 in told:
                got, expected = sorted([told[iteration], told[iteration + 1]]), [low, high]
            else:
                got, expected = (
                    [told[iteration]],
                    [min([low, high], key=lambda loss: abs(loss - told[iteration]))],
                )
            points.append(_point(int(iteration), CYCLE, got, expected, tolerance))
        return points

    def tolerance(self, loss: Any, reach: Any) -> Any:
        """How far from this golden loss a correct program may be."""
        return tolerance(loss, reach, self.precision)


def tolerance(loss: Any, reach: Any, precision: str) -> Any:
    """The envelope: so many times the ensemble's reach, which is never taken for less than the floor."""
    return FACTOR[precision] * np.maximum(reach, floor(precision)) * np.abs(loss)


def floor(precision: str) -> float:
    """The reach that no ensemble falls short of."""
    return FLOOR * float(np.finfo(precision).eps)


def _point(iteration: int, kind: str, got: list[float], expected: list[float], tolerance: float) -> Point:
    distance = float(np.max(np.abs(np.subtract(got, expected))))
    share = distance / tolerance if np.isfinite(distance) else float("inf")
    return Point(
        iteration, kind, tuple(map(float, got)), tuple(map(float, expected)), float(tolerance), share
    )


@cache
def golden(experiment: str, precision: str) -> GoldenTrace:
    """The golden trace of this name, as it is stored."""
    return read(contents(experiment), precision)


def contents(experiment: str) -> dict[str, Any]:
    """What the file of an experiment holds."""
    text = resources.files("nnspec.golden").joinpath(file_name(experiment)).read_text(encoding="utf-8")
    told: dict[str, Any] = json.loads(text)
    return told


def read(stored: dict[str, Any], precision: str) -> GoldenTrace:
    """A golden trace from what its file holds."""
    told = stored[precision]
    cycle, outcome = told["cycle"], told["outcome"]
    return GoldenTrace(
        experiment=stored["experiment"],
        precision=precision,
        iterations=np.array(stored["iterations"]),
        losses=np.array(stored["losses"]),
        reach=np.array(told["reach"]),
        horizon=told["horizon"],
        cycle=None if cycle is None else Cycle(**{name: np.array(values) for name, values in cycle.items()}),
        outcome=Outcome(
            None if outcome["loss"] is None else tuple(outcome["loss"]), tuple(outcome["correct"])
        ),
    )


def file_name(experiment: str) -> str:
    """The name of the file in golden/."""
    return f"trace-{experiment}.json"
