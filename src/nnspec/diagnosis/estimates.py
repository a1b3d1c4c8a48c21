"""Relations with an unknown that is the same for all wrong answers: a factor, a shift, an order, a precision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from nnspec.diagnosis.questions import Part, WrongPart, select
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact
from nnspec.reference.values import Array

#: Describes wrong parts, in words that follow the name of their quantity; "" unless the words are true of all parts.
Estimate: TypeAlias = Callable[[Sequence[WrongPart]], str]

#: An unknown that explains fewer numbers than this explains nothing.
MIN_NUMBERS = 3
FLOAT32 = Precision("float32")
#: Rounding to float32 on the way leaves at least this share of its unit in the worst of some numbers.
LEAST_SHARE = 0.01


def constant_factor(wrong_parts: Sequence[WrongPart]) -> str:
    """All numbers are the right ones times the same factor."""
    right, got, tolerance = numbers(wrong_parts)
    if len(np.unique(right)) < MIN_NUMBERS:
        return ""
    clearest = np.argmax(np.abs(right) / tolerance)
    factor = float(got[clearest] / right[clearest])
    if not np.isfinite(factor):
        return ""
    explains_all = all(wrong.part.matches(factor * wrong.part.right) for wrong in wrong_parts)
    return f"{factor:.6g} times the correct value" if explains_all else ""


def constant_shift(wrong_parts: Sequence[WrongPart]) -> str:
    """All numbers are the right ones plus the same number."""
    right, got, tolerance = numbers(wrong_parts)
    if len(np.unique(right)) < MIN_NUMBERS:
        return ""
    clearest = np.argmin(tolerance)
    shift = float(got[clearest] - right[clearest])
    if not np.isfinite(shift) or not all(
        wrong.part.matches(wrong.part.right + shift) for wrong in wrong_parts
    ):
        return ""
    return f"every number is {abs(shift):.6g} too {'large' if shift > 0 else 'small'}"


def numbers(wrong_parts: Sequence[WrongPart]) -> tuple[Array, Array, Array]:
    """The right numbers, the subject's numbers and their tolerances, each of all parts in one array."""
    parts = [wrong.part for wrong in wrong_parts]
    right = np.concatenate([np.ravel(part.right).astype(float) for part in parts])
    got = np.concatenate([np.ravel(part.got).astype(float) for part in parts])
    tolerances = [np.maximum(np.ravel(part.tolerance), np.finfo(float).tiny) for part in parts]
    return right, got, np.concatenate(tolerances)


def wrong_order(description: str, dimensions: int, orient: Callable[[Array], Array]) -> Estimate:
    """The slices along the first axis of ``orient(array)`` are in the wrong order.

    It holds only for arrays with this number of dimensions. ``orient`` must be its own inverse.
    """

    def estimate(wrong_parts: Sequence[WrongPart]) -> str:
        return description if all(is_reordered(wrong.part) for wrong in wrong_parts) else ""

    def is_reordered(part: Part) -> bool:
        if part.right.ndim != dimensions:
            return False
        right = orient(part.right)
        reordered = np.empty_like(right)
        reordered[ascending(orient(part.got))] = right[ascending(right)]
        return part.matches(orient(reordered))

    return estimate


def ascending(array: Array) -> Array:
    """The order that sorts the rows by their first numbers, then by the next."""
    return np.lexsort(array.reshape(len(array), -1).T[::-1])


def single_precision(wrong_parts: Sequence[WrongPart]) -> str:
    """All numbers are 32-bit numbers, as near the right ones as those of a program in float32."""
    arrays = [wrong.part.got for wrong in wrong_parts]
    if sum(array.size for array in arrays) < MIN_NUMBERS:
        return ""
    if any((array != array.astype(np.float32)).any() for array in arrays):
        return ""
    near = all(is_right_in_float32(wrong) for wrong in wrong_parts)
    return "computed in float32, though float64 is declared" if near else ""


def partly_single_precision(wrong_parts: Sequence[WrongPart]) -> str:
    """All numbers are as near the right ones as those of a program in float32, and the worst is no nearer than that."""
    right, *_ = numbers(wrong_parts)
    if len(right) < MIN_NUMBERS or not all(is_right_in_float32(wrong) for wrong in wrong_parts):
        return ""
    errors = [_relative_error(wrong.part) for wrong in wrong_parts]
    if not LEAST_SHARE * FLOAT32.unit <= max(errors) < 1:
        return ""
    digits = round(-np.log10(np.median(errors)))
    return (
        f"right to about {digits} digits: look for a part in float32, a difference quotient or a small constant "
        f"such as 1e-{digits}"
    )


def _relative_error(part: Part) -> float:
    """The greatest error as a share of the greatest number; infinite if that is 0."""
    greatest = np.max(np.abs(part.right), initial=0)
    return float(np.max(np.abs(part.got - part.right), initial=0) / greatest) if greatest > 0 else np.inf


def is_right_in_float32(wrong: WrongPart) -> bool:
    """Whether the part is right for a program that declares float32, and this program declares float64."""
    if wrong.call.is_long or wrong.part.unit == FLOAT32.unit:
        return False
    expected = select(Exact(FLOAT32).call(wrong.call.operation, wrong.call.params), wrong.name)
    if not isinstance(expected, Bounded):
        return False
    return bool((np.abs(wrong.part.got - expected.value) <= expected.error).all())


ESTIMATES: tuple[Estimate, ...] = (
    constant_factor,
    constant_shift,
    wrong_order("the rows are in the wrong order", 2, lambda array: array),
    wrong_order("the columns are in the wrong order", 2, np.transpose),
    wrong_order("the numbers are in the wrong order", 1, lambda array: array),
    single_precision,
    partly_single_precision,
)
