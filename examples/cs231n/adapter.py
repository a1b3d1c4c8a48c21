"""Puts network.py under the contract of nnspec."""

import network as net
import numpy as np

#: The only way in which network.py draws initial parameters.
INITIALIZATION = {"scale": 0.01, "fan_in": False, "biases": "zeros"}


def describe():
    return {
        "name": "a student's network after CS231n",
        "language": "Python",
        "precision": "float64",
        "activations": ["relu"],
        "reductions": ["mean"],
        "methods": ["gradient_descent"],
        "schedules": [],
        "batches": False,
        "depths": [1, 2],
    }


def to_list(parts):
    """[W, b, …] from weights and biases."""
    pairs = zip(parts["weights"], parts["biases"], strict=True)
    return [array for W, b in pairs for array in (W, np.reshape(b, (1, -1)))]


def from_list(params):
    return {"weights": params[::2], "biases": params[1::2]}


def softmax(scores):
    return net.softmax(scores)


def activation(name, z):
    return net.relu(z)


def cross_entropy(scores, labels, reduction):
    return net.data_loss(scores, labels)


def score_gradient(scores, labels, reduction):
    return net.score_grad(scores, labels)


def forward(network, inputs):
    hidden, scores = net.forward(inputs, *to_list(network))
    return [] if hidden is None else [hidden], scores


def predict(network, inputs):
    return net.predict(inputs, to_list(network))


def loss(network, inputs, labels, objective):
    return net.loss_and_grads(inputs, labels, to_list(network), objective["l2"])[0]


def gradients(network, inputs, labels, objective):
    return from_list(net.loss_and_grads(inputs, labels, to_list(network), objective["l2"])[1])


def update(network, gradients, velocity, optimizer, iteration):
    steps = net.descent(to_list(gradients), optimizer["learning_rate"])
    return from_list(net.move(to_list(network), steps)), from_list(steps)


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    start, step_size, reg = to_list(network), optimizer["learning_rate"], objective["l2"]
    losses, params = net.train(inputs, labels, start, step_size, reg, iterations)
    return losses, from_list(params)


def fit(inputs, labels, experiment, seed):
    if experiment["initialization"] != INITIALIZATION:
        raise NotImplementedError("initial parameters are drawn in one way only")
    start = from_list(net.init_params(np.random.default_rng(seed), *experiment["sizes"]))
    objective, optimizer = experiment["objective"], experiment["optimizer"]
    iterations, batches = experiment["iterations"], experiment["batch_size"]
    return train(start, inputs, labels, objective, optimizer, iterations, batches)[1]
