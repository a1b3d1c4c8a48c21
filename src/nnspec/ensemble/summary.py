"""From the runs of an ensemble to a golden trace: its losses, reach, horizon, cycle and outcome."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.ensemble.cycle import cycle_end, cycle_of
from nnspec.ensemble.gather import Ensemble
from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor, interval, round_up, widen
from nnspec.runs.printed_numbers import LOSSES, place

#: Every iteration is stored up to the first number, and then each that is later by the factor ``GROWTH``.
DENSE_TO, GROWTH = 100, 1.03


def summary(ensemble: Ensemble, stored: Array | None = None) -> dict[str, Any]:
    """An experiment's golden trace, without the provenance."""
    stored = stored_iterations(ensemble.experiment) if stored is None else stored
    center = centre(ensemble)
    trace: dict[str, Any] = {
        "experiment": ensemble.experiment.name,
        "iterations": stored.tolist(),
        "losses": center[stored].tolist(),
    }
    for precision, by_kind in ensemble.runs.items():
        runs = np.concatenate(list(by_kind.values()))
        correct = np.concatenate(list(ensemble.correct[precision].values()))
        trace[precision] = precision_summary(runs, correct, center, stored, precision)
        limits = trace[precision]["outcome"]["correct"]
        limits[:] = np.clip(limits, 0, len(ensemble.experiment.examples()[1])).tolist()
    return trace


def stored_iterations(experiment: Experiment) -> Array:
    """The iterations to store: the first ones, later ones at growing distances, the printed ones, and the last."""
    last = experiment.iterations - 1
    later = DENSE_TO * GROWTH ** np.arange(1, 1000)
    printed = [place(experiment, int(iteration)) for iteration in LOSSES.get(experiment.name, {})]
    chosen = np.array([*range(DENSE_TO + 1), *np.round(later[later < last]), *printed, last], dtype=int)
    return np.unique(chosen[chosen <= last])


def centre(ensemble: Ensemble) -> Array:
    """The losses that runs are compared with: in quadruple precision, and where they end the median of float64.

    Once float64 has diverged from quadruple precision, no correct run is nearer the truth than another.
    """
    median: Array = np.median(np.concatenate(list(ensemble.runs["float64"].values())), axis=0)
    return np.concatenate([ensemble.quadruple, median[len(ensemble.quadruple) :]])


def precision_summary(
    runs: Array, correct: Array, center: Array, stored: Array, precision: str
) -> dict[str, Any]:
    """Reach, horizon, cycle and outcome of runs (members, iterations + 1) around the centre.

    correct: how many examples the final network of each member classifies correctly.
    """
    tolerance = FACTOR[precision] * reach(distances(runs, center), precision)
    judged = stored[stored <= last_below(tolerance, BLIND)]
    cycle = cycle_of(runs, stored[len(judged) :], precision)
    least, greatest = widen(correct, precision)
    return {
        "horizon": min(last_below(tolerance, float(np.sqrt(np.finfo(precision).eps))), int(stored[-1])),
        "reach": [round_up(share) for share in tolerance[judged] / FACTOR[precision]],
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
    """The greatest distance of a member so far, at least the floor."""
    return np.maximum.accumulate(np.maximum(distance.max(axis=0), floor(precision)))


def last_below(growing: Array, level: float) -> int:
    """The last place before a sequence first exceeds a level; −1 if it begins above."""
    above = np.nonzero(growing > level)[0]
    return int(above[0]) - 1 if len(above) else len(growing) - 1
