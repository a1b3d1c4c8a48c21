"""What a report says of the failures: a paragraph a cause, then a paragraph for each clause that none explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nnspec.documents.places import by_document
from nnspec.reach.process import STDERR_FOLLOWS
from nnspec.report.record import (
    CHAPTERS,
    FORM,
    IGNORED,
    NOTE,
    TIMED_OUT,
    UNCALLABLE,
    UNDECIDED,
    UNREADABLE,
    Explained,
    Observation,
    Planned,
    Record,
    Result,
)
from nnspec.report.text import LONG, SHORT, counted, visible, visible_lines

OUT_OF_TIME = "The diagnosis ended before it had looked at everything: --diagnose full looks at more."
#: What is said of a cause that no failed test shows alone.
ASKED_ALONE = "The answers to further questions show it; no failed test has this cause alone."
#: Columns of the names beside which the texts stand.
LABELS = 13
#: Mistakes that would give the same numbers, and are named beside the one that was found.
OTHERS = 2
#: Places in the documents that are named for a clause.
SOURCES = 3
#: The chapters in which everything goes wrong by what is wrong in a single call.
RUNS = ("training", "outcomes")
#: Clauses without a cause that have a paragraph; the others are listed by name.
CLAUSES = 5

#: What a paragraph on an observation begins with.
OBSERVED = {
    FORM: "wrong form",
    IGNORED: "ignored",
    UNCALLABLE: "parameters",
    UNREADABLE: "unreadable",
    NOTE: "note",
}
#: What to do about a fault of nnspec.
REPORT = "This is a fault of nnspec, not of the program: please report it with these lines."

#: A failed test.
Failure = tuple[Planned, Result]


@dataclass(frozen=True)
class Paragraph:
    """Rows of a name and a text, and the words of the command that replays the failure."""

    rows: tuple[tuple[str, str], ...]
    replay: tuple[str, ...] = ()


@dataclass
class Cause:
    """What a finding explains: failures that count, and failures of SHOULD clauses that do not."""

    finding: Explained
    failures: list[Failure] = field(default_factory=list)
    should: list[Failure] = field(default_factory=list)


class Writer:
    """Writes the paragraphs of a record; a clause's sentence and sources stand in the first that needs them."""

    def __init__(self, record: Record, *, verbose: bool = False) -> None:
        """verbose: a paragraph for each failed test, with its whole message."""
        self._record = record
        self._verbose = verbose
        self._introduced: set[str] = set()
        self._causes, self._left, self._should = _explained(record)

    def observations(self) -> Iterator[Paragraph]:
        """What was found before the first test, and keeps something from being judged."""
        names = [name for name, _ in self._record.faults()]
        for observation in self._record.observed(FORM, IGNORED, UNCALLABLE, UNREADABLE):
            faults = [name for name in observation.faults if name in names]
            if faults or not observation.faults:
                yield observed(observation, faults)

    def notes(self) -> Iterator[Paragraph]:
        """What was found before the first test, and is no fault."""
        return map(observed, self._record.observed(NOTE))

    def errors(self) -> Iterator[Paragraph]:
        """What is wrong with the run itself."""
        for error in self._record.errors:
            yield Paragraph((words("error", error),))
        if self._record.unreachable:
            yield Paragraph((words("unreachable", self._record.unreachable),))
        if self._record.failed:
            lines = self._lines(f"nnspec itself failed: {self._record.failed}")
            yield Paragraph((("error", "\n".join(lines)), ("fix", REPORT)))

    def _lines(self, text: str) -> list[str]:
        """A message line by line: the whole of it, or its beginning and its end."""
        return visible_lines(text) if self._verbose else visible_lines(text, SHORT, "-v shows more")

    def failures(self) -> Iterator[Paragraph]:
        """What speaks against conformance: causes, then each clause that none explains, or each test if verbose."""
        causes = [cause for cause in self._causes if cause.failures or not cause.should]
        yield from self._paragraphs(causes, self._left, self._record.failures)
        if any(not finding.operation for finding in self._record.findings) and not self._verbose:
            yield Paragraph((("note", OUT_OF_TIME),))

    def undecided(self) -> Iterator[Paragraph]:
        """What came to no end that says anything."""
        yield from self._paragraphs([], self._record.undecided, self._record.undecided)

    def should_failures(self) -> Iterator[Paragraph]:
        """What is wrong, and decides nothing."""
        causes = [cause for cause in self._causes if cause.should and not cause.failures]
        yield from self._paragraphs(causes, self._should, self._record.should_failures)

    def _paragraphs(
        self, causes: Sequence[Cause], left: Sequence[Failure], every: Sequence[Failure]
    ) -> Iterator[Paragraph]:
        yield from map(self._cause, causes)
        if self._verbose:
            for planned, result in every:
                yield self.failure(planned, result)
            return
        out_of_time = any(not finding.operation for finding in self._record.findings)
        groups = _grouped(left)
        if causes:  # whole runs and fits go wrong by the same causes
            groups.sort(key=lambda failures: failures[0][0].chapter in RUNS)
        alone = sum(failures[0][0].chapter not in RUNS for failures in groups)
        shown = min(CLAUSES, 0 if out_of_time else alone) if causes else CLAUSES
        for failures in groups[:shown]:
            yield self._unexplained(failures)
        if rest := groups[shown:]:
            count = sum(map(len, rest))
            names = list(dict.fromkeys(planned.clause for failures in rest for planned, _ in failures))
            more = f"{counted(count, 'failed test')}, of {', '.join(names)}; -v shows every failure"
            yield Paragraph((("not shown", more),))

    def failure(self, planned: Planned, result: Result) -> Paragraph:
        """One failed test."""
        rows = [_head(planned, result), *_numbers(result), *_message(result, visible_lines(result.message))]
        return Paragraph((*rows, *self._clause(planned)), self._replay(planned))

    def _cause(self, cause: Cause) -> Paragraph:
        finding = cause.finding
        failures = [*cause.failures, *cause.should]
        rows = _cause_rows(finding)
        if not failures:
            return Paragraph((*rows, ("note", ASKED_ALONE)))
        planned, result = min(cause.failures or failures, key=lambda failure: _is_far_from(finding, *failure))
        more = len(failures) - 1
        also = [("also", f"{counted(more, 'more test')} for the same reason")] if more else []
        return Paragraph(
            (
                *rows,
                *_numbers(result),
                *_message(result, self._lines(result.message)),
                *self._clause(planned),
                *also,
            ),
            self._replay(planned),
        )

    def _unexplained(self, failures: Sequence[Failure]) -> Paragraph:
        planned, result = failures[0]
        rows = [*_numbers(result), *_message(result, self._lines(result.message)), *self._clause(planned)]
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

    def _replay(self, planned: Planned) -> tuple[str, ...]:
        words = [*self._record.header.replay]
        words[words.index("--select") + 1] = planned.case
        return tuple(words)


