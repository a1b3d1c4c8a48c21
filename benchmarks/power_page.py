"""docs/power-matrix.md: which clause refuses which mistake, for people to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nnspec.coverage import SECTIONS
from nnspec.mistakes import Mistake, catalogue
from nnspec.report.record import CHAPTERS
from nnspec.specification.chapters import entries

#: In the specification's order.
CLAUSES = [entry.clause.id for entry in entries()]


@dataclass(frozen=True)
class Power:
    """Which cases refuse which mistakes.

    refused: for each mistake, the cases that refuse it; operations: for each case, the operations that it calls;
    alike: for some clauses, a mistake that the clause alone refuses in a program with the fewest operations, if
    the reference makes the mistake too.
    """

    refused: Mapping[str, set[str]]
    operations: Mapping[str, set[str]]
    alike: Mapping[str, str] = field(default_factory=dict)

    def clauses(self, mistake: str, cases: Collection[str] | None = None) -> set[str]:
        """The clauses that refuse a mistake, by any case or by one of these."""
        return {clause_of(case) for case in self.refused[mistake] if cases is None or case in cases}

    @cached_property
    def needed_for(self) -> dict[str, str]:
        """For each clause, what no other clause does; "" if there is nothing."""
        return {
            clause: self.alone(clause) or self._shared_with_the_reference(clause) or statement(clause)
            for clause in CLAUSES
        }

    @property
    def needless(self) -> list[str]:
        """The clauses that nothing shows to be needed."""
        return [clause for clause, reason in self.needed_for.items() if not reason]

    def alone(self, clause: str) -> str:
        """The mistakes that no other clause refuses, or one that no other refuses in a program with few operations."""
        only = [name for name in self.refused if self.clauses(name) == {clause}]
        return f"alone refuses {', '.join(only)}" if only else self._alone_of_few(clause)

    def _alone_of_few(self, clause: str) -> str:
        """A mistake that no other clause refuses in a program with only some operations, as few as possible."""
        for case in self._own(clause):
            few = self.operations[case]
            asked = self.asked_of(few)
            for name, cases in self.refused.items():
                if case in cases and self.clauses(name, asked) == {clause}:
                    return f"in a program that has only {enumeration(few)}, alone refuses {name}"
        return ""

    def _shared_with_the_reference(self, clause: str) -> str:
        """A mistake that no other clause refuses in such a program if the reference makes it too."""
        if clause not in self.alike:
            return ""
        few, name = enumeration(self.fewest(clause)), self.alike[clause]
        return f"in a program that has only {few}, alone refuses {name} if the reference makes it too"

    def candidates(self, clause: str) -> list[str]:
        """The mistakes that the clause refuses in a program with the fewest operations, the least refused first."""
        asked = self.asked_of(self.fewest(clause))
        refusing = {name: self.clauses(name, asked) for name in self.refused}
        found = [name for name, clauses in refusing.items() if clause in clauses]
        return sorted(found, key=lambda name: len(refusing[name]))

    def _own(self, clause: str) -> list[str]:
        """The clause's cases, those with the fewest operations first."""
        own = (case for case in self.operations if clause_of(case) == clause)
        return sorted(own, key=lambda case: (len(self.operations[case]), case))

    def fewest(self, clause: str) -> set[str]:
        """The operations of the clause's case that has the fewest."""
        return self.operations[self._own(clause)[0]]

    def asked_of(self, few: set[str]) -> set[str]:
        """The cases that apply to a program with only these operations."""
        return {case for case, operations in self.operations.items() if operations <= few}


def clause_of(case: str) -> str:
    """The clause that a case belongs to."""
    return case.partition(":")[0]


def statement(clause: str) -> str:
    """A statement of a document that no other clause covers."""
    for sections in SECTIONS.values():
        for section in sections:
            for each in section.statements:
                if each.clauses == (clause,):
                    return f"alone covers a statement under “{section.title}”: {each.says}"
    return ""


