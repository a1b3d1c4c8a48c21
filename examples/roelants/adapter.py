"""Puts network.py under the contract of nnspec."""

import network as net
import numpy as np

#: The only way in which network.py draws initial parameters.
INITIALIZATION = {"scale": 0.1, "fan_in": False, "biases": "normals"}


def describe():
    return {
        "name": "a student's network after Roelants",
        "language": "Python",
        "precision": "float64",
        "activations": ["logistic"],
        "reductions": ["sum"],
        "methods": ["momentum"],
        "schedules": [],
        "batches": False,
        "l2": False,
        "depths": [2],
    }


def to_list(parts):
    (Wh, Wo), (bh, bo) = parts["weights"], parts["biases"]
    return [np.reshape(bh, (1, -1)), Wh, np.reshape(bo, (1, -1)), Wo]


def from_list(params):
    return {"weights": params[1::2], "biases": params[::2]}


def problem(network, inputs, labels):
    """X, T and the parameters."""
    params = to_list(network)
    return inputs, net.one_hot(labels, params[3].shape[1]), params


def softmax(scores):
    return net.softmax(scores)


def activation(name, z):
    return net.logistic(z)


def activation_derivative(name, z):
    return net.logistic_derivative(net.logistic(z))


def cross_entropy(scores, labels, reduction):
    return net.cross_entropy(scores, net.one_hot(labels, scores.shape[1]))


def score_gradient(scores, labels, reduction):
    return net.output_error(net.softmax(scores), net.one_hot(labels, scores.shape[1]))


def forward(network, inputs):
    hidden, scores = net.network(inputs, to_list(network))
    return [hidden], scores


def predict(network, inputs):
    return net.predict(inputs, to_list(network))


def loss(network, inputs, labels, objective):
    return net.cost(*problem(network, inputs, labels))


def gradients(network, inputs, labels, objective):
    return from_list(net.gradients(*problem(network, inputs, labels)))


def update(network, gradients, velocity, optimizer, iteration):
    momentum, rate = optimizer["momentum"], optimizer["learning_rate"]
    Vs = net.next_velocities(to_list(velocity), to_list(gradients), momentum, rate)
    return from_list(net.next_params(to_list(network), Vs)), from_list(Vs)


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    X, T, params = problem(network, inputs, labels)
    momentum, rate = optimizer["momentum"], optimizer["learning_rate"]
    costs, params = net.train(X, T, params, momentum, rate, iterations)
    return costs[:-1], from_list(params)  # the cost after an update is the one before the next


def fit(inputs, labels, experiment, seed):
    if experiment["initialization"] != INITIALIZATION:
        raise NotImplementedError("initial parameters are drawn in one way only")
    start = from_list(net.random_params(np.random.default_rng(seed), *experiment["sizes"], scale=0.1))
    objective, optimizer = experiment["objective"], experiment["optimizer"]
    iterations, batches = experiment["iterations"], experiment["batch_size"]
    return train(start, inputs, labels, objective, optimizer, iterations, batches)[1]
