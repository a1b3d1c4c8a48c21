"""A small classifier in homogeneous coordinates.

Every layer is one augmented matrix of shape (fan_in + 1, fan_out) whose last row is the bias; every signal
that enters a layer carries a last column of ones, so that weights and bias act in a single product.  All
contractions are written as einsum.  Index letters: n examples, a entries of a layer's input (with the one),
b units of a layer, k classes.
"""

from __future__ import annotations

from functools import partial
from itertools import islice, repeat
from typing import Any, Callable, Iterable, Iterator, NamedTuple, Optional

import numpy as np

Array = np.ndarray
einsum = np.einsum
product = partial(np.einsum, optimize=True)  # matrix products, by way of BLAS

# --- Configurations --------------------------------------------------------------------------------------

class Activation(NamedTuple):
    """A hidden unit's function, and its derivative written in terms of the function's own output."""

    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]


class Objective(NamedTuple):
    reduction: str
    l2: float


class Schedule(NamedTuple):
    kind: str
    decay: float
    every: int


class Optimizer(NamedTuple):
    method: str
    learning_rate: float
    momentum: float
    schedule: Optional[Schedule]


class Initialization(NamedTuple):
    scale: float
    fan_in: bool
    biases: str


class State(NamedTuple):
    """What a training step passes to the next one."""

    layers: list
    velocity: list
    iteration: int


def read_objective(objective: dict) -> Objective:
    return Objective(objective["reduction"], float(objective.get("l2") or 0.0))


def read_optimizer(optimizer: dict) -> Optimizer:
    plan = optimizer.get("schedule")
    if plan is not None:
        plan = Schedule(plan["kind"], float(plan["decay"]), int(plan.get("every") or 1))
    return Optimizer(
        method=optimizer["method"],
        learning_rate=float(optimizer["learning_rate"]),
        momentum=float(optimizer.get("momentum") or 0.0),
        schedule=plan,
    )


def read_initialization(initialization: dict) -> Initialization:
    return Initialization(
        float(initialization["scale"]), bool(initialization["fan_in"]), initialization["biases"]
    )

# --- Homogeneous coordinates -----------------------------------------------------------------------------

def augment(signal: Array) -> Array:
    """(n, d) to (n, d + 1): a last column of ones."""
    return np.concatenate([signal, np.ones((len(signal), 1))], axis=1)


def stack(parameters: dict) -> list:
    """Weights and biases, or their gradients or velocities, as augmented matrices (always copies)."""
    return [
        np.vstack([np.asarray(weight, dtype=float), np.asarray(bias, dtype=float).reshape(1, -1)])
        for weight, bias in zip(parameters["weights"], parameters["biases"])
    ]


def unstack(layers: list) -> dict:
    return {
        "weights": [matrix[:-1].copy() for matrix in layers],
        "biases": [matrix[-1].copy() for matrix in layers],
    }


def without_bias(matrix: Array) -> Array:
    """The same matrix with zeros in the bias row."""
    masked = matrix.copy()
    masked[-1] = 0.0
    return masked


def one_hot(labels: Any, classes: int) -> Array:
    """(n,) whole numbers of any integer dtype to (n, k) zeros and ones."""
    labels = np.asarray(labels)
    return (labels[:, None] == np.arange(classes)[None, :]).astype(float)

# --- Activations -----------------------------------------------------------------------------------------

def relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def relu_slope(h: Array) -> Array:
    return (h > 0.0).astype(float)


def tanh_slope(h: Array) -> Array:
    return 1.0 - h * h


def logistic(z: Array) -> Array:
    small = np.exp(-np.abs(z))
    return np.where(z >= 0.0, 1.0, small) / (1.0 + small)


def logistic_slope(h: Array) -> Array:
    return h * (1.0 - h)


ACTIVATIONS = {
    "relu": Activation(relu, relu_slope),
    "tanh": Activation(np.tanh, tanh_slope),
    "logistic": Activation(logistic, logistic_slope),
}


def find_activation(name: str) -> Activation:
    if name not in ACTIVATIONS:
        raise NotImplementedError(f"activation {name!r}")
    return ACTIVATIONS[name]


def activation(name, z):
    unit = find_activation(name)
    return unit.value(np.asarray(z, dtype=float))


def activation_derivative(name, z):
    unit = find_activation(name)
    return unit.slope(unit.value(np.asarray(z, dtype=float)))

# --- Softmax and cross-entropy ---------------------------------------------------------------------------

def example_weight(reduction: str, count: int) -> float:
    """What one example's cross-entropy counts in the objective."""
    if reduction == "mean":
        return 1.0 / count
    if reduction == "sum":
        return 1.0
    raise NotImplementedError(f"reduction {reduction!r}")


def softmax(scores):
    scores = np.asarray(scores, dtype=float)
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return powers / einsum("nk->n", powers)[:, None]


def log_softmax(scores: Array) -> Array:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(einsum("nk->n", np.exp(shifted)))[:, None]


