"""Softmax classifiers with any number of hidden layers, as plain functions over frozen values.

The core is a handful of pure functions.  Those called `vjp_*` return a value together with its
pullback, the function that carries a gradient of the value back to a gradient of the arguments.
Parameters, gradients and velocities all have the same form: a tuple of `Layer`s.
The operations at the end of the file translate between this form and dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from itertools import accumulate, count, islice, repeat

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Layer:
    """The parameters of one affine map, or anything shaped like them."""

    W: Array
    b: Array


Network = tuple[Layer, ...]
Schedule = Callable[[int], float]


def tree_map(function: Callable, *trees: Network) -> Network:
    """Apply a function to corresponding arrays of one or several networks."""
    return tuple(
        Layer(function(*(layer.W for layer in layers)), function(*(layer.b for layer in layers)))
        for layers in zip(*trees)
    )


@dataclass(frozen=True)
class Activation:
    """A function and its derivative, both of the pre-activation z."""

    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


def relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def relu_derivative(z: Array) -> Array:
    return np.where(z > 0.0, 1.0, 0.0)


def tanh(z: Array) -> Array:
    return np.tanh(z)


def tanh_derivative(z: Array) -> Array:
    return 1.0 - np.tanh(z) ** 2


def logistic(z: Array) -> Array:
    small = np.exp(-np.abs(z))
    return np.where(z >= 0.0, 1.0 / (1.0 + small), small / (1.0 + small))


def logistic_derivative(z: Array) -> Array:
    h = logistic(z)
    return h * (1.0 - h)


ACTIVATIONS = {
    "relu": Activation(relu, relu_derivative),
    "tanh": Activation(tanh, tanh_derivative),
    "logistic": Activation(logistic, logistic_derivative),
}


def vjp_activation(phi: Activation, z: Array):
    """φ(z), and the map from the gradient on φ(z) to that on z."""
    a = phi.function(z)

    def pullback(delta: Array) -> Array:
        return delta * phi.derivative(z)

    return a, pullback


def linear(layer: Layer, x: Array) -> Array:
    return x @ layer.W + layer.b


def vjp_linear(layer: Layer, x: Array):
    """x W + b, and the map from its gradient to those of the layer and of x."""

    def pullback(delta: Array) -> tuple[Layer, Array]:
        dW = x.T @ delta
        db = delta.sum(axis=0)
        return Layer(dW, db), delta @ layer.W.T

    return linear(layer, x), pullback


def apply_network(network: Network, phi: Activation, inputs: Array) -> tuple[list[Array], Array]:
    """The outputs of the hidden layers, and the scores."""
    *earlier, last = network
    outputs = [inputs]
    for layer in earlier:
        outputs.append(phi.function(linear(layer, outputs[-1])))
    return outputs[1:], linear(last, outputs[-1])


def vjp_network(network: Network, phi: Activation, inputs: Array):
    """The scores, and the map from their gradient to the parameters'."""

    def advance(carry, layer: Layer):
        x, pullbacks = carry
        z, pull_linear = vjp_linear(layer, x)
        a, pull_phi = vjp_activation(phi, z)
        return a, (*pullbacks, (pull_phi, pull_linear))

    hidden, stack = reduce(advance, network[:-1], (inputs, ()))
    scores, pull_scores = vjp_linear(network[-1], hidden)

    def pullback(delta: Array) -> Network:
        gradient, delta = pull_scores(delta)
        gradients = [gradient]
        for pull_phi, pull_linear in reversed(stack):
            gradient, delta = pull_linear(pull_phi(delta))
            gradients.append(gradient)
        return tuple(reversed(gradients))

    return scores, pullback


def shift_rows(scores: Array) -> Array:
    """The same scores up to a constant per row, none of them above 0."""
    return scores - scores.max(axis=1, keepdims=True)


def normalise(scores: Array) -> Array:
    """Softmax of each row."""
    powers = np.exp(shift_rows(scores))
    return powers / powers.sum(axis=1, keepdims=True)


def log_normalise(scores: Array) -> Array:
    """The logarithm of the softmax of each row."""
    shifted = shift_rows(scores)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def vjp_cross_entropy(scores: Array, labels: Array, reduction: str):
    """The cross-entropy over the examples, and the map from 1 to the gradient on the scores."""
    rows = np.arange(len(labels))
    log_p = log_normalise(scores)
    scale = 1.0 / len(labels) if reduction == "mean" else 1.0
    value = -scale * log_p[rows, labels].sum()

    def pullback(cotangent: float) -> Array:
        delta = normalise(scores)
        delta[rows, labels] -= 1.0
        return cotangent * scale * delta

    return value, pullback


def vjp_penalty(network: Network, l2: float):
    """λ/2 times the sum of all squared weights, biases left out."""
    value = 0.5 * l2 * sum(np.sum(layer.W**2) for layer in network)

    def pullback(cotangent: float) -> Network:
        return tuple(Layer(cotangent * l2 * layer.W, np.zeros_like(layer.b)) for layer in network)

    return value, pullback


