"""Correct programs with every formula in use, each of which a tolerance must accept.

They compute in the precision of their arguments' arrays, numbers included. If a formula overflows or loses all its
digits to underflow, they fall back on one that does not: such an error is not rounding, and has clauses of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from plain_loops import PlainLoops, sequential

from nnspec.reference import Reference

#: |z| up to which the square of exp z is a normal number.
SQUARES = {"float64": 300, "float32": 40}
#: Between these, exp f is a normal number, and so is a sum of several.
EXPONENTS = {"float64": (-670, 700), "float32": (-70, 85)}


def pick(z, formula, fallback):
    """``formula`` if the square of exp z is a normal number, else ``fallback``."""
    small = np.abs(z) < SQUARES[z.dtype.name]
    return np.where(small, formula(np.where(small, z, 0)), fallback(z))


def hyperbolic(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


TANH = {
    "library": np.tanh,
    "exponentials": lambda z: pick(z, hyperbolic, np.tanh),
    "one exponential": lambda z: pick(z, lambda z: one_exponential(np.exp(z)), np.tanh),
    "sinh / cosh": lambda z: pick(z, lambda z: np.sinh(z) / np.cosh(z), np.tanh),
    "2σ(2z) − 1": lambda z: 2 * LOGISTIC["quotient"](2 * z) - 1,
    "1 − 2σ(−2z)": lambda z: 1 - 2 * LOGISTIC["quotient"](-2 * z),
}
LOGISTIC = {
    "quotient": lambda z: pick(z, lambda z: 1 / (1 + np.exp(-z)), Reference().logistic),
    "exponential": lambda z: pick(z, lambda z: np.exp(z) / (1 + np.exp(z)), Reference().logistic),
    "tanh": lambda z: (1 + np.tanh(z / 2)) / 2,
    "tanh by exponentials": lambda z: (1 + TANH["exponentials"](z / 2)) / 2,
}
#: f′ from z and f.
TANH_DERIVATIVE = {
    "1 − h²": lambda z, f: 1 - f(z) * f(z),
    "(1 − h)(1 + h)": lambda z, f: (1 - f(z)) * (1 + f(z)),
    "1 / cosh²": lambda z, f: pick(z, lambda z: 1 / np.cosh(z) ** 2, lambda z: 1 - f(z) ** 2),
    "4 / (exp + exp)²": lambda z, f: pick(
        z, lambda z: 4 / (np.exp(z) + np.exp(-z)) ** 2, lambda z: 1 - f(z) ** 2
    ),
}
LOGISTIC_DERIVATIVE = {
    "h (1 − h)": lambda z, f: f(z) * (1 - f(z)),
    "h − h²": lambda z, f: f(z) - f(z) * f(z),
    "f(z) f(−z)": lambda z, f: f(z) * f(-z),
    "exp / (1 + exp)²": lambda z, f: pick(
        z, lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2, lambda z: f(z) * (1 - f(z))
    ),
}


def one_exponential(a):
    return (a - 1 / a) / (a + 1 / a)


FORMS = {
    "tanh_by": list(TANH),
    "tanh_derivative_by": list(TANH_DERIVATIVE),
    "logistic_by": list(LOGISTIC),
    "logistic_derivative_by": list(LOGISTIC_DERIVATIVE),
    "shift": ["none", "row", "matrix"],
    "softmax_by": ["quotient", "exp of log"],
    "log_by": ["difference", "log-sum-exp", "log of softmax"],
    "entropy_by": ["labels", "one-hot", "sums apart"],
    "mean_by": ["terms / N", "terms · 1/N", "sum / N", "sum · 1/N", "loop / N"],
    "divided": ["probabilities", "scores", "scores times", "products", "products times"],
    "bias": ["first", "last", "column"],
    "penalty_by": ["layers", "one sum", "norm"],
    "penalised": ["gradients", "weights"],
    "velocity": ["contract", "negated", "without the rate"],
}


@dataclass(frozen=True)
class OtherFormulas(Reference):
    """The reference's functions by chosen formulas, each a value of ``FORMS``."""

    tanh_by: str
    tanh_derivative_by: str
    logistic_by: str
    logistic_derivative_by: str
    shift: str
    softmax_by: str
    log_by: str
    entropy_by: str
    mean_by: str
    divided: str
    bias: str
    penalty_by: str
    penalised: str
    velocity: str

    @classmethod
    def random_choice(cls, random):
        """A program with random formulas."""
        return cls(**{name: forms[random.integers(len(forms))] for name, forms in FORMS.items()})

    def tanh(self, z):
        return TANH[self.tanh_by](z)

    def logistic(self, z):
        return LOGISTIC[self.logistic_by](z)

    def activation_derivative(self, name, z):
        if name == "tanh":
            return TANH_DERIVATIVE[self.tanh_derivative_by](z, self.tanh)
        if name == "logistic":
            return LOGISTIC_DERIVATIVE[self.logistic_derivative_by](z, self.logistic)
        return (z > 0).astype(z.dtype)

    # ---- rows of scores ----

    def constant(self, scores):
        """The constant to subtract from the scores, (N, 1): of the chosen shift, if that is safe."""
        greatest = scores.max(axis=1, keepdims=True)
        constant = {"none": 0 * greatest, "row": greatest, "matrix": np.full_like(greatest, greatest.max())}
        low, high = EXPONENTS[scores.dtype.name]
        away = greatest - constant[self.shift]
        return np.where((low < away) & (away < high), constant[self.shift], greatest)

    def log_sum(self, scores):
        """Log Σ exp f, (N, 1)."""
        constant = self.constant(scores)
        return constant + np.log(np.exp(scores - constant).sum(axis=1, keepdims=True))

    def softmax(self, scores):
        if self.softmax_by == "exp of log":
            return np.exp(self.log_of_sum(scores))
        exponentials = np.exp(scores - self.constant(scores))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def log_of_sum(self, scores):
        """Log p, the constant added to the logarithm of the sum or subtracted from the score."""
        if self.log_by == "log-sum-exp":
            return scores - self.log_sum(scores)
        shifted = scores - self.constant(scores)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    def log_softmax(self, scores):
        logs = self.log_of_sum(scores)
        if self.log_by == "log of softmax":
            low = EXPONENTS[scores.dtype.name][0]
            normal = (logs > low) & (scores - self.constant(scores) > low)
            return np.where(normal, np.log(np.where(normal, self.softmax(scores), 1)), logs)
        return logs

    def cross_entropy(self, scores, labels, reduction):
        n = len(labels) if reduction == "mean" else 1
        label = np.arange(len(labels)), labels
        if self.entropy_by == "sums apart":
            return self.mean(self.log_sum(scores), n) - self.mean(scores[label], n)
        logs = self.log_softmax(scores)
        return self.mean(
            -(one_hot(scores, labels) * logs if self.entropy_by == "one-hot" else logs[label]), n
        )

    def mean(self, terms, n):
        inverse = 1 / terms.dtype.type(n)
        return {
            "terms / N": lambda: (terms / n).sum(),
            "terms · 1/N": lambda: (inverse * terms).sum(),
            "sum / N": lambda: terms.sum() / n,
            "sum · 1/N": lambda: inverse * terms.sum(),
            "loop / N": lambda: sequential(terms.ravel()) / n,
        }[self.mean_by]()

    def score_gradient(self, scores, labels, reduction):
        n, p, targets = len(labels), self.softmax(scores), one_hot(scores, labels)
        if reduction == "sum":
            return p - targets
        if self.divided == "probabilities":
            return p / n - targets / n
        return (p - targets) * (1 / scores.dtype.type(n)) if "times" in self.divided else (p - targets) / n

    # ---- layers ----

    def affine(self, inputs, weights, biases):
        if self.bias == "last":
            return inputs @ weights + biases
        if self.bias == "first":
            return PlainLoops().affine(inputs, weights, biases)
        ones = np.ones((len(inputs), 1), inputs.dtype)
        return np.concatenate([ones, inputs], axis=1) @ np.concatenate([biases[None], weights])

    def backward(self, network, inputs, hidden, scores, labels, objective):
        weights, biases, layer_inputs = network["weights"], network["biases"], [inputs, *hidden]
        late = "products" in self.divided and objective["reduction"] == "mean"
        delta = self.score_gradient(scores, labels, "sum" if late else objective["reduction"])
        gradients = {"weights": [], "biases": []}
        for layer in reversed(range(len(weights))):
            data = self.late(layer_inputs[layer].T @ delta, late, len(labels))
            gradients["weights"].insert(0, data + objective["l2"] * weights[layer])
            gradients["biases"].insert(0, self.late(delta.sum(axis=0), late, len(labels)))
            if layer > 0:
                z = self.affine(layer_inputs[layer - 1], weights[layer - 1], biases[layer - 1])
                delta = (delta @ weights[layer].T) * self.activation_derivative(network["activation"], z)
        return gradients

    def late(self, gradient, late, n):
        """The postponed division by N."""
        if not late:
            return gradient
        return gradient * (1 / gradient.dtype.type(n)) if "times" in self.divided else gradient / n

    def penalty(self, network, l2):
        if self.penalty_by == "layers":
            return sum(l2 / 2 * (weights**2).sum() for weights in network["weights"])
        if self.penalty_by == "norm":
            return l2 / 2 * sum(np.linalg.norm(weights) ** 2 for weights in network["weights"])
        return PlainLoops().penalty(network, l2)

    # ---- data ----

    def spiral(self, normals, examples_per_class, classes):
        number, n = normals.dtype.type, examples_per_class
        radius = np.concatenate([spaced(1, n, n - 1, number)] * classes)
        turn = np.concatenate([number(4 * j) + spaced(4, n, n - 1, number) for j in range(classes)])
        angle = turn + number(0.2) * normals
        points = radius[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)
        return {"inputs": points, "labels": np.arange(n * classes) // n}

    def moons(self, normals, order, examples, noise):
        number, half = normals.dtype.type, examples // 2
        outer, inner = (spaced(math.pi, n, n - 1, number) for n in (half, examples - half))
        x = np.concatenate([np.cos(outer), 1 - np.cos(inner)])
        y = np.concatenate([np.sin(outer), number(0.5) - np.sin(inner)])
        points = np.stack([x, y], axis=1)[order] + number(noise) * normals
        return {"inputs": points, "labels": (np.arange(examples) >= half).astype(int)[order]}

    def circles(self, normals, examples, factor, noise):
        number, half = normals.dtype.type, examples // 2
        outer, inner = (spaced(2 * math.pi, n, n, number) for n in (half, examples - half))
        radius = np.repeat([number(1), number(factor)], [half, examples - half])
        angle = np.concatenate([outer, inner])
        points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return {
            "inputs": points + number(noise) * normals,
            "labels": (np.arange(examples) >= half).astype(int),
        }

    # ---- updates ----

    def train(self, **params):
        plain = params["optimizer"]["method"] == "gradient_descent"
        return self.shrink(**params) if plain and self.penalised == "weights" else super().train(**params)

    def shrink(self, network, inputs, labels, objective, optimizer, iterations, batches):
        """Gradient descent as Nielsen writes it: the penalty shrinks the weights, W (1 − μλ) − μ∇."""
        number, losses = inputs.dtype.type, []
        for iteration in range(iterations):
            batch = range(len(labels)) if batches is None else batches[iteration]
            problem = {"network": network, "inputs": inputs[batch], "labels": labels[batch]}
            losses.append(self.loss(**problem, objective=objective))
            gradients = self.gradients(**problem, objective={**objective, "l2": 0.0})
            rate = decayed_rate(optimizer, iteration, number)
            factors = {"weights": number(1) - rate * number(objective["l2"]), "biases": number(1)}
            network = {
                **network,
                **{
                    kind: [
                        factors[kind] * p - rate * g
                        for p, g in zip(network[kind], gradients[kind], strict=True)
                    ]
                    for kind in factors
                },
            }
        return {"losses": losses, "network": network}

    def update(self, network, gradients, velocity, optimizer, iteration):
        after = {"network": {"activation": network["activation"]}, "velocity": {}}
        for kind in ("weights", "biases"):
            arrays = zip(network[kind], gradients[kind], velocity[kind], strict=True)
            pairs = [self.step(*array, optimizer, iteration) for array in arrays]
            after["network"][kind], after["velocity"][kind] = (
                list(parts) for parts in zip(*pairs, strict=True)
            )
        return after

    def step(self, parameter, gradient, velocity, optimizer, iteration):
        """The parameter and the velocity after a step, the velocity in the chosen form."""
        number = parameter.dtype.type
        rate = decayed_rate(optimizer, iteration, number)
        momentum = number(optimizer["momentum"] if optimizer["method"] == "momentum" else 0)
        if self.velocity == "without the rate" and optimizer["schedule"] is None:
            velocity = momentum * velocity + gradient
            return parameter - rate * velocity, velocity
        if self.velocity == "negated":
            velocity = momentum * velocity + rate * gradient
            return parameter - velocity, velocity
        velocity = momentum * velocity - rate * gradient
        return parameter + velocity, velocity

    def initialize(self, normals, sizes, activation, initialization):
        number = normals["weights"][0].dtype.type
        scale, by_fan_in = number(initialization["scale"]), initialization["fan_in"]
        factors = [scale / np.sqrt(number(fan)) if by_fan_in else scale for fan in sizes[:-1]]
        weights = [n * factor for n, factor in zip(normals["weights"], factors, strict=True)]
        zeros = initialization["biases"] == "zeros"
        biases = [np.zeros_like(n) if zeros else n * scale for n in normals["biases"]]
        return {"weights": weights, "biases": biases, "activation": activation}


def spaced(stop, count, last, number):
    """Evenly spaced numbers from 0 to ``stop`` at index ``last``: the index times a rounded step."""
    return np.arange(count).astype(number) * (number(stop) / number(max(last, 1)))


def one_hot(scores, labels):
    targets = np.zeros_like(scores)
    targets[np.arange(len(labels)), labels] = 1
    return targets


def decayed_rate(optimizer, iteration, number):
    """The rate of this iteration, computed in the precision of the type ``number``."""
    rate, schedule = number(optimizer["learning_rate"]), optimizer["schedule"]
    if schedule is None:
        return rate
    decay = number(schedule["decay"])
    if schedule["kind"] == "exponential":
        return rate * np.exp(-decay * number(iteration))
    if schedule["kind"] == "inverse_time":
        return rate / (number(1) + decay * number(iteration))
    for _ in range(iteration // schedule["every"]):
        rate = rate * decay
    return rate
