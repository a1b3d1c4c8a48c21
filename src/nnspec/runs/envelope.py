"""Golden traces: the losses of an experiment's run, and how far the losses of correct programs are from them.

golden/trace-NAME.json holds, for each experiment, the losses of a run in quadruple precision at chosen iterations, and
for float64 and float32 the reach of an ensemble of correct runs: the greatest distance of a member from those losses
so far, as a share of the loss. How a loss is judged depends on the iteration:

- up to the **horizon**, where rounding has consumed half of the digits, and after it as long as correct programs lie
  within a tenth of each other (a **spread**): by an **envelope**, a fixed factor times the reach;
- in a **cycle**, whose phase is decided by rounding: by the unordered pair of two consecutive losses;
- otherwise it is not judged, since correct programs differ by as much as wrong programs would.

The **outcome**, the result of a run at its end, is always judged. ``nnspec golden make`` makes these files.
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

#: The error of the loss, in units in the last place, that a correct program may have at any iteration.
FLOOR = 8
#: The width of an envelope, in reaches of the ensemble; a float32 ensemble measures more coarsely.
FACTOR = {"float64": 4.0, "float32": 8.0}
#: A loss is not judged if correct programs differ by more than this share of it.
BLIND = 0.1

ENVELOPE, SPREAD, CYCLE = "envelope", "spread", "cycle"


@dataclass(frozen=True)
class Point:
    """One judged loss; share: its distance from the expected loss, as a share of the tolerance.

    expected: the golden loss, or the two losses of a cycle.
    """

    iteration: int
    kind: str
    got: tuple[float, ...]
    expected: tuple[float, ...]
    tolerance: float
    share: float

    @property
    def accepted(self) -> bool:
        """Whether the loss is within the tolerance; NaN is not."""
        return self.share <= 1


@dataclass(frozen=True)
class Judgement:
    """The judged losses of a trace."""

    points: list[Point]

    @property
    def accepted(self) -> bool:
        """Whether no loss is refused, and at least one was judged."""
        return bool(self.points) and all(point.accepted for point in self.points)

    @property
    def first(self) -> Point | None:
        """The first refused loss."""
        return next((point for point in self.points if not point.accepted), None)

    @property
    def iteration(self) -> int | None:
        """The iteration of the first refused loss."""
        return None if self.first is None else self.first.iteration

    @property
    def worst(self) -> float:
        """The greatest distance, as a share of the tolerance; infinite if a loss is not finite."""
        return max((point.share for point in self.points), default=float("nan"))


@dataclass(frozen=True)
class Cycle:
    """The two alternating losses of a run, for each of these iterations."""

    iterations: Array
    low: Array
    high: Array
    reach: Array


@dataclass(frozen=True)
class Outcome:
    """The limits of a run's result, least and greatest.

    loss: of the final network, None if it is not judged; correct: how many examples it classifies correctly.
    """

    loss: tuple[float, float] | None
    correct: tuple[int, int]


@dataclass(frozen=True)
class GoldenTrace:
    """The golden trace of an experiment for programs of one precision.

    iterations: the stored ones; losses: the objective before their updates; reach: of the ensemble, for the
    iterations that it judges; horizon: the last iteration to which half of the digits are certain.
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
        """Judge every loss that can be judged.

        losses: the objective before each update, from the first iteration on, or some of them by iteration; slack:
        the error from printing, half a unit of the last digit, by iteration.
        """
        slack = slack or {}
        got = losses if isinstance(losses, Mapping) else dict(enumerate(np.asarray(losses, dtype=float)))
        points = []
        for place, iteration in enumerate(self.iterations[: len(self.reach)]):
            if iteration in got:
                tolerance = self.tolerance(self.losses[place], self.reach[place]) + slack.get(
                    int(iteration), 0.0
                )
                kind = ENVELOPE if iteration <= self.horizon else SPREAD
                points.append(_point(int(iteration), kind, [got[iteration]], [self.losses[place]], tolerance))
        return Judgement(points + self._in_cycle(got, slack))

    def _in_cycle(self, losses: Mapping[int, float], slack: Mapping[int, float]) -> list[Point]:
        """Pairs of consecutive losses, in any order; a loss without the next one is judged by the nearer of the two."""
        points: list[Point] = []
        if self.cycle is None:
            return points
        pairs = zip(self.cycle.low, self.cycle.high, self.cycle.reach, strict=True)
        for iteration, (low, high, reach) in zip(self.cycle.iterations, pairs, strict=True):
            if iteration not in losses:
                continue
            tolerance = self.tolerance(high, reach) + slack.get(int(iteration), 0.0)
            if iteration + 1 in losses:
                got, expected = sorted([losses[iteration], losses[iteration + 1]]), [low, high]
            else:
                got, expected = (
                    [losses[iteration]],
                    [min([low, high], key=lambda loss: abs(loss - losses[iteration]))],
                )
            points.append(_point(int(iteration), CYCLE, got, expected, tolerance))
        return points

    def tolerance(self, loss: Any, reach: Any) -> Any:
        """The tolerance for this golden loss."""
        return tolerance(loss, reach, self.precision)


