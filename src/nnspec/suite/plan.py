"""What a run plans: its tests by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import pytest

from nnspec.documents.clauses import Clause
from nnspec.report.record import Planned


def nothing_named(name: str, known: Iterable[str]) -> str:
    """What to say about a chapter, clause or case that does not exist."""
    names = sorted(known)
    inside = [known_name for known_name in names if name in known_name and "[" not in known_name]
    close = inside[:3] or difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"there is no such chapter, clause or case. Did you mean {' or '.join(close)}?"
    chapters = ", ".join(known_name for known_name in names if "." not in known_name)
    return f"there is no such chapter, clause or case. The chapters are {chapters}."


def clause_of(item: pytest.Item) -> Clause | None:
    """The clause that a test belongs to."""
    found = getattr(getattr(item, "cls", None), "clause", None)
    return found if isinstance(found, Clause) else None


def operations_of(item: pytest.Item) -> set[str]:
    """The operations that a test's clause needs."""
    clause = clause_of(item)
    assert clause is not None
    return {*clause.operations}


def whole_runs(items: list[pytest.Item]) -> list[str]:
    """The experiments whose whole runs these tests need, in the order in which they need them."""
    needing = [item for item in items if "traces" in getattr(item, "fixturenames", [])]
    experiments = [getattr(getattr(item, "cls", None), "experiment", None) for item in needing]
    return [*dict.fromkeys(experiment.name for experiment in experiments if experiment is not None)]


def case_of(item: pytest.Item) -> str:
    """A test's name in every report: clause:test[parameters]."""
    clause = clause_of(item)
    assert clause is not None
    return f"{clause.id}:{item.name.removeprefix('test_')}"


def names_of(item: pytest.Item) -> set[str]:
    """The names that select a test: its chapter, its clause and its case."""
    return set(planned_case(item).names)


def planned_case(item: pytest.Item) -> Planned:
    """A test, for the record."""
    clause = clause_of(item)
    assert clause is not None
    return Planned(
        case=case_of(item),
        clause=clause.id,
        sentence=clause.sentence,
        level=clause.level,
        sources=clause.sources,
        operations=clause.operations,
    )
