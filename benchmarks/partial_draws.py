"""Calls of a part of the contract, drawn widely: whatever inputs a mistake may need to show.

All of them are calls that the documents' own formulas answer right: exp f / Σ exp f without a shift, −log p of these
probabilities, 1 / (1 + exp −z). So a mistake that shows in one of these calls is no overflow that the documents share.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
from partial_programs import Part

from nnspec.contract.operations import OPERATIONS, answer
from nnspec.contract.shapes import shapes_of
from nnspec.judging.agreement import Disagreement, assert_agrees, assert_predicts, assert_shapes
from nnspec.judging.cases import INTEGERS, data_set
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Optimizer, Schedule

Random = np.random.Generator
#: The scores that are drawn far from 0: exp f does not overflow, but two of them are further apart than exp reaches.
FAR = 400.0
#: The numbers of layers that are drawn where a part has any.
LAYERS = (1, 2, 3, 4)
#: The first calls, which are made once more at the end, for what a program keeps from call to call.
AGAIN = 100


class DocumentsFormulas(Reference):
    """The reference by the formulas of the documents' own programs, which shift nothing."""

    def softmax(self, scores: Array) -> Array:
        """Exp f / Σ exp f (CS231n, WildML and Roelants)."""
        exponentials: Array = np.exp(scores)
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        """−log p_y of these probabilities."""
        total = -np.log(self.softmax(scores)[np.arange(len(labels)), labels]).sum()
        return float(total / len(labels) if reduction == "mean" else total)

    def logistic(self, z: Array) -> Array:
        """1 / (1 + exp −z) (Roelants)."""
        return 1 / (1 + np.exp(-z))


class Call:
    """A call of an operation, and the right answer with its tolerances."""

    def __init__(self, exact: Exact, operation: str, params: dict[str, Any]) -> None:
        """exact: the exact reference, which gives the right answer."""
        self.operation, self.params = operation, params
        if operation == "predict":
            self.right = exact.forward(**params)["scores"]
        else:
            self.right = exact.call(operation, params)
            if operation == "update":  # the form of the velocity is up to the program
                del self.right["velocity"]

    def is_right(self, program: Any) -> bool:
        """Whether this program answers right."""
        params = copy.deepcopy(self.params)
        try:
            got = answer(self.operation, getattr(program, self.operation)(**params))
            assert_shapes(got, shapes_of(self.operation, self.params), self.operation)
            if self.operation == "predict":
                assert_predicts(got, self.right, "predict")
            else:
                assert_agrees(got, self.right, self.operation)
        except (Disagreement, IndexError, ValueError, FloatingPointError, TypeError, KeyError):
            return False
        return True


def calls(part: Part, number: int, seed: int = 0) -> Iterator[Call]:
    """This many calls of the part's operations, but for ``fit``, each right by the documents' own formulas."""
    first: list[Call] = []
    exact, random = Exact(Precision("float64")), np.random.default_rng(seed)
    operations = [operation for operation in part.operations if operation != "fit"]
    while number:
        operation = operations[number % len(operations)]
        params = Draw(part, random).params(operation)
        if part.scope and part.scope.missing(operation, params):
            continue
        with np.errstate(over="raise", invalid="raise", divide="raise", under="ignore"):
            try:
                call = Call(exact, operation, params)
                kept = call.is_right(DocumentsFormulas())
            except (FloatingPointError, RuntimeError):
                continue
        if kept:
            number -= 1
            first += [call] if len(first) < AGAIN else []
            yield call
    yield from first[::-1]