def vjp_objective(network: Network, phi: Activation, inputs: Array, labels: Array, objective):
    """Cross-entropy plus penalty, and the map from 1 to the gradient on the parameters."""
    scores, pull_network = vjp_network(network, phi, inputs)
    data, pull_data = vjp_cross_entropy(scores, labels, objective["reduction"])
    penalty, pull_penalty = vjp_penalty(network, float(objective["l2"]))

    def pullback(cotangent: float) -> Network:
        from_data = pull_network(pull_data(cotangent))
        return tree_map(np.add, from_data, pull_penalty(cotangent))

    return data + penalty, pullback


def constant(rate: float) -> Schedule:
    return lambda step: rate


def step_decay(rate: float, decay: float, every: int) -> Schedule:
    return lambda step: rate * decay ** (step // every)


def exponential_decay(rate: float, decay: float) -> Schedule:
    return lambda step: rate * np.exp(-decay * step)


def inverse_time_decay(rate: float, decay: float) -> Schedule:
    return lambda step: rate / (1.0 + decay * step)


@dataclass(frozen=True)
class Optimizer:
    """init_state(network) → state; apply_updates(network, gradients, state, rate) → network, state."""

    init_state: Callable
    apply_updates: Callable


def gradient_descent() -> Optimizer:
    def apply_updates(network, gradients, state, rate):
        return tree_map(lambda p, g: p - rate * g, network, gradients), state

    return Optimizer(init_state=lambda network: None, apply_updates=apply_updates)


def momentum(coefficient: float) -> Optimizer:
    def apply_updates(network, gradients, velocity, rate):
        moved = tree_map(lambda v, g: coefficient * v - rate * g, velocity, gradients)
        return tree_map(np.add, network, moved), moved

    return Optimizer(init_state=partial(tree_map, np.zeros_like), apply_updates=apply_updates)


def take_step(optimizer: Optimizer, schedule: Schedule, network, gradients, state, iteration: int):
    """One update at the rate that the schedule has for this iteration."""
    rate = schedule(iteration)
    return optimizer.apply_updates(network, gradients, state, rate)


@dataclass(frozen=True)
class Progress:
    """Where training stands, and the objective just before the update that led there."""

    network: Network
    state: object
    loss: float | None = None


def make_step(phi, inputs, labels, objective, optimizer, schedule):
    """A function from progress and (iteration, batch) to progress."""

    def step(progress: Progress, item) -> Progress:
        iteration, batch = item
        loss, pullback = vjp_objective(
            progress.network, phi, inputs[batch], labels[batch], objective
        )
        network, state = take_step(
            optimizer, schedule, progress.network, pullback(1.0), progress.state, iteration
        )
        return Progress(network, state, loss)

    return step


def batch_indices(batches, iterations: int) -> Iterable:
    """One index into the examples per iteration."""
    if batches is None:
        return repeat(slice(None), iterations)
    return (np.asarray(batch, dtype=np.intp) for batch in islice(batches, iterations))


def run_steps(step, start: Progress, indices: Iterable) -> tuple[list[float], Network]:
    """Fold the steps, and keep each loss but only the latest network."""
    losses, latest = [], start
    for latest in islice(accumulate(enumerate(indices), step, initial=start), 1, None):
        losses.append(float(latest.loss))
    return losses, latest.network


def windows(examples: int, size: int) -> Iterator[Array]:
    """Endless batches of consecutive indices, going round."""
    size = min(size, examples)
    return ((np.arange(size) + size * turn) % examples for turn in count())


def as_float(values) -> Array:
    return np.asarray(values, dtype=np.float64)


def read_layers(record) -> Network:
    return tuple(
        Layer(as_float(W), as_float(b)) for W, b in zip(record["weights"], record["biases"])
    )


def write_layers(layers: Network) -> dict:
    return {"weights": [layer.W for layer in layers], "biases": [layer.b for layer in layers]}


def write_network(layers: Network, name: str) -> dict:
    return {**write_layers(layers), "activation": name}


def read_activation(name: str) -> Activation:
    if name not in ACTIVATIONS:
        raise NotImplementedError(f"activation {name!r}")
    return ACTIVATIONS[name]


def read_network(record) -> tuple[Network, Activation]:
    return read_layers(record), read_activation(record["activation"])


def read_schedule(record, rate: float) -> Schedule:
    if record is None:
        return constant(rate)
    decay = float(record["decay"])
    match record["kind"]:
        case "step":
            return step_decay(rate, decay, int(record["every"]))
        case "exponential":
            return exponential_decay(rate, decay)
        case "inverse_time":
            return inverse_time_decay(rate, decay)
    raise NotImplementedError(f"schedule {record['kind']!r}")


def read_optimizer(record) -> tuple[Optimizer, Schedule]:
    schedule = read_schedule(record.get("schedule"), float(record["learning_rate"]))
    match record["method"]:
        case "gradient_descent":
            return gradient_descent(), schedule
        case "momentum":
            return momentum(float(record["momentum"])), schedule
    raise NotImplementedError(f"method {record['method']!r}")


def describe():
    return {"name": "pullbacks", "version": "1", "language": "Python", "precision": "float64"}


def softmax(scores):
    return normalise(as_float(scores))


def activation(name, z):
    return read_activation(name).function(as_float(z))


def activation_derivative(name, z):
    return read_activation(name).derivative(as_float(z))


def cross_entropy(scores, labels, reduction):
    value, _ = vjp_cross_entropy(as_float(scores), np.asarray(labels), reduction)
    return float(value)


def score_gradient(scores, labels, reduction):
    _, pullback = vjp_cross_entropy(as_float(scores), np.asarray(labels), reduction)
    return pullback(1.0)


def forward(network, inputs):
    layers, phi = read_network(network)
    hidden, scores = apply_network(layers, phi, as_float(inputs))
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    return forward(network, inputs)["scores"].argmax(axis=1)


def loss(network, inputs, labels, objective):
    layers, phi = read_network(network)
    value, _ = vjp_objective(layers, phi, as_float(inputs), np.asarray(labels), objective)
    return float(value)


def gradients(network, inputs, labels, objective):
    layers, phi = read_network(network)
    _, pullback = vjp_objective(layers, phi, as_float(inputs), np.asarray(labels), objective)
    return write_layers(pullback(1.0))


def update(network, gradients, velocity, optimizer, iteration):
    layers = read_layers(network)
    rule, schedule = read_optimizer(optimizer)
    fresh = rule.init_state(layers)
    state = fresh if fresh is None or velocity is None else read_layers(velocity)
    layers, state = take_step(rule, schedule, layers, read_layers(gradients), state, int(iteration))
    return {
        "network": write_network(layers, network["activation"]),
        "velocity": None if state is None else write_layers(state),
    }


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    layers, phi = read_network(network)
    rule, schedule = read_optimizer(optimizer)
    step = make_step(phi, as_float(inputs), np.asarray(labels), objective, rule, schedule)
    start = Progress(layers, rule.init_state(layers))
    losses, layers = run_steps(step, start, batch_indices(batches, int(iterations)))
    return {"losses": losses, "network": write_network(layers, network["activation"])}


def initialize(normals, sizes, activation, initialization):
    scale = float(initialization["scale"])
    layers = []
    for fan_in, fan_out, nW, nb in zip(sizes, sizes[1:], normals["weights"], normals["biases"]):
        spread = scale / np.sqrt(fan_in) if initialization["fan_in"] else scale
        random_bias = initialization["biases"] == "normals"
        b = scale * as_float(nb) if random_bias else np.zeros(fan_out)
        layers.append(Layer(spread * as_float(nW), b))
    return write_network(tuple(layers), activation)


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in experiment["sizes"]]
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes, sizes[1:])],
        "biases": [rng.standard_normal(fan_out) for fan_out in sizes[1:]],
    }
    order = rng.permutation(len(labels))
    size = experiment["batch_size"]
    answer = train(
        network=initialize(normals, sizes, experiment["activation"], experiment["initialization"]),
        inputs=as_float(inputs)[order],
        labels=np.asarray(labels)[order],
        objective=experiment["objective"],
        optimizer=experiment["optimizer"],
        iterations=experiment["iterations"],
        batches=None if size is None else windows(len(order), int(size)),
    )
    return answer["network"]


