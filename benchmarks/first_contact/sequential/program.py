"""Small fully connected classifiers, built from layer objects (NumPy only, float64).

The objects do the work: a `Sequential` of `Linear` and `Nonlinearity` layers ends in a `SoftmaxCrossEntropy`; a
`Trainer` ties it to a `Regularizer`, an `SGD` with its `Scheduler`, and a `BatchSampler`. The functions at the end of
the module turn plain values into these objects and back.
"""

import numpy as np


def as_floats(values):
    return np.asarray(values, dtype=np.float64)


def as_labels(labels):
    """Labels arrive in any integer dtype (uint8 too); they are used as indices only."""
    return np.asarray(labels).astype(np.intp)


# -------- parameters


class Parameter:
    """One array that is learned, with its gradient and its velocity."""

    def __init__(self, value, penalised):
        self.value = np.array(value, dtype=np.float64)
        self.grad = np.zeros_like(self.value)
        self.velocity = np.zeros_like(self.value)
        self.penalised = penalised

    def zero_grad(self):
        self.grad.fill(0.0)


class ReLU:
    @staticmethod
    def value(z):
        return np.maximum(z, 0.0)

    @staticmethod
    def derivative(z):
        return (z > 0).astype(np.float64)


class Tanh:
    @staticmethod
    def value(z):
        return np.tanh(z)

    @staticmethod
    def derivative(z):
        return 1.0 - np.tanh(z) ** 2


class Logistic:
    @staticmethod
    def value(z):
        # The exponential of -|z| cannot overflow.
        small = np.exp(-np.abs(z))
        return np.where(z >= 0, 1.0, small) / (1.0 + small)

    @staticmethod
    def derivative(z):
        a = Logistic.value(z)
        return a * (1.0 - a)


ACTIVATIONS = {"relu": ReLU, "tanh": Tanh, "logistic": Logistic}


def find_activation(name):
    if name not in ACTIVATIONS:
        raise NotImplementedError(f"activation {name!r}")
    return ACTIVATIONS[name]


# -------- layers


class Linear:
    """outputs = inputs W + b."""

    def __init__(self, weights, biases):
        self.weight = Parameter(weights, penalised=True)
        self.bias = Parameter(biases, penalised=False)
        self.parameters = [self.weight, self.bias]
        self.input = None

    def forward(self, x):
        self.input = x
        return x @ self.weight.value + self.bias.value

    def backward(self, grad):
        self.weight.grad += self.input.T @ grad
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.value.T


class Nonlinearity:
    """An activation function, applied to each element."""

    def __init__(self, name):
        self.function = find_activation(name)
        self.z = None
        self.output = None

    def forward(self, z):
        self.z = z
        self.output = self.function.value(z)
        return self.output

    def backward(self, grad):
        return grad * self.function.derivative(self.z)


class Sequential:
    """Layers in a row."""

    def __init__(self, layers):
        self.layers = list(layers)
        self.linears = [layer for layer in self.layers if isinstance(layer, Linear)]
        self.parameters = [parameter for layer in self.linears for parameter in layer.parameters]

    @classmethod
    def from_network(cls, network):
        layers = []
        last = len(network["weights"]) - 1
        for number, (weights, biases) in enumerate(zip(network["weights"], network["biases"])):
            layers.append(Linear(weights, biases))
            if number < last:
                layers.append(Nonlinearity(network["activation"]))
        return cls(layers)

    def collect(self, field):
        """One field (value, grad or velocity) of all parameters, in the contract's form."""
        return {
            "weights": [getattr(layer.weight, field).copy() for layer in self.linears],
            "biases": [getattr(layer.bias, field).copy() for layer in self.linears],
        }

    def assign(self, field, arrays):
        for layer, weights, biases in zip(self.linears, arrays["weights"], arrays["biases"]):
            setattr(layer.weight, field, np.array(weights, dtype=np.float64))
            setattr(layer.bias, field, np.array(biases, dtype=np.float64))

    def to_network(self, activation):
        return {**self.collect("value"), "activation": activation}

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.zero_grad()

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad


class SoftmaxCrossEntropy:
    """Softmax and cross-entropy in one object, since their gradients are simple only together."""

    def __init__(self, reduction):
        if reduction not in ("mean", "sum"):
            raise NotImplementedError(f"reduction {reduction!r}")
        self.reduction = reduction
        self.labels = None
        self.probabilities = None

    @staticmethod
    def shift(scores):
        """The greatest score of each example becomes 0, so that no exponential overflows."""
        return scores - scores.max(axis=1, keepdims=True)

    @classmethod
    def softmax(cls, scores):
        exponentials = np.exp(cls.shift(scores))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def forward(self, scores, labels):
        self.labels = labels
        self.probabilities = self.softmax(scores)
        shifted = self.shift(scores)
        log_sums = np.log(np.exp(shifted).sum(axis=1))
        losses = log_sums - shifted[np.arange(len(labels)), labels]
        if self.reduction == "mean":
            return losses.sum() / len(losses)
        return losses.sum()

    def backward(self):
        grad = self.probabilities.copy()
        grad[np.arange(len(grad)), self.labels] -= 1.0
        if self.reduction == "mean":
            grad /= len(grad)
        return grad


