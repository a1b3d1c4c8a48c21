"""What TheDeepChecker watches while a program trains on 50 examples, and its check of labels after training.

The rules and constants are those of deep_checker/hooks.py, metrics.py and config/settings.yaml at d0a2b3a5339b; see
peer_deepchecker.py. Its checks of growth look at the last five of its own values: of each iteration for parameters and
gradients, of each period of ten iterations for losses.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from peer_cases import Measure, Program

from nnspec.reference.values import Array

#: Iterations between its checks, from the tenth on, and how many values a check of growth looks at.
PERIOD, WINDOW = 10, 5
ITERATIONS = 100
#: Makes the arguments of ``train``, anew for each program.
Make = Callable[[], dict[str, Any]]


def watched(program: Program, arguments: dict[str, Any]) -> Iterator[tuple[float, dict[str, Any]]]:
    """The loss before each iteration, and the arguments of ``train`` after it."""
    activation = arguments["network"]["activation"]
    for _ in range(ITERATIONS):
        trained = program.train(**arguments)
        network = trained["network"]
        kinds = {kind: [np.array(array) for array in network[kind]] for kind in ("weights", "biases")}
        arguments = {**arguments, "network": {**kinds, "activation": activation}}
        yield float(trained["losses"][0]), arguments


def given(**found: Any) -> set[str]:
    """The names of the warnings that are given, such as "dead weights" for dead_weights=True."""
    return {name.replace("_", " ") for name, is_given in found.items() if is_given}


def checked(iteration: int) -> bool:
    """Whether it checks after this iteration."""
    return iteration >= PERIOD and iteration % PERIOD == 0


def ratios(values: Sequence[float] | Array) -> Array:
    """The growth from each of the last values to the next; empty before there are five."""
    if len(values) < WINDOW:
        return np.empty(0)
    last = np.array(values[-WINDOW:])
    return last[1:] / last[:-1]


def grows(values: Sequence[float] | Array) -> bool:
    """Whether the last values double each time."""
    found = ratios(values)
    return bool(len(found) and (found >= 2).all())


def magnitude(array: Array) -> float:
    """The mean of the absolute values."""
    return float(np.mean(np.abs(array)))


# ---- parameters ----

PARAMETER_NAMES: tuple[str, ...] = (
    *("parameters not finite", "weights nearly all negative", "weights nearly all 0", "parameters diverge"),
    *("weights untrained", "weights too fast", "weights too slow"),
)


def parameter_warnings(make: Make) -> Measure:
    """Of the parameters after each iteration, and of the size of the updates."""

    def measure(program: Program) -> set[str]:
        arguments = make()
        warnings: set[str] = set()
        networks = [arguments["network"], *(after["network"] for _, after in watched(program, arguments))]
        for kind in ("weights", "biases"):
            for layer in range(len(arguments["network"][kind])):
                arrays = [network[kind][layer] for network in networks]
                warnings |= array_warnings(arrays[1:], weights=kind == "weights")
                if kind == "weights":
                    warnings |= update_warnings(arrays)
        return warnings

    return measure


def array_warnings(arrays: list[Array], *, weights: bool) -> set[str]:
    """Of an array of parameters after each iteration."""
    warnings = given(parameters_not_finite=not all(np.isfinite(array).all() for array in arrays))
    magnitudes = [magnitude(array) for array in arrays]
    for iteration, array in enumerate(arrays):
        if checked(iteration):
            warnings |= given(
                weights_nearly_all_negative=weights and np.mean(array < 0) > 0.95,
                weights_nearly_all_0=weights and np.mean(np.abs(array) < 1e-5) > 0.95,
                parameters_diverge=magnitudes[iteration] > 1e8 or grows(magnitudes[: iteration + 1]),
            )
    return warnings


def update_warnings(arrays: list[Array]) -> set[str]:
    """Of log10 of the size of an update as a share of that of the weights, averaged over each period."""
    shares = [
        magnitude(new - old) / magnitude(old) for old, new in itertools.pairwise(arrays) if magnitude(old)
    ]
    logarithms = [np.log10(share) if share > 0 else 0.0 for share in shares]
    means = [
        np.mean(logarithms[place : place + PERIOD]) for place in range(1, len(logarithms) - PERIOD, PERIOD)
    ]
    return given(
        weights_untrained=any(mean == 0 for mean in means),
        weights_too_fast=any(mean > -1 for mean in means if mean),
        weights_too_slow=any(mean < -4 for mean in means),
    )


# ---- losses ----

CURVE_NAMES: tuple[str, ...] = (
    "loss stagnates",
    "loss diverges",
    "loss fluctuates",
    "loss says nothing of the labels",
)


def curve_warnings(make: Make) -> Measure:
    """Of the mean losses of each period, and of how they go with the share of right labels."""

    def measure(program: Program) -> set[str]:
        arguments = make()
        losses, shares = [], []
        for loss, after in watched(program, arguments):
            losses.append(loss)
            predicted = program.predict(network=after["network"], inputs=after["inputs"])
            shares.append(np.mean(np.asarray(predicted) == after["labels"]))
        means, right = (np.reshape(values, (-1, PERIOD)).mean(axis=1) for values in (losses, shares))
        warnings: set[str] = set()
        for number in range(1, len(means) + 1):
            warnings |= loss_warnings(means[:number]) | share_warnings(means[:number], right[:number])
        return warnings

    return measure


def loss_warnings(losses: Array) -> set[str]:
    """Of the losses up to a period."""
    falls = 1 - ratios(losses)
    rises = losses[1:] / losses[:-1] > 1
    changes = np.count_nonzero(rises[1:] != rises[:-1])
    return given(
        loss_stagnates=len(falls) and (falls < 0.05).all(),
        loss_diverges=grows(losses),
        loss_fluctuates=1 - changes / len(losses) < 0.5,
    )


def share_warnings(losses: Array, shares: Array) -> set[str]:
    """Whether the loss and the share of right labels hardly correlate."""
    if len(losses) < 3:
        return set()
    return given(loss_says_nothing_of_the_labels=abs(np.corrcoef(losses, shares)[1, 0]) < 0.5)


# ---- gradients ----

GRADIENT_NAMES: tuple[str, ...] = (
    "gradients not finite",
    "gradients vanish",
    "gradients explode",
    "penalty overwhelms",
)


def gradient_warnings(make: Make) -> Measure:
    """Of the gradients on the weights after each iteration, and of the penalty's share in them."""

    def measure(program: Program) -> set[str]:
        arguments = make()
        warnings: set[str] = set()
        magnitudes: list[list[float]] = [[] for _ in arguments["network"]["weights"]]
        shares: list[list[float]] = [[] for _ in arguments["network"]["weights"]]
        for iteration, (_, after) in enumerate(watched(program, arguments)):
            given_to = {name: after[name] for name in ("network", "inputs", "labels", "objective")}
            whole = program.gradients(**given_to)["weights"]
            data = program.gradients(**{**given_to, "objective": {**after["objective"], "l2": 0.0}})[
                "weights"
            ]
            for layer, (both, alone) in enumerate(zip(whole, data, strict=True)):
                magnitudes[layer].append(magnitude(both))
                norm = np.linalg.norm(np.subtract(both, alone)) / (np.linalg.norm(both) + 1e-16)
                shares[layer].append(float(norm))
                warnings |= growth_warnings(magnitudes[layer], iteration)
                warnings |= given(
                    penalty_overwhelms=iteration >= WINDOW and min(shares[layer][-WINDOW:]) >= 2
                )
        return warnings

    return measure


