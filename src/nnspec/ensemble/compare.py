"""Comparison of a stored golden trace with one that was made again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnspec.contract.operations import PRECISIONS
from nnspec.runs.envelope import FACTOR, Cycle, GoldenTrace, read

#: How far apart two runs in quadruple precision may round a loss: to neighbouring float64 numbers.
NEIGHBOUR_DISTANCE = 2 * float(np.finfo(np.float64).eps)
#: The greatest ratio of the horizons of two ensembles.
HORIZON_FACTOR = 1.25


def differences(stored: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The differences that neither another machine nor another number of members explains."""
    messages = [
        f"{name.replace('_', ' ')} differ: the experiment itself has changed"
        for name, right in stored["checksums"].items()
        if new["checksums"][name] != right
    ]
    if stored["iterations"] != new["iterations"]:
        return [*messages, "the stored iterations differ"]
    for precision in PRECISIONS:
        messages += [
            f"{precision}: {what}"
            for what in _precision_differences(read(stored, precision), read(new, precision))
        ]
    return messages


def _precision_differences(stored: GoldenTrace, new: GoldenTrace) -> list[str]:
    messages = [*_cycle_differences(stored.cycle, new.cycle, FACTOR[stored.precision])]
    certain = stored.iterations <= min(stored.horizon, new.horizon)
    apart = np.abs(new.losses - stored.losses)[certain]
    limit = (
        NEIGHBOUR_DISTANCE
        if stored.precision == "float64"
        else FACTOR["float32"] * stored.reach[: certain.sum()]
    )
    if (apart > limit * np.abs(stored.losses[certain])).any():
        first = stored.iterations[certain][np.argmax(apart > limit * np.abs(stored.losses[certain]))]
        messages.append(f"the loss at iteration {first} differs")
    shared = min(len(stored.reach), len(new.reach))
    ratio = new.reach[:shared] / stored.reach[:shared]
    factor = FACTOR[stored.precision]
    if shared and not (1 / factor <= ratio.min() and ratio.max() <= factor):
        messages.append(f"the reach is {ratio.min():.2g} to {ratio.max():.2g} times the stored one")
    if not 1 / HORIZON_FACTOR <= (1 + new.horizon) / (1 + stored.horizon) <= HORIZON_FACTOR:
        messages.append(f"the horizon is {new.horizon}, the stored one {stored.horizon}")
    if not _overlap(stored.outcome.correct, new.outcome.correct):
        messages.append(f"{new.outcome.correct} examples end up right, stored {stored.outcome.correct}")
    if stored.outcome.loss and new.outcome.loss and not _overlap(stored.outcome.loss, new.outcome.loss):
        messages.append(f"the final loss is {new.outcome.loss}, the stored one {stored.outcome.loss}")
    return messages


def _cycle_differences(stored: Cycle | None, new: Cycle | None, factor: float) -> Iterator[str]:
    if new is None or stored is None:
        if new is not stored:
            yield f"runs {'end' if new else 'do not end'} in a cycle"
        return
    shared, here, there = np.intersect1d(stored.iterations, new.iterations, return_indices=True)
    if not len(shared):
        yield f"the cycle begins at iteration {new.iterations[0]}, the stored one at {stored.iterations[0]}"
    wide = factor * np.maximum(stored.reach[here], new.reach[there]) * stored.high[here]
    for name, old, now in [("lower", stored.low, new.low), ("higher", stored.high, new.high)]:
        other = np.abs(now[there] - old[here]) > wide
        if other.any():
            yield f"the {name} loss of the cycle at iteration {shared[np.argmax(other)]} differs"


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])
