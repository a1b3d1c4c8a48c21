"""A neural network classifier after the manner of the well-known Octave course.

Every layer has one matrix Theta of (fan_in + 1) rows: its first row holds the biases, and a column of ones is put
before the inputs of the layer. All matrices, unrolled column by column (as Theta(:) does), make one vector theta;
nn_cost_function returns the cost J and its gradient, unrolled in the same way, and the training loop knows nothing
but theta.
"""

import numpy as np


def describe():
    return {
        "name": "octave-style network",
        "version": "1.0",
        "language": "Python",
        "activations": ["relu", "tanh", "logistic"],
        "reductions": ["mean", "sum"],
        "methods": ["gradient_descent", "momentum"],
        "schedules": ["step", "exponential", "inverse_time"],
    }


# -------- theta: one vector for all parameters
def add_ones(A):
    """[ones(m, 1) A]"""
    return np.hstack([np.ones((A.shape[0], 1)), A])


def unroll(weights, biases):
    """theta = [Theta1(:); Theta2(:); ...], and the sizes of the layers that it takes to reshape it."""
    columns = []
    sizes = [np.shape(weights[0])[0]]
    for W, b in zip(weights, biases):
        Theta = np.vstack([np.reshape(b, (1, -1)), W]).astype(float)
        columns.append(Theta.ravel(order="F"))
        sizes.append(Theta.shape[1])
    return np.concatenate(columns), sizes


def reshape_theta(theta, sizes):
    """The matrices Theta1, Theta2, ... out of the vector."""
    thetas = []
    start = 0
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        end = start + (fan_in + 1) * fan_out
        thetas.append(theta[start:end].reshape((fan_in + 1, fan_out), order="F"))
        start = end
    return thetas


def parts(theta, sizes):
    """The contract's form of theta: weights and biases, apart."""
    thetas = reshape_theta(theta, sizes)
    return {"weights": [Theta[1:].copy() for Theta in thetas], "biases": [Theta[0].copy() for Theta in thetas]}


def as_network(theta, sizes, name):
    return {**parts(theta, sizes), "activation": name}


def unroll_network(network):
    theta, sizes = unroll(network["weights"], network["biases"])
    name = network.get("activation") or "tanh"  # means nothing in a linear classifier
    return theta, sizes, name


# -------- activations, softmax, cross-entropy
def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


def activate(name, z):
    if name == "logistic":
        return sigmoid(z)
    if name == "tanh":
        return np.tanh(z)
    if name == "relu":
        return np.maximum(z, 0.0)
    raise NotImplementedError(f"the activation {name} is not known")


def activation_slope(name, z):
    """The derivative of the activation at z (sigmoidGradient.m, for all three)."""
    if name == "logistic":
        g = sigmoid(z)
        return g * (1.0 - g)
    if name == "tanh":
        return 1.0 - np.tanh(z) ** 2
    if name == "relu":
        return (z > 0.0).astype(float)
    raise NotImplementedError(f"the activation {name} is not known")


def shift(scores):
    """The scores less the greatest of each row, so that no exponential overflows."""
    return scores - np.max(scores, axis=1, keepdims=True)


def probabilities(scores):
    E = np.exp(shift(scores))
    return E / np.sum(E, axis=1, keepdims=True)


def log_probabilities(scores):
    S = shift(scores)
    return S - np.log(np.sum(np.exp(S), axis=1, keepdims=True))


def one_hot(labels, K):
    """Y(i, :) = I(y(i), :)"""
    y = np.asarray(labels).astype(int)
    return np.eye(K)[y]


def divisor(reduction, m):
    if reduction == "mean":
        return m
    if reduction == "sum":
        return 1
    raise NotImplementedError(f"the reduction {reduction} is not known")


def nll(scores, Y, n):
    """The cross-entropy of all examples, divided by n."""
    logP = log_probabilities(scores)
    terms = Y * logP
    per_example = np.sum(terms, axis=1)
    return -np.sum(per_example) / n


def output_error(scores, Y, n):
    """The derivative of nll on the scores."""
    P = probabilities(scores)
    return (P - Y) / n


# -------- the cost function
def feed_forward(thetas, name, X):
    """A: the inputs of each layer, with their ones; Z: what each layer makes of them. The last Z are the scores."""
    A = [add_ones(X)]
    Z = []
    for Theta in thetas[:-1]:
        z = A[-1] @ Theta
        Z.append(z)
        A.append(add_ones(activate(name, z)))
    scores = A[-1] @ thetas[-1]
    return A, Z, scores


