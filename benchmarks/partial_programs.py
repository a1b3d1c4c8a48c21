"""Programs that offer only a part of the contract: some operations, and of these only what a document's programs do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from nnspec.contract.operations import ACTIVATIONS, METHODS, REDUCTIONS


@dataclass(frozen=True)
class Part:
    """A part of the contract.

    layers: the numbers of layers that a network may have; zero_biases: training starts with biases of 0;
    document: the name of the document whose programs offer this part, or "".
    """

    name: str
    operations: tuple[str, ...]
    activations: tuple[str, ...] = ACTIVATIONS
    reductions: tuple[str, ...] = REDUCTIONS
    methods: tuple[str, ...] = METHODS
    layers: tuple[int, ...] = (1, 2, 3, 4)
    penalty: bool = True
    schedules: bool = True
    batches: bool = True
    zero_biases: bool = False
    document: str = ""

    def declines(self, params: dict[str, Any]) -> str:
        """Why a program with this part does not answer a call with these arguments; "" if it does."""
        recipe = params.get("experiment", {})
        network, optimizer = params.get("network", {}), params.get("optimizer") or recipe.get("optimizer", {})
        objective = params.get("objective") or recipe.get("objective", {})
        layers = len(network.get("weights", ())) or len(recipe.get("sizes", ())) - 1
        reasons = {
            "this number of layers": layers > 0 and layers not in self.layers,
            "a penalty": not self.penalty and objective.get("l2", 0.0) != 0,
            "a schedule": not self.schedules and optimizer.get("schedule") is not None,
            "minibatches": not self.batches
            and (params.get("batches") is not None or recipe.get("batch_size") is not None),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")


class Partial:
    """A program that answers for a part of the contract, and declines the rest."""

    def __init__(self, program: Any, part: Part) -> None:
        """program: an implementation of the whole contract."""
        self._program, self._part = program, part

    def describe(self) -> dict[str, Any]:
        """The program's own description, with what the part holds."""
        part = self._part
        return {
            **self._program.describe(),
            "activations": part.activations,
            "reductions": part.reductions,
            "methods": part.methods,
        }

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """The program's operation, if the part has it."""
        if operation not in self._part.operations:
            raise AttributeError(operation)

        def call(**params: Any) -> Any:
            reason = self._part.declines(params)
            if reason:
                raise NotImplementedError(f"{self._part.name} has no case with {reason}")
            return getattr(self._program, operation)(**params)

        return call


#: What the examples' adapters offer, whichever document they follow.
EXAMPLE = (
    *("softmax", "activation", "cross_entropy", "score_gradient", "forward", "predict"),
    *("loss", "gradients", "update", "train", "fit"),
)

#: The parts whose power is measured.
PARTS = [
    Part("loss, gradients, train", ("loss", "gradients", "train")),
    Part("loss, gradients", ("loss", "gradients")),
    Part("train", ("train",)),
    Part("forward, gradients", ("forward", "gradients")),
    Part("fit, predict", ("fit", "predict")),
    Part(
        "CS231n",
        EXAMPLE,
        activations=("relu",),
        reductions=("mean",),
        methods=("gradient_descent",),
        layers=(1, 2),
        schedules=False,
        batches=False,
        zero_biases=True,
        document="cs231n",
    ),
    Part(
        "WildML",
        (*EXAMPLE, "activation_derivative"),
        activations=("tanh", "relu", "logistic"),
        reductions=("sum",),
        methods=("gradient_descent",),
        layers=(2, 3),
        zero_biases=True,
        document="wildml",
    ),
    Part(
        "Roelants",
        (*EXAMPLE, "activation_derivative"),
        activations=("logistic",),
        reductions=("sum",),
        methods=("momentum",),
        layers=(2,),
        penalty=False,
        schedules=False,
        batches=False,
        document="roelants",
    ),
]


def part_named(name: str, parts: Collection[Part] = PARTS) -> Part:
    """The part of this name."""
    return next(part for part in parts if part.name == name)
