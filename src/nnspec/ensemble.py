"""How far correct programs drift apart in training: an ensemble of runs that differ only in rounding.

A member moves each parameter by one unit in the last place after every update, up or down at random, and half of
the members do so to every intermediate array of the forward and the backward pass too. Such noise, entering at
every step as rounding does, holds real programs (frameworks, plain loops, other languages) where noise at the
start alone does not. The envelope is the running maximum of the members' distance from the run without
noise, and never less than a floor of eight units in the last place.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Network

#: Units in the last place of the loss that a correct program may be off by at any iteration.
FLOOR = 8
#: How much wider than the ensemble's own reach an envelope is; a float32 ensemble is the coarser measure.
FACTOR = {"float64": 4.0, "float32": 8.0}


class StepNoise(Reference):
    """The reference with every parameter one unit in the last place off after every update."""

    def __init__(self, seed: int) -> None:
        """Noise that ``seed`` fixes."""
        self.random = np.random.default_rng(seed)

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        """The parameters after the update, and the noise."""
        return [self.nudged(parameter) for parameter in super().moved(parameters, velocities)]

    def nudged(self, array: Array) -> Array:
        """Each element's neighbour above or below."""
        infinity = array.dtype.type(np.inf)
        upwards = self.random.random(array.shape) < 0.5
        return np.nextafter(array, np.where(upwards, infinity, -infinity))


class IntermediateNoise(StepNoise):
    """The same, and every intermediate array one unit in the last place off as well."""

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b, and the noise."""
        return self.disturbed(super().affine(inputs, weights, biases))

    def activation(self, name: str, z: Array) -> Array:
        """f(z), and the noise."""
        return self.disturbed(super().activation(name, z))

    def softmax(self, scores: Array) -> Array:
        """The probabilities, and the noise."""
        return self.disturbed(super().softmax(scores))

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        """Xᵀ δ, and the noise."""
        return self.disturbed(super().weight_gradient(layer_inputs, delta))

    def bias_gradient(self, delta: Array) -> Array:
        """Σ δ, and the noise."""
        return self.disturbed(super().bias_gradient(delta))

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """(δ Wᵀ) ∘ f′, and the noise."""
        return self.disturbed(super().hidden_gradient(delta, weights, hidden, activation))

    def disturbed(self, array: Array) -> Array:
        """The array nudged; what is exactly 0 stays so, as ReLU and the point at the origin have it."""
        return np.where(array == 0, array, self.nudged(array))


def reach(training: dict[str, Any], precision: str, members: int) -> Array:
    """How far the furthest of the members has been from the run without noise, up to each iteration.

    training: the arguments of ``train``; precision: "float64" or "float32"; members: of each kind of noise.
    """
    center = losses(Reference(), training, "float64")
    runs = [
        losses(kind(seed), training, precision)
        for kind in (StepNoise, IntermediateNoise)
        for seed in range(members)
    ]
    return np.maximum.accumulate(np.max([np.abs(run - center) for run in runs], axis=0))


def tolerance(center: Array, reached: Array, precision: str) -> Array:
    """How far a correct program may be from the losses of the run without noise."""
    floor = FLOOR * np.finfo(precision).eps * np.abs(center)
    return FACTOR[precision] * np.maximum(reached, floor)


def losses(implementation: Reference, training: dict[str, Any], precision: str) -> Array:
    """The losses of one run in this precision, and then that of the network it ends with."""
    arguments = {
        **training,
        "network": in_precision(training["network"], precision),
        "inputs": training["inputs"].astype(precision),
    }
    run = implementation.train(**arguments)
    objective = training["objective"]
    final = implementation.loss(run["network"], arguments["inputs"], training["labels"], objective)
    return np.array([*run["losses"], final], dtype=float)


def in_precision(network: Network, precision: str) -> Network:
    """The network with its parameters rounded to this precision."""
    return {
        "weights": [weights.astype(precision) for weights in network["weights"]],
        "biases": [biases.astype(precision) for biases in network["biases"]],
        "activation": network["activation"],
    }
