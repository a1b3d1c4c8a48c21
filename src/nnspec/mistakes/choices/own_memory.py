"""Loops that change what they are given, in its own memory, so that later iterations find something else there."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice
from nnspec.reference.values import Array


def targets_spoilt(in_loss: bool) -> type[Choice]:
    """The class whose one-hot targets become t − p in each iteration on all examples; a batch has a copy of its own.

    in_loss: whether the loss takes the same targets.
    """

    class TargetsSpoilt(Choice):
        __targets: Array | None = None

        def train(self, **arguments: Any) -> dict[str, Any]:
            if arguments["batches"] is None:
                classes = len(arguments["network"]["biases"][-1])
                self.__targets = np.eye(classes)[arguments["labels"]]
            try:
                return super().train(**arguments)
            finally:
                self.__targets = None

        def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
            if self.__targets is None or not in_loss:
                return super().cross_entropy(scores, labels, reduction)
            total = -float(np.sum(self.__targets * self.log_softmax(scores)))
            return total / len(labels) if reduction == "mean" else total

        def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
            if self.__targets is None:
                return super().loss_gradient(scores, labels, reduction)
            self.__targets = self.__targets - self.softmax(scores)
            return -self.__targets / (len(labels) if reduction == "mean" else 1)

    return TargetsSpoilt
