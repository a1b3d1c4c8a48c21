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
        radius = self.spiral_radii(examples_per_class, classes)
        turn = np.concatenate([self.spiral_turn(j, examples_per_class, classes) for j in arms])
        points = self.spiral_points(radius, turn, self.spiral_noise(np.asarray(normals), classes))
        labels = self.spiral_labels(examples_per_class, classes)
        points, labels = self.spiral_order(self.spiral_axes(points), labels, classes)
        return {"inputs": points, "labels": labels}

    def spiral_radii(self, count: int, classes: int) -> Array:
        """The radii of all arms."""
        return np.tile(self.spiral_radius(count), classes)

    def spiral_radius(self, count: int) -> Array:
        """The radius along an arm."""
        return np.linspace(0.0, 1, count)

    def spiral_turn(self, arm: int, count: int, classes: int) -> Array:
        """The angle along an arm."""
        del classes
        return np.linspace(arm * 4, (arm + 1) * 4, count)

    def spiral_noise(self, normals: Array, classes: int) -> Array:
        """What is added to the angle."""
        return self.spiral_normals(normals, classes) * self.spiral_scale(classes)

    def spiral_normals(self, normals: Array, classes: int) -> Array:
        """The normals of all arms."""
        del classes
        return normals

    def spiral_scale(self, classes: int) -> float:
        """What the normals are multiplied by."""
        del classes
        return 0.2

    def spiral_points(self, radius: Array, turn: Array, noise: Array) -> Array:
        """The points of all arms."""
        angle = turn + noise
        return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)

    def spiral_labels(self, count: int, classes: int) -> Array:
        """The labels of all arms."""
        return np.repeat(np.arange(classes), count)

    def spiral_axes(self, points: Array) -> Array:
        """The points, as they are."""
        return points

    def spiral_order(self, points: Array, labels: Array, classes: int) -> tuple[Array, Array]:
        """Points and labels, arm by arm."""
        del classes
        return points, labels


class MoonsInParts(Mistake):
    """The moons: their sizes, angles, points, labels, order and noise."""

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        """The moons, put together from their parts."""
        order, sizes = np.asarray(order), self.moon_sizes(examples)
        points = self.moon_axes(np.concatenate(self.moon_points(*self.moon_both_angles(*sizes))))
        second, _ = self.moon_order(np.repeat([False, True], sizes), np.arange(sum(sizes)), order)
        points, labels = self.moon_order(points, self.moon_labels(*sizes), order)
        added = self.moon_scale(noise) * self.moon_normals(np.asarray(normals), second)
        return {"inputs": self.moon_noisy(points, added), "labels": labels}

    def moon_sizes(self, examples: int) -> tuple[int, int]:
        """How many examples each moon has."""
        return examples // 2, examples - examples // 2

    def moon_both_angles(self, upper: int, lower: int) -> tuple[Array, Array]:
        """The angles along both moons."""
        return self.moon_angles(upper), self.moon_angles(lower)

    def moon_angles(self, count: int) -> Array:
        """The angles along a moon."""
        return np.linspace(0, np.pi, count)

    def moon_points(self, upper: Array, lower: Array) -> tuple[Array, Array]:
        """The points of both moons, from their angles."""
        return self.moon_upper(upper), self.moon_lower(lower)

    def moon_upper(self, angles: Array) -> Array:
        """The points of the first moon."""
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def moon_lower(self, angles: Array) -> Array:
        """The points of the second moon."""
        return np.stack([1 - np.cos(angles), 1 - np.sin(angles) - 0.5], axis=1)

    def moon_axes(self, points: Array) -> Array:
        """The points, as they are."""
        return points

    def moon_labels(self, upper: int, lower: int) -> Array:
        """The labels of so many points."""
        return np.repeat([0, 1], [upper, lower])

    def moon_order(self, points: Array, labels: Array, order: Array) -> tuple[Array, Array]:
        """Points and labels in another order."""
        return points[order], labels[order]

    def moon_scale(self, noise: float) -> float:
        """What the normals are multiplied by."""
        return noise

    def moon_normals(self, normals: Array, second: Array) -> Array:
        """The normals of all points; second: which of them are of the second moon."""
        del second
        return normals

    def moon_noisy(self, points: Array, added: Array) -> Array:
        """The points with noise."""
        return points + added


class CirclesInParts(Mistake):
    """The circles: their sizes, angles, points, labels, order and noise."""

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        """The circles, put together from their parts."""
        sizes = self.circle_sizes(examples)
        points = np.concatenate(self.circle_points(*self.circle_both_angles(*sizes), factor))
        second, _ = self.circle_order(np.repeat([False, True], sizes), np.repeat([0, 1], sizes))
        points, labels = self.circle_order(points, self.circle_labels(*sizes))
        added = self.circle_scale(noise) * self.circle_normals(np.asarray(normals), second)
        return {"inputs": self.circle_noisy(points, added, second, factor), "labels": labels}

    def circle_sizes(self, examples: int) -> tuple[int, int]:
        """How many examples each circle has."""
        return examples // 2, examples - examples // 2

    def circle_both_angles(self, outer: int, inner: int) -> tuple[Array, Array]:
        """The angles along both circles."""
        return self.circle_angles(outer), self.circle_angles(inner)

    def circle_angles(self, count: int) -> Array:
        """The angles along a circle."""
        return np.linspace(0, 2 * np.pi, count, endpoint=False)

    def circle_points(self, outer: Array, inner: Array, factor: float) -> tuple[Array, Array]:
        """The points of both circles, from their angles."""
        first, second = self.circle_radii(factor)
        return first * self.circle_ring(outer), second * self.circle_ring(inner)

    def circle_radii(self, factor: float) -> tuple[float, float]:
        """The radii of both circles."""
        return 1.0, factor

    def circle_ring(self, angles: Array) -> Array:
        """The points of a circle with the radius 1."""
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def circle_labels(self, outer: int, inner: int) -> Array:
        """The labels of so many points."""
        return np.repeat([0, 1], [outer, inner])

    def circle_order(self, points: Array, labels: Array) -> tuple[Array, Array]:
        """Points and labels, as they are."""
        return points, labels

    def circle_scale(self, noise: float) -> float:
        """What the normals are multiplied by."""
        return noise

    def circle_normals(self, normals: Array, second: Array) -> Array:
        """The normals of all points; second: which of them are of the inner circle."""
        del second
        return normals

    def circle_noisy(self, points: Array, added: Array, second: Array, factor: float) -> Array:
        """The points with noise."""
        del second, factor
        return points + added