def growth_warnings(magnitudes: list[float], iteration: int) -> set[str]:
    """Of the magnitudes of a layer's gradient up to an iteration."""
    last = magnitudes[-1]
    if not np.isfinite(last) or not checked(iteration):
        return given(gradients_not_finite=not np.isfinite(last))
    found = ratios(magnitudes)
    return given(
        gradients_vanish=last < 1e-6 or (len(found) and (found <= 0.5).all()),
        gradients_explode=last > 1e6 or grows(magnitudes),
    )


# ---- activations and outputs ----

OUTPUT_NAMES: tuple[str, ...] = (
    *("activations not finite", "units dead", "units saturated", "activations of another spread"),
    *("outputs not finite", "outputs constant", "outputs no probabilities"),
)


def output_warnings(make: Make) -> Measure:
    """Of the hidden outputs of the last ten iterations, and of the probabilities."""

    def measure(program: Program) -> set[str]:
        arguments = make()
        warnings: set[str] = set()
        buffers: list[list[Array]] = [[] for _ in arguments["network"]["weights"][1:]]
        for iteration, (_, after) in enumerate(watched(program, arguments)):
            forward = program.forward(network=after["network"], inputs=after["inputs"])
            for buffer, hidden in zip(buffers, forward["hidden"], strict=True):
                buffer.append(np.array(hidden))
                if checked(iteration):
                    recent = np.concatenate(buffer[-PERIOD:])
                    warnings |= activation_warnings(arguments["network"]["activation"], recent)
            if checked(iteration):
                warnings |= probability_warnings(np.array(program.softmax(scores=forward["scores"])))
        return warnings

    return measure


