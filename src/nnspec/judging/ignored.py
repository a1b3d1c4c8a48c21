"""Arguments that an operation ignores: two calls that differ in one of them alone have the same answer.

The calls are chosen so that the answers of every correct program differ. Only what is in the scope is varied, so a
program that says what it does is not asked about the rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnspec.contract import operations
from nnspec.contract.errors import MalformedAnswer
from nnspec.contract.support import Support
from nnspec.judging.ordinary import Asking, Choices
from nnspec.judging.returned import joined
from nnspec.judging.variations import (
    BATCHES,
    MANY_EXAMPLES,
    SCHEDULES,
    Variation,
    changed,
    later,
    variations,
    with_examples,
    with_iterations,
)
from nnspec.reference import Reference
from nnspec.report.record import IGNORED, Observation

#: Answers that are as near as this are the same answer, in float32 too.
NEAR = 1e-3
#: An operation that ignores this many arguments and the examples too returns a constant: the clauses say more of that.
MANY = 3
#: What a program that remembers a forward pass seems to ignore.
REMEMBERED = ("inputs", "network.activation", "network.biases")
#: Arguments that make no difference to the first iteration.
ACTING_LATER = ("schedule", "iterations", "method", "momentum")


#: The arrays of an answer.
Numbers = list[Any]


@dataclass(frozen=True)
class Ignored:
    """An argument that an operation ignores.

    shown: the argument, and which of its values if not all; how: what was seen; field: of describe, "" if it has none
    for this; says: what describe must then say, as JSON, "" if that is not known; judged: whether a call is one that
    the program does.
    """

    argument: str
    shown: str
    how: str
    field: str
    says: str
    judged: Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Unused:
    """An argument whose values `same` give the same answer as the base call, `base`."""

    variation: Variation
    same: Sequence[Any]
    base: Numbers

    def in_words(self, done: Any) -> Ignored:
        """What is said of it; done: the value that the program chooses, None if that is not known."""
        variation = self.variation
        value = variation.value if done is None else done
        return Ignored(
            variation.argument,
            variation.shown(self.same),
            variation.how,
            variation.field,
            "" if variation.is_choice and done is None else variation.says(self.same, value),
            variation.judged(self.same, value),
        )


@dataclass
class Arguments:
    """Arguments that an operation ignores, and others.

    used: the fields of describe of those that it uses; done: by field, what it chooses itself; seen: the arguments
    that are not ignored, whether describe has a field for them or not.
    """

    ignored: list[Ignored] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    done: dict[str, Any] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


def arguments(
    asking: Asking, operation: str, scope: Support, choices: Choices, known: Mapping[str, Any] | None = None
) -> Arguments:
    """What an operation ignores; nothing if it ignores all arguments, as a constant does.

    known: by field of describe, the one choice that other operations of the program turned out to make.
    """
    found: dict[str, Unused] = {}
    asked, used = set(), set()
    for variation in variations(operation, scope, choices, lambda params: _velocity(asking, params)):
        if variation.unless and variation.unless in {one.variation.field for one in found.values()}:
            continue
        base = _numbers(asking, operation, variation.base)
        others = {
            value: answer
            for value, params in variation.others.items()
            if (answer := _numbers(asking, operation, params))
            and right_answers_differ(operation, variation, value)
        }
        if operation in asking.lost:
            return Arguments()
        if base is None or not others:
            continue
        asked.add(variation.argument)
        if one := _unused(asking, operation, variation, base, others):
            found[variation.argument] = one
        elif not all(_same(base, answer) for answer in others.values()):
            used.add(variation.field)
    if len(found) == len(asked) >= MANY:
        return Arguments()
    done = _done(operation, [one for one in found.values() if one.variation.is_choice])
    ignored = {
        argument: one.in_words(done.get(one.variation.field, (known or {}).get(one.variation.field)))
        for argument, one in found.items()
    }
    if operation == "train" and scope.batches and "batches" not in ignored:
        ignored |= _own_minibatches(asking, choices)
    used -= {one.field for one in ignored.values()}
    return Arguments([*ignored.values()], used, done, asked - {*ignored})


def without_memory(arguments: Mapping[str, Arguments]) -> dict[str, list[Ignored]]:
    """What each operation ignores, without what a program seems to ignore that remembers a forward pass."""
    remembers = any(one.argument == "inputs" for each in arguments.values() for one in each.ignored)
    hidden = REMEMBERED if remembers else ()
    return {
        operation: [one for one in each.ignored if one.argument not in hidden]
        for operation, each in arguments.items()
    }


def _velocity(asking: Asking, params: dict[str, Any]) -> Any:
    """What an update hands on to the next one; None if it has no answer, or one of the wrong form."""
    reply = asking("update", params)
    try:
        return operations.answer("update", reply.answer)["velocity"] if reply.is_answer else None
    except MalformedAnswer:
        return None


def _unused(
    asking: Asking, operation: str, variation: Variation, base: Numbers, others: Mapping[Any, Numbers]
) -> Unused | None:
    """The argument, if its values give the same answer as the base."""
    same = [
        value
        for value, answer in others.items()
        if _same(base, answer) and not _differs_later(asking, operation, variation, value)
    ]
    if not variation.is_ignored(same, len(others)) or _stands_still(asking, operation, variation):
        return None
    return Unused(variation, same, base)


def _done(operation: str, choices: Sequence[Unused]) -> dict[str, Any]:
    """By field, the values that the program chooses itself: together they come nearest to its answer; {} if none do."""
    if not choices or operation == "fit":
        return {}
    first, nearest, done = choices[0], np.inf, {}
    for values in itertools.product(*(one.variation.calls for one in choices)):
        params = first.variation.calls[values[0]]
        for one, value in zip(choices[1:], values[1:], strict=True):
            params = changed(params, one.variation.argument, value)
        right = _right(operation, params)
        if right is None or not _near(first.base, right):
            continue
        distance = max(np.max(np.abs(one - other)) for one, other in zip(first.base, right, strict=True))
        if distance < nearest:  # a single number may come near by chance
            nearest = distance
            done = {one.variation.field: value for one, value in zip(choices, values, strict=True)}
    return done


def _differs_later(asking: Asking, operation: str, variation: Variation, value: Any) -> bool:
    """Whether what seems to be ignored shows later: a schedule after many iterations, all else in the next update."""
    both = variation.base, variation.others[value]
    if variation.field == SCHEDULES:
        first, second = map(later, both)
    elif operation == "update":
        first, second = ({**params, "velocity": _velocity(asking, params)} for params in both)
    else:
        return False
    one, other = (_numbers(asking, operation, params) for params in (first, second))
    return one is not None and other is not None and not _same(one, other)


def _stands_still(asking: Asking, operation: str, variation: Variation) -> bool:
    """Whether a run moves in its first iteration alone, so that what acts later cannot show."""
    if operation not in ("train", "fit") or variation.argument.rpartition(".")[2] not in ACTING_LATER:
        return False
    runs = (with_iterations(variation.base, count) for count in (0, 1))
    none, one, all_of_them = (_parameters(asking, operation, run) for run in (*runs, variation.base))
    return one is not None and _same(one, all_of_them) and not _same(one, none)


def _parameters(asking: Asking, operation: str, params: dict[str, Any]) -> Numbers | None:
    """The arrays of the network that a run ends with; None if it does not answer."""
    reply = asking(operation, params)
    answer = reply.answer if reply.is_answer and isinstance(reply.answer, Mapping) else {}
    network = answer.get("network") if operation == "train" else answer
    return _flat(network) if isinstance(network, Mapping) and network else None


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
    many = with_examples(whole, MANY_EXAMPLES)
    if _near(_right("train", many) or [], _numbers(asking, "train", many)):
        return {"batches": Ignored("batches", "`batches`", how, "batches", "false", _has_no_batches)}
    return {"batches": Ignored("batches", "`batches`", how, "", "", lambda _: False)}


def _has_no_batches(params: Mapping[str, Any]) -> bool:
    return params["batches"] is None


def _numbers(asking: Asking, operation: str, params: dict[str, Any]) -> Numbers | None:
    """The arrays of an answer; None if there is none that could show an argument."""
    reply = asking(operation, params)
    arrays = _arrays(operation, reply.answer) if reply.is_answer else None
    if arrays and operation == "fit" and arrays[0].shape[1:] != (params["experiment"]["sizes"][1],):
        return None
    return arrays


def _arrays(operation: str, answer: Any) -> Numbers | None:
    """The arrays of an answer in the contract's order; of an update those of the network alone."""
    try:
        read = operations.answer("gradients" if operation == "fit" else operation, answer)
    except MalformedAnswer:  # a fit's handle too
        return None
    if operation == "fit" and not all(np.any(weights) for weights in read["weights"]):
        return None  # without any weights, hardly an argument matters
    if operation == "predict" and np.unique(read).size < 2:
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


