"""How far correct programs drift apart in training: an ensemble of runs that differ only in rounding.

Every member moves each parameter by one unit in the last place after every update, up or down at random.
That noise, entering at every step as rounding does, holds real programs (frameworks, plain loops, other
languages) where noise at the start alone does not. The envelope is the running maximum of the members'
distance from the run without noise, and never less than a floor of eight units in the last place.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Envelope:
    """The losses of the run without noise, and how far a correct program may be from each."""

    losses: Array
    tolerance: Array


def envelope(training: dict[str, Any], precision: str, members: int = 8) -> Envelope:
    """The envelope of a run, from the arguments of ``train``; ``precision`` is "float64" or "float32"."""
    center = losses(Reference(), training, "float64")
    runs = [losses(StepNoise(seed), training, precision) for seed in range(members)]
    reach = np.max([np.abs(run - center) for run in runs], axis=0)
    floor = FLOOR * np.finfo(precision).eps * np.abs(center)
    tolerance = FACTOR[precision] * np.maximum(np.maximum.accumulate(reach), floor)
    return Envelope(center, tolerance)


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
