"""A softmax classifier with any number of hidden layers, trained by backpropagation, in NumPy.

Inside of the program, biases are rows of shape (1, H), labels are one-hot rows, and nothing is changed in place: each
step answers new arrays. The functions at the end are the program's interface; they take and return plain values.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPE = np.float64

Array = np.ndarray


# --- Configurations -------------------------------------------------------------------------------------------------


def choice(kind: str, value: str, known: Iterable[str]) -> str:
    """The value, if the program knows it."""
    if value not in known:
        raise NotImplementedError(f"{kind} {value!r}")
    return value


@dataclass(frozen=True)
class Objective:
    reduction: str
    l2: float

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Objective:
        return cls(choice("reduction", values["reduction"], REDUCTIONS), float(values.get("l2") or 0.0))


@dataclass(frozen=True)
class Schedule:
    kind: str
    decay: float
    every: int

    @classmethod
    def parse(cls, values: Mapping[str, Any] | None) -> Schedule | None:
        if values is None:
            return None
        return cls(choice("schedule", values["kind"], SCHEDULES), float(values["decay"]), int(values.get("every") or 1))


@dataclass(frozen=True)
class Optimizer:
    learning_rate: float
    momentum: float
    schedule: Schedule | None

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Optimizer:
        method = choice("method", values["method"], METHODS)
        momentum = float(values["momentum"]) if method == "momentum" else 0.0
        return cls(float(values["learning_rate"]), momentum, Schedule.parse(values.get("schedule")))


@dataclass(frozen=True)
class Initialization:
    scale: float
    fan_in: bool
    biases: str

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Initialization:
        return cls(float(values["scale"]), bool(values["fan_in"]), choice("biases", values["biases"], BIASES))


# --- Activation functions -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Activation:
    """A function of z, and its slope as a function of z and of the output a that belongs to z."""

    function: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]


def logistic(z: Array) -> Array:
    return np.exp(-np.logaddexp(0.0, -z))


ACTIVATIONS = {
    "relu": Activation(lambda z: np.maximum(z, 0.0), lambda z, a: (z > 0.0).astype(z.dtype)),
    "tanh": Activation(np.tanh, lambda z, a: 1.0 - a**2),
    "logistic": Activation(logistic, lambda z, a: a * (1.0 - a)),
}
REDUCTIONS = ("mean", "sum")
METHODS = ("gradient_descent", "momentum")
BIASES = ("zeros", "normals")


def activation_named(name: str) -> Activation:
    return ACTIVATIONS[choice("activation", name, ACTIVATIONS)]


# --- Parameters -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Parameters:
    """What belongs to the parameters of each layer: their values, gradients or velocities."""

    weights: list[Array]
    biases: list[Array]

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Parameters:
        return cls(
            [np.asarray(w, dtype=DTYPE) for w in values["weights"]],
            [np.asarray(b, dtype=DTYPE).reshape(1, -1) for b in values["biases"]],
        )

    @classmethod
    def zeros_like(cls, other: Parameters) -> Parameters:
        return cls([np.zeros_like(w) for w in other.weights], [np.zeros_like(b) for b in other.biases])

    def plain(self) -> dict[str, list[Array]]:
        return {"weights": list(self.weights), "biases": [b.reshape(-1) for b in self.biases]}


def network_activation(network: Mapping[str, Any]) -> Activation | None:
    """The activation of the hidden layers, if there are any."""
    return activation_named(network["activation"]) if len(network["weights"]) > 1 else None


def matrix(values: Any) -> Array:
    return np.asarray(values, dtype=DTYPE)


# --- Cross-entropy --------------------------------------------------------------------------------------------------


def one_hot(labels: Any, classes: int) -> Array:
    labels = np.asarray(labels, dtype=np.intp)
    targets = np.zeros((labels.size, classes), dtype=DTYPE)
    targets[np.arange(labels.size), labels] = 1.0
    return targets


def logsumexp(scores: Array) -> Array:
    """The logarithm of each row's sum of exponentials, as a column."""
    top = scores.max(axis=1, keepdims=True)
    return top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))


def log_softmax(scores: Array) -> Array:
    return scores - logsumexp(scores)


def probabilities(scores: Array) -> Array:
    return np.exp(log_softmax(scores))