def target_cross_entropy(scores: Array, targets: Array, reduction: str) -> float:
    surprise = -einsum("nk,nk->n", targets, log_softmax(scores))
    return float(example_weight(reduction, len(scores)) * surprise.sum())


def target_score_gradient(scores: Array, targets: Array, reduction: str) -> Array:
    residual = softmax(scores) - targets
    return example_weight(reduction, len(residual)) * residual


def cross_entropy(scores, labels, reduction):
    scores = np.asarray(scores, dtype=float)
    return target_cross_entropy(scores, one_hot(labels, scores.shape[1]), reduction)


def score_gradient(scores, labels, reduction):
    scores = np.asarray(scores, dtype=float)
    return target_score_gradient(scores, one_hot(labels, scores.shape[1]), reduction)

# --- Forward and backward --------------------------------------------------------------------------------

def propagate(layers: list, name: Optional[str], inputs: Array) -> tuple:
    """The augmented signal that enters each layer, and the scores that leave the last."""
    signals = [augment(inputs)]
    for matrix in layers[:-1]:
        summed = product("na,ab->nb", signals[-1], matrix)
        signals.append(augment(find_activation(name).value(summed)))
    scores = product("na,ab->nb", signals[-1], layers[-1])
    return signals, scores


def backpropagate(layers: list, signals: list, name: Optional[str], delta: Array) -> list:
    """The gradient on every augmented matrix, first layer first; delta is that on the last layer's output."""
    *lower, matrix = layers
    *earlier, signal = signals
    if not lower:
        return [product("na,nb->ab", signal, delta)]
    slope = find_activation(name).slope
    arriving = product("nb,ab->na", delta, matrix[:-1])
    below = arriving * slope(signal[:, :-1])
    return backpropagate(lower, earlier, name, below) + [product("na,nb->ab", signal, delta)]


def penalty(layers: list, l2: float) -> float:
    squares = [einsum("ab,ab->", matrix[:-1], matrix[:-1]) for matrix in layers]
    return 0.5 * l2 * float(sum(squares))


def objective_value(layers: list, scores: Array, targets: Array, objective: Objective) -> float:
    data = target_cross_entropy(scores, targets, objective.reduction)
    return data + penalty(layers, objective.l2)


def objective_gradients(
    layers: list, name: Optional[str], signals: list, scores: Array, targets: Array, objective: Objective
) -> list:
    delta = target_score_gradient(scores, targets, objective.reduction)
    slopes = backpropagate(layers, signals, name, delta)
    return [slope + objective.l2 * without_bias(matrix) for slope, matrix in zip(slopes, layers)]


def forward(network, inputs):
    signals, scores = propagate(
        stack(network), network.get("activation"), np.asarray(inputs, dtype=float)
    )
    return {"hidden": [signal[:, :-1].copy() for signal in signals[1:]], "scores": scores}


def predict(network, inputs):
    scores = forward(network, inputs)["scores"]
    return np.argmax(scores, axis=1)


def loss(network, inputs, labels, objective):
    layers = stack(network)
    _, scores = propagate(layers, network.get("activation"), np.asarray(inputs, dtype=float))
    return objective_value(layers, scores, one_hot(labels, scores.shape[1]), read_objective(objective))


def gradients(network, inputs, labels, objective):
    layers, name = stack(network), network.get("activation")
    signals, scores = propagate(layers, name, np.asarray(inputs, dtype=float))
    targets = one_hot(labels, scores.shape[1])
    return unstack(objective_gradients(layers, name, signals, scores, targets, read_objective(objective)))

# --- Updates ---------------------------------------------------------------------------------------------