class Draw:
    """Arguments for one call. Each property of them is usual in most draws, and unusual in some."""

    def __init__(self, part: Part, random: Random) -> None:
        """part: what the arguments must stay within."""
        self.part, self.random = part, random
        self.layers = part.support.depths or LAYERS

    def some(self, share: float) -> bool:
        """True in this share of the draws."""
        return bool(self.random.random() < share)

    def one_of(self, *values: Any) -> Any:
        """One of these values."""
        return values[self.random.integers(len(values))]

    def params(self, operation: str) -> dict[str, Any]:
        """The arguments of a call of this operation."""
        random = self.random
        examples = int(self.one_of(1, 2, 3, 7, 7, 12, 40))
        sizes = self.sizes()
        network = self.network(sizes)
        inputs = self.inputs(examples, sizes[0])
        labels = self.labels(examples, sizes[-1])
        if self.some(0.4):
            network = self.with_scores(network, inputs, labels)
        if operation == "train" and self.part.scope and self.part.scope.biases_from_0:
            network["biases"] = [np.zeros_like(biases) for biases in network["biases"]]
        scores = self.scores(examples, sizes[-1])
        iterations = int(self.one_of(1, 2, 3, 4, 6, 120))
        optimizer = self.optimizer(iterations)
        objective = {"reduction": self.one_of(*self.part.support.reductions), "l2": self.penalty()}
        arguments = {
            "network": network,
            "inputs": inputs,
            "labels": labels,
            "scores": scores,
            "objective": objective,
            "reduction": objective["reduction"],
            "name": self.one_of(*self.part.support.activations),
            "z": self.z((examples, sizes[0])),
            "gradients": self.like(network),
            "velocity": self.velocity(network),
            "optimizer": optimizer,
            "iteration": int(self.one_of(0, 1, 2, 3, 9, 100, 150)),
            "iterations": iterations,
            "batches": self.batches(examples, iterations),
            "sizes": list(sizes),
            "activation": network["activation"],
            "initialization": {
                "scale": self.one_of(0.01, 0.1, 1.0),
                "fan_in": self.some(0.5),
                "biases": self.one_of("zeros", "normals"),
            },
            "normals": self.like(network),
            **data_set(operation, random),
        }
        return {name: arguments[name] for name in OPERATIONS[operation].takes}

    def sizes(self) -> list[int]:
        """The sizes of the layers [D, H, …, K], with a number of classes that the part has."""
        sizes, classes = self.any_sizes(), self.part.support.classes
        return sizes if classes is None or sizes[-1] in classes else [*sizes[:-1], classes[0]]

    def any_sizes(self) -> list[int]:
        """The sizes of the layers [D, H, …, K], with any number of classes."""
        layers = int(self.one_of(*self.layers))
        if self.some(0.2):  # often the same, for what a program keeps from call to call
            return [3, *[4, 5, 2][: layers - 1], 3]
        if self.some(0.3):
            return [int(self.one_of(2, 3, 4))] * (layers + 1)
        classes = int(self.one_of(2, 2, 3, 4, 20))
        return [*(int(size) for size in self.random.integers(1, 7, layers)), classes]

    def network(self, sizes: list[int]) -> Network:
        """A network: with usual weights, or with whole numbers, large or small ones."""
        scale = self.one_of(1.0, 1.0, 1.0, 1e-6, 3.0, 10.0, 100.0)
        pairs = itertools.pairwise(sizes)
        weights = [scale * self.random.standard_normal(pair) / np.sqrt(pair[0]) for pair in pairs]
        biases = [self.one_of(0.0, 1.0, 1.0) * self.random.standard_normal(size) for size in sizes[1:]]
        if self.some(0.15):  # whole numbers give exact zeros and equal scores
            weights, biases = ([np.rint(array) for array in arrays] for arrays in (weights, biases))
        return {
            "weights": weights,
            "biases": biases,
            "activation": self.one_of(*self.part.support.activations),
        }

    def inputs(self, examples: int, size: int) -> Array:
        """Inputs: usual, tiny, far out, whole, or the same example several times."""
        inputs = self.one_of(1.0, 1.0, 1.0, 1e-6, 30.0, 300.0) * self.random.standard_normal((examples, size))
        if self.some(0.15):
            inputs = np.rint(inputs)
        if self.some(0.15):
            inputs = inputs[self.random.integers(examples, size=examples)]
        return np.asarray(inputs)

    def labels(self, examples: int, classes: int) -> Array:
        """Labels of all classes or of some, of any integer type, or of one that the document's programs have."""
        present = self.random.permutation(classes)[: int(self.random.integers(1, classes + 1))]
        if self.some(0.5):
            present = np.arange(classes)
        scope = self.part.scope
        types = INTEGERS if scope is None else ["uint8"] if scope.data == "spiral" else []
        return self.random.choice(present, examples).astype(self.one_of("int64", "int64", *types))

    def with_scores(self, network: Network, inputs: Array, labels: Array) -> Network:
        """The network with another last layer: examples are certain, surely wrong, or their scores far apart."""
        with np.errstate(all="ignore"):
            forward = Reference().forward(network, inputs)
        top, scores = [inputs, *forward["hidden"]][-1], forward["scores"]
        if self.some(0.4):
            return with_rows_apart(network, top, FAR * self.one_of(1.0, 0.5))
        right = scores[np.arange(len(labels)), labels][:, None]
        reach = np.abs(scores).max() if self.some(0.5) else np.abs(scores - right).max()
        if not 0 < reach < np.inf:
            return network
        factor = self.one_of(3.0, 10.0, 30.0, 60.0, 300.0, FAR) / reach
        weights, biases = network["weights"], network["biases"]
        return {
            **network,
            "weights": [*weights[:-1], factor * weights[-1]],
            "biases": [*biases[:-1], factor * biases[-1]],
        }

    def scores(self, examples: int, classes: int) -> Array:
        """Scores: usual, tiny, whole, with rows far apart or far apart in a row."""
        scores = self.one_of(1e-12, 1.0, 2.0, 10.0, 60.0, FAR / 3) * self.random.standard_normal(
            (examples, classes)
        )
        if self.some(0.3):
            scores = scores + self.one_of(-FAR, 0, FAR) + FAR * (self.random.random((examples, 1)) - 0.5)
        return np.rint(scores) if self.some(0.1) else np.asarray(scores)

    def z(self, shape: tuple[int, int]) -> Array:
        """Inputs of an activation: usual, tiny, whole, far out."""
        z = self.one_of(1e-6, 1.0, 3.0, 30.0, 800.0) * self.random.standard_normal(shape)
        return np.rint(z) if self.some(0.2) else np.asarray(z)

    def like(self, network: Network) -> dict[str, list[Array]]:
        """Numbers shaped like the parameters, usual or tiny or large."""
        scale = self.one_of(1.0, 1.0, 1e-7, 20.0)
        return {
            "weights": [scale * self.random.standard_normal(array.shape) for array in network["weights"]],
            "biases": [scale * self.random.standard_normal(array.shape) for array in network["biases"]],
        }

    def velocity(self, network: Network) -> dict[str, list[Array]]:
        """The velocity before the first update."""
        return {
            "weights": [np.zeros_like(array) for array in network["weights"]],
            "biases": [np.zeros_like(array) for array in network["biases"]],
        }

    def penalty(self) -> float:
        """λ."""
        return float(self.one_of(0.0, 0.0, 0.01, 0.3, 3.0)) if self.part.support.l2 else 0.0

    def optimizer(self, iterations: int) -> Optimizer:
        """Any method, rate, momentum and schedule; a small rate for a long run, which rounding must not decide.

        No schedule with momentum: whether the rate is inside the velocity or outside, no document decides.
        """
        method = self.one_of(*self.part.support.methods)
        plain = method == "gradient_descent" and self.part.support.schedules
        return {
            "method": method,
            "learning_rate": self.one_of(0.37, 1.0, 0.05, 1e-3) if iterations < 100 else 1e-3,
            "momentum": self.one_of(0.8, 0.9, 0.0),
            "schedule": self.schedule() if plain and self.some(0.6) else None,
        }

    def schedule(self) -> Schedule:
        """A schedule of any kind, which decays fast, slowly or not at all."""
        kind = self.one_of("step", "exponential", "inverse_time")
        decay = self.one_of(0.7, 0.5, 1.0) if kind == "step" else self.one_of(0.13, 0.29, 0.05, 3.0, 0.0)
        return {
            "kind": kind,
            "decay": float(decay),
            "every": int(self.one_of(1, 2, 3)) if kind == "step" else 1,
        }

    def batches(self, examples: int, iterations: int) -> list[Array] | None:
        """None, or the examples of each iteration: few or many, in any order."""
        if not self.part.support.batches or self.some(0.4):
            return None
        order = [self.random.permutation(examples) for _ in range(iterations)]
        sizes = self.random.integers(1, examples + 1, iterations)
        return [indices[:size] for indices, size in zip(order, sizes, strict=True)]


def with_rows_apart(network: Network, top: Array, far: float) -> Network:
    """The network with scores that go from −far to far, the same for all classes but for the little that they were.

    top: the inputs of the last layer (N, units).
    """
    spread = np.ptp(top, axis=0)
    unit = int(np.argmax(spread))
    if not 0 < spread[unit] < np.inf:
        return network
    weights, biases = [*network["weights"]], [*network["biases"]]
    slope = 2 * far / spread[unit]
    weights[-1] = weights[-1] / (1 + np.abs(weights[-1]).max() * (1 + np.abs(top).max()))
    weights[-1][unit] += slope
    biases[-1] = np.tanh(biases[-1]) - far - slope * top[:, unit].min()
    return {**network, "weights": weights, "biases": biases}
