"""Calls that had no part in finding an explanation, by which it is held: other sizes, and everything at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.data_formulas import DATA_SETS
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import usual_activation
from nnspec.documents.experiments import schedule
from nnspec.judging import cases
from nnspec.reference.values import Array, Optimizer

#: Controls of an operation, and the seed that sets their numbers apart from those of the questions.
COUNT, SEED = 8, 77
#: Examples, iterations, and what scores and inputs are multiplied by, in turn: inputs of units that are hardly
#: saturated, where a derivative is not lost in rounding.
EXAMPLES, ITERATIONS = (5, 1, 9, 2, 14, 3, 6, 4), (3, 6, 1, 4, 2, 5, 3, 2)
SCORES, INPUTS = (1.0, 3.0, 0.3, 6.0), (1.0, 0.3, 0.6)
#: Numbers of layers and of classes, if the program names none.
DEPTHS, CLASSES = (1, 2, 3, 4), (2, 3, 4, 5)
#: Updates of a series.
UPDATES = 4


def controls(operation: str, support: Support) -> Iterator[Measurement]:
    """The controls of an operation."""
    for number in range(COUNT):
        yield Measurement(partial(_answers, Control(number, support), operation))


def control_calls(operation: str, support: Support) -> Iterator[dict[str, Any]]:
    """The arguments of the controls of an operation; none of an update, whose calls need the answers of others."""
    if operation in _ARGUMENTS:
        for number in range(COUNT):
            yield from Control(number, support).arguments(operation)


def _answers(control: Control, operation: str, ask: Ask) -> Parts:
    """The numbers of the answers, by name; without velocities, whose sign and scale are the program's own."""
    if operation == "update":
        return dict(_numbers(control.updates(ask), "update"))
    return dict(_numbers([ask(operation, params) for params in control.arguments(operation)], operation))


