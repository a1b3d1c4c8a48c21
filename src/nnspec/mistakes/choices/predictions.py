"""What people predict instead of the class with the greatest score.

These programs are not among ``choices()``: a log of losses has no predictions, so ``nnspec trace`` need not try them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array, Network

#: From scores (N, K): labels (N,).
Labels = Callable[[Array], Array]
#: From inputs (N, D): inputs.
Inputs = Callable[[Array], Array]

GREATEST = "Predict the class with the greatest score: scores.argmax(axis=1)."
SAME_INPUTS = "Use the inputs as they are given: what a class is must not depend on the examples beside it."


def _greatest(scores: Array) -> Array:
    return scores.argmax(axis=1)


@dataclass(frozen=True)
class Prediction:
    """How labels are predicted; its phrase is a sentence without its stop.

    labels: from the scores; inputs: what is done to the inputs first; hidden: whether the outputs of the first hidden
    layer are taken for the scores.
    """

    name: str
    phrase: str
    fix: str
    labels: Labels = field(default=_greatest, compare=False, repr=False)
    inputs: Inputs | None = field(default=None, compare=False, repr=False)
    hidden: bool = False


@cache
def with_prediction(row: Prediction) -> type[Choice]:
    """The program that predicts so."""

    class WithPrediction(Choice):
        def predict(self, network: Network, inputs: Array) -> Array:
            x = np.asarray(inputs)
            answer: dict[str, Any] = self.forward(network, row.inputs(x) if row.inputs else x)
            scores = answer["hidden"][0] if row.hidden and answer["hidden"] else answer["scores"]
            return row.labels(np.asarray(scores))

    return named(
        WithPrediction,
        f"predicts {row.name}",
        f"{row.phrase}.",
        row.fix,
        "losses.predictions",
        row,
        "predictions",
    )


def _labels(name: str, phrase: str, labels: Labels) -> Prediction:
    return Prediction(name, phrase, GREATEST, labels)


def _inputs(name: str, phrase: str, inputs: Inputs) -> Prediction:
    return Prediction(name, phrase, SAME_INPUTS, inputs=inputs)


def _over(x: Array, divisor: Array) -> Array:
    """X / divisor, and x itself where that is 0."""
    return x / np.where(divisor == 0, 1, divisor)


def _softmax(scores: Array, axis: int) -> Array:
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(exps / exps.sum(axis=axis, keepdims=True))


def _place(scores: Array, place: int) -> Array:
    """The class in this place of the order of the scores, from the least."""
    return np.asarray(np.argsort(scores, axis=1, kind="stable")[:, place])


def _above(probability: float) -> Labels:
    """The class that is above a probability, and class 0 if none is."""
    return lambda s: (_softmax(s, 1) > probability).argmax(axis=1)


def _second_above(probability: float) -> Labels:
    """Class 1 if its probability is above this, else class 0."""
    return lambda s: (_softmax(s, 1)[:, 1] > probability).astype(int)


#: Everything that is predicted instead, the most likely first.
PREDICTIONS = (
    Prediction(
        "labels from one",
        "The labels that are predicted are counted from 1",
        "Count the classes from 0, as argmax does.",
        lambda s: s.argmax(axis=1) + 1,
    ),
    _labels(
        "over the examples",
        "The greatest score of each class is looked for among the examples, as argmax(axis=0) does",
        lambda s: s.argmax(axis=0),
    ),
    _labels(
        "probabilities over the examples",
        "Softmax is taken over the examples instead of the classes before the greatest is found",
        lambda s: _softmax(s, 0).argmax(axis=1),
    ),
    _labels(
        "one class for all",
        "All examples get the class of the greatest score of them all",
        lambda s: np.full(len(s), s.max(axis=0).argmax()),
    ),
    _labels(
        "mean over the examples",
        "All examples get the class with the greatest mean score",
        lambda s: np.full(len(s), s.mean(axis=0).argmax()),
    ),
    _labels(
        "second greatest", "The class with the second greatest score is predicted", lambda s: _place(s, -2)
    ),
    _labels("second least", "The class with the second least score is predicted", lambda s: _place(s, 1)),
    _labels(
        "reversed",
        "The classes of the predictions are numbered in reverse order",
        lambda s: s.shape[1] - 1 - s.argmax(axis=1),
    ),
    _labels(
        "shifted",
        "The next class is predicted, and the first in place of the last",
        lambda s: (s.argmax(axis=1) + 1) % s.shape[1],
    ),
    _labels(
        "least magnitude",
        "The class whose score is nearest to 0 is predicted",
        lambda s: np.abs(s).argmin(axis=1),
    ),
    _labels(
        "sign",
        "Class 1 is predicted if its score is positive, else class 0",
        lambda s: (s[:, 1] > 0).astype(int),
    ),
    _labels(
        "sign of the first",
        "Class 0 is predicted if its score is positive, else class 1",
        lambda s: (s[:, 0] <= 0).astype(int),
    ),
    _labels(
        "first positive",
        "The first class with a positive score is predicted, and class 0 if there is none",
        lambda s: (s > 0).argmax(axis=1),
    ),
    _labels(
        "above one half",
        "The class with a probability above 0.5 is predicted, and class 0 if there is none",
        _above(0.5),
    ),
    _labels(
        "second above one half",
        "Class 1 is predicted if its probability is above 0.5, else class 0",
        _second_above(0.5),
    ),
    _labels(
        "first above one half",
        "Class 0 is predicted if its probability is above 0.5, else class 1",
        lambda s: (_softmax(s, 1)[:, 0] <= 0.5).astype(int),
    ),
    _labels(
        "first of two reversed",
        "Class 1 is predicted if the first score is above the second, else class 0",
        lambda s: (s[:, 0] > s[:, 1]).astype(int),
    ),
    _labels(
        "rounded scores",
        "The scores are rounded to whole numbers before the greatest is found",
        lambda s: np.round(s).argmax(axis=1),
    ),
    _labels(
        "rounded probabilities",
        "The probabilities are rounded to one decimal before the greatest is found",
        lambda s: np.round(_softmax(s, 1), 1).argmax(axis=1),
    ),
    _labels("without the last", "The last class is never predicted", lambda s: s[:, :-1].argmax(axis=1)),
    _labels("without the first", "The first class is never predicted", lambda s: 1 + s[:, 1:].argmax(axis=1)),
    _labels(
        "without the first shifted",
        "The first score is left out, and the classes are counted from the second",
        lambda s: s[:, 1:].argmax(axis=1),
    ),
    _labels(
        "of the example before",
        "Every example gets the prediction of the example before it",
        lambda s: np.roll(s.argmax(axis=1), 1),
    ),
    _labels("backwards", "The predictions are in reverse order", lambda s: s.argmax(axis=1)[::-1]),
    _labels("sorted", "The predictions are sorted", lambda s: np.sort(s.argmax(axis=1))),
    _labels(
        "scores centred",
        "The mean score of each class over the examples is subtracted before the greatest is found",
        lambda s: (s - s.mean(axis=0)).argmax(axis=1),
    ),
    _inputs(
        "from centred inputs",
        "The inputs are centred before the prediction, by their own mean",
        lambda x: x - x.mean(axis=0),
    ),
    _inputs(
        "from standardized inputs",
        "The inputs are standardised before the prediction, by their own mean and deviation",
        lambda x: _over(x - x.mean(axis=0), x.std(axis=0)),
    ),
    _inputs(
        "from inputs over the deviation",
        "The inputs are divided by their own deviation before the prediction",
        lambda x: _over(x, x.std(axis=0)),
    ),
    _inputs(
        "from inputs scaled to 1",
        "The inputs are scaled to the range from 0 to 1 before the prediction",
        lambda x: _over(x - x.min(axis=0), x.max(axis=0) - x.min(axis=0)),
    ),
    _inputs(
        "from inputs over the greatest",
        "The inputs are divided by their greatest magnitude before the prediction",
        lambda x: _over(x, np.abs(x).max()),
    ),
    _inputs(
        "from inputs of unit length",
        "Each example's inputs are divided by their length before the prediction",
        lambda x: _over(x, np.sqrt((x * x).sum(axis=1, keepdims=True))),
    ),
    _inputs("from rounded inputs", "The inputs are rounded to whole numbers before the prediction", np.round),
    _inputs("from reversed columns", "The columns of the inputs are in reverse order", lambda x: x[:, ::-1]),
    Prediction(
        "from hidden outputs",
        "The greatest output of the first hidden layer is predicted instead of the greatest score",
        GREATEST,
        hidden=True,
    ),
)
