"""The ways in which the members of an ensemble differ: each is a way in which correct programs do.

Noise that enters at every step, as rounding does, holds real programs (frameworks, plain loops, other languages);
noise at the start alone does not. So the members of the kind ``steps`` move each parameter by one unit in the last
place after every update, up or down at random, and those of ``intermediates`` do so to every intermediate array
of the forward and the backward pass too. ``initial`` disturbs the initial parameters alone; ``examples`` and
``units`` change the order in which sums are taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.ensemble.members import Members, stacked
from nnspec.reference.values import Array, Network

#: The integers whose neighbours are the neighbours of a float: one more or less is one unit in the last place.
BITS = {"float32": np.int32, "float64": np.int64}
#: Signs are read from so many that were drawn once, from a new random place for every array.
DRAWN = 1 << 21


class StepNoise(Members):
    """Every parameter is one unit in the last place off after every update."""

    def __init__(self, seed: int) -> None:
        """Noise that ``seed`` fixes."""
        self.random = np.random.default_rng(seed)
        self.signs = self.random.choice(np.array([-1, 1], dtype=np.int8), DRAWN)

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        """The parameters after the update, and the noise."""
        return [self.nudged(parameter) for parameter in super().moved(parameters, velocities)]

    def nudged(self, array: Array) -> Array:
        """Each element's neighbour above or below; what is exactly 0 stays so, as ReLU and the origin have it."""
        start = self.random.integers(DRAWN - array.size)
        signs = self.signs[start : start + array.size].reshape(array.shape) * (array != 0)
        bits = np.ascontiguousarray(array).view(BITS[array.dtype.name])
        return (bits + signs).view(array.dtype)


class IntermediateNoise(StepNoise):
    """The same, and every intermediate array is one unit in the last place off as well."""

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b, and the noise."""
        return self.nudged(super().affine(inputs, weights, biases))

    def activation(self, name: str, z: Array) -> Array:
        """f(z), and the noise."""
        return self.nudged(super().activation(name, z))

    def softmax(self, scores: Array) -> Array:
        """The probabilities, and the noise."""
        return self.nudged(super().softmax(scores))

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        """Xᵀ δ, and the noise."""
        return self.nudged(super().weight_gradient(layer_inputs, delta))

    def bias_gradient(self, delta: Array) -> Array:
        """Σ δ, and the noise."""
        return self.nudged(super().bias_gradient(delta))

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """(δ Wᵀ) ∘ f′, and the noise."""
        return self.nudged(super().hidden_gradient(delta, weights, hidden, activation))


#: The kinds whose noise enters at every step, and what runs their members.
NOISE: dict[str, type[StepNoise]] = {"steps": StepNoise, "intermediates": IntermediateNoise}
#: All kinds.
KINDS = [*NOISE, "initial", "examples", "units"]


def run(
    kind: str, training: dict[str, Any], precision: str, members: int, seed: int
) -> tuple[Array, Network]:
    """The losses of so many members, (members, iterations + 1), the last of the final network; and that network.

    training: the arguments of ``train``, in float64.
    """
    random = np.random.default_rng(seed)
    network = stacked(training["network"], members, precision)
    told = {**training, "inputs": training["inputs"].astype(precision)}
    runner = NOISE[kind](seed) if kind in NOISE else Members()
    if kind == "initial":
        disturbed = StepNoise(seed)
        network["weights"] = [disturbed.nudged(weights) for weights in network["weights"]]
        network["biases"] = [disturbed.nudged(biases) for biases in network["biases"]]
    elif kind == "examples":
        told = {**told, **reordered_examples(told, members, random)}
    elif kind == "units":
        network = reordered_units(network, random)
    ran = runner.train(**{**told, "network": network})
    final = runner.loss(ran["network"], told["inputs"], told["labels"], told["objective"])
    return np.array([*ran["losses"], final], dtype=float).T, ran["network"]


def reordered_examples(training: dict[str, Any], members: int, random: np.random.Generator) -> dict[str, Any]:
    """Each member's own order of the examples, or of those in each minibatch."""
    if training["batches"] is not None:
        shuffled = [random.permuted(np.tile(batch, (members, 1)), axis=1) for batch in training["batches"]]
        return {"batches": shuffled}
    orders = random.permuted(np.tile(np.arange(len(training["labels"])), (members, 1)), axis=1)
    return {"inputs": training["inputs"][orders], "labels": training["labels"][orders]}


def reordered_units(network: Network, random: np.random.Generator) -> Network:
    """Each member's own order of the hidden units of every layer."""
    weights, biases = list(network["weights"]), list(network["biases"])
    for layer in range(len(weights) - 1):
        units = np.tile(np.arange(weights[layer].shape[-1]), (len(weights[layer]), 1))
        order = random.permuted(units, axis=1)
        weights[layer] = np.take_along_axis(weights[layer], order[:, None, :], axis=-1)
        biases[layer] = np.take_along_axis(biases[layer], order, axis=-1)
        weights[layer + 1] = np.take_along_axis(weights[layer + 1], order[:, :, None], axis=-2)
    return {"weights": weights, "biases": biases, "activation": network["activation"]}
