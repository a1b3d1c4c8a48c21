"""Backpropagation: the gradient of the objective on every parameter."""

from __future__ import annotations

import numpy as np

from .losses import Losses
from .values import Array, Network, Objective, Parameters


class Gradients(Losses):
    """The backward pass. A ``delta`` is the gradient on the inputs z of a layer's units, shape (N, units)."""

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        """p_k − 1(y = k), divided by N for the mean (CS231n, "Computing the Analytic Gradient")."""
        delta = self.softmax(scores)
        delta[np.arange(len(labels)), labels] -= 1
        return delta / len(labels) if reduction == "mean" else delta

    def gradients(self, network: Network, inputs: Array, labels: Array, objective: Objective) -> Parameters:
        """The gradients on all weights and biases, shaped like the parameters."""
        forward = self.forward(network, inputs)
        return self.backward(network, inputs, forward["hidden"], forward["scores"], labels, objective)

    def backward(
        self,
        network: Network,
        inputs: Array,
        hidden: list[Array],
        scores: Array,
        labels: Array,
        objective: Objective,
    ) -> Parameters:
        """The gradients from the results of a forward pass, the last layer first."""
        layer_inputs = [inputs, *hidden]
        delta = self.score_gradient(scores, labels, objective["reduction"])
        gradients: Parameters = {"weights": [], "biases": []}
        for layer in reversed(range(len(layer_inputs))):
            weights = network["weights"][layer]
            gradient = self.weight_gradient(layer_inputs[layer], delta)
            gradients["weights"].insert(0, gradient + self.penalty_gradient(weights, objective["l2"]))
            gradients["biases"].insert(0, self.bias_gradient(delta))
            if layer > 0:
                delta = self.hidden_gradient(delta, weights, layer_inputs[layer], network["activation"])
        return gradients

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        """DW = Xᵀ δ (CS231n, "Computing the Analytic Gradient")."""
        return layer_inputs.T @ delta

    def bias_gradient(self, delta: Array) -> Array:
        """Db = Σ δ over the examples (CS231n, "Computing the Analytic Gradient")."""
        return delta.sum(axis=0)

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        """λ W, the gradient of λ/2 · ‖W‖² (CS231n, "Computing the Analytic Gradient")."""
        return l2 * weights

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """(δ Wᵀ) ∘ f′: the delta of the layer below, whose outputs are ``hidden`` (Roelants, "error_hidden")."""
        below = delta @ weights.T
        below *= self.derivative_from_output(activation, hidden)
        return below
