"""Programs with another loss, another gradient on the scores, another output function, or all of these."""

from __future__ import annotations

from functools import cache

import numpy as np

from nnspec.mistakes.choices.base import Choice, instead, named
from nnspec.mistakes.choices.losses import RIGHT, Form, score_gradient
from nnspec.mistakes.choices.outputs import SOFTMAX, OutputFunction
from nnspec.reference.values import Array

RIGHT_LOSS = "the cross-entropy of softmax"
LOSS_FIX = "Use −log p_y, where p is softmax of the scores over the classes."
GRADIENT_FIX = "Use p_k − 1(y = k), where p is softmax of the scores over the classes."


@cache
def with_loss(form: Form) -> type[Choice]:
    """The program whose cross-entropy is this form; its gradient stays right."""
    _check(form)

    class WithLoss(Choice):
        def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
            return reduced(form, scores, labels, reduction)

    sentence = f"The loss of an example is {instead(form.phrase, RIGHT_LOSS)}; its gradient is right."
    return named(WithLoss, f"loss {form.name}", sentence, LOSS_FIX, form.clause, form, "losses")


@cache
def with_score_gradient(form: Form) -> type[Choice]:
    """The program whose gradient on the scores is that of this form; its loss stays right."""
    _check(form)

    class WithScoreGradient(Choice):
        def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
            return reduced_gradient(form, scores, labels, reduction)

    sentence = f"The gradient on the scores is that of {form.phrase}; the loss is {RIGHT_LOSS}."
    return named(
        WithScoreGradient,
        f"score gradient {form.name}",
        sentence,
        GRADIENT_FIX,
        "gradients.scores",
        form,
        "losses",
    )


@cache
def with_loss_and_gradient(form: Form) -> type[Choice]:
    """The program that has this form as its loss, with the gradient that goes with it, and its output function."""
    _check(form)

    class WithLossAndGradient(Choice):
        def softmax(self, scores: Array) -> Array:
            if form.outputs.name == SOFTMAX.name:
                return super().softmax(scores)
            return form.outputs.function(scores)

        def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
            return reduced(form, scores, labels, reduction)

        def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
            return reduced_gradient(form, scores, labels, reduction)

    sentence = f"The loss of an example is {instead(form.phrase, RIGHT_LOSS)}; its gradient goes with it."
    return named(
        WithLossAndGradient,
        f"{form.name} instead of cross entropy",
        sentence,
        f"{LOSS_FIX} Its gradient on the scores is p_k − 1(y = k).",
        form.clause,
        form,
        "losses",
    )


@cache
def with_outputs(choice: OutputFunction) -> type[Choice]:
    """The program that has this output function, with −log p_y and p_k − 1(y = k) as if it were softmax."""
    if choice.name == SOFTMAX.name:
        raise ValueError("softmax is what the documents have: a choice is another output function.")
    form = Form(choice, RIGHT.loss)

    class WithOutputs(Choice):
        def softmax(self, scores: Array) -> Array:
            return choice.function(scores)

        def log_softmax(self, scores: Array) -> Array:
            return form.log_outputs(scores)

    sentence = (
        f"The probabilities are {instead(choice.phrase, 'softmax')}; −log p_y and p_k − 1(y = k) take them."
    )
    fix = "Use softmax over the classes: exp(f_k) / Σ_j exp(f_j)."
    return named(WithOutputs, f"outputs {choice.name}", sentence, fix, "functions.softmax", choice, "losses")


@cache
def with_error_of(choice: OutputFunction) -> type[Choice]:
    """The program whose gradient on the scores is p_k − 1(y = k) with this output function; its loss is right."""

    class WithErrorOf(Choice):
        def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
            errors = np.array(choice.function(scores))
            errors[np.arange(len(labels)), labels] -= 1
            return errors / len(labels) if reduction == "mean" else errors

    sentence = (
        f"The gradient on the scores is p_k − 1(y = k) where p is {instead(choice.phrase, 'softmax')}; the loss "
        "takes softmax."
    )
    fix = "Use softmax over the classes in the gradient too: exp(f_k) / Σ_j exp(f_j)."
    return named(WithErrorOf, f"error of {choice.name}", sentence, fix, "gradients.scores", choice, "losses")


def reduced(form: Form, scores: Array, labels: Array, reduction: str) -> float:
    """The sum or the mean of the losses."""
    total = form.each(scores, labels).sum()
    return total / len(labels) if reduction == "mean" else total


def reduced_gradient(form: Form, scores: Array, labels: Array, reduction: str) -> Array:
    """The gradient of the sum or of the mean on the scores."""
    gradient = score_gradient(form, scores, labels)
    return gradient / len(labels) if reduction == "mean" else gradient


def _check(form: Form) -> None:
    if form.name == RIGHT.name:
        raise ValueError("the cross-entropy of softmax is what the documents have: a choice is another form.")
