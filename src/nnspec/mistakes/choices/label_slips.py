"""Slips with the places of the labels in a batch: which numbers a loss picks, and which its gradient changes."""

from __future__ import annotations

import numpy as np

from nnspec.mistakes.choices.base import Choice
from nnspec.reference.values import Array


class FlatIndexOneTooSmall(Choice):
    """The loss picks the number before the label's, in the order of rows: that of another example for class 0."""

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        losses = -self.log_softmax(scores).ravel()[self._places(scores, labels)]
        return losses.mean() if reduction == "mean" else losses.sum()

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        targets = np.zeros(scores.size)
        np.add.at(targets, self._places(scores, labels), 1.0)
        targets = targets.reshape(scores.shape)
        gradient = self.softmax(scores) * targets.sum(axis=1, keepdims=True) - targets
        return gradient / len(labels) if reduction == "mean" else gradient

    def _places(self, scores: Array, labels: Array) -> Array:
        return np.arange(len(labels)) * scores.shape[1] + np.asarray(labels, dtype=int) - 1


class TargetsInAllRows(Choice):
    """Every row has the labels of the whole batch for its targets, and the gradient of softmax takes them all."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        targets = np.zeros(scores.shape)
        targets[:, labels] = 1.0
        gradient = self.softmax(scores) * targets.sum(axis=1, keepdims=True) - targets
        return gradient / len(labels) if reduction == "mean" else gradient


def divided_in_part(probabilities: bool) -> type[Choice]:
    """The class that divides the probabilities alone by N for the mean, or the targets alone: p/N − t, or p − t/N."""

    class DividedInPart(Choice):
        def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
            count = len(labels) if reduction == "mean" else 1
            gradient = self.softmax(scores) / (count if probabilities else 1)
            gradient[np.arange(len(labels)), labels] -= 1 if probabilities else 1 / count
            return np.asarray(gradient)

    return DividedInPart


class NothingFromTheRight(Choice):
    """An example whose label has the greatest score already gets no gradient, as in a perceptron."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().loss_gradient(scores, labels, reduction)
        return np.where((scores.argmax(axis=1) == labels)[:, None], 0.0, gradient)


class Renumbered(Choice):
    """The labels that occur are numbered anew, from 0 on."""

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, self._numbers(labels), reduction)

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().loss_gradient(scores, self._numbers(labels), reduction)

    def _numbers(self, labels: Array) -> Array:
        return np.unique(labels, return_inverse=True)[1].reshape(np.shape(labels))


class OneNeverSubtracted(Choice):
    """p in place of p − t."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = self.softmax(scores)
        return gradient / len(labels) if reduction == "mean" else gradient


class OneAtTheLabel(Choice):
    """p[range(N), labels] = 1 in place of −= 1."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = self.softmax(scores)
        gradient[np.arange(len(labels)), labels] = 1.0
        return gradient / len(labels) if reduction == "mean" else gradient


class OneSubtractedEverywhere(Choice):
    """p − 1 in place of p − t."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = self.softmax(scores) - 1.0
        return gradient / len(labels) if reduction == "mean" else gradient


class LogOfTheMean(Choice):
    """The logarithm of the mean probability, and N times that for the sum."""

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        p = np.exp(self.log_softmax(scores))[np.arange(len(labels)), labels]
        loss = float(-np.log(p.mean()))
        return loss if reduction == "mean" else loss * len(labels)
