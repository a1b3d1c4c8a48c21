"""What a program supports, and whether a call asks for more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

ACTIVATIONS = ("relu", "tanh", "logistic")
REDUCTIONS = ("mean", "sum")
METHODS = ("gradient_descent", "momentum")
SCHEDULES = ("step", "exponential", "inverse_time")


@dataclass(frozen=True)
class Support:
    """The cases that a program, or a document, knows; each field is named as in ``describe``.

    schedules: kinds of schedules, () if the rate is always constant; batches: whether it trains on minibatches;
    l2: whether there is a penalty; depths: numbers of layers, classes: numbers of classes, None for any.
    """

    activations: tuple[str, ...] = ACTIVATIONS
    reductions: tuple[str, ...] = REDUCTIONS
    methods: tuple[str, ...] = METHODS
    schedules: tuple[str, ...] = SCHEDULES
    batches: bool = True
    l2: bool = True
    depths: tuple[int, ...] | None = None
    classes: tuple[int, ...] | None = None

    def missing(self, params: Mapping[str, Any]) -> str:
        """The first case among the arguments of a call that is not supported, in words; "" if all are."""
        for kind, case in cases_of(params):
            supported = getattr(self, kind)
            if supported is False:
                return _SWITCHES[kind]
            if isinstance(supported, tuple) and case not in supported:
                names = ", ".join(map(str, supported)) or "none"
                return f"{_SINGULAR[kind]} {case!r} is unsupported (supported: {names})"
        return ""

    def __and__(self, other: Support) -> Support:
        """What both support."""
        return Support(
            activations=_both(self.activations, other.activations),
            reductions=_both(self.reductions, other.reductions),
            methods=_both(self.methods, other.methods),
            schedules=_both(self.schedules, other.schedules),
            batches=self.batches and other.batches,
            l2=self.l2 and other.l2,
            depths=_both_or_any(self.depths, other.depths),
            classes=_both_or_any(self.classes, other.classes),
        )


#: What to say of a field that is a list, and of one that is true or false.
_SINGULAR = {
    "activations": "activation",
    "reductions": "reduction",
    "methods": "method",
    "schedules": "schedule",
    "depths": "number of layers",
    "classes": "number of classes",
}
_SWITCHES = {"batches": "minibatches are unsupported", "l2": "a penalty is unsupported"}


def cases_of(params: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The field of Support and the case, for each case that the arguments of a call ask for."""
    if "experiment" in params:
        yield from _cases_of_recipe(params["experiment"])
        return
    yield from _cases_of_network(params.get("network"))
    if "name" in params:
        yield "activations", params["name"]
    if "scores" in params:
        yield "classes", np.shape(params["scores"])[-1]
    if "sizes" in params:
        yield "depths", len(params["sizes"]) - 1
        yield "classes", params["sizes"][-1]
    if "reduction" in params:
        yield "reductions", params["reduction"]
    if "objective" in params:
        yield from _cases_of_objective(params["objective"])
    if "optimizer" in params:
        yield from _cases_of_optimizer(params["optimizer"])
    if params.get("batches") is not None:
        yield "batches", True


def is_network(network: Any) -> bool:
    """Whether it is a network of arrays; what a fit returned may be anything, even a part of a network."""
    if not isinstance(network, Mapping) or not {"weights", "biases", "activation"} <= set(network):
        return False
    return _are_arrays(network["weights"], (2,)) and _are_arrays(network["biases"], (1, 2))


def _are_arrays(values: Any, dimensions: Sequence[int]) -> bool:
    """Whether they are a list of arrays with one of these numbers of dimensions, and not an empty one."""
    return (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(array, np.ndarray) and array.ndim in dimensions for array in values)
    )


def _cases_of_network(network: Any) -> Iterator[tuple[str, Any]]:
    if not is_network(network):
        return
    weights: Sequence[Any] = network["weights"]
    yield "depths", len(weights)
    yield "classes", np.shape(weights[-1])[-1]
    if len(weights) > 1:
        yield "activations", network["activation"]


def _cases_of_recipe(recipe: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "depths", len(recipe["sizes"]) - 1
    yield "classes", recipe["sizes"][-1]
    if len(recipe["sizes"]) > 2:
        yield "activations", recipe["activation"]
    yield from _cases_of_objective(recipe["objective"])
    yield from _cases_of_optimizer(recipe["optimizer"])
    if recipe["batch_size"] is not None:
        yield "batches", True


def _cases_of_objective(objective: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "reductions", objective["reduction"]
    if objective["l2"]:
        yield "l2", True


def _cases_of_optimizer(optimizer: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "methods", optimizer["method"]
    if optimizer["schedule"] is not None:
        yield "schedules", optimizer["schedule"]["kind"]


def _both(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in some if name in others)


def _both_or_any(some: tuple[int, ...] | None, others: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if some is None or others is None:
        return some if others is None else others
    return tuple(number for number in some if number in others)
