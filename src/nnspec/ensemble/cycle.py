"""Runs that end by alternating between two losses; rounding decides which of the two comes first."""

from __future__ import annotations

import numpy as np

from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor, round_up, widen


class Pairs:
    """The lower and the higher of each two consecutive losses, as medians of the members.

    low, high: (iterations − 1,); apart: how far each member is from them, in either order, as a share of the loss,
    (members, iterations − 1).
    """

    def __init__(self, runs: Array) -> None:
        """``runs``: (members, iterations + 1)."""
        pairs = np.sort(np.stack([runs[:, :-2], runs[:, 1:-1]]), axis=0)
        self.low, self.high = np.median(pairs, axis=1)
        self.apart: Array = np.abs(pairs - np.stack([self.low, self.high])[:, None]).max(axis=0) / self.high


def greatest_to_come(apart: Array, precision: str) -> Array:
    """The greatest distance of a member from each iteration on, at least the floor."""
    greatest = np.maximum(apart.max(axis=0), floor(precision))
    return np.maximum.accumulate(greatest[::-1])[::-1]


def cycle_of(runs: Array, stored: Array, precision: str) -> dict[str, list[float]] | None:
    """The two losses between which all members alternate, in either order; None if there is no such cycle.

    stored: the iterations that no envelope judges. A cycle begins where the two losses hardly change from one iteration
    to the next, and the envelope of the reach to come (not the reach so far) is within a tenth of their gap.
    """
    pairs = Pairs(runs)
    low, high, to_come = pairs.low, pairs.high, greatest_to_come(pairs.apart, precision)
    drift = np.maximum(np.abs(np.diff(low)), np.abs(np.diff(high))) / high[1:]
    is_clear = np.maximum(FACTOR[precision] * to_come[1:], drift) <= BLIND * (high[1:] - low[1:]) / high[1:]
    unclear = np.nonzero(~is_clear)[0]
    places = stored[(stored > (unclear[-1] if len(unclear) else -1)) & (stored < len(is_clear))]
    if len(places) < 2:
        return None
    return {
        "iterations": places.tolist(),
        "low": low[places].tolist(),
        "high": high[places].tolist(),
        "reach": [round_up(share) for share in to_come[places]],
    }


def cycle_end(runs: Array, precision: str) -> list[float]:
    """The range of the final loss of runs in a cycle, from the lower to the higher of the two losses."""
    low, high = np.sort(runs[:, -2:], axis=1).T
    least_wide = FACTOR[precision] * floor(precision) * float(np.median(high))
    return [widen(low, precision)[0] - least_wide, widen(high, precision)[1] + least_wide]