def divisor(reduction: str, examples: int) -> int:
    return examples if reduction == "mean" else 1


def data_loss(scores: Array, targets: Array, reduction: str) -> float:
    losses = -np.sum(targets * log_softmax(scores), axis=1)
    return float(np.sum(losses) / divisor(reduction, len(targets)))


def score_delta(scores: Array, targets: Array, reduction: str) -> Array:
    """The gradient of the data loss on the scores."""
    delta = probabilities(scores) - targets
    return delta / divisor(reduction, len(targets))


# --- Forward and backward -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tape:
    """What a forward pass keeps: outputs[l] is the input of layer l, sums[l] what layer l makes of it."""

    outputs: list[Array]
    sums: list[Array]

    @property
    def scores(self) -> Array:
        return self.sums[-1]


def propagate(params: Parameters, phi: Activation | None, inputs: Array) -> Tape:
    outputs, sums = [inputs], []
    for w, b in zip(params.weights[:-1], params.biases[:-1]):
        z = outputs[-1] @ w + b
        sums.append(z)
        outputs.append(phi.function(z))
    scores = outputs[-1] @ params.weights[-1] + params.biases[-1]
    sums.append(scores)
    return Tape(outputs, sums)


def penalty(params: Parameters, objective: Objective) -> float:
    return 0.5 * objective.l2 * float(sum(np.sum(w**2) for w in params.weights))


def objective_value(params: Parameters, tape: Tape, targets: Array, objective: Objective) -> float:
    return data_loss(tape.scores, targets, objective.reduction) + penalty(params, objective)


def backward(params: Parameters, phi: Activation | None, tape: Tape, delta: Array) -> Iterator[tuple[Array, Array]]:
    """The data loss's gradients on the weights and biases of each layer, from the last layer to the first."""
    for layer in reversed(range(len(params.weights))):
        yield tape.outputs[layer].T @ delta, delta.sum(axis=0, keepdims=True)
        if layer > 0:
            arriving = delta @ params.weights[layer].T
            slope = phi.slope(tape.sums[layer - 1], tape.outputs[layer])
            delta = arriving * slope


def backpropagate(
    params: Parameters, phi: Activation | None, tape: Tape, targets: Array, objective: Objective
) -> Parameters:
    """The objective's gradients, from the tape of a forward pass."""
    delta = score_delta(tape.scores, targets, objective.reduction)
    layers = list(backward(params, phi, tape, delta))[::-1]
    return Parameters(
        [dw + objective.l2 * w for (dw, _), w in zip(layers, params.weights)],
        [db for _, db in layers],
    )


# --- Optimization ---------------------------------------------------------------------------------------------------

