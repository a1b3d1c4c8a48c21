"""A small neural-network library in the manner of micrograd, but on NumPy arrays.

A Tensor remembers how it was made, so backward() can run the chain rule through the whole expression. Everything else (the
layers, the objective, the optimizer) is built from Tensors; the operations of the contract are thin functions at the end.
"""

import numpy as np


# ---------------------------------------------------------------------------------------------------------------------
# Automatic differentiation


def unbroadcast(grad, shape):
    """Sum a gradient over the axes along which an operand of that shape had been stretched."""
    extra = grad.ndim - len(shape)
    if extra > 0:
        grad = grad.sum(axis=tuple(range(extra)))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and grad.shape[i] != 1)
    if stretched:
        grad = grad.sum(axis=stretched, keepdims=True)
    return grad


def softmax_rows(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


class Tensor:
    """An array with a gradient, and for each array it was computed from the way in which the gradient goes on to that."""

    def __init__(self, data, sources=()):
        self.data = np.asarray(data, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self.sources = sources  # pairs (parent, function from this gradient to the parent's)

    @property
    def shape(self):
        return self.data.shape

    def receive(self, grad):
        self.grad += unbroadcast(grad, self.shape)

    def backward(self, seed=1.0):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.sources:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = self.grad + seed
        for node in reversed(order):
            for parent, pull_back in node.sources:
                parent.receive(pull_back(node.grad))

    # arithmetic

    def __add__(self, other):
        return Tensor(self.data + other.data, [(self, lambda g: g), (other, lambda g: g)])

    def __mul__(self, number):
        return Tensor(self.data * number, [(self, lambda g: g * number)])

    def __sub__(self, other):
        return self + other * -1.0

    def __matmul__(self, other):
        sources = [(self, lambda g: g @ other.data.T), (other, lambda g: self.data.T @ g)]
        return Tensor(self.data @ other.data, sources)

    def square(self):
        return Tensor(self.data**2, [(self, lambda g: 2.0 * self.data * g)])

    # reductions

    def sum(self):
        return Tensor(self.data.sum(), [(self, lambda g: np.full(self.shape, g))])

    def mean(self):
        return Tensor(self.data.mean(), [(self, lambda g: np.full(self.shape, g / self.data.size))])

    # activations

    def relu(self):
        y = np.maximum(self.data, 0.0)
        return Tensor(y, [(self, lambda g: g * (y > 0))])

    def tanh(self):
        y = np.tanh(self.data)
        return Tensor(y, [(self, lambda g: g * (1.0 - y**2))])

    def logistic(self):
        y = sigmoid(self.data)
        return Tensor(y, [(self, lambda g: g * y * (1.0 - y))])

    # the pieces of a softmax classifier

    def softmax(self):
        p = softmax_rows(self.data)
        return Tensor(p, [(self, lambda g: p * (g - (g * p).sum(axis=1, keepdims=True)))])

    def logsumexp(self):
        """log Σ exp of each row: shape (N, K) to (N,)."""
        top = self.data.max(axis=1, keepdims=True)
        total = np.exp(self.data - top).sum(axis=1, keepdims=True)
        sources = [(self, lambda g: softmax_rows(self.data) * g.reshape(-1, 1))]
        return Tensor((top + np.log(total))[:, 0], sources)

    def gather(self, labels):
        """The entry of each row that its label names: shape (N, K) to (N,)."""
        index = (np.arange(len(labels)), labels)

        def scatter(g):
            grad = np.zeros_like(self.data)
            np.add.at(grad, index, g)
            return grad

        return Tensor(self.data[index], [(self, scatter)])


ACTIVATIONS = {"relu": Tensor.relu, "tanh": Tensor.tanh, "logistic": Tensor.logistic}


# ---------------------------------------------------------------------------------------------------------------------
# Modules


class Module:
    def parameters(self):
        return []

    def zero_grad(self):
        for p in self.parameters():
            p.grad = np.zeros_like(p.data)


class Linear(Module):
    def __init__(self, weight, bias):
        self.weight = Tensor(np.array(weight, dtype=float))
        self.bias = Tensor(np.array(bias, dtype=float).reshape(-1))

    def __call__(self, x):
        return x @ self.weight + self.bias

    def parameters(self):
        return [self.weight, self.bias]


class MLP(Module):
    def __init__(self, network):
        self.layers = [Linear(w, b) for w, b in zip(network["weights"], network["biases"])]
        self.activation = network.get("activation")

    def __call__(self, inputs):
        """The scores, and the outputs of the hidden layers on the way to them."""
        x, hidden = Tensor(inputs), []
        for layer in self.layers[:-1]:
            x = ACTIVATIONS[self.activation](layer(x))
            hidden.append(x)
        return self.layers[-1](x), hidden

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def export(self):
        return {
            "weights": [layer.weight.data.copy() for layer in self.layers],
            "biases": [layer.bias.data.copy() for layer in self.layers],
            "activation": self.activation,
        }


# ---------------------------------------------------------------------------------------------------------------------
# The objective


def as_labels(labels):
    return np.asarray(labels).astype(np.int64).reshape(-1)


def classification_loss(scores, labels, reduction):
    losses = scores.logsumexp() - scores.gather(labels)
    return losses.mean() if reduction == "mean" else losses.sum()


def l2_penalty(model, strength):
    total = Tensor(0.0)
    for layer in model.layers:
        total = total + layer.weight.square().sum()
    return total * (0.5 * strength)


def objective_value(model, inputs, labels, objective):
    scores, _ = model(inputs)
    data_term = classification_loss(scores, labels, objective["reduction"])
    if not objective.get("l2"):
        return data_term
    return data_term + l2_penalty(model, objective["l2"])


# ---------------------------------------------------------------------------------------------------------------------
# Schedules and the optimizer


class ConstantRate:
    def __init__(self, rate, decay=0.0, every=1):
        self.rate, self.decay, self.every = rate, decay, every

    def factor(self, t):
        return 1.0

    def at(self, t):
        return self.rate * self.factor(t)


class StepDecay(ConstantRate):
    def factor(self, t):
        return self.decay ** (t // self.every)


class ExponentialDecay(ConstantRate):
    def factor(self, t):
        return np.exp(-self.decay * t)


class InverseTimeDecay(ConstantRate):
    def factor(self, t):
        return 1.0 / (1.0 + self.decay * t)


SCHEDULES = {"step": StepDecay, "exponential": ExponentialDecay, "inverse_time": InverseTimeDecay}


def make_schedule(optimizer):
    rate, schedule = optimizer["learning_rate"], optimizer.get("schedule")
    if schedule is None:
        return ConstantRate(rate)
    return SCHEDULES[schedule["kind"]](rate, schedule["decay"], schedule.get("every") or 1)


class SGD:
    """Gradient descent, with momentum if the optimizer's method says so; the rate is inside of the velocity."""

    def __init__(self, parameters, optimizer, velocity=None):
        self.parameters = parameters
        self.schedule = make_schedule(optimizer)
        self.momentum = optimizer["momentum"] if optimizer["method"] == "momentum" else None
        self.velocity = velocity or [np.zeros_like(p.data) for p in parameters]

    def step(self, t):
        rate = self.schedule.at(t)
        for i, p in enumerate(self.parameters):
            if self.momentum is None:
                p.data -= rate * p.grad
            else:
                self.velocity[i] = self.momentum * self.velocity[i] - rate * p.grad
                p.data += self.velocity[i]


def interleave(pair):
    """{"weights": […], "biases": […]} as one list in the order of Module.parameters()."""
    arrays = []
    for w, b in zip(pair["weights"], pair["biases"]):
        arrays += [np.array(w, dtype=float), np.array(b, dtype=float).reshape(-1)]
    return arrays


def separate(arrays):
    return {"weights": list(arrays[0::2]), "biases": list(arrays[1::2])}


# ---------------------------------------------------------------------------------------------------------------------
# The operations of the contract


def describe():
    return {"name": "arraygrad", "version": "1.0", "language": "Python", "precision": "float64", "protocol": 1}


def softmax(scores):
    return Tensor(scores).softmax().data


def activation(name, z):
    return ACTIVATIONS[name](Tensor(z)).data


def activation_derivative(name, z):
    z = Tensor(z)
    ACTIVATIONS[name](z).backward()
    return z.grad


def cross_entropy(scores, labels, reduction):
    return float(classification_loss(Tensor(scores), as_labels(labels), reduction).data)


def score_gradient(scores, labels, reduction):
    scores = Tensor(scores)
    classification_loss(scores, as_labels(labels), reduction).backward()
    return scores.grad


def forward(network, inputs):
    scores, hidden = MLP(network)(inputs)
    return {"hidden": [h.data for h in hidden], "scores": scores.data}


def predict(network, inputs):
    scores, _ = MLP(network)(inputs)
    return np.argmax(scores.data, axis=1)


def loss(network, inputs, labels, objective):
    return float(objective_value(MLP(network), inputs, as_labels(labels), objective).data)


def gradients(network, inputs, labels, objective):
    model = MLP(network)
    objective_value(model, inputs, as_labels(labels), objective).backward()
    return separate([p.grad for p in model.parameters()])


def update(network, gradients, velocity, optimizer, iteration):
    model = MLP(network)
    for p, grad in zip(model.parameters(), interleave(gradients)):
        p.grad = grad
    sgd = SGD(model.parameters(), optimizer, velocity and interleave(velocity))
    sgd.step(iteration)
    return {"network": model.export(), "velocity": separate(sgd.velocity)}


def train(network, inputs, labels, objective, optimizer, iterations, batches=None):
    model = MLP(network)
    sgd = SGD(model.parameters(), optimizer)
    inputs, labels = np.asarray(inputs, dtype=float), as_labels(labels)
    losses = []
    for t in range(iterations):
        x, y = inputs, labels
        if batches is not None:
            rows = np.asarray(batches[t], dtype=np.int64)
            x, y = inputs[rows], labels[rows]
        model.zero_grad()
        value = objective_value(model, x, y, objective)
        value.backward()
        losses.append(float(value.data))
        sgd.step(t)
    return {"losses": np.array(losses), "network": model.export()}


def initialize(normals, sizes, activation, initialization):
    if not isinstance(normals, dict):  # one long vector: for each layer the weights, then the biases if they are drawn
        normals = cut(np.asarray(normals, dtype=float).reshape(-1), sizes, initialization["biases"] == "normals")
    weights, biases = [], []
    for i, (fan_in, fan_out) in enumerate(zip(sizes[:-1], sizes[1:])):
        w = initialization["scale"] * np.asarray(normals["weights"][i], dtype=float).reshape(fan_in, fan_out)
        if initialization["fan_in"]:
            w = w / np.sqrt(fan_in)
        weights.append(w)
        if initialization["biases"] == "normals":
            biases.append(initialization["scale"] * np.array(normals["biases"][i], dtype=float).reshape(fan_out))
        else:
            biases.append(np.zeros(fan_out))
    return {"weights": weights, "biases": biases, "activation": activation}


def cut(vector, sizes, with_biases):
    weights, biases, at = [], [], 0
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        weights.append(vector[at : at + fan_in * fan_out])
        at += fan_in * fan_out
        biases.append(vector[at : at + fan_out] if with_biases else np.zeros(fan_out))
        at += fan_out if with_biases else 0
    return {"weights": weights, "biases": biases}


def draw_batches(rng, examples, size, iterations):
    """Minibatches from passes through the examples, each pass in a new order."""
    batches, queue = [], np.zeros(0, dtype=np.int64)
    for _ in range(iterations):
        while len(queue) < size:
            queue = np.concatenate([queue, rng.permutation(examples)])
        batches.append(queue[:size])
        queue = queue[size:]
    return batches


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    inputs, labels, sizes = np.asarray(inputs, dtype=float), as_labels(labels), experiment["sizes"]
    order = rng.permutation(len(labels))
    inputs, labels = inputs[order], labels[order]
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])],
        "biases": [rng.standard_normal(n) for n in sizes[1:]],
    }
    network = initialize(normals, sizes, experiment["activation"], experiment["initialization"])
    iterations, size, batches = experiment["iterations"], experiment.get("batch_size"), None
    if size is not None:
        batches = draw_batches(rng, len(labels), min(size, len(labels)), iterations)
    result = train(network, inputs, labels, experiment["objective"], experiment["optimizer"], iterations, batches)
    return result["network"]