# -------- training


class Regularizer:
    """strength / 2 times the sum of the squares of all penalised parameters."""

    def __init__(self, parameters, strength):
        self.parameters = [parameter for parameter in parameters if parameter.penalised]
        self.strength = strength or 0.0

    def penalty(self):
        total = 0.0
        for parameter in self.parameters:
            total += np.sum(parameter.value ** 2)
        return 0.5 * self.strength * total

    def add_gradient(self):
        for parameter in self.parameters:
            parameter.grad += self.strength * parameter.value


class Scheduler:
    """The learning rate as a function of the number of updates so far."""

    def __init__(self, base, schedule):
        schedule = schedule or {"kind": "constant"}
        self.base = base
        self.kind = schedule["kind"]
        self.decay = schedule.get("decay")
        self.every = schedule.get("every")

    def rate(self, t):
        if self.kind == "constant":
            return self.base
        if self.kind == "step":
            return self.base * self.decay ** (t // self.every)
        if self.kind == "exponential":
            return self.base * np.exp(-self.decay * t)
        if self.kind == "inverse_time":
            return self.base / (1.0 + self.decay * t)
        raise NotImplementedError(f"schedule {self.kind!r}")


class SGD:
    """Gradient descent, plain or with momentum; the rate is inside of the velocity."""

    def __init__(self, parameters, optimizer):
        if optimizer["method"] not in ("gradient_descent", "momentum"):
            raise NotImplementedError(f"method {optimizer['method']!r}")
        self.parameters = list(parameters)
        self.method = optimizer["method"]
        self.momentum = optimizer.get("momentum") or 0.0
        self.scheduler = Scheduler(optimizer["learning_rate"], optimizer.get("schedule"))

    def step(self, iteration):
        rate = self.scheduler.rate(iteration)
        for p in self.parameters:
            if self.method == "momentum":
                p.velocity *= self.momentum
                p.velocity -= rate * p.grad
                p.value += p.velocity
            else:
                p.value -= rate * p.grad


class BatchSampler:
    """Hands out the examples of one iteration after the other."""

    def __init__(self, inputs, labels, batches=None):
        self.inputs = inputs
        self.labels = labels
        self.batches = batches

    @classmethod
    def shuffled(cls, inputs, labels, batch_size, iterations, rng):
        """Slices of one random order of the examples, which is started again when it is used up."""
        order = rng.permutation(len(labels))
        inputs, labels = inputs[order], labels[order]
        if batch_size is None or batch_size >= len(labels):
            return cls(inputs, labels)
        starts = batch_size * np.arange(iterations)[:, None]
        return cls(inputs, labels, (starts + np.arange(batch_size)) % len(labels))

    def take(self, iterations):
        for number in range(iterations):
            if self.batches is None:
                yield self.inputs, self.labels
            else:
                index = np.asarray(self.batches[number], dtype=np.intp)
                yield self.inputs[index], self.labels[index]


class Trainer:
    """A model with its objective."""

    def __init__(self, model, objective):
        self.model = model
        self.criterion = SoftmaxCrossEntropy(objective["reduction"])
        self.regularizer = Regularizer(model.parameters, objective.get("l2"))

    def objective(self, inputs, labels):
        scores = self.model.forward(inputs)
        return self.criterion.forward(scores, labels) + self.regularizer.penalty()

    def backward(self):
        """The gradient of the objective that was computed last."""
        self.model.zero_grad()
        self.model.backward(self.criterion.backward())
        self.regularizer.add_gradient()

    def run(self, sampler, optimizer, iterations):
        losses = []
        for t, (inputs, labels) in enumerate(sampler.take(iterations)):
            losses.append(self.objective(inputs, labels))
            self.backward()
            optimizer.step(t)
        return losses


# -------- the contract


def describe():
    return {"name": "layers", "version": "1.0", "language": "Python", "precision": "float64"}


def softmax(scores):
    return SoftmaxCrossEntropy.softmax(as_floats(scores))


def activation(name, z):
    return find_activation(name).value(as_floats(z))


def activation_derivative(name, z):
    return find_activation(name).derivative(as_floats(z))


def cross_entropy(scores, labels, reduction):
    return float(SoftmaxCrossEntropy(reduction).forward(as_floats(scores), as_labels(labels)))


def score_gradient(scores, labels, reduction):
    criterion = SoftmaxCrossEntropy(reduction)
    criterion.forward(as_floats(scores), as_labels(labels))
    return criterion.backward()


def forward(network, inputs):
    model = Sequential.from_network(network)
    scores = model.forward(as_floats(inputs))
    hidden = [layer.output for layer in model.layers[:-1] if isinstance(layer, Nonlinearity)]
    return {"hidden": hidden, "scores": scores}


def predict(network, inputs):
    return Sequential.from_network(network).forward(as_floats(inputs)).argmax(axis=1)


def loss(network, inputs, labels, objective):
    trainer = Trainer(Sequential.from_network(network), objective)
    return float(trainer.objective(as_floats(inputs), as_labels(labels)))


def gradients(network, inputs, labels, objective):
    model = Sequential.from_network(network)
    trainer = Trainer(model, objective)
    trainer.objective(as_floats(inputs), as_labels(labels))
    trainer.backward()
    return model.collect("grad")


def update(network, gradients, velocity, optimizer, iteration):
    model = Sequential.from_network(network)
    model.assign("grad", gradients)
    if velocity is not None:
        model.assign("velocity", velocity)
    SGD(model.parameters, optimizer).step(int(iteration))
    return {"network": model.to_network(network["activation"]), "velocity": model.collect("velocity")}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    model = Sequential.from_network(network)
    sampler = BatchSampler(as_floats(inputs), as_labels(labels), batches)
    losses = Trainer(model, objective).run(sampler, SGD(model.parameters, optimizer), int(iterations))
    return {"losses": losses, "network": model.to_network(network["activation"])}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = [int(size) for size in experiment["sizes"]]
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])],
        "biases": [rng.standard_normal(size) for size in sizes[1:]],
    }
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    model = Sequential.from_network(network)
    iterations = int(experiment["iterations"])
    inputs, labels = as_floats(inputs), as_labels(labels)
    sampler = BatchSampler.shuffled(inputs, labels, experiment["batch_size"], iterations, rng)
    optimizer = SGD(model.parameters, experiment["optimizer"])
    Trainer(model, experiment["objective"]).run(sampler, optimizer, iterations)
    return model.to_network(experiment["activation"])


