"""Labels that people predict from the scores instead of the class with the greatest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from nnspec.mistakes.choices.prediction_class import Labels, Prediction
from nnspec.reference.values import Array

GREATEST = "Predict the class with the greatest score: scores.argmax(axis=1)."


def from_scores(name: str, phrase: str, labels: Labels, hidden: int | None = None) -> Prediction:
    """The row of another label; hidden: the place of the layer whose outputs are taken for the scores."""
    return Prediction(name, phrase, GREATEST, labels, hidden)


def softmax(scores: Array, axis: int) -> Array:
    """Softmax along an axis."""
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(exps / exps.sum(axis=axis, keepdims=True))


def _place(scores: Array, place: int) -> Array:
    """The class in this place of the order of the scores, from the least."""
    return np.asarray(np.argsort(scores, axis=1, kind="stable")[:, place])


def _last(of: Array) -> Array:
    """The last class of each example that is true, and class 0 if none is."""
    return np.asarray((np.arange(of.shape[1]) * of).max(axis=1))


def _rising(scores: Array) -> Array:
    """Which scores are greater than the one before them."""
    return np.diff(scores, axis=1, prepend=scores[:, :1]) > 0


def _above(threshold: float) -> Labels:
    """Class 1 if its probability is above this, else class 0."""
    return lambda s: (softmax(s, 1)[:, 1] > threshold).astype(int)


def _of_two(row: Prediction) -> Prediction:
    """The row for two classes alone; the greatest score decides between more."""
    labels = row.labels
    assert labels is not None
    return replace(
        row,
        name=f"{row.name} with two classes",
        phrase=f"With two classes, {row.phrase[0].lower()}{row.phrase[1:]}",
        labels=lambda s: labels(s) if s.shape[1] == 2 else s.argmax(axis=1),
    )


def _binary() -> Iterator[Prediction]:
    """Labels 0 and 1, from a score or two."""
    for name, of, label in (("second", 1, 1), ("first", 0, 0), ("first for the second", 0, 1)):
        there = "its" if of == label else f"class {of}'s"
        said = f"Class {label} is predicted if {there}"
        other = f"else class {1 - label}"
        yield from_scores(
            f"sign of the {name}",
            f"{said} score is above 0, or its logistic function above 0.5, {other}",
            partial(_one, of, 0.0, label),
        )
        yield from_scores(
            f"{name} score above one half",
            f"{said} score itself is above 0.5, {other}",
            partial(_one, of, 0.5, label),
        )
    yield from_scores(
        "first of two reversed",
        "Class 1 is predicted if the first score is above the second, else class 0",
        lambda s: (s[:, 0] > s[:, 1]).astype(int),
    )
    yield from_scores(
        "difference above one half",
        "Class 1 is predicted if its score exceeds that of class 0 by 0.5, else class 0",
        lambda s: (s[:, 1] - s[:, 0] > 0.5).astype(int),
    )
    yield from_scores(
        "signs of the difference",
        "The label is 1 if the score of class 1 is above that of class 0, else −1",
        lambda s: np.where(s[:, 1] > s[:, 0], 1, -1),
    )
    yield from map(_second_above, (0.4, 0.6, 0.3, 0.7, 0.8, 0.95))


def _second_above(threshold: float) -> Prediction:
    return from_scores(
        f"second above {threshold:g}",
        f"Class 1 is predicted if its probability is above {threshold:g}, else class 0",
        _above(threshold),
    )


def _one(of: int, threshold: float, label: int, scores: Array) -> Array:
    """This label where the score of a class is above a threshold, else the other of 0 and 1."""
    return np.where(scores[:, of] > threshold, label, 1 - label)


#: What is wrong with two classes too.
BINARY = tuple(_binary())
#: What is right of two classes, but not of more.
OF_TWO = (
    from_scores(
        "second above one half",
        "Class 1 is predicted if its probability is above 0.5, else class 0",
        _above(0.5),
    ),
    from_scores(
        "first above one half",
        "Class 0 is predicted if its probability is above 0.5, else class 1",
        lambda s: (softmax(s, 1)[:, 0] <= 0.5).astype(int),
    ),
)
#: Everything that is predicted instead, the most likely first.
LABELS = (
    Prediction(
        "labels from one",
        "The labels that are predicted are counted from 1",
        "Count the classes from 0, as argmax does.",
        after=lambda y: y + 1,
    ),
    from_scores(
        "over the examples",
        "The greatest score of each class is looked for among the examples, as argmax(axis=0) does",
        lambda s: s.argmax(axis=0),
    ),
    from_scores(
        "probabilities over the examples",
        "Softmax is taken over the examples instead of the classes before the greatest is found",
        lambda s: softmax(s, 0).argmax(axis=1),
    ),
    from_scores(
        "one class for all",
        "All examples get the class of the greatest score of them all",
        lambda s: np.full(len(s), s.max(axis=0).argmax()),
    ),
    from_scores(
        "mean over the examples",
        "All examples get the class with the greatest mean score",
        lambda s: np.full(len(s), s.mean(axis=0).argmax()),
    ),
    from_scores(
        "second greatest", "The class with the second greatest score is predicted", lambda s: _place(s, -2)
    ),
    from_scores("second least", "The class with the second least score is predicted", lambda s: _place(s, 1)),
    from_scores(
        "reversed",
        "The classes of the predictions are numbered in reverse order",
        lambda s: s.shape[1] - 1 - s.argmax(axis=1),
    ),
    from_scores(
        "shifted",
        "The next class is predicted, and the first in place of the last",
        lambda s: (s.argmax(axis=1) + 1) % s.shape[1],
    ),
    from_scores(
        "least magnitude",
        "The class whose score is nearest to 0 is predicted",
        lambda s: np.abs(s).argmin(axis=1),
    ),
    from_scores(
        "first positive",
        "The first class with a positive score is predicted, and class 0 if there is none",
        lambda s: (s > 0).argmax(axis=1),
    ),
    from_scores(
        "above one half",
        "The class with a probability above 0.5 is predicted, and class 0 if there is none",
        lambda s: (softmax(s, 1) > 0.5).argmax(axis=1),
    ),
    from_scores(
        "rounded scores",
        "The scores are rounded to whole numbers before the greatest is found",
        lambda s: np.round(s).argmax(axis=1),
    ),
    from_scores(
        "rounded probabilities",
        "The probabilities are rounded to one decimal before the greatest is found",
        lambda s: np.round(softmax(s, 1), 1).argmax(axis=1),
    ),
    from_scores("without the last", "The last class is never predicted", lambda s: s[:, :-1].argmax(axis=1)),
    from_scores(
        "without the first", "The first class is never predicted", lambda s: 1 + s[:, 1:].argmax(axis=1)
    ),
    from_scores(
        "without the first shifted",
        "The first score is left out, and the classes are counted from the second",
        lambda s: s[:, 1:].argmax(axis=1),
    ),
    from_scores(
        "scores centred",
        "The mean score of each class over the examples is subtracted before the greatest is found",
        lambda s: (s - s.mean(axis=0)).argmax(axis=1),
    ),
    from_scores(
        "scores minus the greatest of the class",
        "The greatest score of each class over the examples is subtracted before the greatest of a row is found",
        lambda s: (s - s.max(axis=0)).argmax(axis=1),
    ),
    from_scores(
        "greatest positive",
        "Class 0 is predicted if no score is above 0, as by a search that begins with 0 or after ReLU",
        lambda s: np.maximum(s, 0).argmax(axis=1),
    ),
    from_scores(
        "last positive",
        "The last class with a positive score is predicted, and class 0 if there is none",
        lambda s: _last(s > 0),
    ),
    from_scores(
        "first raw score above one half",
        "The first class whose score itself is above 0.5 is predicted, and class 0 if there is none",
        lambda s: (s > 0.5).argmax(axis=1),
    ),
    from_scores(
        "last rising",
        "Each score is compared with the one before it: the last class with a greater one is predicted",
        lambda s: _last(_rising(s)),
    ),
    from_scores(
        "equal to the greatest of all",
        "The scores are compared with the greatest of all examples: class 0 is predicted for most of them",
        lambda s: (s == s.max()).argmax(axis=1),
    ),
    from_scores(
        "mean label",
        "The labels are averaged by their probabilities, and the mean is rounded",
        lambda s: np.round(softmax(s, 1) @ np.arange(s.shape[1])),
    ),
    from_scores(
        "greatest score itself",
        "The greatest score is returned instead of its class: max in place of argmax",
        lambda s: s.max(axis=1),
    ),
    from_scores(
        "greatest probability itself",
        "The greatest probability is returned instead of its class: max in place of argmax",
        lambda s: softmax(s, 1).max(axis=1),
    ),
    *OF_TWO,
    *BINARY,
    *map(_of_two, (*BINARY, _second_above(0.9))),
    Prediction(
        "the example before",
        "Every example gets the prediction of the example before it",
        GREATEST,
        after=lambda y: np.roll(y, 1),
    ),
    Prediction(
        "the example after",
        "Every example gets the prediction of the example after it",
        GREATEST,
        after=lambda y: np.roll(y, -1),
    ),
    Prediction("backwards", "The predictions are in reverse order", GREATEST, after=lambda y: y[::-1]),
    Prediction("sorted", "The predictions are sorted", GREATEST, after=np.sort),
    Prediction(
        "without the last example",
        "The last example is left out: its label is 0",
        GREATEST,
        after=lambda y: y * (np.arange(len(y)) < len(y) - 1),
    ),
    Prediction(
        "without the first example",
        "The first example is left out: its label is 0",
        GREATEST,
        after=lambda y: y * (np.arange(len(y)) > 0),
    ),
    *(
        from_scores(
            f"from {which} hidden outputs",
            f"The greatest output of the {which} hidden layer is predicted instead of the greatest score",
            lambda s: s.argmax(axis=1),
            place,
        )
        for which, place in (("first", 0), ("last", -1))
    ),
)
