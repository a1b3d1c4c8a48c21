"""A program written after the CS231n case study. It does what the case study does, and looks at nothing else.

Whatever it is asked for, it takes the mean, ReLU, gradient descent at a fixed step size and all examples.
"""

import itertools

import numpy as np


def probabilities(scores):
    exp_scores = np.exp(scores)
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


def evaluate(X, layers):
    """Hidden outputs, if there is a hidden layer, and scores."""
    (W, b), *second = layers
    if not second:
        return [], np.dot(X, W) + b
    ((W2, b2),) = second
    hidden_layer = np.maximum(0, np.dot(X, W) + b)
    return [hidden_layer], np.dot(hidden_layer, W2) + b2


def layers_of(network):
    return list(zip(network["weights"], network["biases"], strict=True))


def mean_loss(scores, y):
    return np.sum(-np.log(probabilities(scores)[range(len(y)), y])) / len(y)


class Program:
    def softmax(self, scores):
        return probabilities(scores)

    def activation(self, name, z):
        return np.maximum(0, z)

    def activation_derivative(self, name, z):
        derivative = np.ones_like(z)
        derivative[z <= 0] = 0
        return derivative

    def cross_entropy(self, scores, labels, reduction):
        return mean_loss(scores, labels)

    def score_gradient(self, scores, labels, reduction):
        dscores = probabilities(scores)
        dscores[range(len(labels)), labels] -= 1
        dscores /= len(labels)
        return dscores

    def forward(self, network, inputs):
        return evaluate(inputs, layers_of(network))

    def predict(self, network, inputs):
        return np.argmax(evaluate(inputs, layers_of(network))[1], axis=1)

    def loss(self, network, inputs, labels, objective):
        layers, reg = layers_of(network), objective["l2"]
        data_loss = mean_loss(evaluate(inputs, layers)[1], labels)
        return data_loss + sum(0.5 * reg * np.sum(W * W) for W, _ in layers)

    def mask(self, dhidden, hidden_layer):
        dhidden[hidden_layer <= 0] = 0

    def gradients(self, network, inputs, labels, objective):
        layers, reg = layers_of(network), objective["l2"]
        hidden, scores = evaluate(inputs, layers)
        dscores = self.score_gradient(scores, labels, "mean")
        if not hidden:
            W = layers[0][0]
            return [np.dot(inputs.T, dscores) + reg * W], [np.sum(dscores, axis=0)]
        (hidden_layer,), ((W, _), (W2, _)) = hidden, layers
        dhidden = np.dot(dscores, W2.T)
        self.mask(dhidden, hidden_layer)
        dW = np.dot(inputs.T, dhidden) + reg * W
        dW2 = np.dot(hidden_layer.T, dscores) + reg * W2
        return [dW, dW2], [np.sum(dhidden, axis=0), np.sum(dscores, axis=0)]

    def step(self, network, gradients, step_size):
        moved = {
            kind: [p + -step_size * dp for p, dp in zip(network[kind], gradients[kind], strict=True)]
            for kind in ("weights", "biases")
        }
        return {**moved, "activation": "relu"}

    def update(self, network, gradients, velocity, optimizer, iteration):
        return self.step(network, gradients, optimizer["learning_rate"]), None

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses = []
        for _ in range(iterations):
            losses.append(self.loss(network, inputs, labels, objective))
            dWs, dbs = self.gradients(network, inputs, labels, objective)
            network = self.step(network, {"weights": dWs, "biases": dbs}, optimizer["learning_rate"])
        return losses, network

    def fit(self, inputs, labels, experiment, seed):
        random, sizes = np.random.default_rng(seed), experiment["sizes"]
        normals = {"weights": [random.normal(size=(D, H)) for D, H in itertools.pairwise(sizes)]}
        weights, biases = self.initialize(normals, sizes, "relu", None)
        start = {"weights": weights, "biases": biases}
        recipe = {name: experiment[name] for name in ("objective", "optimizer", "iterations")}
        return self.train(start, inputs, labels, **recipe, batches=None)[1]

    def initialize(self, normals, sizes, activation, initialization):
        return [0.01 * W for W in normals["weights"]], [np.zeros(H) for H in sizes[1:]]

    def spiral(self, normals, examples_per_class, classes):
        N, K = examples_per_class, classes
        X, y = np.zeros((N * K, 2)), np.zeros(N * K, dtype="uint8")
        for j in range(K):
            ix = range(N * j, N * (j + 1))
            r = np.linspace(0.0, 1, N)
            t = np.linspace(j * 4, (j + 1) * 4, N) + normals[ix] * 0.2
            X[ix] = np.c_[r * np.sin(t), r * np.cos(t)]
            y[ix] = j
        return X, y


class Described(Program):
    """It says what it does."""

    def describe(self):
        return {
            "name": "after CS231n",
            "activations": ["relu"],
            "reductions": ["mean"],
            "methods": ["gradient_descent"],
            "schedules": [],
            "batches": False,
            "depths": [1, 2],
            "initialization": "own",
        }


class GradientsAlone:
    """Nothing else, with a ReLU that lets every gradient through."""

    def gradients(self, network, inputs, labels, objective):
        program = Program()
        program.mask = lambda dhidden, hidden_layer: None
        return program.gradients(network, inputs, labels, objective)


class MaskOfTheStrictlyNegative:
    """Nothing else, with a ReLU that lets gradients through at exactly 0."""

    def gradients(self, network, inputs, labels, objective):
        z = inputs @ network["weights"][0] + network["biases"][0]
        program = Program()
        program.mask = lambda dhidden, hidden_layer: dhidden.__setitem__(z < 0, 0)
        return program.gradients(network, inputs, labels, objective)
