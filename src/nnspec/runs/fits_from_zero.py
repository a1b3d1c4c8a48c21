"""Fits whose initial weights are nearly 0 and whose biases are 0: a few iterations take all of them to one network.

The contract has the scale of the initial weights in the experiment, so a test may make it as small as it likes. Initial
weights of 10⁻⁸ · N(0, 1) are 0 but for an error, of at most 7 · 10⁻⁸ each. The reference trains from 0, and carries
that error through every step by the same rules as the errors of rounding (nnspec.judging.rounding): each is the
greatest change that the operands' errors can cause. So where a fit ends is known, with an error for every weight, by
the formulas alone: nothing was measured. The error grows in every step, up to a few million times within six; so the
fits are short, and all that is asked is the class of points where the error decides nothing.

From 0, units of logistic stay alike, and grow together: the network that a fit comes to has a boundary between the
classes, which moves with every weight and bias. Units of tanh and ReLU stay at 0, and with two hidden layers those of
logistic pass on nothing yet; the biases of the last layer alone move, and every point is in the class of most examples.

**A correct program is refused with a probability of at most 10⁻⁸**, by all of these tests together: an initial weight
is further from 0 than seven standard deviations once in 4 · 10¹¹ times, and all fits together have fewer than 2000.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.contract.errors import Unsupported
from nnspec.judging import cases
from nnspec.judging.boundaries import points_near_boundaries
from nnspec.judging.rounding import Bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.reference.values import Network, Objective, Recipe
from nnspec.runs.linear_fits import NEARLY_ZERO, assert_fit_predicts, labels_of

#: The greatest initial weight, in standard deviations.
DEVIATIONS = 7.0
#: The inputs, and as many units in each hidden layer: a product with the wrong one of the two has a right shape.
WIDTH = 3
ITERATIONS = 6
#: How long two hidden layers of logistic units take to pass on anything, and with which rate.
LONGER, GREATER_RATE = 10, 1.5
#: For the sum over the examples.
RATE = {"gradient_descent": 0.6, "momentum": 0.3}
PENALTY = 0.1
#: Each input of an example of the first class, and of any other, before the N(0, 1) that is added to it.
FIRST, OTHER = -1.0, 2.0


def assert_fits_from_zero(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    method: str,
    layers: int,
    classes: int,
    *,
    longer: bool = False,
) -> None:
    """A fit from initial weights of nearly 0 predicts the right classes wherever they are known.

    objective: its penalty is replaced by ``PENALTY`` unless it is 0; longer: for ``LONGER`` iterations, with a greater
    rate.
    """
    __tracebackhide__ = True
    labels = random.permutation(labels_of(classes))
    inputs = np.where(labels == 0, FIRST, OTHER)[:, None] + random.standard_normal((len(labels), WIDTH))
    rate, iterations = (GREATER_RATE, LONGER) if longer else (RATE[method], ITERATIONS)
    share = len(labels) if objective["reduction"] == "mean" else 1
    problem: dict[str, Any] = {
        "objective": {**objective, "l2": PENALTY / share if objective["l2"] else 0.0},
        "optimizer": {**cases.optimizer(method), "learning_rate": rate * share},
    }
    sizes = (*[WIDTH] * layers, classes)
    recipe: Recipe = {
        **cases.recipe(sizes, activation, **problem),
        "initialization": NEARLY_ZERO,
        "iterations": iterations,
    }
    fit = {"inputs": inputs, "labels": labels, "experiment": recipe, "seed": int(random.integers(2**31))}
    subject.check("fit", fit)
    if subject.description.initialization == "own":
        raise Unsupported("with an initialization of its own, a fit does not begin near 0")

    start: Any = nearly_zero(sizes, activation, exact)
    problem.update(inputs=inputs, labels=labels, iterations=iterations, batches=None)
    end = exact.train(network=start, **problem)["network"]
    points = points_near_boundaries(values(end), random)
    scores = exact.forward(network=end, inputs=points)["scores"]
    assert_fit_predicts(subject, fit, points, scores)


def nearly_zero(sizes: tuple[int, ...], activation: str, exact: Exact) -> dict[str, Any]:
    """The initial network: weights of 0 with an error, and biases of 0."""
    zeros = cases.zero_velocity(sizes)
    reach = DEVIATIONS * NEARLY_ZERO["scale"]
    return {
        "weights": [
            Bounded(array, np.full(array.shape, reach), exact.precision) for array in zeros["weights"]
        ],
        "biases": [Bounded(array, array, exact.precision) for array in zeros["biases"]],
        "activation": activation,
    }


def values(network: Any) -> Network:
    """A network of Bounded arrays without their errors."""
    return {
        "weights": [array.value for array in network["weights"]],
        "biases": [array.value for array in network["biases"]],
        "activation": network["activation"],
    }
