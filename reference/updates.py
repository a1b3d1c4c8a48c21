"""Optimisers: gradient descent, momentum and learning-rate schedules."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .values import Array, Network, Optimizer, Parameters


class Updates:
    """One step from given gradients. The velocity is shaped like the gradients."""

    def update(
        self,
        network: Network,
        gradients: Parameters,
        velocity: Parameters,
        optimizer: Optimizer,
        iteration: int,
    ) -> dict[str, Any]:
        """network and velocity after V ← λV − μ∇ and θ ← θ + V (Roelants, "Backpropagation updates")."""
        rate = self.learning_rate(optimizer, iteration)
        weights = self.velocities(velocity["weights"], gradients["weights"], rate, optimizer)
        biases = self.velocities(velocity["biases"], gradients["biases"], rate, optimizer)
        return {
            "network": {
                "weights": self.moved(network["weights"], weights),
                "biases": self.moved(network["biases"], biases),
                "activation": network["activation"],
            },
            "velocity": {"weights": weights, "biases": biases},
        }

    def velocities(
        self, old: list[Array], gradients: list[Array], rate: float, optimizer: Optimizer
    ) -> list[Array]:
        """The new velocity of every array."""
        return [self.velocity(v, g, rate, optimizer) for v, g in zip(old, gradients, strict=True)]

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        """λV − μ∇ with momentum; −μ∇ with gradient descent (CS231n, "Performing a parameter update")."""
        if optimizer["method"] == "momentum":
            return optimizer["momentum"] * old - rate * gradient
        return -rate * gradient

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        """θ + V for every array."""
        return [parameter + velocity for parameter, velocity in zip(parameters, velocities, strict=True)]

    def zero_velocity(self, network: Network) -> Parameters:
        """V = 0, the velocity before the first update."""
        return {
            "weights": [np.zeros(w.shape, w.dtype) for w in network["weights"]],
            "biases": [np.zeros(b.shape, b.dtype) for b in network["biases"]],
        }

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        """The rate μ of iteration t, counted from 0 (WildML, exercise 2).

        step: μ₀ · decay^⌊t / every⌋; exponential: μ₀ · exp(−decay · t); inverse_time: μ₀ / (1 + decay · t).
        """
        initial, schedule = optimizer["learning_rate"], optimizer["schedule"]
        if schedule is None:
            return initial
        kind, decay = schedule["kind"], schedule["decay"]
        if kind == "step":
            return initial * decay ** (iteration // schedule["every"])
        if kind == "exponential":
            return initial * math.exp(-decay * iteration)
        return initial / (1 + decay * iteration)
