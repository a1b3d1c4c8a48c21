"""Comparison of an answer with the right one, number by number, within the derived tolerance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.judging.rounding import Bounded
from nnspec.reference.values import Array
from nnspec.report.text import row


class Disagreement(AssertionError):
    """An answer is wrong: its first wrong quantity, with what was got, what was expected, and the tolerance.

    answer: all of it, if its shape is what is wrong.
    """

    answer: Any = None

    def __init__(
        self, where: str, got: str, expected: str, tolerance: str = "", wrong: str = "", finding: str = ""
    ) -> None:
        """``where``: the quantity and its index; ``wrong``: how many numbers are wrong; ``finding``: the cause."""
        self.where, self.got, self.expected, self.tolerance, self.wrong = (
            where,
            got,
            expected,
            tolerance,
            wrong,
        )
        self.finding = finding
        super().__init__("\n".join(row(name, text) for name, text in self.parts().items()))

    def parts(self) -> dict[str, str]:
        """The parts of the message by name, without the empty ones."""
        parts = {
            "first wrong": self.where,
            "got": self.got,
            "expected": self.expected,
            "tolerance": self.tolerance,
            "wrong": self.wrong,
            "finding": self.finding,
        }
        return {name: text for name, text in parts.items() if text}


class LowerPrecision(Disagreement):
    """An answer is right for a program that computes part of it in a lower precision than it declares."""


def assert_shapes(got: Any, expected: Any, where: str) -> None:
    """The answer and its parts have these shapes, which come from ``contract.shapes.shapes_of``.

    Raises Disagreement at the first part with another shape.
    """
    __tracebackhide__ = True
    if isinstance(expected, dict):
        for name, shape in expected.items():
            assert_shapes(got[name], shape, f"{where}.{name}")
    elif isinstance(expected, list):
        if len(got) != len(expected):
            raise Disagreement(where, f"{len(got)} arrays", f"{len(expected)} arrays")
        for index, shape in enumerate(expected):
            assert_shapes(got[index], shape, f"{where}[{index}]")
    elif np.shape(got) != expected:
        raise Disagreement(where, f"an array of shape {np.shape(got)}", f"an array of shape {expected}")


def assert_agrees(got: Any, expected: Any, where: str) -> None:
    """Every number of ``got`` is within its tolerance of ``expected``; both have the same structure.

    expected: a Bounded, an array of whole numbers, or lists and dictionaries of them, from the exact
    reference. Raises Disagreement at the first wrong quantity.
    """
    __tracebackhide__ = True
    if isinstance(expected, dict):
        for name, right in expected.items():
            if not isinstance(right, str):  # a network's activation, which an answer may leave out
                assert_agrees(got[name], right, f"{where}.{name}")
    elif isinstance(expected, list):
        if len(got) != len(expected):
            raise Disagreement(where, f"{len(got)} arrays", f"{len(expected)} arrays")
        for index, (part, right) in enumerate(zip(got, expected, strict=True)):
            assert_agrees(part, right, f"{where}[{index}]")
    elif isinstance(expected, Bounded):
        assert_within(got, expected.value, expected.error, where)
    else:
        assert_within(got, expected, np.zeros(np.shape(expected)), where)


def assert_agrees_with_one(got: Any, answers: list[Any], where: str) -> list[int]:
    """``got`` agrees with one of several right answers; returns the places of all that it agrees with.

    Raises Disagreement with the nearest of them.
    """
    __tracebackhide__ = True
    if len(answers) == 1:
        assert_agrees(got, answers[0], where)
        return [0]
    agreeing = [place for place, answer in enumerate(answers) if _agrees(got, answer, where)]
    if not agreeing:
        assert_agrees(got, min(answers, key=lambda answer: _distance(got, answer)), where)
    return agreeing


def _agrees(got: Any, expected: Any, where: str) -> bool:
    try:
        assert_agrees(got, expected, where)
    except Disagreement:
        return False
    return True


def _distance(got: Any, expected: Any) -> float:
    """The sum of all differences between an answer and a right one, whose numbers are Bounded."""
    if isinstance(expected, dict):
        return sum(_distance(got[name], expected[name]) for name in expected if name != "activation")
    if isinstance(expected, list):
        return sum(map(_distance, got, expected))
    total = float(np.abs(got - expected.value).sum())
    return total if math.isfinite(total) else math.inf


def assert_within(got: Any, expected: Any, tolerance: Any, where: str) -> None:
    """|got − expected| ≤ tolerance for every number, and the shape is that of ``expected``."""
    __tracebackhide__ = True
    got, expected = np.asarray(got), np.asarray(expected)
    tolerance = np.broadcast_to(np.asarray(tolerance, dtype=float), expected.shape)
    if not (np.isfinite(tolerance).all() and np.isfinite(expected).all()):
        raise RuntimeError(f"the tolerance for {where} is not finite: this is a bug in nnspec")
    if got.shape != expected.shape:
        raise Disagreement(where, f"an array of shape {got.shape}", f"an array of shape {expected.shape}")
    wrong = ~(np.abs(got - expected) <= tolerance)
    if wrong.any():
        raise _first_wrong(got, expected, tolerance, wrong, where)


def assert_predicts(labels: Any, scores: Bounded, where: str) -> None:
    """Every label (N,) is a class whose score (N, K) is the greatest of its row, up to rounding."""
    __tracebackhide__ = True
    classes = scores.shape[1]
    outside = ~np.isin(labels, np.arange(classes))
    if outside.any():
        first = int(np.argmax(outside))
        raise Disagreement(f"{where}[{first}]", f"{labels[first]}", f"a class from 0 to {classes - 1}")
    short = scores.value.max(axis=1) - np.take_along_axis(scores.value, labels[:, None], axis=1)[:, 0]
    assert_within(
        short,
        np.zeros(len(labels)),
        2 * scores.error.max(axis=1),
        f"greatest score minus the score of {where}",
    )


def assert_unchanged(changed: list[str], operation: str) -> None:
    """A call changed none of its arguments; ``changed``: the names of those that it changed."""
    __tracebackhide__ = True
    if changed:
        raise Disagreement(
            f"argument {changed[0]} after the call of {operation}",
            "other numbers than before",
            "the numbers that were passed in",
            wrong=f"{len(changed)} arguments" if len(changed) > 1 else "",
        )


def assert_orders_alike(got: Array, like: Array, tolerance: Array, where: str) -> None:
    """In each row, ``got`` does not fall where ``like`` rises, up to rounding."""
    __tracebackhide__ = True
    order = np.argsort(like, axis=1)
    sorted_got, sorted_tolerance = (np.take_along_axis(array, order, axis=1) for array in (got, tolerance))
    falls = np.maximum(sorted_got[:, :-1] - sorted_got[:, 1:], 0)
    allowed = sorted_tolerance[:, :-1] + sorted_tolerance[:, 1:]
    assert_within(falls, np.zeros_like(falls), allowed, f"fall of {where} as the score rises")


def _first_wrong(got: Array, expected: Array, tolerance: Array, wrong: Array, where: str) -> Disagreement:
    index = tuple(int(place) for place in np.argwhere(wrong)[0])
    at = f"[{', '.join(map(str, index))}]" if index else ""
    whole_numbers = expected.dtype.kind in "iu"
    return Disagreement(
        where + at,
        _number(got[index]),
        _number(expected[index]),
        "" if whole_numbers or not tolerance[index] else f"± {float(tolerance[index]):.1e}",
        f"{int(wrong.sum())} of {wrong.size} numbers" if wrong.size > 1 else "",
    )


def _number(value: Any) -> str:
    """A number with all the digits of a float64."""
    return f"{int(value)}" if np.asarray(value).dtype.kind in "iu" else f"{float(value):.17g}"
