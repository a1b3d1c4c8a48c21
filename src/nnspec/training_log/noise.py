"""Remove from lines what is no iteration and no loss: colours, dates, clock times, durations and progress bars."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_]")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_CLOCK = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?:\s?[AP]M\b)?"
_TIME = re.compile(
    rf"""
    (?<![\w.])(?:
      \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?:[T ,_]+{_CLOCK})?(?:\s?(?:Z|UTC|[+-]\d{{2}}:?\d{{2}})\b)?
    | \d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}}(?=[\s,]+\d{{1,2}}:\d{{2}}))
    | (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?{_MONTH}\s+\d{{1,2}}(?:,\s*\d{{4}})?(?=[\s,])
    | \d{{1,2}}\s+{_MONTH}\s+\d{{4}}
    | {_CLOCK}(?:\s+(?:19|20)\d{{2}}(?![\d.]))?
    )(?![\w:])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNIT = r"(?:ns|us|µs|μs|ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)"
_THING = r"(?:it|iter(?:ation)?|ex(?:ample)?|step|sample|batch|epoch)(?:e?s)?"
_DURATION = re.compile(
    rf"(?<![\w.,])(?:\d[\d.,]{{0,20}}|\?)\s?(?:[kM]?{_THING}/s(?:ec(?:ond)?)?|{_UNIT}/{_THING}|{_UNIT})(?![\w/])",
    re.IGNORECASE,
)
_PERCENT_BAR = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,9})?\s?%\s?(?=[|│━█\[])")
_BAR = re.compile(
    r"[|│][\s█▏▎▍▌▋▊▉▓▒░#>=.\-\d]*[|│](?=\s?\d+/)|\[[=>.\-#━\s]+\]|[━╸╺█▏▎▍▌▋▊▉▓▒░]+|[=#]{4,}>?[.=]*"
)
#: A source file and its line, as logging libraries print them.
_SOURCE = re.compile(
    r"(?<![\w./\\-])[\w./\\-]{1,100}\.(?:py|c|cc|cpp|js|jl|rs|go|ipynb|m|R):\d{1,6}(?![\w.])"
)


def lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """The lines with their numbers, without noise, and whether each belongs to a progress bar.

    A line that a program writes over itself, by a carriage return or backspaces, is several.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        pieces = [piece for piece in re.split(r"[\r\x08]+", _ESCAPE.sub("", line)) if piece.strip()]
        for piece in pieces:
            clean = without_bars(piece)
            yield number, without_times(clean), len(pieces) > 1 or clean != piece


def without_bars(line: str) -> str:
    """A line without progress bars."""
    return _BAR.sub(" ", _PERCENT_BAR.sub(" ", line))


def without_times(line: str) -> str:
    """A line without dates, clock times, durations and places in source files."""
    return _SOURCE.sub(" ", _DURATION.sub(" ", _TIME.sub(" ", line)))
