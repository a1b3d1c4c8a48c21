"""How the specification's tests look in pytest's own reports: -v, the short summary, --lf and JUnit's XML."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import Protocol

import pytest

from nnspec.report.record import Result
from nnspec.report.text import visible
from nnspec.suite.plan import case_of, clause_of


class Writer(Protocol):
    """What pytest gives to an object that prints itself."""

    def line(self, text: str, /) -> None:
        """Write a line."""


def name_by_clause(item: pytest.Item) -> None:
    """Name a test of the specification ``nnspec.gradients::gradients.penalty:with_every_activation[relu]``.

    JUnit's XML then has the class nnspec.gradients and the name that ``--nnspec-select`` takes; ``-k`` finds it too.
    """
    clause = clause_of(item)
    if clause is None:
        return
    case = case_of(item)
    item.extra_keyword_matches.add(case)
    name = f"nnspec.{clause.id.partition('.')[0]}::{case}"
    # pytest has no public way to name a test: up to 9.1 it keeps the name as text, from 9.2 on in parts.
    if hasattr(item, "_id"):
        item._id = type(item._id).parse(name)
    else:
        item._nodeid = name  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Line:
    """A failure in one line, as pytest looks for it; JUnit's attribute ``message`` has it too."""

    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Failure:
    """A failure as pytest prints it: ``text`` in its list of failures, one line in its summaries."""

    text: str
    reprcrash: Line

    @classmethod
    def of(cls, result: Result, text: str) -> Failure:
        """The failure that ended so, with everything that there is to say of it in ``text``."""
        compared = result.comparison
        if compared:
            line = f"{compared['first wrong']}: got {compared['got']}, expected {compared['expected']}"
        else:
            line = next(iter(result.message.splitlines()), result.outcome)
        return cls(text, Line(visible(line)))

    def __str__(self) -> str:
        return self.text

    def toterminal(self, writer: Writer) -> None:
        """Print it."""
        writer.line(self.text)


def without_frames(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
    """pytest's report of how a test ended, failed if there was an error, whose frames it does not print.

    Nobody reads them: a result says it all. pytest takes a tenth of a second to print the frames of one error.
    """
    without_error = copy(call)
    without_error.excinfo = None
    report = pytest.TestReport.from_item_and_call(item, without_error)
    if call.excinfo is not None:
        report.outcome = "failed"
    return report


def skipped(report: pytest.TestReport, item: pytest.Item, why: str) -> pytest.TestReport:
    """The report of a test that was not judged."""
    report.outcome = "skipped"
    report.longrepr = (str(item.path), item.reportinfo()[1] or 0, visible(why))
    return report
