"""Fits under a penalty so strong that it takes the weights to 0, whatever they were.

With a penalty λ of 1/μ, a step of gradient descent takes a weight W to W − μ(∇ + λW) = −μ∇, where ∇ is the gradient of
the cross-entropies alone. μ is so small that little is left of W; what is left follows from norms, whatever the initial
weights. For an example, ‖h_l‖ ≤ ‖W_l‖ ‖h_(l−1)‖ + ‖b_l‖, because |tanh z| ≤ |z| and ReLU(z) ≤ |z|; the error at the
scores is at most √2, that of a layer below at most ‖W‖ times that of the one above, because no derivative is greater
than 1; and the gradient over N examples is at most N times the product of the two, for biases without ‖h‖.

The biases of the last layer, which have no penalty, come near those of a network whose weights are 0: a step brings no
two of them further apart (their objective is convex), but for what the scores of the weights add, and softmax changes
by at most half of what its scores change by, and by no more than √2.

So each fit ends with scores that are known up to an error, and the class of most examples has the greatest score at
every point that is judged.

**A correct program is refused with a probability of at most 10⁻⁸**: the norm of n initial weights N(0, σ²) is more than
σ(√n + 7) once in 4 · 10¹⁰ layers or less often.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.contract.errors import Unsupported
from nnspec.documents.experiments import FAN_IN, gradient_descent
from nnspec.judging import cases
from nnspec.judging.rounding import WIDEST, Bounded, Precision
from nnspec.judging.subject import Subject
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Recipe
from nnspec.runs.linear_fits import assert_fit_predicts, labels_of

#: The greatest norm of N(0, 1) numbers beyond the root of how many there are.
DEVIATIONS = 7.0
#: The learning rate for the sum, times the number of examples.
RATE = 0.01
ITERATIONS = 20
#: How much of a weight rounding may leave where the formula leaves nothing of it.
ROUNDING = 1e-5
#: How many points are predicted, and how far out they are.
POINTS, SPREAD = 60, 2.0


def assert_penalty_takes_weights_to_zero(
    subject: Subject,
    random: np.random.Generator,
    activation: str,
    reduction: str,
    layers: int,
    classes: int,
) -> None:
    """After a fit with a penalty of 1/μ, every point is in the class of most examples.

    activation: "tanh" or "relu"; layers: 2 or 3, with more of them the norms prove nothing.
    """
    __tracebackhide__ = True
    labels = (random.permutation(labels_of(classes)) + random.integers(classes)) % classes
    examples = len(labels)
    inputs = random.standard_normal((examples, 2))
    rate = RATE / examples
    share = examples if reduction == "mean" else 1
    objective = cases.objective(reduction, 1 / rate / share)
    optimizer = gradient_descent(rate * share)
    sizes = (2, *[5] * (layers - 1), classes)
    recipe: Recipe = {
        **cases.recipe(sizes, activation, objective, optimizer),
        "initialization": FAN_IN,
        "iterations": ITERATIONS,
    }
    fit = {"inputs": inputs, "labels": labels, "experiment": recipe, "seed": int(random.integers(2**31))}
    subject.check("fit", fit)
    if subject.description.initialization == "own":
        raise Unsupported("with an initialization of its own, a fit may start from weights of any size")

    zeros: Network = {**cases.zero_velocity(sizes), "activation": activation}
    zeros["biases"][-1] = zeros["biases"][-1].astype(WIDEST)
    training: dict[str, Any] = {"inputs": inputs, "labels": labels, "iterations": ITERATIONS, "batches": None}
    training.update(objective=objective, optimizer=optimizer)
    scores = Reference().train(network=zeros, **training)["network"]["biases"][-1]
    points = SPREAD * random.standard_normal((POINTS, 2))
    reach = scores_left(sizes, inputs, rate, points)[:, None] * np.ones(classes)
    judged = Bounded(np.tile(scores, (POINTS, 1)), reach, Precision(subject.description.precision))
    assert_fit_predicts(subject, fit, points, judged)


def scores_left(sizes: Sequence[int], inputs: Array, rate: float, points: Array) -> Array:
    """How far the scores of these points (M, D) may be from those of a network without weights after the fit (M,).

    rate: for the sum over the examples. The difference of two scores is √2 times the norm of their errors; each has
    half of that here.
    """
    pairs = list(itertools.pairwise(sizes))
    weights = [(np.sqrt(n * m) + DEVIATIONS) / np.sqrt(n) for n, m in pairs]
    biases = [0.0] * (len(pairs) - 1)
    last = 0.0
    furthest = float(np.linalg.norm(inputs, axis=1).max())
    step = rate * len(inputs)
    for _ in range(ITERATIONS):
        hidden = _norms(weights, biases, furthest)
        errors = [np.sqrt(2.0)]
        for above in reversed(weights[1:]):
            errors.insert(0, errors[0] * above)
        last += step * min(np.sqrt(2.0), weights[-1] * hidden[-1] / 2)
        weights = [
            ROUNDING * norm + step * below * error
            for norm, below, error in zip(weights, hidden, errors, strict=True)
        ]
        biases = [norm + step * error for norm, error in zip(biases, errors[:-1], strict=True)]
    of_points = [_norms(weights, biases, distance)[-1] for distance in np.linalg.norm(points, axis=1)]
    reach: Array = (last + weights[-1] * np.array(of_points)) / np.sqrt(2)
    return reach


def _norms(weights: Sequence[float], biases: Sequence[float], norm: float) -> list[float]:
    """The greatest norms of the outputs of each layer but the last, the inputs first."""
    norms = [norm]
    for weight, bias in zip(weights[:-1], biases, strict=True):
        norms.append(weight * norms[-1] + bias)
    return norms
