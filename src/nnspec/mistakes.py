"""The catalogue of mistakes: each is the reference with one method overridden.

Its docstring says what is wrong; ``clause`` names a clause that it breaks. Every one can be checked as an
implementation of its own: ``nnspec check nnspec.mistakes:BiasesPenalised``.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Initialization, Network, Optimizer, Parameters


class Mistake(Reference):
    """A program with one mistake."""

    clause: ClassVar[str]

    def describe(self) -> dict[str, Any]:
        """The reference's abilities, under the mistake's name."""
        return {**super().describe(), "name": type(self).__name__}


def catalogue() -> list[type[Mistake]]:
    """Every mistake."""
    return Mistake.__subclasses__()


# ---- functions ----


class SoftmaxAlongExamples(Mistake):
    """Softmax is normalised along the examples instead of the classes."""

    clause = "functions.softmax"

    def softmax(self, scores: Array) -> Array:
        return super().softmax(scores.T).T


class SoftmaxOverTheMatrix(Mistake):
    """Softmax is normalised over the whole matrix."""

    clause = "functions.softmax"

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores - scores.max())
        return exponentials / exponentials.sum()


class SoftmaxOverflows(Mistake):
    """Softmax takes the exponential of the scores as they are."""

    clause = "functions.softmax-large-scores"

    def softmax(self, scores: Array) -> Array:
        exponentials = np.exp(scores)
        return exponentials / exponentials.sum(axis=1, keepdims=True)


class LogisticWithTheWrongSign(Mistake):
    """The logistic function is 1 / (1 + exp z)."""

    clause = "functions.logistic"

    def logistic(self, z: Array) -> Array:
        return super().logistic(-z)


class TanhDerivativeOfTheInput(Mistake):
    """The derivative of tanh is computed as 1 − tanh² of the output, which is tanh already."""

    clause = "gradients.hidden-layers"

    def tanh_derivative(self, h: Array) -> Array:
        return 1 - np.tanh(h) ** 2


class LogisticDerivativeOfTheInput(Mistake):
    """The derivative of the logistic function is computed as σ(h)(1 − σ(h)) of the output h."""

    clause = "functions.logistic-derivative"

    def logistic_derivative(self, h: Array) -> Array:
        again = self.logistic(h)
        return again * (1 - again)


class ReLUPassesZero(Mistake):
    """ReLU's derivative at exactly 0 is taken as 1."""

    clause = "gradients.relu-at-0"

    def relu_derivative(self, h: Array) -> Array:
        return h >= 0


class ActivationDerivativeMissing(Mistake):
    """The hidden layer's gradient is not multiplied by the activation's derivative."""

    clause = "gradients.hidden-layers"

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:  # noqa: ARG002
        return delta @ weights.T


# ---- losses ----


class LossDividedTwice(Mistake):
    """The mean cross-entropy is divided by N once more."""

    clause = "losses.cross-entropy"

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        value = super().cross_entropy(scores, labels, reduction)
        return value / len(labels) if reduction == "mean" else value


class LossNegated(Mistake):
    """The cross-entropy has the wrong sign."""

    clause = "losses.cross-entropy"

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return -super().cross_entropy(scores, labels, reduction)


class PenaltyWithoutTheHalf(Mistake):
    """The loss adds λ · Σ‖W‖², without the half."""

    clause = "losses.penalty"

    def penalty(self, network: Network, l2: float) -> float:
        return 2 * super().penalty(network, l2)


class PenaltySubtractedInTheLoss(Mistake):
    """The loss subtracts the penalty; the gradient is right."""

    clause = "losses.penalty"

    def penalty(self, network: Network, l2: float) -> float:
        return -super().penalty(network, l2)


class PenaltyMissingInTheLoss(Mistake):
    """The loss has no penalty; the gradient does."""

    clause = "losses.penalty"

    def penalty(self, network: Network, l2: float) -> float:  # noqa: ARG002
        return 0.0


class PenaltyOfTheFirstLayerAlone(Mistake):
    """The loss's penalty leaves out every layer but the first."""

    clause = "losses.penalty"

    def penalty(self, network: Network, l2: float) -> float:
        return super().penalty({**network, "weights": network["weights"][:1]}, l2)


class PredictsTheLeastScore(Mistake):
    """The class with the least score is predicted."""

    clause = "losses.predictions"

    def predict(self, network: Network, inputs: Array) -> Array:
        return self.forward(network, inputs)["scores"].argmin(axis=1)


# ---- gradients ----


class ScoreGradientNotDivided(Mistake):
    """The gradient of the mean cross-entropy is that of the sum."""

    clause = "gradients.scores-of-the-mean"

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:  # noqa: ARG002
        return super().score_gradient(scores, labels, "sum")


class BiasGradientOneNumber(Mistake):
    """The gradient on a bias is summed to one number for all units."""

    clause = "gradients.linear-classifier"

    def bias_gradient(self, delta: Array) -> Array:
        return np.full(delta.shape[1], delta.sum())


class BiasGradientAveraged(Mistake):
    """The gradient on a bias is the mean over the examples where that on the weights is the sum."""

    clause = "gradients.linear-classifier"

    def bias_gradient(self, delta: Array) -> Array:
        return delta.mean(axis=0)


