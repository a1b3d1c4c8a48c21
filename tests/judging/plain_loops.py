"""A correct program of plain loops, which a tolerance must accept like NumPy's sums and products."""

from __future__ import annotations

import itertools
import math

import numpy as np

from nnspec.reference import Reference


def in_precision(value, precision):
    """Arguments with every array of floats rounded to this precision."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(precision)
    if isinstance(value, dict):
        return {name: in_precision(part, precision) for name, part in value.items()}
    return [in_precision(part, precision) for part in value] if isinstance(value, list) else value


class PlainLoops(Reference):
    """Sums and matrix products term by term, and points one by one."""

    def affine(self, inputs, weights, biases):
        scores = np.repeat(biases[None], len(inputs), axis=0)
        for column, row in zip(inputs.T, weights, strict=True):
            scores = scores + column[:, None] * row
        return scores

    def softmax(self, scores):
        exponentials = np.exp(self.shifted(scores))
        return exponentials / sequential(exponentials.T)[:, None]

    def weight_gradient(self, layer_inputs, delta):
        return sequential(layer_inputs[:, :, None] * delta[:, None, :])

    def bias_gradient(self, delta):
        return sequential(delta)

    def cross_entropy(self, scores, labels, reduction):
        losses = -self.log_softmax(scores)[np.arange(len(labels)), labels]
        return sequential(losses / len(labels) if reduction == "mean" else losses)

    def penalty(self, network, l2):
        weights = np.concatenate([weights.ravel() for weights in network["weights"]])
        return weights.dtype.type(l2) * sequential(weights * weights) / 2

    def spiral(self, normals, examples_per_class, classes):
        number, last = normals.dtype.type, max(examples_per_class - 1, 1)
        points, labels = [], []
        for normal, (j, i) in zip(
            normals, itertools.product(range(classes), range(examples_per_class)), strict=True
        ):
            radius = number(i) / number(last)
            angle = number(4) * radius + number(4 * j) + number(0.2) * normal
            points.append([radius * np.sin(angle), radius * np.cos(angle)])
            labels.append(j)
        return {"inputs": np.array(points), "labels": np.array(labels)}

    def moons(self, normals, order, examples, noise):
        number, outer = normals.dtype.type, examples // 2
        points = []
        for i in range(examples):
            last, place = (outer - 1, i) if i < outer else (examples - outer - 1, i - outer)
            angle = number(math.pi) * (number(place) / number(max(last, 1)))
            x, y = np.cos(angle), np.sin(angle)
            points.append([x, y] if i < outer else [1 - x, number(0.5) - y])
        inputs = np.array(points, normals.dtype)[order] + normals * number(noise)
        return {"inputs": inputs, "labels": np.array([int(i >= outer) for i in order])}

    def circles(self, normals, examples, factor, noise):
        number, outer = normals.dtype.type, examples // 2
        points = []
        for i in range(examples):
            of, place, radius = (outer, i, 1) if i < outer else (examples - outer, i - outer, factor)
            angle = number(2 * math.pi) * number(place) / number(of)
            points.append([number(radius) * np.cos(angle), number(radius) * np.sin(angle)])
        inputs = np.array(points) + normals * number(noise)
        return {"inputs": inputs, "labels": np.repeat([0, 1], [outer, examples - outer])}


def sequential(terms):
    """Σ along the first axis, term by term."""
    total = np.zeros(terms.shape[1:], terms.dtype)[()]
    for term in terms:
        total = total + term
    return total
