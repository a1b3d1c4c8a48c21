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
    fix = "Leave p − 1(y = k) as it is: softmax's derivative is in it already."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels, reduction) * self.logistic_derivative(
            self.softmax(scores)
        )


class ScoreGradientNotDivided(Mistake):
    """The gradient of the mean cross-entropy is that of the sum."""

    clause = "gradients.scores-of-the-mean"
    fix = "Divide by the number of examples where the mean is asked for."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels, "sum")


class ScoreGradientDividedByTheClasses(Mistake):
    """The gradient of the mean cross-entropy is divided by N · K."""

    clause = "gradients.scores-of-the-mean"
    fix = "Divide by the number of examples alone."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        return gradient / scores.shape[1] if reduction == "mean" else gradient


class LabelSubtractedTwice(Mistake):
    """1 is subtracted from the label's probability twice, for the array was overwritten the first time."""

    clause = "gradients.scores-rows-sum-to-0"
    fix = "Copy the probabilities before 1 is subtracted in place."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        gradient[np.arange(len(labels)), labels] -= 1 / len(labels) if reduction == "mean" else 1
        return gradient


class GradientOnTheLabelsScoreAlone(Mistake):
    """Only the score of the label has a gradient; those of the other classes are left at 0."""

    clause = "gradients.scores-rows-sum-to-0"
    fix = "Give every class its p_k: the gradient of log Σ exp(f) reaches all scores."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        right = super().score_gradient(scores, labels, reduction)
        return np.where(np.arange(scores.shape[1]) == labels[:, None], right, 0)


class ScoreGradientOverflows(Mistake):
    """The gradient on the scores takes the exponential of the scores as they are."""

    clause = "gradients.large-scores"
    fix = "Subtract the greatest score of a row from the row before the exponential."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        exponentials = np.exp(scores)
        delta = exponentials / exponentials.sum(axis=1, keepdims=True)
        delta[np.arange(len(labels)), labels] -= 1
        return delta / len(labels) if reduction == "mean" else delta


class TargetsOfSubtractedLabels(Mistake):
    """The one-hot targets are 1 − |k − y| where that is positive, but k − y wraps around in unsigned labels."""

    clause = "gradients.label-types"
    fix = "Compare instead of subtracting, k == y, or make the labels signed first."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        distance = np.abs(np.arange(scores.shape[1], dtype=labels.dtype) - labels[:, None])
        delta = self.softmax(scores) - np.maximum(0, 1 - distance)
        return delta / len(labels) if reduction == "mean" else delta


class TargetsOfTheClassesSeen(Mistake):
    """The number of classes is taken as the greatest label plus 1, and further scores get no gradient."""

    clause = "gradients.missing-classes"
    fix = "Take the number of classes from the scores: a batch may have no example of the last class."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = np.zeros(scores.shape)
        classes = labels.max() + 1
        gradient[:, :classes] = super().score_gradient(scores[:, :classes], labels, reduction)
        return gradient


class GradientOfTheClassesSeen(Mistake):
    """Where the labels show several classes, these are taken for all: the scores of others get no gradient."""

    clause = "gradients.missing-classes"
    fix = "Take the number of classes from the scores and the labels as they are."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        seen, renumbered = np.unique(labels, return_inverse=True)
        if len(seen) == 1:
            return super().score_gradient(scores, labels, reduction)
        gradient = np.zeros(scores.shape)
        gradient[:, seen] = super().score_gradient(scores[:, seen], renumbered, reduction)
        return gradient


class FirstClassWithoutGradient(Mistake):
    """The scores of class 0 get no gradient, as those of a reference class."""

    clause = "gradients.class-order"
    fix = "Give all K scores their gradient."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        gradient[:, 0] = 0
        return gradient


class ConfidentExamplesSkipped(Mistake):
    """An example whose label has a probability above 0.999 gets no gradient, which shows late in training."""

    clause = "gradients.stored-states"
    fix = "Let every example have its gradient, however small."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        probabilities = self.softmax(scores)[np.arange(len(labels)), labels]
        return super().score_gradient(scores, labels, reduction) * (probabilities <= 0.999)[:, None]