SCHEDULES: dict[str, Callable[[Schedule, int], float]] = {
    "step": lambda schedule, t: schedule.decay ** (t // schedule.every),
    "exponential": lambda schedule, t: float(np.exp(-schedule.decay * t)),
    "inverse_time": lambda schedule, t: 1.0 / (1.0 + schedule.decay * t),
}


def decay_factor(schedule: Schedule | None, t: int) -> float:
    return 1.0 if schedule is None else SCHEDULES[schedule.kind](schedule, t)


def learning_rates(optimizer: Optimizer) -> Iterator[float]:
    """The learning rate of each iteration, without end."""
    for t in itertools.count():
        yield optimizer.learning_rate * decay_factor(optimizer.schedule, t)


def minibatches(inputs: Array, targets: Array, batches: Iterable[Sequence[int]] | None) -> Iterator[tuple[Array, Array]]:
    """The inputs and targets of each iteration; all of them each time if there are no batches."""
    if batches is None:
        yield from itertools.repeat((inputs, targets))
    else:
        for batch in batches:
            index = np.asarray(batch, dtype=np.intp)
            yield inputs[index], targets[index]


def advance(value: Array, gradient: Array, velocity: Array, momentum: float, rate: float) -> tuple[Array, Array]:
    """A parameter's next value and velocity."""
    velocity = momentum * velocity - rate * gradient
    return value + velocity, velocity


def step(
    params: Parameters, gradient: Parameters, velocity: Parameters, momentum: float, rate: float
) -> tuple[Parameters, Parameters]:
    weights = [
        advance(w, dw, vw, momentum, rate) for w, dw, vw in zip(params.weights, gradient.weights, velocity.weights)
    ]
    biases = [advance(b, db, vb, momentum, rate) for b, db, vb in zip(params.biases, gradient.biases, velocity.biases)]
    return (
        Parameters([w for w, _ in weights], [b for b, _ in biases]),
        Parameters([v for _, v in weights], [v for _, v in biases]),
    )


def optimize(
    params: Parameters,
    phi: Activation | None,
    inputs: Array,
    targets: Array,
    objective: Objective,
    optimizer: Optimizer,
    iterations: int,
    batches: Iterable[Sequence[int]] | None,
) -> tuple[list[float], Parameters]:
    """The objective before each iteration's update, and the parameters after the last."""
    losses = []
    velocity = Parameters.zeros_like(params)
    stream = zip(learning_rates(optimizer), minibatches(inputs, targets, batches))
    for rate, (x, t) in itertools.islice(stream, iterations):
        tape = propagate(params, phi, x)
        losses.append(objective_value(params, tape, t, objective))
        gradient = backpropagate(params, phi, tape, t, objective)
        params, velocity = step(params, gradient, velocity, optimizer.momentum, rate)
    return losses, params


def shuffled_batches(rng: np.random.Generator, examples: int, size: int) -> Iterator[Array]:
    """Minibatches without end: each pass goes through all examples in a new order."""
    while True:
        order = rng.permutation(examples)
        yield from (order[start : start + size] for start in range(0, examples, size))


def starting_parameters(normals: Parameters, initialization: Initialization) -> Parameters:
    scale = initialization.scale
    weights = [scale * n / np.sqrt(n.shape[0]) if initialization.fan_in else scale * n for n in normals.weights]
    biases = [scale * n if initialization.biases == "normals" else np.zeros_like(n) for n in normals.biases]
    return Parameters(weights, biases)


# --- Interface ------------------------------------------------------------------------------------------------------


def describe() -> dict[str, Any]:
    return {
        "name": "rows",
        "version": "1.0",
        "language": "Python",
        "precision": "float64",
        "activations": list(ACTIVATIONS),
        "reductions": list(REDUCTIONS),
        "methods": list(METHODS),
        "schedules": list(SCHEDULES),
    }


def softmax(scores: Any) -> Array:
    return probabilities(matrix(scores))


def activation(name: str, z: Any) -> Array:
    return activation_named(name).function(matrix(z))


def activation_derivative(name: str, z: Any) -> Array:
    phi, z = activation_named(name), matrix(z)
    return phi.slope(z, phi.function(z))


def cross_entropy(scores: Any, labels: Any, reduction: str) -> float:
    scores = matrix(scores)
    return data_loss(scores, one_hot(labels, scores.shape[1]), choice("reduction", reduction, REDUCTIONS))


def score_gradient(scores: Any, labels: Any, reduction: str) -> Array:
    scores = matrix(scores)
    return score_delta(scores, one_hot(labels, scores.shape[1]), choice("reduction", reduction, REDUCTIONS))


def forward(network: Mapping[str, Any], inputs: Any) -> dict[str, Any]:
    tape = propagate(Parameters.parse(network), network_activation(network), matrix(inputs))
    return {"hidden": tape.outputs[1:], "scores": tape.scores}


def predict(network: Mapping[str, Any], inputs: Any) -> Array:
    return np.argmax(forward(network, inputs)["scores"], axis=1)


def loss(network: Mapping[str, Any], inputs: Any, labels: Any, objective: Mapping[str, Any]) -> float:
    params = Parameters.parse(network)
    tape = propagate(params, network_activation(network), matrix(inputs))
    return objective_value(params, tape, one_hot(labels, tape.scores.shape[1]), Objective.parse(objective))


def gradients(
    network: Mapping[str, Any], inputs: Any, labels: Any, objective: Mapping[str, Any]
) -> dict[str, list[Array]]:
    params, phi = Parameters.parse(network), network_activation(network)
    tape = propagate(params, phi, matrix(inputs))
    targets = one_hot(labels, tape.scores.shape[1])
    return backpropagate(params, phi, tape, targets, Objective.parse(objective)).plain()


def update(
    network: Mapping[str, Any],
    gradients: Mapping[str, Any],
    velocity: Mapping[str, Any] | None,
    optimizer: Mapping[str, Any],
    iteration: int,
) -> dict[str, Any]:
    params, config = Parameters.parse(network), Optimizer.parse(optimizer)
    velocities = Parameters.zeros_like(params) if velocity is None else Parameters.parse(velocity)
    rate = next(itertools.islice(learning_rates(config), int(iteration), None))
    params, velocities = step(params, Parameters.parse(gradients), velocities, config.momentum, rate)
    return {
        "network": {**params.plain(), "activation": network["activation"]},
        "velocity": velocities.plain(),
    }


def train(
    network: Mapping[str, Any],
    inputs: Any,
    labels: Any,
    objective: Mapping[str, Any],
    optimizer: Mapping[str, Any],
    iterations: int,
    batches: Sequence[Sequence[int]] | None,
) -> dict[str, Any]:
    params = Parameters.parse(network)
    losses, params = optimize(
        params,
        network_activation(network),
        matrix(inputs),
        one_hot(labels, params.biases[-1].size),
        Objective.parse(objective),
        Optimizer.parse(optimizer),
        int(iterations),
        batches,
    )
    return {"losses": losses, "network": {**params.plain(), "activation": network["activation"]}}


def fit(inputs: Any, labels: Any, experiment: Mapping[str, Any], seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    inputs, sizes = matrix(inputs), [int(size) for size in experiment["sizes"]]
    normals = {
        "weights": [rng.standard_normal(shape) for shape in itertools.pairwise(sizes)],
        "biases": [rng.standard_normal(size) for size in sizes[1:]],
    }
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    params = Parameters.parse(network)
    size = experiment.get("batch_size")
    _, params = optimize(
        params,
        network_activation(network),
        inputs,
        one_hot(labels, sizes[-1]),
        Objective.parse(experiment["objective"]),
        Optimizer.parse(experiment["optimizer"]),
        int(experiment["iterations"]),
        None if size is None else shuffled_batches(rng, len(inputs), int(size)),
    )
    return {**params.plain(), "activation": experiment["activation"]}


def initialize(
    normals: Mapping[str, Any], sizes: Sequence[int], activation: str, initialization: Mapping[str, Any]
) -> dict[str, Any]:
    params = starting_parameters(Parameters.parse(normals), Initialization.parse(initialization))
    assert [w.shape for w in params.weights] == list(itertools.pairwise(int(size) for size in sizes))
    return {**params.plain(), "activation": activation}


def spiral(normals: Any, examples_per_class: int, classes: int) -> dict[str, Array]:
    noise = 0.2 * matrix(normals).reshape(classes, examples_per_class)
    radius = np.linspace(0.0, 1.0, examples_per_class)
    angles = [np.linspace(4 * j, 4 * (j + 1), examples_per_class) + noise[j] for j in range(classes)]
    arms = [np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]) for angle in angles]
    return {"inputs": np.concatenate(arms), "labels": np.repeat(np.arange(classes), examples_per_class)}


def moons(normals: Any, order: Any, examples: int, noise: float) -> dict[str, Array]:
    order = np.asarray(order, dtype=np.intp)
    upper = np.linspace(0.0, np.pi, examples // 2)
    lower = np.linspace(0.0, np.pi, examples - examples // 2)
    points = np.concatenate([
        np.column_stack([np.cos(upper), np.sin(upper)]),
        np.column_stack([1.0 - np.cos(lower), 0.5 - np.sin(lower)]),
    ])
    labels = np.repeat([0, 1], [upper.size, lower.size])
    return {"inputs": points[order] + noise * matrix(normals), "labels": labels[order]}


def circles(normals: Any, examples: int, factor: float, noise: float) -> dict[str, Array]:
    outer, inner = (
        np.linspace(0.0, 2.0 * np.pi, count, endpoint=False) for count in (examples // 2, examples - examples // 2)
    )
    points = np.concatenate([
        np.column_stack([np.cos(outer), np.sin(outer)]),
        factor * np.column_stack([np.cos(inner), np.sin(inner)]),
    ])
    labels = np.repeat([0, 1], [outer.size, inner.size])
    return {"inputs": points + noise * matrix(normals), "labels": labels}
