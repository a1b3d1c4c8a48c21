"""A small layer-object library for classifiers in plain NumPy; nnspec's operations are at its end."""

import numpy as np


# ----------------------------------------------------------------------------------------------------
# Layers


class Dense:
    """An affine layer, x @ weight + bias, whose backward() adds to its gradients until zero_grad()."""

    def __init__(self, weight, bias):
        self.weight = np.array(weight, dtype=np.float64)
        self.bias = np.array(bias, dtype=np.float64)
        self.weight_grad = np.zeros_like(self.weight)
        self.bias_grad = np.zeros_like(self.bias)
        self.x = None

    def forward(self, x):
        self.x = x
        return x @ self.weight + self.bias

    def backward(self, grad):
        self.weight_grad += self.x.T @ grad
        self.bias_grad += grad.sum(axis=0)
        return grad @ self.weight.T

    def zero_grad(self):
        self.weight_grad[...] = 0.0
        self.bias_grad[...] = 0.0


class Activation:
    """An elementwise nonlinearity; a subclass gives the function and its derivative at z."""

    def __init__(self):
        self.z = None

    def function(self, z):
        raise NotImplementedError

    def derivative(self, z):
        raise NotImplementedError

    def forward(self, z):
        self.z = z
        return self.function(z)

    def backward(self, grad):
        return grad * self.derivative(self.z)


class ReLU(Activation):
    def function(self, z):
        return np.maximum(0.0, z)

    def derivative(self, z):
        return np.where(z > 0, 1.0, 0.0)


class Tanh(Activation):
    def function(self, z):
        return np.tanh(z)

    def derivative(self, z):
        return 1.0 - np.tanh(z) ** 2


class Logistic(Activation):
    def function(self, z):
        e = np.exp(-np.abs(z))
        return np.where(z >= 0, 1.0, e) / (1.0 + e)

    def derivative(self, z):
        s = self.function(z)
        return s * (1.0 - s)


ACTIVATIONS = {"relu": ReLU, "tanh": Tanh, "logistic": Logistic}


