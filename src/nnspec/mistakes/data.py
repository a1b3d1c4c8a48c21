"""Mistakes in the data sets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array


class SpiralNoiseUnscaled(Mistake):
    """The angle of the spiral is disturbed by the normals themselves, not by 0.2 times the normals."""

    clause = "data.spiral"
    fix = "Multiply the normals by 0.2 before they are added to the angle."

    def spiral(self, normals: Array, examples_per_class: int, classes: int) -> dict[str, Array]:
        return super().spiral(normals / 0.2, examples_per_class, classes)


class SpiralSineAndCosineSwapped(Mistake):
    """A point of the spiral is (r cos t, r sin t) instead of (r sin t, r cos t)."""

    clause = "data.spiral"
    fix = "Put the sine into the first coordinate and the cosine into the second."

    def spiral(self, *told: Any, **named: Any) -> dict[str, Array]:
        made = super().spiral(*told, **named)
        return {**made, "inputs": made["inputs"][:, ::-1]}


class LabelsCountedFromOne(Mistake):
    """The classes of the spiral are numbered from 1."""

    clause = "data.spiral"
    fix = "Number the classes from 0 to K − 1."

    def spiral(self, *told: Any, **named: Any) -> dict[str, Array]:
        made = super().spiral(*told, **named)
        return {**made, "labels": made["labels"] + 1}


class MoonsNoiseBeforeTheShuffle(Mistake):
    """The noise is added to the moons before the examples are put in order, so that it moves along."""

    clause = "data.moons"
    fix = "Put the points in order first and add the noise to them then."

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        made = super().moons(normals, np.arange(examples), examples, noise)
        return {"inputs": made["inputs"][order], "labels": made["labels"][order]}


class MoonsLabelsNotShuffled(Mistake):
    """The points of the moons are put in order, but their labels stay as they were."""

    clause = "data.moons"
    fix = "Index the labels with the same order as the points."

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        made = super().moons(normals, order, examples, noise)
        return {**made, "labels": np.sort(made["labels"])}


class CirclesLabelsSwapped(Mistake):
    """The outer circle is class 1 and the inner one class 0."""

    clause = "data.circles"
    fix = "Give the outer circle the label 0 and the inner one the label 1."

    def circles(self, *told: Any, **named: Any) -> dict[str, Array]:
        made = super().circles(*told, **named)
        return {**made, "labels": 1 - made["labels"]}


class CirclesFactorFromTheOutside(Mistake):
    """The radius of the inner circle is 1 − factor, which is the same for a factor of one half."""

    clause = "data.circles"
    fix = "Multiply the inner circle by the factor itself."

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        return super().circles(normals, examples, 1 - factor, noise)


class CirclesNoiseAsAVariance(Mistake):
    """The noise of the circles is taken for a variance instead of a standard deviation."""

    clause = "data.circles"
    fix = "Multiply the normals by the noise itself, not by its root."

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        return super().circles(normals, examples, factor, math.sqrt(noise))
