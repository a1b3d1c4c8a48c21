"""Leave-one-out: how often members are refused by an envelope that was made without them.

An envelope that holds the runs which it was made of says nothing. So every member is judged by the envelope of all
others, and every kind of rounding by that of all other kinds: would a kind that nobody thought of have been refused?
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.ensemble.cycle import Pairs, cycle_of
from nnspec.ensemble.summary import distances
from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor


def left_out(by_kind: dict[str, Array], center: Array, stored: Array, precision: str) -> dict[str, Any]:
    """For members one by one, and for each kind as a whole: how many were refused, and the worst share of a tolerance.

    by_kind: the losses (members, iterations + 1) of each kind of rounding; center: the losses they are held against.
    """
    runs = np.concatenate(list(by_kind.values()))
    kinds = np.concatenate([[kind] * len(members) for kind, members in by_kind.items()])
    held = Held(runs, center, stored, precision)
    one_by_one = [share for place in range(len(runs)) for share in held.worst(np.arange(len(runs)) == place)]
    return {
        "members": _counted(one_by_one),
        **{kind: _counted(held.worst(kinds == kind)) for kind in by_kind},
    }


def _counted(shares: list[float]) -> dict[str, Any]:
    refused = sum(not share <= 1 for share in shares)
    return {"tried": len(shares), "refused": refused, "worst": float(f"{max(shares):.3g}")}


class Held:
    """What the tolerances of any choice of the members come from, at the stored iterations.

    distance, so_far: of each member, and the greatest of it so far; apart, to_come: the same of the pairs in a cycle,
    where the greatest is that from there on, and nothing where the runs end in none.
    """

    def __init__(self, runs: Array, center: Array, stored: Array, precision: str) -> None:
        """``runs``: the losses of all members."""
        self.factor, self.floor = FACTOR[precision], floor(precision)
        distance = distances(runs, center)
        self.distance = distance[:, stored]
        self.so_far = np.maximum.accumulate(distance, axis=1)[:, stored]
        judged = int((self.factor * self.so_far.max(axis=0) <= BLIND).sum())
        cycle = cycle_of(runs, stored[judged:], precision)
        places = np.array([] if cycle is None else cycle["iterations"], dtype=int)
        apart = Pairs(runs).apart
        self.apart = apart[:, places]
        self.to_come = np.maximum.accumulate(apart[:, ::-1], axis=1)[:, ::-1][:, places]

    def worst(self, out: Array) -> list[float]:
        """The greatest share of a tolerance by the others' envelope, of those that are left out."""
        so_far = np.maximum(self.so_far[~out].max(axis=0), self.floor)
        to_come = np.maximum(self.to_come[~out].max(axis=0), self.floor)
        judged = self.factor * so_far <= BLIND
        shares = [
            self.distance[out][:, judged] / (self.factor * so_far[judged]),
            self.apart[out] / (self.factor * to_come),
        ]
        return [float(share) for share in np.concatenate(shares, axis=1).max(axis=1)]
