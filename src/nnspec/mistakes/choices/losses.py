"""Forms of the loss that people choose: each a loss of an output function of the scores.

Everything is complex-safe, as in ``activations``, so that the gradient on the scores is exact. Scores f (N, K),
labels y (N,); p is the output, t the one-hot target.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnspec.mistakes.choices.activations import STEP
from nnspec.mistakes.choices.example_losses import (
    CROSS_ENTROPY,
    EPSILONS,
    LOSSES,
    SQUARED,
    binary_with_epsilon,
    clipped_binary,
)
from nnspec.mistakes.choices.loss_of_outputs import Loss
from nnspec.mistakes.choices.outputs import (
    INDEPENDENT,
    OUTPUT_FUNCTIONS,
    SCORES,
    SLIPPED_OUTPUTS,
    SOFTMAX,
    OutputFunction,
    Outputs,
)
from nnspec.reference.values import Array


@dataclass(frozen=True)
class Form:
    """A loss of an output function; documents: those in which it is right."""

    outputs: OutputFunction
    loss: Loss
    documents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Such as "squared error of softmax"."""
        return f"{self.loss.name} of {self.outputs.name}"

    @property
    def phrase(self) -> str:
        """What follows "the loss is"."""
        if "," in self.loss.phrase or "p_y" in self.loss.phrase:
            return f"{self.loss.phrase}, where p is {self.outputs.phrase}"
        return f"{self.loss.phrase} of {self.outputs.phrase}"

    @property
    def clause(self) -> str:
        """One that it breaks."""
        return self.loss.clause

    @property
    def formula(self) -> str:
        """In terms of the scores f, the label y and the target t."""
        return f"{self.loss.formula}, where p = {self.outputs.formula}"

    def log_outputs(self, scores: Array) -> Array:
        """Log p, (N, K)."""
        return Outputs(self.outputs, scores, np.zeros(len(scores), dtype=int)).log_p

    def each(self, scores: Array, labels: Array) -> Array:
        """The loss of each example, (N,), from scores (N, K)."""
        return self.loss.function(Outputs(self.outputs, scores, labels))


def score_gradient(form: Form, scores: Array, labels: Array) -> Array:
    """The gradient of the sum of the losses on the scores, (N, K), by steps along the imaginary axis."""
    classes = range(scores.shape[1])
    if form.outputs.rowwise:
        moved = np.repeat(scores[np.newaxis].astype(complex), len(classes), axis=0)
        moved[classes, :, classes] += 1j * STEP
        change = form.each(np.concatenate(moved), np.tile(labels, len(classes))).imag
        gradient = np.ascontiguousarray(
            change.reshape(len(classes), -1).T
        )  # sums round as a program's own do
        return (gradient / STEP).astype(scores.dtype)
    gradient = np.empty(scores.shape)
    for row, k in np.ndindex(scores.shape):
        moved = scores.astype(complex)
        moved[row, k] += 1j * STEP
        gradient[row, k] = form.each(moved, labels).imag.sum() / STEP
    return gradient.astype(scores.dtype)


#: The documents' own form.
RIGHT = Form(SOFTMAX, CROSS_ENTROPY, documents=("cs231n", "wildml", "roelants"))
#: Losses that mean something of the scores themselves, without softmax.
_OF_SCORES = (
    *("squared error", "whole squared error", "mean squared error", "half mean squared error"),
    *("absolute error", "mean absolute error", "hinge", "squared hinge", "greatest hinge"),
    *("hinge one against the rest", "negated probability", "log cosh", "huber", "exponential"),
)
#: Losses of the logistic function of each score.
_OF_LOGISTICS = (
    *("binary cross entropy", "mean binary cross entropy", "cross entropy", "squared error"),
    *("whole squared error", "mean squared error", "absolute error", "all logarithms"),
)
#: Losses that of softmax are another one, up to a constant.
_NOT_OF_SOFTMAX = ("huber", "dice", "poisson", "hinge one against the rest")
#: Output functions whose outputs are probabilities, for the cross-entropy and the squared error.
_NOT_PROBABILITIES = (
    *("softmax", "logistics", "scores", "log softmax", "tanh", "relu", "exponentials"),
    *(outputs.name for outputs in SLIPPED_OUTPUTS),
)
#: Output functions that often are exactly 0 or below, whose logarithm needs a small number; Keras clips to 1e-7.
_WITH_ZEROS = ("normalised relu", "normalised scores")


def _forms() -> Iterator[Form]:
    by_name = {loss.name: loss for loss in LOSSES}
    yield RIGHT
    yield from (Form(INDEPENDENT, by_name[name]) for name in _OF_LOGISTICS)
    yield from (Form(SCORES, by_name[name]) for name in _OF_SCORES)
    yield from (
        Form(outputs, clipped_binary(epsilon, over_classes))
        for outputs in (SOFTMAX, INDEPENDENT)
        for epsilon in EPSILONS
        for over_classes in (False, True)
    )
    yield from (Form(SOFTMAX, loss) for loss in LOSSES[1:] if loss.name not in _NOT_OF_SOFTMAX)
    for outputs in OUTPUT_FUNCTIONS:
        if outputs.name not in _NOT_PROBABILITIES:
            usual = ("epsilon 1e-9", "clipped 1e-7") if outputs.name in _WITH_ZEROS else (CROSS_ENTROPY.name,)
            yield from (Form(outputs, by_name[name]) for name in usual)
            yield Form(outputs, SQUARED)
    yield from (Form(outputs, SQUARED) for outputs in OUTPUT_FUNCTIONS if outputs.name in ("tanh", "relu"))
    yield from (
        Form(outputs, by_name["poisson"]) for outputs in OUTPUT_FUNCTIONS if outputs.name == "exponentials"
    )


def products() -> Iterator[Form]:
    """Every loss of every output function, also those that hardly anybody types."""
    yield from (Form(outputs, loss) for outputs in OUTPUT_FUNCTIONS for loss in LOSSES)


#: The forms that people type, the documents' own first.
FORMS = tuple(_forms())
#: Binary cross-entropies that add a small number, and cross-entropies of outputs that softmax becomes by a slip; no log
#: of losses is tried on them.
SLIPPED_FORMS = (
    *(
        Form(outputs, binary_with_epsilon(epsilon, alone))
        for outputs in (SOFTMAX, INDEPENDENT)
        for alone in (False, True)
        for epsilon in EPSILONS
    ),
    *(Form(outputs, CROSS_ENTROPY) for outputs in SLIPPED_OUTPUTS),
)
