"""A small neural network in a functional style.

Parameters are a list of layers, each {"w": (fan_in, fan_out), "b": (fan_out,)}. Every primitive returns its value and
its pullback, the function that maps a cotangent of the value to the cotangents of the arguments. The optimizer sees
one flat vector; `ravel` makes it and hands back the function that undoes it.
"""

import itertools
from typing import Any, Callable, Iterable, Iterator, NamedTuple

import numpy as np

Array = np.ndarray
Layers = list[dict[str, Array]]
Pullback = Callable[..., Any]


# Trees ---------------------------------------------------------------------------------------------------------------


def layers_of(tree: dict) -> Layers:
    """Weights and biases in their public form, as layers."""
    return [
        {"w": np.asarray(w, dtype=float), "b": np.asarray(b, dtype=float)}
        for w, b in zip(tree["weights"], tree["biases"], strict=True)
    ]


def tree_of(layers: Layers) -> dict:
    return {"weights": [layer["w"] for layer in layers], "biases": [layer["b"] for layer in layers]}


def network_of(layers: Layers, activation: str) -> dict:
    return {**tree_of(layers), "activation": activation}


def tree_add(first: Layers, second: Layers) -> Layers:
    return [{key: a[key] + b[key] for key in a} for a, b in zip(first, second, strict=True)]


def ravel(layers: Layers) -> tuple[Array, Callable[[Array], Layers]]:
    """All parameters in one vector, and the function from such a vector to layers."""
    leaves = [layer[key] for layer in layers for key in ("w", "b")]
    shapes = [leaf.shape for leaf in leaves]
    ends = np.cumsum([leaf.size for leaf in leaves])

    def unravel(vector: Array) -> Layers:
        pieces = np.split(vector, ends[:-1])
        arrays = [piece.reshape(shape) for piece, shape in zip(pieces, shapes)]
        return [{"w": w, "b": b} for w, b in zip(arrays[0::2], arrays[1::2])]

    return np.concatenate([leaf.ravel() for leaf in leaves]), unravel


# Primitives: value and pullback --------------------------------------------------------------------------------------


def dense_vjp(layer: dict[str, Array], x: Array) -> tuple[Array, Pullback]:
    w, b = layer["w"], layer["b"]

    def pullback(g: Array) -> tuple[dict[str, Array], Array]:
        dw = np.einsum("nd,nh->dh", x, g)
        db = np.einsum("nh->h", g)
        dx = np.einsum("nh,dh->nd", g, w)
        return {"w": dw, "b": db}, dx

    return np.einsum("nd,dh->nh", x, w) + b, pullback


def relu_vjp(z: Array) -> tuple[Array, Pullback]:
    active = z > 0
    return np.where(active, z, 0.0), lambda g: np.where(active, g, 0.0)


def tanh_vjp(z: Array) -> tuple[Array, Pullback]:
    y = np.tanh(z)
    return y, lambda g: g * (1.0 - y**2)


def logistic_vjp(z: Array) -> tuple[Array, Pullback]:
    s = 0.5 * (1.0 + np.tanh(0.5 * z))  # cannot overflow
    return s, lambda g: g * s * (1.0 - s)


ACTIVATIONS = {"relu": relu_vjp, "tanh": tanh_vjp, "logistic": logistic_vjp}


def activation_vjp(name: str, z: Array) -> tuple[Array, Pullback]:
    try:
        primitive = ACTIVATIONS[name]
    except KeyError:
        raise NotImplementedError(f"no activation {name!r}") from None
    return primitive(np.asarray(z, dtype=float))


