"""The documents statement by statement, and the clauses that hold each: what docs/coverage.md is made from."""

from __future__ import annotations

from nnspec.coverage import cs231n, roelants, wildml
from nnspec.coverage.statements import Erratum, Section

#: The sections of each document, in its order.
SECTIONS: dict[str, tuple[Section, ...]] = {
    "cs231n": cs231n.SECTIONS,
    "wildml": wildml.SECTIONS,
    "roelants": roelants.SECTIONS,
}


def errata() -> list[Erratum]:
    """The documents' own mistakes, by number."""
    found = [erratum for sections in SECTIONS.values() for section in sections for erratum in section.errata]
    return sorted(found, key=lambda erratum: erratum.number)
