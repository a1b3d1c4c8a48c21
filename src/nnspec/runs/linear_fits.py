"""Fits of linear classifiers, whose predictions are right or wrong: the initial weights hardly matter.

The objective of a linear classifier is convex. Where the learning rate is at most 2/L, with L the greatest curvature
of the objective, a step of gradient descent brings no two networks further apart. So a fit from initial weights W₀
ends within ‖W₀‖ of a fit from 0. With a penalty there is one best network, and at a rate of 1/L the distance shrinks by
1 − μm in every iteration, with m the least curvature there.

What a step rounds moves a network like other initial weights, and shrinks like them. So after t steps, rounding has
moved it by at most t times the error of a step, and by at most 1/(μm) times that error if there is a penalty.

The reference trains from 0, and gives the scores of points near the boundaries between the classes. A prediction is
wrong if its score is less than the greatest by more than rounding and W₀ explain.

L is at most λ + ½ of the greatest eigenvalue of Σ x xᵀ over the examples, with the 1 that the bias sees in x, and 1/N
of that sum for the mean: the Hessian of log Σ exp is at most ½.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.documents.experiments import SMALL
from nnspec.judging import cases
from nnspec.judging.agreement import assert_predicts
from nnspec.judging.rounding import WIDEST, Bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Objective, Optimizer, Recipe

#: The greatest norm of the initial weights of this many numbers, in standard deviations: once in 10⁹ fits it is more.
DEVIATIONS = 6.0
#: Momentum may bring two networks further apart before it brings them together.
MOMENTUM = 4.0
#: The rate without a penalty, in 1/L: as fast as no two networks get further apart.
FASTEST = 1.9
#: Where the examples are, and how far they spread in two directions: the bias and the directions are learned one after
#: the other, so that the boundaries turn.
CENTRE, SPREAD = 0.5, (0.5, 0.15)
#: The labels of the seven examples.
LABELS = (0, 0, 0, 0, 0, 1, 2)
#: How near to a boundary points are, relative to the distance of two points on its two sides.
NEAR = (0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6)


def gentle_rate(inputs: Array, objective: Objective) -> float:
    """1/L."""
    x = with_ones(inputs)
    greatest = np.linalg.eigvalsh(x.T @ x)[-1] / 2
    if objective["reduction"] == "mean":
        greatest /= len(inputs)
    return float(1 / (greatest + objective["l2"]))


def with_ones(inputs: Array) -> Array:
    """The inputs as the weights and the biases see them."""
    return np.column_stack([inputs, np.ones(len(inputs))])


def assert_fits_linearly(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    optimizer: Optimizer,
    iterations: int,
    few_labels: Sequence[int] = LABELS,
    dtype: str = "int64",
    batch_size: int | None = None,
    classes: int = 3,
) -> None:
    """A fit of random examples predicts the right classes near the boundaries between them.

    The learning rate is replaced by 1/L, half of it with momentum, and nearly 2/L for gradient descent without a
    penalty. few_labels: the labels in any order; batch_size: None or all examples.
    """
    __tracebackhide__ = True
    labels = random.permutation(few_labels).astype(dtype)
    inputs = CENTRE + random.standard_normal((len(labels), 2)) * SPREAD
    rate = gentle_rate(inputs, objective)
    if optimizer["method"] == "momentum":
        rate /= 2
    elif not objective["l2"]:
        rate *= FASTEST
    optimizer = {**optimizer, "learning_rate": rate}
    sizes = (2, classes)
    recipe: Recipe = {
        **cases.recipe(sizes, activation, objective, optimizer, batch_size),
        "initialization": SMALL,
        "iterations": iterations,
    }
    zeros: Network = {**cases.zero_velocity(sizes), "activation": activation}
    problem: dict[str, Any] = {
        "labels": labels,
        "objective": objective,
        "optimizer": optimizer,
        "batches": None,
    }
    right = Reference().train(
        network=wide(zeros), inputs=inputs.astype(WIDEST), iterations=iterations, **problem
    )["network"]

    least = least_curvature(right, inputs, objective) if optimizer["schedule"] is None else 0.0
    shrinks = rate * least
    steps = [exact.train(network=start, inputs=inputs, iterations=1, **problem) for start in (zeros, right)]
    rounding = max(error_norm(step["network"]) for step in steps)
    moved = initial_norm(sizes) * (1 - shrinks) ** iterations
    moved += rounding * min(iterations, 1 / shrinks if shrinks else np.inf)
    moved *= MOMENTUM if optimizer["method"] == "momentum" else 1.0

    points = points_near_boundaries(right, random)
    scores = exact.forward(network=right, inputs=points)["scores"]
    # the difference of two scores moves by √2 of this, and assert_predicts allows for both
    reach = moved * np.sqrt((points**2).sum(axis=1, keepdims=True) + 1) / np.sqrt(2)
    judged = Bounded(scores.value, scores.error + reach, scores.precision)
    fitted = subject.fit(inputs=inputs, labels=labels, experiment=recipe, seed=int(random.integers(2**31)))
    assert_predicts(subject.predict(network=fitted, inputs=points), judged, "predict after fit")


def initial_norm(sizes: tuple[int, int]) -> float:
    """The greatest norm that initial weights have."""
    return float(SMALL["scale"] * (np.sqrt(sizes[0] * sizes[1]) + DEVIATIONS))


def least_curvature(network: Network, inputs: Array, objective: Objective) -> float:
    """The least eigenvalue of the objective's Hessian on weights and biases, but for those that change no prediction.

    0 without a penalty: the best network may be infinitely far away.
    """
    if not objective["l2"]:
        return 0.0
    x = with_ones(inputs)
    p = Reference().softmax(x @ np.concatenate([network["weights"][0], network["biases"][0][None]]))
    classes = p.shape[1]
    of_scores = [np.diag(row) - np.outer(row, row) for row in p]
    hessian = np.sum([np.kron(np.outer(a, a), b) for a, b in zip(x, of_scores, strict=True)], axis=0)
    if objective["reduction"] == "mean":
        hessian = hessian / len(inputs)
    hessian = hessian.astype(float)
    penalised = np.repeat([*[1.0] * inputs.shape[1], 0.0], classes)
    eigenvalues = np.linalg.eigvalsh(hessian + objective["l2"] * np.diag(penalised))
    return float(eigenvalues[1])  # the first is 0: the same for the biases of all classes


def points_near_boundaries(network: Network, random: np.random.Generator) -> Array:
    """Random points (M, 2), and points near where the class changes on the line between two of them."""
    low, high = 2 * random.standard_normal((2, 60, 2))
    there = classes_at(network, low)
    apart = there != classes_at(network, high)
    inside, outside, there = low[apart], high[apart], there[apart]
    for _ in range(50):
        middle = (inside + outside) / 2
        same = (classes_at(network, middle) == there)[:, None]
        inside, outside = np.where(same, middle, inside), np.where(same, outside, middle)
    beside = [inside + near * (low[apart] - high[apart]) for near in NEAR]
    beyond = [outside - near * (low[apart] - high[apart]) for near in NEAR]
    return np.concatenate([low, high, *beside, *beyond])


def classes_at(network: Network, points: Array) -> Array:
    """The classes that a linear classifier predicts."""
    found: Array = (points @ network["weights"][0] + network["biases"][0]).argmax(axis=1)
    return found


def wide(network: Network) -> Network:
    """The network in the widest format."""
    return {
        "weights": [array.astype(WIDEST) for array in network["weights"]],
        "biases": [array.astype(WIDEST) for array in network["biases"]],
        "activation": network["activation"],
    }


def error_norm(network: Any) -> float:
    """The norm of the errors of a network of Bounded arrays."""
    arrays = [*network["weights"], *network["biases"]]
    return float(np.sqrt(sum((array.error**2).sum() for array in arrays)))
