"""PyTorch on the CPU: autograd makes the backward pass, torch.optim the steps."""

import math

import torch
from torch.nn import functional
from torch.optim import lr_scheduler

torch.set_num_threads(1)

FUNCTIONS = {"relu": torch.relu, "tanh": torch.tanh, "logistic": torch.sigmoid}


def scheduler(sgd, schedule):
    """The scheduler of a schedule; PyTorch's own if there is one."""
    if schedule is None:
        return lr_scheduler.LambdaLR(sgd, lambda _: 1.0)
    decay = schedule["decay"]
    if schedule["kind"] == "step":
        return lr_scheduler.StepLR(sgd, schedule["every"], decay)
    if schedule["kind"] == "exponential":
        return lr_scheduler.ExponentialLR(sgd, math.exp(-decay))
    return lr_scheduler.LambdaLR(sgd, lambda iteration: 1 / (1 + decay * iteration))


class Torch:
    def __init__(self, precision):
        self.precision = precision
        self.dtype = getattr(torch, precision)

    def describe(self):
        return {
            "name": "PyTorch",
            "version": torch.__version__,
            "language": "Python",
            "precision": self.precision,
        }

    def tensor(self, array):
        return torch.tensor(array, dtype=self.dtype)

    def layers(self, network, *, trained=False):
        """Weights and biases, a pair per layer."""
        arrays = zip(network["weights"], network["biases"], strict=True)
        return [tuple(self.tensor(array).requires_grad_(trained) for array in pair) for pair in arrays]

    def softmax(self, scores):
        return functional.softmax(self.tensor(scores), dim=1)

    def activation(self, name, z):
        return FUNCTIONS[name](self.tensor(z))

    def activation_derivative(self, name, z):
        z = self.tensor(z).requires_grad_()
        return torch.autograd.grad(FUNCTIONS[name](z).sum(), z)[0]

    def cross_entropy(self, scores, labels, reduction):
        return functional.cross_entropy(self.tensor(scores), whole(labels), reduction=reduction)

    def score_gradient(self, scores, labels, reduction):
        scores = self.tensor(scores).requires_grad_()
        loss = functional.cross_entropy(scores, whole(labels), reduction=reduction)
        return torch.autograd.grad(loss, scores)[0]

    def forward(self, network, inputs):
        *hidden, scores = outputs(self.layers(network), network["activation"], self.tensor(inputs))
        return {"hidden": hidden, "scores": scores}

    def predict(self, network, inputs):
        return self.forward(network, inputs)["scores"].argmax(dim=1)

    def loss(self, network, inputs, labels, objective):
        layers, activation = self.layers(network), network["activation"]
        return total(layers, activation, self.tensor(inputs), whole(labels), objective)

    def gradients(self, network, inputs, labels, objective):
        layers, activation = self.layers(network, trained=True), network["activation"]
        total(layers, activation, self.tensor(inputs), whole(labels), objective).backward()
        return unzipped([(weights.grad, biases.grad) for weights, biases in layers])

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        layers, activation = self.layers(network, trained=True), network["activation"]
        x, y = self.tensor(inputs), whole(labels)
        sgd = torch.optim.SGD(
            [parameter for layer in layers for parameter in layer],
            lr=optimizer["learning_rate"],
            momentum=optimizer["momentum"] if optimizer["method"] == "momentum" else 0.0,
        )
        # SGD multiplies the whole velocity by the current rate, V ← λV + ∇ and θ ← θ − μV. With a constant rate that
        # equals V ← λV − μ∇. With a schedule, each gradient must keep its own rate, so the loss is multiplied by it.
        gathers = optimizer["method"] == "momentum" and optimizer["schedule"] is not None
        falling = scheduler(sgd, optimizer["schedule"])
        losses = []
        for iteration in range(iterations):
            chosen = slice(None) if batches is None else torch.as_tensor(batches[iteration])
            loss = total(layers, activation, x[chosen], y[chosen], objective)
            losses.append(loss.item())
            sgd.zero_grad()
            (loss * falling.get_last_lr()[0] if gathers else loss).backward()
            if gathers:
                sgd.param_groups[0]["lr"], rate = 1.0, sgd.param_groups[0]["lr"]
            sgd.step()
            if gathers:
                sgd.param_groups[0]["lr"] = rate
            falling.step()
        return {"losses": losses, "network": unzipped(layers)}


def whole(labels):
    return torch.tensor(labels.astype("int64"))


def outputs(layers, activation, x):
    """The outputs of every layer, the scores last."""
    values = [x]
    *hidden, last = layers
    for weights, biases in hidden:
        values.append(FUNCTIONS[activation](torch.addmm(biases, values[-1], weights)))
    return [*values[1:], torch.addmm(last[1], values[-1], last[0])]


def total(layers, activation, x, labels, objective):
    """The objective."""
    scores = outputs(layers, activation, x)[-1]
    penalty = sum(weights.square().sum() for weights, _ in layers)
    data = functional.cross_entropy(scores, labels, reduction=objective["reduction"])
    return data + objective["l2"] / 2 * penalty


def unzipped(layers):
    weights, biases = zip(*layers, strict=True)
    return {"weights": list(weights), "biases": list(biases)}


float64, float32 = Torch("float64"), Torch("float32")


def __getattr__(name):
    """The module itself computes in float64."""
    return getattr(float64, name)
