"""Softmax and the activations of hidden layers, with their derivatives."""

from __future__ import annotations

import numpy as np

from .values import Array


class Functions:
    """Functions of whole arrays; scores have the shape (N, K)."""

    def softmax(self, scores: Array) -> Array:
        """p_k = exp(f_k) / Σ_j exp(f_j), one row per example (CS231n, "Compute the loss")."""
        exponentials = np.exp(self.shifted(scores))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def log_softmax(self, scores: Array) -> Array:
        """log p_k = f_k − log Σ_j exp(f_j): finite even if p_k underflows."""
        shifted = self.shifted(scores)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    def shifted(self, scores: Array) -> Array:
        """Scores minus the greatest score of their row, if exp could overflow or underflow without that.

        A shift changes no probability. The documents never shift, and their printed numbers show it: a
        shift rounds differently, which the long run of spiral-relu amplifies into its sixth digit.
        """
        if np.abs(scores).max() > 80:
            return scores - scores.max(axis=1, keepdims=True)
        return scores

    def activation(self, name: str, z: Array) -> Array:
        """The output h = f(z) of hidden units, element by element, for f named ``name``."""
        return {"relu": self.relu, "tanh": self.tanh, "logistic": self.logistic}[name](z)

    def activation_derivative(self, name: str, z: Array) -> Array:
        """f′(z), element by element."""
        return self.derivative_from_output(name, self.activation(name, z))

    def derivative_from_output(self, name: str, h: Array) -> Array:
        """f′(z) from h = f(z), as all three documents compute it."""
        return {
            "relu": self.relu_derivative,
            "tanh": self.tanh_derivative,
            "logistic": self.logistic_derivative,
        }[name](h)

    def relu(self, z: Array) -> Array:
        """max(0, z) (CS231n, "Training a Neural Network")."""
        return np.maximum(0, z)

    def relu_derivative(self, h: Array) -> Array:
        """1(h > 0), which is 0 at exactly 0 (CS231n, "Training a Neural Network")."""
        return h > 0

    def tanh(self, z: Array) -> Array:
        """tanh z (WildML, "Training a Neural Network")."""
        return np.tanh(z)

    def tanh_derivative(self, h: Array) -> Array:
        """1 − h² (WildML, "Learning the parameters")."""
        return 1 - h * h

    def logistic(self, z: Array) -> Array:
        """1 / (1 + exp(−z)), written with exp(−|z|), which cannot overflow (Roelants, "forward step")."""
        return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))

    def logistic_derivative(self, h: Array) -> Array:
        """h (1 − h) (Roelants, "hidden layer backward step")."""
        return h * (1 - h)