def _numbers(value: Any, name: str) -> Iterator[tuple[str, Array]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(part, str):
                yield from _numbers(part, f"{name}.{key}")
    elif isinstance(value, list) and not all(isinstance(part, (int, float)) for part in value):
        for place, part in enumerate(value):
            yield from _numbers(part, f"{name}[{place}]")
    else:
        yield name, np.asarray(value, dtype=float)


class Control:
    """The arguments of one control; ``number`` says which cases it has."""

    def __init__(self, number: int, support: Support) -> None:
        """support: the cases of the program."""
        self._number, self._support = number, support
        self._random = np.random.default_rng([SEED, number])

    def arguments(self, operation: str) -> Iterator[dict[str, Any]]:
        """The arguments of each of its calls."""
        self._random = np.random.default_rng([SEED, self._number])  # the same for every program
        yield from _ARGUMENTS[operation](self, operation)

    def updates(self, ask: Ask) -> list[Any]:
        """The networks after each update of a series."""
        self._random = np.random.default_rng([SEED, self._number])
        sizes, networks = self._sizes(), []
        optimizer, start = self._optimizer(self._number), self._whole(0, 40) * (self._number % 2)
        network: Any = cases.network(self._random, sizes, self._activation())
        velocity: Any = cases.zero_velocity(sizes)
        for iteration in range(start, start + UPDATES):
            params = {"network": network, "gradients": cases.like(self._random, sizes), "velocity": velocity}
            after = ask("update", {**params, "optimizer": optimizer, "iteration": iteration})
            network = {**network, **{kind: after["network"][kind] for kind in ("weights", "biases")}}
            velocity = after["velocity"]
            networks.append(after["network"])
        return networks

    def of_scores(self, operation: str) -> Iterator[dict[str, Any]]:
        """For softmax, the cross-entropy and its gradient."""
        examples, classes = self._turn(EXAMPLES), self._classes()
        scores = self._turn(SCORES) * self._random.standard_normal((examples, classes))
        if operation == "softmax":
            yield {"scores": scores}
        else:
            labels, reduction = self._labels(examples, classes), self._turn(self._support.reductions)
            yield {"scores": scores, "labels": labels, "reduction": reduction}

    def of_activations(self, _: str) -> Iterator[dict[str, Any]]:
        """For the activations and their derivatives."""
        for name in self._support.activations:
            shape = (self._turn(EXAMPLES), self._whole(1, 6))
            yield {"name": name, "z": self._turn(INPUTS) * self._random.standard_normal(shape)}

    def of_networks(self, operation: str) -> Iterator[dict[str, Any]]:
        """For the operations that take a network and inputs; train also an optimizer, iterations and batches."""
        sizes, examples = (
            self._sizes(),
            self._turn(EXAMPLES) + (operation == "predict"),
        )  # one has no deviation
        l2 = float(self._random.uniform(0.05, 0.9)) * (self._support.l2 and self._number % 4 > 0)
        objective = cases.objective(self._turn(self._support.reductions, self._number // 2), l2)
        params = cases.problem(self._random, sizes, self._activation(), objective, examples)
        params["inputs"] = params["inputs"] * self._turn(INPUTS) + 0.5 * (self._number % 2)
        params["labels"] = self._labels(examples, sizes[-1])
        if operation in ("forward", "predict"):
            yield {name: params[name] for name in ("network", "inputs")}
        elif operation == "train":
            iterations = self._turn(ITERATIONS)
            optimizer, batches = self._optimizer(self._number // 2), self._batches(iterations, examples)
            yield {**params, "optimizer": optimizer, "iterations": iterations, "batches": batches}
        else:
            yield params

    def of_initializations(self, _: str) -> Iterator[dict[str, Any]]:
        """For ``initialize``."""
        sizes = self._sizes(least=2)
        biases = ("zeros", "normals")[self._number // 2 % 2]
        scale, fan_in = float(self._random.uniform(0.01, 2)), bool(self._number % 2)
        yield {
            "normals": cases.like(self._random, sizes),
            "sizes": sizes,
            "activation": self._activation(),
            "initialization": {"scale": scale, "fan_in": fan_in, "biases": biases},
        }

    def of_data(self, operation: str) -> Iterator[dict[str, Any]]:
        """For the data sets."""
        if operation == "spiral":
            examples, classes = self._whole(3, 9), self._whole(2, 6)
            normals = self._random.standard_normal(examples * classes)
            yield {"normals": normals, "examples_per_class": examples, "classes": classes}
            return
        examples, noise = self._whole(6, 20), float(self._random.uniform(0, 0.5))
        further = (
            {"order": self._random.permutation(examples)}
            if operation == "moons"
            else {"factor": float(self._random.uniform(0.1, 0.9))}
        )
        normals = self._random.standard_normal((examples, 2))
        yield {"normals": normals, "examples": examples, "noise": noise, **further}

    def _turn(self, options: Sequence[Any], number: int | None = None) -> Any:
        return options[(self._number if number is None else number) % len(options)]

    def _whole(self, low: int, high: int) -> int:
        return int(self._random.integers(low, high))

    def _classes(self) -> int:
        return int(self._random.choice(self._support.classes or CLASSES))

    def _sizes(self, least: int = 1) -> list[int]:
        """least: the least number of layers, if that is supported."""
        depths = self._support.depths or DEPTHS
        depth = int(self._random.choice([depth for depth in depths if depth >= least] or depths))
        return [*(self._whole(2, 7) for _ in range(depth)), self._classes()]

    def _activation(self) -> str:
        known = self._support.activations
        return str(self._turn(known)) if known else usual_activation(self._support)

    def _labels(self, examples: int, classes: int) -> Array:
        """Of classes at random; of one class in some controls."""
        if self._number % 4 == 3:
            return np.full(examples, self._whole(0, classes))
        return self._random.integers(0, classes, examples)

    def _optimizer(self, number: int) -> Optimizer:
        """Without a schedule beside momentum, where the documents leave open which comes first."""
        method = self._turn(self._support.methods, number)
        kinds = [None, *(self._support.schedules if method == "gradient_descent" else ())]
        kind, decay = kinds[self._whole(0, len(kinds))], float(self._random.uniform(0.1, 0.9))
        every = {"every": self._whole(1, 4)} if kind == "step" else {}
        return {
            "method": method,
            "learning_rate": float(self._random.uniform(0.05, 0.5)),
            "momentum": float(self._random.uniform(0.3, 0.95)),
            "schedule": schedule(kind, decay, **every) if kind else None,
        }

    def _batches(self, iterations: int, examples: int) -> list[Array] | None:
        """Rows at random, some of them twice; null in some controls."""
        if not self._support.batches or self._number % 2 == 0:
            return None
        sizes = [self._whole(1, examples + 1) for _ in range(iterations)]
        return [self._random.integers(0, examples, size) for size in sizes]


_Arguments: TypeAlias = Callable[[Control, str], Iterator[dict[str, Any]]]
_ARGUMENTS: dict[str, _Arguments] = {
    **dict.fromkeys(("softmax", "cross_entropy", "score_gradient"), Control.of_scores),
    **dict.fromkeys(("activation", "activation_derivative"), Control.of_activations),
    **dict.fromkeys(("forward", "predict", "loss", "gradients", "train"), Control.of_networks),
    "initialize": Control.of_initializations,
    **dict.fromkeys(DATA_SETS, Control.of_data),
}
