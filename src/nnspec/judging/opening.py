"""The opening of a check: what is found of a program by asking, before the first clause.

Each operation is called with ordinary arguments. What is wrong with the form of its answer, which arguments it
ignores, which shapes it is made for, and whether its JSON loses digits is told once, and keeps the tests that depend
on it from being judged.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from nnspec.contract.errors import BudgetSpent, NotJudged, Unsupported
from nnspec.contract.operations import OPERATIONS, Description
from nnspec.contract.support import ACTIVATIONS, METHODS, REDUCTIONS, SCHEDULES, Support
from nnspec.judging import ignored, one_operation, shapes_found
from nnspec.judging.ordinary import Ask, Asking, usual
from nnspec.report.record import NOTE, UNREADABLE, Observation

#: Digits that a float64 needs to be read back as the same number.
DIGITS = 17


class Numbers(Protocol):
    """How a program's JSON treats numbers, as far as its answers show; each None if that is not known, or is right."""

    def printed_digits(self) -> int | None:
        """The significant digits of its numbers, if they are too few for a float64."""

    def units_off(self) -> int | None:
        """By how many units in the last place its reader changes a number, at the most."""


@dataclass(frozen=True)
class Limit:
    """Calls of an operation that are judged, and why the others are not."""

    reason: str
    judged: Callable[[Mapping[str, Any]], bool]


@dataclass
class Opening:
    """What was found.

    support: what is left of the scope for the inputs of every test; supports: of an operation's calls; limits: what
    keeps calls of an operation from being judged; unreadable: what keeps all of them from it.
    """

    support: Support
    observations: list[Observation] = field(default_factory=list)
    supports: dict[str, Support] = field(default_factory=dict)
    limits: dict[str, list[Limit]] = field(default_factory=dict)
    unreadable: str = ""

    def check(self, operation: str, params: Mapping[str, Any]) -> None:
        """Raise NotJudged or Unsupported for a call that has no answer to judge."""
        if self.unreadable:
            raise NotJudged(self.unreadable)
        for limit in self.limits.get(operation, ()):
            if not limit.judged(params):
                raise NotJudged(limit.reason)
        if operation in self.supports and (missing := self.supports[operation].missing(params)):
            raise Unsupported(missing)


def begin(ask: Ask, description: Description, scope: Support, numbers: Numbers | None = None) -> Opening:
    """Ask a program about its operations.

    ask: its answers as they come; scope: the cases that are planned for it; numbers: what its transport saw of its
    JSON, None if it has none. What time runs out for is not asked.
    """
    opening = Opening(scope, [_outside(name) for name in description.outside])
    choices = usual(scope)
    if choices is None:
        return opening
    asking = Asking(ask)
    findings: dict[str, one_operation.Findings] = {}
    with contextlib.suppress(BudgetSpent):
        for operation in OPERATIONS:
            findings[operation] = one_operation.ask(asking, operation, scope, choices)
    _add_forms(opening, findings)
    _add_arguments(opening, {operation: one.arguments for operation, one in findings.items()})
    _add_shapes(opening, [shape for one in findings.values() for shape in one.shapes])
    if numbers is not None:
        _read_numbers(opening, numbers)
    return opening


def _add_forms(opening: Opening, findings: Mapping[str, one_operation.Findings]) -> None:
    for operation, one in findings.items():
        opening.observations += one.observations
        opening.limits[operation] = [Limit(reason, judged) for reason, judged in one.limits]


def _add_arguments(opening: Opening, arguments: Mapping[str, ignored.Arguments]) -> None:
    users: dict[str, str] = {}
    for operation, each in arguments.items():
        users = {**dict.fromkeys(each.used, operation), **users}
    for operation, found in ignored.without_memory(arguments).items():
        if found:
            opening.observations.append(ignored.observation(operation, found, users))
            opening.limits[operation] += [
                Limit(f"{operation} ignores {one.shown}", one.judged) for one in found
            ]


def _add_shapes(opening: Opening, found: list[shapes_found.Found]) -> None:
    opening.observations += shapes_found.notes(found)
    for one in found:
        opening.supports[one.operation] = one.narrow(opening.supports.get(one.operation, Support()))
    opening.support = shapes_found.narrowed(opening.support, found)


# ---- numbers that JSON changes ----


def _read_numbers(opening: Opening, numbers: Numbers) -> None:
    """Find out whether its numbers can be judged at all."""
    unreadable = []
    if digits := numbers.printed_digits():
        message = f"its numbers have {digits} digits, and a float64 needs {DIGITS}"
        fix = f'Print {DIGITS} digits, or say "numbers": "base64" in describe.'
        unreadable.append(Observation(UNREADABLE, "", message, fix))
    if units := numbers.units_off():
        changed = f"{units} unit{'s' if units > 1 else ''} in the last place"
        message = f"its JSON reader changed a number by {changed}"
        fix = 'Use a reader that rounds correctly, or say "numbers": "base64" in describe.'
        unreadable.append(Observation(UNREADABLE, "", message, fix))
    opening.observations += unreadable
    opening.unreadable = " and ".join(observation.message for observation in unreadable)


# ---- what the documents do not know ----

_KNOWN = {"activation": ACTIVATIONS, "reduction": REDUCTIONS, "method": METHODS, "schedule": SCHEDULES}
#: Names that others give to what the documents have.
_OTHER_NAMES = {
    "sigmoid": "logistic",
    "sgd": "gradient_descent",
    "gd": "gradient_descent",
    "average": "mean",
    "avg": "mean",
}


def _outside(name: str) -> Observation:
    """A note on a name in describe, such as ``method 'adam'``."""
    kind, _, quoted = name.partition(" ")
    meant = _meant(str(ast.literal_eval(quoted)), _KNOWN.get(kind, ()))
    fix = f"Did you mean {meant!r}?" if meant else ""
    return Observation(NOTE, "describe", f"{name} is outside of the documents: it is not judged", fix)


def _meant(name: str, known: tuple[str, ...]) -> str:
    """The known name that is near to this one; "" if none is."""
    plain = name.lower().replace(" ", "_").replace("-", "_")
    if _OTHER_NAMES.get(plain) in known:
        return _OTHER_NAMES[plain]
    return next(iter(difflib.get_close_matches(plain, known, n=1, cutoff=0.7)), "")