def _explained(record: Record) -> tuple[list[Cause], list[Failure], list[Failure]]:
    """Each finding with the failures that it is the first to explain; and those left, of MUST and SHOULD clauses."""
    left = {planned.case: (planned, result) for planned, result in record.failures}
    should = {planned.case: (planned, result) for planned, result in record.should_failures}
    causes = []
    for finding in record.findings:
        cause = Cause(finding)
        for case in finding.cases if finding.wrong else ():
            if case in left:
                cause.failures.append(left.pop(case))
            elif case in should:
                cause.should.append(should.pop(case))
        asked_alone = finding.wrong and not finding.cases  # known from questions, and no test shows it alone
        if cause.failures or cause.should or asked_alone:
            causes.append(cause)
    return causes, [*left.values()], [*should.values()]


def _cause_rows(finding: Explained) -> list[tuple[str, str]]:
    """What is wrong, what else may be, and how to fix it."""
    names = f" ({' and '.join(finding.names)})" if finding.names else ""
    rows = [("mistake" if finding.fix else "relation", " ".join(finding.wrong) + names)]
    rows += [("or", other) for other in finding.others[:OTHERS]]
    return rows + [("fix", fix) for fix in finding.fix]


def observed(observation: Observation, faults: Sequence[str] = ()) -> Paragraph:
    """What was found, how to fix it, and the names by which it may be a known failure."""
    rows = [(OBSERVED[observation.kind], observation.message), ("fix", observation.fix)]
    rows += [("name", ", ".join(faults))]
    return Paragraph(tuple(words(name, text) for name, text in rows if text))


def words(name: str, text: str) -> tuple[str, str]:
    """Somebody else's words beside a name."""
    return name, "\n".join(visible_lines(text))


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
    if result.outcome in UNDECIDED:
        return [("message", result.outcome)]
    return [("message", result.message.partition(STDERR_FOLLOWS)[0])]


def _head(planned: Planned, result: Result) -> tuple[str, str]:
    """Which test failed, and how."""
    if len(result.outcome) < LABELS:
        return result.outcome, planned.case
    return "failed", f"{planned.case} ({result.outcome})"


def _numbers(result: Result) -> list[tuple[str, str]]:
    """The first wrong quantity, what was answered and what was expected."""
    compared = {name: visible(text, LONG[0]) for name, text in result.comparison.items()}
    if not compared:
        return []
    wrong, tolerance = compared.pop("wrong", ""), compared.pop("tolerance", "")
    if wrong:
        compared["first wrong"] += f" ({wrong} wrong)"
    if tolerance:
        compared["expected"] += f" {tolerance}" if tolerance.startswith("±") else f"; {tolerance}"
    return list(compared.items())


def _message(result: Result, lines: Sequence[str]) -> list[tuple[str, str]]:
    """What happened instead of an answer, in the implementation's own words if it has any."""
    rows = [("because", "\n".join(lines))] if lines else []
    if result.outcome == TIMED_OUT:
        rows.append(("fix", "If the program is correct but slow, give it longer: --call-timeout SECONDS."))
    return rows
