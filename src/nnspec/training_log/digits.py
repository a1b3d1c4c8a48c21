"""Numbers as they are printed: with decimal points or commas, with thousands, with a percent sign."""

from __future__ import annotations

import itertools
import re

#: No number that a program prints has more digits; without a bound, a long text of digits would take for ever.
_DIGITS = r"\d{1,40}"
_EXPONENT = r"(?:e[-+]?\d{1,5})?"
#: A number that is not part of a word.
NUMBER = rf"[-+]?(?:{_DIGITS}(?:\.\d{{0,40}})?{_EXPONENT}|\.{_DIGITS}{_EXPONENT}|nan|inf(?:inity)?)(?!\.?\w)"
_COMMA = re.compile(rf"(?<![\w.,])([-+]?{_DIGITS}),({_DIGITS}{_EXPONENT})(?![.,]?\w)", re.IGNORECASE)
_POINT = re.compile(r"\d\.\d")
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3}){1,4}(?![.,]?\w)")
_WHOLE_PAIR = re.compile(r"\s*(\d+),\d+\s*")


def has_decimal_commas(lines: list[str]) -> bool:
    """Whether a comma is the decimal mark: more lines have numbers such as 0,917 than numbers such as 0.917."""
    points = sum(bool(_POINT.search(line)) for line in lines)
    commas = [line for line in lines if not _POINT.search(line) and _COMMA.search(line)]
    if len(commas) <= points:
        return False
    pairs = [_WHOLE_PAIR.fullmatch(line) for line in commas]
    before = [int(pair[1][:20]) for pair in pairs if pair]
    counted = len(before) == len(commas) and all(a < b for a, b in itertools.pairwise(before))
    return not (counted and len(before) > 1)  # 0,1 and 10,2 and 20,3 are iterations and losses


def with_points(line: str) -> str:
    """A line with decimal points instead of decimal commas."""
    return _COMMA.sub(r"\1.\2", line)


def without_thousands(line: str) -> str:
    """A line in which 1,000 is 1000, if it has decimal points too."""
    return _THOUSANDS.sub(lambda found: found[0].replace(",", ""), line) if _POINT.search(line) else line


def find(text: str) -> list[str]:
    """The numbers in a text that has nothing but numbers and what separates them."""
    return re.findall(rf"(?<![\w.]){NUMBER}", text, re.IGNORECASE)
