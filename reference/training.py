"""Initial parameters, the training loop, and a whole experiment from a seed."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from .data import Data
from .gradients import Gradients
from .updates import Updates
from .values import Array, Initialization, Network, Objective, Optimizer, Parameters, Recipe


class Training(Data, Gradients, Updates):
    """The forward pass, the backward pass and the update, put together."""

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        """A network with layer sizes [D, H, …, K], from standard normals shaped like its parameters."""
        scale = initialization["scale"]
        fan_ins = sizes[:-1] if initialization["fan_in"] else [1] * (len(sizes) - 1)
        weights = [scale * n / math.sqrt(fan) for n, fan in zip(normals["weights"], fan_ins, strict=True)]
        if initialization["biases"] == "normals":
            biases = [scale * n for n in normals["biases"]]
        else:
            biases = [np.zeros(size) for size in sizes[1:]]
        return {"weights": weights, "biases": biases, "activation": activation}

    def train(
        self,
        network: Network,
        inputs: Array,
        labels: Array,
        objective: Objective,
        optimizer: Optimizer,
        iterations: int,
        batches: list[Array] | None,
    ) -> dict[str, Any]:
        """losses: the objective before each update, on its own batch; network: after the last update.

        batches: the indices of each iteration's examples; None to use all examples every time.
        """
        velocity = self.zero_velocity(network)
        losses = []
        for iteration in range(iterations):
            x, y = (inputs, labels) if batches is None else self.batch(inputs, labels, batches[iteration])
            forward = self.forward(network, x)
            hidden, scores = forward["hidden"], forward["scores"]
            losses.append(self.objective(network, scores, y, objective))
            gradients = self.backward(network, x, hidden, scores, y, objective)
            after = self.update(
                network=network,
                gradients=gradients,
                velocity=velocity,
                optimizer=optimizer,
                iteration=iteration,
            )
            network, velocity = after["network"], after["velocity"]
        return {"losses": losses, "network": network}

    def batch(self, inputs: Array, labels: Array, indices: Array) -> tuple[Array, Array]:
        """The examples with these indices."""
        return inputs[indices], labels[indices]

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        """Train with its own random numbers, which ``seed`` determines."""
        random = np.random.default_rng(seed)
        sizes = experiment["sizes"]
        normals: Parameters = {
            "weights": [random.standard_normal(shape) for shape in itertools.pairwise(sizes)],
            "biases": [random.standard_normal(size) for size in sizes[1:]],
        }
        network = self.initialize(normals, sizes, experiment["activation"], experiment["initialization"])
        iterations, size = experiment["iterations"], experiment["batch_size"]
        batches = None if size is None else self.shuffled_batches(random, len(labels), size, iterations)
        trained: Network = self.train(
            network=network,
            inputs=inputs,
            labels=labels,
            objective=experiment["objective"],
            optimizer=experiment["optimizer"],
            iterations=iterations,
            batches=batches,
        )["network"]
        return trained

    def shuffled_batches(
        self, random: np.random.Generator | np.random.RandomState, examples: int, size: int, iterations: int
    ) -> list[Array]:
        """The indices for every iteration: each pass has a new order, and its last batch may be shorter."""
        orders = [random.permutation(examples) for _ in range(iterations)]  # at most one pass per iteration
        batches = [batch for order in orders for batch in np.split(order, range(size, examples, size))]
        return batches[:iterations]
