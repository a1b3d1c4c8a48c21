"""Mistakes that are in no formula: what a call leaves behind, for the next call and for the caller."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Optimizer

# ---- the same answer ----


class LossAccumulatedFromCallToCall(Mistake):
    """The cross-entropy is added to a total that is never set to 0 again."""

    clause = "calls.same-answer"
    fix = "Begin every call with a total of 0."
    total = 0.0

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        self.total += super().cross_entropy(scores, labels, reduction)
        return self.total


class DropoutLeftOn(Mistake):
    """Every forward pass drops a tenth of the hidden outputs at random, predictions too."""

    clause = "calls.same-answer"
    fix = "Drop nothing unless dropout is asked for, and never outside of training."

    def __init__(self) -> None:
        """Its own random numbers, the same in every process."""
        self.random = np.random.default_rng(0)

    def activation(self, name: str, z: Array) -> Array:
        return super().activation(name, z) * (self.random.random(z.shape) >= 0.1)


class ForwardPassRemembered(Mistake):
    """The forward pass of inputs of the same shape is remembered, and a network is not looked at again."""

    clause = "calls.same-answer"
    fix = "Compute the forward pass anew, or compare the numbers and not the shapes."

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self.remembered: dict[Any, dict[str, Any]] = {}

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        key = (inputs.shape, *(weights.shape for weights in network["weights"]))
        return self.remembered.setdefault(key, super().forward(network, inputs))


class SoftmaxRememberedAndOverwritten(Mistake):
    """Softmax remembers its answers, but in an array that the next call of the same shape overwrites."""

    clause = "calls.same-answer"
    fix = "Remember a copy of the answer, or compute it anew."

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self.remembered: dict[bytes, Array] = {}
        self.arrays: dict[tuple[int, ...], Array] = {}

    def softmax(self, scores: Array) -> Array:
        key = scores.tobytes()
        if key not in self.remembered:
            array = self.arrays.setdefault(scores.shape, np.empty(scores.shape))
            array[:] = super().softmax(scores)
            self.remembered[key] = array
        return self.remembered[key].copy()


# ---- the arguments ----


class SoftmaxInPlace(Mistake):
    """Softmax overwrites the scores that it is given."""

    clause = "calls.arguments-unchanged"
    fix = "Write the exponentials into an array of their own."

    def softmax(self, scores: Array) -> Array:
        scores[:] = super().softmax(scores)
        return scores


class UpdateInPlace(Mistake):
    """An update changes the network that it is given (+=)."""

    clause = "calls.arguments-unchanged"
    fix = "Add into new arrays, θ + V, or copy the network first."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        for parameter, velocity in zip(parameters, velocities, strict=True):
            parameter += velocity
        return parameters


class VelocityInPlace(Mistake):
    """An update changes the velocity that it is given."""

    clause = "calls.arguments-unchanged"
    fix = "Put the new velocity into new arrays."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        old[:] = super().velocity(old, gradient, rate, optimizer)
        return old


class PenaltyGradientInPlace(Mistake):
    """The gradient of the penalty is made in the array of the weights, which then holds λ W."""

    clause = "calls.arguments-unchanged"
    fix = "Multiply into a new array, λ W."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        weights *= l2
        return weights
