"""NumPy's einsum without BLAS, with formulas of its own.

Targets are one-hot, derivatives come from z and not from the output, scores are always shifted, and the velocity
points uphill: V ← λV + μ∇, θ ← θ − V.
"""

import numpy as np


def summed(formula, *arrays):
    """An einsum that calls no BLAS."""
    return np.einsum(formula, *arrays, optimize=False)


def tanh(z):
    less = np.expm1(-2 * np.abs(z))  # between −1 and 0 for every z
    return np.copysign(less / (2 + less), z)


def tanh_slope(z):
    """1 / cosh² z."""
    small = np.exp(-2 * np.abs(z))
    return 4 * small / (1 + small) ** 2


def logistic(z):
    return (1 + np.tanh(z / 2)) / 2


FUNCTIONS = {"relu": lambda z: z * (z > 0), "tanh": tanh, "logistic": logistic}
SLOPES = {
    "relu": lambda z: np.where(z > 0, z.dtype.type(1), z.dtype.type(0)),
    "tanh": tanh_slope,
    "logistic": lambda z: logistic(z) * logistic(-z),
}


def centred(scores):
    return scores - scores.max(axis=1, keepdims=True)


def learning_rate(optimizer, iteration):
    falling = optimizer["schedule"] or {"kind": "none", "decay": 0.0, "every": 1}
    decay = falling["decay"]
    factor = {
        "none": lambda: 1.0,
        "step": lambda: np.prod([decay] * (iteration // falling["every"])),
        "exponential": lambda: np.exp(-decay * iteration),
        "inverse_time": lambda: np.reciprocal(1 + decay * iteration),
    }[falling["kind"]]
    return optimizer["learning_rate"] * factor()


class Einsum:
    def __init__(self, precision):
        self.precision = precision
        self.number = np.dtype(precision).type

    def describe(self):
        return {
            "name": "einsum",
            "version": np.__version__,
            "language": "Python",
            "precision": self.precision,
        }

    # ---- functions ----

    def activation(self, name, z):
        return FUNCTIONS[name](z.astype(self.number))

    def activation_derivative(self, name, z):
        return SLOPES[name](z.astype(self.number))

    def softmax(self, scores):
        powers = np.exp(centred(scores.astype(self.number)))
        return powers / summed("nk->n", powers)[:, None]

    def targets(self, labels, classes):
        return (np.arange(classes) == np.asarray(labels)[:, None]).astype(self.number)

    def cross_entropy(self, scores, labels, reduction):
        scores = centred(scores.astype(self.number))
        log_total = np.log(summed("nk->n", np.exp(scores)))
        total = (log_total - summed("nk,nk->n", self.targets(labels, scores.shape[1]), scores)).sum()
        return total / self.number(len(labels) if reduction == "mean" else 1)

    def score_gradient(self, scores, labels, reduction):
        share = self.number(1 / len(labels) if reduction == "mean" else 1)
        return share * (self.softmax(scores) - self.targets(labels, scores.shape[1]))

    # ---- the network ----

    def layers(self, network):
        arrays = zip(network["weights"], network["biases"], strict=True)
        return [(w.astype(self.number), b.astype(self.number)) for w, b in arrays]

    def passed(self, layers, activation, inputs):
        """The inputs and the z of every layer."""
        into, sums = [inputs.astype(self.number)], []
        for weights, biases in layers:
            sums.append(summed("ni,io->no", into[-1], weights) + biases)
            into.append(FUNCTIONS[activation](sums[-1]))
        return into[:-1], sums

    def forward(self, network, inputs):
        into, sums = self.passed(self.layers(network), network["activation"], inputs)
        return {"hidden": into[1:], "scores": sums[-1]}

    def predict(self, network, inputs):
        return np.argmax(self.forward(network, inputs)["scores"], axis=1)

    def objective(self, layers, scores, labels, objective):
        squares = [summed("io,io->", weights, weights) for weights, _ in layers]
        return self.cross_entropy(scores, labels, objective["reduction"]) + objective["l2"] * sum(squares) / 2

    def loss(self, network, inputs, labels, objective):
        layers = self.layers(network)
        _, sums = self.passed(layers, network["activation"], inputs)
        return self.objective(layers, sums[-1], labels, objective)

    def slopes(self, layers, activation, into, sums, labels, objective):
        """The gradients on weights and biases, a pair per layer."""
        delta = self.score_gradient(sums[-1], labels, objective["reduction"])
        found = []
        for place in range(len(layers) - 1, -1, -1):
            weights, _ = layers[place]
            found.append(
                (summed("ni,no->io", into[place], delta) + objective["l2"] * weights, summed("no->o", delta))
            )
            if place:
                delta = summed("no,io,ni->ni", delta, weights, SLOPES[activation](sums[place - 1]))
        return found[::-1]

    def gradients(self, network, inputs, labels, objective):
        layers = self.layers(network)
        into, sums = self.passed(layers, network["activation"], inputs)
        return unzipped(self.slopes(layers, network["activation"], into, sums, labels, objective))

    # ---- training ----

    def stepped(self, layers, slopes, velocity, optimizer, iteration):
        """The layers and the velocity after one step."""
        keep = self.number(optimizer["momentum"] if optimizer["method"] == "momentum" else 0)
        rate = self.number(learning_rate(optimizer, iteration))
        velocity = paired(lambda v, g: keep * v + rate * g, velocity, slopes)
        return paired(np.subtract, layers, velocity), velocity

    def update(self, network, gradients, velocity, optimizer, iteration):
        own = [self.layers(parameters) for parameters in (network, gradients, velocity)]
        layers, velocity = self.stepped(*own, optimizer, iteration)
        return {"network": unzipped(layers), "velocity": unzipped(velocity)}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        layers, activation = self.layers(network), network["activation"]
        velocity = [(np.zeros_like(weights), np.zeros_like(biases)) for weights, biases in layers]
        losses = []
        for iteration in range(iterations):
            x, y = (
                (inputs, labels)
                if batches is None
                else (inputs[batches[iteration]], labels[batches[iteration]])
            )
            into, sums = self.passed(layers, activation, x)
            losses.append(self.objective(layers, sums[-1], y, objective))
            slopes = self.slopes(layers, activation, into, sums, y, objective)
            layers, velocity = self.stepped(layers, slopes, velocity, optimizer, iteration)
        return {"losses": losses, "network": unzipped(layers)}


def paired(f, *layers):
    """Apply a function to the weights of each layer, and to its biases."""
    return [tuple(f(*arrays) for arrays in zip(*layer, strict=True)) for layer in zip(*layers, strict=True)]


def unzipped(layers):
    weights, biases = zip(*layers, strict=True)
    return {"weights": list(weights), "biases": list(biases)}


float64, float32 = Einsum("float64"), Einsum("float32")


def __getattr__(name):
    """The module itself computes in float64."""
    return getattr(float64, name)
