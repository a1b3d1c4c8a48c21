"""Mistakes in how the cross-entropy uses the labels: their type, the classes, the examples."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference import Reference
from nnspec.reference.values import Array


class LossOfSubtractedLabels(Mistake):
    """The one-hot targets are max(0, 1 − |k − y|), but k − y wraps around for unsigned labels."""

    clause = "losses.label-types"
    fix = "Compare instead of subtracting, k == y, or convert the labels to a signed type first."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        distance = np.abs(np.arange(scores.shape[1], dtype=labels.dtype) - labels[:, None])
        total = -(np.maximum(0, 1 - distance) * self.log_softmax(scores)).sum()
        return total / len(labels) if reduction == "mean" else total


class LabelsAsFlatIndicesInTheirType(Mistake):
    """The labels' scores are picked by the flat index i · K + y, which wraps around in the labels' type."""

    clause = "training.label-types"
    fix = "Index with the pair of example and label, or compute the index in 64 bits."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        rows = (np.arange(len(labels)) * scores.shape[1]).astype(labels.dtype)
        total = -self.log_softmax(scores).reshape(-1)[rows + labels].sum()
        return total / len(labels) if reduction == "mean" else total


class _LabelsOfType(Reference):
    """Converts the labels to a type, which a mistake says."""

    labels_type: ClassVar[type[np.integer[Any]]]

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels.astype(self.labels_type), reduction)

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels.astype(self.labels_type), reduction)


class LabelsAsSignedBytes(_LabelsOfType, Mistake):
    """The labels are put into signed bytes, so that those from 128 on count from the end of the classes."""

    clause = "losses.label-types"
    fix = "Keep the labels as they are, or convert them to 64 bits."
    labels_type = np.int8


class LabelsAsUnsignedBytes(_LabelsOfType, Mistake):
    """The labels are put into unsigned bytes, so that label 256 is taken for 0."""

    clause = "losses.label-types"
    fix = "Keep the labels as they are, or convert them to 64 bits."
    labels_type = np.uint8


class RowNumbersInTheLabelsType(Mistake):
    """The row numbers have the type of the labels, so that with unsigned bytes row 256 is row 0 again."""

    clause = "losses.label-types"
    fix = "Index with row numbers of 64 bits, as np.arange gives them."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        rows = np.arange(len(labels)).astype(labels.dtype)
        total = -self.log_softmax(scores)[rows, labels].sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfTheClassesUpToTheGreatestLabel(Mistake):
    """The number of classes is taken as the greatest label plus 1, so softmax leaves out the scores beyond it."""

    clause = "losses.missing-classes"
    fix = "Take the number of classes from the scores: a batch may have no example of the last class."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores[:, : labels.max() + 1], labels, reduction)


class LossOfTheClassesSeen(Mistake):
    """If the labels contain several classes, softmax leaves out the scores of all others."""

    clause = "losses.missing-classes"
    fix = "Take the number of classes from the scores, and use the labels unchanged."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        seen, renumbered = np.unique(labels, return_inverse=True)
        if len(seen) == 1:
            return super().cross_entropy(scores, labels, reduction)
        return super().cross_entropy(scores[:, seen], renumbered, reduction)


class LastExampleLeftOut(Mistake):
    """The sum over the examples stops one too early and leaves out the loss of the last."""

    clause = "losses.example-order"
    fix = "Run the loop to the last example."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = -self.log_softmax(scores)[np.arange(len(labels)), labels][:-1].sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfLabelsFromTheEnd(Mistake):
    """The labels are taken from the end, as with list.pop: the first example gets the last label."""

    clause = "losses.example-order"
    fix = "Take the label that has the example's index."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels[::-1], reduction)


class ClassZeroTakenForPadding(Mistake):
    """An example of class 0 has no loss, as if the label 0 were padding."""

    clause = "losses.class-order"
    fix = "Count every label from 0 to K − 1."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        total = -self.log_softmax(scores)[np.arange(len(labels)), labels][labels > 0].sum()
        return total / len(labels) if reduction == "mean" else total


class LossOfLabelsCountedFromOne(Mistake):
    """The loss counts labels from 1: class k gets the loss of class k − 1, and class 0 the last class's."""

    clause = "losses.class-order"
    fix = "Use the labels unchanged: they count from 0, like indices."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels.astype(int) - 1, reduction)


class LabelsTakenFromOne(Mistake):
    """The loss and its gradient count labels from 1: class k is taken as class k − 1, and class 0 as the last."""

    clause = "losses.cross-entropy"
    fix = "Use the labels unchanged: they count from 0, like indices."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        return super().cross_entropy(scores, labels.astype(int) - 1, reduction)

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        return super().score_gradient(scores, labels.astype(int) - 1, reduction)


class LossOfDistinctExamples(Mistake):
    """An example that occurs twice is counted only once."""

    clause = "losses.duplicated-examples"
    fix = "Sum over all examples, duplicates too."

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        _, first = np.unique(np.column_stack([scores, labels]), axis=0, return_index=True)
        distinct = np.sort(first)
        return super().cross_entropy(scores[distinct], labels[distinct], reduction)
