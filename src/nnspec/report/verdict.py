"""The verdict as text, 80 columns wide: counts by chapter, what failed and how to replay it."""

from __future__ import annotations

import difflib
import io
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping

from nnspec.reach.options import CASE
from nnspec.report.record import (
    CHAPTERS,
    FAILED,
    LOWER_PRECISION,
    OUTCOMES,
    PASSED,
    TIMED_OUT,
    UNSUPPORTED,
    Explained,
    Planned,
    Record,
    Result,
)
from nnspec.report.text import WIDTH, row

TIME_IS_UP = "The time for it was up before all failed tests were explained."


def render(record: Record, *, failures: bool = True, colour: bool = False) -> str:
    """The whole verdict; ``failures``: with every failure in full."""
    if record.unreachable:
        return f"{record.target or 'The implementation'} could not be reached.\n{record.unreachable}"
    parts = _failures(record) if failures else []
    parts += [_unsupported(record), _not_reached(record), _table(record, colour)]
    parts += [_diagnosis(record), _conclusion(record, colour)]
    return "\n\n".join(filter(None, parts))


def _failures(record: Record) -> list[str]:
    """The first failure of each clause in full, and the names of its others; what was explained first comes first."""
    explained = {case: found for found in reversed(record.findings) for case in found.cases}
    by_clause: dict[str, list[tuple[Planned, Result]]] = {}
    for planned, result in sorted(record.failures, key=lambda failed: _rank(failed[0], explained, record)):
        by_clause.setdefault(planned.clause, []).append((planned, result))
    told = []
    for (first, result), *others in by_clause.values():
        told.append(failure(first, result, record.replay, explained.get(first.case)))
        if others:
            names = [f"    {planned.case} ({result.outcome})" for planned, result in others]
            told[-1] += "\n\n" + "\n".join([f"  and {len(others)} more of this clause:", *names])
    return told


def _rank(planned: Planned, explained: Mapping[str, Explained], record: Record) -> tuple[int, int]:
    """What has an explanation before what has none, and then chapter by chapter."""
    found = explained.get(planned.case)
    place = len(record.findings) if found is None else record.findings.index(found)
    return place, CHAPTERS.index(planned.chapter)


def failure(planned: Planned, result: Result, replay: str, found: Explained | None = None) -> str:
    """One failure: the clause in words, the first wrong quantity, what explains it, and the line that replays it."""
    sentence = textwrap.fill(planned.sentence, WIDTH, initial_indent="  ", subsequent_indent="  ")
    sources = [
        textwrap.fill(source, WIDTH, initial_indent="  — ", subsequent_indent="    ")
        for source in planned.sources
    ]
    head = f"{planned.case}: {result.outcome.upper()}"
    if planned.level == "SHOULD":
        head += " (SHOULD: no document states it)"
    command = _wrapped(replay.replace(CASE, shlex.quote(planned.case)))
    body = textwrap.indent(result.message, "  ")
    if result.outcome == TIMED_OUT:
        body += "\n  (a program that is slow, but right, gets longer with --call-timeout SECONDS)"
    why = textwrap.indent("\n".join(_why(found)), "  ") if found and found.wrong else ""
    return "\n".join([head, sentence, *sources, "", body, *filter(None, [why]), "", command])


def _wrapped(command: str) -> str:
    """The replay line, over as many lines as it takes; a shell takes them for one."""
    parts: list[str] = []
    option = False
    for word in map(shlex.quote, shlex.split(command)):
        if option and len(f"    {parts[-1]} {word} \\") <= WIDTH:
            parts[-1] += f" {word}"  # its value stays beside it where there is room
            option = False
        else:
            parts.append(word)
            option = word.startswith("--")
    lines = ["  replay:"]
    for part in parts:
        if len(f"{lines[-1]} {part} \\") > WIDTH:
            lines.append("   ")
        lines[-1] += f" {part}"
    return " \\\n".join(lines)


def _why(found: Explained) -> list[str]:
    """What explains the numbers, with how to fix it, in lines of the width of a failure."""
    told = [("mistake" if found.names else "relation", sentence) for sentence in found.wrong]
    told += [("or", sentence) for sentence in found.others]
    told += [("fix", sentence) for sentence in found.fix]
    return [row(name, text) for name, text in told]


def _diagnosis(record: Record) -> str:
    """What is wrong, finding by finding, and how many of the failed tests it accounts for."""
    told = []
    for found in record.findings:
        if not found.operation:
            told.append(f"  {TIME_IS_UP}")
            continue
        name = f" ({' and '.join(found.names)})" if found.names else ""
        head = " ".join(found.wrong) or f"{found.operation}: nothing that nnspec knows gives these numbers."
        lines = [f"{head}{name}", *(f"Or: {sentence}" for sentence in found.others), *found.fix]
        count = f"{len(found.cases)} of the {len(record.failures)} failed tests"
        lines.append(_accounted_for(found, count))
        wrapped = (
            textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines
        )
        told.append("\n".join(wrapped))
    return "\n\n".join(["what explains the numbers:", *told]) if told else ""