def log_softmax_vjp(scores: Array) -> tuple[Array, Pullback]:
    shifted = scores - scores.max(axis=1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    p = np.exp(logp)
    return logp, lambda g: g - p * np.einsum("nk->n", g)[:, None]


def pick_vjp(table: Array, labels: Array) -> tuple[Array, Pullback]:
    """One entry of each row."""
    n, k = table.shape
    flat = k * np.arange(n) + labels

    def pullback(g: Array) -> Array:
        out = np.zeros_like(table)
        out.flat[flat] = g
        return out

    return table.flat[flat], pullback


def total_vjp(values: Array, reduction: str) -> tuple[float, Pullback]:
    """The sum or the mean of one value for each example."""
    if reduction not in ("mean", "sum"):
        raise NotImplementedError(f"no reduction {reduction!r}")
    weight = 1.0 / len(values) if reduction == "mean" else 1.0
    return weight * np.einsum("n->", values), lambda g: np.full(len(values), weight * g)


def cross_entropy_vjp(scores: Array, labels: Array, reduction: str) -> tuple[float, Pullback]:
    logp, pull_softmax = log_softmax_vjp(scores)
    picked, pull_pick = pick_vjp(logp, labels)
    total, pull_total = total_vjp(picked, reduction)
    return -total, lambda g: pull_softmax(pull_pick(pull_total(-g)))


def ridge_vjp(layers: Layers, l2: float) -> tuple[float, Pullback]:
    """The penalty on the weights; the biases are free."""
    squares = sum(np.einsum("dh,dh->", layer["w"], layer["w"]) for layer in layers)

    def pullback(g: float) -> Layers:
        return [{"w": g * l2 * layer["w"], "b": np.zeros_like(layer["b"])} for layer in layers]

    return 0.5 * l2 * squares, pullback


# The model and its objective -----------------------------------------------------------------------------------------


def model_vjp(layers: Layers, activation: str, inputs: Array) -> tuple[tuple[list[Array], Array], Pullback]:
    """The outputs of the hidden layers and the scores; the pullback takes a cotangent of the scores."""
    hidden: list[Array] = []
    pulls: list[tuple[Pullback, Pullback]] = []
    x = inputs
    for layer in layers[:-1]:
        z, pull_dense = dense_vjp(layer, x)
        x, pull_activation = activation_vjp(activation, z)
        hidden.append(x)
        pulls.append((pull_dense, pull_activation))
    scores, pull_scores = dense_vjp(layers[-1], x)

    def pullback(g: Array) -> Layers:
        last, g = pull_scores(g)
        grads = [last]
        for pull_dense, pull_activation in reversed(pulls):
            grad, g = pull_dense(pull_activation(g))
            grads.append(grad)
        return grads[::-1]

    return (hidden, scores), pullback


def objective_vjp(
    layers: Layers, activation: str, inputs: Array, labels: Array, objective: dict
) -> tuple[float, Pullback]:
    (_, scores), pull_model = model_vjp(layers, activation, inputs)
    data, pull_data = cross_entropy_vjp(scores, labels, objective["reduction"])
    penalty, pull_penalty = ridge_vjp(layers, objective.get("l2") or 0.0)

    def pullback(g: float) -> Layers:
        return tree_add(pull_model(pull_data(g)), pull_penalty(g))

    return data + penalty, pullback


def make_value_and_grad(
    unravel: Callable[[Array], Layers], activation: str, objective: dict
) -> Callable[[Array, Array, Array], tuple[float, Array]]:
    """The objective and its gradient as a function of the flat parameters."""

    def value_and_grad(params: Array, inputs: Array, labels: Array) -> tuple[float, Array]:
        value, pullback = objective_vjp(unravel(params), activation, inputs, labels, objective)
        return value, ravel(pullback(1.0))[0]

    return value_and_grad


# Optimizer -----------------------------------------------------------------------------------------------------------


class OptState(NamedTuple):
    params: Array
    velocity: Array


def make_schedule(rate: float, schedule: dict | None) -> Callable[[int], float]:
    """The learning rate as a function of the number of updates so far."""
    if schedule is None:
        return lambda t: rate
    kind, d = schedule["kind"], schedule["decay"]
    if kind == "step":
        return lambda t: rate * d ** (t // schedule["every"])
    if kind == "exponential":
        return lambda t: rate * np.exp(-d * t)
    if kind == "inverse_time":
        return lambda t: rate / (1.0 + d * t)
    raise NotImplementedError(f"no schedule {kind!r}")


def make_optimizer(optimizer: dict) -> tuple[Callable, Callable, Callable]:
    """(init_fn, update_fn, get_params); gradient descent is momentum without memory."""
    method = optimizer["method"]
    if method not in ("gradient_descent", "momentum"):
        raise NotImplementedError(f"no method {method!r}")
    memory = optimizer["momentum"] if method == "momentum" else 0.0
    rate = make_schedule(optimizer["learning_rate"], optimizer.get("schedule"))

    def init_fn(params: Array) -> OptState:
        return OptState(params, np.zeros_like(params))

    def update_fn(t: int, grad: Array, state: OptState) -> OptState:
        velocity = memory * state.velocity - rate(t) * grad
        return OptState(state.params + velocity, velocity)

    def get_params(state: OptState) -> Array:
        return state.params

    return init_fn, update_fn, get_params


# Training ------------------------------------------------------------------------------------------------------------


def trajectory(
    params: Array,
    value_and_grad: Callable,
    optimizer: dict,
    inputs: Array,
    labels: Array,
    batches: Iterable,
) -> Iterator[tuple[float, Array]]:
    """For each update: the objective before it, and the parameters after it."""
    init_fn, update_fn, get_params = make_optimizer(optimizer)
    state = init_fn(params)
    for t, batch in enumerate(batches):
        x, y = inputs[batch], labels[batch]
        value, grad = value_and_grad(get_params(state), x, y)
        state = update_fn(t, grad, state)
        yield value, get_params(state)


def shuffled_batches(rng: np.random.Generator, examples: int, size: int) -> Iterator[Array]:
    """Endless passes through the examples, each in a new order."""
    while True:
        order = rng.permutation(examples)
        for start in range(0, examples, size):
            yield order[start : start + size]


def train(network, inputs, labels, objective, optimizer, iterations, batches=None):
    inputs, labels = np.asarray(inputs, dtype=float), np.asarray(labels)
    if batches is None:
        batches = itertools.repeat(slice(None))
    else:
        batches = (np.asarray(batch, dtype=int) for batch in batches)
    params, unravel = ravel(layers_of(network))
    value_and_grad = make_value_and_grad(unravel, network["activation"], objective)
    losses = []
    steps = trajectory(params, value_and_grad, optimizer, inputs, labels, itertools.islice(batches, iterations))
    for value, params in steps:
        losses.append(float(value))
    return {"losses": losses, "network": network_of(unravel(params), network["activation"])}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = list(experiment["sizes"])
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])],
        "biases": [rng.standard_normal(size) for size in sizes[1:]],
    }
    start = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    size = experiment.get("batch_size")
    batches = None if size is None else shuffled_batches(rng, len(inputs), size)
    result = train(
        start,
        inputs,
        labels,
        experiment["objective"],
        experiment["optimizer"],
        experiment["iterations"],
        batches,
    )
    return result["network"]