def tolerance(loss: Any, reach: Any, precision: str) -> Any:
    """The envelope: the factor times the ensemble's reach, or times the floor if that is greater."""
    return FACTOR[precision] * np.maximum(reach, floor(precision)) * np.abs(loss)


def floor(precision: str) -> float:
    """The least reach of an ensemble."""
    return FLOOR * float(np.finfo(precision).eps)


def _point(iteration: int, kind: str, got: list[float], expected: list[float], tolerance: float) -> Point:
    distance = float(np.max(np.abs(np.subtract(got, expected))))
    share = distance / tolerance if np.isfinite(distance) else float("inf")
    return Point(
        iteration, kind, tuple(map(float, got)), tuple(map(float, expected)), float(tolerance), share
    )


@cache
def golden(experiment: str, precision: str) -> GoldenTrace:
    """The stored golden trace of an experiment."""
    return read(contents(experiment), precision)


def contents(experiment: str) -> dict[str, Any]:
    """The contents of an experiment's file."""
    text = resources.files("nnspec.golden").joinpath(file_name(experiment)).read_text(encoding="utf-8")
    stored: dict[str, Any] = json.loads(text)
    return stored


def read(stored: dict[str, Any], precision: str) -> GoldenTrace:
    """A golden trace from the contents of its file."""
    part = stored[precision]
    cycle, outcome = part["cycle"], part["outcome"]
    return GoldenTrace(
        experiment=stored["experiment"],
        precision=precision,
        iterations=np.array(stored["iterations"]),
        losses=np.array(stored["losses"]),
        reach=np.array(part["reach"]),
        horizon=part["horizon"],
        cycle=None if cycle is None else Cycle(**{name: np.array(values) for name, values in cycle.items()}),
        outcome=Outcome(
            None if outcome["loss"] is None else tuple(outcome["loss"]), tuple(outcome["correct"])
        ),
    )


def file_name(experiment: str) -> str:
    """The name of the file in golden/."""
    return f"trace-{experiment}.json"


def interval(values: Array, precision: str) -> list[float] | None:
    """The range of the members' values, widened by at least the floor; None if it is too wide to judge by."""
    least, greatest = widen(values, precision)
    middle = abs(float(np.median(values)))
    least_wide = FACTOR[precision] * floor(precision) * middle
    return [least - least_wide, greatest + least_wide] if greatest - least <= 2 * BLIND * middle else None


def widen(values: Array, precision: str) -> tuple[float, float]:
    """The median, minus and plus the factor times the greatest distance from it."""
    middle = float(np.median(values))
    wide = FACTOR[precision] * float(np.abs(values - middle).max())
    return middle - wide, middle + wide


def round_up(value: float, digits: int = 3) -> float:
    """A number rounded up to a few digits."""
    unit = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
    return float(f"{np.ceil(value / unit) * unit:.{digits}g}")
