"""A small neural network in NumPy: a list of (W, b) layers and plain functions on it."""

import numpy as np


def describe():
    """What this program is."""
    return {"name": "layer tuples", "version": "1.0", "language": "Python", "precision": "float64"}


# --- lists of layers -------------------------------------------------------------------------------------


def to_layers(params):
    """The (W, b) tuples of a network, of gradients or of a velocity."""
    layers = []
    for W, b in zip(params["weights"], params["biases"]):
        layers.append((np.array(W, dtype=float), np.array(b, dtype=float)))
    return layers


def to_params(layers):
    """The weights and biases of a list of layers."""
    return {"weights": [W for W, b in layers], "biases": [b for W, b in layers]}


def to_network(layers, name):
    """A network from a list of layers and the name of its activation."""
    return {**to_params(layers), "activation": name}


def zeros_like(layers):
    """Layers of the same shapes, all zeros."""
    return [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]


# --- softmax and its loss --------------------------------------------------------------------------------


def softmax(scores):
    """The probabilities of the classes, for each example."""
    exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


def log_softmax(scores):
    """The logarithms of the probabilities, without overflow."""
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def one_hot(labels, classes):
    """A row for each label, with a 1 at its class."""
    return np.eye(classes)[labels]


def cross_entropy(scores, labels, reduction):
    """The mean or the sum of the examples' cross-entropies."""
    targets = one_hot(labels, scores.shape[1])
    losses = -np.sum(targets * log_softmax(scores), axis=1)
    if reduction == "mean":
        return np.mean(losses)
    return np.sum(losses)


def score_gradient(scores, labels, reduction):
    """The gradient of the cross-entropy on the scores."""
    n = len(labels)
    dscores = softmax(scores)
    dscores[np.arange(n), labels] -= 1
    if reduction == "mean":
        dscores /= n
    return dscores


# --- activations -----------------------------------------------------------------------------------------


