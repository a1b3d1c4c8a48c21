"""A small library of fully connected softmax classifiers, in NumPy alone.

The classes follow the habits of Keras and scikit-learn: layers, a loss, a regularizer, an optimizer with a schedule,
samplers of minibatches, and a model that is compiled and fitted with callbacks. The functions at the end of the module
are the operations that the program offers to others; they only convert and call the classes.
"""

import math

import numpy as np

VERSION = "1.0"


# --------------------------------------------------------------------------------------------------- activations


class Activation:
    """An elementwise function, whose derivative is known from its own output."""

    def __call__(self, z):
        raise NotImplementedError

    def slope(self, outputs):
        """The derivative, given φ(z)."""
        raise NotImplementedError

    def derivative(self, z):
        return self.slope(self(z))

    def backward(self, outputs, upstream):
        """The gradient on z, given the gradient on φ(z)."""
        return upstream * self.slope(outputs)


class Identity(Activation):
    def __call__(self, z):
        return z

    def slope(self, outputs):
        return np.ones_like(outputs)


class ReLU(Activation):
    def __call__(self, z):
        return np.maximum(z, 0.0)

    def slope(self, outputs):
        return (outputs > 0.0).astype(float)


class Tanh(Activation):
    def __call__(self, z):
        return np.tanh(z)

    def slope(self, outputs):
        return 1.0 - outputs**2


class Logistic(Activation):
    def __call__(self, z):
        decay = np.exp(-np.abs(z))  # never overflows
        return np.where(z >= 0.0, 1.0, decay) / (1.0 + decay)

    def slope(self, outputs):
        return outputs * (1.0 - outputs)


ACTIVATIONS = {None: Identity, "relu": ReLU, "tanh": Tanh, "logistic": Logistic}


def get_activation(name):
    if name not in ACTIVATIONS:
        raise NotImplementedError(f"no activation {name!r}")
    return ACTIVATIONS[name]()


# -------------------------------------------------------------------------------------------------------- layers


class Dense:
    """outputs = φ(inputs W + b), with W (fan_in, fan_out)."""

    def __init__(self, weights, bias, activation):
        self.weights = np.array(weights, dtype=float)
        self.bias = np.array(bias, dtype=float)
        self.activation = activation
        self.zero_gradients()

    def zero_gradients(self):
        self.grad_weights = np.zeros_like(self.weights)
        self.grad_bias = np.zeros_like(self.bias)

    def forward(self, inputs):
        self.inputs = inputs
        self.outputs = self.activation(inputs @ self.weights + self.bias)
        return self.outputs

    def backward(self, upstream):
        """Add to the gradients on the parameters, and return the gradient on the inputs."""
        self.delta = self.activation.backward(self.outputs, upstream)
        self.grad_weights += self.inputs.T @ self.delta
        self.grad_bias += self.delta.sum(axis=0)
        return self.delta @ self.weights.T

    def variables(self):
        return {
            "weights": (self.weights, self.grad_weights),
            "biases": (self.bias, self.grad_bias),
        }


# -------------------------------------------------------------------------------------------- loss and regularizer


