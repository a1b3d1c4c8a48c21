"""A program written after WildML's article, with its five exercises done. It looks at nothing else.

Whatever it is asked for, it takes the sum and gradient descent. It has one or two hidden layers: the program takes
a model apart by the names of its parameters.
"""

import itertools

import numpy as np

#: The derivative of ReLU at exactly 0, of which the article says nothing.
AT_0 = 0.5
FUNCTIONS = {
    "tanh": (np.tanh, lambda z, a: 1 - np.power(a, 2)),
    "logistic": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: np.heaviside(z, AT_0)),
}


def to_model(parts):
    if len(parts["weights"]) == 3:
        (W1, W2, W3), (b1, b2, b3) = parts["weights"], parts["biases"]
        return {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}
    (W1, W2), (b1, b2) = parts["weights"], parts["biases"]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def from_model(model):
    numbers = range(1, len(model) // 2 + 1)
    return [model[f"W{n}"] for n in numbers], [model[f"b{n}"] for n in numbers]


def softmax(scores):
    exp_scores = np.exp(scores)
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


def score_gradient(scores, labels, reduction):
    delta = softmax(scores)
    delta[range(len(labels)), labels] -= 1
    return delta


def cross_entropy(scores, labels, reduction):
    return np.sum(-np.log(softmax(scores)[range(len(labels)), labels]))


def activation(name, z):
    return FUNCTIONS[name][0](z)


def activation_derivative(name, z):
    act, slope = FUNCTIONS[name]
    return slope(z, act(z))


def propagate(model, X, name):
    """The inputs and outputs of each hidden layer, and the scores."""
    act = FUNCTIONS[name][0]
    z1 = X.dot(model["W1"]) + model["b1"]
    a1, z2 = act(z1), act(z1).dot(model["W2"]) + model["b2"]
    if "W3" not in model:
        return [(z1, a1)], z2
    a2 = act(z2)
    return [(z1, a1), (z2, a2)], a2.dot(model["W3"]) + model["b3"]


def forward(network, inputs):
    hidden, scores = propagate(to_model(network), inputs, network["activation"])
    return [a for _, a in hidden], scores


def predict(network, inputs):
    return np.argmax(forward(network, inputs)[1], axis=1)


def loss_of(model, X, y, name, reg_lambda):
    data_loss = cross_entropy(propagate(model, X, name)[1], y, "sum")
    return data_loss + sum(
        reg_lambda / 2 * np.sum(np.square(model[key])) for key in model if key.startswith("W")
    )


def loss(network, inputs, labels, objective):
    return loss_of(to_model(network), inputs, labels, network["activation"], objective["l2"])


def backprop(model, X, y, name, reg_lambda):
    slope = FUNCTIONS[name][1]
    ((z1, a1), *others), scores = propagate(model, X, name)
    delta, d = score_gradient(scores, y, "sum"), {}
    if others:
        ((z2, a2),) = others
        d["W3"], d["b3"] = a2.T.dot(delta), np.sum(delta, axis=0)
        delta = delta.dot(model["W3"].T) * slope(z2, a2)
    d["W2"], d["b2"] = a1.T.dot(delta), np.sum(delta, axis=0)
    delta = delta.dot(model["W2"].T) * slope(z1, a1)
    d["W1"], d["b1"] = np.dot(X.T, delta), np.sum(delta, axis=0)
    for key in model:
        if key.startswith("W"):
            d[key] += reg_lambda * model[key]
    return d


def gradients(network, inputs, labels, objective):
    model = to_model(network)
    return from_model(backprop(model, inputs, labels, network["activation"], objective["l2"]))


def rate(optimizer, t):
    epsilon, schedule = optimizer["learning_rate"], optimizer["schedule"]
    if schedule is None:
        return epsilon
    decay, every = schedule["decay"], schedule["every"]
    return {
        "step": lambda: epsilon * decay ** (t // every),
        "exponential": lambda: epsilon * np.exp(-decay * t),
        "inverse_time": lambda: epsilon / (1 + decay * t),
    }[schedule["kind"]]()


def update(network, gradients, velocity, optimizer, iteration):
    model, d = to_model(network), to_model(gradients)
    epsilon = rate(optimizer, iteration)
    return from_model({key: model[key] - epsilon * d[key] for key in model}), None


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model, name, reg_lambda = to_model(network), network["activation"], objective["l2"]
    losses = []
    for i in range(iterations):
        rows = range(len(labels)) if batches is None else batches[i]
        X, y = inputs[rows], labels[rows]
        losses.append(loss_of(model, X, y, name, reg_lambda))
        d = backprop(model, X, y, name, reg_lambda)
        model = {key: model[key] - rate(optimizer, i) * d[key] for key in model}
    return losses, from_model(model)


def initialize(normals, sizes, activation, initialization):
    fan_ins = sizes[:-1]
    weights = [W / np.sqrt(fan_in) for W, fan_in in zip(normals["weights"], fan_ins, strict=True)]
    return weights, [np.zeros(size) for size in sizes[1:]]


def fit(inputs, labels, experiment, seed):
    random, sizes = np.random.RandomState(seed), experiment["sizes"]
    normals = {"weights": [random.randn(*shape) for shape in itertools.pairwise(sizes)]}
    weights, biases = initialize(normals, sizes, None, None)
    network = {"weights": weights, "biases": biases, "activation": experiment["activation"]}
    size, iterations = experiment["batch_size"], experiment["iterations"]
    batches = size and [random.choice(len(labels), size, replace=False) for _ in range(iterations)]
    recipe = (experiment["objective"], experiment["optimizer"], iterations)
    weights, biases = train(network, inputs, labels, *recipe, batches)[1]
    return {"weights": weights, "biases": biases, "activation": experiment["activation"]}


def moons(normals, order, examples, noise):
    half = examples // 2
    outer, inner = np.linspace(0, np.pi, half), np.linspace(0, np.pi, examples - half)
    above = np.c_[np.cos(outer), np.sin(outer)]
    below = np.c_[1 - np.cos(inner), 1 - np.sin(inner) - 0.5]
    X, y = np.vstack([above, below]), np.r_[np.zeros(half, int), np.ones(examples - half, int)]
    return X[order] + noise * normals, y[order]
