"""Mistakes in the forward pass, in predictions, in the cross-entropy and in the penalty."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import EPSILONS, Mistake
from nnspec.reference.values import Array, Network, Objective

# ---- the forward pass ----


class ScoresWithoutBiases(Mistake):
    """The biases of the last layer are left out of the scores."""

    clause = "losses.scores"
    fix = "Add the last layer's biases to the scores: X W + b."

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        forward = super().forward(network, inputs)
        return {**forward, "scores": forward["scores"] - network["biases"][-1]}


class BiasesLeftOut(Mistake):
    """No layer adds its biases, neither to its hidden outputs nor to the scores."""

    clause = "losses.scores"
    fix = "Add the biases of every layer: X W + b."

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        return inputs @ weights


class ScoresActivated(Mistake):
    """The activation of the hidden layers is applied to the scores too."""

    clause = "losses.scores"
    fix = "Leave the scores unchanged: only hidden layers have an activation."

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        forward = super().forward(network, inputs)
        return {**forward, "scores": self.activation(network["activation"], forward["scores"])}


class BiasesSubtracted(Mistake):
    """The biases are subtracted, X W − b."""

    clause = "losses.bias-as-a-weight"
    fix = "Add the biases: X W + b."

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        return super().affine(inputs, weights, -biases)


class BiasesAfterTheActivation(Mistake):
    """A hidden layer adds its biases after the activation, to φ(X W)."""

    clause = "losses.hidden-outputs"
    fix = "Add the biases before the activation: φ(X W + b)."

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        outputs = [inputs]
        *hidden_layers, last = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in hidden_layers:
            outputs.append(self.activation(network["activation"], outputs[-1] @ weights) + biases)
        return {"hidden": outputs[1:], "scores": self.affine(outputs[-1], *last)}


class FirstHiddenUnitWithoutItsBias(Mistake):
    """The first unit of every hidden layer gets no bias, as if a loop started at 1."""

    clause = "losses.hidden-unit-order"
    fix = "Start the loop at 0: every unit has a bias."

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        *hidden, last = [biases.copy() for biases in network["biases"]]
        for biases in hidden:
            biases[0] = 0
        return super().forward({**network, "biases": [*hidden, last]}, inputs)


# ---- predictions ----


class PredictsTheLeastScore(Mistake):
    """The class with the lowest score is predicted."""

    clause = "losses.predictions"
    fix = "Predict the class with the greatest score (argmax)."

    def predict(self, network: Network, inputs: Array) -> Array:
        return self.forward(network, inputs)["scores"].argmin(axis=1)


class PredictsTheGreatestMagnitude(Mistake):
    """The class whose score is furthest from 0 is predicted."""

    clause = "losses.predictions"
    fix = "Compare the scores themselves, not their magnitudes."

    def predict(self, network: Network, inputs: Array) -> Array:
        return np.abs(self.forward(network, inputs)["scores"]).argmax(axis=1)


class PredictsOneOfTwoClasses(Mistake):
    """The prediction compares only the first two scores, however many classes there are."""

    clause = "losses.predictions"
    fix = "Predict the class with the greatest of all K scores."

    def predict(self, network: Network, inputs: Array) -> Array:
        scores = self.forward(network, inputs)["scores"]
        return (scores[:, 1] > scores[:, 0]).astype(int)


# ---- the cross-entropy ----


class LossDividedTwice(Mistake):
    """The mean cross-entropy is divided by N twice."""

    clause = "losses.cross-entropy"
    fix = "Divide the sum over the examples by N once."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        value = super().cross_entropy(scores, labels, reduction)
        return value / len(labels) if reduction == "mean" else value


class LossNegated(Mistake):
    """The cross-entropy has the wrong sign."""

    clause = "losses.cross-entropy"
    fix = "Negate the logarithm: −log p is positive."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return -super().cross_entropy(scores, labels, reduction)


class LossInBits(Mistake):
    """The cross-entropy takes the logarithm to base 2."""

    clause = "losses.cross-entropy"
    fix = "Use the natural logarithm, whose gradient is p − 1(y = k)."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels, reduction) / np.log(2)


class BinaryCrossEntropyReported(Mistake):
    """The loss also adds −log(1 − p) for every other class, like binary cross-entropy; the gradient is right."""

    clause = "losses.cross-entropy"
    fix = "Use −log p of the label's class alone: its gradient is p − 1(y = k)."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        others = np.log1p(-self.softmax(scores))
        others[np.arange(len(labels)), labels] = 0
        total = super().cross_entropy(scores, labels, "sum") - others.sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfProbabilityZero(Mistake):
    """The cross-entropy is the logarithm of a probability that may underflow to 0, so it can be infinite."""

    clause = "losses.cross-entropy-large-scores"
    fix = "Compute log p from the scores as f_y − log Σ exp(f), after subtracting the greatest score."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = -np.log(self.softmax(scores)[np.arange(len(labels)), labels]).sum()
        return total / len(labels) if reduction == "mean" else total


class SoftmaxBeforeTheLoss(Mistake):
    """The loss and its gradient take probabilities instead of scores, so softmax is applied twice."""

    clause = "losses.cross-entropy"
    fix = "Pass the scores to the loss: it applies softmax itself."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(self.softmax(scores), labels, reduction)

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        probabilities = self.softmax(scores)
        above = super().score_gradient(probabilities, labels, reduction)
        return probabilities * (above - (probabilities * above).sum(axis=1, keepdims=True))


class LossOverflows(Mistake):
    """The cross-entropy computes log Σ exp f − f without subtracting the greatest score first."""

    clause = "losses.cross-entropy-large-scores"
    fix = "Subtract each row's greatest score before taking the exponential."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = (np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(labels)), labels]).sum()
        return float(total / len(labels) if reduction == "mean" else total)


class LossShiftedByTheGreatestOfAll(Mistake):
    """The cross-entropy subtracts the greatest score of the whole matrix, so rows of much lower scores underflow."""

    clause = "losses.scores-far-apart"
    fix = "Subtract each row's own greatest score before taking the exponential."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        shifted = scores - scores.max()
        total = (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]).sum()
        return float(total / len(labels) if reduction == "mean" else total)


class LossOfClippedProbabilities(Mistake):
    """The probabilities are clipped to at least 1e-7, which caps the loss."""

    clause = "losses.unlikely-labels"
    fix = "Compute log p from the scores instead of clipping p."
    constant, constants = 1e-7, EPSILONS

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = np.minimum(
            -self.log_softmax(scores)[np.arange(len(labels)), labels], -np.log(self.constant)
        ).sum()
        return total / len(labels) if reduction == "mean" else total


class LossWithEpsilon(Mistake):
    """The loss is −log(p + 1e-15), which is negative if p is 1 and capped if p is 0."""

    clause = "losses.cross-entropy-range"
    fix = "Compute log p from the scores, so that nothing needs to be added to p."
    constant, constants = 1e-15, EPSILONS

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = -np.log(self.softmax(scores)[np.arange(len(labels)), labels] + self.constant).sum()
        return total / len(labels) if reduction == "mean" else total


class LossIsTheMissingProbability(Mistake):
    """The loss of an example is 1 − p_y, which never exceeds 1."""

    clause = "losses.cross-entropy-range"
    fix = "Use −log p_y, which grows without bound as the label becomes less likely."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = (1 - self.softmax(scores)[np.arange(len(labels)), labels]).sum()
        return total / len(labels) if reduction == "mean" else total


class LossInUnitsOfChance(Mistake):
    """The logarithm has base K, so guessing gives a loss of 1."""

    clause = "losses.initial"
    fix = "Use the natural logarithm: guessing gives a loss of ln K."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels, reduction) / np.log(scores.shape[1])


class MeanOverTheClassesToo(Mistake):
    """The mean is taken over all N · K terms of the one-hot sum, although all but N are 0."""

    clause = "losses.sum-and-mean"
    fix = "Sum over the classes, and divide by the number of examples only."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        value = super().cross_entropy(scores, labels, reduction)
        return value / scores.shape[1] if reduction == "mean" else value


class LossNeverAveraged(Mistake):
    """The mean cross-entropy is not divided by N."""

    clause = "losses.sum-and-mean"
    fix = "Divide by the number of examples if the mean is requested."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels, "sum")


# ---- the penalty ----


class PenaltyWithoutTheHalf(Mistake):
    """The loss adds λ · Σ‖W‖², without the half."""

    clause = "losses.penalty"
    fix = "Multiply by one half: the gradient of λ/2 · ‖W‖² is λ W."

    def penalty(self, network: Network, l2: float) -> float:
        return 2 * super().penalty(network, l2)


class PenaltySubtractedInTheLoss(Mistake):
    """The loss subtracts the penalty; the gradient is right."""

    clause = "losses.penalty"
    fix = "Add the penalty to the cross-entropy."

    def penalty(self, network: Network, l2: float) -> float:
        return -super().penalty(network, l2)


class PenaltyMissingInTheLoss(Mistake):
    """The loss has no penalty; the gradient does."""

    clause = "losses.penalty"
    fix = "Add λ/2 · Σ‖W‖² to the cross-entropy."

    def penalty(self, network: Network, l2: float) -> float:
        return 0.0


class PenaltyOfTheFirstLayerAlone(Mistake):
    """The loss's penalty includes only the first layer."""

    clause = "losses.penalty"
    fix = "Sum ‖W‖² over the weights of all layers."

    def penalty(self, network: Network, l2: float) -> float:
        return super().penalty({**network, "weights": network["weights"][:1]}, l2)