class SoftmaxCrossEntropy:
    """The cross-entropy of the softmax of the scores, averaged or summed over the examples."""

    def __init__(self, reduction="mean"):
        if reduction not in ("mean", "sum"):
            raise NotImplementedError(f"no reduction {reduction!r}")
        self.reduction = reduction

    def factor(self, count):
        return 1.0 / count if self.reduction == "mean" else 1.0

    @staticmethod
    def log_probabilities(scores):
        shifted = scores - scores.max(axis=1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

    @classmethod
    def probabilities(cls, scores):
        return np.exp(cls.log_probabilities(scores))

    def value(self, scores, labels):
        count = len(labels)
        log_probabilities = self.log_probabilities(scores)
        correct = log_probabilities[np.arange(count), labels]
        return -correct.sum() * self.factor(count)

    def gradient(self, scores, labels):
        count = len(labels)
        gradient = self.probabilities(scores)
        gradient[np.arange(count), labels] -= 1.0
        gradient *= self.factor(count)
        return gradient


class L2:
    """strength / 2 · Σ‖W‖²; the biases are free."""

    def __init__(self, strength=0.0):
        self.strength = strength

    def value(self, layers):
        total = 0.0
        for layer in layers:
            total += np.sum(layer.weights**2)
        return 0.5 * self.strength * total

    def add_gradient(self, layer):
        layer.grad_weights += self.strength * layer.weights


# ---------------------------------------------------------------------------------------- schedules and optimizer


class ConstantRate:
    def __call__(self, rate, iteration):
        return rate


class StepDecay:
    def __init__(self, decay, every):
        self.decay = decay
        self.every = every

    def __call__(self, rate, iteration):
        return rate * self.decay ** (iteration // self.every)


class ExponentialDecay:
    def __init__(self, decay):
        self.decay = decay

    def __call__(self, rate, iteration):
        return rate * math.exp(-self.decay * iteration)


class InverseTimeDecay:
    def __init__(self, decay):
        self.decay = decay

    def __call__(self, rate, iteration):
        return rate / (1.0 + self.decay * iteration)


def get_schedule(config):
    if config is None:
        return ConstantRate()
    kind = config["kind"]
    if kind == "step":
        return StepDecay(config["decay"], config["every"])
    if kind == "exponential":
        return ExponentialDecay(config["decay"])
    if kind == "inverse_time":
        return InverseTimeDecay(config["decay"])
    raise NotImplementedError(f"no schedule {kind!r}")


class SGD:
    """Gradient descent, with classical momentum if momentum > 0; the rate is inside of the velocity."""

    def __init__(self, learning_rate, momentum=0.0, schedule=None):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.schedule = schedule or ConstantRate()
        self.slots = []

    @classmethod
    def from_config(cls, config):
        if config["method"] not in ("gradient_descent", "momentum"):
            raise NotImplementedError(f"no method {config['method']!r}")
        momentum = config["momentum"] if config["method"] == "momentum" else 0.0
        return cls(config["learning_rate"], momentum, get_schedule(config.get("schedule")))

    def build(self, layers):
        """Start with velocities of 0."""
        self.slots = [
            {name: np.zeros_like(variable) for name, (variable, _) in layer.variables().items()}
            for layer in layers
        ]

    def rate(self, iteration):
        return self.schedule(self.learning_rate, iteration)

    def apply_to(self, layer, slot, rate):
        for name, (variable, gradient) in layer.variables().items():
            momentum = self.momentum
            velocity = momentum * slot[name] - rate * gradient
            slot[name] = velocity
            variable += velocity

    def apply(self, layers, iteration):
        rate = self.rate(iteration)
        for layer, slot in zip(layers, self.slots):
            self.apply_to(layer, slot, rate)


# ---------------------------------------------------------------------------------------- minibatches and callbacks


class FullBatch:
    def __init__(self, count):
        self.everything = np.arange(count)

    def indices(self, iteration):
        return self.everything


class GivenBatches:
    def __init__(self, batches):
        self.batches = batches

    def indices(self, iteration):
        return np.asarray(self.batches[iteration], dtype=int)


class ShuffledBatches:
    """Passes through the examples in a new order each time; the last minibatch of a pass may be smaller."""

    def __init__(self, count, batch_size, rng):
        self.count = count
        self.batch_size = batch_size
        self.rng = rng
        self.order = None
        self.position = count

    def indices(self, iteration):
        if self.position >= self.count:
            self.order = self.rng.permutation(self.count)
            self.position = 0
        start = self.position
        self.position = start + self.batch_size
        return self.order[start : self.position]


class Callback:
    def on_train_begin(self, model):
        pass

    def on_batch_end(self, model, iteration, value):
        pass


class History(Callback):
    """The objective before each update."""

    def on_train_begin(self, model):
        self.losses = []

    def on_batch_end(self, model, iteration, value):
        self.losses.append(float(value))


# --------------------------------------------------------------------------------------------------------- model


class Model:
    """A stack of dense layers; the last one gives the scores."""

    def __init__(self, layers, activation):
        self.layers = layers
        self.activation = activation

    @classmethod
    def from_network(cls, network):
        weights, biases, name = network["weights"], network["biases"], network["activation"]
        last = len(weights) - 1
        layers = []
        for index, (matrix, bias) in enumerate(zip(weights, biases)):
            activation = get_activation(name if index < last else None)
            layers.append(Dense(matrix, np.ravel(bias), activation))
        return cls(layers, name)

    def to_network(self):
        return {
            "weights": [layer.weights.copy() for layer in self.layers],
            "biases": [layer.bias.copy() for layer in self.layers],
            "activation": self.activation,
        }

    def compile(self, objective=None, optimizer=None):
        objective = objective or {"reduction": "mean", "l2": 0.0}
        self.criterion = SoftmaxCrossEntropy(objective["reduction"])
        self.regularizer = L2(objective["l2"])
        self.optimizer = optimizer
        return self

    def forward(self, inputs):
        """The outputs of all layers, the scores last."""
        outputs = []
        for layer in self.layers:
            inputs = layer.forward(inputs)
            outputs.append(inputs)
        return outputs

    def predict_proba(self, inputs):
        return SoftmaxCrossEntropy.probabilities(self.forward(inputs)[-1])

    def predict(self, inputs):
        return np.argmax(self.predict_proba(inputs), axis=1)

    def evaluate(self, inputs, labels):
        """The objective; what a following call of backpropagate needs is kept in the layers."""
        self.scores = self.forward(inputs)[-1]
        data_loss = self.criterion.value(self.scores, labels)
        penalty = self.regularizer.value(self.layers)
        return data_loss + penalty

    def backpropagate(self, labels):
        """Set the gradients of all layers, after evaluate."""
        upstream = self.criterion.gradient(self.scores, labels)
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
            self.regularizer.add_gradient(layer)

    def zero_gradients(self):
        for layer in self.layers:
            layer.zero_gradients()

    def train_on_batch(self, inputs, labels, iteration):
        """One update; returns the objective before it."""
        self.zero_gradients()
        value = self.evaluate(inputs, labels)
        self.backpropagate(labels)
        self.optimizer.apply(self.layers, iteration)
        return value

    def fit(self, inputs, labels, iterations, sampler, callbacks=()):
        self.optimizer.build(self.layers)
        for callback in callbacks:
            callback.on_train_begin(self)
        for iteration in range(iterations):
            batch = sampler.indices(iteration)
            batch_inputs = inputs[batch]
            batch_labels = labels[batch]
            value = self.train_on_batch(batch_inputs, batch_labels, iteration)
            for callback in callbacks:
                callback.on_batch_end(self, iteration, value)
        return self


# ----------------------------------------------------------------------------------------------- initial parameters


class NormalInitializer:
    """Scaled normals; the weights may be divided by √fan_in."""

    def __init__(self, scale, fan_in=False, biases="zeros"):
        if biases not in ("zeros", "normals"):
            raise NotImplementedError(f"no initial biases {biases!r}")
        self.scale = scale
        self.fan_in = fan_in
        self.biases = biases

    def weights(self, normals, activation):
        weights = self.scale * np.asarray(normals, dtype=float)
        if self.fan_in:
            weights = weights / np.sqrt(weights.shape[0])
        return weights

    def bias(self, normals):
        normals = np.asarray(normals, dtype=float)
        return np.zeros_like(normals) if self.biases == "zeros" else self.scale * normals

    def network(self, normals, activation):
        return {
            "weights": [self.weights(matrix, activation) for matrix in normals["weights"]],
            "biases": [self.bias(vector) for vector in normals["biases"]],
            "activation": activation,
        }


def draw_normals(sizes, rng):
    return {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])],
        "biases": [rng.standard_normal(fan_out) for fan_out in sizes[1:]],
    }