def _same(some: Numbers, others: Numbers | None) -> bool:
    """The same to the last bit."""
    return (
        others is not None
        and len(some) == len(others)
        and all(np.array_equal(one, other) for one, other in zip(some, others, strict=True))
    )


def right_answers_differ(operation: str, variation: Variation, value: Any) -> bool:
    """Whether the right answers to the base and to the call with this value differ; those of fits always do."""
    if operation == "fit":
        return True
    first, second = (_right(operation, variation.calls[key]) for key in (variation.value, value))
    return first is not None and second is not None and not _same(first, second)


def _right(operation: str, params: dict[str, Any]) -> Numbers | None:
    return _arrays(operation, getattr(Reference(), operation)(**params))


def _near(some: Numbers, others: Numbers | None) -> bool:
    """About the same."""
    return (
        others is not None
        and len(some) == len(others)
        and all(
            one.shape == other.shape and np.allclose(one, other, rtol=NEAR, atol=NEAR)
            for one, other in zip(some, others, strict=True)
        )
    )


# ---- in words ----


def observation(operation: str, ignored: Sequence[Ignored], used: Mapping[str, str]) -> Observation:
    """One line for an operation; ``used``: an operation that uses the argument, by the field of describe."""
    shown = joined([one.shown for one in ignored])
    how = ignored[0].how if len(ignored) == 1 else "the answer is the same whatever they are"
    message, arguments = f"{operation} ignores {shown}: {how}", tuple(one.argument for one in ignored)
    return Observation(IGNORED, operation, message, _fix(ignored, used), arguments)


def _fix(ignored: Sequence[Ignored], used: Mapping[str, str]) -> str:
    """Use the argument, or say in describe what the program does."""
    needed = [one for one in ignored if one.field in used or not one.field]
    others = [one for one in ignored if one not in needed]
    users = dict.fromkeys(used[one.field] for one in needed if one.field)
    like = f", as {joined([*users])} {'does' if len(users) == 1 else 'do'}" if users else ""
    use = f"Use {joined([one.shown for one in needed])}{like}." if needed else ""
    fields = [f'"{one.field}": {one.says}' if one.says else f'"{one.field}"' for one in others]
    say = f"If that is intended, say so in describe: {', '.join(fields)}." if fields else ""
    return " ".join(filter(None, (use, say)))
