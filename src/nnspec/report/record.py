"""The one record of results, a JSON object a line, from which every report is made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TextIO

#: The chapters of the specification, each resting on those before it.
CHAPTERS = ("data", "functions", "losses", "gradients", "updates", "training", "outcomes", "calls")

PASSED = "passed"
FAILED = "failed"
UNSUPPORTED = "unsupported"
LOWER_PRECISION = "lower precision"
EXPECTED = "expected to fail"
CRASHED = "crashed"
TIMED_OUT = "timed out"
NO_MESSAGE = "no message"

#: Every way a case can end, in the order of the verdict's columns.
OUTCOMES = (PASSED, FAILED, LOWER_PRECISION, UNSUPPORTED, EXPECTED, CRASHED, TIMED_OUT, NO_MESSAGE)
#: Those that speak against conformance.
FAILURES = (FAILED, LOWER_PRECISION, CRASHED, TIMED_OUT, NO_MESSAGE)


@dataclass(frozen=True)
class Planned:
    """A test of a clause; ``case`` is clause:test[parameters], which is what --select takes."""

    case: str
    clause: str
    sentence: str
    level: str
    sources: tuple[str, ...]

    @property
    def chapter(self) -> str:
        """The first half of the clause's id."""
        return self.clause.partition(".")[0]


@dataclass(frozen=True)
class Result:
    """How a case ended: ``message`` says why it did not pass, ``seconds`` what it took."""

    case: str
    outcome: str
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Explained:
    """What explains wrong answers of an operation; of none, where the time was up before all were explained.

    cases: the tests whose numbers it explains; names: of mistakes of the catalogue; wrong, fix: a sentence for each,
    or one on how the answers relate to the right ones, or nothing where they are unexplained; others: sentences on
    mistakes that would have given the same numbers.
    """

    operation: str
    cases: tuple[str, ...]
    names: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Explained:
        """From a line of the record."""
        operation, *lists = (told[part.name] for part in fields(cls))
        return cls(operation, *map(tuple, lists))


@dataclass
class Record:
    """A run: what was planned, what came of it, and what was wrong with the run itself.

    budget: the seconds that it had, if they were spent before its end.
    """

    target: str = ""
    implementation: str = ""
    replay: str = ""
    seed: int = 0
    planned: list[Planned] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    findings: list[Explained] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    unreachable: str = ""
    finished: bool = False
    quick: bool = False
    budget: float | None = None

    @classmethod
    def read(cls, path: Path) -> Record:
        """The record that was written to a file."""
        record = cls()
        for line in path.read_text(encoding="utf-8").splitlines():
            record.add(json.loads(line))
        return record

    @property
    def counts(self) -> Counter[str]:
        """How many cases ended in each way."""
        return Counter(result.outcome for result in self.results)

    @property
    def failures(self) -> list[tuple[Planned, Result]]:
        """The cases that speak against conformance."""
        by_case = {planned.case: planned for planned in self.planned}
        return [(by_case[result.case], result) for result in self.results if result.outcome in FAILURES]

    @property
    def not_reached(self) -> list[Planned]:
        """Planned cases of which nothing came."""
        reached = {result.case for result in self.results}
        return [planned for planned in self.planned if planned.case not in reached]

    @property
    def reasons(self) -> list[str]:
        """Why the implementation does not conform; empty where it does."""
        told = list(self.errors)
        if self.unreachable:
            told.append("the implementation could not be reached")
        elif not self.finished:
            told.append("the run ended before its end")
        if self.failures:
            told.append(f"{len(self.failures)} of {len(self.planned)} tests failed")
        if self.finished and self.not_reached and self.budget is None:
            told.append(f"{len(self.not_reached)} planned tests were not run")
        if self.finished and not self.counts[PASSED]:
            told.append("no test passed, and no test run means no conformance")
        return told

    @property
    def exit_code(self) -> int:
        """0: conforms; 1: does not; 3: could not be reached."""
        return 3 if self.unreachable else 1 if self.reasons else 0

    def add(self, event: Mapping[str, Any]) -> None:
        """Take up one line of the record."""
        kind = event["event"]
        if kind == "start":
            self.target, self.implementation = event["target"], event["implementation"]
            self.replay, self.seed, self.quick = event["replay"], event["seed"], event["quick"]
            self.planned = [
                Planned(**{**told, "sources": tuple(told["sources"])}) for told in event["planned"]
            ]
        elif kind == "result":
            self.results.append(Result(**event["result"]))
        elif kind == "findings":
            self.findings = [Explained.read(told) for told in event["findings"]]
        elif kind == "error":
            self.errors.append(event["message"])
        elif kind == "unreachable":
            self.unreachable = event["message"]
        elif kind == "end":
            self.finished, self.budget = True, event["budget"]


class Recorder:
    """Keeps the record of this run, and writes it line by line where a file is expected."""

    def __init__(self, path: Path | None) -> None:
        """``path``: the file to write, or None."""
        self.record = Record()
        self._file: TextIO | None = path.open("w", encoding="utf-8", buffering=1) if path else None

    def start(
        self,
        *,
        target: str,
        implementation: str,
        replay: str,
        seed: int,
        quick: bool,
        planned: Iterable[Planned],
    ) -> None:
        """What is to be run, against what; ``replay`` is the command that --select is added to."""
        self._event(
            "start",
            target=target,
            implementation=implementation,
            replay=replay,
            seed=seed,
            quick=quick,
            planned=[asdict(case) for case in planned],
        )

    def result(self, result: Result) -> None:
        """One case has ended."""
        self._event("result", result=asdict(result))

    def findings(self, found: Iterable[Explained]) -> None:
        """What explains the wrong answers, the first quantity first."""
        self._event("findings", findings=[asdict(each) for each in found])

    def error(self, message: str) -> None:
        """Something is wrong with the run itself."""
        self._event("error", message=message)

    def unreachable(self, message: str) -> None:
        """The implementation could not be talked to."""
        self._event("unreachable", message=message)

    def end(self, budget: float | None = None) -> None:
        """Every planned case has ended, or the budget has."""
        self._event("end", budget=budget)
        if self._file:
            self._file.close()

    def _event(self, kind: str, **told: Any) -> None:
        event = {"event": kind, **told}
        self.record.add(event)
        if self._file:
            self._file.write(json.dumps(event) + "\n")
