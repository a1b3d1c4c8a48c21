"""Fits of a part of the contract: what is predicted after them, where the program's random numbers do not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from partial_draws import Draw
from partial_programs import Part

from nnspec.reference import Reference
from nnspec.reference.values import Array, Recipe

#: The scale of the initial weights: so small that a linear classifier ends the same whatever it starts from.
NOTHING = 1e-9
#: How near to a boundary between two classes the predictions are looked at, relative to the distance of two points.
NEAR = 1e-5


class Fit:
    """A fit, points, and the labels that are right there."""

    def __init__(self, inputs: Array, labels: Array, experiment: Recipe, seed: int, points: Array) -> None:
        """points: where the fitted network predicts (M, D)."""
        self.arguments = {"inputs": inputs, "labels": labels, "experiment": experiment, "seed": seed}
        self.points = points
        self.right = self.predictions(Reference())

    def predictions(self, program: Any) -> Array:
        """The labels that this program's fit predicts."""
        arguments = {
            name: value.copy() if isinstance(value, np.ndarray) else value
            for name, value in self.arguments.items()
        }
        predicted: Array = program.predict(network=program.fit(**arguments), inputs=self.points.copy())
        return predicted

    def is_right(self, program: Any) -> bool:
        """Whether this program's fit predicts the right labels."""
        try:
            return bool(np.array_equal(self.predictions(program), self.right))
        except (IndexError, ValueError, FloatingPointError, TypeError, KeyError):
            return False


def fits(part: Part, number: int, seed: int = 0) -> Iterator[Fit]:
    """This many fits of linear classifiers; none if the part has no fit or no linear classifier."""
    if "fit" not in part.operations or 1 not in part.layers:
        return
    random = np.random.default_rng(seed)
    while number:
        with np.errstate(all="raise", under="ignore"):
            try:
                drawn = linear_fit(part, random)
            except FloatingPointError:
                continue
        if drawn is not None:
            number -= 1
            yield drawn


def linear_fit(part: Part, random: np.random.Generator) -> Fit | None:
    """A fit of a linear classifier with points near its boundaries; None if random numbers decide how it ends."""
    draw = Draw(part, random)
    examples, size, classes = (int(draw.one_of(*few)) for few in ((4, 7, 12), (1, 2, 3), (2, 3, 4)))
    iterations = int(draw.one_of(1, 2, 3, 6, 120, 400))
    inputs, labels = (
        draw.one_of(1.0, 1.0, 3.0) * random.standard_normal((examples, size)),
        draw.labels(examples, classes),
    )
    optimizer = draw.optimizer(iterations)
    experiment: Recipe = {
        "sizes": [size, classes],
        "activation": draw.one_of(*part.activations),
        "initialization": {"scale": NOTHING, "fan_in": draw.some(0.5), "biases": "zeros"},
        "objective": {"reduction": draw.one_of(*part.reductions), "l2": draw.penalty()},
        "optimizer": {**optimizer, "learning_rate": float(draw.one_of(0.37, 0.1, 0.01))},
        "iterations": iterations,
        "batch_size": draw.one_of(None, None, examples) if part.batches else None,
    }
    seed = int(random.integers(2**31))
    points = boundary_points(experiment, inputs, labels, seed, random)
    fit = Fit(inputs, labels, experiment, seed, points)
    again = Fit(inputs, labels, experiment, seed + 1, points)
    return fit if np.array_equal(fit.right, again.right) else None


def boundary_points(
    experiment: Recipe, inputs: Array, labels: Array, seed: int, random: np.random.Generator
) -> Array:
    """Random points, and pairs of points close to where the label changes between two of them."""
    program = Reference()
    network = program.fit(inputs, labels, experiment, seed)
    points = 3 * random.standard_normal((60, inputs.shape[1]))
    low, high = points[:30], points[30:]
    label_low = program.predict(network, low)
    apart = label_low != program.predict(network, high)
    low, high, label_low = low[apart], high[apart], label_low[apart]
    for _ in range(30):
        middle = (low + high) / 2
        same = (program.predict(network, middle) == label_low)[:, None]
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    step = NEAR * points[:30][apart] - NEAR * points[30:][apart]
    return np.concatenate([points, low + step, high - step])
