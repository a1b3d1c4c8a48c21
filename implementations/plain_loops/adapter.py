"""Plain Python: lists and the math module, one example and one number at a time.

A layer is its columns, one per unit, and its biases. NumPy is used only to read the arguments.
"""

import math
from operator import mul


def describe():
    return {"name": "plain loops", "version": "1", "language": "Python", "precision": "float64"}


# ---- functions of one number and of one example ----


def logistic(z):
    small = math.exp(-abs(z))
    return (1.0 if z >= 0 else small) / (1.0 + small)


FUNCTIONS = {"relu": lambda z: z if z > 0 else 0.0, "tanh": math.tanh, "logistic": logistic}
SLOPES = {
    "relu": lambda h: 1.0 if h > 0 else 0.0,
    "tanh": lambda h: (1.0 - h) * (1.0 + h),
    "logistic": lambda h: h - h * h,
}


def dot(a, b):
    return sum(map(mul, a, b))


def log_total(row):
    """Log Σ exp of a row of scores."""
    greatest = max(row)
    return greatest + math.log(sum(math.exp(score - greatest) for score in row))


def probabilities(row):
    greatest = max(row)
    powers = [math.exp(score - greatest) for score in row]
    total = sum(powers)
    return [power / total for power in powers]


# ---- one example through the network and back ----


def columns_of(network):
    """For each layer the weights of every unit, and its biases."""
    return [(w.T.tolist(), b.tolist()) for w, b in zip(network["weights"], network["biases"], strict=True)]


def through(layers, f, x):
    """The inputs of every layer, and the scores."""
    passed = [x]
    for place, (columns, biases) in enumerate(layers, start=1):
        z = [dot(column, passed[-1]) + bias for column, bias in zip(columns, biases, strict=True)]
        passed.append(z if place == len(layers) else [f(number) for number in z])
    return passed


def add_gradients(layers, slope, passed, delta, gradients):
    """Propagate delta, the gradient on the scores of an example, back, and add to the gradients of each layer."""
    for place in reversed(range(len(layers))):
        columns, _ = layers[place]
        column_gradients, bias_gradients = gradients[place]
        x = passed[place]
        for unit, d in enumerate(delta):
            column_gradients[unit] = [
                g + d * number for g, number in zip(column_gradients[unit], x, strict=True)
            ]
            bias_gradients[unit] += d
        if place > 0:
            delta = [
                slope(h) * dot(delta, weights)
                for h, weights in zip(x, zip(*columns, strict=True), strict=True)
            ]


def sweep(layers, activation, inputs, labels, objective):
    """The objective and its gradients, in one pass over the examples."""
    share = 1 / len(labels) if objective["reduction"] == "mean" else 1.0
    gradients = [([[0.0] * len(c) for c in columns], [0.0] * len(b)) for columns, b in layers]
    total = 0.0
    for x, label in zip(inputs, labels, strict=True):
        passed = through(layers, FUNCTIONS[activation], x)
        scores = passed[-1]
        total += log_total(scores) - scores[label]
        delta = [share * (p - (k == label)) for k, p in enumerate(probabilities(scores))]
        add_gradients(layers, SLOPES[activation], passed, delta, gradients)
    l2 = objective["l2"]
    with_penalty = [
        (
            [[g + l2 * w for g, w in zip(*both, strict=True)] for both in zip(steps, columns, strict=True)],
            bias,
        )
        for (steps, bias), (columns, _) in zip(gradients, layers, strict=True)
    ]
    return share * total + l2 / 2 * sum(dot(c, c) for columns, _ in layers for c in columns), with_penalty


# ---- training ----


def learning_rate(optimizer, iteration):
    rate, schedule = optimizer["learning_rate"], optimizer["schedule"]
    if schedule is None:
        return rate
    decay = schedule["decay"]
    if schedule["kind"] == "step":
        return rate * math.pow(decay, iteration // schedule["every"])
    return rate / (
        1 + decay * iteration if schedule["kind"] == "inverse_time" else math.exp(decay * iteration)
    )


def moved(layers, steps, rate):
    """Subtract the rate times its step from every number."""

    def move(numbers, step):
        return [number - rate * s for number, s in zip(numbers, step, strict=True)]

    return [
        ([move(*both) for both in zip(columns, column_steps, strict=True)], move(biases, bias_steps))
        for (columns, biases), (column_steps, bias_steps) in zip(layers, steps, strict=True)
    ]


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    layers, activation = columns_of(network), network["activation"]
    keep = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0
    velocity = [([[0.0] * len(c) for c in columns], [0.0] * len(b)) for columns, b in layers]
    losses = []
    for t in range(iterations):
        chosen = slice(None) if batches is None else batches[t]
        x, y = inputs[chosen].tolist(), labels[chosen].tolist()
        loss, gradients = sweep(layers, activation, x, y, objective)
        losses.append(loss)
        velocity = moved(scaled(velocity, keep), gradients, learning_rate(optimizer, t))
        layers = moved(layers, velocity, -1.0)
    return {"losses": losses, "network": answer(layers)}


def scaled(layers, factor):
    return [([[factor * n for n in c] for c in columns], [factor * n for n in b]) for columns, b in layers]


def answer(layers):
    weights = [[list(row) for row in zip(*columns, strict=True)] for columns, _ in layers]
    return {"weights": weights, "biases": [biases for _, biases in layers]}


# ---- the other operations ----


def softmax(scores):
    return [probabilities(row) for row in scores.tolist()]


def activation(name, z):
    return (
        [FUNCTIONS[name](number) for number in z.tolist()]
        if z.ndim == 1
        else [activation(name, row) for row in z]
    )


def activation_derivative(name, z):
    if z.ndim > 1:
        return [activation_derivative(name, row) for row in z]
    return [SLOPES[name](FUNCTIONS[name](number)) for number in z.tolist()]


def cross_entropy(scores, labels, reduction):
    rows = zip(scores.tolist(), labels.tolist(), strict=True)
    total = sum(log_total(row) - row[label] for row, label in rows)
    return total / len(labels) if reduction == "mean" else total


def score_gradient(scores, labels, reduction):
    count = len(labels) if reduction == "mean" else 1
    return [
        [(p - (k == label)) / count for k, p in enumerate(probabilities(row))]
        for row, label in zip(scores.tolist(), labels.tolist(), strict=True)
    ]


def forward(network, inputs):
    layers, f = columns_of(network), FUNCTIONS[network["activation"]]
    passed = [through(layers, f, x)[1:] for x in inputs.tolist()]
    *hidden, scores = [list(layer) for layer in zip(*passed, strict=True)]
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    return [row.index(max(row)) for row in forward(network, inputs)["scores"]]


def loss(network, inputs, labels, objective):
    return sweep(columns_of(network), network["activation"], inputs.tolist(), labels.tolist(), objective)[0]


def gradients(network, inputs, labels, objective):
    layers = columns_of(network)
    return answer(sweep(layers, network["activation"], inputs.tolist(), labels.tolist(), objective)[1])