def enumeration(names: Iterable[str]) -> str:
    """Names as ``a``, ``b`` and ``c``, in alphabetical order."""
    quoted = [f"`{name}`" for name in sorted(names)]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def page(power: Power, provenance: Mapping[str, Any], quick: Collection[str]) -> str:
    """The matrix as lists: what each clause is needed for and refuses, and what refuses each mistake.

    quick: the cases that ``--quick`` runs.
    """
    mistakes = catalogue()
    caught = sum(not power.refused[mistake.__name__].isdisjoint(quick) for mistake in mistakes)
    return "\n".join(
        [
            "# What catches what",
            "",
            f"Measured by `{provenance['command']}` with NumPy {provenance['numpy']} on Python {provenance['python']}, "
            f"{provenance['machine']}: {len(mistakes)} mistakes against {len(power.operations)} cases of "
            f"{len(CLAUSES)} clauses. A mistake is the reference with one thing wrong (`nnspec.mistakes`); a clause "
            "refuses it if one of its cases fails. power-matrix.json has the cases."
            f"{additions(provenance.get('later', {}))}",
            "",
            f"`nnspec check --quick` runs {len(quick)} of the cases. They refuse {caught} of the mistakes.",
            *section("What each clause is needed for", needs(power)),
            *section("What each clause refuses", by_clause(power, mistakes)),
            *section("What refuses each mistake", by_mistake(power, mistakes)),
            "",
        ]
    )


def additions(later: Mapping[str, str]) -> str:
    """What was measured after the others."""
    names = f" Added since by `python benchmarks/additions.py`: {', '.join(later)}."
    return names if later else ""


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and the lines under it."""
    return ["", f"## {title}", "", *lines]


def needs(power: Power) -> Iterator[str]:
    """What would not be refused, or not be covered, without each clause."""
    yield "A program need not have every operation, and cases that call a missing operation do not apply to it. So a"
    yield "clause is needed if it alone refuses a mistake, in a program with all operations or with only a few; if it"
    yield "alone would do so if the reference made the same mistake, as laws do; or if no other clause covers a"
    yield "statement of a document."
    yield ""
    for clause, reason in power.needed_for.items():
        yield f"- `{clause}` {reason or 'is not shown to be needed'}"


def by_clause(power: Power, mistakes: list[type[Mistake]]) -> Iterator[str]:
    """How many mistakes each clause refuses, and the mistakes that name it."""
    refused = Counter(clause for mistake in mistakes for clause in power.clauses(mistake.__name__))
    yield "| clause | mistakes that it refuses | mistakes that name it |"
    yield "|---|---|---|"
    for clause in CLAUSES:
        naming = [mistake.__name__ for mistake in mistakes if mistake.clause == clause]
        yield f"| `{clause}` | {refused[clause]} | {', '.join(naming)} |"


def by_mistake(power: Power, mistakes: list[type[Mistake]]) -> Iterator[str]:
    """The clauses that refuse each mistake, by chapter; the clause that the mistake names is in bold."""
    for mistake in mistakes:
        found = power.clauses(mistake.__name__)
        chapters = [in_chapter(mistake, chapter, [c for c in CLAUSES if c in found]) for chapter in CHAPTERS]
        yield f"- **{mistake.__name__}**: {mistake.__doc__}"
        yield f"  {'; '.join(filter(None, chapters)) or 'Refused by none of these cases'}."


def in_chapter(mistake: type[Mistake], chapter: str, clauses: list[str]) -> str:
    """The clauses of one chapter, ``gradients: scores, **penalty**``; empty if there are none."""
    here = [clause for clause in clauses if clause.partition(".")[0] == chapter]
    short = [clause.partition(".")[2] for clause in here]
    bold = [
        f"**{name}**" if clause == mistake.clause else name for clause, name in zip(here, short, strict=True)
    ]
    return f"{chapter}: {', '.join(bold)}" if bold else ""
