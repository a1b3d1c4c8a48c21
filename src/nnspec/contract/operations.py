"""What an implementation offers: its operations, their arguments and answers, and its description."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnspec.contract import wire
from nnspec.contract.bounds import WORDS, beginning
from nnspec.contract.errors import MalformedAnswer, Unreachable
from nnspec.contract.support import ACTIVATIONS, METHODS, REDUCTIONS, SCHEDULES, Support

#: The version of the contract and of its protocol. An implementation with another version is refused.
PROTOCOL = 1

PRECISIONS = ("float64", "float32")
NUMBERS = ("json", wire.BASE64, wire.HEX)
#: Whether a fit begins with the initialization that it is given, or with one of its own.
INITIALIZATIONS = ("given", "own")
#: Numbers of layers and of classes for which there are tests; with more, their numbers leave what can be computed.
COUNTS = {"depths": range(1, 11), "classes": range(2, 1001)}

# The kinds of values in an answer.
NUMBER = "a number"
ARRAY = "an array of numbers"
LABELS = "an array of whole numbers"
ARRAYS = "a list of arrays of numbers"
VECTORS = "a list of vectors of numbers"
ANYTHING = "a network or a handle"
PARAMETERS: dict[str, Any] = {"weights": ARRAYS, "biases": VECTORS}
#: Like parameters, or None: gradient descent has no velocity.
VELOCITY: dict[str, Any] = {**PARAMETERS}
EXAMPLES: dict[str, Any] = {"inputs": ARRAY, "labels": LABELS}


@dataclass(frozen=True)
class Operation:
    """An operation: the names of its arguments, and the kind of its answer (a dictionary if it has parts)."""

    takes: tuple[str, ...]
    gives: Any


_EXAMPLES = ("network", "inputs", "labels", "objective")

#: Every operation except fit is a pure function with one right answer, up to rounding. All are optional.
OPERATIONS: dict[str, Operation] = {
    "softmax": Operation(("scores",), ARRAY),
    "activation": Operation(("name", "z"), ARRAY),
    "activation_derivative": Operation(("name", "z"), ARRAY),
    "cross_entropy": Operation(("scores", "labels", "reduction"), NUMBER),
    "score_gradient": Operation(("scores", "labels", "reduction"), ARRAY),
    "forward": Operation(("network", "inputs"), {"hidden": ARRAYS, "scores": ARRAY}),
    "predict": Operation(("network", "inputs"), LABELS),
    "loss": Operation(_EXAMPLES, NUMBER),
    "gradients": Operation(_EXAMPLES, PARAMETERS),
    "update": Operation(
        ("network", "gradients", "velocity", "optimizer", "iteration"),
        {"network": PARAMETERS, "velocity": VELOCITY},
    ),
    "train": Operation(
        (*_EXAMPLES, "optimizer", "iterations", "batches"), {"losses": ARRAY, "network": PARAMETERS}
    ),
    "fit": Operation(("inputs", "labels", "experiment", "seed"), ANYTHING),
    "initialize": Operation(("normals", "sizes", "activation", "initialization"), PARAMETERS),
    "spiral": Operation(("normals", "examples_per_class", "classes"), EXAMPLES),
    "moons": Operation(("normals", "order", "examples", "noise"), EXAMPLES),
    "circles": Operation(("normals", "examples", "factor", "noise"), EXAMPLES),
}

#: Arguments that are arrays of whole numbers, arrays of floats, and lists of arrays. All others are plain values.
LABEL_ARGUMENTS = {"labels", "order"}
ARRAY_ARGUMENTS = {"scores", "z", "inputs", "normals"}
LIST_ARGUMENTS = {"weights", "biases", "batches"}


@dataclass(frozen=True)
class Description:
    """The answer to ``describe``. A field left out means that everything is supported, in float64.

    precision: "float64", "float32", or a name that the documents do not know, in which nothing can be judged;
    initialization: "given", or "own" for a ``fit`` with an initialization of its own; outside: what it names that is
    not judged, such as "method 'adam'" or "depths 50".
    """

    name: str
    version: str = ""
    language: str = ""
    precision: str = "float64"
    numbers: str = "json"
    protocol: int = field(default=PROTOCOL)
    initialization: str = INITIALIZATIONS[0]
    support: Support = field(default_factory=Support)
    outside: tuple[str, ...] = ()

    def missing(self, operation: str, params: Mapping[str, Any]) -> str:
        """Why a call has no right answer for this implementation, in words; "" if it has one."""
        if self.precision not in PRECISIONS:
            choices = " or ".join(f"--precision {name}" for name in PRECISIONS)
            return f"precision {self.precision!r} is outside of the documents: choose {choices}"
        if operation == "initialize" and self.initialization == "own":
            return "describe says that its initialization is its own"
        return self.support.missing(params)

    @classmethod
    def read(cls, answer: Any) -> Description:
        """From the answer to ``describe``; raises Unreachable for a field or value that the contract does not have."""
        if not isinstance(answer, Mapping):
            raise Unreachable(
                f'describe returned {_brief(answer)}; it must return an object such as {{"name": "mine"}}.'
            )
        fields = {str(key): value for key, value in answer.items()}
        unknown = sorted(set(fields) - set(FIELDS))
        if unknown:
            raise Unreachable(
                f"describe returned the unknown field {unknown[0]!r}{_suggestion(unknown[0], FIELDS)}. "
                f"The fields are {', '.join(FIELDS)}."
            )
        if fields.get("protocol", PROTOCOL) != PROTOCOL:
            raise Unreachable(
                f"describe returned protocol {fields['protocol']!r}; this nnspec speaks protocol {PROTOCOL}. "
                "Update the implementation, or use the version of nnspec that speaks its protocol."
            )
        choices = {name: _choice(name, fields.get(name), known) for name, known in _CHOICES.items()}
        precision, outside = _precision(fields.get("precision"))
        lists = {name: _known(name, fields.get(name), known, outside) for name, known in _LISTS.items()}
        switches = {name: _switch(name, fields.get(name)) for name in ("batches", "l2")}
        counts = {name: _counts(name, fields.get(name), outside) for name in COUNTS}
        texts: dict[str, Any] = {name: str(fields.get(name, "")) for name in ("name", "version", "language")}
        return cls(
            **texts,
            **choices,
            precision=precision,
            support=Support(**lists, **switches, **counts),
            outside=tuple(outside),
        )


_LISTS = {"activations": ACTIVATIONS, "reductions": REDUCTIONS, "methods": METHODS, "schedules": SCHEDULES}
_CHOICES = {"numbers": NUMBERS, "initialization": INITIALIZATIONS}
#: The fields of ``describe``.
FIELDS = (
    *("name", "version", "language", "precision", *_LISTS, "batches", "l2", *COUNTS),
    *("initialization", "numbers", "protocol"),
)


def _choice(name: str, value: Any, known: Sequence[str]) -> Any:
    """One of the known values, the first if there is none."""
    if value is None:
        return known[0]
    if value not in known:
        raise Unreachable(
            f"describe returned {name} {_brief(value)}{_suggestion(value, known)}; "
            f"it must be one of {', '.join(known)}."
        )
    return value


def _precision(value: Any) -> tuple[str, list[str]]:
    """The precision, and whether it is outside of the documents."""
    if value is None:
        return PRECISIONS[0], []
    if not isinstance(value, str):
        raise Unreachable(
            f"describe returned precision {_brief(value)}; it must be one of {', '.join(PRECISIONS)}."
        )
    return value, [] if value in PRECISIONS else [f"precision {value!r}"]


def _known(name: str, values: Any, known: Sequence[str], outside: list[str]) -> Any:
    """The names that the documents know, all if there is no list; the others are added to ``outside``."""
    if values is None:
        return tuple(known)
    if (
        isinstance(values, str)
        or not isinstance(values, Sequence)
        or not all(isinstance(value, str) for value in values)
    ):
        raise Unreachable(
            f"describe returned {name} {_brief(values)}; it must be a list of some of {', '.join(known)}."
        )
    outside += [f"{name.removesuffix('s')} {value!r}" for value in values if value not in known]
    return tuple(value for value in values if value in known)


def _switch(name: str, value: Any) -> Any:
    if value is not None and not isinstance(value, bool):
        raise Unreachable(f"describe returned {name} {_brief(value)}; it must be true or false.")
    return value is not False


def _counts(name: str, values: Any, outside: list[str]) -> Any:
    """Numbers of layers or classes, None for any; those without tests are added to ``outside``."""
    if values is None:
        return None
    if (
        not isinstance(values, Sequence)
        or not values
        or not all(type(value) is int and value > 0 for value in values)
    ):
        raise Unreachable(
            f"describe returned {name} {_brief(values)}; it must be a list of whole numbers, such as [2]."
        )
    outside += [f"{name} {value}" for value in values if value not in COUNTS[name]]
    return tuple(value for value in values if value in COUNTS[name])


def _suggestion(value: Any, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(str(value), known, n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _brief(value: Any) -> str:
    return beginning(repr(value), WORDS)


def arguments(plain: Any, name: str = "") -> Any:
    """Decoded arguments, with arrays where the contract has arrays; what else a handle has under their names stays."""
    if isinstance(plain, Mapping):
        return {key: arguments(value, key) for key, value in plain.items()}
    if isinstance(plain, list):
        if name in LIST_ARGUMENTS:
            return [_array(item, int if name == "batches" else float) for item in plain]
        if name in LABEL_ARGUMENTS:
            return _array(plain, int)
        if name in ARRAY_ARGUMENTS:
            return _array(plain, float)
    return plain


def _array(plain: Any, dtype: type) -> Any:
    try:
        return np.asarray(plain, dtype=dtype)
    except (TypeError, ValueError, OverflowError):
        return plain


def answer(operation: str, value: Any) -> Any:
    """An answer of the operation's kind, with arrays; raises MalformedAnswer if the value is of another kind."""
    return _as_kind(value, OPERATIONS[operation].gives, operation)


