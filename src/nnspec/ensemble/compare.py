"""Whether a golden trace that was made again agrees with the stored one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnspec.contract.operations import PRECISIONS
from nnspec.runs.envelope import FACTOR, Cycle, GoldenTrace, read

#: Two makings of a run in quadruple precision may round its losses to neighbouring numbers of float64.
NEIGHBOURS = 2 * float(np.finfo(np.float64).eps)
#: Horizons of two ensembles may lie so far apart.
HORIZONS = 1.25


def differences(stored: dict[str, Any], made: dict[str, Any]) -> list[str]:
    """What is another than it was, beyond what another machine or another number of members explains."""
    told = [
        f"another {name.replace('_', ' ')}: the experiment itself was changed"
        for name, right in stored["checksums"].items()
        if made["checksums"][name] != right
    ]
    if stored["iterations"] != made["iterations"]:
        return [*told, "other iterations are stored"]
    for precision in PRECISIONS:
        told += [
            f"{precision}: {what}" for what in _of_precision(read(stored, precision), read(made, precision))
        ]
    return told


def _of_precision(stored: GoldenTrace, made: GoldenTrace) -> list[str]:
    told = [*_of_cycles(stored.cycle, made.cycle, FACTOR[stored.precision])]
    certain = stored.iterations <= min(stored.horizon, made.horizon)
    apart = np.abs(made.losses - stored.losses)[certain]
    limit = NEIGHBOURS if stored.precision == "float64" else FACTOR["float32"] * stored.reach[: certain.sum()]
    if (apart > limit * np.abs(stored.losses[certain])).any():
        first = stored.iterations[certain][np.argmax(apart > limit * np.abs(stored.losses[certain]))]
        told.append(f"another loss at iteration {first}")
    shared = min(len(stored.reach), len(made.reach))
    ratio = made.reach[:shared] / stored.reach[:shared]
    factor = FACTOR[stored.precision]
    if shared and not (1 / factor <= ratio.min() and ratio.max() <= factor):
        told.append(f"members reach {ratio.min():.2g} to {ratio.max():.2g} times as far as they did")
    if not 1 / HORIZONS <= (1 + made.horizon) / (1 + stored.horizon) <= HORIZONS:
        told.append(f"the horizon is {made.horizon}, and was {stored.horizon}")
    if not _overlap(stored.outcome.correct, made.outcome.correct):
        told.append(f"{made.outcome.correct} examples end up right, and {stored.outcome.correct} did")
    if stored.outcome.loss and made.outcome.loss and not _overlap(stored.outcome.loss, made.outcome.loss):
        told.append(f"the final loss is {made.outcome.loss}, and was {stored.outcome.loss}")
    return told


def _of_cycles(stored: Cycle | None, made: Cycle | None, factor: float) -> Iterator[str]:
    if made is None or stored is None:
        if made is not stored:
            yield f"runs {'end' if made else 'do not end'} in a cycle"
        return
    shared, here, there = np.intersect1d(stored.iterations, made.iterations, return_indices=True)
    if not len(shared):
        yield f"runs are in a cycle from iteration {made.iterations[0]}, and were from {stored.iterations[0]}"
    wide = factor * np.maximum(stored.reach[here], made.reach[there]) * stored.high[here]
    for name, was, now in [("lower", stored.low, made.low), ("higher", stored.high, made.high)]:
        other = np.abs(now[there] - was[here]) > wide
        if other.any():
            yield f"another {name} loss of the cycle at iteration {shared[np.argmax(other)]}"


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])
