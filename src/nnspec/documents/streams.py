"""The random numbers of the documents: NumPy's legacy generator, whose streams are frozen.

The documents print numbers, but CS231n prints no seed; the seeds and positions here were found by search
and reproduce the printed numbers. The shapes in which normals are drawn make no difference, so a position in
a stream is a seed and a number of normals to skip.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.reference.values import Parameters


@dataclass(frozen=True)
class Normals:
    """The standard normals of ``RandomState(seed)``, after the first ``skip`` of them."""

    seed: int
    skip: int = 0

    def generator(self) -> np.random.RandomState:
        """A generator that draws them next."""
        random = np.random.RandomState(self.seed)
        random.standard_normal(self.skip)
        return random

    def parameters(self, sizes: tuple[int, ...], biases: bool) -> Parameters:
        """Normals shaped like a network's parameters, drawn layer by layer: the biases, if any, first."""
        random = self.generator()
        normals: Parameters = {"weights": [], "biases": []}
        for fan_in, fan_out in itertools.pairwise(sizes):
            if biases:
                normals["biases"].append(random.standard_normal(fan_out))
            normals["weights"].append(random.standard_normal((fan_in, fan_out)))
        return normals


class NormalsAfterMoons(Normals):
    """The standard normals that follow WildML's data in the same stream."""

    def generator(self) -> np.random.RandomState:
        """A generator that has drawn the data."""
        random = np.random.RandomState(self.seed)
        random.shuffle(np.arange(200))
        random.standard_normal((200, 2))
        return random


def spiral_arguments(seed: int = 0) -> dict[str, Any]:
    """CS231n's data: the first 300 normals of seed 0."""
    return {
        "normals": np.random.RandomState(seed).standard_normal(300),
        "examples_per_class": 100,
        "classes": 3,
    }


def moons_arguments(seed: int = 0) -> dict[str, Any]:
    """WildML's data: seed 0, from which make_moons draws the order of the examples and then the noise."""
    random = np.random.RandomState(seed)
    order = np.arange(200)
    random.shuffle(order)
    return {"normals": random.standard_normal((200, 2)), "order": order, "examples": 200, "noise": 0.2}


def circles_arguments(seed: int = 1) -> dict[str, Any]:
    """Roelants' data: the first 200 normals of seed 1."""
    normals = np.random.RandomState(seed).standard_normal((100, 2))
    return {"normals": normals, "examples": 100, "factor": 0.3, "noise": 0.1}
