"""A small neural-network library in NumPy, with modules whose backward passes are written by hand.

The classes follow the usual layout (Parameter, Module, Linear, a criterion, an optimizer with parameter groups, learning
rate schedulers, a data loader). The functions at the end are the operations that others call, on plain values.
"""

import numpy as np

DTYPE = np.float64


def as_array(values):
    return np.array(values, dtype=DTYPE)


def as_labels(labels):
    return np.asarray(labels).astype(np.int64)


# ---------------------------------------------------------------------------------------------------------------- modules


class Parameter:
    """An array and the gradient that the backward passes accumulate for it."""

    def __init__(self, data):
        self.data = as_array(data)
        self.grad = np.zeros_like(self.data)

    def zero_grad(self):
        self.grad.fill(0.0)


class Module:
    def parameters(self):
        return []

    def forward(self, *inputs):
        raise NotImplementedError

    def __call__(self, *inputs):
        return self.forward(*inputs)


class Linear(Module):
    """y = x Wᵀ + b, with W as (fan_out, fan_in)."""

    def __init__(self, fan_in, fan_out):
        self.weight = Parameter(np.zeros((fan_out, fan_in)))
        self.bias = Parameter(np.zeros(fan_out))
        self.input = None

    def parameters(self):
        return [self.weight, self.bias]

    def forward(self, x):
        self.input = x
        return x @ self.weight.data.T + self.bias.data

    def backward(self, grad):
        self.weight.grad += grad.T @ self.input
        self.bias.grad += grad.sum(axis=0)
        return grad @ self.weight.data


class ReLU(Module):
    def forward(self, x):
        self.output = np.maximum(x, 0.0)
        return self.output

    def backward(self, grad):
        return np.where(self.output > 0, grad, 0.0)


class Tanh(Module):
    def forward(self, x):
        self.output = np.tanh(x)
        return self.output

    def backward(self, grad):
        return grad * (1.0 - self.output**2)


def sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


class Sigmoid(Module):
    def forward(self, x):
        self.output = sigmoid(x)
        return self.output

    def backward(self, grad):
        return grad * self.output * (1.0 - self.output)


ACTIVATIONS = {"relu": ReLU, "tanh": Tanh, "logistic": Sigmoid}


def make_activation(name):
    if name not in ACTIVATIONS:
        raise NotImplementedError(f"activation {name!r}")
    return ACTIVATIONS[name]()


class MLP(Module):
    """Linear layers with an activation after each but the last."""

    def __init__(self, sizes, activation):
        self.linears = [Linear(fan_in, fan_out) for fan_in, fan_out in zip(sizes, sizes[1:])]
        self.activations = [make_activation(activation) for _ in self.linears[1:]]
        self.hidden = []

    def weights(self):
        return [layer.weight for layer in self.linears]

    def biases(self):
        return [layer.bias for layer in self.linears]

    def parameters(self):
        return [parameter for layer in self.linears for parameter in layer.parameters()]

    def forward(self, x):
        self.hidden = []
        for i, layer in enumerate(self.linears):
            x = layer(x)
            if i < len(self.activations):
                x = self.activations[i](x)
                self.hidden.append(x)
        return x

    def backward(self, grad):
        for i in range(len(self.linears) - 1, -1, -1):
            if i < len(self.activations):
                grad = self.activations[i].backward(grad)
            grad = self.linears[i].backward(grad)
        return grad

    def state_dict(self):
        return [parameter.data.copy() for parameter in self.parameters()]

    def load_state_dict(self, state):
        for parameter, data in zip(self.parameters(), state):
            parameter.data[...] = data


# --------------------------------------------------------------------------------------------------------------- objective


def subtract_max(scores):
    return scores - scores.max(axis=1, keepdims=True)


def softmax_rows(scores):
    exps = np.exp(subtract_max(scores))
    return exps / exps.sum(axis=1, keepdims=True)


def log_softmax_rows(scores):
    shifted = subtract_max(scores)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


class CrossEntropyLoss(Module):
    """The cross-entropy of the softmax of scores, on whole-number labels."""

    def __init__(self, reduction="mean"):
        if reduction not in ("mean", "sum"):
            raise NotImplementedError(f"reduction {reduction!r}")
        self.reduction = reduction

    def forward(self, scores, labels):
        self.probs = softmax_rows(scores)
        self.labels = labels
        self.rows = np.arange(len(labels))
        self.scale = 1.0 / len(labels) if self.reduction == "mean" else 1.0
        losses = -log_softmax_rows(scores)[self.rows, labels]
        return self.scale * losses.sum()

    def backward(self):
        grad = self.probs.copy()
        grad[self.rows, self.labels] -= 1.0
        return self.scale * grad


