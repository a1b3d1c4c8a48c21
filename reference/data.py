"""The three data sets, made from given random numbers so that any language can reproduce them."""

from __future__ import annotations

import numpy as np

from .values import Array


class Data:
    """Points in the plane, shape (N, 2), and their classes, shape (N,)."""

    def spiral(self, normals: Array, examples_per_class: int, classes: int) -> dict[str, Array]:
        """One arm per class; 0.2 · normals, shape (classes · examples_per_class,), is added to the angle.

        Source: CS231n, "Generating some data".
        """
        arms = range(classes)
        radius = np.concatenate([np.linspace(0.0, 1, examples_per_class) for _ in arms])
        turn = np.concatenate([np.linspace(j * 4, (j + 1) * 4, examples_per_class) for j in arms])
        angle = turn + normals * 0.2
        return {
            "inputs": np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1),
            "labels": np.repeat(np.arange(classes), examples_per_class),
        }

    def moons(self, normals: Array, order: Array, examples: int, noise: float) -> dict[str, Array]:
        """Two half circles, shuffled by ``order``, plus noise · normals, shape (examples, 2).

        Source: WildML, "Generating a dataset"; the shapes match scikit-learn's make_moons.
        """
        outer = np.linspace(0, np.pi, examples // 2)
        inner = np.linspace(0, np.pi, examples - examples // 2)
        points = np.stack(
            [
                np.concatenate([np.cos(outer), 1 - np.cos(inner)]),
                np.concatenate([np.sin(outer), 1 - np.sin(inner) - 0.5]),
            ],
            axis=1,
        )
        labels = np.repeat([0, 1], [len(outer), len(inner)])
        return {"inputs": points[order] + noise * normals, "labels": labels[order]}

    def circles(self, normals: Array, examples: int, factor: float, noise: float) -> dict[str, Array]:
        """A circle of class 0 around a circle of class 1 with radius ``factor``; normals: (examples, 2).

        Source: Roelants, "Define the dataset"; the shapes match scikit-learn's make_circles.
        """
        outer = np.linspace(0, 2 * np.pi, examples // 2, endpoint=False)
        inner = np.linspace(0, 2 * np.pi, examples - examples // 2, endpoint=False)
        points = np.stack(
            [
                np.concatenate([np.cos(outer), np.cos(inner) * factor]),
                np.concatenate([np.sin(outer), np.sin(inner) * factor]),
            ],
            axis=1,
        )
        return {"inputs": points + noise * normals, "labels": np.repeat([0, 1], [len(outer), len(inner)])}