def nn_cost_function(theta, sizes, name, X, y, objective):
    """[J grad] = nnCostFunction(...): the objective, and its gradient as one vector like theta."""
    thetas = reshape_theta(theta, sizes)
    lam = objective["l2"]
    m = X.shape[0]
    n = divisor(objective["reduction"], m)
    Y = one_hot(y, sizes[-1])

    # Part 1: the cost
    A, Z, scores = feed_forward(thetas, name, X)
    J = nll(scores, Y, n)
    squares = 0.0
    for Theta in thetas:
        squares += np.sum(Theta[1:] ** 2)
    J += lam / 2 * squares

    # Part 2: backpropagation
    grads = [None] * len(thetas)
    delta = output_error(scores, Y, n)
    for l in range(len(thetas) - 1, -1, -1):
        grads[l] = A[l].T @ delta
        if l > 0:
            back = delta @ thetas[l][1:].T
            delta = back * activation_slope(name, Z[l - 1])

    # Part 3: the gradient of the penalty, which the biases do not have
    for l, Theta in enumerate(thetas):
        decay = lam * Theta
        decay[0] = 0.0
        grads[l] = grads[l] + decay

    grad = np.concatenate([G.ravel("F") for G in grads])
    return J, grad


# -------- gradient descent on theta
def learning_rate(optimizer, iteration):
    rate = optimizer["learning_rate"]
    schedule = optimizer.get("schedule")
    t = iteration
    if schedule is None:
        return rate
    kind, d = schedule["kind"], schedule["decay"]
    if kind == "step":
        return rate * d ** (t // schedule["every"])
    if kind == "exponential":
        return rate * np.exp(-d * t)
    if kind == "inverse_time":
        return rate / (1.0 + d * t)
    raise NotImplementedError(f"the schedule {kind} is not known")


def step(theta, velocity, grad, optimizer, iteration):
    """One update: the new theta and the new velocity."""
    rate = learning_rate(optimizer, iteration)
    if optimizer["method"] not in ("gradient_descent", "momentum"):
        raise NotImplementedError(f"the method {optimizer['method']} is not known")
    if optimizer["method"] == "momentum":
        mu = optimizer["momentum"]
        velocity = mu * velocity - rate * grad
        return theta + velocity, velocity
    theta = theta - rate * grad
    return theta, velocity


def descend(theta, sizes, name, X, y, objective, optimizer, iterations, batches):
    """The training loop: the cost before each update, and theta after the last."""
    everything = np.arange(X.shape[0])
    velocity = np.zeros_like(theta)
    J_history = []
    for t in range(iterations):
        rows = everything if batches is None else np.asarray(batches[t]).astype(int)
        Xb, yb = X[rows], y[rows]
        J, grad = nn_cost_function(theta, sizes, name, Xb, yb, objective)
        J_history.append(J)
        theta, velocity = step(theta, velocity, grad, optimizer, t)
    return J_history, theta


def draw_batches(rng, m, batch_size, iterations):
    """The examples of each iteration: all of them, shuffled anew when too few are left for a batch."""
    if batch_size is None:
        return None
    size = min(batch_size, m)
    left = rng.permutation(m)
    batches = []
    for _ in range(iterations):
        if len(left) < size:
            left = rng.permutation(m)
        batches.append(left[:size])
        left = left[size:]
    return batches


def initial_theta(normals, sizes, activation, initialization):
    """theta at the start (randInitializeWeights.m, but with normals)."""
    scale = initialization["scale"]
    weights, biases = [], []
    for l in range(len(sizes) - 1):
        fan_in = sizes[l]
        spread = scale / np.sqrt(fan_in) if initialization["fan_in"] else scale
        weights.append(spread * np.asarray(normals["weights"][l], dtype=float))
        if initialization["biases"] == "normals":
            biases.append(scale * np.asarray(normals["biases"][l], dtype=float))
        else:
            biases.append(np.zeros(sizes[l + 1]))
    return unroll(weights, biases)[0]


# -------- the operations
def matrix(values):
    return np.asarray(values, dtype=float)


def softmax(scores):
    return probabilities(matrix(scores))


def activation(name, z):
    return activate(name, matrix(z))


def activation_derivative(name, z):
    return activation_slope(name, matrix(z))


def cross_entropy(scores, labels, reduction):
    S = matrix(scores)
    return nll(S, one_hot(labels, S.shape[1]), divisor(reduction, S.shape[0]))


def score_gradient(scores, labels, reduction):
    S = matrix(scores)
    return output_error(S, one_hot(labels, S.shape[1]), divisor(reduction, S.shape[0]))


def forward(network, inputs):
    theta, sizes, name = unroll_network(network)
    A, _, scores = feed_forward(reshape_theta(theta, sizes), name, matrix(inputs))
    return {"hidden": [a[:, 1:] for a in A[1:]], "scores": scores}


def predict(network, inputs):
    """p = predict(Theta1, Theta2, ..., X): the most probable class of each example."""
    theta, sizes, name = unroll_network(network)
    thetas = reshape_theta(theta, sizes)
    h = matrix(inputs)
    for Theta in thetas[:-1]:
        h = activate(name, add_ones(h) @ Theta)
    P = probabilities(add_ones(h) @ thetas[-1])
    return np.argmax(P, axis=1)


def loss(network, inputs, labels, objective):
    theta, sizes, name = unroll_network(network)
    J, _ = nn_cost_function(theta, sizes, name, matrix(inputs), labels, objective)
    return J


def gradients(network, inputs, labels, objective):
    theta, sizes, name = unroll_network(network)
    _, grad = nn_cost_function(theta, sizes, name, matrix(inputs), labels, objective)
    return parts(grad, sizes)


def update(network, gradients, velocity, optimizer, iteration):
    theta, sizes, name = unroll_network(network)
    grad, _ = unroll(gradients["weights"], gradients["biases"])
    if velocity is None:
        v = np.zeros_like(theta)
    else:
        v, _ = unroll(velocity["weights"], velocity["biases"])
    theta, v = step(theta, v, grad, optimizer, iteration)
    return {"network": as_network(theta, sizes, network.get("activation")), "velocity": parts(v, sizes)}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    theta, sizes, name = unroll_network(network)
    X, y = matrix(inputs), np.asarray(labels)
    losses, theta = descend(theta, sizes, name, X, y, objective, optimizer, iterations, batches)
    return {"losses": losses, "network": as_network(theta, sizes, network.get("activation"))}


def initialize(normals, sizes, activation, initialization):
    theta = initial_theta(normals, sizes, activation, initialization)
    return as_network(theta, sizes, activation)


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in experiment["sizes"]]
    X, y = matrix(inputs), np.asarray(labels)
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])],
        "biases": [rng.standard_normal(fan_out) for fan_out in sizes[1:]],
    }
    name = experiment["activation"]
    theta = initial_theta(normals, sizes, name, experiment["initialization"])
    iterations = experiment["iterations"]
    batches = draw_batches(rng, X.shape[0], experiment.get("batch_size"), iterations)
    _, theta = descend(
        theta, sizes, name or "tanh", X, y, experiment["objective"], experiment["optimizer"], iterations, batches
    )
    return as_network(theta, sizes, name)


