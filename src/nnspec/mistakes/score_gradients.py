"""Mistakes in the gradient on the scores."""

from __future__ import annotations

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array


class ScoreGradientNegated(Mistake):
    """The gradient on the scores is 1(y = k) − p_k, with the wrong sign."""

    clause = "gradients.scores"
    fix = "Subtract the target from the probability: p_k − 1(y = k)."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return -super().score_gradient(scores, labels, reduction)


class ScoreGradientTimesADerivative(Mistake):
    """The gradient on the scores is multiplied by p(1 − p), as for a squared error."""

    clause = "gradients.scores"
    fix = "Use p − 1(y = k) alone: it already contains softmax's derivative."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels, reduction) * self.logistic_derivative(
            self.softmax(scores)
        )


class ScoreGradientNotDivided(Mistake):
    """The gradient of the mean cross-entropy is not divided by N."""

    clause = "gradients.scores-of-the-mean"
    fix = "Divide by the number of examples if the mean is requested."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels, "sum")


class ScoreGradientDividedByTheClasses(Mistake):
    """The gradient of the mean cross-entropy is divided by N · K."""

    clause = "gradients.scores-of-the-mean"
    fix = "Divide by the number of examples only."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        return gradient / scores.shape[1] if reduction == "mean" else gradient


class LabelSubtractedTwice(Mistake):
    """1 is subtracted from the label's probability twice, because the first time overwrote the array."""

    clause = "gradients.scores-rows-sum-to-0"
    fix = "Copy the probabilities before subtracting 1 in place."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        gradient[np.arange(len(labels)), labels] -= 1 / len(labels) if reduction == "mean" else 1
        return gradient


class GradientOnTheLabelsScoreAlone(Mistake):
    """Only the label's score gets a gradient; the other classes get 0."""

    clause = "gradients.scores-rows-sum-to-0"
    fix = "Give every class its p_k: log Σ exp(f) depends on all scores."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        right = super().score_gradient(scores, labels, reduction)
        return np.where(np.arange(scores.shape[1]) == labels[:, None], right, 0)


class ScoreGradientOverflows(Mistake):
    """The gradient on the scores takes their exponential without subtracting the greatest first."""

    clause = "gradients.large-scores"
    fix = "Subtract each row's greatest score before taking the exponential."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        exponentials = np.exp(scores)
        delta = exponentials / exponentials.sum(axis=1, keepdims=True)
        delta[np.arange(len(labels)), labels] -= 1
        return delta / len(labels) if reduction == "mean" else delta


class TargetsOfSubtractedLabels(Mistake):
    """The one-hot targets are max(0, 1 − |k − y|), but k − y wraps around for unsigned labels."""

    clause = "gradients.label-types"
    fix = "Compare instead of subtracting, k == y, or convert the labels to a signed type first."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        distance = np.abs(np.arange(scores.shape[1], dtype=labels.dtype) - labels[:, None])
        delta = self.softmax(scores) - np.maximum(0, 1 - distance)
        return delta / len(labels) if reduction == "mean" else delta


class TargetsOfTheClassesSeen(Mistake):
    """The number of classes is taken as the greatest label plus 1, so the scores beyond it get no gradient."""

    clause = "gradients.missing-classes"
    fix = "Take the number of classes from the scores: a batch may have no example of the last class."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = np.zeros(scores.shape)
        classes = labels.max() + 1
        gradient[:, :classes] = super().score_gradient(scores[:, :classes], labels, reduction)
        return gradient


class GradientOfTheClassesSeen(Mistake):
    """If the labels contain several classes, the scores of all others get no gradient."""

    clause = "gradients.missing-classes"
    fix = "Take the number of classes from the scores, and use the labels unchanged."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        seen, renumbered = np.unique(labels, return_inverse=True)
        if len(seen) == 1:
            return super().score_gradient(scores, labels, reduction)
        gradient = np.zeros(scores.shape)
        gradient[:, seen] = super().score_gradient(scores[:, seen], renumbered, reduction)
        return gradient


class FirstClassWithoutGradient(Mistake):
    """The scores of class 0 get no gradient, as for a reference class."""

    clause = "gradients.class-order"
    fix = "Give all K scores a gradient."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        gradient[:, 0] = 0
        return gradient


class ConfidentExamplesSkipped(Mistake):
    """An example whose label has a probability above 0.999 gets no gradient, which shows only late in training."""

    clause = "gradients.stored-states"
    fix = "Give every example its gradient, however small."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        probabilities = self.softmax(scores)[np.arange(len(labels)), labels]
        return super().score_gradient(scores, labels, reduction) * (probabilities <= 0.999)[:, None]
