"""What a report says of the failures: a paragraph a cause, then a paragraph for each clause that none explains."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nnspec.documents.places import by_document
from nnspec.reach.process import STDERR_FOLLOWS
from nnspec.report.record import CHAPTERS, TIMED_OUT, Explained, Planned, Record, Result
from nnspec.report.text import counted, visible

OUT_OF_TIME = "The diagnosis ran out of time before it had looked at all failures."
#: Columns of the names beside which the texts stand.
LABELS = 13
#: Lines of an implementation's own message that are shown unless all are asked for.
MESSAGE_LINES = 5
#: Mistakes that would give the same numbers, and are named beside the one that was found.
OTHERS = 2
#: Places in the documents that are named for a clause.
SOURCES = 3
#: Characters of a line of an implementation's message that are shown unless all are asked for.
MESSAGE_WIDTH = 200
#: Clauses without a cause that have a paragraph; the others are listed by name.
CLAUSES = 5

#: A failed test.
Failure = tuple[Planned, Result]


@dataclass(frozen=True)
class Paragraph:
    """Rows of a name and a text, and the command that replays the failure."""

    rows: tuple[tuple[str, str], ...]
    replay: str = ""


class Writer:
    """Writes the paragraphs of a record; a clause's sentence and sources stand in the first that needs them."""

    def __init__(self, record: Record) -> None:
        """Nothing has been written yet."""
        self._record = record
        self._introduced: set[str] = set()

    def every_failure(self) -> Iterator[Paragraph]:
        """A paragraph for each cause, then each failed test with its whole message."""
        for finding, failures in self._causes():
            yield self._cause(finding, failures, whole=True)
        for planned, result in self._record.failures:
            yield self.failure(planned, result)

    def causes(self) -> Iterator[Paragraph]:
        """A paragraph for each cause, then for each clause that no cause explains."""
        left = {planned.case: (planned, result) for planned, result in self._record.failures}
        for finding, failures in self._causes():
            yield self._cause(finding, failures)
            for planned, _ in failures:
                del left[planned.case]
        out_of_time = any(not finding.operation for finding in self._record.findings)
        groups = _grouped(left.values())
        shown = 0 if out_of_time and len(left) < len(self._record.failures) else CLAUSES
        for failures in groups[:shown]:
            yield self._unexplained(failures)
        if rest := groups[shown:]:
            count = sum(map(len, rest))
            names = list(dict.fromkeys(planned.clause for failures in rest for planned, _ in failures))
            more = f"{counted(count, 'failed test')}, of {', '.join(names)}; -v shows every failure"
            yield Paragraph((("not shown", more),))
        if out_of_time:
            yield Paragraph((("note", OUT_OF_TIME),))

    def _causes(self) -> Iterator[tuple[Explained, list[Failure]]]:
        """Each finding that explains something, with the failures that it is the first to explain."""
        left = {planned.case: (planned, result) for planned, result in self._record.failures}
        for finding in self._record.findings:
            failures = [left.pop(case) for case in finding.cases if finding.wrong and case in left]
            if failures:
                yield finding, failures

    def failure(self, planned: Planned, result: Result) -> Paragraph:
        """One failed test."""
        rows = [_head(planned, result), *_numbers(result), *_message(result, whole=True)]
        return Paragraph((*rows, *self._clause(planned)), self._replay(planned))

    def _cause(self, finding: Explained, failures: Sequence[Failure], *, whole: bool = False) -> Paragraph:
        planned, result = min(failures, key=lambda failure: _is_far_from(finding, *failure))
        names = f" ({' and '.join(finding.names)})" if finding.names else ""
        rows = [("mistake" if finding.names else "relation", " ".join(finding.wrong) + names)]
        rows += [("or", other) for other in finding.others[:OTHERS]]
        rows += [("fix", fix) for fix in finding.fix]
        more = len(failures) - 1
        also = [("also", f"{counted(more, 'more test')} for the same reason")] if more else []
        return Paragraph(
            (*rows, *_numbers(result), *_message(result, whole=whole), *self._clause(planned), *also),
            self._replay(planned),
        )

    def _unexplained(self, failures: Sequence[Failure]) -> Paragraph:
        planned, result = failures[0]
        rows = [*_numbers(result), *_message(result), *self._clause(planned)]
        if more := len(failures) - 1:
            rows.append(
                ("also", f"{counted(more, 'more test')} of the same clause, or with the same message")
            )
        return Paragraph((_head(planned, result), *rows), self._replay(planned))

    def _clause(self, planned: Planned) -> list[tuple[str, str]]:
        """What the clause says and where that stands, the first time; then its id alone."""
        level = "" if planned.level == "MUST" else f" ({planned.level}: no document states it)"
        if planned.clause in self._introduced:
            return [("clause", f"{planned.clause}{level}")]
        self._introduced.add(planned.clause)
        rows = [("clause", f"{planned.clause}{level}: {planned.sentence}")]
        sources = "; ".join(
            f"{name} {', '.join(found)}" for name, found in by_document(planned.sources[:SOURCES])
        )
        more = len(planned.sources) - SOURCES
        sources += f" and {more} more" if more > 0 else ""
        return rows + ([("source", sources)] if sources else [])

    def _replay(self, planned: Planned) -> str:
        words = [*self._record.header.replay]
        words[words.index("--select") + 1] = planned.case
        return shlex.join(words)