def rate_at(optimizer: Optimizer, t: int) -> float:
    """The learning rate of iteration t, counted from 0."""
    rate, plan = optimizer.learning_rate, optimizer.schedule
    if plan is None:
        return rate
    if plan.kind == "step":
        return rate * plan.decay ** (t // plan.every)
    if plan.kind == "exponential":
        return rate * np.exp(-plan.decay * t)
    if plan.kind == "inverse_time":
        return rate / (1.0 + plan.decay * t)
    raise NotImplementedError(f"schedule {plan.kind!r}")


def at_rest(layers: list) -> list:
    return [np.zeros_like(matrix) for matrix in layers]


def advance(state: State, slopes: list, optimizer: Optimizer) -> State:
    """One update; the rate is inside of the velocity."""
    rate = rate_at(optimizer, state.iteration)
    if optimizer.method == "gradient_descent":
        moved = [matrix - rate * slope for matrix, slope in zip(state.layers, slopes)]
        return State(moved, state.velocity, state.iteration + 1)
    if optimizer.method == "momentum":
        velocity = [
            optimizer.momentum * speed - rate * slope for speed, slope in zip(state.velocity, slopes)
        ]
        moved = [matrix + speed for matrix, speed in zip(state.layers, velocity)]
        return State(moved, velocity, state.iteration + 1)
    raise NotImplementedError(f"method {optimizer.method!r}")


def update(network, gradients, velocity, optimizer, iteration):
    layers = stack(network)
    speeds = at_rest(layers) if velocity is None else stack(velocity)
    state = advance(State(layers, speeds, int(iteration)), stack(gradients), read_optimizer(optimizer))
    return {
        "network": {**unstack(state.layers), "activation": network.get("activation")},
        "velocity": unstack(state.velocity),
    }

# --- Training --------------------------------------------------------------------------------------------

def descent(
    state: State,
    name: Optional[str],
    inputs: Array,
    targets: Array,
    objective: Objective,
    optimizer: Optimizer,
    batches: Iterable,
) -> Iterator[tuple]:
    """One training step per batch: yields the loss before the update, and the state after it."""
    for batch in batches:
        rows, wanted = inputs[batch], targets[batch]
        signals, scores = propagate(state.layers, name, rows)
        cost = objective_value(state.layers, scores, wanted, objective)
        slopes = objective_gradients(state.layers, name, signals, scores, wanted, objective)
        state = advance(state, slopes, optimizer)
        yield cost, state


def train(network, inputs, labels, objective, optimizer, iterations, batches=None):
    inputs = np.asarray(inputs, dtype=float)
    layers, name = stack(network), network.get("activation")
    targets = one_hot(labels, layers[-1].shape[1])
    if batches is None:
        plan = repeat(slice(None), int(iterations))
    else:
        plan = islice((np.asarray(batch, dtype=np.intp) for batch in batches), int(iterations))
    state = State(layers, at_rest(layers), 0)
    losses = []
    steps = descent(
        state, name, inputs, targets, read_objective(objective), read_optimizer(optimizer), plan
    )
    for cost, state in steps:
        losses.append(cost)
    return {"losses": losses, "network": {**unstack(state.layers), "activation": name}}


def shuffled_batches(rng: np.random.Generator, count: int, size: int) -> Iterator[Array]:
    """Pass after pass through a new permutation of the examples, without end."""
    while True:
        order = rng.permutation(count)
        for start in range(0, count, size):
            yield order[start : start + size]


def initialize(normals, sizes, activation, initialization):
    recipe = read_initialization(initialization)
    layers = []
    for matrix, fan_in in zip(stack(normals), sizes[:-1]):
        matrix = recipe.scale * matrix
        if recipe.fan_in:
            matrix[:-1] /= np.sqrt(fan_in)
        if recipe.biases == "zeros":
            matrix[-1] = 0.0
        layers.append(matrix)
    return {**unstack(layers), "activation": activation}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in experiment["sizes"]]
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])],
        "biases": [rng.standard_normal(size) for size in sizes[1:]],
    }
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    iterations, size = int(experiment["iterations"]), experiment.get("batch_size")
    batches = None
    if size is not None:
        batches = islice(shuffled_batches(rng, len(inputs), int(size)), iterations)
    trained = train(
        network, inputs, labels, experiment["objective"], experiment["optimizer"], iterations, batches
    )
    return trained["network"]

# --- Data sets -------------------------------------------------------------------------------------------

def spiral(normals, examples_per_class, classes):
    wobble = 0.2 * np.asarray(normals, dtype=float).reshape(classes, examples_per_class)
    radius = np.linspace(0.0, 1.0, examples_per_class)
    angle = np.stack([np.linspace(4 * arm, 4 * (arm + 1), examples_per_class) for arm in range(classes)])
    angle = angle + wobble
    points = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)
    return {"inputs": points.reshape(-1, 2), "labels": np.repeat(np.arange(classes), examples_per_class)}


def halves(examples: int) -> tuple:
    """How many examples are of class 0 and of class 1."""
    return examples // 2, examples - examples // 2


def moons(normals, order, examples, noise):
    first, second = halves(int(examples))
    upper, lower = np.linspace(0.0, np.pi, first), np.linspace(0.0, np.pi, second)
    x = np.concatenate([np.cos(upper), 1.0 - np.cos(lower)])
    y = np.concatenate([np.sin(upper), 0.5 - np.sin(lower)])
    labels = np.repeat([0, 1], [first, second])
    order = np.asarray(order, dtype=np.intp)
    points = np.stack([x, y], axis=1)[order]
    return {"inputs": points + noise * np.asarray(normals, dtype=float), "labels": labels[order]}


def circles(normals, examples, factor, noise):
    first, second = halves(int(examples))
    outer = np.linspace(0.0, 2.0 * np.pi, first, endpoint=False)
    inner = np.linspace(0.0, 2.0 * np.pi, second, endpoint=False)
    x = np.concatenate([np.cos(outer), factor * np.cos(inner)])
    y = np.concatenate([np.sin(outer), factor * np.sin(inner)])
    points = np.stack([x, y], axis=1) + noise * np.asarray(normals, dtype=float)
    return {"inputs": points, "labels": np.repeat([0, 1], [first, second])}


def describe():
    return {
        "name": "homogeneous",
        "version": "1.0",
        "language": "Python",
        "precision": "float64",
        "activations": list(ACTIVATIONS),
        "reductions": ["mean", "sum"],
        "methods": ["gradient_descent", "momentum"],
        "schedules": ["step", "exponential", "inverse_time"],
        "protocol": 1,
    }
