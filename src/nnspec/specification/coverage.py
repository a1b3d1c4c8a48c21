"""docs/coverage.md: the documents statement by statement, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from nnspec.coverage import ERRATA, READ, SECTIONS
from nnspec.coverage.statements import Erratum, Section, Statement
from nnspec.documents.places import DOCUMENTS
from nnspec.specification.chapters import entries
from nnspec.specification.markdown import anchor, plain, table

NOTICE = "<!-- Made by `nnspec coverage -o docs/coverage.md` from src/nnspec/coverage/: change that, not this file. -->"

INTRODUCTION = (
    "Every statement of the three documents, in their order and in our words, with the clauses of the "
    "[specification](../SPEC.md) that cover it. If no clause covers a statement, the table says why: it is motivation, "
    "a picture, an opinion, or repeated in another section. What a document does not say outright but its formulas "
    "imply is marked *It follows*. The table is meant to contain everything that a program could get wrong: anything "
    "in the documents that is missing here is a mistake in this table."
)

ERRATA_LIST = (
    "Some passages of the documents are wrong or misleading. Each erratum is listed under its section: "
)


def coverage() -> str:
    """The whole page."""
    parts = [NOTICE, "# What the documents say, and which clauses cover it", INTRODUCTION, _counts()]
    links = ", ".join(f"[{erratum.number}](#erratum-{erratum.number})" for erratum in ERRATA)
    parts.append(f"{ERRATA_LIST}{links}.")
    for name, sections in SECTIONS.items():
        document = DOCUMENTS[name]
        parts += [f"## {document.short}", f"{document.title} ({document.author}). {READ[name]}"]
        for section in sections:
            parts.append(_section(section))
            parts += [
                _erratum(erratum)
                for erratum in ERRATA
                if (erratum.document, erratum.section) == (name, section.title)
            ]
    return "\n\n".join([*parts, *_unstated()]) + "\n"


def _counts() -> str:
    """The table of counts, one row per document."""
    head = ("document", "sections", "statements", "covered by clauses", "need no clause", "errata")
    rows = []
    for name, sections in SECTIONS.items():
        statements = [statement for section in sections for statement in section.statements]
        covered = sum(bool(statement.clauses) for statement in statements)
        mistakes = sum(erratum.document == name for erratum in ERRATA)
        counts = (len(sections), len(statements), covered, len(statements) - covered, mistakes)
        rows.append((f"[{DOCUMENTS[name].short}](#{anchor(DOCUMENTS[name].short)})", *map(str, counts)))
    return table(head, rows)


def _section(section: Section) -> str:
    parts = [f"{'#' * (3 + section.depth)} {section.title}", section.remark]
    if section.statements:
        parts.append(table(("statement", "covered by"), map(_row, section.statements)))
    return "\n\n".join(filter(None, parts))


def _row(statement: Statement) -> tuple[str, str]:
    says = f"*It follows:* {plain(statement.says)}" if statement.follows else plain(statement.says)
    return says, links(statement.clauses) or f"– ({plain(statement.why_none)})"


def _erratum(erratum: Erratum) -> str:
    return (
        f'<a id="erratum-{erratum.number}"></a>**Erratum {erratum.number}.** {plain(erratum.says)} '
        f"*Instead:* {plain(erratum.holds)} Covered by {links(erratum.clauses)}."
    )


def links(clauses: Iterable[str]) -> str:
    """The clauses as links to the specification."""
    return ", ".join(f"[{name}](../SPEC.md#{anchor(name)})" for name in clauses)


def _unstated() -> list[str]:
    """The clauses that no document states."""
    names = [entry.clause.id for entry in entries() if not entry.clause.sources]
    return ["## What no document says", f"These clauses do not come from the documents: {links(names)}."]
