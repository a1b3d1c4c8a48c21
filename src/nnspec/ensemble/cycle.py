"""Runs that end by taking two losses in turn, where rounding decides which of the two comes first."""

from __future__ import annotations

import numpy as np

from nnspec.ensemble.widths import rounded_up, widened
from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor


class Pairs:
    """The losses of each iteration and the next, the smaller one first, as the median of the members has them.

    low, high: (iterations − 1,); apart: how far each member is from them, whichever comes first, as a share of the
    loss, (members, iterations − 1).
    """

    def __init__(self, runs: Array) -> None:
        """``runs``: (members, iterations + 1)."""
        pairs = np.sort(np.stack([runs[:, :-2], runs[:, 1:-1]]), axis=0)
        self.low, self.high = np.median(pairs, axis=1)
        self.apart: Array = np.abs(pairs - np.stack([self.low, self.high])[:, None]).max(axis=0) / self.high


def greatest_to_come(apart: Array, precision: str) -> Array:
    """The greatest distance of a member from each iteration on, and never less than the floor."""
    greatest = np.maximum(apart.max(axis=0), floor(precision))
    return np.maximum.accumulate(greatest[::-1])[::-1]


def cycle_of(runs: Array, stored: Array, precision: str) -> dict[str, list[float]] | None:
    """The two losses that all members take in turn, in either order, from where they tell anything; None if never.

    stored: the iterations that no envelope judges. Told the two are where they stay what they are from one iteration
    to the next, and where the envelope of the reach to come, not of that so far, is within a tenth of their gap.
    """
    pairs = Pairs(runs)
    low, high, to_come = pairs.low, pairs.high, greatest_to_come(pairs.apart, precision)
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
    least_wide = FACTOR[precision] * floor(precision) * float(np.median(high))
    return [widened(low, precision)[0] - least_wide, widened(high, precision)[1] + least_wide]