class L2Penalty(Module):
    """strength / 2 · Σ‖p‖² over its parameters."""

    def __init__(self, parameters, strength):
        self.penalized = list(parameters)
        self.strength = strength

    def forward(self):
        total = 0.0
        for parameter in self.penalized:
            total += 0.5 * self.strength * np.sum(parameter.data**2)
        return total

    def backward(self):
        for parameter in self.penalized:
            parameter.grad += self.strength * parameter.data


class Objective(Module):
    """What is minimized: the criterion on the model's scores, and the penalty."""

    def __init__(self, model, reduction="mean", l2=0.0):
        self.model = model
        self.criterion = CrossEntropyLoss(reduction)
        self.penalty = L2Penalty(model.weights(), l2)

    def forward(self, inputs, labels):
        scores = self.model(inputs)
        return self.criterion(scores, labels) + self.penalty()

    def backward(self):
        self.model.backward(self.criterion.backward())
        self.penalty.backward()


# --------------------------------------------------------------------------------------------------------------- optimizer


class SGD:
    """Gradient descent, with momentum if it is not None: v ← momentum · v + grad, p ← p − lr · v."""

    def __init__(self, groups, lr, momentum=None):
        self.param_groups = [{"lr": lr, "momentum": momentum, **group} for group in groups]
        self.state = {}

    def parameters(self):
        return [parameter for group in self.param_groups for parameter in group["params"]]

    def zero_grad(self):
        for parameter in self.parameters():
            parameter.zero_grad()

    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                direction = parameter.grad
                if group["momentum"] is not None:
                    direction = self.velocity(parameter, group["momentum"])
                parameter.data -= group["lr"] * direction

    def velocity(self, parameter, momentum):
        buffer = self.state.get(parameter)
        if buffer is None:
            buffer = self.state[parameter] = parameter.grad.copy()
        else:
            buffer *= momentum
            buffer += parameter.grad
        return buffer

    def load_velocity(self, parameters, arrays):
        for parameter, array in zip(parameters, arrays):
            self.state[parameter] = as_array(array)


class LRScheduler:
    """Sets the rate of each group to its base rate times factor(t), where t counts updates."""

    def __init__(self, optimizer, last_step=0):
        self.optimizer = optimizer
        self.base_lrs = [group["lr"] for group in optimizer.param_groups]
        self.last_step = last_step
        self.apply()

    def factor(self, t):
        return 1.0

    def apply(self):
        factor = self.factor(self.last_step)
        for group, base in zip(self.optimizer.param_groups, self.base_lrs):
            group["lr"] = base * factor

    def step(self):
        self.last_step += 1
        self.apply()