# The other operations ------------------------------------------------------------------------------------------------


def describe():
    return {
        "name": "pullbacks",
        "version": "1.0",
        "language": "Python",
        "precision": "float64",
        "activations": list(ACTIVATIONS),
        "reductions": ["mean", "sum"],
        "methods": ["gradient_descent", "momentum"],
        "schedules": ["step", "exponential", "inverse_time"],
    }


def softmax(scores):
    return np.exp(log_softmax_vjp(np.asarray(scores, dtype=float))[0])


def activation(name, z):
    return activation_vjp(name, z)[0]


def activation_derivative(name, z):
    value, pullback = activation_vjp(name, z)
    return pullback(np.ones_like(value))


def cross_entropy(scores, labels, reduction):
    return float(cross_entropy_vjp(np.asarray(scores, dtype=float), np.asarray(labels), reduction)[0])


def score_gradient(scores, labels, reduction):
    _, pullback = cross_entropy_vjp(np.asarray(scores, dtype=float), np.asarray(labels), reduction)
    return pullback(1.0)


def forward(network, inputs):
    (hidden, scores), _ = model_vjp(layers_of(network), network["activation"], np.asarray(inputs, dtype=float))
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    scores = forward(network, inputs)["scores"]
    return np.argmax(scores, axis=1)


