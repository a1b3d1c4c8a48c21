"""A framework in little, for deepcrime_program.py: layers, losses, optimisers and initializers, as Keras has them.

It shares no code with the reference. Layers keep what their backward pass needs, an optimiser keeps its state. What the
documents do not know has Keras's formula and Keras's defaults, for these are what DeepCrime puts in their place.
"""

# ruff: noqa: ARG001, ARG002, ARG005 - functions of a kind have the same parameters, whether one needs them or not

import numpy as np

EPSILON = 1e-7  # Keras's backend epsilon


# ---- activations: h = f(z), and dL/dz from dL/dh ----


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z < 0, small, 1.0) / (1 + small)


def softmax(z):
    raised = np.exp(z - z.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
#: f and its slope, from z and h.
ELEMENTWISE = {
    "linear": (lambda z: z, lambda z, h: np.ones_like(z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, h: (z > 0).astype(float)),
    "tanh": (np.tanh, lambda z, h: (1 - h) * (1 + h)),
    "logistic": (sigmoid, lambda z, h: h * sigmoid(-z)),
    "elu": (lambda z: np.where(z > 0, z, np.expm1(z)), lambda z, h: np.where(z > 0, 1, h + 1)),
    "selu": (
        lambda z: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(z)),
        lambda z, h: np.where(z > 0, SELU_SCALE, h + SELU_SCALE * SELU_ALPHA),
    ),
    "softplus": (lambda z: np.logaddexp(0, z), lambda z, h: sigmoid(z)),
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z, h: (1 + np.abs(z)) ** -2.0),
    "hard_sigmoid": (lambda z: np.clip(0.2 * z + 0.5, 0, 1), lambda z, h: 0.2 * (np.abs(z) < 2.5)),
    "exponential": (np.exp, lambda z, h: h),
}


class Activation:
    def __init__(self, name):
        self.name = name

    def forward(self, z, training=False):
        self.z = z
        self.h = softmax(z) if self.name == "softmax" else ELEMENTWISE[self.name][0](z)
        return self.h

    def backward(self, upstream):
        if self.name == "softmax":
            return self.h * (upstream - (self.h * upstream).sum(axis=1, keepdims=True))
        return upstream * ELEMENTWISE[self.name][1](self.z, self.h)


# ---- layers ----

#: A penalty on W and its gradient, for a strength of 1.
PENALTIES = {"l2": (lambda w: (w * w).sum(), lambda w: 2 * w), "l1": (lambda w: np.abs(w).sum(), np.sign)}


class Dense:
    """Penalties: pairs of a kind and a strength."""

    def __init__(self, weights, biases, penalties, use_bias=True):
        self.weights, self.biases, self.penalties = (
            np.array(weights, float),
            np.array(biases, float),
            penalties,
        )
        self.use_bias = use_bias

    def forward(self, x, training=False):
        self.x = x
        z = x @ self.weights
        return z + self.biases if self.use_bias else z

    def backward(self, upstream):
        self.d_weights = self.x.T @ upstream
        for kind, strength in self.penalties:
            self.d_weights = self.d_weights + strength * PENALTIES[kind][1](self.weights)
        self.d_biases = upstream.sum(axis=0) if self.use_bias else np.zeros_like(self.biases)
        return upstream @ self.weights.T

    def penalty(self):
        return sum(strength * PENALTIES[kind][0](self.weights) for kind, strength in self.penalties)


class Dropout:
    def __init__(self, rate, dice):
        self.rate, self.dice = rate, dice

    def forward(self, x, training=False):
        kept = (self.dice.random(x.shape) >= self.rate) if training else np.ones(x.shape)
        self.mask = kept / (1 - self.rate) if training and self.rate < 1 else kept
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask


# ---- losses: of each example, from one-hot targets y and outputs p, with the slope on p ----


def crossentropy(y, p):
    """Keras's, of outputs that need not be probabilities: normalised, then clipped."""
    total = p.sum(axis=1, keepdims=True)
    share = p / total
    inside = (share > EPSILON) & (share < 1 - EPSILON)
    ratio = np.where(inside, y / share, 0)
    slope = ((ratio * share).sum(axis=1, keepdims=True) - ratio) / total
    return -(y * np.log(np.clip(share, EPSILON, 1 - EPSILON))).sum(axis=1), slope