# ---------------------------------------------------------------------------------------------------- operations


def as_floats(values):
    return np.asarray(values, dtype=float)


def describe():
    return {
        "name": "small dense classifiers",
        "version": VERSION,
        "language": "Python",
        "precision": "float64",
        "activations": ["relu", "tanh", "logistic"],
        "reductions": ["mean", "sum"],
        "methods": ["gradient_descent", "momentum"],
        "schedules": ["step", "exponential", "inverse_time"],
    }


def softmax(scores):
    return SoftmaxCrossEntropy.probabilities(as_floats(scores))


def activation(name, z):
    return get_activation(name)(as_floats(z))


def activation_derivative(name, z):
    return get_activation(name).derivative(as_floats(z))


def cross_entropy(scores, labels, reduction):
    return float(SoftmaxCrossEntropy(reduction).value(as_floats(scores), np.asarray(labels)))


def score_gradient(scores, labels, reduction):
    return SoftmaxCrossEntropy(reduction).gradient(as_floats(scores), np.asarray(labels))


def forward(network, inputs):
    *hidden, scores = Model.from_network(network).forward(as_floats(inputs))
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    return Model.from_network(network).predict(as_floats(inputs))


def loss(network, inputs, labels, objective):
    model = Model.from_network(network).compile(objective)
    return float(model.evaluate(as_floats(inputs), np.asarray(labels)))


