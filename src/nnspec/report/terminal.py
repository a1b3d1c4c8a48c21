"""A report as text for a terminal of any width, or for a pipe: causes, table, verdict."""

from __future__ import annotations

import io
import textwrap
from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from nnspec.report import known_failures, verdict
from nnspec.report.paragraphs import LABELS, Paragraph, Writer
from nnspec.report.record import (
    CHAPTERS,
    EXPECTED,
    FAILED,
    FAILURES,
    NOT_JUDGED,
    PASSED,
    SHOULD_FAILED,
    UNDECIDED,
    UNSUPPORTED,
    Header,
    Planned,
    Record,
    Result,
)
from nnspec.report.text import SHORT, WIDTH, counted, harmless, shell_word, visible, wrapped

#: Below the first width nothing is laid out anew; above the second a line of text is hard to read.
NARROWEST, WIDEST = 40, 100
#: How much is said: the last line alone; causes and table; every failure and every reason too.
QUIET, USUAL, VERBOSE = -1, 0, 1
NOT_REACHED = "not reached"
#: The columns that a table can have.
COLUMNS = (PASSED, *FAILURES, *UNDECIDED, SHOULD_FAILED, EXPECTED, NOT_JUDGED, UNSUPPORTED)
#: Known failures whose reasons are shown unless all are asked for.
KNOWN = 10
FOUND_FIRST = "Found before the first test:"
DECIDES_NOTHING = "SHOULD clauses that fail. No document states them; without --strict they decide nothing:"
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


def render(record: Record, *, width: int = WIDTH, verbosity: int = USUAL, colour: bool = False) -> str:
    """The report. Its last line is the verdict, whatever the width."""
    console = _console(width, colour)
    if verbosity > QUIET:
        _print_body(console, record, verbosity)
    console.print(Text(verdict.line(record), style=STYLES[verdict.word(record)]), soft_wrap=True)
    return _written(console)


def failure(header: Header, planned: Planned, result: Result, width: int = WIDTH) -> str:
    """One failed test of a run."""
    console = _console(width)
    _print_paragraph(console, Writer(Record(header)).failure(planned, result))
    return _written(console)


def _console(width: int, colour: bool = False) -> Console:
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


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return "\n".join(harmless(line.rstrip()) for line in console.file.getvalue().splitlines())


def _print_body(console: Console, record: Record, verbosity: int) -> None:
    """Everything above the last line, each part followed by an empty line."""
    writer = Writer(record, verbose=verbosity >= VERBOSE)
    _print_section(console, writer.observations(), FOUND_FIRST)
    _print_section(console, writer.failures())
    _print_section(console, writer.undecided())
    _print_section(console, writer.should_failures(), DECIDES_NOTHING)
    _print_section(console, writer.notes())
    if verbosity >= VERBOSE:
        _print_list(console, "unsupported tests, and why:", _unsupported(record))
        _print_list(console, "clauses not reached, and how many of their tests:", _not_reached(record))
    _print_list(console, "known failures, and why:", _known_failures(record, verbosity))
    _print_section(console, writer.errors())
    if record.planned:
        _print_table(console, record)
        if verbosity < VERBOSE and record.counts[UNSUPPORTED]:
            count = record.counts[UNSUPPORTED]
            console.print(Text(f"{count} unsupported: run with -v to see why", style="dim"))
        console.print()
    if sentences := verdict.sentences(record):
        console.print(Text(textwrap.fill(" ".join(sentences), min(console.width, WIDEST))))
        console.print()


def _print_section(console: Console, paragraphs: Iterable[Paragraph], heading: str = "") -> None:
    """Paragraphs under a heading, if there are any."""
    for place, paragraph in enumerate(paragraphs):
        if heading and not place:
            console.print(Text(textwrap.fill(heading, min(console.width, WIDEST))))
            console.print()
        _print_paragraph(console, paragraph)
        console.print()


def _print_paragraph(console: Console, paragraph: Paragraph) -> None:
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


def _print_list(console: Console, title: str, lines: Iterable[str]) -> None:
    items = list(lines)
    if items:
        console.print(Text(title))
        for item in items:
            console.print(Padding(Text(item), (0, 0, 0, 2)))
        console.print()


def _unsupported(record: Record) -> list[str]:
    """What the implementation does not support, with the number of tests that need it."""
    reasons = Counter(result.message for result in record.results if result.outcome == UNSUPPORTED)
    return [f"{count:4d}  {visible(reason, SHORT[0])}" for reason, count in reasons.most_common()]


def _known_failures(record: Record, verbosity: int) -> list[str]:
    """The names that failures are known by, with their reasons."""
    known = known_failures.used(record)
    lines = []
    for name, count in known.items():
        tests = f" ({counted(count, 'test')})" if count else ""
        lines.append(f"{name}{tests}: {visible(record.header.known_failures[name], SHORT[0])}")
    more = len(lines) - KNOWN
    return lines if more <= 0 or verbosity >= VERBOSE else [*lines[:KNOWN], f"and {more} more; -v shows all"]


def _not_reached(record: Record) -> list[str]:
    """Chapter by chapter, the clauses of which tests were not reached."""
    planned = Counter(planned.clause for planned in record.planned)
    missed = Counter(planned.clause for planned in record.not_reached)
    lines = []
    for chapter in _chapters(record):
        clauses = [clause for clause in sorted(missed) if clause.startswith(f"{chapter}.")]
        if clauses:
            counts = [f"{clause.partition('.')[2]} {missed[clause]}/{planned[clause]}" for clause in clauses]
            lines.append(f"{chapter}: {', '.join(counts)}")
    return lines


def _chapters(record: Record) -> list[str]:
    """Those of the planned tests, in the order of the specification."""
    return sorted({planned.chapter for planned in record.planned}, key=CHAPTERS.index)


def _print_table(console: Console, record: Record) -> None:
    """A row a chapter, a column an outcome; on a terminal that is too narrow for it, a line a chapter."""
    counts = _counts(record)
    names = columns(record)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1), pad_edge=False, show_footer=True)
    total = sum(counts.values(), Counter[str]())
    table.add_column("chapter", footer="all", no_wrap=True)
    for name in names:
        table.add_column(name, justify="right", footer=_cell(total[name]), no_wrap=True)
    for chapter, ended in counts.items():
        table.add_row(chapter, *(_cell(ended[name]) for name in names))
    unlimited = console.options.update_width(10 * WIDEST)
    if Measurement.get(console, unlimited, table).maximum <= console.width:
        console.print(table)
        return
    for chapter, ended in [*counts.items(), ("all", total)]:
        line = " · ".join(verdict.counted(ended[name], name) for name in names if ended[name])
        console.print(
            Text(textwrap.fill(f"{chapter:<{LABELS}}{line}", console.width, subsequent_indent=" " * LABELS))
        )


def columns(record: Record) -> list[str]:
    """The outcomes that have a column: passed, failed, and whatever else there is."""
    names = [name for name in COLUMNS if record.counts[name] or name in (PASSED, FAILED)]
    return [*names, NOT_REACHED] if record.not_reached else names


def _counts(record: Record) -> dict[str, Counter[str]]:
    """For each chapter, how many of its tests ended in each way."""
    chapter_of = {planned.case: planned.chapter for planned in record.planned}
    counts: dict[str, Counter[str]] = {chapter: Counter() for chapter in _chapters(record)}
    for case, column in record.columns:
        counts[chapter_of[case]][column] += 1
    for planned in record.not_reached:
        counts[planned.chapter][NOT_REACHED] += 1
    return counts


def _cell(count: int) -> str:
    return str(count) if count else "·"
