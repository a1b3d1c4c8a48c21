"""Text for a terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap

#: Columns of what is written before the width of a terminal is known, and on a pipe.
WIDTH = 80
#: An index such as [0, 2], which is not broken over two lines.
_INDEX = re.compile(r"\[[^][]*\]")


def terminal_width() -> int | None:
    """Columns of the terminal, or as COLUMNS says; None on a pipe."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return shutil.get_terminal_size().columns
    return None


def row(name: str, text: str) -> str:
    """``name``, and ``text`` beside it, in as many lines as it takes; indented by two it fits into WIDTH."""
    first, *others = wrapped(text, WIDTH - 2 - 13, break_long_words=False) or [""]
    return "\n".join([f"{name:<12} {first}", *(13 * " " + line for line in others)])


def wrapped(text: str, width: int, *, break_long_words: bool = True) -> list[str]:
    """Lines of at most ``width`` columns; no index such as [0, 2] is broken."""
    kept = _INDEX.sub(lambda index: index.group().replace(" ", "\N{NO-BREAK SPACE}"), text)
    lines = textwrap.wrap(kept, width, break_on_hyphens=False, break_long_words=break_long_words)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def counted(number: int, thing: str) -> str:
    """``1 more test``, ``2 more tests``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def visible(text: str) -> str:
    """Somebody else's words with control characters escaped, so that they cannot move the cursor or the line."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
