"""The checks of TheDeepChecker, other than that of gradients, by its rules and its default constants.

Source: Ben Braiek and Khomh, "Testing Feedforward Neural Networks Training Programs", TOSEM 2022, and their tool
thedeepchecker/thedeepchecker at d0a2b3a5339b: deep_checker/checkers.py, hooks.py, metrics.py, config/settings.yaml. No
code of theirs is used. A warning of the tool is a failure here.

Left out: what documents' programs do not have (data augmentation, dropout or another mode for testing, regression), the
dependence on the data (the tool asks for it only where a loss is not finite, and after such a loss it has returned),
and stopping as soon as all labels are right. The tool watches its own train operation; here ``train`` is called for
one iteration at a time, so with gradient descent alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from peer_cases import Case, Check, Measure, Program, gradient_descent
from peer_monitor import (
    CURVE_NAMES,
    GRADIENT_NAMES,
    OUTPUT_NAMES,
    PARAMETER_NAMES,
    corrupted_warnings,
    curve_warnings,
    given,
    gradient_warnings,
    output_warnings,
    parameter_warnings,
)

from nnspec.documents.experiments import DATA
from nnspec.reference.values import Array, Network

PEER = "TheDeepChecker's other checks"
ACTIVATIONS = ("relu", "tanh", "logistic")
SIZES = (6, 20, 3)
RATE = 0.5
#: The critical value of its F test at its level of 0.1.
F_CRITICAL = 2.70554


def deepchecker_checks() -> Iterator[Check]:
    """All of these checks: before, during and after training."""
    for operation in DATA:
        yield from warnings_of(f"data of {operation}", (operation,), data_warnings(operation), DATA_NAMES)
    for seed, activation in enumerate(ACTIVATIONS):
        for name, needs, measure, names, without in (
            ("initial parameters", ("initialize",), initial_warnings, INITIAL_NAMES, ()),
            ("initial loss", ("loss",), loss_warnings, LOSS_NAMES, ()),
            ("initial loss", ("train",), first_loss_warnings, LOSS_NAMES, ("loss",)),
            ("instances", ("forward", "softmax"), instance_warnings, ("other examples matter",), ()),
        ):
            about = f"{name}, {activation}"
            yield from warnings_of(about, needs, measure(activation, seed), names, without)
        batch, about = batch_warnings(activation, seed), f"one batch, {activation}"
        yield from warnings_of(about, ("train",), batch, ("loss not finite", "loss of 0"))
        yield from warnings_of(about, ("train", "predict"), batch, ("underfitting",))
        for name, calls, watch, found, number in (
            ("parameters", ("train",), parameter_warnings, PARAMETER_NAMES, 50),
            ("losses", ("train", "predict"), curve_warnings, CURVE_NAMES, 50),
            ("gradients", ("train", "gradients"), gradient_warnings, GRADIENT_NAMES, 50),
            ("outputs", ("train", "forward", "softmax"), output_warnings, OUTPUT_NAMES, 50),
            ("labels", ("train",), corrupted_warnings, ("corrupted labels",), 128),
        ):
            measured = watch(partial(training, activation, seed, number, 1))
            yield from warnings_of(f"{name} while training, {activation}", calls, measured, found)


def warnings_of(
    about: str,
    needs: tuple[str, ...],
    measure: Measure,
    names: Sequence[str],
    without: tuple[str, ...] = (),
) -> Iterator[Check]:
    """A check for each warning that a measure may give."""
    for name in names:
        yield Check(PEER, f"{name}: {about}", needs, measure, names_it(name), without)


def names_it(name: str) -> Callable[[Any], bool]:
    """Whether a warning of this name is given."""
    return lambda warnings: name in warnings


# ---- what the tool runs on ----


def examples(number: int, seed: int) -> tuple[Array, Array]:
    """Inputs from 0 to 1 around a point for each class, as many of each class."""
    random = np.random.default_rng(seed)
    centres = random.random((SIZES[-1], SIZES[0]))
    labels = np.repeat(np.arange(SIZES[-1]), number // SIZES[-1])
    inputs = centres[labels] + 0.1 * random.standard_normal((len(labels), SIZES[0]))
    return (inputs - inputs.min()) / (inputs.max() - inputs.min()), labels


def start(activation: str, seed: int) -> Network:
    """A network that starts as the tool wishes for its activation: by He, by Glorot or by LeCun."""
    network = Case(SIZES, activation, seed=seed, biases=0.0).network(np.random.default_rng(seed))
    pairs = zip(network["weights"], SIZES[:-1], SIZES[1:], strict=True)
    network["weights"] = [
        {"relu": 2, "tanh": 2 * d / (d + k), "logistic": 1}[activation] ** 0.5 * weights
        for weights, d, k in pairs
    ]
    return network


def training(activation: str, seed: int, number: int, iterations: int) -> dict[str, Any]:
    """The arguments of ``train``."""
    inputs, labels = examples(number, seed)
    return {
        "network": start(activation, seed),
        "inputs": inputs,
        "labels": labels,
        "objective": {"reduction": "mean", "l2": 1e-4},
        "optimizer": gradient_descent(RATE),
        "iterations": iterations,
        "batches": None,
    }


# ---- before training ----

DATA_NAMES = ("constant", "not normalized", "labels unbalanced")


def data_warnings(operation: str) -> Measure:
    """Of a data set: constant, neither from 0 or −1 to 1 nor standardized, or unbalanced."""

    def measure(program: Program) -> set[str]:
        data = getattr(program, operation)(**DATA[operation]())
        inputs, shares = np.asarray(data["inputs"]), np.bincount(data["labels"]) / len(data["labels"])
        scaled = near(inputs.max(), 1) and (near(inputs.min(), 0) or near(inputs.min(), -1))
        standardized = near(inputs.std(), 1) and near(inputs.mean(), 0)
        perplexity = np.exp(-sum(share * np.log(share) for share in shares if share))
        return given(
            constant=inputs.std() == 0,
            not_normalized=not (scaled or standardized),
            labels_unbalanced=(perplexity - 1) / (len(shares) - 1) < 0.5,
        )

    return measure


def near(value: float, other: float) -> bool:
    """Within its 1e-2, which is absolute."""
    return bool(abs(value - other) <= 1e-2)


INITIAL_NAMES = ("weights all alike", "weights of another size", "biases not 0")


def initial_warnings(activation: str, seed: int) -> Measure:
    """Of weights N(0, 1/fan-in) and biases of 0 that ``initialize`` makes."""

    def measure(program: Program) -> set[str]:
        network = program.initialize(**initialization(activation, seed))
        return given(
            weights_all_alike=any(np.var(w) <= 1e-8 for w in network["weights"]),
            weights_of_another_size=not all(has_its_size(w, activation) for w in network["weights"]),
            biases_not_0=any(np.sum(b) != 0 for b in network["biases"]),
        )

    return measure


def initialization(activation: str, seed: int) -> dict[str, Any]:
    """The arguments of ``initialize``."""
    normals = Case(SIZES, activation, seed=seed).network(np.random.default_rng(seed))
    weights = [w * np.sqrt(fan_in) for w, fan_in in zip(normals["weights"], SIZES[:-1], strict=True)]
    return {
        "normals": {"weights": weights, "biases": normals["biases"]},
        "sizes": list(SIZES),
        "activation": activation,
        "initialization": {"scale": 1.0, "fan_in": True, "biases": "zeros"},
    }


def has_its_size(weights: Array, activation: str) -> bool:
    """Whether an F test accepts the variance by He, by Glorot or by LeCun, as suits the activation."""
    fan_in, fan_out = weights.shape
    variances = {"relu": 2 / fan_in, "tanh": 2 / (fan_in + fan_out), "logistic": 1 / fan_in}
    return accepts_variance(weights, variances[activation])


def accepts_variance(values: Array, variance: float) -> bool:
    """Its F test."""
    ratio = np.var(values) / variance
    return bool(max(ratio, 1 / ratio) <= F_CRITICAL) if ratio > 0 else False


LOSS_NAMES = ("loss grows with the batch", "initial loss far from chance")


def loss_warnings(activation: str, seed: int) -> Measure:
    """Of the loss of 128 initial examples, and of these twice, four and eight times."""
    return _loss_warnings(activation, seed, lambda program, arguments: float(program.loss(**arguments)))


def first_loss_warnings(activation: str, seed: int) -> Measure:
    """The same of the first loss that ``train`` lists."""
    rest = {"optimizer": gradient_descent(RATE), "iterations": 1, "batches": None}
    return _loss_warnings(
        activation, seed, lambda program, arguments: float(program.train(**arguments, **rest)["losses"][0])
    )


def _loss_warnings(activation: str, seed: int, loss: Callable[[Program, dict[str, Any]], float]) -> Measure:
    def measure(program: Program) -> set[str]:
        def of_copies(copies: int) -> float:
            arguments = training(activation, seed, 128, 1)
            inputs, labels = np.tile(arguments["inputs"], (copies, 1)), np.tile(arguments["labels"], copies)
            names = ("network", "objective")
            kept = {name: arguments[name] for name in names}
            return loss(program, {**kept, "inputs": inputs, "labels": labels})

        losses = [of_copies(copies) for copies in (2, 4, 8)]
        chance = np.log(SIZES[-1])
        return given(
            loss_grows_with_the_batch=all(np.rint(losses[i + 1] / losses[i]) == 2 for i in range(2)),
            initial_loss_far_from_chance=not abs(of_copies(1) - chance) < 1.0 * chance,
        )

    return measure


def batch_warnings(activation: str, seed: int) -> Measure:
    """Of 1000 iterations on 16 examples: their losses, and more than 5 % of the labels wrong afterwards."""

    def measure(program: Program) -> set[str]:
        arguments = training(activation, seed, 16, 1000)
        trained = program.train(**arguments)
        losses = np.asarray(trained["losses"], float)
        least, smooth = losses.min(), smoothness(losses) > 0.95
        return given(
            loss_not_finite=not np.isfinite(losses).all(),
            loss_of_0=least <= 1e-8 or (least <= 1e-5 and smooth),
            underfitting=wrong_share(program, trained, arguments) > 0.05,
        )

    return measure


def wrong_share(program: Program, trained: dict[str, Any], arguments: dict[str, Any]) -> float:
    """The share of wrong labels after a training."""
    network = {**trained["network"], "activation": arguments["network"]["activation"]}
    predicted = np.asarray(program.predict(network=network, inputs=arguments["inputs"]))
    return float(np.mean(predicted != arguments["labels"]))


def smoothness(losses: Array) -> float:
    """One less the share of the places where a rise follows a fall or a fall a rise."""
    rises = losses[1:] / losses[:-1] > 1
    return 1 - np.count_nonzero(rises[1:] != rises[:-1]) / len(losses)


def instance_warnings(activation: str, seed: int) -> Measure:
    """Whether the probabilities of an example change with the other 31 of its batch; the tool asks their gradient."""

    def measure(program: Program) -> set[str]:
        inputs, _ = examples(33, seed)
        network, random = start(activation, seed), np.random.default_rng(seed)
        outputs = []
        for _ in range(10):
            scores = program.forward(network=network, inputs=inputs.copy())["scores"]
            outputs.append(np.array(program.softmax(scores=scores))[0])
            inputs[1:] += 0.1 * random.standard_normal(inputs[1:].shape)
        return given(other_examples_matter=max(np.ptp(outputs, axis=0)) > 1e-12)

    return measure