def spiral(normals, examples_per_class, classes):
    n, normals = examples_per_class, np.asarray(normals, dtype=float)
    inputs, labels = np.zeros((n * classes, 2)), np.zeros(n * classes, dtype=np.int64)
    for j in range(classes):
        rows = slice(n * j, n * (j + 1))
        radius = np.linspace(0.0, 1.0, n)
        angle = np.linspace(4 * j, 4 * (j + 1), n) + 0.2 * normals[rows]
        inputs[rows] = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
        labels[rows] = j
    return {"inputs": inputs, "labels": labels}


def moons(normals, order, examples, noise):
    outer, order = examples // 2, np.asarray(order, dtype=np.int64)
    a, b = np.linspace(0.0, np.pi, outer), np.linspace(0.0, np.pi, examples - outer)
    upper = np.column_stack([np.cos(a), np.sin(a)])
    lower = np.column_stack([1.0 - np.cos(b), 0.5 - np.sin(b)])
    inputs = np.concatenate([upper, lower])
    labels = np.repeat([0, 1], [outer, examples - outer])
    inputs, labels = inputs[order], labels[order]
    return {"inputs": inputs + noise * np.asarray(normals, dtype=float), "labels": labels}


def circles(normals, examples, factor, noise):
    outer = examples // 2
    a = np.linspace(0.0, 2.0 * np.pi, outer, endpoint=False)
    b = np.linspace(0.0, 2.0 * np.pi, examples - outer, endpoint=False)
    inputs = np.concatenate(
        [np.column_stack([np.cos(a), np.sin(a)]), factor * np.column_stack([np.cos(b), np.sin(b)])]
    )
    labels = np.repeat([0, 1], [outer, examples - outer])
    return {"inputs": inputs + noise * np.asarray(normals, dtype=float), "labels": labels}
