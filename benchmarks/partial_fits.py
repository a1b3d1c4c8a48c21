"""Fits of a part of the contract: what is predicted after them, wherever the program's random numbers do not decide.

The initial weights and the minibatches of a fit are the program's own. So the right label of a point is the one that
many fits of the reference agree on, from other random numbers each, and a mistake shows if fit after fit misses some
of these labels.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
from partial_draws import DocumentsFormulas, Draw
from partial_programs import Part

from nnspec.documents.experiments import FAN_IN, SMALL, SMALL_WITH_BIASES
from nnspec.reference import Reference
from nnspec.reference.values import Array, Recipe
from nnspec.runs.linear_fits import NEARLY_ZERO, gentle_rate

#: How many fits of the reference must agree on a label, and how many fits of a mistake must all miss one of them.
AGREE, MISS = 40, 8
#: How near to a boundary between two classes the predictions are looked at, relative to the distance of two points.
NEAR = (0.3, 0.1, 0.03, 0.01, 1e-3)


class Fit:
    """Fits of a recipe, each from other random numbers, and the labels that they agree on."""

    def __init__(self, inputs: Array, labels: Array, experiment: Recipe, seed: int, points: Array) -> None:
        """points: where the fitted network predicts (M, D)."""
        self.arguments = {"inputs": inputs, "labels": labels, "experiment": experiment}
        self.seed, self.points = seed, points
        found = np.array([self.predictions(Reference(), seed + number) for number in range(1, AGREE + 1)])
        self.agreed = (found == found[0]).all(axis=0)
        self.right = found[0]

    def predictions(self, program: Any, seed: int) -> Array:
        """The labels that this program's fit predicts."""
        network = program.fit(**copy.deepcopy(self.arguments), seed=seed)
        predicted: Array = program.predict(network=network, inputs=self.points.copy())
        return predicted

    def is_right(self, program: Any) -> bool:
        """Whether any of several fits of this program predicts all the labels that are agreed on."""
        for number in range(MISS):
            try:
                found = self.predictions(program, self.seed - 1 - number)
                if np.array_equal(found[self.agreed], self.right[self.agreed]):
                    return True
            except (IndexError, ValueError, FloatingPointError, TypeError, KeyError):
                continue
        return False


def fits(part: Part, number: int, seed: int = 0) -> Iterator[Fit]:
    """This many fits that the documents' own formulas come through right; none if the part has no fit."""
    if "fit" not in part.operations:
        return
    random = np.random.default_rng(seed)
    while number:
        with np.errstate(all="raise", under="ignore"):
            try:
                drawn = draw_fit(part, random)
                kept = drawn.is_right(DocumentsFormulas())
            except FloatingPointError:
                continue
        if not kept:
            continue
        number -= 1
        yield drawn


def draw_fit(part: Part, random: np.random.Generator) -> Fit:
    """A fit of a small network, a linear classifier in two of three draws if the part has any."""
    draw = Draw(part, random)
    linear = 1 in draw.layers and draw.some(0.67)
    examples, classes = int(draw.one_of(4, 7, 12)), int(draw.one_of(2, 3, 4))
    sizes = [2, classes] if linear else draw.sizes()
    inputs = draw.one_of(1.0, 1.0, 3.0) * random.standard_normal((examples, sizes[0]))
    labels = draw.labels(examples, sizes[-1])
    objective: Any = {"reduction": draw.one_of(*part.support.reductions), "l2": draw.penalty()}
    rate = gentle_rate(inputs, objective) * (1 if linear else draw.one_of(0.3, 3.0))
    starts = (SMALL, NEARLY_ZERO) if linear else (SMALL_WITH_BIASES, FAN_IN, NEARLY_ZERO)
    experiment: Recipe = {
        "sizes": sizes,
        "activation": draw.one_of(*part.support.activations),
        "initialization": part.scope.initialization if part.scope else draw.one_of(*starts),
        "objective": objective,
        "optimizer": {**draw.optimizer(1), "learning_rate": rate},
        "iterations": int(draw.one_of(3, 6, 30, 120)),
        "batch_size": draw.one_of(None, None, 3, examples) if part.support.batches else None,
    }
    seed = int(random.integers(1000, 2**31))
    return Fit(inputs, labels, experiment, seed, boundary_points(experiment, inputs, labels, seed, random))


def boundary_points(
    experiment: Recipe, inputs: Array, labels: Array, seed: int, random: np.random.Generator
) -> Array:
    """The examples, random points, and points near where the label changes between two of them."""
    program = Reference()
    network = program.fit(inputs, labels, experiment, seed)
    low, high = 2 * random.standard_normal((2, 30, inputs.shape[1]))
    label_low = program.predict(network, low)
    apart = label_low != program.predict(network, high)
    inside, outside, label_low = low[apart], high[apart], label_low[apart]
    for _ in range(30):
        middle = (inside + outside) / 2
        same = (program.predict(network, middle) == label_low)[:, None]
        inside, outside = np.where(same, middle, inside), np.where(same, outside, middle)
    steps = [near * (low[apart] - high[apart]) for near in NEAR]
    beside = [side for step in steps for side in (inside + step, outside - step)]
    return np.concatenate([inputs, low, high, *beside])
