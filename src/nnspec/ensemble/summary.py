"""From the runs of an ensemble to a golden trace: its losses, reach, horizon, cycle and outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.ensemble.cycle import cycle_end, cycle_of
from nnspec.ensemble.gather import Ensemble
from nnspec.ensemble.widths import interval, rounded_up, widened
from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor
from nnspec.runs.printed_numbers import LOSSES, place

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
    tolerance = FACTOR[precision] * reach(distances(runs, center), precision)
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


def distances(runs: Array, center: Array) -> Array:
    """How far each member (members, iterations + 1) is from the centre, as a share of the loss."""
    return np.nan_to_num(np.abs(runs - center) / np.abs(center), nan=np.inf)


def reach(distance: Array, precision: str) -> Array:
    """The greatest distance of a member so far, and never less than the floor."""
    return np.maximum.accumulate(np.maximum(distance.max(axis=0), floor(precision)))


def last_below(growing: Array, level: float) -> int:
    """The last place to which a sequence has not passed a level; −1 where it begins above."""
    above = np.nonzero(growing > level)[0]
    return int(above[0]) - 1 if len(above) else len(growing) - 1
