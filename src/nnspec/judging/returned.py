"""What an operation returned, in words: a stranger's answer, which may be anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnspec.contract.bounds import WORDS, beginning

#: How many things of a list are named.
NAMED = 8


def as_numbers(value: Any) -> Any:
    """An array of floats; None if any element is not a number."""
    try:
        array = np.asarray(value)
        return array.astype(float) if array.dtype.kind in "biuf" else None
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def shape_of(value: Any) -> tuple[int, ...] | None:
    """The shape of an array of numbers, also as lists; None for anything else."""
    array = as_numbers(value)
    return None if array is None else array.shape


def is_sequence(value: Any) -> bool:
    """Whether it is a list of parts."""
    return isinstance(value, (list, tuple))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as NumPy prints it."""
    return str(tuple(int(size) for size in shape))


def described(value: Any) -> str:
    """A value, such as ``a list of 2 arrays of the shapes (3, 5), (5,)``."""
    shape = shape_of(value)
    if shape is not None:
        return f"the number {float(as_numbers(value)):.6g}" if shape == () else _array(shape)
    if isinstance(value, Mapping):
        names = [_cut(str(name)) for name in value][:NAMED]
        return f"a dictionary with {', '.join(names)}" if names else "an empty dictionary"
    if is_sequence(value):
        return _described_list(value)
    return _cut(repr(value))


def _described_list(values: Any) -> str:
    shapes = [shape_of(value) for value in values]
    more = ", …" if len(shapes) > NAMED else ""
    if all(shape for shape in shapes):  # neither a number nor anything else
        listed = ", ".join(shape_text(shape) for shape in shapes[:NAMED] if shape)
        return f"a list of {len(shapes)} arrays of the shapes {listed}{more}"
    if any(is_sequence(value) or isinstance(value, Mapping) for value in values):
        parts = [_brief_part(value) for value in values[:NAMED]]
        return f"a list of {len(values)}: {'; '.join(parts)}{more}"
    return f"a list of {len(values)}: {', '.join(described(value) for value in values[:NAMED])}{more}"


def _brief_part(value: Any) -> str:
    """A thing in a list, with its own things counted, not named."""
    if shape_of(value) is not None or isinstance(value, Mapping) or not is_sequence(value):
        return described(value)
    shapes = [shape_of(item) for item in value]
    if all(shape for shape in shapes):
        return described(value)
    return f"a list of {len(value)}"


def _array(shape: tuple[int, ...]) -> str:
    return "an empty list" if shape == (0,) else f"an array of the shape {shape_text(shape)}"


def _cut(text: str) -> str:
    return beginning(text, WORDS)


def joined(words: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
