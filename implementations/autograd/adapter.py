"""The autograd package: NumPy's functions, traced, and the whole objective differentiated at once."""

from importlib.metadata import version

import autograd.numpy as np
from autograd import elementwise_grad, grad, value_and_grad

FUNCTIONS = {
    "relu": lambda z: np.where(z > 0, z, 0 * z),  # autograd's derivative of maximum(0, z) at 0 is ½
    "tanh": np.tanh,
    "logistic": lambda z: 0.5 * (np.tanh(0.5 * z) + 1),
}


def log_probabilities(scores):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def outputs(parameters, f, x):
    """The outputs of every layer, the scores last."""
    *hidden, last = zip(*parameters, strict=True)
    values = [x]
    for weights, biases in hidden:
        values.append(f(np.dot(values[-1], weights) + biases))
    return [*values[1:], np.dot(values[-1], last[0]) + last[1]]


def mean_or_sum(scores, labels, reduction):
    chosen = log_probabilities(scores)[np.arange(len(labels)), labels]
    return -(np.mean(chosen) if reduction == "mean" else np.sum(chosen))


def total(parameters, f, x, labels, objective):
    """The objective as a function of (weights, biases)."""
    penalty = sum(np.sum(weights**2) for weights in parameters[0])
    return mean_or_sum(outputs(parameters, f, x)[-1], labels, objective["reduction"]) + (
        0.5 * objective["l2"] * penalty
    )


def learning_rate(optimizer, t):
    rate, schedule = optimizer["learning_rate"], optimizer["schedule"]
    match schedule:
        case None:
            return rate
        case {"kind": "step", "decay": decay, "every": every}:
            return rate * decay ** (t // every)
        case {"kind": "exponential", "decay": decay}:
            return rate * np.exp(-decay) ** t
        case {"decay": decay}:
            return rate / (1 + decay * t)


class Autograd:
    def __init__(self, precision):
        self.precision = precision

    def describe(self):
        return {
            "name": "autograd",
            "version": version("autograd"),
            "language": "Python",
            "precision": self.precision,
        }

    def array(self, numbers):
        return np.array(numbers, dtype=self.precision)

    def parameters(self, network):
        """(weights, biases), lists of arrays."""
        return tuple([self.array(array) for array in network[kind]] for kind in ("weights", "biases"))

    def softmax(self, scores):
        return np.exp(log_probabilities(self.array(scores)))

    def activation(self, name, z):
        return FUNCTIONS[name](self.array(z))

    def activation_derivative(self, name, z):
        return elementwise_grad(FUNCTIONS[name])(self.array(z))

    def cross_entropy(self, scores, labels, reduction):
        return mean_or_sum(self.array(scores), labels, reduction)

    def score_gradient(self, scores, labels, reduction):
        return grad(mean_or_sum)(self.array(scores), labels, reduction)

    def forward(self, network, inputs):
        f = FUNCTIONS[network["activation"]]
        *hidden, scores = outputs(self.parameters(network), f, self.array(inputs))
        return {"hidden": hidden, "scores": scores}

    def predict(self, network, inputs):
        return np.argmax(self.forward(network, inputs)["scores"], axis=1)

    def problem(self, network, inputs, labels, objective):
        """The arguments of ``total``."""
        f = FUNCTIONS[network["activation"]]
        return self.parameters(network), f, self.array(inputs), labels, objective

    def loss(self, network, inputs, labels, objective):
        return total(*self.problem(network, inputs, labels, objective))

    def gradients(self, network, inputs, labels, objective):
        return grad(total)(*self.problem(network, inputs, labels, objective))

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        parameters, f, x, y, _ = self.problem(network, inputs, labels, objective)
        keep = self.array(optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0)
        velocity = each(np.zeros_like, parameters)
        losses = []
        for t in range(iterations):
            chosen = slice(None) if batches is None else batches[t]
            loss, slopes = value_and_grad(total)(parameters, f, x[chosen], y[chosen], objective)
            rate = self.array(learning_rate(optimizer, t))
            velocity = each(lambda v, g, rate=rate: keep * v - rate * g, velocity, slopes)
            parameters = each(np.add, parameters, velocity)
            losses.append(loss)
        return losses, parameters


def each(f, *parameters):
    """Apply a function to every array of weights and biases."""
    return tuple(
        [f(*arrays) for arrays in zip(*kinds, strict=True)] for kinds in zip(*parameters, strict=True)
    )


float64, float32 = Autograd("float64"), Autograd("float32")


def __getattr__(name):
    """The module itself computes in float64."""
    return getattr(float64, name)
