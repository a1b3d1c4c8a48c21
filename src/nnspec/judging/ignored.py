"""Arguments that an operation ignores: two calls that differ in one of them alone have the same answer.

The calls are chosen so that the answers of every correct program differ. Only what is in the scope is varied, so a
program that says what it does is not asked about the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.contract import operations
from nnspec.contract.errors import MalformedAnswer
from nnspec.contract.support import Support
from nnspec.judging.ordinary import Asking, Choices
from nnspec.judging.returned import joined
from nnspec.judging.variations import BATCHES, Variation, variations
from nnspec.reference import Reference
from nnspec.report.record import IGNORED, Observation

#: Answers that are as near as this are the same answer, in float32 too.
NEAR = 1e-3
#: An operation that ignores this many arguments and the examples too returns a constant: the clauses say more of that.
MANY = 3


@dataclass(frozen=True)
class Ignored:
    """An argument that an operation ignores.

    field: of describe, "" if it has none for this; does: the names of what the operation does, for describe; judged:
    whether a call is one that it does.
    """

    argument: str
    how: str
    field: str
    does: Any
    judged: Callable[[Mapping[str, Any]], bool]


def ignored_arguments(asking: Asking, operation: str, scope: Support, choices: Choices) -> list[Ignored]:
    """The arguments that an operation ignores, none if it ignores all of them, as a constant does."""

    def velocity(params: dict[str, Any]) -> Any:
        return _velocity(asking, params)

    found: dict[str, Ignored] = {}
    asked = 0
    for variation in variations(operation, scope, choices, velocity):
        if variation.unless and variation.unless in {one.field for one in found.values()}:
            continue
        asked += 1
        if one := _ignores(asking, operation, variation):
            found[variation.argument] = one
        if operation in asking.lost:
            return []
    if len(found) == asked >= MANY:
        return []
    if operation == "train" and scope.batches and "batches" not in found:
        found |= _own_minibatches(asking, choices)
    return [*found.values()]


def _velocity(asking: Asking, params: dict[str, Any]) -> Any:
    """What an update hands on to the next one."""
    reply = asking("update", params)
    return operations.answer("update", reply.answer)["velocity"] if reply.is_answer else None


def _ignores(asking: Asking, operation: str, variation: Variation) -> Ignored | None:
    """The argument, if its values give the same answer."""
    base = _numbers(asking, operation, variation.base)
    if base is None:
        return None
    same = [
        value
        for value, params in variation.others.items()
        if _same(base, _numbers(asking, operation, params)) and _differ(operation, variation, value)
    ]
    if not variation.is_ignored(same):
        return None
    done = variation.done(lambda params: _is_right(operation, params, base))
    return Ignored(
        variation.named(same),
        variation.how,
        variation.field,
        variation.says(same, done),
        variation.judged(same, done),
    )


def _own_minibatches(asking: Asking, choices: Choices) -> dict[str, Ignored]:
    """A run that draws its own minibatches, whichever it is given."""
    whole = choices.params("train")
    given, others = ({**whole, "batches": [np.array(rows) for rows in batches]} for batches in BATCHES)
    answers = [_numbers(asking, "train", params) for params in (given, others, given, whole, whole)]
    first, second, again, plain, plain_again = answers
    if first is None or second is None or again is None:
        return {}
    if _same(first, second):
        how = "it draws its own minibatches, since the answer is the same for others of the same sizes"
    elif not _near(first, again) and plain is not None and _near(plain, plain_again):
        how = "it draws its own minibatches, since two calls with the same ones have different answers"
    else:
        return {}
    return {"batches": Ignored("batches", how, "batches", "false", lambda params: params["batches"] is None)}


def _numbers(asking: Asking, operation: str, params: dict[str, Any]) -> list[Any] | None:
    """The arrays of an answer; None if there is none, or if it is not made of finite numbers."""
    reply = asking(operation, params)
    return _arrays(operation, reply.answer) if reply.is_answer else None


def _arrays(operation: str, answer: Any) -> list[Any] | None:
    """The arrays of an answer in the contract's order; of an update those of the network alone."""
    try:
        read = operations.answer("gradients" if operation == "fit" else operation, answer)
    except MalformedAnswer:  # a fit's handle too
        return None
    if operation == "update":
        read = read["network"]
    arrays = [np.asarray(array, dtype=float) for array in _flat(read)]
    return arrays if all(np.isfinite(array).all() for array in arrays) else None


def _flat(answer: Any) -> list[Any]:
    if isinstance(answer, Mapping):
        return [array for part in answer.values() for array in _flat(part)]
    if isinstance(answer, list):
        return [array for part in answer for array in _flat(part)]
    return [] if isinstance(answer, str) else [answer]


def _same(some: list[Any], others: list[Any] | None) -> bool:
    """The same to the last bit."""
    return (
        others is not None
        and len(some) == len(others)
        and all(np.array_equal(one, other) for one, other in zip(some, others, strict=True))
    )


def _differ(operation: str, variation: Variation, value: Any) -> bool:
    """Whether the right answers to the base and to the call with this value differ; those of fits always do."""
    if operation == "fit":
        return True
    calls = variation.calls
    return not _same(_right(operation, calls[variation.value]), _right(operation, calls[value]))


def _right(operation: str, params: dict[str, Any]) -> list[Any]:
    arrays = _arrays(operation, getattr(Reference(), operation)(**params))
    assert arrays is not None
    return arrays


def _is_right(operation: str, params: dict[str, Any], got: list[Any]) -> bool:
    """Whether an answer is about the right one; a fit has no right answer."""
    if operation == "fit":
        return False
    return _near(_right(operation, params), got)


def _near(some: list[Any], others: list[Any] | None) -> bool:
    """About the same."""
    return (
        others is not None
        and len(some) == len(others)
        and all(
            one.shape == other.shape and np.allclose(one, other, rtol=NEAR, atol=NEAR)
            for one, other in zip(some, others, strict=True)
        )
    )


def observation(operation: str, ignored: list[Ignored]) -> Observation:
    """One line for an operation."""
    arguments = joined([f"`{one.argument}`" for one in ignored])
    how = ignored[0].how if len(ignored) == 1 else "the answer is the same whatever they are"
    return Observation(IGNORED, operation, f"{operation} ignores {arguments}: {how}", _fix(ignored))


def _fix(ignored: list[Ignored]) -> str:
    """Use the argument, or say in describe what the operation does."""
    fields = [f'"{one.field}": {one.does}' for one in ignored if one.field]
    plain = [f"`{one.argument}`" for one in ignored if not one.field]
    use = f"Use {joined(plain)}." if plain else ""
    say = f"Does it do one only? Then say so in describe: {', '.join(fields)}." if fields else ""
    return " ".join(filter(None, (use, say)))
