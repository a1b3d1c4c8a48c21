"""Text: lines in which words name the numbers, as documents, frameworks and progress bars print them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnspec.training_log import digits
from nnspec.training_log.labels import COUNTER, FIRST, HEADER, ITERATION, iteration_rank, loss_rank, words
from nnspec.training_log.log import Row

#: A counter such as 3/200 or 3 of 200, or a number with or without a percent sign.
_TOKEN = re.compile(
    rf"(?<![\w.])(?:(?P<count>\d{{1,12}})\s{{0,3}}(?:/|of)\s{{0,3}}(?P<total>\d{{1,12}})(?!\.?\w)|(?P<number>{digits.NUMBER})(?P<percent>\s*%)?)",
    re.IGNORECASE,
)
_GLUED = re.compile(rf"\b({'|'.join(ITERATION)})_?(?=\d)", re.IGNORECASE)
#: What ends the words about the number before.
_SEPARATOR = re.compile(r"[,;|]|\s-+\s")
#: Wrappers of one number: tensor(0.9), np.float64(0.9), array(0.9).
_WRAPPER = re.compile(r"\b(?:tensor|array|Array|(?:np\.|numpy\.)?float\d+)\(")
_NAME = re.compile(r"[^\W\d][\w/.-]*")
#: How many words before a number can name it.
_MOST_WORDS = 4

#: Words of logging libraries before the first label of a line.
_BEFORE = {"info", "debug", "warning", "root", "tensorflow"}

Token = tuple[str, str, int | None]


def rows(lines: list[tuple[int, str, bool]]) -> Iterator[Row]:
    """The numbers of every line that has some; lines: number, text, whether it belongs to a progress bar."""
    header: tuple[str, int | None] | None = None
    for number, line, redrawn in lines:
        tokens = list(_tokens(line))
        values, totals = _named(tokens)
        if not any(loss_rank(label) is not None for label in values):
            found = _iteration(tokens)
            header = header if found is None else found
        if not values:
            continue
        if header is not None:
            values[HEADER], total = header
            if total is not None:
                totals[HEADER] = total
        yield Row(f"line {number}", values, totals, redrawn)


def _tokens(line: str) -> Iterator[Token]:
    """The numbers of a line: the words before each, its digits, and the total if it is a counter."""
    line = _WRAPPER.sub(" ", _GLUED.sub(r"\1 ", digits.without_thousands(line)))
    end, carried = 0, ""
    for token in _TOKEN.finditer(line):
        label = _label(line[end : token.start()])
        if not label and carried:
            label, carried = carried, ""
        before, at = _split(label)
        if at:  # “Loss after iteration 1000: 0.068947”: the next number without words is the loss
            label, carried = at, before
        end = token.end()
        if token["count"]:
            yield label, token["count"], int(token["total"])
        else:
            number = token["number"]
            yield label, f"{number}e-2" if token["percent"] and "e" not in number.lower() else number, None


def _label(text: str) -> str:
    """The words directly before a number."""
    parts = _SEPARATOR.split(text)
    if not parts[0].strip():  # iteration;10;loss;0.917: a word between two separators
        parts = [part for part in parts if part.strip()] or [""]
    found = _NAME.findall(parts[-1])[-_MOST_WORDS:]
    while len(found) > 1 and _says_nothing(found):
        found = found[1:]
    return " ".join(found)


def _says_nothing(found: list[str]) -> bool:
    """Whether the first word does not belong to the label: the log's level, or the iterations of the number before."""
    first = found[0].lower()
    return first in _BEFORE or (first in ITERATION and loss_rank(found[-1]) == 0)


def _split(label: str) -> tuple[str, str]:
    """“Loss after iteration” as the loss and the iteration; the second is empty if the label is not both."""
    found = label.split()
    if len(found) > 1 and words(found[-1])[-1:] and words(found[-1])[-1] in ITERATION:
        before = " ".join(found[:-1])
        rest = re.sub(r"\s+(?:after|at|in|of|for|on)(?:\s+the)?$", "", before, flags=re.IGNORECASE)
        if loss_rank(rest) is not None:
            return rest, found[-1]
    return "", ""


def _named(tokens: list[Token]) -> tuple[dict[str, str], dict[str, int]]:
    """The numbers by their labels; those without words are a counter, the first number or the loss."""
    values: dict[str, str] = {}
    totals: dict[str, int] = {}
    for place, (words_before, number, total) in enumerate(tokens):
        label = words_before or (
            COUNTER if total is not None else FIRST if place == 0 else f"number {place + 1}"
        )
        if label not in values:
            values[label] = number
            if total is not None:
                totals[label] = total
    if tokens and FIRST not in values and iteration_rank(tokens[0][0]) is None and tokens[0][1].isdigit():
        values[FIRST] = tokens[0][1]
    return values, totals


def _iteration(tokens: list[Token]) -> tuple[str, int | None] | None:
    """The iteration of a line such as “Epoch 3/200”, which the lines below it belong to."""
    for label, number, total in tokens:
        if label and iteration_rank(label) is not None and number.isdigit():
            return number, total
    return None
