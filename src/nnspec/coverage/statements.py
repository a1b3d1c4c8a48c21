"""What the trace of a document is made of: sections, statements, and errata."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """What a document says, in our words: the ids of the clauses that hold it, or why none has to.

    follows: whether it only follows from what the document says.
    """

    says: str
    clauses: tuple[str, ...] = ()
    why_none: str = ""
    follows: bool = False


@dataclass(frozen=True)
class Erratum:
    """A mistake or a trap of a document: what it says, what holds instead, and the clauses that hold that."""

    number: int
    document: str
    section: str
    says: str
    holds: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A section under its title in the document; ``depth`` 0 for a heading of the first order.

    remark: what there is to say of the section itself, as that it has no title or no text.
    """

    title: str
    statements: tuple[Statement, ...] = ()
    depth: int = 0
    remark: str = ""

    @property
    def clauses(self) -> set[str]:
        """The clauses that hold what the section says."""
        return {name for statement in self.statements for name in statement.clauses}


def held(says: str, *clauses: str) -> Statement:
    """A statement that clauses hold."""
    return Statement(says, clauses)


def follows(says: str, *clauses: str) -> Statement:
    """What follows from the statements before, and clauses hold."""
    return Statement(says, clauses, follows=True)


def unheld(says: str, why: str) -> Statement:
    """A statement that no clause has to hold."""
    return Statement(says, why_none=why)