def loss(network, inputs, labels, objective):
    inputs, labels = np.asarray(inputs, dtype=float), np.asarray(labels)
    value, _ = objective_vjp(layers_of(network), network["activation"], inputs, labels, objective)
    return float(value)


def gradients(network, inputs, labels, objective):
    params, unravel = ravel(layers_of(network))
    value_and_grad = make_value_and_grad(unravel, network["activation"], objective)
    _, grad = value_and_grad(params, np.asarray(inputs, dtype=float), np.asarray(labels))
    return tree_of(unravel(grad))


def update(network, gradients, velocity, optimizer, iteration):
    init_fn, update_fn, get_params = make_optimizer(optimizer)
    params, unravel = ravel(layers_of(network))
    grad, _ = ravel(layers_of(gradients))
    state = init_fn(params)
    if velocity is not None:
        state = state._replace(velocity=ravel(layers_of(velocity))[0])
    state = update_fn(iteration, grad, state)
    return {
        "network": network_of(unravel(get_params(state)), network["activation"]),
        "velocity": tree_of(unravel(state.velocity)),
    }


def initialize(normals, sizes, activation, initialization):
    scale = initialization["scale"]
    layers = []
    for fan_in, fan_out, w, b in zip(sizes[:-1], sizes[1:], normals["weights"], normals["biases"], strict=True):
        spread = scale / np.sqrt(fan_in) if initialization["fan_in"] else scale
        w = spread * np.asarray(w, dtype=float).reshape(fan_in, fan_out)
        b = scale * np.asarray(b, dtype=float) if initialization["biases"] == "normals" else np.zeros(fan_out)
        layers.append({"w": w, "b": b})
    return network_of(layers, activation)


# Data ----------------------------------------------------------------------------------------------------------------


def polar(radius: Array | float, angle: Array) -> Array:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def spiral(normals, examples_per_class, classes):
    n = examples_per_class
    noise = 0.2 * np.asarray(normals, dtype=float).reshape(classes, n)
    radius = np.linspace(0.0, 1.0, n)
    arms = []
    for j in range(classes):
        angle = np.linspace(4.0 * j, 4.0 * (j + 1), n) + noise[j]
        arms.append(polar(radius, angle)[:, ::-1])  # sine first
    return {"inputs": np.concatenate(arms), "labels": np.repeat(np.arange(classes), n)}


def moons(normals, order, examples, noise):
    outer = examples // 2
    inner = examples - outer
    upper = polar(1.0, np.linspace(0.0, np.pi, outer))
    lower = np.array([1.0, 0.5]) - polar(1.0, np.linspace(0.0, np.pi, inner))
    labels = np.repeat([0, 1], [outer, inner])
    order = np.asarray(order, dtype=int)
    points = np.concatenate([upper, lower])[order]
    return {"inputs": points + noise * np.asarray(normals, dtype=float), "labels": labels[order]}


def circles(normals, examples, factor, noise):
    outer = examples // 2
    inner = examples - outer
    large = polar(1.0, np.linspace(0.0, 2.0 * np.pi, outer, endpoint=False))
    small = polar(factor, np.linspace(0.0, 2.0 * np.pi, inner, endpoint=False))
    points = np.concatenate([large, small]) + noise * np.asarray(normals, dtype=float)
    return {"inputs": points, "labels": np.repeat([0, 1], [outer, inner])}
