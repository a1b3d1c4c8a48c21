"""The three documents, and the sections that clauses are taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Document:
    """A document that many people have learnt from; ``name`` is its name in options."""

    name: str
    title: str
    author: str

    @property
    def short(self) -> str:
        """The name that people use for it."""
        return self.title.partition(",")[0]


@dataclass(frozen=True)
class Source:
    """A section of a document."""

    document: str
    section: str

    def __str__(self) -> str:
        """The title and the section, as in a failure message."""
        return f"{DOCUMENTS[self.document].title}, “{self.section}”"


DOCUMENTS = {
    document.name: document
    for document in [
        Document("cs231n", "CS231n, Neural networks case study", "Stanford University"),
        Document("wildml", "WildML, Implementing a neural network from scratch in Python", "Denny Britz"),
        Document("roelants", "Roelants, How to implement a neural network, part 4", "Peter Roelants"),
    ]
}


def cs231n(section: str) -> Source:
    """A section of the CS231n case study."""
    return Source("cs231n", section)


def wildml(section: str) -> Source:
    """A section of WildML's article."""
    return Source("wildml", section)


def roelants(section: str) -> Source:
    """A section of Roelants' part 4."""
    return Source("roelants", section)


def by_document(sources: Sequence[Source]) -> list[tuple[str, list[str]]]:
    """The short name of each document and its sections in quotation marks, in the order of DOCUMENTS."""
    order = list(DOCUMENTS)
    ordered = sorted(sources, key=lambda source: order.index(source.document))
    return [
        (DOCUMENTS[name].short, [f"“{source.section}”" for source in group])
        for name, group in groupby(ordered, key=lambda source: source.document)
    ]