def binary_crossentropy(y, p):
    p = np.clip(p, EPSILON, 1 - EPSILON)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=1), (p - y) / (p * (1 - p)) / y.shape[1]


def divergence(y, p):
    y, p = np.clip(y, EPSILON, 1), np.clip(p, EPSILON, 1)
    return (y * np.log(y / p)).sum(axis=1), -y / p


def percentage(y, p):
    least = np.maximum(np.abs(y), EPSILON)
    return 100 * np.abs((y - p) / least).mean(axis=1), 100 * np.sign(p - y) / least / y.shape[1]


def logarithmic(y, p):
    apart = np.log1p(np.maximum(p, EPSILON)) - np.log1p(np.maximum(y, EPSILON))
    return (apart**2).mean(axis=1), 2 * apart / (1 + p) / y.shape[1]


def hinge(y, p):
    signs = 2 * y - 1
    short = np.maximum(1 - signs * p, 0)
    return short.mean(axis=1), -signs * (short > 0) / y.shape[1]


def squared_hinge(y, p):
    signs = 2 * y - 1
    short = np.maximum(1 - signs * p, 0)
    return (short**2).mean(axis=1), -2 * signs * short / y.shape[1]


def categorical_hinge(y, p):
    others = (1 - y) * p
    short = np.maximum(others.max(axis=1) - (y * p).sum(axis=1) + 1, 0)
    first = np.arange(y.shape[1]) == others.argmax(axis=1)[:, None]
    return short, (first * (1 - y) - y) * (short > 0)[:, None]


def logcosh(y, p):
    apart = p - y
    return (apart + np.logaddexp(0, -2 * apart) - np.log(2)).mean(axis=1), np.tanh(apart) / y.shape[1]


def huber(y, p):
    apart, size = p - y, np.abs(p - y)
    values = np.where(size <= 1, apart**2 / 2, size - 0.5)
    return values.mean(axis=1), np.clip(apart, -1, 1) / y.shape[1]


def cosine(y, p):
    length = np.sqrt((p * p).sum(axis=1, keepdims=True))
    along = (y * p).sum(axis=1, keepdims=True)
    return -(along / length)[:, 0], -(y / length - p * along / length**3)


LOSSES = {
    "mean_squared_error": lambda y, p: (((p - y) ** 2).mean(axis=1), 2 * (p - y) / y.shape[1]),
    "mean_absolute_error": lambda y, p: (np.abs(p - y).mean(axis=1), np.sign(p - y) / y.shape[1]),
    "mean_absolute_percentage_error": percentage,
    "mean_squared_logarithmic_error": logarithmic,
    "squared_hinge": squared_hinge,
    "hinge": hinge,
    "categorical_hinge": categorical_hinge,
    "logcosh": logcosh,
    "huber_loss": huber,
    "categorical_crossentropy": crossentropy,
    "binary_crossentropy": binary_crossentropy,
    "kullback_leibler_divergence": divergence,
    "poisson": lambda y, p: (
        (p - y * np.log(p + EPSILON)).mean(axis=1),
        (1 - y / (p + EPSILON)) / y.shape[1],
    ),
    "cosine_proximity": cosine,
}


class Head:
    """The output's activation and the loss; softmax and cross-entropy are computed from the scores, in one."""

    def __init__(self, activation, loss):
        self.output, self.loss = Activation(activation), loss
        self.fused = (activation, loss) == ("softmax", "categorical_crossentropy")

    def values(self, scores, y):
        if self.fused:
            shifted = scores - scores.max(axis=1, keepdims=True)
            return np.log(np.exp(shifted).sum(axis=1)) - (y * shifted).sum(axis=1)
        return LOSSES[self.loss](y, self.output.forward(scores))[0]

    def slope(self, scores, y):
        if self.fused:
            return softmax(scores) - y
        return self.output.backward(LOSSES[self.loss](y, self.output.forward(scores))[1])


# ---- optimisers: the new parameter from its gradient, with a state for each parameter ----


class SGD:
    rate = 0.01

    def __init__(self, momentum=0.0):
        self.momentum, self.state = momentum, {}

    def step(self, key, w, g, rate, t):
        self.state[key] = self.momentum * self.state.get(key, 0.0) - rate * g
        return w + self.state[key]


