"""Laws: what holds between several answers of a program, whatever the right ones are.

A law is written once, as an expression over an implementation's operations that has the same value for every
correct program: 0 where it is a difference, and otherwise the value that the law states. The subject computes it, and
so does the exact reference, which tells how far rounding can move it and nothing else: a law would refuse a mistake
that the reference made too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnspec.judging.agreement import assert_agrees
from nnspec.judging.rounding import Bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.symmetries import Problem

#: Takes an implementation, the subject or the exact reference; gives numbers, arrays, or lists of them.
Law = Callable[[Any], Any]


def assert_law(subject: Subject, exact: Exact, law: Law, what: str, value: float = 0.0) -> None:
    """The expression, which ``what`` names, has this value for the subject, up to rounding."""
    __tracebackhide__ = True
    assert_agrees(law(subject), _stated(value, law(exact)), what)


def _stated(value: float, told: Any) -> Any:
    """What the exact reference gives, each number with the value that the law states."""
    if isinstance(told, dict):
        return {name: _stated(value, part) for name, part in told.items()}
    if isinstance(told, list):
        return [_stated(value, part) for part in told]
    return Bounded(np.full(told.shape, value), told.error, told.precision)


def difference(one: Any, other: Any) -> Any:
    """One answer less another, part by part; both are alike in structure."""
    if isinstance(one, dict):
        return {name: difference(one[name], other[name]) for name in one if name != "activation"}
    if isinstance(one, list):
        return [difference(*pair) for pair in zip(one, other, strict=True)]
    return one - other


def scaled(factor: float, answer: Any) -> Any:
    """A number times an answer, part by part."""
    if isinstance(answer, dict):
        return {name: scaled(factor, answer[name]) for name in answer if name != "activation"}
    if isinstance(answer, list):
        return [scaled(factor, part) for part in answer]
    return factor * answer


def penalty_part(operation: Callable[..., Any], problem: Problem, l2: float) -> Any:
    """What ``loss`` or ``gradients`` of an implementation has more with a penalty of this strength than without."""
    penalised, plain = (
        {**problem, "objective": {**problem["objective"], "l2": strength}} for strength in (l2, 0.0)
    )
    return difference(operation(**penalised), operation(**plain))
