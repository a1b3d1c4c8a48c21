"""What ``--quick`` runs in place of a test that the program does not support: another test of the same clause.

The tests of ``--quick`` were chosen for programs that support everything. A program that has one activation and one
reduction would be left with a few of them, which most mistakes pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

import pytest

from nnspec.suite import order
from nnspec.suite.plan import case_of, clause_of, whole_runs


class StandIns:
    """Tests that run only if one of their clause turned out to be unsupported."""

    def __init__(self, items: Iterable[pytest.Item]) -> None:
        """``items``: all tests that may be chosen, of which the cheap ones that are not quick are kept."""
        self.items = [item for item in items if _may_stand_in(item)]
        self._cases = {case_of(item) for item in self.items}
        self._missing: Counter[str] = Counter()

    def __contains__(self, item: pytest.Item) -> bool:
        return case_of(item) in self._cases

    def is_needed(self, item: pytest.Item, answered: Collection[str]) -> bool:
        """Whether a test of its clause is missing still, and the program has the operations that it needs."""
        clause = clause_of(item)
        assert clause is not None
        return self._missing[clause.id] > 0 and {*clause.operations} <= {*answered}

    def add(self, item: pytest.Item, *, unsupported: bool) -> None:
        """A test ended."""
        clause = clause_of(item)
        assert clause is not None
        if item in self:
            self._missing[clause.id] -= not unsupported
        else:
            self._missing[clause.id] += unsupported


def _may_stand_in(item: pytest.Item) -> bool:
    case = case_of(item)
    return order.is_cheap(case) and not order.is_quick(case) and not whole_runs([item])