class BiasGradientOfOneExample(Mistake):
    """The gradient on a bias is that of the first example."""

    clause = "gradients.linear-classifier"

    def bias_gradient(self, delta: Array) -> Array:
        return delta[0]


class PenaltyGradientOfTheGradient(Mistake):
    """λ times the gradient is added instead of λ times the weights."""

    clause = "gradients.penalty"

    def backward(self, *forward: Any) -> Parameters:
        objective = forward[-1]  # mypy counts no arguments of an unpacked tuple
        gradients = super().backward(*forward[:-1], {**objective, "l2": 0.0})  # type: ignore[call-arg]
        weights = [gradient + objective["l2"] * gradient for gradient in gradients["weights"]]
        return {**gradients, "weights": weights}


class PenaltyGradientMissingOnTheLastLayer(Mistake):
    """The penalty's gradient is left out on the last layer of a network with hidden layers."""

    clause = "gradients.penalty"

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        if len(network["weights"]) > 1:
            gradients["weights"][-1] -= forward[-1]["l2"] * network["weights"][-1]
        return gradients


class PenaltyGradientTwiceTooLarge(Mistake):
    """The penalty's gradient is 2λW, as for a penalty without the half."""

    clause = "gradients.penalty"

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return 2 * l2 * weights


class BiasesPenalised(Mistake):
    """The penalty's gradient is added to that on the biases too."""

    clause = "gradients.penalty"

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        penalised = zip(gradients["biases"], network["biases"], strict=True)
        return {**gradients, "biases": [gradient + forward[-1]["l2"] * bias for gradient, bias in penalised]}


# ---- updates ----


class BiasesNeverUpdated(Mistake):
    """The biases stay as they are."""

    clause = "updates.gradient-descent"

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        return {**after, "network": {**after["network"], "biases": named["network"]["biases"]}}


class StepUphill(Mistake):
    """The parameters move along the gradient instead of against it."""

    clause = "updates.gradient-descent"

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        return super().moved(parameters, [-velocity for velocity in velocities])


class MomentumAsAnAverage(Mistake):
    """The gradient is scaled by 1 − λ, as in a running average."""

    clause = "updates.momentum"

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        if optimizer["method"] == "momentum":
            gradient = (1 - optimizer["momentum"]) * gradient
        return super().velocity(old, gradient, rate, optimizer)


class MomentumForgets(Mistake):
    """The velocity remembers the previous gradient alone, which two steps cannot show."""

    clause = "updates.momentum"

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        plain = {**named["optimizer"], "method": "gradient_descent"}
        return {**after, "velocity": super().update(**{**named, "optimizer": plain})["velocity"]}


class MomentumOfNesterov(Mistake):
    """The parameters move by λV − μ∇ of the velocity that is already new, as in Nesterov's momentum."""

    clause = "updates.momentum"

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        if named["optimizer"]["method"] == "momentum":
            after["network"] = super().update(**{**named, "velocity": after["velocity"]})["network"]
        return after


class DecayIgnored(Mistake):
    """The learning rate stays what it is at the start."""

    clause = "updates.exponential-decay"

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:  # noqa: ARG002
        return optimizer["learning_rate"]


# ---- training ----


class AllWeightsPositive(Mistake):
    """The initial weights are drawn without a sign."""

    clause = "training.small-initialization"

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        network = super().initialize(normals, sizes, activation, initialization)
        return {**network, "weights": [np.abs(weights) for weights in network["weights"]]}


class LossAfterTheUpdate(Mistake):
    """The loss of an iteration is taken after its update."""

    clause = "training.losses"

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        final = self.loss(trained["network"], told["inputs"], told["labels"], told["objective"])
        return {**trained, "losses": [*trained["losses"][1:], final]}


class LossesAccumulated(Mistake):
    """The losses are added up from iteration to iteration."""

    clause = "training.losses"

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        return {**trained, "losses": np.cumsum(trained["losses"])}


class LastLayerUpdatedFirst(Mistake):
    """The last layer is updated before the gradient goes through it to the hidden layer."""

    clause = "training.one-step"
    rate = 0.0

    def train(self, **told: Any) -> dict[str, Any]:
        self.rate = told["optimizer"]["learning_rate"]
        trained = super().train(**told)
        self.rate = 0.0
        return trained

    def backward(self, network: Network, *forward: Any) -> Parameters:
        right = super().backward(network, *forward)
        updated = network["weights"][-1] - self.rate * right["weights"][-1]
        moved: Network = {**network, "weights": [*network["weights"][:-1], updated]}
        wrong = super().backward(moved, *forward)
        return {
            "weights": [*wrong["weights"][:-1], right["weights"][-1]],
            "biases": [*wrong["biases"][:-1], right["biases"][-1]],
        }


class ShortBatchDropped(Mistake):
    """An iteration whose batch is shorter than the first is left out."""

    clause = "training.minibatches"

    def train(self, **told: Any) -> dict[str, Any]:
        if told["batches"] is not None:
            full = len(told["batches"][0])
            batches = [batch for batch in told["batches"] if len(batch) == full]
            told = {**told, "batches": (batches * 2)[: told["iterations"]]}
        return super().train(**told)
