"""Programs with one mistake in fit alone, and right ones of several kinds, for test_fits_alone.

They share no code with the reference. Each mistake is a few lines in a loop that is otherwise right.
"""

# ruff: noqa: ARG001, ARG002, ARG005, N803 (a mistake looks at few of the arguments that it may look at)

from __future__ import annotations

import itertools

import numpy as np

BENDS = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda z: z * (z > 0), lambda h: 1.0 * (h > 0)),
    "logistic": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda h: h - h * h),
}


class Fits:
    """A right program with a loop of its own; its parts are what mistakes change."""

    dtype = np.float64

    def __init__(self, **says):
        self.says = says

    def describe(self):
        return {"name": "fits", "precision": self.dtype.__name__, **self.says}

    def data(self, random, x, y, size):
        return x, y

    def recipe(self, experiment, examples, size):
        return experiment

    def rate(self, optimizer, t, of_a_pass):
        plan = optimizer["schedule"]
        share = 1.0
        if plan:
            share = {
                "step": lambda: plan["decay"] ** (t // plan["every"]),
                "exponential": lambda: np.exp(-plan["decay"] * t),
                "inverse_time": lambda: 1 / (1 + plan["decay"] * t),
            }[plan["kind"]]()
        return optimizer["learning_rate"] * share

    def updates(self, iterations, examples, size):
        return iterations

    def normals(self, random, shape, recipe):
        return (
            recipe["scale"] * random.standard_normal(shape) / (np.sqrt(shape[0]) if recipe["fan_in"] else 1)
        )

    def first_biases(self, random, shape, recipe):
        return recipe["scale"] * random.standard_normal(shape[1]) * (recipe["biases"] == "normals")

    def minibatches(self, random, examples, size):
        while True:
            order = random.permutation(examples)
            yield from (order[i : i + size] for i in range(0, examples, size))

    def seed(self, seed):
        return seed

    def fit(self, inputs, labels, experiment, seed):
        random, recipe = np.random.default_rng(self.seed(seed)), experiment["initialization"]
        shapes = list(itertools.pairwise(experiment["sizes"]))
        w = [self.normals(random, shape, recipe).astype(self.dtype) for shape in shapes]
        b = [self.first_biases(random, shape, recipe).astype(self.dtype) for shape in shapes]
        size = experiment["batch_size"] or len(labels)
        x, y = self.data(random, np.asarray(inputs), np.asarray(labels), experiment["batch_size"])
        experiment = self.recipe(experiment, len(y), size)
        size = experiment["batch_size"] or len(labels)
        updates = self.updates(experiment["iterations"], len(y), size)
        batches = self.minibatches(random, len(y), size)
        speeds = [np.zeros_like(a) for a in (*w, *b)]
        for t in range(updates):
            rows = next(batches)
            steps = self.steps(w, b, x[rows].astype(self.dtype), y[rows], experiment)
            rate = self.dtype(self.rate(experiment["optimizer"], t, -(-len(y) // size)))
            keep = experiment["optimizer"]["momentum"]
            keep = self.dtype(keep if experiment["optimizer"]["method"] == "momentum" else 0)
            for place, parameter in enumerate((*w, *b)):
                speeds[place] = keep * speeds[place] - rate * steps[place]
                parameter += speeds[place]
        return {"weights": w, "biases": b, "activation": experiment["activation"]}

    def steps(self, w, b, x, y, experiment):
        """The gradients of the weights, then those of the biases."""
        bend, slope = BENDS[experiment["activation"]]
        objective, outputs = experiment["objective"], [x]
        for weights, biases in zip(w, b, strict=True):
            z = outputs[-1] @ weights + biases
            outputs.append(bend(z))
        delta = np.exp(z - z.max(axis=1, keepdims=True))
        delta /= delta.sum(axis=1, keepdims=True)
        delta[np.arange(len(y)), y] -= 1
        if objective["reduction"] == "mean":
            delta /= len(y)
        steps = [None] * (2 * len(w))
        for place in reversed(range(len(w))):
            steps[place] = outputs[place].T @ delta + self.dtype(objective["l2"]) * w[place]
            steps[place + len(w)] = delta.sum(axis=0)
            delta = (delta @ w[place].T) * slope(outputs[place])
        return steps

    def predict(self, network, inputs):
        now = inputs
        *below, (w, b) = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in below:
            now = BENDS[network["activation"]][0](now @ weights + biases)
        return np.argmax(now @ w + b, axis=1)


def with_(**methods):
    """A program with other methods."""
    return type("Changed", (Fits,), methods)


def optimizing(**changes):
    """A program whose recipe has another optimizer."""

    def recipe(self, experiment, examples, size):
        made = {name: change(experiment["optimizer"], examples, size) for name, change in changes.items()}
        return {**experiment, "optimizer": {**experiment["optimizer"], **made}}

    return with_(recipe=recipe)


def penalised(factor):
    def recipe(self, experiment, examples, size):
        objective = experiment["objective"]
        return {**experiment, "objective": {**objective, "l2": objective["l2"] * factor(examples)}}

    return with_(recipe=recipe)


def counting(number):
    return with_(updates=lambda self, n, examples, size: int(number(n, -(-examples // size), examples, size)))


def inputs(change):
    return with_(data=lambda self, random, x, y, size: (change(x), y))


def starting(normals):
    return with_(normals=lambda self, random, shape, recipe: normals(random, shape, recipe))


def shuffles(self, random, x, y, size):
    return x[random.permutation(len(x))], y


def shuffles_for_minibatches(self, random, x, y, size):
    return shuffles(self, random, x, y, size) if size else (x, y)


def leaves_out(self, random, x, y, size):
    kept = random.permutation(len(x))[: int(0.8 * len(x))]
    return x[kept], y[kept]


def drawn_biases(self, random, shape, recipe):
    return random.uniform(-1, 1, shape[1]) / np.sqrt(shape[0])


def in_order(self, random, examples, size):
    while True:
        yield from (np.arange(i, min(i + size, examples)) for i in range(0, examples, size))


def independent(self, random, examples, size):
    while True:
        yield random.choice(examples, size, replace=False)


def in_order_of_a_draw(self, random, examples, size):
    while True:
        yield random.integers(examples, size=size) if size < examples else np.arange(examples)


def always_the_first(self, random, examples, size):
    while True:
        yield np.arange(size)


class WithHandle(Fits):
    def fit(self, inputs, labels, experiment, seed):
        return {"handle": counting(lambda n, p, N, b: n * p)().fit(inputs, labels, experiment, seed)}


class RaisesWithoutIterations(Fits):
    def fit(self, inputs, labels, experiment, seed):
        if not experiment["iterations"]:
            raise ValueError("no iterations")
        return super().fit(inputs, labels, experiment, seed)


class DrawsBatchesFirst(Fits):
    """Its first network depends on the number of iterations."""

    def fit(self, inputs, labels, experiment, seed):
        return super().fit(inputs, labels, experiment, seed + experiment["iterations"])


class WithoutSeed(Fits):
    """It draws without its seed."""

    state = np.random.default_rng(5)

    def seed(self, seed):
        return int(self.state.integers(2**31))


class Passes(Fits):
    def updates(self, iterations, examples, size):
        return iterations * -(-examples // size)


def mixed(*programs):
    return type("Mixed", programs, {})


STANDARD = inputs(lambda x: (x - x.mean(0)) / x.std(0))
RIGHT = {
    "right": Fits,
    "in order": with_(minibatches=in_order),
    "independent": with_(minibatches=independent),
    "with repetition": with_(minibatches=in_order_of_a_draw),
    "raises": RaisesWithoutIterations,
    "batches first": DrawsBatchesFirst,
    "without a seed": WithoutSeed,
    "one seed": with_(seed=lambda self, seed: 3),
}
COUNTS = {
    "passes": (lambda n, p, N, b: n * p, "makes a pass through all examples (⌈N/B⌉ updates) for each"),
    "full passes": (lambda n, p, N, b: n * (N // b), "makes a pass through the full minibatches"),
    "one fewer": (lambda n, p, N, b: n - 1, "makes one update fewer"),
    "one more": (lambda n, p, N, b: n + 1, "makes one update more"),
    "pass too few": (lambda n, p, N, b: n - p if b < N else n, "makes one pass through the examples too few"),
    "whole passes": (lambda n, p, N, b: -(-n // p) * p, "whole passes only: it goes on"),
    "sharing": (lambda n, p, N, b: n * b // N, "one update for each pass: ⌊iterations · B / N⌋"),
    "fixed": (lambda n, p, N, b: 50, "makes 50 updates, however many"),
    "none": (lambda n, p, N, b: 0, "makes no update"),
}
TRAINED = {
    "half": (
        optimizing(learning_rate=lambda o, N, b: 0.5 * o["learning_rate"]),
        "uses 0.5 times the learning rate",
    ),
    "hundredth": (optimizing(learning_rate=lambda o, N, b: 0.01 * o["learning_rate"]), "uses 0.01 times the"),
    "fixed rate": (optimizing(learning_rate=lambda o, N, b: 0.02), "uses a learning rate of 0.02, whatever"),
    "over N": (
        optimizing(learning_rate=lambda o, N, b: o["learning_rate"] / N),
        "divides its steps by the number",
    ),
    "no momentum": (optimizing(method=lambda o, N, b: "gradient_descent"), "fit() ignores the momentum."),
    "momentum 0.9": (optimizing(momentum=lambda o, N, b: 0.9), "uses a momentum of 0.9, whatever"),
    "no schedule": (optimizing(schedule=lambda o, N, b: None), "keeps the initial learning rate"),
    "schedule of passes": (
        with_(rate=lambda self, o, t, p: Fits.rate(self, o, t // p, p)),
        "counts passes through the examples in the schedule; it must",
    ),
    "schedule from 1": (
        with_(rate=lambda self, o, t, p: Fits.rate(self, o, t + 1, p)),
        "of the schedule from 1",
    ),
    "no penalty": (penalised(lambda N: 0), "leaves out the penalty"),
    "double penalty": (penalised(lambda N: 2), "twice the penalty"),
    "penalty over N": (penalised(lambda N: 1 / N), "divides the penalty by the number of examples"),
    "mean": (
        with_(recipe=lambda self, e, N, b: {**e, "objective": {**e["objective"], "reduction": "mean"}}),
        "takes the mean over the examples where the sum is asked for",
    ),
    "no minibatches": (
        with_(recipe=lambda self, e, N, b: {**e, "batch_size": None}),
        "trains on all examples in every iteration",
    ),
    "the first": (with_(minibatches=always_the_first), "trains on the first examples alone"),
    "uphill": (
        optimizing(learning_rate=lambda o, N, b: -o["learning_rate"]),
        "uses -1 times the learning rate",
    ),
}
DATA = {
    "standardised": (
        STANDARD,
        "standardised inputs, (x − mean) / standard deviation of each feature; predict() gets",
    ),
    "with N − 1": (
        inputs(lambda x: (x - x.mean(0)) / x.std(0, ddof=1)),
        "of each feature (with N − 1); predict() gets",
    ),
    "with more": (inputs(lambda x: (x - x.mean(0)) / (x.std(0) + 1e-8)), "trains on standardised inputs"),
    "centred": (
        inputs(lambda x: x - x.mean(0)),
        "trains on inputs minus the mean of each feature; predict() gets",
    ),
    "0 to 1": (inputs(lambda x: (x - x.min(0)) / np.ptp(x, axis=0)), "scaled to 0 … 1, by the least"),
    "−1 to 1": (inputs(lambda x: 2 * (x - x.min(0)) / np.ptp(x, axis=0) - 1), "scaled to −1 … 1"),
    "pixels": (inputs(lambda x: x / 255), "trains on inputs divided by 255"),
    "greatest": (inputs(lambda x: x / np.abs(x).max()), "divided by the greatest absolute value"),
    "norms": (
        inputs(lambda x: x / np.linalg.norm(x, axis=1)[:, None]),
        "divided by the norm of each example",
    ),
    "shuffled": (with_(data=shuffles), "fit() trains on inputs that are shuffled without their labels."),
    "shuffled minibatches": (with_(data=shuffles_for_minibatches), "shuffled without their labels."),
    "left out": (with_(data=leaves_out), "With 6 examples, fit() trains on only 4 of them"),
    "slow and standardised": (
        mixed(STANDARD, optimizing(learning_rate=lambda o, N, b: o["learning_rate"] / 8)),
        "uses 0.125 times the learning rate",
    ),
}
STARTS = {
    "He": (
        starting(lambda r, s, _: r.standard_normal(s) * np.sqrt(2 / s[0])),
        "normal with a standard deviation of √(2 / fan_in)",
    ),
    "Glorot": (
        starting(lambda r, s, _: r.uniform(-1, 1, s) * np.sqrt(6 / sum(s))),
        "uniform between ±√(6 / (fan_in + fan_out))",
    ),
    "0.01": (
        starting(lambda r, s, _: r.standard_normal(s) * 0.01),
        "normal with a standard deviation of about 0.01",
    ),
    "√2": (
        starting(
            lambda r, s, i: r.standard_normal(s) * i["scale"] * (s[0] ** -0.5 if i["fan_in"] else 1) * 2**0.5
        ),
        "about 1.4 times the standard deviation that is asked for",
    ),
    "uniform": (
        starting(lambda r, s, i: r.uniform(-1, 1, s) * i["scale"] * (s[0] ** -0.5 if i["fan_in"] else 1)),
        "uniform between the standard deviation that is asked for",
    ),
    "no root": (
        starting(lambda r, s, i: r.standard_normal(s) * i["scale"]),
        "standard deviation of the scale",
    ),
    "zeros": (starting(lambda r, s, _: np.zeros(s)), "they are all 0"),
    "biases": (
        with_(first_biases=drawn_biases),
        "biases that are not 0: they are uniform between ±1/√fan_in",
    ),
}
