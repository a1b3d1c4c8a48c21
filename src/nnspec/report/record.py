"""The one record of results, a JSON object a line, from which every report is made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnspec.documents.places import Source
from nnspec.report.faults import form_fault, ignored_fault

if TYPE_CHECKING:
    from nnspec.contract.operations import Description
    from nnspec.reach.options import Options

#: The chapters of the specification, each resting on those before it.
CHAPTERS = ("data", "functions", "losses", "gradients", "updates", "training", "outcomes", "calls")

PASSED = "passed"
FAILED = "failed"
UNSUPPORTED = "unsupported"
LOWER_PRECISION = "lower precision"
EXPECTED = "known failure"
CRASHED = "crashed"
TIMED_OUT = "timed out"
NO_MESSAGE = "invalid message"
OUT_OF_MEMORY = "out of memory"
NOT_JUDGED = "not judged"

#: The outcomes that speak against conformance, in a test of a clause that counts.
FAILURES = (FAILED, LOWER_PRECISION, CRASHED, NO_MESSAGE)
#: The outcomes that say nothing: slow is not wrong.
UNDECIDED = (TIMED_OUT, OUT_OF_MEMORY)
#: Every way a case can end, in the order of the table's columns.
OUTCOMES = (PASSED, *FAILURES, *UNDECIDED, EXPECTED, NOT_JUDGED, UNSUPPORTED)
#: The column of failed tests of SHOULD clauses, which decide nothing without --strict.
SHOULD_FAILED = "SHOULD failed"
#: A verdict needs that at least one of these operations was judged.
CORE = ("gradients", "train", "fit")

#: Kinds of lines that say only that the run goes on.
ALIVE, CALLING = "alive", "calling"


@dataclass(frozen=True)
class Planned:
    """A test of a clause; ``case`` is clause:test[parameters], which is what --select takes.

    operations: those that the clause needs.
    """

    case: str
    clause: str
    sentence: str
    level: str
    sources: tuple[Source, ...]
    operations: tuple[str, ...] = ()

    @property
    def chapter(self) -> str:
        """The first half of the clause's id."""
        return self.clause.partition(".")[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that select the case, from the narrowest to the widest."""
        return self.case, self.case.partition("[")[0], self.clause, self.chapter

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Planned:
        """From a line of the record."""
        sources = tuple(Source(**source) for source in stored["sources"])
        return cls(**{**stored, "sources": sources, "operations": tuple(stored["operations"])})


@dataclass(frozen=True)
class Result:
    """How a case ended, and in how many ``seconds``.

    comparison: for a wrong answer, what was compared, by name: the first wrong quantity, got, expected, tolerance;
    message: for any other end, why the case did not pass; operations: those that were called and answered; declined:
    the operation that the program itself refused.
    """

    case: str
    outcome: str
    message: str = ""
    comparison: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    operations: tuple[str, ...] = ()
    declined: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Result:
        """From a line of the record."""
        return cls(**{**stored, "operations": tuple(stored["operations"])})


#: Kinds of observations: each of the first two is one failure, the third is no fault; where an operation cannot be
#: called, or numbers be read, nothing is known to be wrong.
FORM, IGNORED, NOTE = "form", "ignored argument", "note"
UNCALLABLE, UNREADABLE = "wrong parameters", "unreadable numbers"


@dataclass(frozen=True)
class Observation:
    """What was found of an operation before the first clause; ``kind`` is one of those above.

    message: what is wrong, in a sentence; fix: what to do, in a sentence; arguments: those that are ignored.
    """

    kind: str
    operation: str
    message: str
    fix: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """The names of what is wrong, of which there is one for each argument that is ignored; () if nothing is."""
        if self.kind == FORM:
            return (form_fault(self.operation),)
        if self.kind == IGNORED:
            return tuple(ignored_fault(self.operation, argument) for argument in self.arguments or ("",))
        return ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Observation:
        """From a line of the record."""
        return cls(**{**stored, "arguments": tuple(stored["arguments"])})


@dataclass(frozen=True)
class Explained:
    """What explains wrong answers of an operation; operation is "" if time ran out before all were explained.

    cases: the tests whose numbers it explains; names: mistakes of the catalogue; wrong, fix: a sentence for each
    mistake, or one sentence on how the answers relate to the right ones, or nothing if they are unexplained; others:
    sentences on mistakes that would have given the same numbers; clauses: the clauses that the mistakes break.
    """

    operation: str
    cases: tuple[str, ...]
    names: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Explained:
        """From a line of the record."""
        operation, *lists = (stored[part.name] for part in fields(cls))
        return cls(operation, *map(tuple, lists))


@dataclass(frozen=True)
class Header:
    """What is checked, and how.

    implementation: its name and version as ``describe`` gives them; precision: "" if it is not known yet;
    document: "" for all; replay: the words of the command that runs one case, for which CASE stands after --select;
    select: what --select named; require: the operations that must be judged; known_failures: names and reasons.
    """

    target: str = ""
    implementation: str = ""
    precision: str = ""
    document: str = ""
    replay: tuple[str, ...] = ()
    seed: int = 0
    quick: bool = False
    select: tuple[str, ...] = ()
    version: str = ""
    strict: bool = False
    require: tuple[str, ...] = ()
    known_failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_command(self) -> bool:
        """Whether a command is checked, and not a Python object."""
        return "--" in self.replay

    @classmethod
    def of(cls, options: Options, description: Description | None = None) -> Header:
        """The header of a run; ``description`` is None before the implementation was reached."""
        return cls(
            target=options.implementation,
            implementation=f"{description.name} {description.version}".strip() if description else "",
            precision=(options.precision or description.precision) if description else "",
            document=options.document or "",
            replay=options.replay,
            seed=options.seed,
            quick=options.quick,
            select=options.select,
            version=version("nnspec"),
            strict=options.strict,
            require=options.require,
        )

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Header:
        """From a line of the record."""
        return cls(**{**stored, **{name: tuple(stored[name]) for name in ("replay", "select", "require")}})


@dataclass
class Record:
    """A run: what was planned, what came of it, and what was wrong with the run itself.

    absent: names of faults that were looked for before the first test, and not found;
    budget: the seconds that it had, if they were spent before its end; cut: what they ended in, in words; interrupted:
    the signal that ended it; failed: how nnspec itself failed; calling: the operation that is called now, and its time
    limit in seconds.
    """

    header: Header = field(default_factory=Header)
    planned: list[Planned] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    findings: list[Explained] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unreachable: str = ""
    finished: bool = False
    budget: float | None = None
    cut: str = ""
    interrupted: str = ""
    failed: str = ""
    calling: tuple[str, float] | None = None

    @classmethod
    def read(cls, path: Path) -> Record:
        """The record that was written to a file."""
        record = cls()
        for line in path.read_text(encoding="utf-8").splitlines():
            record.add(json.loads(line))
        return record

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Each case that has ended, and the column that counts it."""
        should = {planned.case for planned, _ in self.should_failures}
        return [(end.case, SHOULD_FAILED if end.case in should else end.outcome) for end in self.results]

    def decides(self, planned: Planned) -> bool:
        """Whether a failure of this case counts."""
        return planned.level == "MUST" or self.header.strict

    @property
    def counts(self) -> Counter[str]:
        """How many cases are in each column."""
        return Counter(column for _, column in self.columns)

    @property
    def failures(self) -> list[tuple[Planned, Result]]:
        """The cases that speak against conformance."""
        return [(planned, result) for planned, result in self._ended(FAILURES) if self.decides(planned)]

    @property
    def should_failures(self) -> list[tuple[Planned, Result]]:
        """The failed cases of SHOULD clauses that decide nothing; none under --strict."""
        return [(planned, result) for planned, result in self._ended(FAILURES) if not self.decides(planned)]

    @property
    def undecided(self) -> list[tuple[Planned, Result]]:
        """The cases that timed out or needed too much memory."""
        return self._ended(UNDECIDED)

    def _ended(self, outcomes: Iterable[str]) -> list[tuple[Planned, Result]]:
        by_case = {planned.case: planned for planned in self.planned}
        return [(by_case[result.case], result) for result in self.results if result.outcome in outcomes]

    @property
    def not_reached(self) -> list[Planned]:
        """Planned cases that have no result."""
        reached = {result.case for result in self.results}
        return [planned for planned in self.planned if planned.case not in reached]

    def observed(self, *kinds: str) -> list[Observation]:
        """The observations of these kinds."""
        return [observation for observation in self.observations if observation.kind in kinds]

    def faults(self, *kinds: str, known: bool = False) -> list[tuple[str, Observation]]:
        """What is wrong with forms and arguments, by name; known: what is a known failure, in place of the rest."""
        return [
            (name, observation)
            for observation in self.observed(*(kinds or (FORM, IGNORED)))
            for name in observation.faults
            if (name in self.header.known_failures) == known
        ]

    @property
    def judged(self) -> set[str]:
        """The operations that were called in a test of a MUST clause that passed."""
        return {
            operation
            for planned, result in self._ended((PASSED,))
            if planned.level == "MUST"
            for operation in result.operations
        }

    @property
    def required_not_judged(self) -> list[str]:
        """The operations that --require names, and that were not judged."""
        return [operation for operation in self.header.require if operation not in self.judged]

    @property
    def declined(self) -> list[str]:
        """The operations that the program offers, and refused although its describe does not leave out the case.

        A command that never answers one does not offer it: "method not found" is all that it can say.
        """
        answered = {operation for result in self.results for operation in result.operations}
        refused = dict.fromkeys(result.declined for result in self.results if result.declined)
        return [name for name in refused if name in answered or not self.header.is_command]

    @property
    def wrong(self) -> list[str]:
        """What speaks against conformance."""
        reasons = list(self.errors)
        if self.failures:
            reasons.append(f"{len(self.failures)} of {len(self.planned)} tests failed")
        if faults := self.faults():
            reasons.append(f"{len(faults)} faults were found before the first test")
        return [] if self.unreachable else reasons

    @property
    def unsettled(self) -> list[str]:
        """Why too little was judged to say that the implementation conforms."""
        missing = self.required_not_judged
        reasons = {
            "nnspec itself failed": self.failed,
            "the implementation could not be reached": self.unreachable,
            f"the run was interrupted by {self.interrupted}": self.interrupted,
            "the run ended early": not (self.finished or self.interrupted or self.unreachable),
            f"{len(self.not_reached)} planned tests were not reached": self.not_reached,
            f"{len(self.undecided)} tests timed out or ran out of memory": self.undecided,
            "operations cannot be called": self.observed(UNCALLABLE),
            "numbers or messages are unreadable": self.observed(UNREADABLE),
            "no test passed": not self.counts[PASSED],
            f"none of {', '.join(CORE)} was judged": not self.judged.intersection(CORE),
            f"required, but not judged: {', '.join(missing)}": missing,
        }
        return [reason for reason, holds in reasons.items() if holds]

    @property
    def reasons(self) -> list[str]:
        """Why the verdict is not CONFORMS; empty if it is."""
        return [*self.wrong, *self.unsettled]

    @property
    def exit_code(self) -> int:
        """0: conforms; 1: does not; 3: too little was judged; 4: nnspec itself failed."""
        return 4 if self.failed else 1 if self.wrong else 3 if self.unsettled else 0

    def add(self, event: Mapping[str, Any]) -> None:
        """Add one line of the record."""
        kind = event["event"]
        if kind == "start":
            self.header = Header.read(event["header"])
            self.planned = [Planned.read(planned) for planned in event["planned"]]
        elif kind == "result":
            self.results.append(Result.read(event["result"]))
        elif kind == "planned":
            self.planned.append(Planned.read(event["planned"]))
        elif kind == "outside":
            self.planned = [planned for planned in self.planned if planned.case != event["case"]]
        elif kind == "observation":
            self.observations.append(Observation.read(event["observation"]))
        elif kind == "absent":
            self.absent = event["names"]
        elif kind == "later":
            self.planned.sort(key=lambda planned: planned.case in event["cases"])
        elif kind == "findings":
            self.findings = [Explained.read(finding) for finding in event["findings"]]
        elif kind == "error":
            self.errors.append(event["message"])
        elif kind == "failed":
            self.failed = self.failed or event["message"]
        elif kind == "unreachable":
            self.unreachable = event["message"]
        elif kind == CALLING:
            self.calling = event["operation"], event["seconds"]
        elif kind == "end":
            self.finished, self.budget, self.cut = True, event["budget"], event["cut"]
        elif kind != ALIVE:
            raise ValueError(f"unknown event {kind!r}")
