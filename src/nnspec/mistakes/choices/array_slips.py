"""Slips with arrays in a loss and its gradient: wrong indices, axes and shapes, and a shift that is not undone.

Most of them show in batches alone: a batch of one example has no other rows to take.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np

from nnspec.mistakes.choices import label_slips
from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array


@dataclass(frozen=True)
class Slip:
    """A slip; phrase: a sentence without its stop; sides: what it changes, "loss", "gradient" or "softmax"."""

    name: str
    phrase: str
    fix: str
    clause: str
    program: type[Choice] = field(compare=False, repr=False)
    sides: tuple[str, ...] = ("loss",)

    @property
    def formula(self) -> str:
        """A slip has no formula but its sentence."""
        return self.phrase


class PairsInLoss(Choice):
    """log p[:, y] has N columns, where log p[range(N), y] has one number an example."""

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        right = super().cross_entropy
        total = sum(right(scores, column, "sum") for column in _columns(labels))
        return total / len(labels) ** 2 if reduction == "mean" else total


class Pairs(PairsInLoss):
    """The loss of all pairs, with the gradient that goes with it."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        right = super().loss_gradient
        total = np.sum([right(scores, column, "sum") for column in _columns(labels)], axis=0)
        return total / len(labels) ** 2 if reduction == "mean" else total


def _columns(labels: Array) -> list[Array]:
    """The label of each example, as that of all of them."""
    return [np.full_like(labels, label) for label in labels]


class ColumnsOfLabels(Choice):
    """p[:, y] −= 1 changes whole columns, once for each class that the batch has."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = self.softmax(scores)
        gradient[:, labels] -= 1
        return gradient / len(labels) if reduction == "mean" else gradient


class RowsOfLabels(Choice):
    """p[y] −= 1 changes the rows whose numbers are labels."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = self.softmax(scores)
        gradient[np.asarray(labels)[np.asarray(labels) < len(labels)]] -= 1
        return gradient / len(labels) if reduction == "mean" else gradient


class RowsOfLabelsEachTime(Choice):
    """The same, once for each example with that label."""

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        counts = np.bincount(labels, minlength=len(labels))[: len(labels)]
        gradient = self.softmax(scores) - counts[:, None]
        return gradient / len(labels) if reduction == "mean" else gradient


def over_the_batch(axis: int, in_loss: bool, total: int | None = None) -> type[Choice]:
    """The class whose softmax is divided by the sum over the whole batch, or over the examples; in_loss: there too.

    axis: 1 if rows are shifted on their own, 0 if all scores are shifted by one number; total: that of the sum.
    """

    class OverTheBatch(Choice):
        def softmax(self, scores: Array) -> Array:
            return np.exp(self._logarithms(scores))

        def log_softmax(self, scores: Array) -> Array:
            return self._logarithms(scores) if in_loss else super().log_softmax(scores)

        def _logarithms(self, scores: Array) -> Array:
            shifted = scores - (scores.max(axis=1, keepdims=True) if axis == 1 else scores.max())
            return shifted - np.log(np.exp(shifted).sum(axis=total, keepdims=total is not None))

    return OverTheBatch


class GreatestNotAddedAgain(Choice):
    """log Σ exp(f − max f) − f_y."""

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        greatest = scores.max(axis=1, keepdims=True)
        logarithms = np.log(np.exp(scores - greatest).sum(axis=1))
        losses = logarithms - scores[np.arange(len(labels)), labels]
        return losses.mean() if reduction == "mean" else losses.sum()


class GreatestSubtractedFromTheLabelAlone(Choice):
    """log Σ exp f − (f_y − max f)."""

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        excess = scores.max(axis=1).sum()
        right = super().cross_entropy(scores, labels, reduction)
        return right + (excess / len(labels) if reduction == "mean" else excess)


