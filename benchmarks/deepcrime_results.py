"""What nnspec says of the mutants of deepcrime_mutants.py, and whether it is true by deepcrime_truth.toml."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TRUTH = Path(__file__).parent / "deepcrime_truth.toml"

#: What nnspec says of a program or of a log, by what is true of it.
NAMED, PARTLY, WRONG, UNEXPLAINED = "named", "also a wrong sentence", "wrong sentences only", "unexplained"
RIGHTLY, MISSED = "rightly accepted", "accepted"
#: Of a log alone: it is the right program's, digit for digit; it is too short to be judged.
SAME, SHORT = "the right log", "too short"
#: What a report names beside its claim, as giving the same numbers, begins with this.
OR = "or "
#: The outcomes in which there was something to name.
TO_NAME = (NAMED, PARTLY, WRONG, UNEXPLAINED, MISSED)


@dataclass(frozen=True)
class Log:
    """What ``nnspec trace`` says of a printed log; end: "wrong", "accepted", SAME or SHORT."""

    end: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mutant:
    """What ``nnspec check`` says of a mutant, and ``nnspec trace`` of its logs, by experiment.

    failed: how many tests failed; sentences: "OPERATION: …", as the report has them, or "or OPERATION: …" for what it
    says would give the same numbers; names: those of mistakes;
    observed: how many of the sentences, the first ones, are about arguments and forms, which come before the tests.
    """

    refused: bool
    failed: int
    sentences: tuple[str, ...]
    names: tuple[str, ...] = ()
    observed: int = 0
    logs: Mapping[str, Log] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Mutant:
        """From what was stored."""
        logs = {name: Log(log["end"], tuple(log["sentences"])) for name, log in stored["logs"].items()}
        sentences, names = tuple(stored["sentences"]), tuple(stored["names"])
        return cls(stored["refused"], stored["failed"], sentences, names, stored.get("observed", 0), logs)


@dataclass
class Results:
    """All mutants, and what measured them: the versions, and whether all tests were used or the quick ones."""

    made: dict[str, str]
    mutants: dict[str, Mutant] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Results:
        """The results that were stored in a file."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["made"], {name: Mutant.read(mutant) for name, mutant in stored["mutants"].items()})

    def write(self, path: Path) -> None:
        """Store them."""
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="utf-8")


@dataclass(frozen=True)
class Truth:
    """What is true of a mutant: the expressions of its sentences; accepted: why it may be accepted, or nothing."""

    expressions: tuple[re.Pattern[str], ...]
    accepted: str = ""

    def holds(self, sentence: str) -> bool:
        """Whether the sentence is true of the mutant, as far as the table knows."""
        return any(expression.search(sentence.removeprefix(OR)) for expression in self.expressions)

    def wrong(self, sentences: Iterable[str]) -> list[str]:
        """The claims that are not known to be true; that others would give the same numbers is no claim."""
        return [each for each in sentences if not each.startswith(OR) and not self.holds(each)]

    def outcome(self, sentences: Iterable[str]) -> str:
        """Whether something true was named, and something wrong."""
        sentences = list(sentences)
        if not sentences:
            return UNEXPLAINED
        if not self.wrong(sentences):
            return NAMED
        return PARTLY if any(map(self.holds, sentences)) else WRONG


@cache
def truths() -> dict[str, Truth]:
    """The table, by mutant."""
    table = tomllib.loads(TRUTH.read_text(encoding="utf-8"))
    words: dict[str, str] = table.pop("words")
    return {name: _truth(entry, words) for name, entry in table.items()}


def _truth(entry: Mapping[str, Any], words: Mapping[str, str]) -> Truth:
    """An entry of the table, with the words of the table in place of {word}."""
    expressions = []
    for text in (*entry["true"], *entry.get("looked", [])):
        for word, stands_for in words.items():
            text = text.replace(f"{{{word}}}", stands_for)
        expressions.append(re.compile(text, re.IGNORECASE | re.DOTALL))
    return Truth(tuple(expressions), entry.get("accepted", ""))


def of_check(name: str, mutant: Mutant) -> str:
    """The outcome of the check of a mutant."""
    truth = truths()[name]
    if not mutant.refused:
        return RIGHTLY if truth.accepted else MISSED
    return truth.outcome(mutant.sentences)


def of_log(name: str, log: Log) -> str:
    """The outcome of judging a log of a mutant."""
    if log.end in (SAME, SHORT):
        return log.end
    return truths()[name].outcome(log.sentences) if log.end == "wrong" else MISSED


def wrong_sentences(results: Results) -> Iterator[tuple[str, str]]:
    """Every mutant and sentence that the table does not know to be true."""
    for name, mutant in results.mutants.items():
        said = [*mutant.sentences, *(each for log in mutant.logs.values() for each in log.sentences)]
        for sentence in truths()[name].wrong(said):
            yield name, sentence


def checks(results: Results) -> Counter[str]:
    """How many checks came to each outcome."""
    return Counter(of_check(name, mutant) for name, mutant in results.mutants.items())


def logs(results: Results, experiment: str = "") -> Counter[str]:
    """How many logs came to each outcome, of an experiment or of all."""
    return Counter(
        of_log(name, log)
        for name, mutant in results.mutants.items()
        for run, log in mutant.logs.items()
        if run == experiment or not experiment
    )


def begins_elsewhere_alone(results: Results) -> int:
    """How many logs are named by no more than that they begin elsewhere."""
    found = (log.sentences for mutant in results.mutants.values() for log in mutant.logs.values())
    return sum(any(": the log begins elsewhere" in sentence for sentence in said) for said in found)


def observed_alone(results: Results) -> int:
    """How many mutants are named by sentences about arguments and forms alone."""
    return sum(
        of_check(name, mutant) == NAMED and mutant.observed == len(mutant.sentences)
        for name, mutant in results.mutants.items()
    )


def share(outcomes: Counter[str]) -> str:
    """How many were named of those with something to name, as in "45 of 50 (90 %)"."""
    among = sum(outcomes[outcome] for outcome in TO_NAME)
    return f"{outcomes[NAMED]} of {among}" + (f" ({100 * outcomes[NAMED] / among:.0f} %)" if among else "")
