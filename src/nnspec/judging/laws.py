"""Laws: relations between several answers of a program that hold whatever the right answers are.

A law is an expression over an implementation's operations that has the same value for every correct program: 0 for a
difference, otherwise the value that the law states. Both the subject and the exact reference compute it, but the
reference supplies only how far rounding can move it. So a law refuses a mistake even if the reference makes it too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnspec.judging.agreement import assert_agrees
from nnspec.judging.rounding import Bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.symmetries import Problem

#: Takes an implementation (the subject or the exact reference); returns numbers, arrays, or lists of them.
Law = Callable[[Any], Any]


def assert_law(subject: Subject, exact: Exact, law: Law, what: str, value: float = 0.0) -> None:
    """The expression has this value for the subject, up to rounding; ``what``: its name in the message."""
    __tracebackhide__ = True
    assert_agrees(law(subject), _with_value(value, law(exact)), what)


def _with_value(value: float, answer: Any) -> Any:
    """The exact reference's answer, with each number's value replaced by the one that the law states."""
    if isinstance(answer, dict):
        return {name: _with_value(value, part) for name, part in answer.items()}
    if isinstance(answer, list):
        return [_with_value(value, part) for part in answer]
    return Bounded(np.full(answer.shape, value), answer.error, answer.precision)


def difference(one: Any, other: Any) -> Any:
    """One answer less another, part by part; both have the same structure."""
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
    """``loss`` or ``gradients`` with a penalty of this strength, less the same without a penalty."""
    penalised, plain = (
        {**problem, "objective": {**problem["objective"], "l2": strength}} for strength in (l2, 0.0)
    )
    return difference(operation(**penalised), operation(**plain))
