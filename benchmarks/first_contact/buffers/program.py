"""A multilayer perceptron with a softmax output, trained by gradient descent or momentum.

The network is a MultilayerPerceptron: one dictionary of parameters ("W1", "b1", "W2", ...), a second one of gradients and
a third one of velocities with the same keys, all of them changed in place. The functions at the end of the module adapt
it to the operations that are asked for by name.
"""

import numpy as np


# ---------------------------------------------------------------------------------------------------------------------
# activations, and their slopes as functions of the activation's OUTPUT
# ---------------------------------------------------------------------------------------------------------------------

def relu(z):
    return np.maximum(z, 0.0)


def relu_slope(a):
    return (a > 0.0).astype(np.float64)


def tanh(z):
    return np.tanh(z)


def tanh_slope(a):
    slope = -a * a
    slope += 1.0
    return slope


def logistic(z):
    # exp of a number that is never positive: no overflow on either side
    e = np.exp(-np.abs(z))
    a = np.where(z >= 0.0, 1.0, e)
    a /= 1.0 + e
    return a


def logistic_slope(a):
    slope = 1.0 - a
    slope *= a
    return slope


ACTIVATIONS = {
    "relu": (relu, relu_slope),
    "tanh": (tanh, tanh_slope),
    "logistic": (logistic, logistic_slope),
}


def lookup_activation(name):
    if name not in ACTIVATIONS:
        raise NotImplementedError("activation %r" % (name,))
    return ACTIVATIONS[name]


# ---------------------------------------------------------------------------------------------------------------------
# softmax and cross-entropy
# ---------------------------------------------------------------------------------------------------------------------

def as_labels(labels):
    """Labels as signed machine integers: uint8 wraps around as soon as one computes with it."""
    return np.asarray(labels).astype(np.int64)


def softmax(scores):
    probs = np.array(scores, dtype=np.float64)
    probs -= probs.max(axis=1, keepdims=True)
    np.exp(probs, out=probs)
    probs /= probs.sum(axis=1, keepdims=True)
    return probs


def cross_entropy(scores, labels, reduction):
    labels = as_labels(labels)
    shifted = np.array(scores, dtype=np.float64)  # a copy, since it is changed in place
    shifted -= shifted.max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels]
    np.exp(shifted, out=shifted)
    losses = np.log(shifted.sum(axis=1)) - picked
    total = losses.sum()
    if reduction == "mean":
        total /= len(labels)
    elif reduction != "sum":
        raise NotImplementedError("reduction %r" % (reduction,))
    return total


def score_gradient(scores, labels, reduction):
    labels = as_labels(labels)
    dscores = softmax(scores)
    dscores[np.arange(len(labels)), labels] -= 1.0
    if reduction == "mean":
        dscores /= len(dscores)
    elif reduction != "sum":
        raise NotImplementedError("reduction %r" % (reduction,))
    return dscores


# ---------------------------------------------------------------------------------------------------------------------
# the learning rate
# ---------------------------------------------------------------------------------------------------------------------

