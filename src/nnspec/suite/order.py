"""The order in which tests run: the cheapest and most discriminating first.

golden/order.json has every case with what it takes the reference, in an order that was measured on the catalogue
of mistakes (benchmarks/order.py): first the cases that between them refuse every mistake, then a case of every clause
that has none yet, then all others by what they cost. The cheap ones of the first two are what ``--quick`` runs.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

#: What a stand-in may cost the reference, in seconds: as much as a case that --quick runs.
QUICK_CASE = 0.1


@cache
def _places() -> dict[str, tuple[int, bool, float]]:
    text = resources.files("nnspec.golden").joinpath("order.json").read_text(encoding="utf-8")
    cases = json.loads(text)["cases"]
    return {case["case"]: (place, case["quick"], case["seconds"]) for place, case in enumerate(cases)}


def cases() -> set[str]:
    """Every case that was measured."""
    return set(_places())


@cache
def names() -> frozenset[str]:
    """Every name that selects a case that was measured: its chapter, its clause and its own."""
    clauses = {case.partition(":")[0] for case in _places()}
    return frozenset({clause.partition(".")[0] for clause in clauses} | clauses | cases())


def place(case: str) -> int:
    """The place of a case; a case that was not measured comes last."""
    return _places().get(case, (len(_places()),))[0]


def is_quick(case: str) -> bool:
    """Whether ``--quick`` runs it."""
    return case in _places() and _places()[case][1]


def is_cheap(case: str) -> bool:
    """Whether it costs no more than those that ``--quick`` runs; not known of a case that was not measured."""
    return case in _places() and _places()[case][2] <= QUICK_CASE
