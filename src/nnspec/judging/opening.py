"""The opening of a check: what is found of a program by asking, before the first clause.

Each operation is called with ordinary arguments. What is wrong with the form of its answer, which arguments it
ignores, which shapes it is made for, and whether its JSON loses digits is told once, and keeps the tests that depend
on it from being judged.
"""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nnspec.contract.digits import Digits
from nnspec.contract.errors import BudgetSpent, NotJudged, Unsupported
from nnspec.contract.operations import OPERATIONS, PRECISIONS, Description, answer
from nnspec.contract.support import ACTIVATIONS, METHODS, REDUCTIONS, SCHEDULES, Support
from nnspec.documents.scopes import Scope
from nnspec.judging import cases, ignored, one_operation, shapes_found
from nnspec.judging.ordinary import Ask, Asking, usual
from nnspec.judging.reading import reading_error
from nnspec.judging.variations import variations
from nnspec.reference import Reference
from nnspec.report.faults import form_fault, ignored_fault
from nnspec.report.record import CORE, NOTE, UNREADABLE, Observation

#: The sizes of a network with enough numbers to find a reader that changes one of a few.
MANY_NUMBERS = (2, 100, 3)

#: What is judged of a program that has a fit alone, which begins anywhere.
RESULTS_ALONE = Observation(
    NOTE,
    "fit",
    "fit has an initialization of its own, so it is judged by its results alone: whether they are accurate enough",
    "Offer gradients or train too, and how it learns is judged.",
)
#: A field of describe and its value, as JSON.
Field = tuple[str, str]


@dataclass(frozen=True)
class Limit:
    """Calls of an operation that are judged, and why the others are not."""

    reason: str
    judged: Callable[[Mapping[str, Any]], bool]


@dataclass
class Opening:
    """What was found.

    support: what is left of the scope for the inputs of every test; supports: of an operation's calls; limits: what
    keeps calls of an operation from being judged; unreadable: what keeps all of them from it, in their numbers or in
    every message; cut: the call in which
    the budget ended, in words; answered: the operations that gave an answer of the right form; slow: those that gave
    none in time; absent: the names of faults that were looked for and not found.
    """

    support: Support = field(default_factory=Support)
    observations: list[Observation] = field(default_factory=list)
    supports: dict[str, Support] = field(default_factory=dict)
    limits: dict[str, list[Limit]] = field(default_factory=dict)
    unreadable: str = ""
    cut: str = ""
    answered: list[str] = field(default_factory=list)
    slow: Collection[str] = ()
    absent: list[str] = field(default_factory=list)

    def check(self, operation: str, params: Mapping[str, Any]) -> None:
        """Raise NotJudged or Unsupported for a call that has no answer to judge."""
        if self.unreadable:
            raise NotJudged(self.unreadable)
        for limit in self.limits.get(operation, ()):
            if not limit.judged(params):
                raise NotJudged(limit.reason)
        if operation in self.supports and (missing := self.supports[operation].missing(params)):
            raise Unsupported(missing)


def begin(
    ask: Ask,
    description: Description,
    document: Scope | None = None,
    operations: Collection[str] = tuple(OPERATIONS),
    digits: Digits | None = None,
) -> Opening:
    """Ask a program about its operations.

    ask: its answers as they come; document: that it is checked against; operations: those that are to be judged;
    digits: of the numbers in its JSON, None for a program in Python. What there is no time for is not asked.
    """
    scope = document.support & description.support if document else description.support  # in its order
    opening = Opening(scope, [_outside(name) for name in description.outside])
    choices = usual(scope, document)
    if choices is None:
        return opening
    asking = Asking(ask, description, document)
    shapes = shapes_found.left_open(description.support, scope)
    findings: dict[str, one_operation.Findings] = {}
    known: dict[str, Any] = {}
    try:
        for operation in filter(operations.__contains__, OPERATIONS):
            findings[operation] = one_operation.ask(asking, operation, scope, choices, shapes, known)
            known |= findings[operation].arguments.done
            if asking.fault:
                opening.unreadable, opening.slow = asking.fault, [*asking.slow]
                opening.observations.append(Observation(UNREADABLE, "", asking.fault))
                return opening
    except BudgetSpent as error:
        opening.cut = str(error)
    _add_forms(opening, findings)
    said = _add_arguments(opening, {operation: one.arguments for operation, one in findings.items()})
    made_for = _add_shapes(opening, [shape for one in findings.values() for shape in one.shapes])
    opening.observations += _all_at_once(said, made_for, document, str if digits is None else json.dumps)
    opening.answered = [operation for operation, one in findings.items() if one.answered]
    if description.initialization == "own" and {*opening.answered} & {*CORE} == {"fit"}:
        opening.observations.append(RESULTS_ALONE)
    opening.observations += [
        Observation(NOTE, operation, f"{error}, so its tests run last")
        for operation, error in asking.slow.items()
    ]
    opening.slow, opening.absent = [*asking.slow], [*_absent(findings)]
    if digits is not None and description.precision == PRECISIONS[0]:
        _add_unreadable(opening, digits, asking, opening.answered)
    return opening


