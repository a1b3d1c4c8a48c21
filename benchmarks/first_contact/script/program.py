"""Neural networks from scratch, with nothing but NumPy.

This began as the toy example that one finds in several tutorials: a softmax classifier, then the same with one hidden
layer, then with momentum. Here the pieces are functions, and the number of layers is free.

Everywhere below, `params` is a list of tuples (W, b), one for each layer: W has the shape (fan_in, fan_out), b has
(fan_out,). X has one example per row and y holds the classes as whole numbers.

The first parts are the tutorial. The last part wraps it into the operations of the contract.
"""

import numpy as np


# ---------------------------------------------------------------------------------------------------------------------
# Activations: each one is a pair, the function of z and its derivative. The derivative takes the *output* of the
# function, since that is what is left over from the forward pass.


def relu(z):
    return np.maximum(0, z)


def relu_slope(a):
    # the output is positive just where the input was
    return (a > 0).astype(float)


def tanh_slope(a):
    return 1 - np.power(a, 2)


def logistic(z):
    # only ever exponentiate something negative
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def logistic_slope(a):
    return a * (1 - a)


ACTIVATIONS = {
    "relu": (relu, relu_slope),
    "tanh": (np.tanh, tanh_slope),
    "logistic": (logistic, logistic_slope),
}

# for a linear classifier, whose activation is never used
NO_ACTIVATION = (lambda z: z, np.ones_like)


def find_activation(name, num_layers=2):
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    if num_layers == 1:
        return NO_ACTIVATION
    raise NotImplementedError("activation %r" % (name,))


# ---------------------------------------------------------------------------------------------------------------------
# Softmax and the cross-entropy


def one_hot(y, K):
    """The targets as a matrix: a row per example, with a one in the column of its class."""
    T = np.zeros((len(y), K))
    T[np.arange(len(y)), y] = 1
    return T


def logsumexp(values):
    """log(sum(exp(values))) of every row, without overflow."""
    top = np.max(values, axis=1)
    return top + np.log(np.sum(np.exp(values - top[:, np.newaxis]), axis=1))


def probabilities(scores):
    """Softmax of every row."""
    # the largest score of a row becomes 0, so exp cannot overflow
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(shifted)
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


def example_losses(scores, y):
    """-log(p[y]) of every example.

    With p[y] = exp(s[y]) / sum_j exp(s[j]) this is log(sum_j exp(s[j] - s[y])), so the probabilities aren't needed.
    """
    correct_scores = scores[np.arange(len(y)), y]
    margins = scores - correct_scores[:, np.newaxis]
    return logsumexp(margins)


def data_loss(scores, y, reduction):
    losses = example_losses(scores, y)
    if reduction == "mean":
        return np.sum(losses) / len(y)
    if reduction == "sum":
        return np.sum(losses)
    raise NotImplementedError("reduction %r" % (reduction,))


def scores_backward(scores, y, reduction):
    """The gradient of the data loss on the scores."""
    num_examples, K = scores.shape
    probs = probabilities(scores)
    dscores = probs - one_hot(y, K)
    if reduction == "mean":
        dscores /= num_examples
    elif reduction != "sum":
        raise NotImplementedError("reduction %r" % (reduction,))
    return dscores


# ---------------------------------------------------------------------------------------------------------------------
# Regularization


def penalty(params, reg):
    return 0.5 * reg * sum(np.sum(W * W) for W, b in params)


def regularize(grads, params, reg):
    """Add the gradient of the penalty, which is reg * W, to the gradients of the weights."""
    return [(dW + reg * W, db) for (dW, db), (W, b) in zip(grads, params)]


# ---------------------------------------------------------------------------------------------------------------------
# Forward and backward


def feed_forward(params, activate, X):
    """The outputs of all hidden layers, and the scores."""
    hidden = []
    h = X
    for W, b in params[:-1]:
        h = activate(np.dot(h, W) + b)
        hidden.append(h)
    W, b = params[-1]
    scores = np.dot(h, W) + b
    return hidden, scores


def backprop(params, slope, X, hidden, dscores):
    """The gradients (dW, db) of every layer, given the gradient on the scores."""
    layer_inputs = [X] + hidden
    grads = []
    dout = dscores
    for i in reversed(range(len(params))):
        W, b = params[i]
        dW = np.dot(layer_inputs[i].T, dout)
        db = np.sum(dout, axis=0)
        grads.append((dW, db))
        if i > 0:
            # through the weights, then through the activation of the layer below
            dhidden = np.dot(dout, W.T)
            dhidden = dhidden * slope(hidden[i - 1])
            dout = dhidden
    grads.reverse()
    return grads


