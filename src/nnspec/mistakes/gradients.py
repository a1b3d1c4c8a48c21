"""Mistakes in the gradients on weights and biases, and in the gradient of the penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Parameters

# ---- on weights and biases ----


class BiasGradientOneNumber(Mistake):
    """The gradient on the biases is summed to one number for all units."""

    clause = "gradients.linear-classifier"
    fix = "Sum δ over the examples only (axis 0)."

    def bias_gradient(self, delta: Array) -> Array:
        return np.full(delta.shape[1], delta.sum())


class BiasGradientAveraged(Mistake):
    """The gradient on the biases is averaged over the examples, while the gradient on the weights is summed."""

    clause = "gradients.linear-classifier"
    fix = "Sum δ over the examples: for the mean, δ already contains the 1/N."

    def bias_gradient(self, delta: Array) -> Array:
        return delta.mean(axis=0)


class BiasGradientOfOneExample(Mistake):
    """The gradient on the biases comes from the first example alone."""

    clause = "gradients.linear-classifier"
    fix = "Sum δ over the examples."

    def bias_gradient(self, delta: Array) -> Array:
        return delta[0]


class BiasGradientDoubled(Mistake):
    """The gradient on the biases is doubled, as if biases had twice the learning rate."""

    clause = "gradients.bias-as-a-weight"
    fix = "Treat a bias as the weight of an input that is always 1."

    def bias_gradient(self, delta: Array) -> Array:
        return 2 * super().bias_gradient(delta)


class WeightGradientReshaped(Mistake):
    """The gradient on the weights is δᵀX, reshaped to the shape of W instead of transposed."""

    clause = "gradients.linear-classifier"
    fix = "Compute Xᵀδ, which has the shape of W."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        right = super().weight_gradient(layer_inputs, delta)
        return right.T.reshape(right.shape)


class WeightGradientOfCentredInputs(Mistake):
    """A layer's inputs are centred over the batch before they are multiplied by δ, as in a covariance."""

    clause = "gradients.sum-over-examples"
    fix = "Multiply δ by the inputs of the forward pass, uncentred."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        return super().weight_gradient(layer_inputs - layer_inputs.mean(axis=0), delta)


class LastExampleWithoutGradient(Mistake):
    """The gradient on the weights leaves out the last example."""

    clause = "gradients.example-order"
    fix = "Sum over all N examples."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        return super().weight_gradient(layer_inputs[:-1], delta[:-1])


class GradientsOfDistinctExamples(Mistake):
    """An example that occurs twice in the batch is counted only once."""

    clause = "gradients.duplicated-examples"
    fix = "Sum over all examples, duplicates too."

    def gradients(self, network: Network, inputs: Array, labels: Array, objective: Objective) -> Parameters:
        _, first = np.unique(np.column_stack([inputs, labels]), axis=0, return_index=True)
        distinct = np.sort(first)
        return super().gradients(network, inputs[distinct], labels[distinct], objective)


class MeanOfTheDistinctExamples(Mistake):
    """The gradient of the mean counts an example that occurs several times only once."""

    clause = "gradients.repeated-examples"
    fix = "Average over all examples, duplicates too."

    def gradients(self, network: Network, inputs: Array, labels: Array, objective: Objective) -> Parameters:
        _, first = np.unique(np.column_stack([inputs, labels]), axis=0, return_index=True)
        counted = np.sort(first) if objective["reduction"] == "mean" else slice(None)
        return super().gradients(network, inputs[counted], labels[counted], objective)


class SumGradientIsTheMean(Mistake):
    """The gradient of the cross-entropy is divided by N even if the sum is requested."""

    clause = "gradients.sum-and-mean"
    fix = "Divide by N only if the mean is requested."

    def backward(self, *forward: Any) -> Parameters:
        return super().backward(*forward[:-1], {**forward[-1], "reduction": "mean"})  # type: ignore[call-arg]


class GradientsAThousandthOff(Mistake):
    """Every gradient is a thousandth too large."""

    clause = "gradients.finite-differences"
    fix = "Compare with central differences at a relative tolerance of 1e-5 instead of 1e-2, and find the factor."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return 1.001 * super().score_gradient(scores, labels, reduction)


class GradientsAMillionthOff(Mistake):
    """Every gradient is five millionths too large, too little for the document's gradient check to notice."""

    clause = "gradients.taylor-remainder"
    fix = "Look for a rounded constant, or a function computed in less than double precision."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return (1 + 5e-6) * super().score_gradient(scores, labels, reduction)


class SmallGradientsDropped(Mistake):
    """Gradients smaller than 1e-5 are set to 0, which shows only late in training."""

    clause = "gradients.stored-states"
    fix = "Keep small gradients: near the end of training, all gradients are small."

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        gradient = super().weight_gradient(layer_inputs, delta)
        return np.where(np.abs(gradient) < 1e-5, 0, gradient)


# ---- of the penalty ----


class PenaltyGradientOfTheGradient(Mistake):
    """λ times the gradient is added instead of λ times the weights."""

    clause = "gradients.penalty"
    fix = "Add λ W."

    def backward(self, *forward: Any) -> Parameters:
        objective = forward[-1]  # mypy cannot count the arguments in an unpacked tuple
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
    """The gradient on the biases includes a penalty, λ b."""

    clause = "gradients.penalty"
    fix = "Add no penalty to the gradient on the biases."

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
    """If the mean is requested, the penalty's gradient is divided by N too."""

    clause = "gradients.penalty"
    fix = "Add the whole λ W: the penalty is not a mean over the examples."

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        objective = forward[-1]
        examples = len(inputs) if objective["reduction"] == "mean" else 1
        divided = {**objective, "l2": objective["l2"] / examples}
        return super().backward(network, inputs, *forward[:-1], divided)  # type: ignore[call-arg]


class PenaltyGradientOfMagnitudes(Mistake):
    """The penalty's gradient is λ times the signs of the weights, as for a penalty of λ Σ|W|."""

    clause = "gradients.penalty"
    fix = "Add λ W, which is proportional to the weights."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return l2 * np.sign(weights)


class PenaltyGradientFactorSquared(Mistake):
    """The penalty's gradient is multiplied by λ twice: λ² W."""

    clause = "gradients.penalty-scaling"
    fix = "Multiply by λ once: the gradient of a loss that contains λ already contains it."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return super().penalty_gradient(weights, l2 * l2)


class PenaltyInSinglePrecision(Mistake):
    """The penalty's factor λ is stored in float32, where 0.01 is 0.0099999998."""

    clause = "gradients.penalty"
    fix = "Keep constants in the precision of the arrays, or report float32 in describe."

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return super().penalty_gradient(weights, float(np.float32(l2)))
