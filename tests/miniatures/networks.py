"""A small correct program, and the same for one shape alone; wrong_forms.py and ignored_arguments.py change it."""

import numpy as np


class Right:
    """Loss, gradients, predictions, updates and training, in a formula each."""

    def activation(self, name, z):
        return {"relu": np.maximum(z, 0), "tanh": np.tanh(z), "logistic": 0.5 + 0.5 * np.tanh(z / 2)}[name]

    def activation_derivative(self, name, z):
        h = self.activation(name, z)
        return {"relu": 1.0 * (z > 0), "tanh": 1 - h**2, "logistic": h - h**2}[name]

    def one_hot(self, labels, classes):
        return np.eye(classes)[labels]

    def layers(self, network, inputs):
        """What goes into each layer, and what comes out of it."""
        into, out = [inputs], []
        for weights, biases in zip(network["weights"], network["biases"], strict=True):
            out.append(into[-1] @ weights + biases)
            into.append(self.activation(network["activation"], out[-1]))
        return into[:-1], out

    def probabilities(self, scores):
        exps = np.exp(scores - scores.max(axis=1, keepdims=True))
        return exps / exps.sum(axis=1, keepdims=True)

    def count(self, labels, reduction):
        return len(labels) if reduction == "mean" else 1

    def forward(self, network, inputs):
        into, out = self.layers(network, inputs)
        return {"hidden": into[1:], "scores": out[-1]}

    def predict(self, network, inputs):
        return self.layers(network, inputs)[1][-1].argmax(axis=1)

    def loss(self, network, inputs, labels, objective):
        p = self.probabilities(self.layers(network, inputs)[1][-1])
        data = -(self.one_hot(labels, p.shape[1]) * np.log(p)).sum() / self.count(
            labels, objective["reduction"]
        )
        return data + objective["l2"] / 2 * sum((weights**2).sum() for weights in network["weights"])

    def gradients(self, network, inputs, labels, objective):
        into, out = self.layers(network, inputs)
        p = self.probabilities(out[-1])
        delta = (p - self.one_hot(labels, p.shape[1])) / self.count(labels, objective["reduction"])
        weights, biases = [], []
        for layer in reversed(range(len(out))):
            weights.insert(0, into[layer].T @ delta + objective["l2"] * network["weights"][layer])
            biases.insert(0, delta.sum(axis=0))
            if layer:
                slope = self.activation_derivative(network["activation"], out[layer - 1])
                delta = delta @ network["weights"][layer].T * slope
        return {"weights": weights, "biases": biases}

    def rate(self, optimizer, t):
        rate, schedule = (
            optimizer["learning_rate"],
            optimizer["schedule"] or {"kind": None, "decay": 0, "every": 1},
        )
        return {
            None: rate,
            "step": rate * schedule["decay"] ** (t // schedule["every"]),
            "exponential": rate * np.exp(-schedule["decay"] * t),
            "inverse_time": rate / (1 + schedule["decay"] * t),
        }[schedule["kind"]]

    def update(self, network, gradients, velocity, optimizer, iteration):
        factor = optimizer["momentum"] if optimizer["method"] == "momentum" else 0
        rate = self.rate(optimizer, iteration)
        moved = {
            kind: [factor * v - rate * g for v, g in zip(velocity[kind], gradients[kind], strict=True)]
            for kind in ("weights", "biases")
        }
        new = {kind: [p + v for p, v in zip(network[kind], moved[kind], strict=True)] for kind in moved}
        return {"network": {**new, "activation": network["activation"]}, "velocity": moved}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        velocity = {kind: [0 * array for array in network[kind]] for kind in ("weights", "biases")}
        losses = []
        for t in range(iterations):
            rows = slice(None) if batches is None else batches[t]
            examples = {"inputs": inputs[rows], "labels": labels[rows], "objective": objective}
            losses.append(Right.loss(self, network, **examples))
            gradients = Right.gradients(self, network, **examples)
            after = Right.update(self, network, gradients, velocity, optimizer, t)
            network, velocity = after["network"], after["velocity"]
        return {"losses": losses, "network": network}


# ---- one shape alone ----


class TwoLayers(Right):
    def layers(self, network, inputs):
        first, second = network["weights"]
        return super().layers({**network, "weights": [first, second]}, inputs)


class TwoClasses(Right):
    def one_hot(self, labels, classes):
        if classes != 2:
            raise ValueError("two classes")
        return super().one_hot(labels, classes)


class SaysTwoLayers(TwoLayers):
    def describe(self):
        return {"name": "two layers", "depths": [2]}


class SaysThreeLayersAndFails(TwoLayers):
    def describe(self):
        return {"name": "two layers", "depths": [2, 3]}


class WrongAtThreeLayers(Right):
    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, objective) * (2 if len(network["weights"]) == 3 else 1)


# ---- a predict that takes what fit returned alone ----


class Estimator:
    def fit(self, inputs, labels, experiment, seed):
        return np.bincount(labels).argmax(), experiment

    def predict(self, network, inputs):
        label, _ = network
        return np.full(len(inputs), label + 0)


# ---- what the documents do not know ----


class Adam(Right):
    def describe(self):
        return {"name": "adam", "methods": ["adam", "sgd"], "activations": ["ReLU", "sigmoid", "swish"]}


class Single(Right):
    def describe(self):
        return {"name": "single", "precision": "float32"}
