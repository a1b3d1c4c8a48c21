"""Mistakes in the gradients on weights and biases, and in that of the penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Parameters

# ---- on weights and biases ----


class BiasGradientOneNumber(Mistake):
    """The gradient on a bias is summed to one number for all units."""

    clause = "gradients.linear-classifier"
    fix = "Sum δ over the examples alone (axis 0)."

    def bias_gradient(self, delta: Array) -> Array:
        return np.full(delta.shape[1], delta.sum())


class BiasGradientAveraged(Mistake):
    """The gradient on a bias is the mean over the examples where that on the weights is the sum."""

    clause = "gradients.linear-classifier"
    fix = "Sum δ over the examples: where a mean is asked for, δ holds the 1/N already."

    def bias_gradient(self, delta: Array) -> Array:
        return delta.mean(axis=0)


class BiasGradientOfOneExample(Mistake):
    """The gradient on a bias is that of the first example."""

    clause = "gradients.linear-classifier"
    fix = "Sum δ over the examples."

    def bias_gradient(self, delta: Array) -> Array:
        return delta[0]


class BiasGradientDoubled(Mistake):
    """The gradient on a bias is doubled, as where biases are given twice the learning rate."""

    clause = "gradients.bias-as-a-weight"
    fix = "Treat a bias as the weight of an input that is always 1."

    def bias_gradient(self, delta: Array) -> Array:
        return 2 * super().bias_gradient(delta)


class WeightGradientReshaped(Mistake):
    """The gradient on the weights is δᵀX, brought into the shape of W by reshape instead of a transposition."""

    clause = "gradients.linear-classifier"
    fix = "Compute Xᵀδ, which has the shape of W."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        right = super().weight_gradient(layer_inputs, delta)
        return right.T.reshape(right.shape)


class WeightGradientOfCentredInputs(Mistake):
    """The inputs of a layer are centred over the batch before they meet δ, as in a covariance."""

    clause = "gradients.sum-over-examples"
    fix = "Multiply the inputs as they were in the forward pass."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        return super().weight_gradient(layer_inputs - layer_inputs.mean(axis=0), delta)


class LastExampleWithoutGradient(Mistake):
    """The gradient on the weights leaves out the last example."""

    clause = "gradients.example-order"
    fix = "Let the sum run over all N examples."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        return super().weight_gradient(layer_inputs[:-1], delta[:-1])


class GradientsOfDistinctExamples(Mistake):
    """An example that occurs twice in the batch is counted once."""

    clause = "gradients.duplicated-examples"
    fix = "Sum over the examples as they come, without looking for duplicates."

    def gradients(self, network: Network, inputs: Array, labels: Array, objective: Objective) -> Parameters:
        _, first = np.unique(np.column_stack([inputs, labels]), axis=0, return_index=True)
        kept = np.sort(first)
        return super().gradients(network, inputs[kept], labels[kept], objective)


class SumGradientIsTheMean(Mistake):
    """The gradient is that of the mean cross-entropy also where the sum is asked for."""

    clause = "gradients.sum-and-mean"
    fix = "Divide by N only where the mean is asked for."

    def backward(self, *forward: Any) -> Parameters:
        return super().backward(*forward[:-1], {**forward[-1], "reduction": "mean"})  # type: ignore[call-arg]


class GradientsAThousandthOff(Mistake):
    """Every gradient is a thousandth too large."""

    clause = "gradients.finite-differences"
    fix = (
        "Compare with central differences at a relative tolerance of 1e-5, not of 1e-2, and find the factor."
    )

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return 1.001 * super().score_gradient(scores, labels, reduction)


class GradientsAMillionthOff(Mistake):
    """Every gradient is five millionths too large, which the document's gradient check lets pass."""

    clause = "gradients.taylor-remainder"
    fix = "Find the constant that is rounded, or the function that is computed in less than double precision."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return (1 + 5e-6) * super().score_gradient(scores, labels, reduction)


class SmallGradientsDropped(Mistake):
    """Gradients smaller than 1e-5 are set to 0, which shows late in training."""

    clause = "gradients.stored-states"
    fix = "Keep small gradients: near the end of training all of them are."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        gradient = super().weight_gradient(layer_inputs, delta)
        return np.where(np.abs(gradient) < 1e-5, 0, gradient)


# ---- of the penalty ----


class PenaltyGradientOfTheGradient(Mistake):
    """λ times the gradient is added instead of λ times the weights."""

    clause = "gradients.penalty"
    fix = "Add λ W."

    def backward(self, *forward: Any) -> Parameters:
        objective = forward[-1]  # mypy counts no arguments of an unpacked tuple
        gradients = super().backward(*forward[:-1], {**objective, "l2": 0.0})  # type: ignore[call-arg]
        weights = [gradient + objective["l2"] * gradient for gradient in gradients["weights"]]
        return {**gradients, "weights": weights}


class PenaltyGradientMissingOnTheLastLayer(Mistake):
    """The penalty's gradient is left out on the last layer of a network with hidden layers."""

    clause = "gradients.penalty"
    fix = "Add λ W to the gradient on the weights of every layer."

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        if len(network["weights"]) > 1:
            gradients["weights"][-1] -= forward[-1]["l2"] * network["weights"][-1]
        return gradients


class PenaltyGradientTwiceTooLarge(Mistake):
    """The penalty's gradient is 2λW, as for a penalty without the half."""

    clause = "gradients.penalty"
    fix = "Add λ W: the 2 of the square's derivative cancels the half."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return 2 * l2 * weights


class BiasesPenalised(Mistake):
    """The penalty's gradient is added to that on the biases too."""

    clause = "gradients.penalty"
    fix = "Leave the gradient on the biases without a penalty."

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        penalised = zip(gradients["biases"], network["biases"], strict=True)
        return {**gradients, "biases": [gradient + forward[-1]["l2"] * bias for gradient, bias in penalised]}


class PenaltyGradientMissing(Mistake):
    """The gradient has no penalty; the loss does."""

    clause = "gradients.penalty"
    fix = "Add λ W to the gradient on the weights of every layer."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return np.zeros_like(weights)


class PenaltyGradientDividedByN(Mistake):
    """Where the mean is asked for, the penalty's gradient is divided by N too."""

    clause = "gradients.penalty"
    fix = "Add λ W whole: the penalty is no mean over the examples."

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        objective = forward[-1]
        examples = len(inputs) if objective["reduction"] == "mean" else 1
        divided = {**objective, "l2": objective["l2"] / examples}
        return super().backward(network, inputs, *forward[:-1], divided)  # type: ignore[call-arg]


class PenaltyGradientOfMagnitudes(Mistake):
    """The penalty's gradient is λ times the signs of the weights, as for a penalty of Σ|W|."""

    clause = "gradients.penalty"
    fix = "Add λ W, which doubles with the weights."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return l2 * np.sign(weights)


class PenaltyGradientFactorSquared(Mistake):
    """The penalty's gradient has λ twice, λ² W."""

    clause = "gradients.penalty-scaling"
    fix = "Multiply by λ once: where the loss has it already, the gradient takes it from there."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return super().penalty_gradient(weights, l2 * l2)


class PenaltyInSinglePrecision(Mistake):
    """The factor λ of the penalty is kept in float32, where 0.01 is 0.0099999998."""

    clause = "gradients.penalty"
    fix = "Keep the constants in the precision of the arrays, or say float32 in describe."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return super().penalty_gradient(weights, float(np.float32(l2)))