def _accounted_for(found: Explained, count: str) -> str:
    """How many failed tests an explanation is one of, or are unexplained."""
    if found.operation == "fit":
        return f"{'It gives such networks' if found.wrong else 'These are the fits'} in {count}."
    return f"{'It gives' if found.wrong else 'These are'} the numbers of {count}."


def nothing_named(name: str, known: Iterable[str]) -> str:
    """What to say of a chapter, clause or case that does not exist."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"there is no such chapter, clause or case. Did you mean {close[0]}?"
    chapters = ", ".join(known_name for known_name in names if "." not in known_name)
    return f"there is no such chapter, clause or case. The chapters are {chapters}."


def _unsupported(record: Record) -> str:
    """What the implementation does not do, once each with how many tests it costs."""
    reasons = Counter(result.message for result in record.results if result.outcome == UNSUPPORTED)
    if not reasons:
        return ""
    lines = [f"  {count:4d}  {reason}" for reason, count in reasons.most_common()]
    return "\n".join(["not supported, so not judged (tests, and why):", *lines])


def _not_reached(record: Record) -> str:
    """What the budget left out, chapter by chapter: the clauses, and how many of their tests."""
    if record.budget is None or not record.not_reached:
        return ""
    planned = Counter(planned.clause for planned in record.planned)
    missed = Counter(planned.clause for planned in record.not_reached)
    lines = [f"not reached within {record.budget:g} s (clauses, and how many of their tests):"]
    for chapter in _chapters(record):
        clauses = [clause for clause in sorted(missed) if clause.startswith(f"{chapter}.")]
        told = [f"{clause.partition('.')[2]} {missed[clause]}/{planned[clause]}" for clause in clauses]
        if told:
            line = f"  {chapter}: {', '.join(told)}"
            lines += textwrap.wrap(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines)


def _chapters(record: Record) -> list[str]:
    """Those of the planned tests, in the order of the specification."""
    return sorted({planned.chapter for planned in record.planned}, key=CHAPTERS.index)


def _table(record: Record, colour: bool) -> str:
    """A row a chapter, a column an outcome."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=0, show_footer=True)
    chapters = _chapters(record)
    chapter_of = {planned.case: planned.chapter for planned in record.planned}
    table.add_column("chapter", footer="all")
    table.add_column("planned", justify="right", footer=str(len(record.planned)))
    table.add_column("run", justify="right", footer=str(_run(record.results)))
    for outcome in columns(record):
        total = record.counts[outcome]
        table.add_column(outcome.replace(" ", "\n", 1), justify="right", footer=str(total) if total else "·")
    for chapter in chapters:
        results = [result for result in record.results if chapter_of[result.case] == chapter]
        planned = sum(planned.chapter == chapter for planned in record.planned)
        counts = Counter(result.outcome for result in results)
        cells = [str(counts[outcome]) if counts[outcome] else "·" for outcome in columns(record)]
        table.add_row(chapter, str(planned), str(_run(results)), *cells)
    stream = io.StringIO()
    console = Console(
        file=stream, width=WIDTH, force_terminal=colour, color_system="standard" if colour else None
    )
    console.print(table)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()).strip("\n")


def columns(record: Record) -> list[str]:
    """The outcomes that have a column: not a lower precision unless there is one, and then what is empty makes way."""
    if not record.counts[LOWER_PRECISION]:
        return [outcome for outcome in OUTCOMES if outcome != LOWER_PRECISION]
    return [outcome for outcome in OUTCOMES if record.counts[outcome] or outcome in (PASSED, FAILED)]


def _run(results: Iterable[Result]) -> int:
    """How many were judged or tried: all that the implementation did not decline."""
    return sum(result.outcome != UNSUPPORTED for result in results)


def _conclusion(record: Record, colour: bool) -> str:
    """One line: conforms, or does not and why."""
    if record.reasons:
        reasons, details = zip(*(reason.partition("\n")[::2] for reason in record.reasons), strict=True)
        text = f"{record.implementation or record.target} DOES NOT CONFORM: {'; '.join(reasons)}."
        told = _coloured(textwrap.fill(text, WIDTH), "31", colour)
        return "\n\n".join(filter(None, [*details, told]))
    return _coloured(f"{record.implementation} CONFORMS{_as_far_as(record)}.", "32", colour)


def _as_far_as(record: Record) -> str:
    """What a verdict rests on where it is not the whole specification."""
    if record.budget is not None and record.not_reached:
        return (
            f" in the {len(record.results)} of {len(record.planned)} tests that {record.budget:g} s reached"
        )
    return f" in the {len(record.planned)} tests of --quick" if record.quick else ""


def _coloured(text: str, code: str, colour: bool) -> str:
    return f"\033[1;{code}m{text}\033[0m" if colour else text
