"""The parts of a document in the coverage table: sections, statements, and errata."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """What a document says, in our words, with the ids of the clauses that cover it, or the reason why none does.

    follows: the document does not say it, but it follows from what the document says.
    """

    says: str
    clauses: tuple[str, ...] = ()
    why_none: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Erratum:
    """A mistake or a trap in a document: what it says, what holds instead, and the clauses that cover that."""

    number: int
    document: str
    section: str
    says: str
    holds: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A section under its title in the document; ``depth`` is 0 for a top-level heading.

    remark: a note on the section itself, for example that it has no title or no text.
    """

    title: str
    statements: tuple[Statement, ...] = ()
    depth: int = 0
    remark: str = ""

    @property
    def clauses(self) -> set[str]:
        """The clauses that cover the section's statements."""
        return {name for statement in self.statements for name in statement.clauses}


def statement(says: str, *clauses: str) -> Statement:
    """A statement that clauses cover."""
    return Statement(says, clauses)


def consequence(says: str, *clauses: str) -> Statement:
    """Something that follows from the statements before it, and that clauses cover."""
    return Statement(says, clauses, follows=True)


def aside(says: str, why: str) -> Statement:
    """A statement that needs no clause, and why."""
    return Statement(says, why_none=why)