class StepLR(LRScheduler):
    def __init__(self, optimizer, decay, every, last_step=0):
        self.decay = decay
        self.every = every
        super().__init__(optimizer, last_step)

    def factor(self, t):
        return self.decay ** (t // self.every)


class ExponentialLR(LRScheduler):
    def __init__(self, optimizer, decay, last_step=0):
        self.decay = decay
        super().__init__(optimizer, last_step)

    def factor(self, t):
        return np.exp(-self.decay * t)


class InverseTimeLR(LRScheduler):
    def __init__(self, optimizer, decay, last_step=0):
        self.decay = decay
        super().__init__(optimizer, last_step)

    def factor(self, t):
        return 1.0 / (1.0 + self.decay * t)


def make_optimizer(model, optimizer):
    method = optimizer["method"]
    if method not in ("gradient_descent", "momentum"):
        raise NotImplementedError(f"method {method!r}")
    momentum = optimizer["momentum"] if method == "momentum" else None
    groups = [{"params": model.weights()}, {"params": model.biases()}]
    return SGD(groups, optimizer["learning_rate"], momentum)


def make_scheduler(sgd, schedule, last_step=0):
    if schedule is None:
        return LRScheduler(sgd, last_step)
    kind = schedule["kind"]
    if kind == "step":
        return StepLR(sgd, schedule["decay"], schedule["every"], last_step)
    if kind == "exponential":
        return ExponentialLR(sgd, schedule["decay"], last_step)
    if kind == "inverse_time":
        return InverseTimeLR(sgd, schedule["decay"], last_step)
    raise NotImplementedError(f"schedule {kind!r}")


# -------------------------------------------------------------------------------------------------------- data and training


class FullBatchSampler:
    """All examples, in order, as one batch."""

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return 1

    def __iter__(self):
        yield np.arange(self.count)


class FixedBatchSampler:
    """The given batches, in order."""

    def __init__(self, batches):
        self.batches = [np.asarray(batch, dtype=np.int64) for batch in batches]

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        yield from self.batches


class RandomBatchSampler:
    """A new permutation of the examples at each pass, cut into batches."""

    def __init__(self, count, batch_size, rng):
        self.count = count
        self.batch_size = batch_size
        self.rng = rng

    def __len__(self):
        return -(-self.count // self.batch_size)

    def __iter__(self):
        order = self.rng.permutation(self.count)
        for start in range(0, self.count, self.batch_size):
            yield order[start : start + self.batch_size]


class DataLoader:
    def __init__(self, inputs, labels, sampler):
        self.inputs = inputs
        self.labels = labels
        self.sampler = sampler

    def __len__(self):
        return len(self.sampler)

    def __iter__(self):
        for batch in self.sampler:
            yield self.inputs[batch], self.labels[batch]

    def repeat(self):
        """Pass after pass, without an end."""
        while True:
            yield from self


class Trainer:
    def __init__(self, model, objective, optimizer):
        self.model = model
        self.objective = make_objective(model, objective)
        self.optimizer = make_optimizer(model, optimizer)
        self.scheduler = make_scheduler(self.optimizer, optimizer["schedule"])

    def step(self, inputs, labels):
        """One update; the objective before it."""
        self.optimizer.zero_grad()
        value = self.objective(inputs, labels)
        self.objective.backward()
        self.optimizer.step()
        self.scheduler.step()
        return value

    def run(self, loader, iterations):
        losses = []
        stream = loader.repeat()
        for _ in range(iterations):
            inputs, labels = next(stream)
            losses.append(self.step(inputs, labels))
        return losses


# ------------------------------------------------------------------------------------------------------------- plain values


def from_network(network):
    """A model with the network's parameters, which it copies."""
    sizes = [len(network["weights"][0])] + [len(bias) for bias in network["biases"]]
    model = MLP(sizes, network["activation"])
    for layer, weight, bias in zip(model.linears, network["weights"], network["biases"]):
        layer.weight.data[...] = np.asarray(weight).T
        layer.bias.data[...] = bias
    return model


def to_plain(weights, biases):
    return {"weights": [weight.T.copy() for weight in weights], "biases": [bias.copy() for bias in biases]}


def to_network(model, activation):
    plain = to_plain([p.data for p in model.weights()], [p.data for p in model.biases()])
    return {**plain, "activation": activation}


def make_objective(model, objective):
    return Objective(model, objective["reduction"], objective["l2"])


# --------------------------------------------------------------------------------------------------------------- operations


def describe():
    return {
        "name": "handgrad",
        "version": "1.0",
        "language": "Python",
        "precision": "float64",
        "activations": list(ACTIVATIONS),
        "reductions": ["mean", "sum"],
        "methods": ["gradient_descent", "momentum"],
        "schedules": ["step", "exponential", "inverse_time"],
        "batches": True,
        "l2": True,
        "initialization": "given",
        "protocol": 1,
    }


def softmax(scores):
    return softmax_rows(as_array(scores))


def activation(name, z):
    return make_activation(name)(as_array(z))


def activation_derivative(name, z):
    module = make_activation(name)
    return module.backward(np.ones_like(module(as_array(z))))


def cross_entropy(scores, labels, reduction):
    return float(CrossEntropyLoss(reduction)(as_array(scores), as_labels(labels)))


def score_gradient(scores, labels, reduction):
    criterion = CrossEntropyLoss(reduction)
    criterion(as_array(scores), as_labels(labels))
    return criterion.backward()


def forward(network, inputs):
    model = from_network(network)
    scores = model(as_array(inputs))
    return {"hidden": list(model.hidden), "scores": scores}


def predict(network, inputs):
    scores = from_network(network)(as_array(inputs))
    return np.argmax(scores, axis=1)


def loss(network, inputs, labels, objective):
    criterion = make_objective(from_network(network), objective)
    return float(criterion(as_array(inputs), as_labels(labels)))


def gradients(network, inputs, labels, objective):
    model = from_network(network)
    criterion = make_objective(model, objective)
    criterion(as_array(inputs), as_labels(labels))
    criterion.backward()
    return to_plain([p.grad for p in model.weights()], [p.grad for p in model.biases()])


def update(network, gradients, velocity, optimizer, iteration):
    model = from_network(network)
    for parameter, grad in zip(model.weights(), gradients["weights"]):
        parameter.grad[...] = np.asarray(grad).T
    for parameter, grad in zip(model.biases(), gradients["biases"]):
        parameter.grad[...] = grad
    sgd = make_optimizer(model, optimizer)
    make_scheduler(sgd, optimizer["schedule"], iteration)
    if velocity is not None:
        sgd.load_velocity(model.weights(), [np.asarray(array).T for array in velocity["weights"]])
        sgd.load_velocity(model.biases(), velocity["biases"])
    sgd.step()
    if optimizer["method"] == "momentum":
        velocity = to_plain([sgd.state[p] for p in model.weights()], [sgd.state[p] for p in model.biases()])
    else:
        velocity = None
    return {"network": to_network(model, network["activation"]), "velocity": velocity}


def train(network, inputs, labels, objective, optimizer, iterations, batches=None):
    inputs, labels = as_array(inputs), as_labels(labels)
    model = from_network(network)
    sampler = FullBatchSampler(len(inputs)) if batches is None else FixedBatchSampler(batches)
    losses = Trainer(model, objective, optimizer).run(DataLoader(inputs, labels, sampler), iterations)
    return {"losses": [float(value) for value in losses], "network": to_network(model, network["activation"])}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    inputs, labels = as_array(inputs), as_labels(labels)
    sizes = experiment["sizes"]
    normals = {
        "weights": [rng.standard_normal(shape) for shape in zip(sizes, sizes[1:])],
        "biases": [rng.standard_normal(size) for size in sizes[1:]],
    }
    model = from_network(initialize(normals, sizes, experiment["activation"], experiment["initialization"]))
    size = experiment["batch_size"]
    sampler = FullBatchSampler(len(inputs)) if size is None else RandomBatchSampler(len(inputs), size, rng)
    trainer = Trainer(model, experiment["objective"], experiment["optimizer"])
    loader = DataLoader(inputs, labels, sampler)
    trainer.run(loader, experiment["iterations"])
    return to_network(model, experiment["activation"])


def initialize(normals, sizes, activation, initialization):
    model = MLP(sizes, activation)
    for layer, weight, bias in zip(model.linears, normals["weights"], normals["biases"]):
        fan_out, fan_in = layer.weight.data.shape
        std = initialization["scale"]
        layer.weight.data[...] = std * np.asarray(weight).T
        if initialization["fan_in"]:
            layer.weight.data /= np.sqrt(fan_in)
        if initialization["biases"] == "normals":
            layer.bias.data[...] = std * np.asarray(bias)
    return to_network(model, activation)


def spiral(normals, examples_per_class, classes):
    normals = as_array(normals)
    inputs = np.zeros((classes * examples_per_class, 2), dtype=DTYPE)
    labels = np.zeros(classes * examples_per_class, dtype=np.int64)
    radius = np.linspace(0.0, 1.0, examples_per_class)
    for j in range(classes):
        rows = slice(j * examples_per_class, (j + 1) * examples_per_class)
        angle = np.linspace(4 * j, 4 * (j + 1), examples_per_class) + 0.2 * normals[rows]
        inputs[rows] = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
        labels[rows] = j
    return {"inputs": inputs, "labels": labels}


def moons(normals, order, examples, noise):
    outer = examples // 2
    inner = examples - outer
    t = np.linspace(0.0, np.pi, outer)
    s = np.linspace(0.0, np.pi, inner)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    lower = np.stack([1.0 - np.cos(s), 0.5 - np.sin(s)], axis=1)
    order = np.asarray(order, dtype=np.int64)
    labels = np.repeat([0, 1], [outer, inner])[order]
    inputs = np.concatenate([upper, lower])[order] + noise * as_array(normals)
    return {"inputs": inputs, "labels": labels}


def circles(normals, examples, factor, noise):
    outer = examples // 2
    inner = examples - outer
    t = np.linspace(0.0, 2.0 * np.pi, outer, endpoint=False)
    s = np.linspace(0.0, 2.0 * np.pi, inner, endpoint=False)
    large = np.stack([np.cos(t), np.sin(t)], axis=1)
    small = factor * np.stack([np.cos(s), np.sin(s)], axis=1)
    inputs = np.concatenate([large, small]) + noise * as_array(normals)
    return {"inputs": inputs, "labels": np.repeat([0, 1], [outer, inner])}
