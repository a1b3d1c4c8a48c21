"""Programs that read the weights they are given in the other order, as by a reshape where a transpose is meant.

NumPy and C write the numbers of a matrix row after row, MATLAB, Julia, R and Fortran column after column.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array, Network, Parameters

#: The operations that get weights, with the arguments that have them, and those that return some.
TAKING = {
    "forward": ("network",),
    "predict": ("network",),
    "loss": ("network",),
    "gradients": ("network",),
    "update": ("network", "gradients", "velocity"),
    "train": ("network",),
    "initialize": ("normals",),
}
MISREAD_NORMALS = (
    "The normals of the weights are read in the other order: as a (fan_out, fan_in) matrix, transposed."
)
FIX = "Transpose a matrix with .T, or swap its axes; a reshape keeps the order of its numbers."


def misread(weights: Array) -> Array:
    """The numbers of W, row after row, filled in column after column."""
    return weights.reshape(weights.shape[::-1]).T


def written_back(weights: Array) -> Array:
    """The matrix that is misread as this one."""
    return weights.T.reshape(weights.shape)


class _Misreading(Choice):
    """Each operation misreads the weights that come in; returned: whether those that go out are written so too."""

    returned = False
    _is_inside = False


def _operation(name: str) -> Callable[..., Any]:
    def method(self: _Misreading, *values: Any, **arguments: Any) -> Any:
        right = getattr(super(_Misreading, self), name)
        if self._is_inside or values:
            return right(*values, **arguments)
        for each in TAKING[name]:
            if arguments.get(each) is not None:
                arguments[each] = _with(arguments[each], misread)
        self._is_inside = True
        try:
            answer = right(**arguments)
        finally:
            self._is_inside = False
        return _written_back(answer) if self.returned else answer

    method.__name__ = name
    return method


for _name in TAKING:
    setattr(_Misreading, _name, _operation(_name))


def _with(parameters: Any, change: Callable[[Array], Array]) -> Any:
    return {**parameters, "weights": [change(weights) for weights in parameters["weights"]]}


def _written_back(answer: Any) -> Any:
    """An answer whose parameters are written as they were misread."""
    if not isinstance(answer, dict):
        return answer
    if "weights" in answer:
        return _with(answer, written_back)
    parts = ("network", "velocity")
    return {
        name: _with(part, written_back) if name in parts and part is not None else part
        for name, part in answer.items()
    }


@cache
def with_misread_weights(returned: bool, initial_alone: bool = False) -> type[Choice]:
    """The program that misreads weights; returned: it writes them so too; initial_alone: normals of ``initialize``."""
    if initial_alone:

        class MisreadNormals(Choice):
            def initialize(self, normals: Any, *rest: Any, **named_rest: Any) -> Any:
                return super().initialize(_with(normals, misread), *rest, **named_rest)

        sentence = MISREAD_NORMALS
        program: type[Choice] = MisreadNormals
        clause = "training.small-initialization"
    else:
        program = type("", (_Misreading,), {"returned": returned})
        sentence = (
            "The weights are read in the other order, column after column, as by a reshape instead of a transpose"
            f"{', and returned in that order' if returned else ''}."
        )
        clause = "losses.scores"
    name = f"misread {'normals' if initial_alone else 'weights'}{' returned so' if returned else ''}"
    return named(program, name, sentence, FIX, clause, None, "memory order")


#: Where biases stand in a matrix with the weights of their layer: nowhere, or in its first or last row.
BIAS_ROWS = ("", "first", "last")


@cache
def with_gradients_in_the_other_order(biases: str) -> type[Choice]:
    """The program whose gradients are written row after row and read column after column; biases: of BIAS_ROWS."""

    class GradientsInTheOtherOrder(Choice):
        def backward(self, network: Network, *forward: Any) -> Parameters:
            answer = super().backward(network, *forward)
            found: Parameters = {"weights": [], "biases": []}
            for weights, bias in zip(answer["weights"], answer["biases"], strict=True):
                rows = {"": [weights], "first": [bias[None], weights], "last": [weights, bias[None]]}[biases]
                whole = np.concatenate(rows)
                mixed = whole.ravel().reshape(whole.shape, order="F")
                found["weights"].append(mixed[1:] if biases == "first" else mixed[: len(weights)])
                found["biases"].append({"": bias, "first": mixed[0], "last": mixed[-1]}[biases])
            return found

    together = f", with the biases as their {biases} row" if biases else ""
    return named(
        GradientsInTheOtherOrder,
        f"gradients in the other order{together}",
        f"The gradients on the weights{together and together + ','} are unrolled row after row and read column after "
        "column, or the other way round.",
        "Unroll and reshape in the same order.",
        "gradients.hidden-layers",
        biases,
        "memory order",
    )
