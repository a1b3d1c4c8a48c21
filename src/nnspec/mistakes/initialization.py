"""Mistakes in the initial parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference import Reference
from nnspec.reference.values import Initialization, Network, Parameters


class AllWeightsPositive(Mistake):
    """The initial weights have no negative values."""

    clause = "training.small-initialization"
    fix = "Draw from N(0, 1), not from its magnitudes or from a uniform distribution above 0."

    def initialize(self, *arguments: Any, **keywords: Any) -> Network:
        network = super().initialize(*arguments, **keywords)
        return {**network, "weights": [np.abs(weights) for weights in network["weights"]]}


class InitialWeightsUnscaled(Mistake):
    """The initial weights are N(0, 1), without the scale."""

    clause = "training.small-initialization"
    fix = "Multiply the normals by the scale."

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        return super().initialize(normals, sizes, activation, {**initialization, "scale": 1.0})


class InitialBiasesPositive(Mistake):
    """Initial biases that should be 0 are 0.01."""

    clause = "training.small-initialization"
    fix = "Start with biases of 0."

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        network = super().initialize(normals, sizes, activation, initialization)
        if initialization["biases"] == "zeros":
            network["biases"] = [biases + 0.01 for biases in network["biases"]]
        return network


class _FanIn(Reference):
    """Divides the initial weights by ``divisor``, which a mistake overrides, instead of √fan_in."""

    def divisor(self, fan_in: int, fan_out: int) -> float:
        return math.sqrt(fan_in)

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        network = super().initialize(normals, sizes, activation, {**initialization, "fan_in": False})
        if initialization["fan_in"]:
            network["weights"] = [weights / self.divisor(*weights.shape) for weights in network["weights"]]
        return network


class FanOutInsteadOfFanIn(_FanIn, Mistake):
    """The initial weights are divided by √fan_out instead of √fan_in."""

    clause = "training.fan-in-initialization"
    fix = "Divide by √fan_in, the root of the number of rows of W."

    def divisor(self, fan_in: int, fan_out: int) -> float:
        return math.sqrt(fan_out)


class FanInWithoutTheRoot(_FanIn, Mistake):
    """The initial weights are divided by fan_in instead of √fan_in."""

    clause = "training.fan-in-initialization"
    fix = "Divide by √fan_in."

    def divisor(self, fan_in: int, fan_out: int) -> float:
        return fan_in


class InitialBiasesUnscaled(Mistake):
    """Initial biases that should be 0.1 · N(0, 1) are N(0, 1)."""

    clause = "training.initialization-with-biases"
    fix = "Multiply the normals of the biases by the scale too."

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        network = super().initialize(normals, sizes, activation, initialization)
        return {
            **network,
            "biases": [biases / initialization["scale"] for biases in network["biases"]],
        }


class NormalBiasesOverTheFanIn(Mistake):
    """Initial biases that are drawn are divided by √fan_in like the weights, if the weights are."""

    clause = "training.initialization-with-biases"
    fix = "Divide the weights alone: the biases are scale · N(0, 1)."

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        network = super().initialize(normals, sizes, activation, initialization)
        if initialization["fan_in"]:
            pairs = zip(network["biases"], sizes, strict=False)
            network["biases"] = [biases / math.sqrt(fan_in) for biases, fan_in in pairs]
        return network


class InitialBiasesAlwaysZero(Mistake):
    """Initial biases are 0 even if they should be drawn."""

    clause = "training.initialization-with-biases"
    fix = "Draw the biases like the weights if the initialisation says so."

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        return super().initialize(normals, sizes, activation, {**initialization, "biases": "zeros"})


class InitialWeightsOfHe(_FanIn, Mistake):
    """The initial weights are divided by √(fan_in / 2), as He and others recommend for ReLU."""

    clause = "training.fan-in-initialization"
    fix = "Divide by √fan_in."

    def divisor(self, fan_in: int, fan_out: int) -> float:
        return math.sqrt(fan_in / 2)


class InitialWeightsOfGlorot(_FanIn, Mistake):
    """The initial weights are divided by √((fan_in + fan_out) / 2), as Glorot and Bengio recommend."""

    clause = "training.fan-in-initialization"
    fix = "Divide by √fan_in."

    def divisor(self, fan_in: int, fan_out: int) -> float:
        return math.sqrt((fan_in + fan_out) / 2)
