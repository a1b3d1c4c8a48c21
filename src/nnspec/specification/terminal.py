"""Clauses as text for a terminal of 40 columns or more; lines are never longer than 100."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from nnspec.documents.places import DOCUMENTS
from nnspec.mistakes import Mistake
from nnspec.report.text import WIDTH, terminal_width
from nnspec.specification.chapters import Chapter, Entry, summary
from nnspec.specification.formula_text import QUAD, formula_text

NARROWEST, WIDEST = 40, 100
#: The least room in which ``listing`` prints a part of a clause's sentence.
LEAST_ROOM = 16
INDENT = "  "


def explain(entry: Entry) -> str:
    """Everything about one clause."""
    clause = entry.clause
    parts = [fill(f"{clause.id} ({clause.level})"), fill(clause.sentence)]
    parts += [_formula(clause.formula)] if clause.formula else []
    parts += [fill(remark) for remark in clause.remarks]
    sources = [f"{DOCUMENTS[source.document].short}, “{source.section}”" for source in clause.sources]
    parts.append(_section("stated in", sources or ["no document; it follows from common sense"]))
    parts.append(_section("needs", [", ".join(clause.operations)]))
    parts.append(_section("tests", entry.tests))
    mistakes = [f"{mistake.__name__}: {summary(mistake)}" for mistake in entry.mistakes]
    parts.append(_section("typical mistakes (each can be a TARGET: nnspec.mistakes:NAME)", mistakes))
    parts.append(f"nnspec check TARGET --select {clause.id}")
    return "\n\n".join(filter(None, parts))


def explain_mistake(mistake: type[Mistake]) -> str:
    """What is wrong, how to fix it, and the clause that it breaks."""
    parts = [fill(mistake.__name__), fill(summary(mistake)), fill(f"Fix: {mistake.fix}")]
    parts.append(_section("breaks", [mistake.clause]))
    parts.append(f"nnspec explain {mistake.clause}\nnnspec check nnspec.mistakes:{mistake.__name__}")
    return "\n\n".join(parts)


def introduce(chapter: Chapter) -> str:
    """The introduction of a chapter and the list of its clauses."""
    paragraphs = [fill(text) for text in (f"{chapter.name}: {chapter.about}", *chapter.introduction)]
    return "\n\n".join([*paragraphs, listing(chapter.entries)])


def listing(entries: Iterable[Entry]) -> str:
    """One line for each clause: id, level, and the sentence; on a terminal, as much of it as fits."""
    clauses = [entry.clause for entry in entries]
    longest = max((len(clause.id) for clause in clauses), default=0)
    room = terminal_width()
    padding = longest if room is None or room > longest + LEAST_ROOM else 0
    heads = [f"{clause.id:{padding}}  {clause.level:6}  " for clause in clauses]
    return "\n".join(
        (head + (shorten(clause.sentence, room - len(head)) if room else clause.sentence)).rstrip()
        for head, clause in zip(heads, clauses, strict=True)
    )


def width() -> int:
    """Columns of a line: the terminal's, within limits; 80 if there is no terminal."""
    return min(max(terminal_width() or WIDTH, NARROWEST), WIDEST)


def shorten(text: str, room: int) -> str:
    """Text cut after a word, with … for the rest; empty if there is hardly any room."""
    if room < LEAST_ROOM:
        return ""
    return textwrap.shorten(text, room, placeholder=" …", break_on_hyphens=False)


def fill(text: str, first: str = "", others: str = "") -> str:
    """Text in lines that fit the terminal; first, others: indentation of the first line and of the others."""
    return textwrap.fill(
        text.replace("``", "`"),
        width(),
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _formula(latex: str) -> str:
    """Formulas on one line if they fit, otherwise each on its own."""
    line, indent = formula_text(latex), INDENT * 2
    lines = [line] if len(indent + line) <= width() else line.split(QUAD)
    return "\n".join(fill(part, indent, indent + INDENT) for part in lines)


def _section(title: str, items: Sequence[str]) -> str:
    """A title with one item per line under it; nothing if there are no items."""
    if not items:
        return ""
    return "\n".join([fill(title), *(fill(item, INDENT, INDENT * 2) for item in items)])
