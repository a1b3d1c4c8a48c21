"""Mistakes outside the formulas: what a call leaves behind for the next call or for the caller."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Optimizer

# ---- the same answer ----


class LossAccumulatedFromCallToCall(Mistake):
    """The cross-entropy is added to a total that is never reset to 0."""

    clause = "calls.same-answer"
    fix = "Start every call with a total of 0."
    total = 0.0

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        self.total += super().cross_entropy(scores, labels, reduction)
        return self.total


class DropoutLeftOn(Mistake):
    """Every forward pass drops a tenth of the hidden outputs at random, even when predicting."""

    clause = "calls.same-answer"
    fix = "Apply dropout only if it is requested, and only during training."

    def __init__(self) -> None:
        """Seed its own random numbers, so that they are the same in every process."""
        self.random = np.random.default_rng(0)

    def activation(self, name: str, z: Array) -> Array:
        return super().activation(name, z) * (self.random.random(z.shape) >= 0.1)


class ForwardPassRemembered(Mistake):
    """The forward pass is cached by shape, so another network or other inputs of the same shape get the old result."""

    clause = "calls.same-answer"
    fix = "Recompute the forward pass, or compare the numbers instead of the shapes."

    def __init__(self) -> None:
        """Start with an empty cache."""
        self.cache: dict[Any, dict[str, Any]] = {}

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        key = (inputs.shape, *(weights.shape for weights in network["weights"]))
        return self.cache.setdefault(key, super().forward(network, inputs))


class SoftmaxRememberedAndOverwritten(Mistake):
    """Softmax caches its answers in arrays that the next call with the same shape overwrites."""

    clause = "calls.same-answer"
    fix = "Cache a copy of the answer, or recompute it."

    def __init__(self) -> None:
        """Start with an empty cache."""
        self.cache: dict[bytes, Array] = {}
        self.arrays: dict[tuple[int, ...], Array] = {}

    def softmax(self, scores: Array) -> Array:
        key = scores.tobytes()
        if key not in self.cache:
            array = self.arrays.setdefault(scores.shape, np.empty(scores.shape))
            array[:] = super().softmax(scores)
            self.cache[key] = array
        return self.cache[key].copy()


# ---- the arguments ----


class SoftmaxInPlace(Mistake):
    """Softmax overwrites its argument, the scores."""

    clause = "calls.arguments-unchanged"
    fix = "Write the exponentials into a new array."

    def softmax(self, scores: Array) -> Array:
        scores[:] = super().softmax(scores)
        return scores


class UpdateInPlace(Mistake):
    """An update changes its argument, the network, in place (+=)."""

    clause = "calls.arguments-unchanged"
    fix = "Add into new arrays, θ + V, or copy the network first."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        for parameter, velocity in zip(parameters, velocities, strict=True):
            parameter += velocity
        return parameters


class VelocityInPlace(Mistake):
    """An update changes its argument, the velocity, in place."""

    clause = "calls.arguments-unchanged"
    fix = "Put the new velocity into new arrays."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        old[:] = super().velocity(old, gradient, rate, optimizer)
        return old


class PenaltyGradientInPlace(Mistake):
    """The penalty's gradient is computed in the array of the weights, which then holds λ W."""

    clause = "calls.arguments-unchanged"
    fix = "Multiply into a new array, λ W."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        weights *= l2
        return weights
