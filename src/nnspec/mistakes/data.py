"""Mistakes in the data sets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.mistakes import data_parts
from nnspec.reference.values import Array


class SpiralNoiseUnscaled(data_parts.SpiralInParts):
    """The normals themselves are added to the spiral's angle, instead of 0.2 times the normals."""

    clause = "data.spiral"
    fix = "Multiply the normals by 0.2 before adding them to the angle."

    def spiral(self, normals: Array, examples_per_class: int, classes: int) -> dict[str, Array]:
        return super().spiral(normals / 0.2, examples_per_class, classes)


class SpiralSineAndCosineSwapped(data_parts.SpiralInParts):
    """A point of the spiral is (r cos t, r sin t) instead of (r sin t, r cos t)."""

    clause = "data.spiral"
    fix = "Put the sine into the first coordinate and the cosine into the second."

    def spiral(self, *arguments: Any, **keywords: Any) -> dict[str, Array]:
        data = super().spiral(*arguments, **keywords)
        return {**data, "inputs": data["inputs"][:, ::-1]}


class LabelsCountedFromOne(data_parts.SpiralInParts):
    """The classes of the spiral are numbered from 1."""

    clause = "data.spiral"
    fix = "Number the classes from 0 to K − 1."

    def spiral(self, *arguments: Any, **keywords: Any) -> dict[str, Array]:
        data = super().spiral(*arguments, **keywords)
        return {**data, "labels": data["labels"] + 1}


class MoonsNoiseBeforeTheShuffle(data_parts.MoonsInParts):
    """The noise is added to the moons before the examples are shuffled, so it is shuffled too."""

    clause = "data.moons"
    fix = "Shuffle the points first, then add the noise."

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        data = super().moons(normals, np.arange(examples), examples, noise)
        return {"inputs": data["inputs"][order], "labels": data["labels"][order]}


class MoonsLabelsNotShuffled(data_parts.MoonsInParts):
    """The points of the moons are shuffled, but their labels are not."""

    clause = "data.moons"
    fix = "Index the labels with the same order as the points."

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        data = super().moons(normals, order, examples, noise)
        return {**data, "labels": np.sort(data["labels"])}


class CirclesLabelsSwapped(data_parts.CirclesInParts):
    """The outer circle is class 1 and the inner one class 0."""

    clause = "data.circles"
    fix = "Label the outer circle 0 and the inner circle 1."

    def circles(self, *arguments: Any, **keywords: Any) -> dict[str, Array]:
        data = super().circles(*arguments, **keywords)
        return {**data, "labels": 1 - data["labels"]}


class CirclesFactorFromTheOutside(data_parts.CirclesInParts):
    """The radius of the inner circle is 1 − factor, which is right only for a factor of one half."""

    clause = "data.circles"
    fix = "Multiply the inner circle by the factor itself."

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        return super().circles(normals, examples, 1 - factor, noise)


class CirclesNoiseAsAVariance(data_parts.CirclesInParts):
    """The noise of the circles is treated as a variance instead of a standard deviation."""

    clause = "data.circles"
    fix = "Multiply the normals by the noise itself, not by its square root."

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        return super().circles(normals, examples, factor, math.sqrt(noise))
