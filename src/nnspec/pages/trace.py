"""The documents statement by statement, as Markdown: docs/coverage.md."""

from __future__ import annotations

from collections.abc import Iterable

from nnspec.coverage import SECTIONS, errata
from nnspec.coverage.statements import Erratum, Section, Statement
from nnspec.documents import DOCUMENTS
from nnspec.pages.markdown import anchor, plain, table
from nnspec.specification import entries

NOTICE = "<!-- Made by `nnspec coverage -o docs/coverage.md` from src/nnspec/coverage/: change that, not this file. -->"

INTRODUCTION = (
    "Every statement of the three documents, in their order and in our words, and beside it the clauses of the "
    "[specification](../SPEC.md) that hold it. A statement that no clause holds says why: it is motivation, a picture, "
    "an opinion, or said elsewhere. Nothing in the documents that a program could get wrong is left out; who finds "
    "something has found a mistake of this table."
)

ERRATA = "The documents are wrong in places, or lay traps. These stand under their sections, with what holds instead: "


def coverage() -> str:
    """The whole file."""
    parts = [NOTICE, "# What the documents say, and which clause holds it", INTRODUCTION, _counts()]
    links = ", ".join(f"[{erratum.number}](#erratum-{erratum.number})" for erratum in errata())
    parts.append(f"{ERRATA}{links}.")
    for name, sections in SECTIONS.items():
        document = DOCUMENTS[name]
        parts += [f"## {document.short}", f"{document.title} ({document.author})."]
        parts += map(_section, sections)
    return "\n\n".join([*parts, *_unstated()]) + "\n"


def _counts() -> str:
    """A row a document."""
    head = ("document", "sections", "statements", "held by clauses", "of no consequence", "errata")
    rows = []
    for name, sections in SECTIONS.items():
        statements = [statement for section in sections for statement in section.statements]
        held = sum(bool(statement.clauses) for statement in statements)
        mistakes = sum(len(section.errata) for section in sections)
        counts = (len(sections), len(statements), held, len(statements) - held, mistakes)
        rows.append((f"[{DOCUMENTS[name].short}](#{anchor(DOCUMENTS[name].short)})", *map(str, counts)))
    return table(head, rows)


def _section(section: Section) -> str:
    parts = [f"{'#' * (3 + section.depth)} {section.title}", section.remark]
    if section.statements:
        parts.append(table(("says", "held by"), map(_row, section.statements)))
    parts += map(_erratum, section.errata)
    return "\n\n".join(filter(None, parts))


def _row(statement: Statement) -> tuple[str, str]:
    return plain(statement.says), links(statement.clauses) or f"– ({plain(statement.why_none)})"


def _erratum(erratum: Erratum) -> str:
    return (
        f'<a id="erratum-{erratum.number}"></a>**Erratum {erratum.number}.** {plain(erratum.says)} '
        f"*Instead:* {plain(erratum.holds)} Held by {links(erratum.clauses)}."
    )


def links(clauses: Iterable[str]) -> str:
    """Clauses as links into the specification."""
    return ", ".join(f"[{name}](../SPEC.md#{anchor(name)})" for name in clauses)


def _unstated() -> list[str]:
    """The clauses that no document states."""
    names = [entry.clause.id for entry in entries() if not entry.clause.sources]
    return ["## What no document says", f"These clauses are not taken from the documents: {links(names)}."]
