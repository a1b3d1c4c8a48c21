"""The form of an answer that is shaped like the parameters of a network: gradients, a network, a velocity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nnspec.judging.returned import described, is_sequence, shape_of, shape_text

Shape = tuple[int, ...]
RIGHT = ("", "")


def fault(operation: str, answer: Any, shapes: Mapping[str, list[Shape]], part: str = "") -> tuple[str, str]:
    """What was returned and how to fix it, two sentences; both "" if the form is right.

    shapes: those of the weights and of the biases; part: the part of the answer that this is, "" for all of it.
    """
    layers = len(shapes["weights"])
    prefix = f"{part}." if part else ""
    fix = f"Return {f'{part} as ' if part else ''}{_names(operation, layers)}."
    if isinstance(answer, Mapping):
        missing = [name for name in ("weights", "biases") if name not in answer]
        if len(missing) == 1:
            return f"{operation} returned no {prefix}{missing[0]}", fix
        parts = None if missing else [answer["weights"], answer["biases"]]
    else:
        parts = list(answer) if is_sequence(answer) and len(answer) == 2 else None
    if parts is not None and all(len(shape_of(arrays) or ()) in (1, 2) for arrays in parts):
        parts = None  # two arrays, not two lists of arrays
    if parts is None or not all(is_sequence(arrays) or shape_of(arrays) for arrays in parts):
        return f"{operation} returned {f'{part} as ' if part else ''}{described(answer)}", fix
    if _fit(parts[0], shapes["biases"]) and _fit(parts[1], shapes["weights"]):
        return f"{operation} returned the biases first{f' in {part}' if part else ''}", fix
    for name, arrays in zip(("weights", "biases"), parts, strict=True):
        wrong = _in_list(prefix + name, arrays, shapes[name])
        if wrong[0]:
            return f"{operation} returned {wrong[0]}", wrong[1] or fix
    return RIGHT


def _names(operation: str, layers: int) -> str:
    """The form of the answer, such as {"weights": [dW1, dW2], "biases": [db1, db2]}."""
    d = "d" if operation == "gradients" else ""
    weights, biases = (", ".join(f"{d}{letter}{n}" for n in range(1, layers + 1)) for letter in "Wb")
    return f'{{"weights": [{weights}], "biases": [{biases}]}}'


def _fit(arrays: Any, expected: Sequence[Shape]) -> bool:
    return [_squeezed(shape_of(array), expected) for array in arrays] == [tuple(shape) for shape in expected]


def _squeezed(shape: Shape | None, expected: Sequence[Shape]) -> Shape | None:
    """A row of biases (1, fan_out) is a vector, as the contract has it."""
    vectors = bool(expected) and len(expected[0]) == 1
    return shape[1:] if vectors and shape and len(shape) == 2 and shape[0] == 1 else shape


def _in_list(name: str, arrays: Any, expected: Sequence[Shape]) -> tuple[str, str]:
    """What is wrong with the list of weights or of biases."""
    got = [_squeezed(shape_of(array), expected) for array in arrays]
    layers = f"{len(expected)} layer{'s' if len(expected) > 1 else ''}"
    if got == list(expected):
        return RIGHT
    if len(got) != len(expected):
        return f"{name} of {layers} as {described(arrays)}", ""
    if len(got) > 1 and got == list(expected)[::-1]:
        return f"the {name} of the last layer first", "Return the first layer first."
    for index, (shape, right) in enumerate(zip(got, expected, strict=True)):
        if shape != right:
            return _one(f"{name}[{index}]", arrays[index], shape, right)
    return RIGHT


def _one(where: str, array: Any, shape: Shape | None, right: Shape) -> tuple[str, str]:
    """What is wrong with one array."""
    if shape is None:
        return f"{where} as {described(array)}", ""
    text, fix = f"{where} of the shape {shape_text(shape)}", f"Return the shape {shape_text(right)}."
    if len(right) == 2 and shape == right[::-1]:
        return f"{text}, which is that of W transposed", fix
    if len(right) == 1 and shape == (*right, 1):
        return f"{text}, which is a column", fix
    if len(right) == 1 and len(shape) == 2 and shape[1] == right[0]:
        return f"{text}: it is not summed over the {shape[0]} examples", f"{fix[:-1]}, with .sum(axis=0)."
    return text, f"{fix[:-1]}, that of the layer's parameter."
