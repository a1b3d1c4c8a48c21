"""Text for a terminal, and somebody else's words, which are data: ``visible`` makes them harmless."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import textwrap

#: Columns of what is written before the width of a terminal is known, and on a pipe.
WIDTH = 80
#: More columns than any terminal has: pytest and rich fill lines with as many characters as COLUMNS says.
WIDEST = 10_000
#: An index such as [0, 2], which is not broken over two lines.
_INDEX = re.compile(r"\[[^][]*\]")
#: Characters that Python takes for printable, and nobody sees: fillers, joiners and selectors of variants.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
#: Commands to services that run checks and read their output: ::error:: at the start of a line, ##[error] anywhere.
_COMMAND = re.compile(r"(?:(?<=\s)|^):(?=:)|#(?=#\w*\[)", re.MULTILINE)
#: The same at the start of a whole line, after colours.
_COMMAND_LINE = re.compile(r"(^(?:\s|\x1b\[[\d;]*m)*):(?=:)|#(?=#\w*\[)")
#: What a shell takes as it stands within $'…'.
_PLAIN = re.compile(r"[\w@%+=,./ ()\[\]{}-]", re.ASCII)
#: Characters of a line and lines of somebody else's words that are shown: usually, and where all is asked for.
SHORT, LONG = (200, 5), (4_000, 400)


def terminal_width() -> int | None:
    """Columns of the terminal, or as COLUMNS says; None on a pipe."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return min(shutil.get_terminal_size().columns, WIDEST)
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


def visible(text: str, longest: int | None = None) -> str:
    r"""Somebody else's words in one line that does nothing: to a terminal, to a service that reads it, to the reader.

    Control characters, escapes, line breaks, directions of writing, characters that nobody sees and halves of
    characters stand as \x1b, \n or \u202e; a command to a service begins with \x3a or \x23. longest: characters
    that are kept.
    """
    shown = "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in (text if longest is None else text[: longest + 1])
    )
    shown = _COMMAND.sub(_escaped, _UNSEEN.sub(_escaped, shown))
    return shown if longest is None or len(shown) <= longest else f"{shown[:longest]}…"


def visible_lines(text: str, size: tuple[int, int] = LONG, hint: str = "") -> list[str]:
    """Somebody else's words, line by line; of more lines than fit into ``size``, the first and the last ones.

    hint: how to see more.
    """
    longest, most = size
    lines = [visible(line.expandtabs(4), longest) for line in text.splitlines()]
    if len(lines) <= most:
        return lines
    left_out = f"… ({counted(len(lines) - most + 1, 'line')} left out{f'; {hint}' if hint else ''})"
    half = max(1, most // 2 - 1)
    return [*lines[:half], left_out, *lines[half + 1 - most :]]


def visible_block(text: str) -> str:
    """Somebody else's words after words of ours: the lines after the first are indented, unlike what we say."""
    return "\n  ".join(visible_lines(text))


def harmless(line: str) -> str:
    """A line of a report in which no command to a service is left, wherever the line was broken."""
    return _COMMAND_LINE.sub(lambda found: f"{found[1] or ''}{_escaped(found)}", line)


def shell_word(word: str) -> str:
    r"""A word for a shell: as $'a\012b' if it cannot be shown as it is."""
    if visible(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(c if _PLAIN.match(c) else _octal(c) for c in word) + "'"


def _octal(character: str) -> str:
    """The bytes of a character, as a shell reads them."""
    if visible(character) == character and not character.isascii():
        return character
    try:
        held = os.fsencode(character)
    except UnicodeEncodeError:  # half a character, which no command line holds
        held = character.encode("utf-8", "surrogatepass")
    return "".join(f"\\{byte:03o}" for byte in held)


def _escaped(found: re.Match[str]) -> str:
    """The last character of a match, by its number."""
    character = found[0][-1]
    return f"\\x{ord(character):02x}" if character.isascii() else character.encode("unicode_escape").decode()
