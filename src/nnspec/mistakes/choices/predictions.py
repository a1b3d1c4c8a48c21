"""What people predict instead of the class with the greatest score: from other labels, inputs or layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from nnspec.mistakes.choices.predicted_labels import LABELS
from nnspec.mistakes.choices.prediction_class import Change, Prediction
from nnspec.reference.values import Array, Network

SAME_INPUTS = "Use the inputs as they are given: what a class is must not depend on the examples beside it."
SAME_NETWORK = "Predict by the forward pass itself, with the network as it is given."


def _inputs(name: str, phrase: str, inputs: Change) -> Prediction:
    return Prediction(name, phrase, SAME_INPUTS, inputs=inputs)


def _over(x: Array, divisor: Array) -> Array:
    """X / divisor, and x itself where that is 0."""
    return x / np.where(divisor == 0, 1, divisor)


def _standardised(x: Array, axis: int | None = 0, ddof: int = 0) -> Array:
    """The numbers, less their mean and over their deviation, along an axis."""
    mean, deviation = x.mean(axis=axis, keepdims=True), x.std(axis=axis, ddof=ddof, keepdims=True)
    return _over(x - mean, deviation)


def _in_range(x: Array, low: float, axis: int | None = 0) -> Array:
    """The numbers, scaled to a range that ends with 1, along an axis."""
    least, greatest = x.min(axis=axis, keepdims=True), x.max(axis=axis, keepdims=True)
    return low + (1 - low) * _over(x - least, greatest - least)


def _network(name: str, phrase: str, network: Callable[[Network], Network]) -> Prediction:
    return Prediction(name, phrase, SAME_NETWORK, network=network)


def _above_first(factor: float, network: Network) -> Network:
    """All weights above the first hidden layer times a factor, as if its units' outputs were."""
    first, *above = network["weights"]
    return {**network, "weights": [first, *(factor * weights for weights in above)]}


def _without_hidden_biases(network: Network) -> Network:
    *hidden, last = network["biases"]
    return {**network, "biases": [*(0 * biases for biases in hidden), last]}


#: Other inputs, the most likely first.
INPUTS = (
    _inputs(
        "from centred inputs",
        "The inputs are centred before the prediction, by their own mean",
        lambda x: x - x.mean(axis=0),
    ),
    _inputs(
        "from standardized inputs",
        "The inputs are standardised before the prediction, by their own mean and deviation",
        _standardised,
    ),
    _inputs(
        "from inputs over the deviation",
        "The inputs are divided by their own deviation before the prediction",
        lambda x: _over(x, x.std(axis=0)),
    ),
    _inputs(
        "from inputs scaled to 1",
        "The inputs are scaled to the range from 0 to 1 before the prediction",
        lambda x: _in_range(x, 0),
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
    _inputs(
        "from inputs standardized by the sample",
        "The inputs are standardised before the prediction, with the deviation of a sample (N − 1)",
        partial(_standardised, ddof=1),
    ),
    _inputs(
        "from inputs standardized by all",
        "The inputs are standardised before the prediction, by the mean and deviation of all of them",
        partial(_standardised, axis=None),
    ),
    _inputs(
        "from inputs standardized by example",
        "Each example's inputs are standardised before the prediction, by their own mean and deviation",
        partial(_standardised, axis=1),
    ),
    _inputs(
        "from inputs centred by example",
        "The mean of each example's inputs is subtracted before the prediction",
        lambda x: x - x.mean(axis=1, keepdims=True),
    ),
    _inputs(
        "from inputs scaled to -1 and 1",
        "The inputs are scaled to the range from −1 to 1 before the prediction",
        lambda x: _in_range(x, -1),
    ),
    _inputs(
        "from inputs scaled to 1 by all",
        "The inputs are scaled to the range from 0 to 1 before the prediction, by the least and greatest of all",
        lambda x: _in_range(x, 0, None),
    ),
    _inputs("from inputs over 255", "The inputs are divided by 255 before the prediction", lambda x: x / 255),
    _inputs(
        "from inputs over the greatest of each column",
        "Each column of the inputs is divided by its greatest magnitude before the prediction",
        lambda x: _over(x, np.abs(x).max(axis=0)),
    ),
    _inputs(
        "from inputs within 1", "The inputs are clipped to the range from 0 to 1", lambda x: np.clip(x, 0, 1)
    ),
    _inputs(
        "from inputs within -1 and 1",
        "The inputs are clipped to the range from −1 to 1",
        lambda x: np.clip(x, -1, 1),
    ),
    _inputs("from inputs without signs", "The inputs lose their signs before the prediction", np.abs),
    _inputs("from whole inputs", "The inputs are cut to whole numbers before the prediction", np.trunc),
    _inputs("from negated inputs", "The inputs have the wrong sign in the prediction", np.negative),
)
#: Other networks, the most likely first.
NETWORKS = (
    _network(
        "without hidden biases",
        "The biases of the hidden layers are not added in the prediction",
        _without_hidden_biases,
    ),
    *(
        _network(
            f"with hidden outputs times {factor:g}",
            f"The outputs of each hidden layer are multiplied by {factor:g} in the prediction, as for dropout",
            partial(_above_first, factor),
        )
        for factor in (0.5, 0.8, 0.9, 0.75, 2.0, 1.25)
    ),
    Prediction(
        "with normalized units",
        "What goes into each hidden unit is standardised over the examples, as by batch normalisation",
        SAME_INPUTS,
        units=_standardised,
    ),
    Prediction(
        "with normalized layers",
        "What goes into each hidden layer is standardised over its units, as by layer normalisation",
        SAME_NETWORK,
        units=partial(_standardised, axis=1),
    ),
)
#: Everything, the most likely first.
PREDICTIONS = (*LABELS, *INPUTS, *NETWORKS)
