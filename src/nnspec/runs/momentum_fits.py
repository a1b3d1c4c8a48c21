"""Fits of linear classifiers with so much momentum that it moves them to the end, over more than 100 iterations.

How far two fits are apart is bounded without any assumption but the curvature L. With e and v the norms of the
differences of their weights and of their velocities, V ← λV − μ∇ and W ← W + V give

    v ← λ v + μ L e,   e ← e + v,

because gradients differ by at most L times the difference of the weights. The recursion starts with v = 0 and e the
norm of the initial weights; whatever an iteration rounds is added to v and to e. With λ = 0.99 and μ L = (8/120)², e
becomes about 900 times as large in 120 iterations. So the fit starts from weights that are nearly 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.contract.errors import Unsupported
from nnspec.documents.experiments import momentum
from nnspec.judging import cases
from nnspec.judging.rounding import WIDEST
from nnspec.judging.subject import Exact, Subject
from nnspec.reference import Reference
from nnspec.reference.values import Network, Objective, Parameters, Recipe
from nnspec.runs.linear_fits import (
    NEARLY_ZERO,
    assert_predicts_near,
    error_norm,
    gentle_rate,
    initial_norm,
    labels_of,
    random_inputs,
    wide,
)

ITERATIONS = 120
#: λ, and μ in 1/L.
FACTOR, RATE = 0.99, (8 / ITERATIONS) ** 2


def assert_fits_with_lasting_momentum(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    classes: int,
) -> None:
    """A fit of random examples predicts the right classes near the boundaries between them."""
    __tracebackhide__ = True
    labels, sizes = random.permutation(labels_of(classes)), (2, classes)
    inputs = random_inputs(len(labels), random)
    optimizer = momentum(RATE * gentle_rate(inputs, objective), FACTOR)
    recipe: Recipe = {
        **cases.recipe(sizes, activation, objective, optimizer),
        "initialization": NEARLY_ZERO,
        "iterations": ITERATIONS,
    }
    fit = {"inputs": inputs, "labels": labels, "experiment": recipe, "seed": int(random.integers(2**31))}
    subject.check("fit", fit)
    if subject.description.initialization == "own":
        raise Unsupported("with an initialization of its own, a fit may be elsewhere on the way")

    problem: dict[str, Any] = {"inputs": inputs, "labels": labels, "objective": objective}
    exactly = {**problem, "inputs": inputs.astype(WIDEST), "optimizer": optimizer, "batches": None}
    start = wide({**cases.zero_velocity(sizes), "activation": activation})
    before, right = (
        Reference().train(network=start, iterations=iterations, **exactly)["network"]
        for iterations in (ITERATIONS - 1, ITERATIONS)
    )
    last = exact.update(
        network=right,
        gradients=exact.gradients(network=right, **problem),
        velocity=difference(right, before),
        optimizer=optimizer,
        iteration=0,
    )
    moved = apart(initial_norm(sizes, NEARLY_ZERO), error_norm(last["velocity"]), error_norm(last["network"]))
    assert_predicts_near(subject, exact, random, fit, right, moved)


def difference(after: Network, before: Network) -> Parameters:
    """The velocity of an update."""
    return {
        "weights": [a - b for a, b in zip(after["weights"], before["weights"], strict=True)],
        "biases": [a - b for a, b in zip(after["biases"], before["biases"], strict=True)],
    }


def apart(start: float, of_velocity: float, of_weights: float) -> float:
    """How far two fits may be apart at the end.

    start: how far their initial weights are apart; of_velocity, of_weights: what an iteration rounds in the two.
    """
    weights, velocity = start, 0.0
    for _ in range(ITERATIONS):
        velocity = FACTOR * velocity + RATE * weights + of_velocity
        weights += velocity + of_weights
    return weights