def spiral(normals, examples_per_class, classes):
    n = int(examples_per_class)
    noise = as_float(normals).reshape(int(classes), n)
    radius = np.linspace(0.0, 1.0, n)
    arms = [np.linspace(4 * j, 4 * (j + 1), n) + 0.2 * noise[j] for j in range(int(classes))]
    inputs = np.concatenate([np.c_[radius * np.sin(t), radius * np.cos(t)] for t in arms])
    return {"inputs": inputs, "labels": np.repeat(np.arange(int(classes)), n)}


def two_classes(examples: int) -> tuple[int, int]:
    """How many examples are of class 0, and of class 1."""
    return examples // 2, examples - examples // 2


def moons(normals, order, examples, noise):
    n_outer, n_inner = two_classes(int(examples))
    t, s = np.linspace(0.0, np.pi, n_outer), np.linspace(0.0, np.pi, n_inner)
    clean = np.concatenate([np.c_[np.cos(t), np.sin(t)], np.c_[1.0 - np.cos(s), 0.5 - np.sin(s)]])
    order = np.asarray(order, dtype=np.intp)
    labels = np.repeat([0, 1], [n_outer, n_inner])
    return {"inputs": clean[order] + noise * as_float(normals), "labels": labels[order]}


def circles(normals, examples, factor, noise):
    n_outer, n_inner = two_classes(int(examples))
    ring = partial(np.linspace, 0.0, 2.0 * np.pi, endpoint=False)
    t, s = ring(n_outer), ring(n_inner)
    clean = np.concatenate([np.c_[np.cos(t), np.sin(t)], factor * np.c_[np.cos(s), np.sin(s)]])
    labels = np.repeat([0, 1], [n_outer, n_inner])
    return {"inputs": clean + noise * as_float(normals), "labels": labels}
