"""Fits of linear classifiers, whose predictions are right or wrong: the initial weights hardly matter.

The objective of a linear classifier is convex. Where the learning rate is at most 2/L, with L the greatest curvature
of the objective, a step of gradient descent brings no two networks further apart. So a fit from initial weights W₀
ends within ‖W₀‖ of a fit from 0. With a penalty there is one best network, and at a rate of 1/L the distance shrinks by
1 − μm in every iteration, with m the least curvature there.

With momentum, no bound is proved here. The distance never grew in 600 fits without a penalty and 600 with one, from
weights of 0.01 · N(0, 1) and from 0; a factor of 4 is allowed. nnspec.runs.momentum_fits has a bound that is proved.

What a step rounds moves a network like other initial weights, and shrinks like them. So after t steps, rounding has
moved it by at most t times the error of a step, and by at most 1/(μm) times that error if there is a penalty.

The reference trains from 0, and gives the scores of points near the boundaries between the classes. A prediction is
wrong if its score is less than the greatest by more than rounding and W₀ explain.

Where no document has the fit, W₀ is nearly 0, and so hardly anything is left unjudged: under a schedule, with examples
far out, and on minibatches. These are of equal examples. Whichever of them a minibatch holds, the step is the same, so
a fit on minibatches is a fit on the examples of one.

L is at most λ + ½ of the greatest eigenvalue of Σ x xᵀ over the examples, with the 1 that the bias sees in x, and 1/N
of that sum for the mean: the Hessian of log Σ exp is at most ½.

**A fit with an initialization of its own** may start anywhere, and what it starts from is forgotten only where there is
a penalty. So it is asked for the best network alone, and may be as far from it as initial weights and biases N(0, 1)
explain, and a gradient of the mean as small as that at which estimators stop. It may also have one score for two
classes instead of two, which makes the same penalty count twice. So it is not asked for the best of two classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.contract.errors import Unsupported
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement, assert_predicts
from nnspec.judging.boundaries import points_near_boundaries
from nnspec.judging.rounding import WIDEST, Bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.reference import Reference
from nnspec.reference.values import Array, Initialization, Network, Objective, Optimizer, Recipe

#: The greatest norm of the initial weights of this many numbers, in standard deviations: once in 10⁹ fits it is more.
DEVIATIONS = 6.0
#: What is said of a fit whose predictions depend on the seed.
STARTS_ELSEWHERE = (
    "another seed gives other labels: are the initial parameters those of experiment.initialization, of scale {:g}? "
    'If fit has its own, say so in describe: "initialization": "own".'
)
#: How much further apart momentum may bring two networks.
MOMENTUM = 4.0
#: The rate without a penalty, in 1/L: as fast as no two networks get further apart.
FASTEST = 1.9
#: Initial weights that are nearly 0, where no document has the fit.
NEARLY_ZERO: Initialization = {"scale": 1e-8, "fan_in": False, "biases": "zeros"}
#: Where the examples are, and how far they spread in two directions: the bias and the directions are learned one after
#: the other, so that the boundaries turn.
CENTRE, SPREAD = 0.5, (0.5, 0.15)
#: By how much the examples of a class are further out than all others, on the other side.
FAR_OUT = -10.0
#: The inputs of equal examples: so far from 0 that the boundary is among the points that are looked at.
EQUAL = (1.0, 2.0)
#: The norm of the gradient of the mean at which a fit with an initialization of its own may stop.
STOPS = 1e-3


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


def labels_of(classes: int) -> tuple[int, ...]:
    """Five examples of the first class, and one of every other; of two classes, two of the second."""
    return (*[0] * 5, 1, *(range(2, classes) or [1]))


def assert_fits_linearly(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    optimizer: Optimizer,
    iterations: int,
    classes: int,
    few_labels: Sequence[int] = (),
    dtype: str = "int64",
) -> None:
    """A fit of random examples predicts the right classes near the boundaries between them.

    The learning rate is replaced by 1/L, half of it with momentum, and nearly 2/L for gradient descent without a
    penalty. few_labels: the labels in any order, or ``labels_of`` the classes.
    """
    __tracebackhide__ = True
    labels = random.permutation(few_labels or labels_of(classes)).astype(dtype)
    problem = {"inputs": random_inputs(len(labels), random), "labels": labels, "objective": objective}
    recipe = cases.recipe((2, classes), activation, objective, optimizer)
    recipe["iterations"] = iterations
    if optimizer["schedule"] is not None:  # no document has a linear classifier with one
        recipe["initialization"] = NEARLY_ZERO
    _assert_ends_right(subject, exact, random, problem, recipe)


def assert_fits_examples_far_out(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    optimizer: Optimizer,
    classes: int,
) -> None:
    """A fit predicts the right classes if the examples of class 1 are so far out that they are soon certain."""
    __tracebackhide__ = True
    labels = random.permutation(labels_of(classes))
    inputs = random_inputs(len(labels), random)
    inputs[labels == 1] *= FAR_OUT
    problem = {"inputs": inputs, "labels": labels, "objective": objective}
    recipe = cases.recipe((2, classes), activation, objective, optimizer)
    recipe["iterations"], recipe["initialization"] = 30, NEARLY_ZERO
    _assert_ends_right(subject, exact, random, problem, recipe)


def assert_fits_equal_examples(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    optimizer: Optimizer,
    classes: int,
    *,
    short: bool = False,
) -> None:
    """A fit on minibatches of two of six equal examples predicts the right classes near the boundary.

    short: of three, so that the last minibatch of a pass has one; the objective is a mean then.
    """
    __tracebackhide__ = True
    inputs, labels = random.uniform(*EQUAL, (1, 2)), random.integers(classes, size=1)
    alike = 1 if short else 2
    problem = {"inputs": inputs.repeat(alike, axis=0), "labels": labels.repeat(alike), "objective": objective}
    recipe = cases.recipe((2, classes), activation, objective, optimizer, 2)
    recipe["iterations"], recipe["initialization"] = 6, NEARLY_ZERO
    _assert_ends_right(subject, exact, random, problem, recipe, times=3)


def _assert_ends_right(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    problem: dict[str, Any],
    recipe: Recipe,
    times: int = 1,
) -> None:
    """A fit of this problem, with each example so many times, predicts as the reference does, trained from 0.

    problem: inputs, labels and objective of every iteration.
    """
    __tracebackhide__ = True
    inputs, labels, objective = problem["inputs"], problem["labels"], problem["objective"]
    optimizer, rate = recipe["optimizer"], gentle_rate(inputs, objective)
    if optimizer["method"] == "momentum":
        rate /= 2
    elif not objective["l2"]:
        rate *= FASTEST
    optimizer = {**optimizer, "learning_rate": rate}
    sizes, iterations = tuple(recipe["sizes"]), recipe["iterations"]
    fit = {
        "inputs": np.tile(inputs, (times, 1)),
        "labels": np.tile(labels, times),
        "experiment": {**recipe, "optimizer": optimizer},
        "seed": int(random.integers(2**31)),
    }
    subject.check("fit", fit)
    own = subject.description.initialization == "own"
    if own:
        _check_independent_of_the_start(recipe)

    zeros: Network = {**cases.zero_velocity(sizes), "activation": recipe["activation"]}
    training: dict[str, Any] = {**problem, "optimizer": optimizer, "batches": None}
    exactly = {**training, "inputs": inputs.astype(WIDEST)}
    right = Reference().train(network=wide(zeros), iterations=iterations, **exactly)["network"]

    least = least_curvature(right, inputs, objective) if optimizer["schedule"] is None else 0.0
    shrinks = rate * least
    steps = [exact.train(network=start, iterations=1, **training) for start in (zeros, right)]
    rounding = max(error_norm(step["network"]) for step in steps)
    start_norm = own_norm(sizes) if own else initial_norm(sizes, recipe["initialization"])
    moved = start_norm * (1 - shrinks) ** iterations
    moved += rounding * min(iterations, 1 / shrinks if shrinks else np.inf)
    moved *= MOMENTUM if optimizer["method"] == "momentum" else 1.0
    if own:
        moved += STOPS * (len(labels) if objective["reduction"] == "sum" else 1) / least
    assert_predicts_near(subject, exact, random, fit, right, moved)


def assert_predicts_near(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    fit: dict[str, Any],
    right: Network,
    moved: float,
) -> None:
    """After this fit, the classes near the boundaries are those of ``right``, moved by at most this norm."""
    __tracebackhide__ = True
    points = points_near_boundaries(right, random)
    scores = exact.forward(network=right, inputs=points)["scores"]
    # the difference of two scores moves by √2 of this, and assert_predicts allows for both
    reach = moved * np.sqrt((points**2).sum(axis=1, keepdims=True) + 1) / np.sqrt(2)
    judged = Bounded(scores.value, scores.error + reach, scores.precision)
    assert_fit_predicts(subject, fit, points, judged)


def assert_fit_predicts(subject: Subject, fit: dict[str, Any], points: Array, scores: Bounded) -> None:
    """After this fit, the class of each point is the one with the greatest score.

    The error says so if a fit with another seed predicts otherwise.
    """
    __tracebackhide__ = True
    labels = subject.predict(network=subject.fit(**fit), inputs=points)
    try:
        assert_predicts(labels, scores, "predict after fit")
    except Disagreement as wrong:
        others = subject.predict(network=subject.fit(**{**fit, "seed": fit["seed"] + 1}), inputs=points)
        highest = np.sort(scores.value, axis=1)
        known = highest[:, -1] - highest[:, -2] > 2 * scores.error.max(axis=1)
        if (labels != others)[known].any():
            wrong.finding = STARTS_ELSEWHERE.format(fit["experiment"]["initialization"]["scale"])
        raise


def _check_independent_of_the_start(recipe: Recipe) -> None:
    """Raise Unsupported for a fit that ends elsewhere if it has an initialization of its own."""
    if not recipe["objective"]["l2"] or recipe["initialization"] == NEARLY_ZERO:
        raise Unsupported("with an initialization of its own, a fit may be elsewhere on the way")
    if recipe["sizes"][-1] == 2:
        raise Unsupported("with an initialization of its own, a fit may have one score for two classes")


def random_inputs(examples: int, random: np.random.Generator) -> Array:
    """Inputs (N, 2)."""
    drawn: Array = CENTRE + random.standard_normal((examples, 2)) * SPREAD
    return drawn


def initial_norm(sizes: Sequence[int], initialization: Initialization) -> float:
    """The greatest norm that initial weights have."""
    return float(initialization["scale"] * (np.sqrt(sizes[0] * sizes[1]) + DEVIATIONS))


def own_norm(sizes: Sequence[int]) -> float:
    """The greatest norm that weights and biases N(0, 1) have."""
    return float(np.sqrt((sizes[0] + 1) * sizes[1]) + DEVIATIONS)


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