def log_softmax_rows(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax_rows(scores):
    exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


class SoftmaxCrossEntropy:
    """Softmax and cross-entropy as one layer, from scores and labels to a number."""

    def __init__(self, reduction):
        self.reduction = reduction
        self.scores = None
        self.labels = None

    def forward(self, scores, labels):
        self.scores = scores
        self.labels = labels
        rows = np.arange(len(labels))
        losses = -log_softmax_rows(scores)[rows, labels]
        if self.reduction == "mean":
            return losses.mean()
        return losses.sum()

    def backward(self):
        count = len(self.labels)
        grad = softmax_rows(self.scores)
        grad[np.arange(count), self.labels] -= 1.0
        if self.reduction == "mean":
            grad /= count
        return grad


class L2Penalty:
    """strength / 2 times the sum of the squared weights; the biases are not penalised."""

    def __init__(self, strength):
        self.strength = strength

    def loss(self, model):
        total = 0.0
        for layer in model.dense_layers:
            total += np.sum(layer.weight ** 2)
        return 0.5 * self.strength * total

    def add_gradients(self, model):
        for layer in model.dense_layers:
            layer.weight_grad += self.strength * layer.weight


# ----------------------------------------------------------------------------------------------------
# The model


class Sequential:
    """Dense layers with an activation between each two of them; the last gives the scores."""

    def __init__(self, weights, biases, activation):
        self.activation = activation
        self.layers = []
        for index, (weight, bias) in enumerate(zip(weights, biases)):
            self.layers.append(Dense(weight, bias))
            if index < len(weights) - 1:
                self.layers.append(ACTIVATIONS[activation]())

    @property
    def dense_layers(self):
        return [layer for layer in self.layers if isinstance(layer, Dense)]

    def forward(self, x):
        self.hidden = []
        for layer in self.layers:
            x = layer.forward(x)
            if isinstance(layer, Activation):
                self.hidden.append(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def zero_grad(self):
        for layer in self.dense_layers:
            layer.zero_grad()

    def predict(self, x):
        scores = self.forward(x)
        return np.argmax(scores, axis=1)

    def parameters(self):
        """All parameters: the weights of each layer, then the biases of each layer."""
        dense = self.dense_layers
        return [layer.weight for layer in dense] + [layer.bias for layer in dense]

    def gradients(self):
        dense = self.dense_layers
        return [layer.weight_grad for layer in dense] + [layer.bias_grad for layer in dense]

    def export(self):
        return {"weights": [layer.weight.copy() for layer in self.dense_layers],
                "biases": [layer.bias.copy() for layer in self.dense_layers],
                "activation": self.activation}


# ----------------------------------------------------------------------------------------------------
# Optimization


class Schedule:
    """The learning rate as a function of the iteration."""

    def __init__(self, base_rate, kind=None, decay=0.0, every=1):
        self.base_rate = base_rate
        self.kind = kind
        self.decay = decay
        self.every = every

    def rate(self, t):
        if self.kind is None:
            return self.base_rate
        if self.kind == "step":
            return self.base_rate * self.decay ** (t // self.every)
        if self.kind == "exponential":
            return self.base_rate * np.exp(-self.decay * t)
        if self.kind == "inverse_time":
            return self.base_rate / (1.0 + self.decay * t)
        raise NotImplementedError(f"schedule {self.kind}")


class SGD:
    """Gradient descent, with momentum if it is not zero; updates the parameters in place."""

    def __init__(self, schedule, momentum=0.0, velocity=None, iteration=0):
        self.schedule = schedule
        self.momentum = momentum
        self.velocity = velocity
        self.iteration = iteration

    def step(self, parameters, gradients):
        rate = self.schedule.rate(self.iteration)
        if self.velocity is None:
            self.velocity = [np.zeros_like(p) for p in parameters]
        for index, (parameter, gradient) in enumerate(zip(parameters, gradients)):
            velocity = self.momentum * self.velocity[index] - rate * gradient
            self.velocity[index] = velocity
            parameter += velocity
        self.iteration += 1


class Trainer:
    """Ties a model, its objective and an optimizer together."""

    def __init__(self, model, criterion, penalty, optimizer=None):
        self.model = model
        self.criterion = criterion
        self.penalty = penalty
        self.optimizer = optimizer

    def objective(self, x, y):
        scores = self.model.forward(x)
        return self.criterion.forward(scores, y) + self.penalty.loss(self.model)

    def compute_gradients(self):
        """Gradients of the objective that was evaluated last."""
        self.model.zero_grad()
        self.model.backward(self.criterion.backward())
        self.penalty.add_gradients(self.model)

    def train_step(self, x, y):
        loss = self.objective(x, y)
        self.compute_gradients()
        self.optimizer.step(self.model.parameters(), self.model.gradients())
        return loss

    def run(self, x, y, iterations, batches=None):
        losses = []
        for iteration in range(iterations):
            if batches is None:
                losses.append(self.train_step(x, y))
            else:
                batch = batches[iteration]
                losses.append(self.train_step(x[batch], y[batch]))
        return losses


class BatchSampler:
    """Minibatches for any number of iterations; the examples are shuffled before each epoch."""

    def __init__(self, examples, batch_size, rng):
        self.examples = examples
        self.batch_size = batch_size
        self.rng = rng

    def take(self, iterations):
        batches = []
        while len(batches) < iterations:
            order = self.rng.permutation(self.examples)
            for start in range(0, self.examples, self.batch_size):
                batches.append(order[start:start + self.batch_size])
        return batches[:iterations]


# ----------------------------------------------------------------------------------------------------
# Initialization and data


def scale_normals(weights, biases, initialization):
    """Weights from standard normals; biases are zeros or scaled normals too."""
    scale = initialization["scale"]
    new_weights = []
    new_biases = []
    for weight, bias in zip(weights, biases):
        weight = scale * weight
        if initialization["fan_in"]:
            weight = weight / np.sqrt(weight.shape[0])
        new_weights.append(weight)
        if initialization["biases"] == "normals":
            new_biases.append(scale * bias)
        else:
            new_biases.append(np.zeros(weight.shape[1]))
    return new_weights, new_biases


def spiral(normals, examples_per_class, classes):
    n = examples_per_class
    inputs = np.zeros((n * classes, 2))
    labels = np.zeros(n * classes, dtype=np.int64)
    for j in range(classes):
        ix = np.arange(n * j, n * (j + 1))
        radius = np.linspace(0.0, 1.0, n)
        theta = np.linspace(j * 4, (j + 1) * 4, n) + 0.2 * normals[ix]
        inputs[ix] = np.c_[radius * np.sin(theta), radius * np.cos(theta)]
        labels[ix] = j
    return inputs, labels


def moons(normals, order, examples, noise):
    outer = examples // 2
    inner = examples - outer
    outer_angles = np.linspace(0.0, np.pi, outer)
    inner_angles = np.linspace(0.0, np.pi, inner)
    upper = np.c_[np.cos(outer_angles), np.sin(outer_angles)]
    lower = np.c_[1.0 - np.cos(inner_angles), 1.0 - np.sin(inner_angles) - 0.5]
    inputs = np.concatenate([upper, lower])
    labels = np.concatenate([np.zeros(outer, dtype=np.int64), np.ones(inner, dtype=np.int64)])
    return inputs[order] + noise * normals, labels[order]


def circles(normals, examples, factor, noise):
    outer = examples // 2
    inner = examples - outer
    outer_angles = np.linspace(0.0, 2.0 * np.pi, outer, endpoint=False)
    inner_angles = np.linspace(0.0, 2.0 * np.pi, inner, endpoint=False)
    large = np.c_[np.cos(outer_angles), np.sin(outer_angles)]
    small = factor * np.c_[np.cos(inner_angles), np.sin(inner_angles)]
    inputs = np.concatenate([large, small]) + noise * normals
    labels = np.concatenate([np.zeros(outer, dtype=np.int64), np.ones(inner, dtype=np.int64)])
    return inputs, labels


# ----------------------------------------------------------------------------------------------------
# The adapter


def _model(network):
    return Sequential(network["weights"], network["biases"], network["activation"])


def _trainer(network, objective, optimizer=None):
    criterion = SoftmaxCrossEntropy(objective["reduction"])
    penalty = L2Penalty(objective["l2"])
    return Trainer(_model(network), criterion, penalty, optimizer)


def _sgd(optimizer, velocity=None, iteration=0):
    schedule = optimizer.get("schedule") or {}
    rates = Schedule(optimizer["learning_rate"], **schedule)
    momentum = optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0
    return SGD(rates, momentum, velocity, iteration)


def _split(arrays):
    half = len(arrays) // 2
    return {"weights": arrays[:half], "biases": arrays[half:]}


def _join(parts):
    return [np.array(part, dtype=np.float64) for part in [*parts["weights"], *parts["biases"]]]


def _labels(labels):
    return np.asarray(labels).astype(np.int64)


def describe():
    return {"name": "layers", "version": "1.0", "language": "Python", "precision": "float64"}


def softmax(scores):
    return softmax_rows(scores)


def activation(name, z):
    return ACTIVATIONS[name]().forward(z)


def activation_derivative(name, z):
    return ACTIVATIONS[name]().derivative(z)


def cross_entropy(scores, labels, reduction):
    return SoftmaxCrossEntropy(reduction).forward(scores, _labels(labels))


def score_gradient(scores, labels, reduction):
    criterion = SoftmaxCrossEntropy(reduction)
    criterion.forward(scores, _labels(labels))
    return criterion.backward()


def forward(network, inputs):
    model = _model(network)
    scores = model.forward(inputs)
    return {"hidden": model.hidden, "scores": scores}


def predict(network, inputs):
    return _model(network).predict(inputs)


def loss(network, inputs, labels, objective):
    return _trainer(network, objective).objective(inputs, _labels(labels))


def gradients(network, inputs, labels, objective):
    trainer = _trainer(network, objective)
    trainer.objective(inputs, _labels(labels))
    trainer.compute_gradients()
    return _split(trainer.model.gradients())


def update(network, gradients, velocity, optimizer, iteration):
    model = _model(network)
    sgd = _sgd(optimizer, None if velocity is None else _join(velocity), iteration)
    sgd.step(model.parameters(), _join(gradients))
    return {"network": model.export(), "velocity": _split(sgd.velocity)}


def train(network, inputs, labels, objective, optimizer, iterations, batches):
    trainer = _trainer(network, objective, _sgd(optimizer))
    losses = trainer.run(inputs, _labels(labels), iterations, batches)
    return {"losses": losses, "network": trainer.model.export()}


def initialize(normals, sizes, activation, initialization):
    weights, biases = scale_normals(normals["weights"], normals["biases"], initialization)
    return {"weights": weights, "biases": biases, "activation": activation}


def fit(inputs, labels, experiment, seed):
    rng = np.random.default_rng(seed)
    sizes = experiment["sizes"]
    normal_weights = [rng.standard_normal(shape) for shape in zip(sizes[:-1], sizes[1:])]
    normal_biases = [rng.standard_normal(size) for size in sizes[1:]]
    weights, biases = scale_normals(normal_weights, normal_biases, experiment["initialization"])
    network = {"weights": weights, "biases": biases, "activation": experiment["activation"]}
    iterations = experiment["iterations"]
    batches = None
    if experiment["batch_size"] is not None:
        batches = BatchSampler(len(inputs), experiment["batch_size"], rng).take(iterations)
    return train(network, inputs, labels, experiment["objective"], experiment["optimizer"], iterations,
                 batches)["network"]
