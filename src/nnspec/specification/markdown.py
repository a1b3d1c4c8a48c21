"""The specification as Markdown: SPEC.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from nnspec.documents.clauses import Clause
from nnspec.documents.places import Source, by_document
from nnspec.specification.chapters import Chapter, Entry, chapters, summary
from nnspec.specification.front import FRONT, LEAD, TITLE, Block, Formula, Items, Paragraph, Part

#: The first line, for those who open the file to edit it.
NOTICE = (
    "<!-- Made by `nnspec spec -o SPEC.md` from the clauses in spec_tests/: change those, not this file. -->"
)

#: What Markdown would interpret: these characters anywhere, an underscore at the edge of a word.
_MARKUP = re.compile(r"[\\*<\[\]$|~]|(?<!\w)_|_(?!\w)")


def specification() -> str:
    """The whole page."""
    parts = [NOTICE, f"# {TITLE}", plain(LEAD), "## Contents", _contents()]
    parts += [_part(part) for part in FRONT]
    parts += [_chapter(chapter) for chapter in chapters()]
    return "\n\n".join(parts) + "\n"


def anchor(title: str) -> str:
    """The anchor that GitHub gives to a heading with this title."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def plain(text: str) -> str:
    """Text as Markdown in which only backticks have a meaning."""
    pieces = re.split(r"(`[^`]*`)", text.replace("``", "`"))
    return "".join(piece if piece[:1] == "`" else _MARKUP.sub(r"\\\g<0>", piece) for piece in pieces)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells are already Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _contents() -> str:
    lines = [f"- [{part.title}](#{anchor(part.title)})" for part in FRONT]
    for chapter in chapters():
        title = heading(chapter)
        lines.append(f"- [{title}](#{anchor(title)})")
        links = [_link(entry.clause) for entry in chapter.entries]
        lines.append("  <br>" + " · ".join(links))
    return "\n".join(lines)


def _link(clause: Clause) -> str:
    return f"[{clause.id.partition('.')[2]}](#{anchor(clause.id)})"


def heading(chapter: Chapter) -> str:
    """The heading of a chapter."""
    return f"Chapter {chapters().index(chapter) + 1}: {chapter.name}"


def _part(part: Part) -> str:
    return "\n\n".join([f"## {part.title}", *map(_block, part.blocks)])


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return plain(block.text)
    if isinstance(block, Items):
        return "\n".join(f"- {plain(text)}" for text in block.texts)
    if isinstance(block, Formula):
        return formula(block.latex)
    return table(block.head, [list(map(plain, row)) for row in block.rows])


def formula(latex: str) -> str:
    """A formula in a math block; between $$, GitHub would drop the backslashes before punctuation."""
    return f"```math\n{latex}\n```"


def _chapter(chapter: Chapter) -> str:
    paragraphs = map(plain, (chapter.about, *chapter.introduction))
    return "\n\n".join([f"## {heading(chapter)}", *paragraphs, *map(_entry, chapter.entries)])


def _entry(entry: Entry) -> str:
    clause = entry.clause
    parts = [f"### {clause.id}", f"**{plain(clause.sentence)}**"]
    parts += [formula(clause.formula)] if clause.formula else []
    parts += [*map(plain, clause.remarks), _facts(entry)]
    return "\n\n".join(parts)


def _facts(entry: Entry) -> str:
    """Level, sources, operations, tests and mistakes, as a list."""
    clause = entry.clause
    lines = [f"- {clause.level}{_from(clause.sources)}"]
    lines.append(f"- Needs {', '.join(f'`{operation}`' for operation in clause.operations)}")
    lines.append(f"- Tests: {plain('; '.join(entry.tests))}")
    if entry.mistakes:
        lines.append("- Typical mistakes:")
        lines += [f"  - {plain(summary(mistake))} (`{mistake.__name__}`)" for mistake in entry.mistakes]
    return "\n".join(lines)


def _from(sources: Sequence[Source]) -> str:
    stated = "; ".join(f"{name}, {', '.join(sections)}" for name, sections in by_document(sources))
    return f": {stated}" if stated else " (no document states it)"
