"""Leave-one-out: how often an envelope refuses members that it was made without.

That an envelope accepts the runs it was made from proves nothing. So each member is judged by the envelope of all
others, and each kind of rounding by the envelope of all other kinds, to see whether an unknown kind would be refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.ensemble.cycle import Pairs, cycle_of
from nnspec.ensemble.summary import distances
from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor


def leave_one_out(by_kind: dict[str, Array], center: Array, stored: Array, precision: str) -> dict[str, Any]:
    """For single members and for whole kinds: how many were tried and refused, and the worst share of a tolerance.

    by_kind: the losses (members, iterations + 1) of each kind of rounding; center: the losses to compare them with.
    """
    runs = np.concatenate(list(by_kind.values()))
    kinds = np.concatenate([[kind] * len(members) for kind, members in by_kind.items()])
    envelopes = Envelopes(runs, center, stored, precision)
    one_by_one = [
        share for place in range(len(runs)) for share in envelopes.worst(np.arange(len(runs)) == place)
    ]
    return {
        "members": _count(one_by_one),
        **{kind: _count(envelopes.worst(kinds == kind)) for kind in by_kind},
    }


def _count(shares: list[float]) -> dict[str, Any]:
    refused = sum(not share <= 1 for share in shares)
    return {"tried": len(shares), "refused": refused, "worst": float(f"{max(shares):.3g}")}


class Envelopes:
    """The distances from which the tolerances of any subset of the members are computed, at the stored iterations.

    distance, so_far: of each member, and its greatest so far; apart, to_come: of each pair in a cycle, and its greatest
    from there on, empty if the runs do not end in a cycle.
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
        """For each member in ``out``, the greatest share of a tolerance in the envelope of the others."""
        so_far = np.maximum(self.so_far[~out].max(axis=0), self.floor)
        to_come = np.maximum(self.to_come[~out].max(axis=0), self.floor)
        judged = self.factor * so_far <= BLIND
        shares = [
            self.distance[out][:, judged] / (self.factor * so_far[judged]),
            self.apart[out] / (self.factor * to_come),
        ]
        return [float(share) for share in np.concatenate(shares, axis=1).max(axis=1)]
