"""Puts network.py under the contract of nnspec."""

import network as net
import numpy as np

#: The only way in which network.py draws initial parameters.
INITIALIZATION = {"scale": 1.0, "fan_in": True, "biases": "zeros"}


def describe():
    return {
        "name": "a student's network after WildML",
        "language": "Python",
        "precision": "float64",
        "activations": ["tanh"],
        "reductions": ["sum"],
        "methods": ["gradient_descent"],
        "schedules": [],
        "batches": False,
        "depths": [2],
    }


def to_model(parts):
    (W1, W2), (b1, b2) = parts["weights"], parts["biases"]
    return {"W1": W1, "b1": np.reshape(b1, (1, -1)), "W2": W2, "b2": np.reshape(b2, (1, -1))}


def from_model(model):
    return {"weights": [model["W1"], model["W2"]], "biases": [model["b1"], model["b2"]]}


def softmax(scores):
    return net.probabilities(scores)


def activation(name, z):
    return net.tanh(z)


def activation_derivative(name, z):
    return net.tanh_slope(net.tanh(z))


def cross_entropy(scores, labels, reduction):
    return net.cross_entropy(scores, labels)


def score_gradient(scores, labels, reduction):
    return net.output_delta(scores, labels)


def forward(network, inputs):
    hidden, scores = net.feed_forward(to_model(network), inputs)
    return [hidden], scores


def predict(network, inputs):
    return net.predict(to_model(network), inputs)


def loss(network, inputs, labels, objective):
    return net.total_loss(to_model(network), inputs, labels, objective["l2"])


def gradients(network, inputs, labels, objective):
    return from_model(net.backprop(to_model(network), inputs, labels, objective["l2"]))


def update(network, gradients, velocity, optimizer, iteration):
    change = net.step(to_model(gradients), optimizer["learning_rate"])
    return from_model(net.take(to_model(network), change)), from_model(change)


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    losses = [loss(network, inputs, labels, objective)]  # after a pass is before the next one

    def after_pass(_, model):
        losses.append(net.total_loss(model, inputs, labels, objective["l2"]))

    epsilon, reg_lambda = optimizer["learning_rate"], objective["l2"]
    model = net.train(to_model(network), inputs, labels, epsilon, reg_lambda, iterations, after_pass)
    return losses[:-1], from_model(model)


def fit(inputs, labels, experiment, seed):
    if experiment["initialization"] != INITIALIZATION:
        raise NotImplementedError("initial parameters are drawn in one way only")
    start = from_model(net.new_model(np.random.default_rng(seed), *experiment["sizes"]))
    objective, optimizer = experiment["objective"], experiment["optimizer"]
    iterations, batches = experiment["iterations"], experiment["batch_size"]
    return train(start, inputs, labels, objective, optimizer, iterations, batches)[1]