def gradients(network, inputs, labels, objective):
    labels = np.asarray(labels)
    model = Model.from_network(network).compile(objective)
    model.evaluate(as_floats(inputs), labels)
    model.backpropagate(labels)
    return {
        "weights": [layer.grad_weights for layer in model.layers],
        "biases": [layer.grad_bias for layer in model.layers],
    }


def update(network, gradients, velocity, optimizer, iteration):
    model = Model.from_network(network).compile(optimizer=SGD.from_config(optimizer))
    for layer, matrix, vector in zip(model.layers, gradients["weights"], gradients["biases"]):
        layer.grad_weights = as_floats(matrix)
        layer.grad_bias = as_floats(vector)
    model.optimizer.build(model.layers)
    if velocity is not None:
        for slot, matrix, vector in zip(model.optimizer.slots, velocity["weights"], velocity["biases"]):
            slot["weights"] = as_floats(matrix)
            slot["biases"] = as_floats(vector)
    model.optimizer.apply(model.layers, iteration)
    velocity = {
        "weights": [slot["weights"] for slot in model.optimizer.slots],
        "biases": [slot["biases"] for slot in model.optimizer.slots],
    }
    return {"network": model.to_network(), "velocity": velocity}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model = Model.from_network(network).compile(objective, SGD.from_config(optimizer))
    history = History()
    sampler = FullBatch(len(inputs)) if batches is None else GivenBatches(batches)
    model.fit(as_floats(inputs), np.asarray(labels), iterations, sampler, [history])
    return {"losses": history.losses, "network": model.to_network()}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    inputs, labels = as_floats(inputs), np.asarray(labels)
    initializer = NormalInitializer(**experiment["initialization"])
    network = initializer.network(draw_normals(experiment["sizes"], rng), experiment["activation"])
    model = Model.from_network(network)
    model.compile(experiment["objective"], SGD.from_config(experiment["optimizer"]))
    batch_size = experiment["batch_size"]
    if batch_size is None:
        sampler = FullBatch(len(inputs))
    else:
        sampler = ShuffledBatches(len(inputs), batch_size, rng)
    model.fit(inputs, labels, experiment["iterations"], sampler)
    return model.to_network()


def initialize(normals, sizes, activation, initialization):
    return NormalInitializer(**initialization).network(normals, activation)


def spiral(normals, examples_per_class, classes):
    """Arms of 4 radians, with the radius from 0 to 1."""
    noise = as_floats(normals).reshape(classes, examples_per_class)
    radius = np.linspace(0.0, 1.0, examples_per_class)
    arms = []
    for label in range(classes):
        theta = np.linspace(4.0 * label, 4.0 * (label + 1), examples_per_class) + 0.2 * noise[label]
        arms.append(np.stack([radius * np.sin(theta), radius * np.cos(theta)], axis=1))
    return {"inputs": np.concatenate(arms), "labels": np.repeat(np.arange(classes), examples_per_class)}


def moons(normals, order, examples, noise):
    """Two interleaving half circles, as scikit-learn's make_moons."""
    outer_count = examples // 2
    outer = np.linspace(0.0, np.pi, outer_count)
    inner = np.linspace(0.0, np.pi, examples - outer_count)
    points = np.concatenate(
        [
            np.stack([np.cos(outer), np.sin(outer)], axis=1),
            np.stack([1.0 - np.cos(inner), 0.5 - np.sin(inner)], axis=1),
        ]
    )
    labels = np.repeat([0, 1], [outer_count, examples - outer_count])
    order = np.asarray(order, dtype=int)
    points, labels = points[order], labels[order]
    return {"inputs": points + noise * as_floats(normals), "labels": labels}


def circles(normals, examples, factor, noise):
    """A circle of radius 1 around a smaller one, as scikit-learn's make_circles without shuffling."""
    outer_count = examples // 2
    rings = []
    for radius, count in ((1.0, outer_count), (factor, examples - outer_count)):
        theta = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
        rings.append(radius * np.stack([np.cos(theta), np.sin(theta)], axis=1))
    labels = np.repeat([0, 1], [outer_count, examples - outer_count])
    return {"inputs": np.concatenate(rings) + noise * as_floats(normals), "labels": labels}