def initialize(normals, sizes, activation, initialization):
    scale = initialization["scale"]
    weights, biases = [], []
    for number, fan_in in enumerate(sizes[:-1]):
        factor = scale / np.sqrt(fan_in) if initialization["fan_in"] else scale
        weights.append(factor * as_floats(normals["weights"][number]))
        if initialization["biases"] == "normals":
            biases.append(scale * as_floats(normals["biases"][number]))
        else:
            biases.append(np.zeros(sizes[number + 1]))
    return {"weights": weights, "biases": biases, "activation": activation}


def spiral(normals, examples_per_class, classes):
    turns = as_floats(normals).reshape(classes, examples_per_class)
    radius = np.linspace(0.0, 1.0, examples_per_class)
    inputs = []
    for j in range(classes):
        angle = np.linspace(4 * j, 4 * (j + 1), examples_per_class) + 0.2 * turns[j]
        inputs.append(np.column_stack([radius * np.sin(angle), radius * np.cos(angle)]))
    return {"inputs": np.concatenate(inputs), "labels": np.repeat(np.arange(classes), examples_per_class)}


def moons(normals, order, examples, noise):
    upper = examples // 2
    lower = examples - upper
    a, b = np.linspace(0.0, np.pi, upper), np.linspace(0.0, np.pi, lower)
    points = np.concatenate([
        np.column_stack([np.cos(a), np.sin(a)]),
        np.column_stack([1.0 - np.cos(b), 0.5 - np.sin(b)]),
    ])
    order = np.asarray(order, dtype=np.intp)
    labels = np.repeat([0, 1], [upper, lower])[order]
    return {"inputs": points[order] + noise * as_floats(normals), "labels": labels}


def circles(normals, examples, factor, noise):
    outer = examples // 2
    inner = examples - outer
    a = np.linspace(0.0, 2.0 * np.pi, outer, endpoint=False)
    b = np.linspace(0.0, 2.0 * np.pi, inner, endpoint=False)
    points = np.concatenate([
        np.column_stack([np.cos(a), np.sin(a)]),
        factor * np.column_stack([np.cos(b), np.sin(b)]),
    ])
    return {"inputs": points + noise * as_floats(normals), "labels": np.repeat([0, 1], [outer, inner])}
