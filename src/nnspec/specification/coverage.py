"""The documents statement by statement, as Markdown: docs/coverage.md."""

from __future__ import annotations

from collections.abc import Iterable

from nnspec.coverage import ERRATA, READ, SECTIONS
from nnspec.coverage.statements import Erratum, Section, Statement
from nnspec.documents.places import DOCUMENTS
from nnspec.specification.chapters import entries
from nnspec.specification.markdown import anchor, plain, table

NOTICE = "<!-- Made by `nnspec coverage -o docs/coverage.md` from src/nnspec/coverage/: change that, not this file. -->"

INTRODUCTION = (
    "Every statement of the three documents, in their order and in our words, and beside it the clauses of the "
    "[specification](../SPEC.md) that hold it. A statement that no clause holds says why: it is motivation, a picture, "
    "an opinion, or said elsewhere. What no document says in so many words, but what its formulas imply, is marked "
    "*It follows*. Nothing that a program could get wrong is meant to be missing: who finds something in the documents "
    "that is not here has found a mistake of this table."
)

WRONG = "The documents are wrong in places, or lay traps. These stand under their sections, with what holds instead: "


def coverage() -> str:
    """The whole file."""
    parts = [NOTICE, "# What the documents say, and which clause holds it", INTRODUCTION, _counts()]
    links = ", ".join(f"[{erratum.number}](#erratum-{erratum.number})" for erratum in ERRATA)
    parts.append(f"{WRONG}{links}.")
    for name, sections in SECTIONS.items():
        document = DOCUMENTS[name]
        parts += [f"## {document.short}", f"{document.title} ({document.author}). {READ[name]}"]
        for section in sections:
            parts.append(_section(section))
            parts += [
                _erratum(found)
                for found in ERRATA
                if (found.document, found.section) == (name, section.title)
            ]
    return "\n\n".join([*parts, *_unstated()]) + "\n"


def _counts() -> str:
    """A row a document."""
    head = ("document", "sections", "statements", "held by clauses", "in need of none", "errata")
    rows = []
    for name, sections in SECTIONS.items():
        statements = [statement for section in sections for statement in section.statements]
        held = sum(bool(statement.clauses) for statement in statements)
        mistakes = sum(erratum.document == name for erratum in ERRATA)
        counts = (len(sections), len(statements), held, len(statements) - held, mistakes)
        rows.append((f"[{DOCUMENTS[name].short}](#{anchor(DOCUMENTS[name].short)})", *map(str, counts)))
    return table(head, rows)


def _section(section: Section) -> str:
    parts = [f"{'#' * (3 + section.depth)} {section.title}", section.remark]
    if section.statements:
        parts.append(table(("says", "held by"), map(_row, section.statements)))
    return "\n\n".join(filter(None, parts))


def _row(statement: Statement) -> tuple[str, str]:
    says = f"*It follows:* {plain(statement.says)}" if statement.follows else plain(statement.says)
    return says, links(statement.clauses) or f"– ({plain(statement.why_none)})"


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
