"""The order in which tests run: the cheapest and most discriminating first.

golden/order.json has every case with what it takes the reference, in an order that was measured on the catalogue
of mistakes (benchmarks/order.py): first the cases that between them refuse every mistake, then a case of every clause
that has none yet, then all others by what they cost. The cheap ones of the first two are what ``--quick`` runs.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources


@cache
def _places() -> dict[str, tuple[int, bool]]:
    text = resources.files("nnspec.golden").joinpath("order.json").read_text(encoding="utf-8")
    return {case["case"]: (place, case["quick"]) for place, case in enumerate(json.loads(text)["cases"])}


def cases() -> set[str]:
    """Every case that was measured."""
    return set(_places())


def place(case: str) -> int:
    """The place of a case; a case that was not measured comes last."""
    return _places().get(case, (len(_places()), False))[0]


def is_quick(case: str) -> bool:
    """Whether ``--quick`` runs it."""
    return _places().get(case, (0, False))[1]