class PenaltyDividedByN(Mistake):
    """If the mean is requested, the penalty is divided by N like the cross-entropy."""

    clause = "losses.objective"
    fix = "Divide only the cross-entropy, and add the whole penalty."

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        examples = len(labels) if objective["reduction"] == "mean" else 1
        return super().objective(network, scores, labels, {**objective, "l2": objective["l2"] / examples})


class LossOfOneExampleWithoutThePenalty(Mistake):
    """The loss of a single example is its cross-entropy alone; only the loss of several has the penalty."""

    clause = "losses.objective"
    fix = "Add the penalty to the loss of any number of examples."

    def loss(self, network: Network, inputs: Array, labels: Array, objective: Objective) -> float:
        l2 = objective["l2"] if len(labels) > 1 else 0.0
        return super().loss(network, inputs, labels, {**objective, "l2": l2})


class PenaltyOfTheNormNotSquared(Mistake):
    """The loss adds λ/2 · Σ‖W‖, without squaring the norms."""

    clause = "losses.penalty-scaling"
    fix = "Square the norms, λ/2 · Σ‖W‖²: weights twice as large have four times the penalty."

    def penalty(self, network: Network, l2: float) -> float:
        return 0.5 * l2 * sum(np.sqrt((weights * weights).sum()) for weights in network["weights"])


class PenaltyFactorSquared(Mistake):
    """The loss multiplies the penalty by λ twice."""

    clause = "losses.penalty-scaling"
    fix = "Multiply by λ once."

    def penalty(self, network: Network, l2: float) -> float:
        return super().penalty(network, l2 * l2)


class BiasesPenalisedInTheLoss(Mistake):
    """The loss's penalty includes the biases."""

    clause = "losses.penalty-scaling"
    fix = "Sum ‖W‖² over the weights alone."

    def penalty(self, network: Network, l2: float) -> float:
        return super().penalty({**network, "weights": [*network["weights"], *network["biases"]]}, l2)
