"""A program written after Roelants' fourth part. It does what that part does, and looks at nothing else.

Whatever it is asked for, it takes the sum, logistic units, momentum at a fixed rate, no penalty, all examples, one
hidden layer and two classes.
"""

import numpy as np


def logistic(z):
    return 1 / (1 + np.exp(-z))


def targets(labels):
    """T, one column for each circle."""
    T = np.zeros((len(labels), 2))
    T[labels == 0, 0] = 1
    T[labels == 1, 1] = 1
    return T


def take_apart(parts):
    (Wh, Wo), (bh, bo) = parts["weights"], parts["biases"]
    return [bh.reshape(1, -1), Wh, bo.reshape(1, -1), Wo]


def put_together(params):
    bh, Wh, bo, Wo = params
    return [Wh, Wo], [bh, bo]


def outputs(X, bh, Wh, bo, Wo):
    H = logistic(X.dot(Wh) + bh)
    return H, H.dot(Wo) + bo


def jacobians(X, T, params):
    Wo = params[3]
    H, scores = outputs(X, *params)
    Eo = Program.softmax(scores) - T
    Eh = H * (1 - H) * Eo.dot(Wo.T)
    return [Eh.sum(axis=0, keepdims=True), X.T.dot(Eh), Eo.sum(axis=0, keepdims=True), H.T.dot(Eo)]


class Program:
    @staticmethod
    def softmax(scores):
        return np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)

    def activation(self, name, z):
        return logistic(z)

    def activation_derivative(self, name, z):
        return logistic(z) * (1 - logistic(z))

    def cross_entropy(self, scores, labels, reduction):
        return -np.sum(np.multiply(targets(labels), np.log(self.softmax(scores))))

    def score_gradient(self, scores, labels, reduction):
        return self.softmax(scores) - targets(labels)

    def forward(self, network, inputs):
        H, scores = outputs(inputs, *take_apart(network))
        return [H], scores

    def predict(self, network, inputs):
        Y = self.softmax(outputs(inputs, *take_apart(network))[1])
        return (Y[:, 1] > Y[:, 0]).astype(int)

    def loss(self, network, inputs, labels, objective):
        return self.cross_entropy(outputs(inputs, *take_apart(network))[1], labels, "sum")

    def gradients(self, network, inputs, labels, objective):
        return put_together(jacobians(inputs, targets(labels), take_apart(network)))

    def update(self, network, gradients, velocity, optimizer, iteration):
        momentum, rate = optimizer["momentum"], optimizer["learning_rate"]
        Js, Vs = take_apart(gradients), take_apart(velocity)
        Vs = [momentum * V - rate * J for V, J in zip(Vs, Js, strict=True)]
        params = [P + V for P, V in zip(take_apart(network), Vs, strict=True)]
        weights, biases = put_together(Vs)
        return put_together(params), {"weights": weights, "biases": [b[0] for b in biases]}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        momentum, rate, T = optimizer["momentum"], optimizer["learning_rate"], targets(labels)
        params = take_apart(network)
        Vs, costs = [np.zeros_like(P) for P in params], []
        for _ in range(iterations):
            costs.append(self.cross_entropy(outputs(inputs, *params)[1], labels, "sum"))
            Vs = [momentum * V - rate * J for V, J in zip(Vs, jacobians(inputs, T, params), strict=True)]
            params = [P + V for P, V in zip(params, Vs, strict=True)]
        return costs, put_together(params)

    def fit(self, inputs, labels, experiment, seed):
        random, (D, H, K) = np.random.RandomState(seed), experiment["sizes"]
        start = {
            "weights": [0.1 * random.randn(D, H), 0.1 * random.randn(H, K)],
            "biases": [0.1 * random.randn(H), 0.1 * random.randn(K)],
        }
        optimizer, iterations = experiment["optimizer"], experiment["iterations"]
        weights, biases = self.train(start, inputs, labels, None, optimizer, iterations, None)[1]
        return {"weights": weights, "biases": [b[0] for b in biases]}

    def initialize(self, normals, sizes, activation, initialization):
        return [0.1 * W for W in normals["weights"]], [0.1 * b for b in normals["biases"]]

    def circles(self, normals, examples, factor, noise):
        half = examples // 2
        around = [np.linspace(0, 2 * np.pi, n, endpoint=False) for n in (half, examples - half)]
        rings = [r * np.c_[np.cos(t), np.sin(t)] for r, t in zip((1, factor), around, strict=True)]
        return np.vstack(rings) + noise * normals, np.r_[np.zeros(half, int), np.ones(examples - half, int)]


class Described(Program):
    """It says what it does."""

    def describe(self):
        return {
            "name": "after Roelants",
            "activations": ["logistic"],
            "reductions": ["sum"],
            "methods": ["momentum"],
            "schedules": [],
            "batches": False,
            "l2": False,
            "depths": [2],
            "classes": [2],
            "initialization": "own",
        }
