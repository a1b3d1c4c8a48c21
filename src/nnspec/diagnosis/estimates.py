"""Relations with an unknown, which has to be the same for all wrong answers: a constant, an order, a precision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from nnspec.diagnosis.questions import Part, WrongPart, part_named
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact
from nnspec.reference.values import Array

#: What is told of parts that are wrong, after the name of their quantity; nothing where it is not true of all.
Estimate: TypeAlias = Callable[[Sequence[WrongPart]], str]

#: An unknown that explains fewer numbers explains nothing.
FEWEST = 3
SINGLE = Precision("float32")


def constant_factor(wrong: Sequence[WrongPart]) -> str:
    """All numbers are so many times the right ones."""
    right, got, tolerance = numbers(wrong)
    if len(np.unique(right)) < FEWEST:
        return ""
    clearest = np.argmax(np.abs(right) / tolerance)
    factor = float(got[clearest] / right[clearest])
    explained = all(found.part.is_like(factor * found.part.right) for found in wrong)
    return f"{factor:.6g} times what it should be" if explained else ""


def constant_shift(wrong: Sequence[WrongPart]) -> str:
    """The same number is added to all."""
    right, got, tolerance = numbers(wrong)
    if len(np.unique(right)) < FEWEST:
        return ""
    clearest = np.argmin(tolerance)
    shift = float(got[clearest] - right[clearest])
    if not all(found.part.is_like(found.part.right + shift) for found in wrong):
        return ""
    return f"{abs(shift):.6g} too {'great' if shift > 0 else 'small'} throughout"


def numbers(wrong: Sequence[WrongPart]) -> tuple[Array, Array, Array]:
    """The right numbers, those that were given and their tolerances, of all parts one after the other."""
    parts = [found.part for found in wrong]
    right = np.concatenate([np.ravel(part.right).astype(float) for part in parts])
    got = np.concatenate([np.ravel(part.got).astype(float) for part in parts])
    lost = [np.maximum(np.ravel(part.tolerance), np.finfo(float).tiny) for part in parts]
    return right, got, np.concatenate(lost)


def another_order(told: str, dimensions: int, turned: Callable[[Array], Array]) -> Estimate:
    """What ``turned`` has along its first axis is in another order; only for arrays of so many dimensions."""

    def estimate(wrong: Sequence[WrongPart]) -> str:
        return told if all(is_in_another_order(found.part) for found in wrong) else ""

    def is_in_another_order(part: Part) -> bool:
        if part.right.ndim != dimensions:
            return False
        right = turned(part.right)
        ordered = np.empty_like(right)
        ordered[ascending(turned(part.got))] = right[ascending(right)]
        return part.is_like(turned(ordered))

    return estimate


def ascending(array: Array) -> Array:
    """The order in which its rows ascend, by their first numbers and then by the next."""
    return np.lexsort(array.reshape(len(array), -1).T[::-1])


def single_precision(wrong: Sequence[WrongPart]) -> str:
    """All numbers are numbers of 32 bits, and as near the right ones as those of a program in float32."""
    given = [found.part.got for found in wrong]
    if sum(array.size for array in given) < FEWEST or any((a != a.astype(np.float32)).any() for a in given):
        return ""
    near = all(is_right_in_float32(found) for found in wrong)
    return "as float32 gives it, though float64 is declared" if near else ""


def is_right_in_float32(found: WrongPart) -> bool:
    """Whether a program that declares float32 might give it, and this one declares float64."""
    if found.call.is_long or found.part.unit == SINGLE.unit:
        return False
    told = part_named(Exact(SINGLE).call(found.call.operation, found.call.params), found.name)
    return isinstance(told, Bounded) and bool((np.abs(found.part.got - told.value) <= told.error).all())


ESTIMATES: tuple[Estimate, ...] = (
    constant_factor,
    constant_shift,
    another_order("its rows are in another order", 2, lambda array: array),
    another_order("its columns are in another order", 2, np.transpose),
    another_order("its numbers are in another order", 1, lambda array: array),
    single_precision,
)
