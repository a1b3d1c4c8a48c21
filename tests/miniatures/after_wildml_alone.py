"""A program written after WildML's article, without its exercises. It looks at nothing else.

Whatever it is asked for, it takes the sum, tanh, gradient descent at a fixed rate, all examples and one hidden layer.
"""

import numpy as np


def to_model(parts):
    (W1, W2), (b1, b2) = parts["weights"], parts["biases"]
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def from_model(model):
    return [model["W1"], model["W2"]], [model["b1"], model["b2"]]


def softmax(scores):
    e = np.exp(scores)
    return e / np.sum(e, axis=1, keepdims=True)


def score_gradient(scores, labels, reduction):
    delta = softmax(scores)
    delta[range(len(labels)), labels] -= 1
    return delta


def cross_entropy(scores, labels, reduction):
    return np.sum(-np.log(softmax(scores)[range(len(labels)), labels]))


def activation(name, z):
    return np.tanh(z)


def activation_derivative(name, z):
    return 1 - np.power(np.tanh(z), 2)


def run(model, X):
    a1 = np.tanh(X.dot(model["W1"]) + model["b1"])
    return a1, a1.dot(model["W2"]) + model["b2"]


def forward(network, inputs):
    a1, z2 = run(to_model(network), inputs)
    return [a1], z2


def predict(network, inputs):
    return np.argmax(forward(network, inputs)[1], axis=1)


def loss_of(model, X, y, reg):
    squares = np.sum(np.square(model["W1"])) + np.sum(np.square(model["W2"]))
    return cross_entropy(run(model, X)[1], y, "sum") + reg / 2 * squares


def loss(network, inputs, labels, objective):
    return loss_of(to_model(network), inputs, labels, objective["l2"])


def backprop(model, X, y, reg):
    a1, scores = run(model, X)
    delta3 = score_gradient(scores, y, "sum")
    d = {"W2": a1.T.dot(delta3), "b2": np.sum(delta3, axis=0)}
    delta2 = delta3.dot(model["W2"].T) * (1 - np.power(a1, 2))
    d["W1"], d["b1"] = X.T.dot(delta2), np.sum(delta2, axis=0)
    d["W2"] += reg * model["W2"]
    d["W1"] += reg * model["W1"]
    return d


def gradients(network, inputs, labels, objective):
    return from_model(backprop(to_model(network), inputs, labels, objective["l2"]))


def update(network, gradients, velocity, optimizer, iteration):
    model, d = to_model(network), to_model(gradients)
    return from_model({k: model[k] - optimizer["learning_rate"] * d[k] for k in model}), None


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model, losses = to_model(network), []
    for _ in range(iterations):
        losses.append(loss_of(model, inputs, labels, objective["l2"]))
        d = backprop(model, inputs, labels, objective["l2"])
        model = {k: model[k] - optimizer["learning_rate"] * d[k] for k in model}
    return losses, from_model(model)


class Described:
    """It says what it does."""

    def __getattr__(self, name):
        if name in globals():
            return globals()[name]
        raise AttributeError(name)

    def describe(self):
        return {"activations": ["tanh"], "batches": False, "depths": [2], "schedules": []}
