"""Mistakes in what the cross-entropy makes of the labels: their type, the classes, the examples."""

from __future__ import annotations

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array


class LossOfSubtractedLabels(Mistake):
    """The one-hot targets are 1 − |k − y| where that is positive, but k − y wraps around where labels have no sign."""

    clause = "losses.label-types"
    fix = "Compare instead of subtracting, k == y, or make the labels signed first."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        distance = np.abs(np.arange(scores.shape[1], dtype=labels.dtype) - labels[:, None])
        total = -(np.maximum(0, 1 - distance) * self.log_softmax(scores)).sum()
        return total / len(labels) if reduction == "mean" else total


class LabelsAsFlatIndicesInTheirType(Mistake):
    """The label's scores are picked by the flat index i · K + y, computed in the type of the labels, where it wraps."""

    clause = "losses.label-types"
    fix = "Index with the pair of example and label, or compute the index in 64 bits."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        rows = (np.arange(len(labels)) * scores.shape[1]).astype(labels.dtype)
        total = -self.log_softmax(scores).reshape(-1)[rows + labels].sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfTheClassesUpToTheGreatestLabel(Mistake):
    """The number of classes is taken as the greatest label plus 1, and further scores are left out of softmax."""

    clause = "losses.missing-classes"
    fix = "Take the number of classes from the scores: a batch may have no example of the last class."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores[:, : labels.max() + 1], labels, reduction)


class LossOfTheClassesSeen(Mistake):
    """Where the labels show several classes, these are taken for all: the scores of others are left out of softmax."""

    clause = "losses.missing-classes"
    fix = "Take the number of classes from the scores and the labels as they are."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        seen, renumbered = np.unique(labels, return_inverse=True)
        if len(seen) == 1:
            return super().cross_entropy(scores, labels, reduction)
        return super().cross_entropy(scores[:, seen], renumbered, reduction)


class LastExampleLeftOut(Mistake):
    """The sum over the examples ends one too early, and the loss of the last is left out."""

    clause = "losses.example-order"
    fix = "Let the loop run to the last example."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = -self.log_softmax(scores)[np.arange(len(labels)), labels][:-1].sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfLabelsFromTheEnd(Mistake):
    """The labels are taken from the end, as list.pop gives them: the first example has the label of the last."""

    clause = "losses.example-order"
    fix = "Take the label that stands at the example's own place."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels[::-1], reduction)


class ClassZeroTakenForPadding(Mistake):
    """An example of class 0 has no loss, as if the label 0 said that there is none."""

    clause = "losses.class-order"
    fix = "Count every label from 0 to K − 1, 0 too."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = -self.log_softmax(scores)[np.arange(len(labels)), labels][labels > 0].sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfLabelsCountedFromOne(Mistake):
    """Labels are taken to count from 1: the loss of class k is that of class k − 1, and of class 0 that of the last."""

    clause = "losses.class-order"
    fix = "Use the labels as they are: they count from 0, as indices do."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels.astype(int) - 1, reduction)


class LabelsTakenFromOne(Mistake):
    """Labels are taken to count from 1, in the loss and in its gradient: class k is class k − 1, and 0 the last."""

    clause = "losses.cross-entropy"
    fix = "Use the labels as they are: they count from 0, as indices do."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels.astype(int) - 1, reduction)

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels.astype(int) - 1, reduction)


class LossOfDistinctExamples(Mistake):
    """An example that occurs twice is counted once."""

    clause = "losses.duplicated-examples"
    fix = "Sum over the examples as they come, without looking for duplicates."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        _, first = np.unique(np.column_stack([scores, labels]), axis=0, return_index=True)
        kept = np.sort(first)
        return super().cross_entropy(scores[kept], labels[kept], reduction)