class Moments:
    """Running averages of g and g²; ``start``: the first of the second kind."""

    start, betas = 0.0, (0.9, 0.999)

    def __init__(self):
        self.first, self.second = {}, {}

    def averages(self, key, g):
        slow, fast = self.betas
        self.first[key] = slow * self.first.get(key, 0.0) + (1 - slow) * g
        self.second[key] = fast * self.second.get(key, self.start) + (1 - fast) * g * g
        return self.first[key], self.second[key]


class Adam(Moments):
    rate = 0.001

    def step(self, key, w, g, rate, t):
        (m, v), (slow, fast) = self.averages(key, g), self.betas
        return w - rate * (m / (1 - slow**t)) / (np.sqrt(v / (1 - fast**t)) + EPSILON)


class Nadam(Moments):
    rate = 0.002

    def step(self, key, w, g, rate, t):
        (m, v), (slow, fast) = self.averages(key, g), self.betas
        ahead = slow * m / (1 - slow ** (t + 1)) + (1 - slow) * g / (1 - slow**t)
        return w - rate * ahead / (np.sqrt(v / (1 - fast**t)) + EPSILON)


class RMSprop(Moments):
    rate, betas = 0.001, (0.0, 0.9)

    def step(self, key, w, g, rate, t):
        return w - rate * g / (np.sqrt(self.averages(key, g)[1]) + EPSILON)


class Adamax(Moments):
    rate = 0.002

    def step(self, key, w, g, rate, t):
        m, _ = self.averages(key, g)
        self.state = getattr(self, "state", {})
        self.state[key] = np.maximum(self.betas[1] * self.state.get(key, 0.0), np.abs(g))
        return w - rate / (1 - self.betas[0] ** t) * m / (self.state[key] + EPSILON)


class Adagrad(Moments):
    rate, start = 0.01, 0.1

    def step(self, key, w, g, rate, t):
        self.second[key] = self.second.get(key, self.start) + g * g
        return w - rate * g / (np.sqrt(self.second[key]) + EPSILON)


class Adadelta(Moments):
    rate, rho = 1.0, 0.95

    def step(self, key, w, g, rate, t):
        self.second[key] = self.rho * self.second.get(key, 0.0) + (1 - self.rho) * g * g
        past = self.first.get(key, 0.0)
        move = g * np.sqrt(past + EPSILON) / np.sqrt(self.second[key] + EPSILON)
        self.first[key] = self.rho * past + (1 - self.rho) * move * move
        return w - rate * move


OPTIMISERS = {
    "sgd": SGD,
    "rmsprop": RMSprop,
    "adagrad": Adagrad,
    "adadelta": Adadelta,
    "adam": Adam,
    "adamax": Adamax,
    "nadam": Nadam,
}


# ---- initializers: weights from standard normals of their shape, or from dice ----


def truncated(normals, dice):
    while (far := np.abs(normals) > 2).any():
        normals = np.where(far, dice.standard_normal(normals.shape), normals)
    return normals


def orthogonal(normals, dice):
    tall = normals if normals.shape[0] >= normals.shape[1] else normals.T
    q, r = np.linalg.qr(tall)
    q = q * np.sign(np.diag(r))
    return q if normals.shape == q.shape else q.T


def uniform(limit):
    return lambda normals, dice: limit(*normals.shape) * dice.uniform(-1, 1, normals.shape)


def normal(deviation):
    return lambda normals, dice: deviation(*normals.shape) * normals


INITIALIZERS = {
    "zeros": lambda normals, dice: np.zeros_like(normals),
    "ones": lambda normals, dice: np.ones_like(normals),
    "random_normal": normal(lambda i, o: 0.05),
    "random_uniform": uniform(lambda i, o: 0.05),
    "truncated_normal": lambda normals, dice: 0.05 * truncated(normals, dice),
    "orthogonal": orthogonal,
    "identity": lambda normals, dice: np.eye(*normals.shape),
    "lecun_normal": normal(lambda i, o: (1 / i) ** 0.5),
    "lecun_uniform": uniform(lambda i, o: (3 / i) ** 0.5),
    "glorot_normal": normal(lambda i, o: (2 / (i + o)) ** 0.5),
    "glorot_uniform": uniform(lambda i, o: (6 / (i + o)) ** 0.5),
    "he_normal": normal(lambda i, o: (2 / i) ** 0.5),
    "he_uniform": uniform(lambda i, o: (6 / i) ** 0.5),
}
