"""A small softmax network, written column by column.

Inside of this file an example is a COLUMN: inputs are (D, N), scores (K, N). Weights are (fan_out, fan_in) and a bias
is (fan_out, 1), so that a layer computes W @ A + b. All parameters lie in one flat list [W1, b1, W2, b2, ...];
gradients and velocities are flat lists of the same form. Only the functions under "the border" know the other layout.
"""

import numpy as np


# the border: row-major values outside, column-major values inside

def columns_of(inputs):
    return np.array(inputs, dtype=np.float64).T


def labels_of(labels):
    return np.array(labels).astype(np.int64).reshape(-1)


def pack(tables):
    """Turn {"weights": [...], "biases": [...]} into a flat list."""
    flat = []
    for weight, bias in zip(tables["weights"], tables["biases"]):
        weight = np.array(weight, dtype=np.float64)
        bias = np.array(bias, dtype=np.float64)
        flat.append(weight.T.copy())
        flat.append(bias.reshape(-1, 1))
    return flat


def unpack(flat):
    """Turn a flat list into {"weights": [...], "biases": [...]}."""
    weights = []
    biases = []
    for l in range(len(flat) // 2):
        weights.append(flat[2 * l].T.copy())
        biases.append(flat[2 * l + 1][:, 0].copy())
    return {"weights": weights, "biases": biases}


def unpack_network(flat, name):
    network = unpack(flat)
    network["activation"] = name
    return network


# activations

def sigma(z):
    # exp is only taken of numbers that are not positive, so nothing overflows
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


def activate(name, z):
    if name == "relu":
        return np.where(z > 0, z, 0.0)
    if name == "tanh":
        return np.tanh(z)
    if name == "logistic":
        return sigma(z)
    raise NotImplementedError("unknown activation: %s" % name)


def slope(name, z):
    if name == "relu":
        return np.where(z > 0, 1.0, 0.0)
    if name == "tanh":
        a = activate("tanh", z)
        return 1.0 - a * a
    if name == "logistic":
        a = activate("logistic", z)
        return a * (1.0 - a)
    raise NotImplementedError("unknown activation: %s" % name)


# softmax and cross-entropy, for scores (K, m)

def softmax_columns(S):
    E = np.exp(S - np.max(S, axis=0, keepdims=True))
    return E / np.sum(E, axis=0, keepdims=True)


def losses_of_columns(S, y):
    """The cross-entropy of each example: log of the sum of the exponentials, minus the score of the right class."""
    top = np.max(S, axis=0)
    log_total = top + np.log(np.sum(np.exp(S - top), axis=0))
    return log_total - S[y, np.arange(y.size)]


def data_loss(S, y, reduction, m):
    total = np.sum(losses_of_columns(S, y))
    if reduction == "mean":
        return total / m
    if reduction == "sum":
        return total
    raise NotImplementedError("unknown reduction: %s" % reduction)


def delta_of_scores(S, y, reduction, m):
    """The gradient of data_loss on the scores."""
    delta = softmax_columns(S)
    delta[y, np.arange(y.size)] -= 1.0
    if reduction == "mean":
        delta = delta / m
    elif reduction != "sum":
        raise NotImplementedError("unknown reduction: %s" % reduction)
    return delta


# the network

def forward_pass(params, X, name):
    """Return Z = [Z1, ..., ZL] and A = [X, A1, ..., scores]."""
    layers = len(params) // 2
    Z = []
    A = [X]
    for l in range(layers):
        W = params[2 * l]
        b = params[2 * l + 1]
        Z.append(W @ A[l] + b)
        if l < layers - 1:
            A.append(activate(name, Z[l]))
        else:
            A.append(Z[l])
    return Z, A


def penalty(params, l2):
    squares = 0.0
    for l in range(len(params) // 2):
        W = params[2 * l]
        squares += np.sum(W * W)
    return 0.5 * l2 * squares


def objective_value(params, S, y, objective, m):
    value = data_loss(S, y, objective["reduction"], m)
    value = value + penalty(params, objective["l2"])
    return value


def backward_pass(params, Z, A, y, objective, name, m):
    """The gradients of the objective, as a flat list like params."""
    layers = len(params) // 2
    grads = [None] * len(params)
    delta = delta_of_scores(A[layers], y, objective["reduction"], m)
    for l in range(layers - 1, -1, -1):
        W = params[2 * l]
        dW = delta @ A[l].T
        db = np.sum(delta, axis=1, keepdims=True)
        dW += objective["l2"] * W
        grads[2 * l] = dW
        grads[2 * l + 1] = db
        if l > 0:
            back = W.T @ delta
            delta = back * slope(name, Z[l - 1])
    return grads


# the optimizer

def rate_at(optimizer, t):
    rate = float(optimizer["learning_rate"])
    schedule = optimizer.get("schedule")
    if schedule is None:
        return rate
    kind = schedule["kind"]
    decay = schedule["decay"]
    if kind == "step":
        return rate * decay ** (t // schedule["every"])
    if kind == "exponential":
        return rate * np.exp(-decay * t)
    if kind == "inverse_time":
        return rate / (1.0 + decay * t)
    raise NotImplementedError("unknown schedule: %s" % kind)


def zeros_like_all(params):
    return [np.zeros_like(p) for p in params]


def step(params, grads, velocity, optimizer, t):
    """One update. The rate is inside of the velocity: V <- momentum V - rate grad, P <- P + V."""
    method = optimizer["method"]
    rate = rate_at(optimizer, t)
    new_params = []
    new_velocity = []
    for i in range(len(params)):
        if method == "momentum":
            v = optimizer["momentum"] * velocity[i] - rate * grads[i]
            p = params[i] + v
        elif method == "gradient_descent":
            v = velocity[i]
            p = params[i] - rate * grads[i]
        else:
            raise NotImplementedError("unknown method: %s" % method)
        new_params.append(p)
        new_velocity.append(v)
    return new_params, new_velocity


def train_columns(params, X, y, name, objective, optimizer, iterations, batches):
    losses = []
    velocity = zeros_like_all(params)
    for t in range(iterations):
        if batches is None:
            Xt = X
            yt = y
        else:
            chosen = np.array(batches[t]).astype(np.int64)
            Xt = X[:, chosen]
            yt = y[chosen]
        m = Xt.shape[1]
        Z, A = forward_pass(params, Xt, name)
        losses.append(objective_value(params, A[-1], yt, objective, m))
        grads = backward_pass(params, Z, A, yt, objective, name, m)
        params, velocity = step(params, grads, velocity, optimizer, t)
    return np.array(losses, dtype=np.float64), params


# initialization

def normals_per_layer(normals, sizes):
    """Normals come as {"weights": ..., "biases": ...}, or as one row of numbers, layer by layer, W before b."""
    if isinstance(normals, dict):
        weights = [np.array(w, dtype=np.float64) for w in normals["weights"]]
        biases = normals.get("biases") or [np.zeros(n) for n in sizes[1:]]
        return pack({"weights": weights, "biases": biases})
    row = np.array(normals, dtype=np.float64).reshape(-1)
    with_biases = row.size > sum(sizes[l] * sizes[l + 1] for l in range(len(sizes) - 1))
    weights = []
    biases = []
    at = 0
    for l in range(len(sizes) - 1):
        count = sizes[l] * sizes[l + 1]
        weights.append(row[at:at + count].reshape(sizes[l], sizes[l + 1]))
        at += count
        if with_biases:
            biases.append(row[at:at + sizes[l + 1]])
            at += sizes[l + 1]
        else:
            biases.append(np.zeros(sizes[l + 1]))
    return pack({"weights": weights, "biases": biases})


def initial_params(draws, initialization):
    params = []
    for l in range(len(draws) // 2):
        W = initialization["scale"] * draws[2 * l]
        if initialization["fan_in"]:
            W = W / np.sqrt(W.shape[1])
        if initialization["biases"] == "normals":
            b = initialization["scale"] * draws[2 * l + 1]
        else:
            b = np.zeros((W.shape[0], 1))
        params.append(W)
        params.append(b)
    return params


# the operations

def describe():
    return {"name": "columns", "version": "1.0", "language": "Python", "precision": "float64"}


def softmax(scores):
    return softmax_columns(columns_of(scores)).T


def activation(name, z):
    return activate(name, np.array(z, dtype=np.float64))


def activation_derivative(name, z):
    return slope(name, np.array(z, dtype=np.float64))


def cross_entropy(scores, labels, reduction):
    y = labels_of(labels)
    return float(data_loss(columns_of(scores), y, reduction, y.size))


def score_gradient(scores, labels, reduction):
    y = labels_of(labels)
    return delta_of_scores(columns_of(scores), y, reduction, y.size).T


def forward(network, inputs):
    Z, A = forward_pass(pack(network), columns_of(inputs), network["activation"])
    return {"hidden": [a.T for a in A[1:-1]], "scores": A[-1].T}


def predict(network, inputs):
    Z, A = forward_pass(pack(network), columns_of(inputs), network["activation"])
    return np.argmax(A[-1], axis=0)


def loss(network, inputs, labels, objective):
    params = pack(network)
    X = columns_of(inputs)
    Z, A = forward_pass(params, X, network["activation"])
    return float(objective_value(params, A[-1], labels_of(labels), objective, X.shape[1]))


def gradients(network, inputs, labels, objective):
    params = pack(network)
    X = columns_of(inputs)
    name = network["activation"]
    Z, A = forward_pass(params, X, name)
    return unpack(backward_pass(params, Z, A, labels_of(labels), objective, name, X.shape[1]))


def update(network, gradients, velocity, optimizer, iteration):
    params = pack(network)
    velocity = zeros_like_all(params) if velocity is None else pack(velocity)
    params, velocity = step(params, pack(gradients), velocity, optimizer, int(iteration))
    return {"network": unpack_network(params, network["activation"]), "velocity": unpack(velocity)}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    name = network["activation"]
    losses, params = train_columns(pack(network), columns_of(inputs), labels_of(labels), name, objective, optimizer,
                                   int(iterations), batches)
    return {"losses": losses, "network": unpack_network(params, name)}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    X = columns_of(inputs)
    y = labels_of(labels)
    sizes = [int(n) for n in experiment["sizes"]]
    count = sum((sizes[l] + 1) * sizes[l + 1] for l in range(len(sizes) - 1))
    draws = normals_per_layer(rng.standard_normal(count), sizes)
    params = initial_params(draws, experiment["initialization"])
    iterations = int(experiment["iterations"])
    batches = None
    if experiment.get("batch_size") is not None:
        size = min(int(experiment["batch_size"]), y.size)
        batches = []
        deck = rng.permutation(y.size)
        at = 0
        for t in range(iterations):
            if at + size > y.size:
                deck = rng.permutation(y.size)
                at = 0
            batches.append(deck[at:at + size])
            at += size
    losses, params = train_columns(params, X, y, experiment["activation"], experiment["objective"],
                                   experiment["optimizer"], iterations, batches)
    return unpack_network(params, experiment["activation"])


def initialize(normals, sizes, activation, initialization):
    draws = normals_per_layer(normals, [int(n) for n in sizes])
    return unpack_network(initial_params(draws, initialization), activation)


def spiral(normals, examples_per_class, classes):
    n = int(examples_per_class)
    noise = np.array(normals, dtype=np.float64).reshape(-1)
    X = np.zeros((2, n * classes))
    y = np.zeros(n * classes, dtype=np.int64)
    for j in range(classes):
        place = np.arange(n * j, n * (j + 1))
        r = np.linspace(0.0, 1.0, n)
        theta = np.linspace(4.0 * j, 4.0 * (j + 1), n) + 0.2 * noise[place]
        X[0, place] = r * np.sin(theta)
        X[1, place] = r * np.cos(theta)
        y[place] = j
    return {"inputs": X.T, "labels": y}


def moons(normals, order, examples, noise):
    n = int(examples)
    outer = np.linspace(0.0, np.pi, n // 2)
    inner = np.linspace(0.0, np.pi, n - n // 2)
    X = np.zeros((2, n))
    X[0] = np.concatenate([np.cos(outer), 1.0 - np.cos(inner)])
    X[1] = np.concatenate([np.sin(outer), 0.5 - np.sin(inner)])
    y = np.concatenate([np.zeros(outer.size, dtype=np.int64), np.ones(inner.size, dtype=np.int64)])
    order = np.array(order).astype(np.int64)
    X = X[:, order] + noise * columns_of(normals)
    y = y[order]
    return {"inputs": X.T, "labels": y}


def circles(normals, examples, factor, noise):
    n = int(examples)
    outer = np.linspace(0.0, 2.0 * np.pi, n // 2, endpoint=False)
    inner = np.linspace(0.0, 2.0 * np.pi, n - n // 2, endpoint=False)
    X = np.zeros((2, n))
    X[0] = np.concatenate([np.cos(outer), factor * np.cos(inner)])
    X[1] = np.concatenate([np.sin(outer), factor * np.sin(inner)])
    y = np.concatenate([np.zeros(outer.size, dtype=np.int64), np.ones(inner.size, dtype=np.int64)])
    return {"inputs": (X + noise * columns_of(normals)).T, "labels": y}
