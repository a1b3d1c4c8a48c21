"""From the runs of an ensemble to a golden trace: its losses, reach, horizon, cycle and outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.ensemble.gather import Ensemble
from nnspec.envelope import BLIND, FACTOR, FLOOR
from nnspec.experiments import Experiment
from nnspec.printed import LOSSES, place
from nnspec.reference.values import Array

#: Every iteration is stored to here, and then each that is so much later than the last.
ALL_TO, GROWTH = 100, 1.03


def summary(ensemble: Ensemble, stored: Array | None = None) -> dict[str, Any]:
    """What golden/ stores of an experiment, but for the provenance."""
    stored = stored_iterations(ensemble.experiment) if stored is None else stored
    center = centre(ensemble)
    told: dict[str, Any] = {
        "experiment": ensemble.experiment.name,
        "iterations": stored.tolist(),
        "losses": center[stored].tolist(),
    }
    for precision, by_kind in ensemble.runs.items():
        runs = np.concatenate(list(by_kind.values()))
        correct = np.concatenate(list(ensemble.correct[precision].values()))
        told[precision] = of_precision(runs, correct, center, stored, precision)
        limits = told[precision]["outcome"]["correct"]
        limits[:] = np.clip(limits, 0, len(ensemble.experiment.examples()[1])).tolist()
    return told


def stored_iterations(experiment: Experiment) -> Array:
    """The iterations whose losses are stored: the first, ever fewer of the later ones, the printed ones, the last."""
    last = experiment.iterations - 1
    later = ALL_TO * GROWTH ** np.arange(1, 1000)
    printed = [place(experiment, int(iteration)) for iteration in LOSSES.get(experiment.name, {})]
    told = np.array([*range(ALL_TO + 1), *np.round(later[later < last]), *printed, last], dtype=int)
    return np.unique(told[told <= last])


def centre(ensemble: Ensemble) -> Array:
    """The losses that runs are held against: in quadruple precision, and after that the median of float64.

    After the run in quadruple precision has left them, no correct run is nearer the truth than another.
    """
    median: Array = np.median(np.concatenate(list(ensemble.runs["float64"].values())), axis=0)
    return np.concatenate([ensemble.quadruple, median[len(ensemble.quadruple) :]])


def of_precision(runs: Array, correct: Array, center: Array, stored: Array, precision: str) -> dict[str, Any]:
    """Reach, horizon, cycle and outcome of runs (members, iterations + 1) around the losses in the centre.

    correct: how many examples the final network of each member classifies as they are labelled.
    """
    tolerance = FACTOR[precision] * Around(runs, center, precision).reach()
    judged = stored[stored <= last_below(tolerance, BLIND)]
    cycle = cycle_of(runs, stored[len(judged) :], precision)
    least, greatest = widened(correct, precision)
    return {
        "horizon": min(last_below(tolerance, float(np.sqrt(np.finfo(precision).eps))), int(stored[-1])),
        "reach": [rounded_up(share) for share in tolerance[judged] / FACTOR[precision]],
        "cycle": cycle,
        "outcome": {
            "loss": interval(runs[:, -1], precision) if cycle is None else cycle_end(runs, precision),
            "correct": [int(np.floor(least)), int(np.ceil(greatest))],
        },
    }


class Around:
    """How far the members are from what they are held against, as a share of the loss."""

    def __init__(self, runs: Array, center: Array, precision: str) -> None:
        """``runs``: (members, iterations + 1); ``center``: (iterations + 1,)."""
        self.runs = runs
        self.floor = FLOOR * float(np.finfo(precision).eps)
        self.distance = np.nan_to_num(np.abs(runs - center) / np.abs(center), nan=np.inf)

    def reach(self) -> Array:
        """The greatest distance of a member so far, and never less than the floor."""
        return np.maximum.accumulate(np.maximum(self.distance.max(axis=0), self.floor))

    def pair(self) -> tuple[Array, Array]:
        """The smaller and the greater of the losses at each iteration and the next, in the median of the members."""
        low, high = np.median(self._pairs(), axis=1)
        return low, high

    def from_pair(self) -> Array:
        """How far each member (members, iterations − 1) is from that pair, whichever loss comes first."""
        low, high = self.pair()
        apart: Array = np.abs(self._pairs() - np.stack([low, high])[:, None]).max(axis=0) / high
        return apart

    def to_come(self) -> Array:
        """The greatest such distance of a member from each iteration on."""
        growing = np.maximum(self.from_pair().max(axis=0), self.floor)
        return np.maximum.accumulate(growing[::-1])[::-1]

    def _pairs(self) -> Array:
        return np.sort(np.stack([self.runs[:, :-2], self.runs[:, 1:-1]]), axis=0)


def last_below(growing: Array, level: float) -> int:
    """The last place to which a sequence has not passed a level; −1 where it begins above."""
    above = np.nonzero(growing > level)[0]
    return int(above[0]) - 1 if len(above) else len(growing) - 1


def cycle_of(runs: Array, stored: Array, precision: str) -> dict[str, list[float]] | None:
    """The two losses that all members take in turn, in either order, from where they tell anything; None if never.

    stored: the iterations that no envelope judges. Told the two are where they stay what they are from one iteration
    to the next, and where the envelope of the reach to come, not of that so far, is within a tenth of their gap.
    """
    around = Around(runs, runs[0], precision)
    (low, high), to_come = around.pair(), around.to_come()
    stays = np.maximum(np.abs(np.diff(low)), np.abs(np.diff(high))) / high[1:]
    tells = np.maximum(FACTOR[precision] * to_come[1:], stays) <= BLIND * (high[1:] - low[1:]) / high[1:]
    never = np.nonzero(~tells)[0]
    places = stored[(stored > (never[-1] if len(never) else -1)) & (stored < len(tells))]
    if len(places) < 2:
        return None
    return {
        "iterations": places.tolist(),
        "low": low[places].tolist(),
        "high": high[places].tolist(),
        "reach": [rounded_up(share) for share in to_come[places]],
    }


def cycle_end(runs: Array, precision: str) -> list[float]:
    """From the lower to the higher of the two losses that runs in a cycle end with, whichever comes last."""
    low, high = np.sort(runs[:, -2:], axis=1).T
    floor = FACTOR[precision] * FLOOR * float(np.finfo(precision).eps) * float(np.median(high))
    return [widened(low, precision)[0] - floor, widened(high, precision)[1] + floor]


def interval(values: Array, precision: str) -> list[float] | None:
    """The values of the members, widened by no less than the floor; None where they say nothing."""
    least, greatest = widened(values, precision)
    middle = abs(float(np.median(values)))
    floor = FACTOR[precision] * FLOOR * float(np.finfo(precision).eps) * middle
    return [least - floor, greatest + floor] if greatest - least <= 2 * BLIND * middle else None


def widened(values: Array, precision: str) -> tuple[float, float]:
    """The median more or less so many times the greatest distance from it."""
    middle = float(np.median(values))
    wide = FACTOR[precision] * float(np.abs(values - middle).max())
    return middle - wide, middle + wide


def rounded_up(value: float, digits: int = 3) -> float:
    """To a few digits, and never down."""
    unit = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
    return float(f"{np.ceil(value / unit) * unit:.{digits}g}")
