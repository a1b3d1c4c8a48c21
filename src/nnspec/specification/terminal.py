"""Clauses as text for a terminal 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from nnspec.documents.places import DOCUMENTS
from nnspec.report.text import WIDTH
from nnspec.specification.chapters import Chapter, Entry, summary

#: How far what stands under a title is moved in.
INDENT = "  "


def explain(entry: Entry) -> str:
    """One clause with all that there is to say of it."""
    clause = entry.clause
    parts = [f"{clause.id} ({clause.level})", filled(clause.sentence)]
    parts += [textwrap.indent(clause.formula, "    ")] if clause.formula else []
    parts += [filled(remark) for remark in clause.remarks]
    sources = [f"{DOCUMENTS[source.document].short}, “{source.section}”" for source in clause.sources]
    parts.append(_listed("stated in", sources or ["no document; it follows from common sense"]))
    parts.append(_listed("needs", [", ".join(clause.operations)]))
    parts.append(_listed("tests", entry.tests))
    mistakes = [f"{mistake.__name__}: {summary(mistake)}" for mistake in entry.mistakes]
    parts.append(_listed("typical mistakes (each a TARGET too: nnspec.mistakes:NAME)", mistakes))
    parts.append(f"nnspec check TARGET --select {clause.id}")
    return "\n\n".join(filter(None, parts))


def introduce(chapter: Chapter) -> str:
    """A chapter: what it is about and which clauses it has."""
    paragraphs = [filled(text) for text in (f"{chapter.name}: {chapter.about}", *chapter.introduction)]
    return "\n\n".join([*paragraphs, listing(chapter.entries)])


def listing(entries: Iterable[Entry]) -> str:
    """A clause a line: id, level, and as much of the sentence as there is room for."""
    clauses = [entry.clause for entry in entries]
    longest = max((len(clause.id) for clause in clauses), default=0)
    heads = [f"{clause.id:{longest}}  {clause.level:6}  " for clause in clauses]
    return "\n".join(
        head + shortened(clause.sentence, WIDTH - len(head))
        for head, clause in zip(heads, clauses, strict=True)
    )


def shortened(text: str, width: int) -> str:
    """Text cut at a word, with … for the rest."""
    return textwrap.shorten(text, width, placeholder=" …", break_on_hyphens=False)


def filled(text: str, first: str = "", others: str = "") -> str:
    """Text in lines that fit the terminal."""
    return textwrap.fill(
        text.replace("``", "`"),
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _listed(title: str, items: Sequence[str]) -> str:
    """A title and one item a line under it; nothing where there are none."""
    if not items:
        return ""
    return "\n".join([title, *(filled(item, INDENT, INDENT * 2) for item in items)])