def logistic(z):
    """The logistic function, without overflow."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def activation(name, z):
    """The outputs of hidden units."""
    if name == "relu":
        return np.maximum(0, z)
    if name == "tanh":
        return np.tanh(z)
    if name == "logistic":
        return logistic(z)
    raise NotImplementedError(f"no activation {name}")


def activation_derivative(name, z):
    """The derivative of an activation at z."""
    if name == "relu":
        return (z > 0).astype(float)
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    if name == "logistic":
        return logistic(z) * (1 - logistic(z))
    raise NotImplementedError(f"no activation {name}")


# --- the network -----------------------------------------------------------------------------------------


def forward_pass(layers, name, X):
    """The inputs and outputs of the hidden units, and the scores."""
    zs, hidden = [], []
    a = X
    for W, b in layers[:-1]:
        z = a @ W + b
        a = activation(name, z)
        zs.append(z)
        hidden.append(a)
    W, b = layers[-1]
    scores = a @ W + b
    return zs, hidden, scores


def forward(network, inputs):
    """The outputs of the hidden layers, and the scores."""
    zs, hidden, scores = forward_pass(to_layers(network), network["activation"], inputs)
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    """The class with the greatest score."""
    return np.argmax(forward(network, inputs)["scores"], axis=1)


def penalty(layers, l2):
    """Half of l2 times the sum of all squared weights."""
    total = 0.0
    for W, b in layers:
        total += np.sum(W ** 2)
    return 0.5 * l2 * total


def loss(network, inputs, labels, objective):
    """The cross-entropy and the penalty."""
    layers = to_layers(network)
    scores = forward(network, inputs)["scores"]
    return cross_entropy(scores, labels, objective["reduction"]) + penalty(layers, objective["l2"])


def gradients(network, inputs, labels, objective):
    """Backpropagation, from the last layer to the first."""
    name, l2 = network["activation"], objective["l2"]
    layers = to_layers(network)
    zs, hidden, scores = forward_pass(layers, name, inputs)
    layer_inputs = [inputs] + hidden
    delta = score_gradient(scores, labels, objective["reduction"])
    grads = []
    for i in reversed(range(len(layers))):
        W, b = layers[i]
        dW = layer_inputs[i].T @ delta
        db = np.sum(delta, axis=0)
        dW += l2 * W
        grads.insert(0, (dW, db))
        if i > 0:
            delta = delta @ W.T
            delta *= activation_derivative(name, zs[i - 1])
    return to_params(grads)


# --- updates ---------------------------------------------------------------------------------------------


def learning_rate(optimizer, t):
    """The rate of update t under the schedule."""
    rate, schedule = optimizer["learning_rate"], optimizer.get("schedule")
    if schedule is None:
        return rate
    d = schedule["decay"]
    if schedule["kind"] == "step":
        return rate * d ** (t // schedule["every"])
    if schedule["kind"] == "exponential":
        return rate * np.exp(-d * t)
    if schedule["kind"] == "inverse_time":
        return rate / (1 + d * t)
    raise NotImplementedError(f"no schedule {schedule['kind']}")


def update_layers(layers, grads, velocity, optimizer, t):
    """One step of gradient descent, with or without momentum."""
    if optimizer["method"] not in ("gradient_descent", "momentum"):
        raise NotImplementedError(f"no method {optimizer['method']}")
    rate = learning_rate(optimizer, t)
    m = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0
    new_layers, new_velocity = [], []
    for (W, b), (dW, db), (vW, vb) in zip(layers, grads, velocity):
        new_vW = m * vW - rate * dW
        new_vb = m * vb - rate * db
        new_layers.append((W + new_vW, b + new_vb))
        new_velocity.append((new_vW, new_vb))
    return new_layers, new_velocity


def update(network, gradients, velocity, optimizer, iteration):
    """One update of a network."""
    layers, new_velocity = update_layers(
        to_layers(network), to_layers(gradients), to_layers(velocity), optimizer, iteration
    )
    return {"network": to_network(layers, network["activation"]), "velocity": to_params(new_velocity)}


# --- training --------------------------------------------------------------------------------------------


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    """The losses before all updates, and the trained network."""
    name = network["activation"]
    layers = to_layers(network)
    velocity = zeros_like(layers)
    losses = []
    for t in range(iterations):
        X, y = inputs, labels
        if batches is not None:
            rows = np.array(batches[t])
            X, y = inputs[rows], labels[rows]
        network = to_network(layers, name)
        losses.append(loss(network, X, y, objective))
        grads = to_layers(gradients(network, X, y, objective))
        layers, velocity = update_layers(layers, grads, velocity, optimizer, t)
    return {"losses": losses, "network": to_network(layers, name)}


def draw_normals(rng, sizes):
    """Standard normals for all weights and biases."""
    layers = []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        layers.append((rng.standard_normal((fan_in, fan_out)), rng.standard_normal(fan_out)))
    return to_params(layers)


def draw_batches(rng, examples, batch_size, iterations):
    """The examples of each minibatch: shuffled once for each pass."""
    batches = []
    while len(batches) < iterations:
        order = rng.permutation(examples)
        for start in range(0, max(examples - batch_size, 0) + 1, batch_size):
            batches.append(order[start:start + batch_size])
    return batches[:iterations]


def initialize(normals, sizes, activation, initialization):
    """The initial network, from standard normals."""
    scale = initialization["scale"]
    layers = []
    for W, b in to_layers(normals):
        W = scale * W
        if initialization["fan_in"]:
            W = W / np.sqrt(W.shape[0])
        b = scale * b if initialization["biases"] == "normals" else np.zeros_like(b)
        layers.append((W, b))
    return to_network(layers, activation)


def fit(inputs, labels, experiment, seed):
    """A network that is trained as the experiment says."""
    rng = np.random.default_rng(seed)
    sizes = experiment["sizes"]
    start = initialize(
        draw_normals(rng, sizes), sizes, experiment["activation"], experiment["initialization"]
    )
    batches = None
    if experiment["batch_size"] is not None:
        batches = draw_batches(rng, len(labels), experiment["batch_size"], experiment["iterations"])
    objective, optimizer = experiment["objective"], experiment["optimizer"]
    return train(start, inputs, labels, objective, optimizer, experiment["iterations"], batches)["network"]


# --- data sets -------------------------------------------------------------------------------------------


def spiral(normals, examples_per_class, classes):
    """CS231n's spiral."""
    n = examples_per_class
    X = np.zeros((n * classes, 2))
    y = np.zeros(n * classes, dtype=int)
    for j in range(classes):
        rows = slice(n * j, n * (j + 1))
        r = np.linspace(0, 1, n)
        t = np.linspace(j * 4, (j + 1) * 4, n) + 0.2 * normals[rows]
        X[rows] = np.c_[r * np.sin(t), r * np.cos(t)]
        y[rows] = j
    return {"inputs": X, "labels": y}


def moons(normals, order, examples, noise):
    """Two half circles, shuffled, with noise."""
    outer = examples // 2
    t0 = np.linspace(0, np.pi, outer)
    t1 = np.linspace(0, np.pi, examples - outer)
    X = np.r_[np.c_[np.cos(t0), np.sin(t0)], np.c_[1 - np.cos(t1), 0.5 - np.sin(t1)]]
    y = np.r_[np.zeros(outer, dtype=int), np.ones(examples - outer, dtype=int)]
    X, y = X[order], y[order]
    X = X + noise * normals
    return {"inputs": X, "labels": y}


def circles(normals, examples, factor, noise):
    """A circle of class 0 around a circle of class 1, with noise."""
    outer = examples // 2
    a0 = np.linspace(0, 2 * np.pi, outer, endpoint=False)
    a1 = np.linspace(0, 2 * np.pi, examples - outer, endpoint=False)
    big = np.c_[np.cos(a0), np.sin(a0)]
    small = factor * np.c_[np.cos(a1), np.sin(a1)]
    X = np.r_[big, small] + noise * normals
    y = np.r_[np.zeros(outer, dtype=int), np.ones(examples - outer, dtype=int)]
    return {"inputs": X, "labels": y}
