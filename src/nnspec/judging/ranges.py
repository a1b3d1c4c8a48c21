"""Problems whose numbers are far from those of a small random network, where the documents' own formulas still hold.

No exponential of a score overflows, no probability of a label underflows, and nor does exp −z of a logistic unit.
A problem has the arguments of ``loss`` and ``gradients``; far is measured in what exp can take in a precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.judging import cases
from nnspec.judging.rounding import Precision
from nnspec.reference import Reference
from nnspec.reference.values import Array, Objective

Problem = dict[str, Any]

#: The share of the greatest exponent that scores are from 0: exp reaches no difference of two such scores.
SCORES = 0.58
#: How much more than the greatest exponent scores of an example differ: the least probability is not yet 0, so that
#: its logarithm is a number.
BEYOND = 8.0
#: The greatest input of a hidden unit, as a number or as a share of the greatest exponent.
FAR_ACTIVATIONS = {"moderately": 25.0, "beyond-exp": 1.1}
#: The share of the greatest exponent that logistic units have on the left, where 1 / (1 + exp −z) may overflow.
LEFT = 0.9


def greatest_exponent(precision: Precision) -> float:
    """The greatest x whose exp does not overflow."""
    return float(np.log(precision.greatest))


def examples_apart(
    precision: Precision,
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
) -> Problem:
    """The scores of an example are near each other; those of different examples are further apart than exp reaches."""
    far = SCORES * greatest_exponent(precision)
    problem = cases.problem(random, sizes, activation, objective)
    top = _top(problem)
    unit = int(np.argmax(np.ptp(top, axis=0)))
    slope = 2 * far / np.ptp(top[:, unit])
    weights, biases = problem["network"]["weights"], problem["network"]["biases"]
    weights[-1] = np.tanh(weights[-1])
    weights[-1][unit] = slope
    biases[-1] = np.tanh(biases[-1]) - far - slope * top[:, unit].min()
    return problem


def classes_apart(
    precision: Precision,
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
) -> Problem:
    """The first and the last score of an example are further from the others than exp reaches.

    Of two classes, only the first score is. The labels are the other classes. No probability is 0, for Roelants takes
    the logarithm of each.
    """
    far = (greatest_exponent(precision) + BEYOND) / 2
    problem = cases.problem(random, sizes, activation, objective)
    classes = sizes[-1]
    others = np.arange(1, classes - (classes > 2))
    weights, biases = problem["network"]["weights"], problem["network"]["biases"]
    weights[-1] = weights[-1] / (1 + np.abs(_top(problem)).max())
    biases[-1] = np.tanh(biases[-1]) - far
    biases[-1][others] += 2 * far
    return {**problem, "labels": random.permutation(others[np.arange(len(problem["labels"])) % len(others)])}


def sure(
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
    apart: float,
    *,
    right: bool,
) -> Problem:
    """The label is the greatest score if ``right``, else the least; ``apart``: the greatest distance of two scores."""
    problem = cases.problem(random, sizes, activation, objective)
    scores = Reference().forward(problem["network"], problem["inputs"])["scores"]
    factor = apart / np.ptp(scores, axis=1).max()
    for kind in ("weights", "biases"):
        problem["network"][kind][-1] = factor * problem["network"][kind][-1]
    return {**problem, "labels": scores.argmax(axis=1) if right else scores.argmin(axis=1)}


def far_activations(
    precision: Precision,
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
    far: str,
) -> Problem:
    """The inputs of the first hidden layer's units go as far from 0 as ``far`` says, a key of FAR_ACTIVATIONS."""
    problem = cases.problem(random, sizes, activation, objective)
    share, exponent = FAR_ACTIVATIONS[far], greatest_exponent(precision)
    right = share if far == "moderately" else share * exponent
    left = min(right, LEFT * exponent) if activation == "logistic" else right
    weights, biases = problem["network"]["weights"], problem["network"]["biases"]
    z = problem["inputs"] @ weights[0]
    slope = (left + right) / np.ptp(z, axis=0)
    weights[0], biases[0] = weights[0] * slope, -left - slope * z.min(axis=0)
    if activation == "relu":  # its outputs are as far from 0 as its inputs
        weights[1] = weights[1] / right
    return problem


def with_biases_as_weights(problem: Problem) -> Problem:
    """The problem with biases of 0, and the same scores.

    In place of the biases, there are weights on another input, which is always 1, and on another unit in each hidden
    layer, which is always the same.
    """
    network, always = problem["network"], 1.0
    weights = []
    for layer, (above, biases) in enumerate(zip(network["weights"], network["biases"], strict=True)):
        more = np.vstack([above, biases / always])
        if layer < len(network["weights"]) - 1:
            more = np.column_stack([more, [*np.zeros(len(above)), 1.0]])
            always = float(Reference().activation(network["activation"], np.array(always)))
        weights.append(more)
    biases = [np.zeros(array.shape[1]) for array in weights]
    inputs = np.column_stack([problem["inputs"], np.ones(len(problem["inputs"]))])
    return {**problem, "network": {**network, "weights": weights, "biases": biases}, "inputs": inputs}


def _top(problem: Problem) -> Array:
    """The inputs of the last layer (N, units)."""
    hidden = Reference().forward(problem["network"], problem["inputs"])["hidden"]
    top: Array = [problem["inputs"], *hidden][-1]
    return top
