"""A report as text for a terminal of any width, or for a pipe: causes, table, verdict."""

from __future__ import annotations

import textwrap
from collections import Counter

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from nnspec.report import known_failures, layout, verdict
from nnspec.report.layout import STYLES, WIDEST, print_list, print_paragraph, print_section, written
from nnspec.report.paragraphs import LABELS, Writer
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
from nnspec.report.text import SHORT, WIDTH, counted, visible

#: How much is said: the last line alone; causes and table; every failure and every reason too.
QUIET, USUAL, VERBOSE = -1, 0, 1
NOT_REACHED = "not reached"
#: The columns that a table can have.
COLUMNS = (PASSED, *FAILURES, *UNDECIDED, SHOULD_FAILED, EXPECTED, NOT_JUDGED, UNSUPPORTED)
#: Known failures whose reasons are shown unless all are asked for.
KNOWN = 10
FOUND_FIRST = "Found before the first test:"
DECIDES_NOTHING = "SHOULD clauses that fail. No document states them; without --strict they decide nothing:"


def render(record: Record, *, width: int = WIDTH, verbosity: int = USUAL, colour: bool = False) -> str:
    """The report. Its last line is the verdict, whatever the width."""
    console = layout.console(width, colour)
    if verbosity > QUIET:
        _print_body(console, record, verbosity)
    console.print(Text(verdict.line(record), style=STYLES[verdict.word(record)]), soft_wrap=True)
    return written(console)


def failure(header: Header, planned: Planned, result: Result, width: int = WIDTH) -> str:
    """One failed test of a run."""
    console = layout.console(width)
    print_paragraph(console, Writer(Record(header)).failure(planned, result))
    return written(console)


def _print_body(console: Console, record: Record, verbosity: int) -> None:
    """Everything above the last line, each part followed by an empty line."""
    writer = Writer(record, verbose=verbosity >= VERBOSE)
    print_section(console, writer.observations(), FOUND_FIRST)
    print_section(console, writer.failures())
    print_section(console, writer.undecided())
    print_section(console, writer.should_failures(), DECIDES_NOTHING)
    print_section(console, writer.notes())
    if verbosity >= VERBOSE:
        print_list(console, "unsupported tests, and why:", _unsupported(record))
        print_list(console, "clauses not reached, and how many of their tests:", _not_reached(record))
    print_list(console, "known failures, and why:", _known_failures(record, verbosity))
    print_section(console, writer.errors())
    if record.planned:
        _print_table(console, record)
        if verbosity < VERBOSE and record.counts[UNSUPPORTED]:
            count = record.counts[UNSUPPORTED]
            console.print(Text(f"{count} unsupported: run with -v to see why", style="dim"))
        console.print()
    if sentences := verdict.sentences(record):
        console.print(Text(textwrap.fill(" ".join(sentences), min(console.width, WIDEST))))
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