def _as_kind(value: Any, kind: Any, where: str) -> Any:
    if kind is ANYTHING or (kind is VELOCITY and value is None):
        return value
    if isinstance(kind, dict):
        return {
            name: _as_kind(part, kind[name], f"{where}.{name}") for name, part in _parts(value, kind, where)
        }
    if kind in (ARRAYS, VECTORS):
        if not isinstance(value, (list, tuple)):
            raise MalformedAnswer(f"{where} is {_brief(value)}; it must be {kind}.")
        arrays = [_numbers(item, ARRAY, f"{where}[{index}]") for index, item in enumerate(value)]
        return [_as_vector(array) for array in arrays] if kind is VECTORS else arrays
    array = _numbers(value, kind, where)
    if kind is NUMBER:
        if array.size != 1:
            raise MalformedAnswer(f"{where} has the shape {array.shape}; it must be {kind}.")
        return float(array.reshape(()))
    return array


def _as_vector(array: Any) -> Any:
    """Biases (fan_out,), even if an implementation keeps them as a row (1, fan_out), as the documents do."""
    return array[0] if array.ndim == 2 and len(array) == 1 else array


def _parts(value: Any, kind: dict[str, Any], where: str) -> list[tuple[str, Any]]:
    """The parts of an answer by name; a sequence has them in the contract's order."""
    names = list(kind)
    if isinstance(value, Mapping):
        missing = [name for name in names if name not in value]
        if missing:
            raise MalformedAnswer(f"{where} lacks {missing[0]!r}; it must have {', '.join(names)}.")
        return [(name, value[name]) for name in names]
    if isinstance(value, (list, tuple)) and len(value) == len(names):
        return list(zip(names, value, strict=True))
    raise MalformedAnswer(f"{where} is {_brief(value)}; it must have {', '.join(names)}.")


def _numbers(value: Any, kind: str, where: str) -> Any:
    array = _as_floats(value)
    if array is None:
        raise MalformedAnswer(f"{where} is {_brief(value)}; it must be {kind}.")
    if kind is LABELS and np.isfinite(array).all() and (array == np.rint(array)).all():
        return array.astype(int) if (np.abs(array) < 2**53).all() else array
    return array


def _as_floats(value: Any) -> Any:
    """An array, if every element is a number; None otherwise, also for nulls and for numbers as strings."""
    try:
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return array.astype(float)
        if array.dtype.kind == "O" and all(type(number) in (int, float) for number in array.flat):
            return array.astype(float)  # whole numbers of more than 64 bits
    except (TypeError, ValueError, OverflowError, RecursionError):
        pass
    return None
