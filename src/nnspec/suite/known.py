"""The known failures of a run: the names that exist, the cases that each names, and those that fail no more."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping

import pytest

from nnspec.judging import opening
from nnspec.report import known_failures
from nnspec.report.faults import is_fault
from nnspec.report.record import PASSED, UNSUPPORTED, Planned, Result
from nnspec.report.text import visible
from nnspec.suite.plan import nothing_named


class Known:
    """The names that may fail, each with its reason."""

    def __init__(self, path: str | None) -> None:
        """Read the file, if there is one; raises WrongUse."""
        self._path = path or ""
        self.reasons = known_failures.read(path) if path else {}
        self._cases: dict[str, set[str]] = {}  # of the chosen document, by name

    @property
    def tests(self) -> set[str]:
        """The names of chapters, clauses and cases; the others are those of faults."""
        return {name for name in self.reasons if not is_fault(name)}

    def check(self, names: Collection[str]) -> None:
        """Refuse a name that no fault has, nor any chapter, clause or case, which are ``names``."""
        for name in self.reasons:
            wrong = _no_fault(name) if is_fault(name) else _no_test(name, names)
            if wrong:
                raise pytest.UsageError(f"{visible(self._path)} names {visible(name)}: {wrong}")

    def add(self, case: Planned) -> None:
        """Another case of the chosen document."""
        for name in {*case.names}.intersection(self.reasons):
            self._cases.setdefault(name, set()).add(case.case)

    def drop(self, case: str) -> None:
        """A case turned out to be none of the document's."""
        for cases in self._cases.values():
            cases.discard(case)

    def reason(self, planned: Planned) -> str | None:
        """Why this case is known to fail; None if it is not."""
        name = known_failures.name_of(planned, self.reasons)
        return None if name is None else self.reasons[name]

    def complaints(self, results: Mapping[str, Result], absent: Collection[str]) -> Iterator[str]:
        """A sentence for each name that fails no more: its tests pass, or it is one of the faults that are absent."""
        for name in self.reasons:
            if name in absent or self._passes(name, results):
                yield f"{name} is a known failure, but passes: remove it from the known failures"

    def _passes(self, name: str, results: Mapping[str, Result]) -> bool:
        """Whether every test of a name ran, and none failed."""
        cases = self._cases.get(name, ())
        outcomes = {results[case].outcome if case in results else "" for case in cases}
        return PASSED in outcomes and outcomes <= {PASSED, UNSUPPORTED}


def _no_test(name: str, names: Collection[str]) -> str:
    return "" if name in names else nothing_named(name, names)


def _no_fault(name: str) -> str:
    """What to say of a fault that no opening can find; "" if one can."""
    names = opening.fault_names()
    if name in names:
        return ""
    close = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.5)
    return f"there is no such operation or argument. Did you mean {(close or ['form.gradients'])[0]}?"