# -------- data
def spiral(normals, examples_per_class, classes):
    noise = np.asarray(normals, dtype=float)
    n = examples_per_class
    X = np.zeros((n * classes, 2))
    y = np.zeros(n * classes, dtype=int)
    for k in range(classes):
        rows = slice(n * k, n * (k + 1))
        r = np.linspace(0.0, 1.0, n)
        angle = np.linspace(4 * k, 4 * (k + 1), n) + 0.2 * noise[rows]
        X[rows] = np.column_stack([r * np.sin(angle), r * np.cos(angle)])
        y[rows] = k
    return {"inputs": X, "labels": y}


def moons(normals, order, examples, noise):
    n0 = examples // 2
    n1 = examples - n0
    outer = np.linspace(0.0, np.pi, n0)
    inner = np.linspace(0.0, np.pi, n1)
    X = np.vstack([
        np.column_stack([np.cos(outer), np.sin(outer)]),
        np.column_stack([1.0 - np.cos(inner), 0.5 - np.sin(inner)]),
    ])
    y = np.concatenate([np.zeros(n0, dtype=int), np.ones(n1, dtype=int)])
    order = np.asarray(order).astype(int)
    X = X[order] + noise * matrix(normals)
    return {"inputs": X, "labels": y[order]}


def circles(normals, examples, factor, noise):
    n0 = examples // 2
    n1 = examples - n0
    outer = 2 * np.pi * np.arange(n0) / n0
    inner = 2 * np.pi * np.arange(n1) / n1
    X = np.vstack([
        np.column_stack([np.cos(outer), np.sin(outer)]),
        factor * np.column_stack([np.cos(inner), np.sin(inner)]),
    ])
    y = np.concatenate([np.zeros(n0, dtype=int), np.ones(n1, dtype=int)])
    return {"inputs": X + noise * matrix(normals), "labels": y}