def objective_value(scores, y, params, objective):
    return data_loss(scores, y, objective["reduction"]) + penalty(params, objective["l2"])


def loss_and_gradients(params, activation_pair, X, y, objective):
    activate, slope = activation_pair
    hidden, scores = feed_forward(params, activate, X)
    dscores = scores_backward(scores, y, objective["reduction"])
    grads = backprop(params, slope, X, hidden, dscores)
    grads = regularize(grads, params, objective["l2"])
    value = objective_value(scores, y, params, objective)
    return value, grads


# ---------------------------------------------------------------------------------------------------------------------
# Updates


def make_schedule(optimizer):
    """A function that gives the learning rate of iteration t, where t counts from 0."""
    mu = optimizer["learning_rate"]
    schedule = optimizer.get("schedule")
    if schedule is None:
        return lambda t: mu

    kind, decay = schedule["kind"], schedule["decay"]
    if kind == "step":
        every = schedule["every"]
        return lambda t: mu * decay ** (t // every)
    if kind == "exponential":
        return lambda t: mu * np.exp(-decay * t)
    if kind == "inverse_time":
        return lambda t: mu / (1 + decay * t)
    raise NotImplementedError("schedule %r" % (kind,))


def zero_velocity(params):
    return [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]


def gradient_step(params, grads, rate):
    return [(W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(params, grads)]


def momentum_step(params, grads, velocity, momentum, rate):
    """V <- momentum * V - rate * gradient, then parameters <- parameters + V."""
    new_params, new_velocity = [], []
    for (W, b), (dW, db), (vW, vb) in zip(params, grads, velocity):
        next_vW = momentum * vW - rate * dW
        next_vb = momentum * vb - rate * db
        new_params.append((W + next_vW, b + next_vb))
        new_velocity.append((next_vW, next_vb))
    return new_params, new_velocity


def take_step(params, grads, velocity, optimizer, rate):
    if optimizer["method"] == "momentum":
        return momentum_step(params, grads, velocity, optimizer["momentum"], rate)
    if optimizer["method"] == "gradient_descent":
        return gradient_step(params, grads, rate), velocity
    raise NotImplementedError("method %r" % (optimizer["method"],))


# ---------------------------------------------------------------------------------------------------------------------
# Training


def minibatches(X, y, batches, iterations):
    """The examples of each iteration: those that its batch names, or all of them."""
    for t in range(iterations):
        if batches is None:
            yield X, y
        else:
            ix = np.asarray(batches[t], dtype=int)
            yield X[ix], y[ix]


def draw_batches(rng, num_examples, batch_size, iterations):
    """Pass through the examples in a new random order each time, in slices of batch_size."""
    batches = []
    while len(batches) < iterations:
        shuffled = rng.permutation(num_examples)
        for start in range(0, num_examples, batch_size):
            batches.append(shuffled[start:start + batch_size])
    return batches[:iterations]


def run_training(params, activation_pair, X, y, objective, optimizer, iterations, batches):
    learning_rate = make_schedule(optimizer)
    velocity = zero_velocity(params)
    losses = []
    for t, (X_batch, y_batch) in enumerate(minibatches(X, y, batches, iterations)):
        value, grads = loss_and_gradients(params, activation_pair, X_batch, y_batch, objective)
        losses.append(value)
        params, velocity = take_step(params, grads, velocity, optimizer, learning_rate(t))
    return losses, params


# ---------------------------------------------------------------------------------------------------------------------
# The operations of the contract


def unpack(parts):
    """{"weights": [...], "biases": [...]} as a list of tuples."""
    return [
        (np.array(W, dtype=float), np.array(b, dtype=float).reshape(-1))
        for W, b in zip(parts["weights"], parts["biases"])
    ]


def pack(pairs):
    return {"weights": [W for W, b in pairs], "biases": [b for W, b in pairs]}


def pack_network(params, activation_name):
    network = pack(params)
    network["activation"] = activation_name
    return network


def matrix(values):
    return np.array(values, dtype=float)


def describe():
    return {"name": "tutorial network", "version": "1.0", "language": "Python", "precision": "float64"}


def softmax(scores):
    return probabilities(matrix(scores))


def activation(name, z):
    activate, slope = find_activation(name)
    return activate(matrix(z))


def activation_derivative(name, z):
    activate, slope = find_activation(name)
    return slope(activate(matrix(z)))


def cross_entropy(scores, labels, reduction):
    return float(data_loss(matrix(scores), np.asarray(labels), reduction))


def score_gradient(scores, labels, reduction):
    return scores_backward(matrix(scores), np.asarray(labels), reduction)


def forward(network, inputs):
    params = unpack(network)
    activate, slope = find_activation(network.get("activation"), len(params))
    hidden, scores = feed_forward(params, activate, matrix(inputs))
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    scores = forward(network, inputs)["scores"]
    return np.argmax(scores, axis=1)


def loss(network, inputs, labels, objective):
    scores = forward(network, inputs)["scores"]
    return float(objective_value(scores, np.asarray(labels), unpack(network), objective))


def gradients(network, inputs, labels, objective):
    params = unpack(network)
    pair = find_activation(network.get("activation"), len(params))
    value, grads = loss_and_gradients(params, pair, matrix(inputs), np.asarray(labels), objective)
    return pack(grads)


def update(network, gradients, velocity, optimizer, iteration):
    params = unpack(network)
    old_velocity = zero_velocity(params) if velocity is None else unpack(velocity)
    rate = make_schedule(optimizer)(iteration)
    params, new_velocity = take_step(params, unpack(gradients), old_velocity, optimizer, rate)
    return {"network": pack_network(params, network.get("activation")), "velocity": pack(new_velocity)}


def train(network, inputs, labels, objective, optimizer, iterations, batches=None):
    params = unpack(network)
    name = network.get("activation")
    pair = find_activation(name, len(params))
    losses, params = run_training(
        params, pair, matrix(inputs), np.asarray(labels), objective, optimizer, iterations, batches
    )
    return {"losses": [float(value) for value in losses], "network": pack_network(params, name)}


def initialize(normals, sizes, activation, initialization):
    scale = initialization["scale"]
    params = []
    for i in range(len(sizes) - 1):
        W = scale * matrix(normals["weights"][i])
        if initialization["fan_in"]:
            W = W / np.sqrt(sizes[i])
        b = np.zeros(sizes[i + 1])
        if initialization["biases"] == "normals":
            b = scale * matrix(normals["biases"][i])
        params.append((W, b))
    return pack_network(params, activation)


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in experiment["sizes"]]
    fans = list(zip(sizes[:-1], sizes[1:]))
    normals = {
        "weights": [rng.standard_normal((fan_in, fan_out)) for fan_in, fan_out in fans],
        "biases": [rng.standard_normal(fan_out) for fan_in, fan_out in fans],
    }
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    iterations, batch_size = experiment["iterations"], experiment["batch_size"]
    batches = None
    if batch_size is not None:
        batches = draw_batches(rng, len(labels), batch_size, iterations)
    trained = train(
        network, inputs, labels, experiment["objective"], experiment["optimizer"], iterations, batches
    )
    return trained["network"]


# ---------------------------------------------------------------------------------------------------------------------
# Data sets


def spiral(normals, examples_per_class, classes):
    N = examples_per_class
    X = np.zeros((N * classes, 2))
    y = np.zeros(N * classes, dtype=int)
    for j in range(classes):
        ix = range(N * j, N * (j + 1))
        r = np.linspace(0.0, 1, N)  # radius
        t = np.linspace(j * 4, (j + 1) * 4, N) + 0.2 * matrix(normals)[ix]  # theta
        X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
        y[ix] = j
    return {"inputs": X, "labels": y}


def two_classes(examples):
    """How many examples are of class 0 and of class 1, and the labels, in this order."""
    n_first = examples // 2
    n_second = examples - n_first
    return n_first, n_second, np.repeat([0, 1], [n_first, n_second])


def moons(normals, order, examples, noise):
    n_upper, n_lower, y = two_classes(examples)
    t = np.linspace(0, np.pi, n_upper)
    upper = np.c_[np.cos(t), np.sin(t)]
    t = np.linspace(0, np.pi, n_lower)
    lower = np.c_[1 - np.cos(t), 0.5 - np.sin(t)]
    order = np.asarray(order, dtype=int)
    X = np.vstack([upper, lower])[order] + noise * matrix(normals)
    return {"inputs": X, "labels": y[order]}


def ring(n):
    """n points evenly around the unit circle; the last isn't the first again."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.c_[np.cos(t), np.sin(t)]


def circles(normals, examples, factor, noise):
    n_outer, n_inner, y = two_classes(examples)
    X = np.vstack([ring(n_outer), factor * ring(n_inner)])
    return {"inputs": X + noise * matrix(normals), "labels": y}
