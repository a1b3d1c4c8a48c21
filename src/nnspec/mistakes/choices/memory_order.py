"""Programs that read the weights they are given in the other order, as by a reshape where a transpose is meant.

NumPy and C write the numbers of a matrix row after row, MATLAB, Julia, R and Fortran column after column.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeAlias

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


#: Weights whose numbers come in another order.
Order: TypeAlias = Callable[[Array], Array]


def misread(weights: Array) -> Array:
    """The numbers of W, row after row, filled in column after column."""
    return weights.reshape(weights.shape[::-1]).T


def written_back(weights: Array) -> Array:
    """The matrix that is misread as this one."""
    return weights.T.reshape(weights.shape)


class _Misreading(Choice):
    """Each operation misreads the weights that come in; those that go out are written in some order too."""

    read: Order
    written: Order | None
    _is_inside = False


def _operation(name: str) -> Callable[..., Any]:
    def method(self: _Misreading, *values: Any, **arguments: Any) -> Any:
        right = getattr(super(_Misreading, self), name)
        if self._is_inside or values:
            return right(*values, **arguments)
        for each in TAKING[name]:
            if arguments.get(each) is not None:
                arguments[each] = _with(arguments[each], type(self).read)
        self._is_inside = True
        try:
            answer = right(**arguments)
        finally:
            self._is_inside = False
        order = type(self).written
        return answer if order is None else _written(answer, order)

    method.__name__ = name
    return method


for _name in TAKING:
    setattr(_Misreading, _name, _operation(_name))


def _with(parameters: Any, change: Callable[[Array], Array]) -> Any:
    return {**parameters, "weights": [change(weights) for weights in parameters["weights"]]}


def _written(answer: Any, order: Order) -> Any:
    """An answer with the weights of its parameters in another order."""
    if not isinstance(answer, dict):
        return answer
    if "weights" in answer:
        return _with(answer, order)
    parts = ("network", "velocity")
    return {
        name: _with(part, order) if name in parts and part is not None else part
        for name, part in answer.items()
    }


def _as_they_are(weights: Array) -> Array:
    return weights


#: In which order weights are read, and written where they are not left as they are, with what is said of both.
ORDERS: tuple[tuple[Order, Order | None, str], ...] = (
    (misread, None, "column after column"),
    (misread, written_back, "column after column, and returned in that order"),
    (written_back, None, "row after row from numbers that stand column after column"),
    (misread, misread, "column after column, and mixed once more when they are returned"),
    (
        written_back,
        written_back,
        "row after row from numbers that stand column after column, and returned so too",
    ),
    (
        written_back,
        misread,
        "row after row from numbers that stand column after column, and put in their own order again",
    ),
    (_as_they_are, misread, ""),
    (_as_they_are, written_back, ""),
)


@cache
def with_misread_weights(place: int) -> type[Choice]:
    """The program that misreads weights as this row of ORDERS says."""
    read, written, how = ORDERS[place]
    program = type("", (_Misreading,), {"read": read, "written": written})
    what = f"read in the other order, {how}" if how else "returned in another order than they came in"
    sentence = f"The weights are {what}, as by a reshape instead of a transpose."
    return named(program, f"misread weights {place}", sentence, FIX, "losses.scores", None, "memory order")


@cache
def with_misread_normals() -> type[Choice]:
    """The program that misreads the normals of initial weights."""

    class MisreadNormals(Choice):
        def initialize(self, normals: Any, *rest: Any, **named_rest: Any) -> Any:
            return super().initialize(_with(normals, misread), *rest, **named_rest)

    clause = "training.small-initialization"
    return named(MisreadNormals, "misread normals", MISREAD_NORMALS, FIX, clause, None, "memory order")


#: Where biases stand in a matrix with the weights of their layer: nowhere, or in its first or last row.
BIAS_ROWS = ("", "first", "last")


@cache
def with_gradients_in_the_other_order(biases: str, to_rows: bool = False) -> type[Choice]:
    """The program whose gradients are written row after row and read column after column; biases: of BIAS_ROWS.

    to_rows: the other way round.
    """
    orders: tuple[Literal["C", "F"], Literal["C", "F"]] = ("F", "C") if to_rows else ("C", "F")
    written, read = orders

    class GradientsInTheOtherOrder(Choice):
        def backward(self, network: Network, *forward: Any) -> Parameters:
            answer = super().backward(network, *forward)
            found: Parameters = {"weights": [], "biases": []}
            for weights, bias in zip(answer["weights"], answer["biases"], strict=True):
                rows = {"": [weights], "first": [bias[None], weights], "last": [weights, bias[None]]}[biases]
                whole = np.concatenate(rows)
                mixed = whole.ravel(order=written).reshape(whole.shape, order=read)
                found["weights"].append(mixed[1:] if biases == "first" else mixed[: len(weights)])
                found["biases"].append({"": bias, "first": mixed[0], "last": mixed[-1]}[biases])
            return found

    together = f", with the biases as their {biases} row" if biases else ""
    return named(
        GradientsInTheOtherOrder,
        f"gradients in the other order{' by rows' if to_rows else ''}{together}",
        f"The gradients on the weights{together and together + ','} are unrolled row after row and read column after "
        "column, or the other way round.",
        "Unroll and reshape in the same order.",
        "gradients.hidden-layers",
        biases,
        "memory order",
    )
