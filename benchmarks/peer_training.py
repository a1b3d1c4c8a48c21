"""Checks of steps, losses and whole trainings: torchtest's, the loss at chance, and overfitting a few examples.

The rules are from these sources; no code of theirs is used.

- torchtest: suriyadeepan/torchtest, torchtest/torchtest.py at 66a2c8b669aa. After one training step no array of
  parameters is what it was; the model's outputs lie between −1 and 1, or between limits that a user gives; none is
  NaN; not all of them are infinite (assert_never_inf fails if *no* number is finite, whatever its message says).
- CS231n: cs231n/cs231n.github.io, neural-networks-3.md at 3d84654b1460, "Before learning: sanity checks". With small
  weights and no penalty the mean loss of K classes is ln K; a stronger penalty gives a greater loss; a network reaches
  "zero cost" on about 20 examples without a penalty. The notes give no tolerance: here it is 1 % of ln K for both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from peer_cases import NETWORKS, Case, Check, Measure, Program, above, gradient_descent, momentum

from nnspec.reference.values import Array, Optimizer

TORCHTEST = "torchtest"
CHANCE = "initial loss ≈ ln K"
OVERFIT = "overfitting 20 examples"

#: What CS231n's "zero cost" and "the loss at chance" may be away from the number, as a share of ln K.
SHARE = 0.01
#: How many examples are overfitted, and in how many iterations.
FEW, ITERATIONS = 20, 400


def training_checks() -> Iterator[Check]:
    """All of these checks."""
    yield from torchtest_checks()
    yield from chance_checks()
    yield from overfit_checks()


# ---- torchtest ----


def torchtest_checks() -> Iterator[Check]:
    """The variables change; outputs are in range, not NaN and not infinite."""
    for seed, network in enumerate(NETWORKS):
        for reduction, l2, examples in (("mean", 0.0, 7), ("sum", 0.1, 20)):
            case = replace(network, reduction=reduction, l2=l2, examples=examples, seed=seed)
            for optimizer in (gradient_descent(case.rate), momentum(case.rate)):
                about = f"variables change by {optimizer['method']}: {case}"
                yield Check(TORCHTEST, about, ("train",), variables_stay(case, optimizer), bool)
        small = replace(network, seed=seed, scale=0.1, biases=0.0)
        pixels = replace(network, seed=seed, inputs=100.0)
        for about, outputs, needs in (
            ("scores", scores, ("forward",)),
            ("probabilities", probabilities, ("forward", "softmax")),
        ):
            low = -1 if outputs is scores else 0
            yield Check(TORCHTEST, f"range of {about}: {small}", needs, outside(outputs, small, low), bool)
            for case in (replace(network, seed=seed), pixels):
                yield Check(TORCHTEST, f"NaN in {about}: {case}", needs, has_nan(outputs, case), bool)
                yield Check(TORCHTEST, f"infinite {about}: {case}", needs, is_infinite(outputs, case), bool)


def variables_stay(case: Case, optimizer: Optimizer) -> Measure:
    """Whether any array of parameters is bit for bit the same after a step."""

    def measure(program: Program) -> bool:
        arguments = case.arguments()
        before = parameters(arguments["network"], copy=True)
        trained = program.train(**arguments, optimizer=optimizer, iterations=1, batches=None)
        pairs = zip(before, parameters(trained["network"]), strict=True)
        return bool(any(np.array_equal(old, new) for old, new in pairs))

    return measure


def parameters(network: Any, *, copy: bool = False) -> list[Array]:
    """All weights and biases."""
    return [np.array(a, copy=copy or None) for a in (*network["weights"], *network["biases"])]


def scores(program: Program, case: Case) -> Array:
    """What the last layer gives."""
    arguments = case.arguments()
    return np.asarray(program.forward(network=arguments["network"], inputs=arguments["inputs"])["scores"])


def probabilities(program: Program, case: Case) -> Array:
    """Softmax of the scores."""
    return np.asarray(program.softmax(scores=scores(program, case)))


Outputs = Callable[[Program, Case], Array]


def outside(outputs: Outputs, case: Case, low: float) -> Measure:
    """Whether any output is not between low and 1."""

    def measure(program: Program) -> bool:
        found = outputs(program, case)
        return bool(not ((found > low).all() and (found < 1).all()))

    return measure


def has_nan(outputs: Outputs, case: Case) -> Measure:
    """Whether any output is NaN."""
    return lambda program: bool(np.isnan(outputs(program, case)).any())


def is_infinite(outputs: Outputs, case: Case) -> Measure:
    """Whether no output is finite."""
    return lambda program: bool(not np.isfinite(outputs(program, case)).any())


# ---- the loss at chance ----


def chance_checks() -> Iterator[Check]:
    """The loss at small weights, and with a stronger penalty."""
    for seed, activation in enumerate(("relu", "tanh", "logistic")):
        for sizes in ((4, 2), (4, 6, 3), (4, 6, 5, 10)):
            for reduction, examples in (("mean", 1), ("mean", 7), ("mean", 100), ("sum", 7), ("sum", 100)):
                case = Case(sizes, activation, reduction, 0.0, examples, seed, scale=0.01, biases=0.0)
                strong = replace(case, l2=1.0, scale=1.0)
                for look, needs, without in (
                    (objective, ("loss",), ()),
                    (first_loss, ("train",), ("loss",)),
                ):
                    yield Check(
                        CHANCE, f"ln K: {case}", needs, from_chance(look, case), above(SHARE), without
                    )
                    measure = falls_with_the_penalty(look, strong)
                    yield Check(CHANCE, f"a penalty adds: {strong}", needs, measure, bool, without)


Loss = Callable[[Program, Case], float]


def objective(program: Program, case: Case) -> float:
    """What ``loss`` answers."""
    return float(program.loss(**case.arguments()))


def first_loss(program: Program, case: Case) -> float:
    """The first loss that ``train`` lists."""
    optimizer = gradient_descent(case.rate)
    trained = program.train(**case.arguments(), optimizer=optimizer, iterations=1, batches=None)
    return float(trained["losses"][0])


def from_chance(look: Loss, case: Case) -> Measure:
    """The distance of the loss per example from ln K, as a share of ln K."""
    examples, chance = case.examples if case.reduction == "sum" else 1, math.log(case.sizes[-1])
    return lambda program: abs(look(program, case) / examples - chance) / chance


def falls_with_the_penalty(look: Loss, case: Case) -> Measure:
    """Whether the loss with a penalty is not greater than without."""
    return lambda program: bool(not look(program, case) > look(program, replace(case, l2=0.0)))


# ---- overfitting ----


def overfit_checks() -> Iterator[Check]:
    """Trainings on 20 examples with random labels, which end at a loss of nearly 0 and with all labels right."""
    for seed, activation in enumerate(("relu", "tanh", "logistic")):
        for reduction, method, batched in (
            ("mean", "gradient_descent", False),
            ("sum", "momentum", True),
        ):
            case = Case((10, 30, 3), activation, reduction, 0.0, FEW, seed)
            optimizer = optimizer_of(method, case, batched)
            about = f"{method}, {'minibatches' if batched else 'all at once'}: {case}"
            left = what_is_left(case, optimizer, batched)
            yield Check(OVERFIT, f"loss, {about}", ("train",), left, loss_is_left)
            yield Check(OVERFIT, f"labels, {about}", ("train", "predict"), left, errors_are_left)
        fitted = fit_errors(Case((10, 30, 3), activation, "mean", 0.0, FEW, seed))
        yield Check(OVERFIT, f"labels after fit: {activation}", ("fit", "predict"), fitted, bool)


#: With these, correct programs reach a loss of nearly 0 in the iterations that they get.
RATES = {"gradient_descent": 2.0, "momentum": 0.2}


def optimizer_of(method: str, case: Case, batched: bool) -> Optimizer:
    """The optimizer for this method, with a rate for the mean or for the sum over a batch."""
    size = 1 if case.reduction == "mean" else FEW // 4 if batched else FEW
    rate = RATES[method] / size
    return gradient_descent(rate) if method == "gradient_descent" else momentum(rate)


def what_is_left(case: Case, optimizer: Optimizer, batched: bool) -> Measure:
    """The mean of the last four losses per example, as a share of ln K, and how many labels are wrong in the end."""
    quarters = np.split(np.arange(FEW), 4)
    batches = [quarters[i % 4] for i in range(ITERATIONS)] if batched else None
    size = 1 if case.reduction == "mean" else FEW // 4 if batched else FEW

    def measure(program: Program) -> tuple[float, int]:
        arguments = case.arguments()
        trained = program.train(**arguments, optimizer=optimizer, iterations=ITERATIONS, batches=batches)
        loss = float(np.mean(trained["losses"][-4:])) / size / math.log(case.sizes[-1])
        network = {**trained["network"], "activation": case.activation}
        predicted = program.predict(network=network, inputs=arguments["inputs"])
        return loss, int((np.asarray(predicted) != arguments["labels"]).sum())

    return measure


def loss_is_left(left: tuple[float, int]) -> bool:
    """Whether the loss is not nearly 0."""
    return not left[0] <= SHARE


def errors_are_left(left: tuple[float, int]) -> bool:
    """Whether any label is wrong."""
    return left[1] > 0


def fit_errors(case: Case) -> Measure:
    """How many labels a fit of the examples gets wrong."""
    recipe = {
        "sizes": list(case.sizes),
        "activation": case.activation,
        "initialization": {"scale": 1.0, "fan_in": True, "biases": "zeros"},
        "objective": {"reduction": case.reduction, "l2": 0.0},
        "optimizer": gradient_descent(RATES["gradient_descent"]),
        "iterations": ITERATIONS,
        "batch_size": None,
    }

    def measure(program: Program) -> float:
        arguments = case.arguments()
        inputs, labels = arguments["inputs"], arguments["labels"]
        network = program.fit(inputs=inputs, labels=labels, experiment=recipe, seed=0)
        return int((np.asarray(program.predict(network=network, inputs=inputs)) != labels).sum())

    return measure
