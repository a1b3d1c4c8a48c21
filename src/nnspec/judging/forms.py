"""The form of an answer: the parts, the order, the kinds and the shapes that the contract asks for.

What the contract accepts has no fault, so a fault is found by the contract's own reading of the answer; the rest of
this file puts it in words that say what was returned.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from nnspec.contract import operations
from nnspec.contract.errors import MalformedAnswer
from nnspec.contract.operations import ARRAYS, LABELS, NUMBER, OPERATIONS, PARAMETERS
from nnspec.contract.shapes import shapes_of
from nnspec.judging import parameter_forms
from nnspec.judging.agreement import Disagreement, assert_shapes
from nnspec.judging.returned import described, is_sequence, shape_of, shape_text


class Fault(NamedTuple):
    """What an operation returned, in a sentence, and what it must return, in a sentence."""

    message: str
    fix: str


def fault(operation: str, params: Mapping[str, Any], answer: Any) -> Fault | None:
    """What is wrong with the form of an answer as it came; None if the contract accepts it."""
    if operation == "fit":
        return _of_fit(params, answer)
    if not _is_refused(operation, params, answer):
        return _fractions(operation, answer)
    gives = OPERATIONS[operation].gives
    if answer is None:
        return Fault(
            f"{operation} returned None", f"Return {_wanted(operation, params)}: is a return missing?"
        )
    shapes = shapes_of(operation, dict(params))
    if gives == PARAMETERS:
        return Fault(*parameter_forms.fault(operation, answer, shapes))
    if isinstance(gives, dict):
        return _of_parts(operation, params, answer, gives, shapes)
    return _of_array(operation, params, answer, gives, shapes)


def _of_fit(params: Mapping[str, Any], answer: Any) -> Fault | None:
    """A network without all of its parts; sizes are judged by the clauses, and a handle may be anything."""
    weights = answer.get("weights") if isinstance(answer, Mapping) else None
    if not (isinstance(weights, np.ndarray) or weights):
        return None
    sizes = params["experiment"]["sizes"]
    like: dict[str, Any] = {
        "weights": [*itertools.pairwise(sizes)],
        "biases": [(size,) for size in sizes[1:]],
    }
    return None if _are_parameters(answer) else Fault(*parameter_forms.fault("fit", answer, like))


def _is_refused(operation: str, params: Mapping[str, Any], answer: Any) -> bool:
    try:
        read = operations.answer(operation, answer)
        assert_shapes(read, shapes_of(operation, dict(params)), operation)
    except (MalformedAnswer, Disagreement):
        return True
    return False


def _fractions(operation: str, answer: Any) -> Fault | None:
    """Labels that are not whole numbers, such as probabilities."""
    if OPERATIONS[operation].gives is not LABELS:
        return None
    array = operations.answer(operation, answer)
    fractions = array[array != np.rint(array)]
    if not fractions.size:
        return None
    return Fault(
        f"{operation} returned numbers that are not whole, such as {fractions[0]:.3g}",
        "Return the class of each example, the one with the greatest score, as a whole number.",
    )


def _wanted(operation: str, params: Mapping[str, Any]) -> str:
    """What an operation returns, in words."""
    gives = OPERATIONS[operation].gives
    if isinstance(gives, dict):
        return _with_names(gives)
    if gives is NUMBER:
        return "a number"
    kind = "an array of labels" if gives is LABELS else "an array"
    return f"{kind} of the shape {shape_text(shapes_of(operation, dict(params)))}"


def _with_names(names: Sequence[str] | Mapping[str, Any]) -> str:
    return "{" + ", ".join(f'"{name}": …' for name in names) + "}"


# ---- answers with several parts ----


def _of_parts(
    operation: str, params: Mapping[str, Any], answer: Any, gives: dict[str, Any], shapes: Any
) -> Fault:
    """An answer that must have these parts."""
    names = list(gives)
    fix = f"Return {_with_names(names)}, or a list of the parts in this order."
    returned = f"{operation} returned {described(answer)}"
    if "network" in names and isinstance(answer, Mapping) and "weights" in answer:
        others = " and ".join(name for name in names if name != "network")
        return Fault(f"{operation} returned the network without the {others}", fix)
    if isinstance(answer, Mapping):
        missing = [name for name in names if name not in answer]
        if missing:
            return Fault(f"{returned}: {missing[0]} is missing", fix)
        parts = answer
    elif is_sequence(answer) and len(answer) == len(names):
        if not _is_refused(operation, params, dict(zip(names, reversed(answer), strict=True))):
            return Fault(f"{operation} returned the {names[-1]} first", fix)
        parts = dict(zip(names, answer, strict=True))
    else:
        alike = [name for name in names if name in shapes and shape_of(answer) == shapes[name]]
        return Fault(f"{operation} returned the {alike[0]} alone" if alike else returned, fix)
    wrong = (_of_part(operation, params, name, parts[name], shapes) for name in names)
    return next(filter(None, wrong), Fault(returned, fix))


def _of_part(operation: str, params: Mapping[str, Any], name: str, part: Any, shapes: Any) -> Fault | None:
    """What is wrong with a part; None if it is right."""
    kind, expected = OPERATIONS[operation].gives[name], shapes.get(name)
    if kind == PARAMETERS:
        like = expected or shapes["network"]
        if expected is None and _are_parameters(part):  # the velocity is the program's own
            return None
        found = parameter_forms.fault(operation, part, like, name)
        return Fault(*found) if found[0] else None
    if kind is ARRAYS:
        return _of_hidden(operation, name, part, expected)
    if shape_of(part) == expected:
        return None
    if name == "losses":
        return _of_losses(operation, part, params["iterations"])
    return _of_array(operation, params, part, kind, expected, name)


def _are_parameters(part: Any) -> bool:
    try:
        operations.answer("gradients", part)
    except MalformedAnswer:
        return False
    return True


def _of_hidden(operation: str, name: str, part: Any, expected: list[Any]) -> Fault | None:
    """The outputs of the hidden layers: a list of arrays."""
    shapes = (
        [shape_of(array) for array in part] if is_sequence(part) or isinstance(part, np.ndarray) else None
    )
    if shapes == expected:
        return None
    fix = f"Return {name} as a list with the output of each hidden layer, {len(expected)} here."
    if len(expected) == 1 and shape_of(part) == expected[0]:
        return Fault(f"{operation} returned {name} as an array, not as a list of arrays", fix)
    return Fault(f"{operation} returned {name} as {described(part)}", fix)


def _of_losses(operation: str, losses: Any, iterations: int) -> Fault:
    fix = "Return the loss before each update, a number for each iteration."
    shape = shape_of(losses)
    if shape is None or len(shape) != 1:
        return Fault(f"{operation} returned losses as {described(losses)}", fix)
    message = f"{operation} returned {shape[0]} losses for {iterations} iterations"
    if shape[0] == iterations + 1:
        return Fault(message, fix + " The loss after the last update is one too many.")
    return Fault(message, fix)


# ---- answers that are one array ----


def _of_array(
    operation: str, params: Mapping[str, Any], answer: Any, kind: str, expected: Any, part: str = ""
) -> Fault:
    """An array of the wrong shape, or what is no array."""
    got = shape_of(answer)
    returned = f"{operation} returned {f'{part} as ' if part else ''}{described(answer)}"
    if got is None:
        return Fault(returned, f"Return {_wanted(operation, params)}.")
    examples = len(params["labels"]) if "labels" in params else expected[0] if expected else 0
    if kind is NUMBER and got == (examples,):
        return Fault(
            f"{operation} returned {examples} numbers, one for each of the {examples} examples",
            "Return their mean or their sum, as the reduction says.",
        )
    if kind is LABELS and len(got) == 2 and got[0] == expected[0]:
        if got[1] == 1:
            return Fault(returned, f"Return a label for each example, in the shape {shape_text(expected)}.")
        fix = "scores.argmax(axis=1)" if operation == "predict" else f"the shape {shape_text(expected)}"
        return Fault(f"{returned}, a number for each class", f"Return a label for each example: {fix}.")
    if got == expected[::-1] and len(got) == 2:
        return Fault(f"{returned}, which is transposed", f"Return the shape {shape_text(expected)}.")
    return Fault(returned, f"Return {'a number' if kind is NUMBER else f'the shape {shape_text(expected)}'}.")
