"""The reference's data sets, each in parts that a mistake can replace by itself."""

from __future__ import annotations

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array


class SpiralInParts(Mistake):
    """The spiral: the radius and the angle of each arm, the noise, the points and the labels."""

    def spiral(self, normals: Array, examples_per_class: int, classes: int) -> dict[str, Array]:
        """The spiral, put together from its parts."""
        arms = range(classes)
        radius = np.concatenate([self.spiral_radius(examples_per_class) for _ in arms])
        turn = np.concatenate([self.spiral_turn(j, examples_per_class, classes) for j in arms])
        points = self.spiral_points(radius, turn, self.spiral_noise(np.asarray(normals), classes))
        return {"inputs": points, "labels": self.spiral_labels(examples_per_class, classes)}

    def spiral_radius(self, count: int) -> Array:
        """The radius along an arm."""
        return np.linspace(0.0, 1, count)

    def spiral_turn(self, arm: int, count: int, classes: int) -> Array:
        """The angle along an arm."""
        del classes
        return np.linspace(arm * 4, (arm + 1) * 4, count)

    def spiral_noise(self, normals: Array, classes: int) -> Array:
        """What is added to the angle."""
        del classes
        return normals * 0.2

    def spiral_points(self, radius: Array, turn: Array, noise: Array) -> Array:
        """The points of all arms."""
        angle = turn + noise
        return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)

    def spiral_labels(self, count: int, classes: int) -> Array:
        """The labels of all arms."""
        return np.repeat(np.arange(classes), count)


class MoonsInParts(Mistake):
    """The moons: their sizes, angles, points, labels, order and noise."""

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        """The moons, put together from their parts."""
        upper, lower = map(self.moon_angles, self.moon_sizes(examples))
        points = np.concatenate(self.moon_points(upper, lower))
        labels = self.moon_labels(len(upper), len(lower))
        points, labels = self.moon_order(points, labels, np.asarray(order))
        return {"inputs": points + self.moon_noise(noise, np.asarray(normals)), "labels": labels}

    def moon_sizes(self, examples: int) -> tuple[int, int]:
        """How many examples each moon has."""
        return examples // 2, examples - examples // 2

    def moon_angles(self, count: int) -> Array:
        """The angles along a moon."""
        return np.linspace(0, np.pi, count)

    def moon_points(self, upper: Array, lower: Array) -> tuple[Array, Array]:
        """The points of both moons, from their angles."""
        return (
            np.stack([np.cos(upper), np.sin(upper)], axis=1),
            np.stack([1 - np.cos(lower), 1 - np.sin(lower) - 0.5], axis=1),
        )

    def moon_labels(self, upper: int, lower: int) -> Array:
        """The labels of so many points."""
        return np.repeat([0, 1], [upper, lower])

    def moon_order(self, points: Array, labels: Array, order: Array) -> tuple[Array, Array]:
        """Points and labels in another order."""
        return points[order], labels[order]

    def moon_noise(self, noise: float, normals: Array) -> Array:
        """What is added to the points."""
        return noise * normals


class CirclesInParts(Mistake):
    """The circles: their sizes, angles, points, labels, order and noise."""

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        """The circles, put together from their parts."""
        outer, inner = map(self.circle_angles, self.circle_sizes(examples))
        points = np.concatenate(self.circle_points(outer, inner, factor))
        points, labels = self.circle_order(points, self.circle_labels(len(outer), len(inner)))
        return {"inputs": self.circle_noisy(points, noise, np.asarray(normals), factor), "labels": labels}

    def circle_sizes(self, examples: int) -> tuple[int, int]:
        """How many examples each circle has."""
        return examples // 2, examples - examples // 2

    def circle_angles(self, count: int) -> Array:
        """The angles along a circle."""
        return np.linspace(0, 2 * np.pi, count, endpoint=False)

    def circle_points(self, outer: Array, inner: Array, factor: float) -> tuple[Array, Array]:
        """The points of both circles, from their angles."""
        return (
            np.stack([np.cos(outer), np.sin(outer)], axis=1),
            np.stack([np.cos(inner) * factor, np.sin(inner) * factor], axis=1),
        )

    def circle_labels(self, outer: int, inner: int) -> Array:
        """The labels of so many points."""
        return np.repeat([0, 1], [outer, inner])

    def circle_order(self, points: Array, labels: Array) -> tuple[Array, Array]:
        """Points and labels, as they are."""
        return points, labels

    def circle_noisy(self, points: Array, noise: float, normals: Array, factor: float) -> Array:
        """The points with noise."""
        del factor
        return points + noise * normals
