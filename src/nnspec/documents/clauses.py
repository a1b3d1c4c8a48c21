"""A clause: one numbered, testable rule of the specification, attached to the class of its tests."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nnspec.contract.operations import OPERATIONS
from nnspec.documents.places import Source

#: A document states it.
MUST = "MUST"
#: It follows from common sense, for example that large scores do not overflow.
SHOULD = "SHOULD"

Tests = TypeVar("Tests", bound=type)


@dataclass(frozen=True)
class Clause:
    """``id`` is chapter.name and never changes; ``sentence`` is the rule in words, ``formula`` in LaTeX.

    remarks: further paragraphs.
    """

    id: str
    sentence: str
    formula: str
    remarks: tuple[str, ...]
    sources: tuple[Source, ...]
    level: str
    operations: tuple[str, ...]

    @property
    def chapter(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def documents(self) -> set[str]:
        """The names of the documents that its sources are in."""
        return {source.document for source in self.sources}


def clause(
    identity: str,
    *,
    operations: Sequence[str],
    sources: Sequence[Source] = (),
    level: str = MUST,
    formula: str = "",
) -> Callable[[Tests], Tests]:
    """Attach a clause to the class of its tests.

    The first paragraph of the class's docstring is the sentence, the others are the remarks.
    """
    unknown = [operation for operation in operations if operation not in OPERATIONS]
    if unknown:
        raise ValueError(f"clause {identity}: the contract has no operation {unknown[0]!r}")

    def attach(tests: Tests) -> Tests:
        sentence, *remarks = (
            " ".join(part.split()) for part in inspect.cleandoc(tests.__doc__ or "").split("\n\n")
        )
        if not sentence:
            raise ValueError(
                f"clause {identity}: its sentence is missing (the docstring of {tests.__name__})"
            )
        # A class of tests declares no such attribute: setting it here attaches the clause.
        tests.clause = Clause(  # type: ignore[attr-defined]
            identity, sentence, formula, tuple(remarks), tuple(sources), level, tuple(operations)
        )
        return tests

    return attach
