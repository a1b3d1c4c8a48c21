"""Paragraphs and lists on a console of any width, which is kept as text."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nnspec.report import verdict
from nnspec.report.paragraphs import LABELS, Paragraph
from nnspec.report.record import FAILURES, UNDECIDED
from nnspec.report.text import harmless, shell_word, wrapped

#: Below the first width nothing is laid out anew; above the second a line of text is hard to read.
NARROWEST, WIDEST = 40, 100
#: Styles of the verdict's words, and of what a paragraph begins with.
STYLES = {
    verdict.CONFORMS: "bold green",
    verdict.DOES_NOT_CONFORM: "bold red",
    verdict.INCONCLUSIVE: "bold yellow",
    "mistake": "bold red",
    "relation": "bold red",
    "fix": "green",
    **dict.fromkeys((*FAILURES, "wrong form", "ignored", "error"), "bold red"),
    **dict.fromkeys((*UNDECIDED, "unreadable", "unreachable"), "bold yellow"),
}


def console(width: int, colour: bool = False) -> Console:
    """A console that keeps what is printed."""
    return Console(
        file=io.StringIO(),
        width=max(width, NARROWEST),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def written(console: Console) -> str:
    """What was printed on it."""
    assert isinstance(console.file, io.StringIO)
    return "\n".join(harmless(line.rstrip()) for line in console.file.getvalue().splitlines())


def print_section(console: Console, paragraphs: Iterable[Paragraph], heading: str = "") -> None:
    """Paragraphs under a heading, if there are any."""
    for place, paragraph in enumerate(paragraphs):
        if heading and not place:
            console.print(Text(textwrap.fill(heading, min(console.width, WIDEST))))
            console.print()
        print_paragraph(console, paragraph)
        console.print()


def print_paragraph(console: Console, paragraph: Paragraph) -> None:
    """Names on the left, texts beside them; then the command, which a shell can run as it stands."""
    width = min(console.width, WIDEST) - LABELS
    grid = _grid(width)
    for name, text in paragraph.rows:
        first, *others = text.splitlines() or [""]
        lines, style = wrapped(first, width, break_long_words=False), STYLES.get(name, "dim")
        too_wide = any(len(line) > width for line in lines)  # such as a test's name, which somebody may copy
        if too_wide:
            console.print(grid)
            grid = _grid(width)
            console.print(Text.assemble((f"{name:<{LABELS}}", style), lines[0]), soft_wrap=True)
            others = [f"{'':<{LABELS - 2}}{line}" for line in lines[1:]] + others
        else:
            grid.add_row(Text(name, style=style), Text("\n".join(lines)))
        if others:  # a traceback, or what a program wrote: it keeps its lines, however long they are
            console.print(grid)
            grid = _grid(width)
            for line in others:
                console.print(Text(f"  {line}"), soft_wrap=True)
    console.print(grid)
    if paragraph.replay:
        first, *others = _broken(paragraph.replay, console.width)
        console.print(Text.assemble((f"{'replay':<{LABELS}}", "dim"), first), soft_wrap=True)
        for line in others:
            console.print(Text(line), soft_wrap=True)


def _grid(width: int) -> Table:
    """Two columns: names, and texts of this width."""
    grid = Table.grid(padding=0)
    grid.add_column(width=LABELS, no_wrap=True)
    grid.add_column(width=width, overflow="fold")  # folds what is wider than its number of characters
    return grid


def _broken(command: Iterable[str], width: int) -> list[str]:
    """A command over as many lines as it takes, the first of them beside its name; a shell takes them for one."""
    indent = "  "
    parts: list[str] = []
    for word in map(shell_word, command):
        pair = f"{parts[-1]} {word}" if parts and parts[-1].startswith("--") and " " not in parts[-1] else ""
        if pair and len(f"{indent}{pair} \\") <= width:  # an option keeps its value beside it
            parts[-1] = pair
        else:
            parts.append(word)
    lines = [" " * LABELS + parts[0]]
    for place, part in enumerate(parts[1:], 2):
        end = "" if place == len(parts) else " \\"
        if len(f"{lines[-1]} {part}{end}") <= width:
            lines[-1] += f" {part}"
        else:
            lines[-1] += " \\"
            lines.append(f"{indent}{part}")
    return [lines[0].lstrip(), *lines[1:]]


def print_list(console: Console, title: str, lines: Iterable[str]) -> None:
    items = list(lines)
    if items:
        console.print(Text(title))
        for item in items:
            console.print(Padding(Text(item), (0, 0, 0, 2)))
        console.print()