def learning_rate(optimizer, t):
    """The rate of update number t, which counts from 0."""
    rate = float(optimizer["learning_rate"])
    schedule = optimizer.get("schedule")
    if schedule is None:
        return rate
    kind, decay = schedule["kind"], schedule["decay"]
    if kind == "step":
        return rate * decay ** (t // schedule["every"])
    if kind == "exponential":
        return rate * np.exp(-decay * t)
    if kind == "inverse_time":
        return rate / (1.0 + decay * t)
    raise NotImplementedError("schedule %r" % (kind,))


# ---------------------------------------------------------------------------------------------------------------------
# the network
# ---------------------------------------------------------------------------------------------------------------------

class MultilayerPerceptron:
    """Parameters, gradients and velocities of a network, and what is done to them."""

    def __init__(self, weights, biases, activation, reduction="mean", l2=0.0):
        self.depth = len(weights)
        self.activation = activation
        self.reduction = reduction
        self.l2 = l2
        self.params = {}
        for i, (W, b) in enumerate(zip(weights, biases), start=1):
            self.params["W%d" % i] = np.array(W, dtype=np.float64)
            self.params["b%d" % i] = np.array(b, dtype=np.float64)
        self.grads = {key: np.zeros_like(p) for key, p in self.params.items()}
        self.velocity = {key: np.zeros_like(p) for key, p in self.params.items()}
        self.optimizer = None

    @classmethod
    def from_network(cls, network, objective=None):
        objective = objective or {}
        return cls(
            network["weights"],
            network["biases"],
            network.get("activation"),
            reduction=objective.get("reduction", "mean"),
            l2=objective.get("l2") or 0.0,
        )

    def use(self, optimizer):
        """Takes an optimizer, as a copy of its own."""
        if optimizer["method"] not in ("gradient_descent", "momentum"):
            raise NotImplementedError("method %r" % (optimizer["method"],))
        self.optimizer = dict(optimizer)

    # -- in and out ---------------------------------------------------------------------------------------------------

    def split(self, values):
        """A dictionary with the keys of the parameters, as lists of weights and of biases."""
        layers = range(1, self.depth + 1)
        return {
            "weights": [values["W%d" % i].copy() for i in layers],
            "biases": [values["b%d" % i].copy() for i in layers],
        }

    def join(self, parts):
        """The other way round: lists of weights and biases, as a dictionary with the keys of the parameters."""
        values = {}
        for i in range(1, self.depth + 1):
            values["W%d" % i] = np.array(parts["weights"][i - 1], dtype=np.float64)
            values["b%d" % i] = np.array(parts["biases"][i - 1], dtype=np.float64)
        return values

    def as_network(self):
        network = self.split(self.params)
        network["activation"] = self.activation
        return network

    # -- state that starts again --------------------------------------------------------------------------------------

    def zero_grads(self):
        for g in self.grads.values():
            g.fill(0.0)

    def zero_velocity(self):
        for v in self.velocity.values():
            v.fill(0.0)

    # -- forward and backward -----------------------------------------------------------------------------------------

    def forward(self, X):
        """The cache: "A0" is the input, "Zi" and "Ai" are what comes before and after layer i's activation."""
        A = np.asarray(X, dtype=np.float64)
        cache = {"A0": A}
        for i in range(1, self.depth + 1):
            Z = A @ self.params["W%d" % i]
            Z += self.params["b%d" % i]
            A = Z
            if i < self.depth:
                act, _ = lookup_activation(self.activation)
                A = act(Z)
            cache["Z%d" % i] = Z
            cache["A%d" % i] = A
        cache["scores"] = A
        return cache

    def loss(self, cache, y):
        data_loss = cross_entropy(cache["scores"], y, self.reduction)
        squares = 0.0
        for i in range(1, self.depth + 1):
            W = self.params["W%d" % i]
            squares += np.sum(W * W)
        return data_loss + 0.5 * self.l2 * squares

    def backward(self, cache, y):
        """Fills self.grads with the gradients of the objective whose forward pass is in the cache."""
        self.zero_grads()
        delta = score_gradient(cache["scores"], y, self.reduction)
        for i in range(self.depth, 0, -1):
            W = self.params["W%d" % i]
            dW, db = self.grads["W%d" % i], self.grads["b%d" % i]
            A_prev = cache["A%d" % (i - 1)]
            dW += A_prev.T @ delta
            db += delta.sum(axis=0)
            dW += self.l2 * W
            if i > 1:
                _, slope = lookup_activation(self.activation)
                delta = delta @ W.T
                delta *= slope(A_prev)
        return self.grads

    def step(self, grads, t):
        """One update in place; t counts the updates before it."""
        rate = learning_rate(self.optimizer, t)
        if self.optimizer["method"] == "momentum":
            momentum = self.optimizer["momentum"]
            for key, v in self.velocity.items():
                v *= momentum
                v -= rate * grads[key]
                self.params[key] += v
        else:
            for key, p in self.params.items():
                p -= rate * grads[key]

    # -- training and use ---------------------------------------------------------------------------------------------

    def train(self, X, y, iterations, batches=None):
        """The objective before each update, on the examples of that update."""
        X = np.asarray(X, dtype=np.float64)
        y = as_labels(y)
        losses = np.empty(iterations)
        self.zero_velocity()
        for t in range(iterations):
            if batches is None:
                X_batch, y_batch = X, y
            else:
                rows = np.asarray(batches[t], dtype=np.int64)
                X_batch, y_batch = X[rows], y[rows]
            cache = self.forward(X_batch)
            losses[t] = self.loss(cache, y_batch)
            self.backward(cache, y_batch)
            self.step(self.grads, t)
        return losses

    def predict(self, X):
        return np.argmax(self.forward(X)["scores"], axis=1)


# ---------------------------------------------------------------------------------------------------------------------
# the operations: softmax, cross_entropy and score_gradient are above
# ---------------------------------------------------------------------------------------------------------------------

def describe():
    return {"name": "mlp in place", "version": "1", "language": "Python", "precision": "float64"}


def activation(name, z):
    act, _ = lookup_activation(name)
    return act(np.asarray(z, dtype=np.float64))


def activation_derivative(name, z):
    act, slope = lookup_activation(name)
    return slope(act(np.asarray(z, dtype=np.float64)))


def forward(network, inputs):
    model = MultilayerPerceptron.from_network(network)
    cache = model.forward(inputs)
    return {"hidden": [cache["A%d" % i] for i in range(1, model.depth)], "scores": cache["scores"]}


def predict(network, inputs):
    return MultilayerPerceptron.from_network(network).predict(inputs)


def loss(network, inputs, labels, objective):
    model = MultilayerPerceptron.from_network(network, objective)
    return model.loss(model.forward(inputs), labels)


def gradients(network, inputs, labels, objective):
    model = MultilayerPerceptron.from_network(network, objective)
    return model.split(model.backward(model.forward(inputs), labels))


def update(network, gradients, velocity, optimizer, iteration):
    model = MultilayerPerceptron.from_network(network)
    model.use(optimizer)
    if velocity is not None:
        model.velocity = model.join(velocity)
    model.step(model.join(gradients), int(iteration))
    return {"network": model.as_network(), "velocity": model.split(model.velocity)}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model = MultilayerPerceptron.from_network(network, objective)
    model.use(optimizer)
    losses = model.train(inputs, labels, int(iterations), batches)
    return {"losses": losses, "network": model.as_network()}


def initialize(normals, sizes, activation, initialization):
    scale = initialization["scale"]
    weights, biases = [], []
    for i, fan_in in enumerate(sizes[:-1]):
        W = np.array(normals["weights"][i], dtype=np.float64)
        b = np.array(normals["biases"][i], dtype=np.float64)
        W *= scale
        if initialization["fan_in"]:
            W /= np.sqrt(fan_in)
        if initialization["biases"] == "normals":
            b *= scale
        else:
            b.fill(0.0)
        weights.append(W)
        biases.append(b)
    return {"weights": weights, "biases": biases, "activation": activation}


def draw_batches(rng, examples, batch_size, iterations):
    """Minibatches from one shuffle after another; what is left of a shuffle at its end is not used."""
    batch_size = min(batch_size, examples)
    batches = []
    while len(batches) < iterations:
        shuffled = rng.permutation(examples)
        for start in range(0, examples - batch_size + 1, batch_size):
            batches.append(shuffled[start:start + batch_size])
    return batches[:iterations]


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in experiment["sizes"]]
    normals = {"weights": [], "biases": []}
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        normals["weights"].append(rng.standard_normal((fan_in, fan_out)))
        normals["biases"].append(rng.standard_normal(fan_out))
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    batches = None
    if experiment.get("batch_size") is not None:
        batches = draw_batches(rng, len(inputs), int(experiment["batch_size"]), int(experiment["iterations"]))
    answer = train(
        network, inputs, labels, experiment["objective"], experiment["optimizer"], experiment["iterations"], batches
    )
    return answer["network"]


