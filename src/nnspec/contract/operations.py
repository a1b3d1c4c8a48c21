"""What an implementation offers: its operations, what they take and give, and how it describes itself."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnspec.contract.errors import MalformedAnswer, Unreachable

#: The version of the contract and of its protocol. An implementation that names another is refused.
PROTOCOL = 1

ACTIVATIONS = ("relu", "tanh", "logistic")
REDUCTIONS = ("mean", "sum")
METHODS = ("gradient_descent", "momentum")
PRECISIONS = ("float64", "float32")
NUMBERS = ("json", "base64")

# What an answer is made of.
NUMBER = "a number"
ARRAY = "an array of numbers"
LABELS = "an array of whole numbers"
ARRAYS = "a list of arrays of numbers"
VECTORS = "a list of vectors of numbers"
ANYTHING = "a network or a handle"
PARAMETERS: dict[str, Any] = {"weights": ARRAYS, "biases": VECTORS}
EXAMPLES: dict[str, Any] = {"inputs": ARRAY, "labels": LABELS}


@dataclass(frozen=True)
class Operation:
    """An operation: the names of its arguments, and the kind of its answer (a dictionary where it has parts)."""

    takes: tuple[str, ...]
    gives: Any


_EXAMPLES = ("network", "inputs", "labels", "objective")

#: Every operation but fit is a pure function with one right answer up to rounding. All are optional.
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
        {"network": PARAMETERS, "velocity": PARAMETERS},
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

#: Arguments that are arrays: of whole numbers, of numbers, and lists of either. All others are plain values.
LABEL_ARGUMENTS = {"labels", "order"}
ARRAY_ARGUMENTS = {"scores", "z", "inputs", "normals"}
LIST_ARGUMENTS = {"weights", "biases", "batches"}


@dataclass(frozen=True)
class Description:
    """What an implementation says of itself. What it does not say is taken as supported, in float64."""

    name: str
    version: str = ""
    language: str = ""
    precision: str = "float64"
    activations: tuple[str, ...] = ACTIVATIONS
    reductions: tuple[str, ...] = REDUCTIONS
    methods: tuple[str, ...] = METHODS
    numbers: str = "json"
    protocol: int = field(default=PROTOCOL)

    @classmethod
    def read(cls, answer: Any) -> Description:
        """From the answer to ``describe``; raises Unreachable for what the contract does not know."""
        if not isinstance(answer, Mapping):
            raise Unreachable(
                f"describe gave {_brief(answer)}; it has to give an object with at least a name."
            )
        told = {str(key): value for key, value in answer.items()}
        unknown = sorted(set(told) - set(cls.__dataclass_fields__))
        if unknown:
            fields = ", ".join(cls.__dataclass_fields__)
            raise Unreachable(
                f"describe gave {unknown[0]!r}, which the contract does not know"
                f"{_meant(unknown[0], list(cls.__dataclass_fields__))}. It knows: {fields}."
            )
        if told.get("protocol", PROTOCOL) != PROTOCOL:
            raise Unreachable(
                f"describe names protocol {told['protocol']!r}; this nnspec speaks protocol {PROTOCOL}. "
                "Use a version of nnspec that speaks the other, or bring the implementation up to this one."
            )
        _one_of("precision", told.get("precision", "float64"), PRECISIONS)
        _one_of("numbers", told.get("numbers", "json"), NUMBERS)
        for name, known in [("activations", ACTIVATIONS), ("reductions", REDUCTIONS), ("methods", METHODS)]:
            told[name] = _several_of(name, told.get(name, known), known)
        for name in ("name", "version", "language"):
            told[name] = str(told.get(name, ""))
        return cls(**told)


def _one_of(name: str, value: Any, known: Sequence[str]) -> None:
    if value not in known:
        raise Unreachable(
            f"describe gave {name} {_brief(value)}{_meant(value, known)}; it is one of {', '.join(known)}."
        )


def _several_of(name: str, values: Any, known: Sequence[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise Unreachable(f"describe gave {name} {_brief(values)}; it is a list out of {', '.join(known)}.")
    for value in values:
        _one_of(name, value, known)
    return tuple(values)


def _meant(value: Any, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(str(value), known, n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def arguments(plain: Any, name: str = "") -> Any:
    """Arguments as they came over the wire, with arrays where the contract has arrays."""
    if isinstance(plain, Mapping):
        return {key: arguments(value, key) for key, value in plain.items()}
    if isinstance(plain, list):
        if name in LIST_ARGUMENTS:
            return [np.asarray(item, dtype=int if name == "batches" else float) for item in plain]
        if name in LABEL_ARGUMENTS:
            return np.asarray(plain, dtype=int)
        if name in ARRAY_ARGUMENTS:
            return np.asarray(plain, dtype=float)
    return plain


def answer(operation: str, given: Any) -> Any:
    """An answer as the operation's kind asks for it, with arrays; raises MalformedAnswer if it is none."""
    return _as_kind(given, OPERATIONS[operation].gives, operation)


def _as_kind(given: Any, kind: Any, where: str) -> Any:
    if kind is ANYTHING:
        return given
    if isinstance(kind, dict):
        return {
            name: _as_kind(part, kind[name], f"{where}.{name}") for name, part in _parts(given, kind, where)
        }
    if kind in (ARRAYS, VECTORS):
        if not isinstance(given, (list, tuple)):
            raise MalformedAnswer(f"{where} is {_brief(given)}; it has to be {kind}.")
        arrays = [_numbers(item, ARRAY, f"{where}[{index}]") for index, item in enumerate(given)]
        return [_as_vector(array) for array in arrays] if kind is VECTORS else arrays
    array = _numbers(given, kind, where)
    if kind is NUMBER:
        if array.size != 1:
            raise MalformedAnswer(f"{where} has the shape {array.shape}; it has to be {kind}.")
        return float(array.reshape(()))
    return array


def _as_vector(array: Any) -> Any:
    """Biases (fan_out,), also where an implementation keeps them as a row, (1, fan_out), as the documents do."""
    return array[0] if array.ndim == 2 and len(array) == 1 else array


def _parts(given: Any, kind: dict[str, Any], where: str) -> list[tuple[str, Any]]:
    """The parts of an answer by name, or in the contract's order where a sequence was given."""
    names = list(kind)
    if isinstance(given, Mapping):
        missing = [name for name in names if name not in given]
        if missing:
            raise MalformedAnswer(f"{where} lacks {missing[0]!r}; it has to give {', '.join(names)}.")
        return [(name, given[name]) for name in names]
    if isinstance(given, (list, tuple)) and len(given) == len(names):
        return list(zip(names, given, strict=True))
    raise MalformedAnswer(f"{where} is {_brief(given)}; it has to give {', '.join(names)}.")


def _numbers(given: Any, kind: str, where: str) -> Any:
    array = _as_floats(given)
    if array is None:
        raise MalformedAnswer(f"{where} is {_brief(given)}; it has to be {kind}.")
    if kind is LABELS and np.isfinite(array).all() and (array == np.rint(array)).all():
        return array.astype(int) if (np.abs(array) < 2**53).all() else array
    return array


def _as_floats(given: Any) -> Any:
    """An array of what is numbers throughout; None of anything else, number words and nulls too."""
    try:
        array = np.asarray(given)
        if array.dtype.kind in "biuf":
            return array.astype(float)
        if array.dtype.kind == "O" and all(type(number) in (int, float) for number in array.flat):
            return array.astype(float)  # whole numbers of more than 64 bits
    except (TypeError, ValueError, OverflowError, RecursionError):
        pass
    return None