def _is_far_from(finding: Explained, planned: Planned, result: Result) -> tuple[bool, bool]:
    """Tests of the clause that the mistake breaks come first, and those that compare numbers."""
    return planned.clause not in finding.clauses, not result.comparison


def _grouped(failures: Iterable[Failure]) -> list[list[Failure]]:
    """Failures of a clause together, and those with the same message; in the order of the specification."""
    groups: list[list[Failure]] = []
    known: dict[tuple[str, str], list[Failure]] = {}
    for planned, result in sorted(failures, key=lambda failure: CHAPTERS.index(failure[0].chapter)):
        keys = [("clause", planned.clause), *_message_keys(result)]
        group = next((known[key] for key in keys if key in known), None)
        if group is None:
            group = []
            groups.append(group)
        group.append((planned, result))
        known.update(dict.fromkeys(keys, group))
    return groups


def _message_keys(result: Result) -> list[tuple[str, str]]:
    """What the message has in common with others: not what was on stderr, nor how long a call took."""
    if result.comparison or not result.message:
        return []
    if result.outcome == TIMED_OUT:
        return [("message", TIMED_OUT)]
    return [("message", result.message.partition(STDERR_FOLLOWS)[0])]


def _head(planned: Planned, result: Result) -> tuple[str, str]:
    """Which test failed, and how."""
    if len(result.outcome) < LABELS:
        return result.outcome, planned.case
    return "failed", f"{planned.case} ({result.outcome})"


def _numbers(result: Result) -> list[tuple[str, str]]:
    """The first wrong quantity, what was answered and what was expected."""
    compared = dict(result.comparison)
    if not compared:
        return []
    wrong, tolerance = compared.pop("wrong", ""), compared.pop("tolerance", "")
    if wrong:
        compared["first wrong"] += f" ({wrong} wrong)"
    if tolerance:
        compared["expected"] += f" {tolerance}"
    return list(compared.items())


def _message(result: Result, *, whole: bool = False) -> list[tuple[str, str]]:
    """What happened instead of an answer, in the implementation's own words if it has any."""
    lines = [visible(line) for line in result.message.splitlines()]
    if not whole:
        lines = [line if len(line) <= MESSAGE_WIDTH else f"{line[:MESSAGE_WIDTH]}…" for line in lines]
    if not whole and len(lines) > MESSAGE_LINES:
        shown = MESSAGE_LINES - 2
        left_out = len(lines) - 1 - shown
        lines = [lines[0], f"… ({counted(left_out, 'line')} left out; -v shows all)", *lines[-shown:]]
    rows = [("because", "\n".join(lines))] if lines else []
    if result.outcome == TIMED_OUT:
        rows.append(("fix", "If the program is correct but slow, give it longer: --call-timeout SECONDS."))
    return rows
