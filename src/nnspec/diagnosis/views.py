"""Where losses and gradients come from: operations of their own, or a run of one iteration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.diagnosis.asking import Ask

#: The learning rate with which a step shows a gradient.
RATE = 0.9
PLAIN = {"method": "gradient_descent", "learning_rate": RATE, "momentum": 0.0, "schedule": None}


@dataclass(frozen=True)
class Losses:
    """Losses of an operation; ``reduction`` is one that the program supports."""

    operation: str
    reduction: str
    method: str = "gradient_descent"

    def __call__(self, ask: Ask, params: dict[str, Any]) -> Any:
        """The loss for the arguments of ``loss``."""
        if self.operation == "loss":
            return ask("loss", params)
        if self.operation == "train":
            return np.ravel(ask("train", one_step(params, self.method))["losses"])[0]
        scores = params["network"]["biases"][-1]
        if np.any(params["network"]["weights"][-1]):
            inputs = params["inputs"]
            scores = (
                inputs @ np.random.default_rng(0).standard_normal((inputs.shape[1], len(scores))) + scores
            )
        scores = np.broadcast_to(scores, (len(params["labels"]), scores.shape[-1])).copy()
        reduction = params["objective"]["reduction"]
        return ask("cross_entropy", {"scores": scores, "labels": params["labels"], "reduction": reduction})


@dataclass(frozen=True)
class Gradients:
    """Gradients of an operation, ``gradients`` or ``train``."""

    operation: str
    reduction: str
    method: str = "gradient_descent"

    def __call__(self, ask: Ask, params: dict[str, Any]) -> Any:
        """The gradients for the arguments of ``gradients``."""
        if self.operation == "gradients":
            return ask("gradients", params)
        after = ask("train", one_step(params, self.method))["network"]
        return {kind: steps(params["network"][kind], after[kind], -RATE) for kind in ("weights", "biases")}


def one_step(params: dict[str, Any], method: str) -> dict[str, Any]:
    """The arguments of a run of one iteration."""
    return {**params, "optimizer": {**PLAIN, "method": method}, "iterations": 1, "batches": None}


def steps(before: list[Any], after: list[Any], rate: float) -> list[Any]:
    """How far the parameters moved, over a rate."""
    return [(new - old) / rate for old, new in zip(before, after, strict=True)]


View = Callable[[Ask, dict[str, Any]], Any]
