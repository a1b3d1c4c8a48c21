"""From inputs to scores, predictions and the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from .functions import Functions
from .values import Array, Network, Objective


class Losses(Functions):
    """The forward pass. Inputs (N, D), labels (N,), scores (N, K)."""

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        """hidden: the outputs of every hidden layer, each (N, H); scores: (N, K), before softmax."""
        outputs = [inputs]
        *hidden_layers, last = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in hidden_layers:
            outputs.append(self.activation(network["activation"], self.affine(outputs[-1], weights, biases)))
        return {"hidden": outputs[1:], "scores": self.affine(outputs[-1], *last)}

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b (CS231n, "Compute the class scores")."""
        scores = inputs @ weights
        scores += biases
        return scores

    def predict(self, network: Network, inputs: Array) -> Array:
        """The class with the greatest score (WildML, "Implementation")."""
        return self.forward(network, inputs)["scores"].argmax(axis=1)

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        """−log p_y, summed or averaged over the examples (CS231n, "Compute the loss")."""
        total = -self.log_softmax(scores)[np.arange(len(labels)), labels].sum()
        return total / len(labels) if reduction == "mean" else total

    def penalty(self, network: Network, l2: float) -> float:
        """λ/2 · Σ‖W‖² over the weights of all layers, not over the biases (CS231n, "Compute the loss")."""
        return 0.5 * l2 * sum((weights * weights).sum() for weights in network["weights"])

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        """The function that is differentiated: the cross-entropy of the scores plus the penalty."""
        data_loss = self.cross_entropy(scores, labels, objective["reduction"])
        return data_loss + self.penalty(network, objective["l2"])

    def loss(self, network: Network, inputs: Array, labels: Array, objective: Objective) -> float:
        """The objective of a network on these examples."""
        return self.objective(network, self.forward(network, inputs)["scores"], labels, objective)
