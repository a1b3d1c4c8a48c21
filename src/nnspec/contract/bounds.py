"""How large an answer may be: its line, its values, its depth and its strings, from the call that it answers.

A program that sends more has gone wrong, and the judge need not pay for it: what is too large is refused before it is
parsed, and the few things that only parsing shows (depth, strings, shapes) before anything is made of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnspec.contract.shapes import shapes_of

#: Values that any answer may have, so that a wrong form is told as a wrong form: a gradient for each example, …
_FREE_VALUES = 10_000
#: How many times the values that an answer needs it may have.
_SPARE = 4
#: Bytes of a value: 25 print a float64, and base64 takes 11; the rest is for white space.
_BYTES_A_VALUE = 40
#: Bytes that any line may have: an error's traceback, or a handle.
_FREE_BYTES = 2**16
#: Values of a description.
_DESCRIPTION = 1_000
#: Lists in lists: a part of an answer, its arrays, their rows, and room for a mistake.
DEPTH = 16
#: Digits of a whole number; Python takes quadratic time to read one.
DIGITS = 1_000
#: Characters that are kept of a string in an answer of numbers, of a describe's, and of an error's message.
STRING, NAME, MESSAGE = 40, 200, 1_000
#: Characters of a value that a message shows.
WORDS = 60


class TooLarge(ValueError):
    """An answer is larger than its call can need; the message says how large it is and may be."""


@dataclass(frozen=True)
class Bounds:
    """The greatest answer to a call of ``operation``; values: numbers, strings, lists and objects."""

    operation: str
    values: int

    @property
    def line(self) -> int:
        """Bytes of the longest line."""
        return _FREE_BYTES + _BYTES_A_VALUE * self.values

    @property
    def string(self) -> int:
        """Characters that are kept of a string; a handle keeps all."""
        return {"fit": self.line, "describe": NAME}.get(self.operation, STRING)

    def check(self, line: bytes) -> None:
        """Raise TooLarge if the line has too many values; nothing is parsed."""
        values = sum(map(line.count, (b",", b"[", b"{")))
        if values > self.values:
            raise TooLarge(
                f"its answer has about {values} values; an answer to {self.operation} may have {self.values}"
            )


def bounds_of(operation: str, params: Mapping[str, Any]) -> Bounds:
    """The bounds of a call's answer."""
    if operation == "describe":
        return Bounds(operation, _DESCRIPTION)
    try:
        needed = _numbers(_shapes(operation, dict(params)))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):  # it lacks an argument
        needed = 0
    return Bounds(operation, _FREE_VALUES + _SPARE * needed)


def _shapes(operation: str, params: dict[str, Any]) -> Any:
    """The shapes of the answer; of a fit, those of the network that its recipe asks for."""
    if operation == "fit":
        normals: dict[str, Any] = {"sizes": params["experiment"]["sizes"]}
        return shapes_of("initialize", normals)
    return shapes_of(operation, params)


def _numbers(shapes: Any) -> int:
    """How many numbers have these shapes."""
    if isinstance(shapes, Mapping):
        return sum(map(_numbers, shapes.values()))
    if isinstance(shapes, list):
        return sum(map(_numbers, shapes))
    return math.prod(shapes)


def beginning(text: str, most: int) -> str:
    """The text, or its first characters and an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def end(text: str, most: int) -> str:
    """The text, or an ellipsis and its last characters."""
    return text if len(text) <= most else "…" + text[1 - most :]