def _add_forms(opening: Opening, findings: Mapping[str, one_operation.Findings]) -> None:
    for operation, one in findings.items():
        opening.observations += one.observations
        opening.limits[operation] = [Limit(reason, judged) for reason, judged in one.limits]


def _add_arguments(opening: Opening, arguments: Mapping[str, ignored.Arguments]) -> set[Field]:
    """Tell what is ignored, and give what describe may say of it."""
    said: set[Field] = set()
    users: dict[str, str] = {}
    for operation, each in arguments.items():
        users = {**dict.fromkeys(each.used, operation), **users}
    for operation, found in ignored.without_memory(arguments).items():
        if found:
            opening.observations.append(ignored.observation(operation, found, users))
            opening.limits[operation] += [
                Limit(f"{operation} ignores {one.shown}", one.judged) for one in found
            ]
            said |= {(one.field, one.says) for one in found if one.says and one.field not in users}
    return said


def _absent(findings: Mapping[str, one_operation.Findings]) -> Iterator[str]:
    """The names of faults that were looked for and not found."""
    for operation, one in findings.items():
        if one.answered or {observation.kind for observation in one.observations} == {NOTE}:
            yield form_fault(operation)
        yield from (ignored_fault(operation, argument) for argument in sorted(one.arguments.seen))


def fault_names() -> set[str]:
    """The name of every fault that an opening can find."""
    names = {form_fault(operation) for operation in OPERATIONS}
    choices = usual(Support())
    assert choices is not None
    for operation in OPERATIONS:
        for variation in variations(operation, Support(), choices, _velocity):
            names.add(ignored_fault(operation, variation.argument))
    return names


def _velocity(params: dict[str, Any]) -> Any:
    return Reference().update(**params)["velocity"]


def _add_shapes(opening: Opening, found: list[shapes_found.Found]) -> set[Field]:
    """Tell what the program is made for, and give what describe may say of it."""
    opening.observations += shapes_found.notes(found)
    alone = shapes_found.made_for(found)
    for one in alone:
        opening.supports[one.operation] = one.narrow(opening.supports.get(one.operation, Support()))
    opening.support = shapes_found.narrowed(opening.support, alone)
    return {(one.field, json.dumps([*one.numbers])) for one in alone}


def _all_at_once(
    said: set[Field], made_for: set[Field], document: Scope | None, shown: Callable[[Any], str]
) -> Iterator[Observation]:
    """What describe may say of ignored arguments and of shapes, where that is more than one field.

    shown: the fields in the language of the program.
    """
    values = sorted(said | made_for)
    names = [name for name, _ in values]
    fields = {name: json.loads(value) for name, value in values if names.count(name) == 1}
    if not said or len(fields) < 2:
        return
    message = "All that was found above can be said at once"
    if document and document.exercises:
        message = (
            f"The check against {document.document} has the exercises of the document in it too "
            f"({document.exercises}). A program need not do them"
        )
    yield Observation(
        NOTE, "describe", message, f"If it is meant to do no more, say so in describe: {shown(fields)}."
    )


# ---- numbers that JSON changes ----


def _add_unreadable(opening: Opening, digits: Digits, asking: Asking, answered: Collection[str]) -> None:
    """Find out whether its numbers can be judged at all."""
    if told := _lost_in_printing(digits) or _lost_in_reading(asking, opening.support, answered):
        opening.unreadable, _, fix = told.partition(": ")
        observation = Observation(UNREADABLE, "", opening.unreadable, f"{fix[0].upper()}{fix[1:]}.")
        opening.observations.append(observation)


def _lost_in_printing(digits: Digits) -> str:
    return digits.message() if digits.too_few() else ""


def _lost_in_reading(asking: Asking, support: Support, answered: Collection[str]) -> str:
    """The number that its reader changed the most; too few digits would look the same."""

    def ask(operation: str, params: dict[str, Any]) -> Any:
        return answer(operation, asking.ask(operation, params))

    worst = reading_error(
        ask,
        [operation for operation in answered if operation != "activation" or "relu" in support.activations],
        cases.sizes_for(support, like=MANY_NUMBERS),
        activation=support.activations[0],
        reduction=support.reductions[0],
        method=support.methods[0],
    )
    return str(worst or "")


# ---- what the documents do not know ----

_KNOWN = {
    "activation": ACTIVATIONS,
    "reduction": REDUCTIONS,
    "method": METHODS,
    "schedule": SCHEDULES,
}
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
    if kind == "precision":
        fix = "Choose --precision float64 or --precision float32 to judge it by that."
    return Observation(NOTE, "describe", f"{name} is outside of the documents: it is not judged", fix)


def _meant(name: str, known: tuple[str, ...]) -> str:
    """The known name that is near to this one; "" if none is."""
    plain = name.lower().replace(" ", "_").replace("-", "_")
    if _OTHER_NAMES.get(plain) in known:
        return _OTHER_NAMES[plain]
    return next(iter(difflib.get_close_matches(plain, known, n=1, cutoff=0.7)), "")
