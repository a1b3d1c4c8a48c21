"""Programs that log other losses of a training than the objective before each update."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice
from nnspec.reference.values import Array, Network, Objective, Parameters


class AfterTheUpdate(Choice):
    """The loss of an iteration is computed after its update, on the same batch."""

    __losses: list[float] | None = None
    __arguments: tuple[Any, ...] = ()

    def train(self, **arguments: Any) -> dict[str, Any]:
        losses = self.__losses = []
        try:
            trained = super().train(**arguments)
        finally:
            self.__losses = None
        return {**trained, "losses": losses}

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.__arguments = (inputs, *forward[-2:])
        return super().backward(network, inputs, *forward)

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if self.__losses is not None:
            self.__losses.append(self.loss(after["network"], *self.__arguments))
        return after


class OneTooMany(Choice):
    """The losses end with that of the final network, on all examples."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        examples = (arguments[name] for name in ("inputs", "labels", "objective"))
        return {**trained, "losses": [*trained["losses"], self.loss(trained["network"], *examples)]}


class AveragedSoFar(Choice):
    """A loss is the mean of those of the run so far."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        losses = np.cumsum(trained["losses"]) / np.arange(1, len(trained["losses"]) + 1)
        return {**trained, "losses": losses.tolist()}


class AddedUp(Choice):
    """A loss is the sum of those of the run so far."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        return {**trained, "losses": np.cumsum(trained["losses"]).tolist()}


class Smoothed(Choice):
    """A loss is 0.9 times the last one that was logged, plus 0.1 times the new one; the first is itself."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        smoothed: list[float] = []
        for loss in trained["losses"]:
            smoothed.append(0.9 * smoothed[-1] + 0.1 * loss if smoothed else loss)
        return {**trained, "losses": smoothed}


class OverTheDataSet(Choice):
    """The losses are divided by the number of all examples."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        return {**trained, "losses": [loss / len(arguments["labels"]) for loss in trained["losses"]]}


class OverTheUsualSize(Choice):
    """The mean of a short batch's losses is divided by the size of the first batch."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        batches = arguments["batches"]
        if not batches or arguments["objective"]["reduction"] != "mean":
            return trained
        sizes = [len(batch) / len(batches[0]) for batch in batches]
        losses = [loss * share for loss, share in zip(trained["losses"], sizes, strict=False)]
        return {**trained, "losses": losses}


class WithoutThePenalty(Choice):
    """The losses of a training have no penalty."""

    __logging = False

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__logging = True
        try:
            return super().train(**arguments)
        finally:
            self.__logging = False

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        objective = {**objective, "l2": 0.0} if self.__logging else objective
        return super().objective(network, scores, labels, objective)


class OfAllExamples(Choice):
    """The loss of a batch is that of all examples."""

    __examples: tuple[Array, Array] | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__examples = arguments["inputs"], arguments["labels"]
        try:
            return super().train(**arguments)
        finally:
            self.__examples = None

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        if self.__examples is not None:
            inputs, labels = self.__examples
            scores = self.forward(network, inputs)["scores"]
        return super().objective(network, scores, labels, objective)
