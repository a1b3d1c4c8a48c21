"""The kinds of differences between the members of an ensemble; correct programs differ in the same ways.

Noise at every step, as rounding has it, covers real programs (frameworks, plain loops, other languages); noise at the
start alone does not. So members of the kind ``steps`` move each parameter by one unit in the last place after
every update, up or down at random, and members of ``intermediates`` also move every intermediate array of the
forward and the backward pass. ``initial`` disturbs only the initial parameters; ``examples`` and ``units`` change
the order in which sums are taken.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.ensemble.members import Members, stacked
from nnspec.reference.values import Array, Network

#: Integer types to view floats as: adding or subtracting 1 moves a float by one unit in the last place.
BITS = {"float32": np.int32, "float64": np.int64}
#: How many signs are drawn, once; each array uses them from a new random place on.
SIGNS = 1 << 21


class StepNoise(Members):
    """Moves every parameter by one unit in the last place after every update."""

    def __init__(self, seed: int) -> None:
        """Noise from this seed."""
        self.random = np.random.default_rng(seed)
        self.signs = self.random.choice(np.array([-1, 1], dtype=np.int8), SIGNS)

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        """The parameters after the update, and the noise."""
        return [self.nudge(parameter) for parameter in super().moved(parameters, velocities)]

    def nudge(self, array: Array) -> Array:
        """Each element's neighbour above or below; an exact 0, as from ReLU or at the origin, stays 0."""
        start = self.random.integers(SIGNS - array.size)
        signs = self.signs[start : start + array.size].reshape(array.shape) * (array != 0)
        bits = np.ascontiguousarray(array).view(BITS[array.dtype.name])
        return (bits + signs).view(array.dtype)


class IntermediateNoise(StepNoise):
    """Moves every intermediate array by one unit in the last place as well."""

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b, and the noise."""
        return self.nudge(super().affine(inputs, weights, biases))

    def activation(self, name: str, z: Array) -> Array:
        """f(z), and the noise."""
        return self.nudge(super().activation(name, z))

    def softmax(self, scores: Array) -> Array:
        """The probabilities, and the noise."""
        return self.nudge(super().softmax(scores))

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        """Xᵀ δ, and the noise."""
        return self.nudge(super().weight_gradient(layer_inputs, delta))

    def bias_gradient(self, delta: Array) -> Array:
        """Σ δ, and the noise."""
        return self.nudge(super().bias_gradient(delta))

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """(δ Wᵀ) ∘ f′, and the noise."""
        return self.nudge(super().hidden_gradient(delta, weights, hidden, activation))


#: The kinds with noise at every step, and the class that runs their members.
NOISE: dict[str, type[StepNoise]] = {"steps": StepNoise, "intermediates": IntermediateNoise}
#: All kinds.
KINDS = [*NOISE, "initial", "examples", "units"]


def run(
    kind: str, training: dict[str, Any], precision: str, members: int, seed: int
) -> tuple[Array, Network]:
    """The losses of the members, (members, iterations + 1), with the final network's last; and that network.

    training: the arguments of ``train``, in float64.
    """
    random = np.random.default_rng(seed)
    network = stacked(training["network"], members, precision)
    arguments = {**training, "inputs": training["inputs"].astype(precision)}
    runner = NOISE[kind](seed) if kind in NOISE else Members()
    if kind == "initial":
        step_noise = StepNoise(seed)
        network["weights"] = [step_noise.nudge(weights) for weights in network["weights"]]
        network["biases"] = [step_noise.nudge(biases) for biases in network["biases"]]
    elif kind == "examples":
        arguments = {**arguments, **reorder_examples(arguments, members, random)}
    elif kind == "units":
        network = reorder_units(network, random)
    result = runner.train(**{**arguments, "network": network})
    final = runner.loss(result["network"], arguments["inputs"], arguments["labels"], arguments["objective"])
    return np.array([*result["losses"], final], dtype=float).T, result["network"]


def reorder_examples(training: dict[str, Any], members: int, random: np.random.Generator) -> dict[str, Any]:
    """The training data with the examples, or each minibatch, in a different order for each member."""
    if training["batches"] is not None:
        shuffled = [random.permuted(np.tile(batch, (members, 1)), axis=1) for batch in training["batches"]]
        return {"batches": shuffled}
    orders = random.permuted(np.tile(np.arange(len(training["labels"])), (members, 1)), axis=1)
    return {"inputs": training["inputs"][orders], "labels": training["labels"][orders]}


def reorder_units(network: Network, random: np.random.Generator) -> Network:
    """The network with the hidden units of every layer in a different order for each member."""
    weights, biases = list(network["weights"]), list(network["biases"])
    for layer in range(len(weights) - 1):
        units = np.tile(np.arange(weights[layer].shape[-1]), (len(weights[layer]), 1))
        order = random.permuted(units, axis=1)
        weights[layer] = np.take_along_axis(weights[layer], order[:, None, :], axis=-1)
        biases[layer] = np.take_along_axis(biases[layer], order, axis=-1)
        weights[layer + 1] = np.take_along_axis(weights[layer + 1], order[:, :, None], axis=-2)
    return {"weights": weights, "biases": biases, "activation": network["activation"]}
