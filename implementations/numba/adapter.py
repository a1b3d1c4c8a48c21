"""Numba: loops.py compiled, with fastmath or without."""

import itertools
from types import SimpleNamespace

import loops
import numba
import numpy as np

CODES = {"relu": loops.RELU, "tanh": loops.TANH, "logistic": loops.LOGISTIC}
LOOPS = ("bent_all", "slope_all", "softmax", "cross_entropy", "forward", "objective", "train")


class Numba:
    def __init__(self, precision, fastmath):
        self.precision, self.fastmath = precision, fastmath
        self.number = np.dtype(precision).type
        compiled = numba.njit(fastmath=fastmath, error_model="numpy")
        self.run = SimpleNamespace(**{name: compiled(getattr(loops, name).py_func) for name in LOOPS})

    def describe(self):
        name = "Numba, fastmath" if self.fastmath else "Numba"
        return {"name": name, "version": numba.__version__, "language": "Python", "precision": self.precision}

    def array(self, numbers):
        return np.ascontiguousarray(numbers, dtype=self.number)

    def problem(self, network, inputs, labels=(), l2=0.0):
        """The first arguments of the loops: sizes, activation, parameters, inputs, labels, l2."""
        code, whole = CODES[network["activation"]], np.array(labels, dtype=np.int64)
        return sizes_of(network), code, self.array(flat(network)), self.array(inputs), whole, self.number(l2)

    def filled(self, run, like, *before):
        """The output of a loop that fills in an array."""
        out = np.empty_like(like)
        run(*before, like, out)
        return out

    def activation(self, name, z):
        return self.filled(self.run.bent_all, self.array(z).ravel(), CODES[name]).reshape(z.shape)

    def activation_derivative(self, name, z):
        return self.filled(self.run.slope_all, self.array(z).ravel(), CODES[name]).reshape(z.shape)

    def softmax(self, scores):
        probabilities, logs = np.empty_like(self.array(scores)), np.empty(len(scores), self.number)
        self.run.softmax(self.array(scores), probabilities, logs)
        return probabilities

    def scored(self, scores, labels, reduction):
        """The cross-entropy and its gradient."""
        delta, whole = np.empty_like(self.array(scores)), np.array(labels, dtype=np.int64)
        loss = self.run.cross_entropy(self.array(scores), whole, self.count(len(labels), reduction), delta)
        return loss, delta

    def cross_entropy(self, scores, labels, reduction):
        return self.scored(scores, labels, reduction)[0]

    def score_gradient(self, scores, labels, reduction):
        return self.scored(scores, labels, reduction)[1]

    def count(self, examples, reduction):
        """The divisor of the sum of the cross-entropies."""
        return self.number(examples if reduction == "mean" else 1)

    def forward(self, network, inputs):
        sizes, code, parameters, x, *_ = self.problem(network, inputs)
        units = np.empty((len(x), sizes.sum()), self.number)
        units[:, : sizes[0]] = x
        self.run.forward(sizes, code, parameters, units)
        _, *hidden, scores = np.split(units, np.cumsum(sizes)[:-1], axis=1)
        return {"hidden": hidden, "scores": scores}

    def predict(self, network, inputs):
        return self.forward(network, inputs)["scores"].argmax(axis=1)

    def swept(self, network, inputs, labels, objective):
        """The objective and its gradients."""
        problem = self.problem(network, inputs, labels, objective["l2"])
        out = np.empty_like(problem[2])
        return self.run.objective(*problem, self.count(len(labels), objective["reduction"]), out), out

    def loss(self, network, inputs, labels, objective):
        return self.swept(network, inputs, labels, objective)[0]

    def gradients(self, network, inputs, labels, objective):
        return unflat(self.swept(network, inputs, labels, objective)[1], sizes_of(network))

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        sizes, code, parameters, *data = self.problem(network, inputs, labels, objective["l2"])
        lengths = [len(labels)] * iterations if batches is None else [len(batch) for batch in batches]
        order = np.concatenate([np.empty(0, np.int64), *(batches or [])]).astype(np.int64)
        starts = np.cumsum([0, *lengths])
        counts = self.array([self.count(length, objective["reduction"]) for length in lengths])
        rates = self.array([learning_rate(optimizer, t) for t in range(iterations)])
        keep = self.number(optimizer["momentum"] if optimizer["method"] == "momentum" else 0)
        losses = self.run.train(sizes, code, parameters, *data, counts, order, starts, rates, keep)
        return {"losses": losses, "network": unflat(parameters, sizes)}


def learning_rate(optimizer, t):
    rate, schedule = optimizer["learning_rate"], optimizer["schedule"]
    if schedule is None:
        return rate
    return {
        "step": lambda decay: rate * decay ** (t // schedule["every"]),
        "exponential": lambda decay: rate * np.exp(-decay * t),
        "inverse_time": lambda decay: rate / (1 + decay * t),
    }[schedule["kind"]](schedule["decay"])


def sizes_of(network):
    return np.array([len(network["weights"][0]), *(len(biases) for biases in network["biases"])])


def flat(network):
    """All parameters in one vector."""
    layers = zip(network["weights"], network["biases"], strict=True)
    return np.concatenate([array.ravel() for layer in layers for array in layer])


def unflat(vector, sizes):
    weights, biases, start = [], [], 0
    for fan_in, fan_out in itertools.pairwise(sizes):
        middle, stop = start + fan_in * fan_out, start + (fan_in + 1) * fan_out
        weights.append(vector[start:middle].reshape(fan_in, fan_out))
        biases.append(vector[middle:stop])
        start = stop
    return {"weights": weights, "biases": biases}


float64, float32 = Numba("float64", fastmath=False), Numba("float32", fastmath=False)
fastmath, fastmath_float32 = Numba("float64", fastmath=True), Numba("float32", fastmath=True)


def __getattr__(name):
    """The module itself computes in float64."""
    return getattr(float64, name)
