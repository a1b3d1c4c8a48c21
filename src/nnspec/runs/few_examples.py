"""Fits of a few examples, which show within some iterations what takes a document's own run hundreds of them.

They start from the initial parameters of the document's network. Whether a fit ends well depends on these, so how often
correct fits do was measured, as for the document's own examples (nnspec.runs.fits).

**A class between two.** The examples lie near three points in a row, and those in the middle are of another class. No
straight line separates that class; a hidden layer does. All inputs are negative, so a hidden unit of ReLU is active on
some of them only if one of its weights is negative.

**One class.** Each fit has examples of one class alone, and one iteration. Small initial parameters let that single
step decide the class; parameters ten times as large often do not. With 100 inputs, the share of the examples that a
step decides tells the size of weights N(0, 1/fan-in): three times as large are too few, a third of it too many.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnspec.documents.experiments import (
    CIRCLES_MOMENTUM,
    MOONS_TANH,
    SPIRAL_RELU,
    Experiment,
    gradient_descent,
    momentum,
)
from nnspec.reference.values import Array, Optimizer, Recipe

#: Where the three points are, in quarter turns from an axis, and how far out.
ANGLES, DISTANCE = (1 / 6, 1 / 2, 5 / 6), 4.0
#: How much further out or in than its point an example is, relative to that.
NOISE = 0.03
#: How many examples there are, and how many in a minibatch.
EXAMPLES, MINIBATCH = 9, 3
#: So many inputs that the fan-in matters.
MANY_INPUTS = 100


def three_in_a_row(random: np.random.Generator) -> tuple[Array, Array]:
    """Inputs (9, 2) and labels (9,): class 1 between two groups of class 0, in random order."""
    place = random.permutation(np.arange(EXAMPLES) % len(ANGLES))
    turns = np.pi / 2 * np.array(ANGLES)[place]
    distances = -DISTANCE * (1 + NOISE * random.standard_normal(EXAMPLES))
    return distances[:, None] * np.column_stack([np.cos(turns), np.sin(turns)]), np.where(place == 1, 1, 0)


def one_class(random: np.random.Generator, size: int = 2) -> tuple[Array, Array]:
    """Inputs N(0, 1) (9, size) and labels (9,), all of them 0 or all of them 1."""
    return random.standard_normal((EXAMPLES, size)), np.full(EXAMPLES, random.integers(2))


def recipe(
    experiment: Experiment,
    optimizer: Optimizer,
    iterations: int,
    sizes: Sequence[int],
    batch_size: int | None = None,
) -> Recipe:
    """The arguments of a fit like the experiment's, with the sum over the examples and no penalty."""
    return {
        **experiment.recipe(),
        "sizes": [*sizes],
        "objective": {"reduction": "sum", "l2": 0.0},
        "optimizer": optimizer,
        "iterations": iterations,
        "batch_size": batch_size,
    }


def with_reduction(given: Recipe, reduction: str) -> Recipe:
    """The recipe, which is for a sum over all examples or 3 of them, with a mean whose every step is the same."""
    share = (given["batch_size"] or EXAMPLES) if reduction == "mean" else 1
    optimizer: Optimizer = {
        **given["optimizer"],
        "learning_rate": given["optimizer"]["learning_rate"] * share,
    }
    return {**given, "objective": {"reduction": reduction, "l2": 0.0}, "optimizer": optimizer}


BETWEEN_RELU = recipe(SPIRAL_RELU, gradient_descent(0.04), 60, [2, 100, 2])
BETWEEN_MINIBATCHES = recipe(MOONS_TANH, gradient_descent(0.1), 60, [2, 20, 2], MINIBATCH)
FROM_SMALL_PARAMETERS = recipe(CIRCLES_MOMENTUM, momentum(0.035, 0.9), 1, [2, 3, 2])
FROM_FAN_IN = recipe(MOONS_TANH, gradient_descent(0.015), 1, [MANY_INPUTS, 10, 2])