def activation_warnings(activation: str, hidden: Array) -> set[str]:
    """Of a layer's outputs."""
    if not np.isfinite(hidden).all():
        return {"activations not finite"}
    spread = hidden.std()
    bound = min(max(spread, 0.5), 2.0)
    ratio = max(spread, bound) ** 2 / max(min(spread, bound) ** 2, 1e-300)
    relu = activation == "relu"
    return given(
        units_dead=relu and np.mean(np.percentile(np.abs(hidden), 95, axis=0) < 1e-5) > 0.5,
        units_saturated=not relu and np.mean([saturation(unit) > 0.85 for unit in hidden.T]) > 0.5,
        activations_of_another_spread=ratio > 2.70554,
    )


def saturation(values: Array) -> float:
    """How far the outputs of a unit lie from one half, in 50 bins from 0 to 1: 1 at both ends."""
    bins = np.digitize(values, np.arange(50) / 50)
    means = [values[bins == place].mean() for place in np.unique(bins)]
    counts = [np.count_nonzero(bins == place) for place in np.unique(bins)]
    return float(np.average(np.abs(2 * np.array(means) - 1), weights=counts))


def probability_warnings(outputs: Array) -> set[str]:
    """Of the outputs for a batch."""
    if not np.isfinite(outputs).all():
        return {"outputs not finite"}
    sums = outputs.sum(axis=1)
    return given(
        outputs_constant=(np.var(outputs, axis=0) == 0).any(),
        outputs_no_probabilities=(outputs < 0).any() or not ((sums > 0.95) & (sums < 1.05)).all(),
    )


# ---- after training ----


def corrupted_warnings(make: Make) -> Measure:
    """Whether the loss hardly changes in 50 passes over the examples in batches of 32."""

    def measure(program: Program) -> set[str]:
        arguments = make()
        number = len(arguments["labels"])
        batches = [np.arange(first, min(first + 32, number)) for first in range(0, number, 32)]
        given_to = {**arguments, "iterations": 50 * len(batches), "batches": 50 * batches}
        losses = np.asarray(program.train(**given_to)["losses"], float)[:: len(batches)]
        patience = 5
        for place, loss in enumerate(losses):
            if loss == 0:
                return set()
            if place < 2:
                continue
            fall = round((losses[place - 1] - loss) / loss, 2)
            patience = patience - int(fall / 0.1) if fall >= 0.1 else 5
            if patience <= 0:
                return set()
        return given(corrupted_labels=abs(np.var(losses[5:])) <= 1e-2)

    return measure