PICK = "Pick one number an example: log p[range(N), labels]."
SUBTRACT = "Subtract 1 at one place of each row: p[range(N), labels] −= 1."
SHIFT = "Shift all scores of a row by its greatest, or add the greatest again: log Σ exp(f − m) + m − f_y."
OF_PAIRS = "The loss is over all pairs of an example and the label of another, as by log p[:, labels]"
#: Every slip, the most likely first.
SLIPS = (
    Slip(
        "pairs",
        f"{OF_PAIRS}; its gradient goes with it",
        PICK,
        "losses.cross-entropy",
        Pairs,
        ("loss", "gradient"),
    ),
    Slip("pairs in the loss", OF_PAIRS, PICK, "losses.cross-entropy", PairsInLoss),
    Slip(
        "columns of labels",
        "1 is subtracted in every row from the columns of all labels of the batch, as by p[:, labels] −= 1",
        SUBTRACT,
        "gradients.scores",
        ColumnsOfLabels,
        ("gradient",),
    ),
    Slip(
        "rows of labels",
        "1 is subtracted from the whole rows whose numbers are labels, as by p[labels] −= 1",
        SUBTRACT,
        "gradients.scores",
        RowsOfLabels,
        ("gradient",),
    ),
    Slip(
        "rows of labels each time",
        "1 is subtracted from the whole row whose number is the label, once for each example",
        SUBTRACT,
        "gradients.scores",
        RowsOfLabelsEachTime,
        ("gradient",),
    ),
    *(
        Slip(
            f"softmax of the batch{' in the loss too' if in_loss else ''}{', shifted by rows' if axis else ''}",
            "Softmax divides by the sum over all examples and classes of the batch"
            + (", after each row is shifted by its own greatest score" if axis else ""),
            "Divide each row by its own sum: axis=1, with keepdims.",
            "functions.softmax",
            over_the_batch(axis, in_loss),
            ("softmax", "gradient", *(("loss",) if in_loss else ())),
        )
        for in_loss in (False, True)
        for axis in (1, 0)
    ),
    *(
        Slip(
            f"softmax over the examples{', shifted by rows' if axis else ''}",
            "Softmax divides by the sum over the examples instead of the classes, and the loss takes its logarithm"
            + ("; each row is shifted by its own greatest score" if axis else ""),
            "Divide each row by its own sum: axis=1, with keepdims.",
            "functions.softmax",
            over_the_batch(axis, in_loss=True, total=0),
            ("softmax", "gradient", "loss"),
        )
        for axis in (1, 0)
    ),
    Slip(
        "flat index one too small",
        "The loss and its gradient take the number before the label's in the matrix of probabilities, row after row: "
        "where the label is 0, the last of the example before",
        "Count labels from 0: the place of an example's label is K · n + y.",
        "losses.cross-entropy",
        label_slips.FlatIndexOneTooSmall,
        ("loss", "gradient"),
    ),
    Slip(
        "targets in all rows",
        "Every row gets the targets of all labels of the batch, as by target[:, labels] = 1, and the gradient of "
        "softmax goes back from them all",
        "Set one target in each row: target[range(N), labels] = 1.",
        "gradients.scores",
        label_slips.TargetsInAllRows,
        ("gradient",),
    ),
    *(
        Slip(
            f"{'probabilities' if probabilities else 'targets'} alone over N",
            "For the mean, 1 is subtracted at the label after the probabilities were divided by N: p/N − t"
            if probabilities
            else "For the mean, the probabilities are not divided by N, but the 1 at the label is: p − t/N",
            "Subtract 1 first, and then divide all by N: (p − t) / N.",
            "gradients.scores-of-the-mean",
            label_slips.divided_in_part(probabilities),
            ("gradient",),
        )
        for probabilities in (True, False)
    ),
    Slip(
        "nothing from the right",
        "An example whose label has the greatest score already gets no gradient, as in a perceptron",
        "Let every example have its gradient, p − t.",
        "gradients.scores",
        label_slips.NothingFromTheRight,
        ("gradient",),
    ),
    Slip(
        "labels renumbered",
        "The labels that a batch has are numbered anew from 0 on, so that where a class is missing those after it move "
        "down",
        "Take labels and their number from the scores: a batch may lack a class.",
        "losses.missing-classes",
        label_slips.Renumbered,
        ("loss", "gradient"),
    ),
    Slip(
        "1 never subtracted",
        "The gradient on the scores is p: 1 is never subtracted at the label",
        SUBTRACT,
        "gradients.scores",
        label_slips.OneNeverSubtracted,
        ("gradient",),
    ),
    Slip(
        "1 at the label",
        "The gradient on the scores is 1 at the label, where it should be p − 1, and p elsewhere",
        SUBTRACT,
        "gradients.scores",
        label_slips.OneAtTheLabel,
        ("gradient",),
    ),
    Slip(
        "1 subtracted everywhere",
        "1 is subtracted from the probabilities of all classes, not of the label alone",
        SUBTRACT,
        "gradients.scores",
        label_slips.OneSubtractedEverywhere,
        ("gradient",),
    ),
    Slip(
        "logarithm of the mean",
        "The loss is the logarithm of the mean probability of the labels, not the mean of the logarithms",
        "Take the logarithm of each example's probability, then the mean.",
        "losses.sum-and-mean",
        label_slips.LogOfTheMean,
    ),
    Slip(
        "greatest score not added",
        "The greatest score is subtracted before log Σ exp and not added again: log Σ exp(f − max f) − f_y",
        SHIFT,
        "losses.cross-entropy",
        GreatestNotAddedAgain,
    ),
    Slip(
        "greatest score subtracted from the label's alone",
        "The greatest score is subtracted from the label's score and not before log Σ exp: log Σ exp f − (f_y − max f)",
        SHIFT,
        "losses.cross-entropy",
        GreatestSubtractedFromTheLabelAlone,
    ),
)


@cache
def with_slip(choice: Slip) -> type[Choice]:
    """The program with this slip."""
    program = type("", (choice.program,), {})
    return named(
        program, f"slip {choice.name}", f"{choice.phrase}.", choice.fix, choice.clause, choice, "slips"
    )