# ---------------------------------------------------------------------------------------------------------------------
# data sets, their random numbers given
# ---------------------------------------------------------------------------------------------------------------------

def spiral(normals, examples_per_class, classes):
    n = int(examples_per_class)
    noise = 0.2 * np.asarray(normals, dtype=np.float64)
    inputs = np.zeros((n * classes, 2))
    labels = np.zeros(n * classes, dtype=np.int64)
    for j in range(classes):
        rows = slice(n * j, n * (j + 1))
        radius = np.linspace(0.0, 1.0, n)
        angle = np.linspace(4.0 * j, 4.0 * (j + 1), n)
        angle += noise[rows]
        inputs[rows, 0] = radius * np.sin(angle)
        inputs[rows, 1] = radius * np.cos(angle)
        labels[rows] = j
    return {"inputs": inputs, "labels": labels}


def moons(normals, order, examples, noise):
    outer = examples // 2
    inner = examples - outer
    points = np.empty((examples, 2))
    angle = np.linspace(0.0, np.pi, outer)
    points[:outer, 0] = np.cos(angle)
    points[:outer, 1] = np.sin(angle)
    angle = np.linspace(0.0, np.pi, inner)
    points[outer:, 0] = 1.0 - np.cos(angle)
    points[outer:, 1] = 0.5 - np.sin(angle)
    labels = np.zeros(examples, dtype=np.int64)
    labels[outer:] = 1
    order = np.asarray(order, dtype=np.int64)
    points, labels = points[order], labels[order]
    points += noise * np.asarray(normals, dtype=np.float64)
    return {"inputs": points, "labels": labels}


def circles(normals, examples, factor, noise):
    outer = examples // 2
    inner = examples - outer
    points = np.empty((examples, 2))
    angle = np.linspace(0.0, 2.0 * np.pi, outer, endpoint=False)
    points[:outer, 0] = np.cos(angle)
    points[:outer, 1] = np.sin(angle)
    angle = np.linspace(0.0, 2.0 * np.pi, inner, endpoint=False)
    points[outer:, 0] = factor * np.cos(angle)
    points[outer:, 1] = factor * np.sin(angle)
    points += noise * np.asarray(normals, dtype=np.float64)
    labels = np.zeros(examples, dtype=np.int64)
    labels[outer:] = 1
    return {"inputs": points, "labels": labels}
