"""A row of the tables of predictions, and the program that predicts so.

These programs are not among ``choices()``: a log of losses has no predictions, so ``nnspec trace`` need not try them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array, Network

#: From scores (N, K), or the outputs of a hidden layer: labels (N,).
Labels = Callable[[Array], Array]
#: From inputs (N, D): inputs; from labels: labels; from what goes into the units of a layer: the same, changed.
Change = Callable[[Array], Array]


@dataclass(frozen=True)
class Prediction:
    """How labels are predicted; its phrase is a sentence without its stop.

    labels: from the scores; hidden: the place of the hidden layer whose outputs are taken for the scores. The others
    say what is changed of the inputs, of the network, of what goes into the hidden units, and of the labels.
    """

    name: str
    phrase: str
    fix: str
    labels: Labels | None = field(default=None, compare=False, repr=False)
    hidden: int | None = None
    inputs: Change | None = field(default=None, compare=False, repr=False)
    network: Callable[[Network], Network] | None = field(default=None, compare=False, repr=False)
    units: Change | None = field(default=None, compare=False, repr=False)
    after: Change | None = field(default=None, compare=False, repr=False)


@cache
def with_prediction(row: Prediction) -> type[Choice]:
    """The program that predicts so."""
    return named(
        _from_scores(row) if row.labels else _changed(row),
        f"predicts {row.name}",
        f"{row.phrase}.",
        row.fix,
        "losses.predictions",
        row,
        "predictions",
    )


def _from_scores(row: Prediction) -> type[Choice]:
    """Another label for the same scores."""

    class FromScores(Choice):
        def predict(self, network: Network, inputs: Array) -> Array:
            answer = self.forward(network, np.asarray(inputs))
            is_hidden = row.hidden is not None and answer["hidden"]
            scores = answer["hidden"][row.hidden] if is_hidden else answer["scores"]
            assert row.labels is not None
            return row.labels(np.asarray(scores))

    return FromScores


def _changed(row: Prediction) -> type[Choice]:
    """The prediction, whatever it is, with something changed before it or after it."""

    class Changed(Choice):
        _is_predicting = False

        def predict(self, network: Network, inputs: Array) -> Array:
            x = np.asarray(inputs)
            self._is_predicting = True
            labels = super().predict(
                row.network(network) if row.network else network, row.inputs(x) if row.inputs else x
            )
            self._is_predicting = False
            return row.after(labels) if row.after else labels

        def activation(self, name: str, z: Array) -> Array:
            changed = row.units(z) if self._is_predicting and row.units else z
            return super().activation(name, changed)

    return Changed
