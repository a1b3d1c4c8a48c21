"""The reference on a stack of networks: many runs at once, in little more time than one run."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Network


class Members(Reference):
    """The members of an ensemble, along the first axis of every array of the network.

    Inputs (N, D) and labels (N,) may be shared by all members, or have this axis too. Sums over an axis of a matrix are
    here over the same axis, counted from the end.
    """

    def softmax(self, scores: Array) -> Array:
        """Probabilities (M, N, K)."""
        exponentials = np.exp(self.shifted(scores))
        return exponentials / exponentials.sum(axis=-1, keepdims=True)

    def log_softmax(self, scores: Array) -> Array:
        """The logarithms of the probabilities (M, N, K)."""
        shifted = self.shifted(scores)
        return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))

    def shifted(self, scores: Array) -> Array:
        """Scores less the greatest of their row, if exp would overflow or underflow without it."""
        if np.abs(scores).max() > 80:
            return scores - scores.max(axis=-1, keepdims=True)
        return scores

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b, with each member's own parameters."""
        scores = inputs @ weights
        scores += biases[:, None, :]
        return scores

    def predict(self, network: Network, inputs: Array) -> Array:
        """Labels (M, N)."""
        return self.forward(network, inputs)["scores"].argmax(axis=-1)

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> Any:
        """One number per member."""
        chosen = np.take_along_axis(self.log_softmax(scores), self.own_labels(scores, labels), axis=-1)
        total = -chosen[..., 0].sum(axis=-1)
        return total / labels.shape[-1] if reduction == "mean" else total

    def penalty(self, network: Network, l2: float) -> Any:
        """One number per member."""
        return 0.5 * l2 * sum((weights * weights).sum(axis=(-2, -1)) for weights in network["weights"])

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        """p_k − 1(y = k), over N for the mean."""
        delta, own = self.softmax(scores), self.own_labels(scores, labels)
        np.put_along_axis(delta, own, np.take_along_axis(delta, own, axis=-1) - 1, axis=-1)
        return delta / labels.shape[-1] if reduction == "mean" else delta

    def own_labels(self, scores: Array, labels: Array) -> Array:
        """The labels as indices into the last axis of the scores, (M, N, 1)."""
        return np.broadcast_to(labels, scores.shape[:-1])[..., None]

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        """Xᵀ δ."""
        return layer_inputs.swapaxes(-2, -1) @ delta

    def bias_gradient(self, delta: Array) -> Array:
        """Σ δ over the examples."""
        return delta.sum(axis=-2)

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """(δ Wᵀ) ∘ f′."""
        below = delta @ weights.swapaxes(-2, -1)
        below *= self.derivative_from_output(activation, hidden)
        return below


def stacked(network: Network, members: int, precision: str) -> Network:
    """A stack of copies of the network, in this precision."""
    return {
        "weights": [
            np.repeat(array[None].astype(precision), members, axis=0) for array in network["weights"]
        ],
        "biases": [np.repeat(array[None].astype(precision), members, axis=0) for array in network["biases"]],
        "activation": network["activation"],
    }
