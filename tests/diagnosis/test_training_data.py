"""What a run makes of its examples is read off its step: which it uses, how often, with which labels and inputs.

The program shares no code with the reference. Each fault is a few lines in what it does before an iteration.
"""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.operations import Description
from nnspec.diagnosis import training_data
from nnspec.diagnosis.examination import ORDER, Examiner

SLOPES = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "logistic": (lambda z: 1 / (1 + np.exp(-z)), lambda h: h * (1 - h)),
    "relu": (lambda z: z * (z > 0), lambda h: (h > 0) * 1.0),
}


class Plain:
    """Scores, their slope and the backward pass, of any depth; ``data`` and ``hidden`` may be changed in training."""

    dtype = np.float64

    def __init__(self, **says):
        self.says, self.random = says, np.random.default_rng(7)

    def describe(self):
        return {"name": "plain", "precision": self.dtype.__name__, **self.says}

    def data(self, x, y):
        return x, y

    def hidden(self, h):
        return h

    def slope(self, p, y):
        return p - np.eye(p.shape[1])[y]

    def _gradients(self, network, x, y, objective, hidden):
        weights = [np.asarray(w, self.dtype) for w in network["weights"]]
        function, derivative = SLOPES[network["activation"]]
        outputs = [np.asarray(x, self.dtype)]
        for w, b in zip(weights[:-1], network["biases"][:-1], strict=True):
            outputs.append(hidden(function(outputs[-1] @ w + np.asarray(b, self.dtype))))
        scores = outputs[-1] @ weights[-1] + np.asarray(network["biases"][-1], self.dtype)
        e = np.exp(scores - scores.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        loss = -np.log(p[np.arange(len(y)), y]).sum()
        back = self.slope(p, y).astype(self.dtype)
        share = len(y) if objective["reduction"] == "mean" else 1
        found = []
        for place in reversed(range(len(weights))):
            penalty = objective["l2"] * weights[place]
            found.insert(0, (outputs[place].T @ back / share + penalty, back.sum(0) / share))
            back = (back @ weights[place].T) * derivative(outputs[place])
        return loss / share, [list(each) for each in zip(*found, strict=True)]

    def loss(self, network, inputs, labels, objective):
        penalty = objective["l2"] / 2 * sum((w**2).sum() for w in network["weights"])
        return self._gradients(network, inputs, labels, objective, lambda h: h)[0] + penalty

    def gradients(self, network, inputs, labels, objective):
        weights, biases = self._gradients(network, inputs, labels, objective, lambda h: h)[1]
        return {"weights": weights, "biases": biases}

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        assert batches is None
        losses, now = [], {**network, "weights": [*network["weights"]], "biases": [*network["biases"]]}
        for _ in range(iterations):
            x, y = self.data(np.array(inputs), np.array(labels))
            loss, slopes = self._gradients(now, x, y, objective, self.hidden)
            losses.append(loss)
            for kind, arrays in zip(("weights", "biases"), slopes, strict=True):
                now[kind] = [
                    a - optimizer["learning_rate"] * g for a, g in zip(now[kind], arrays, strict=True)
                ]
        return {"losses": losses, "network": now}


def rows(keep):
    """A program that trains on these rows of its examples."""

    class Rows(Plain):
        def data(self, x, y):
            kept = keep(self.random, y)
            return x[kept], y[kept]

    return Rows


class OtherLabels(Plain):
    def data(self, x, y):
        return x, np.where(self.random.random(len(y)) < 0.1, (y + 1) % (y.max() + 1), y)


class LabelsInAnotherOrder(Plain):
    def data(self, x, y):
        return x[np.random.default_rng(0).permutation(len(x))], y


class Overlap(Plain):
    def data(self, x, y):
        twice = np.flatnonzero(y == 1)[:5]
        return np.concatenate([x, x[twice]]), np.concatenate([y, 0 * y[twice]])


class Noise(Plain):
    def data(self, x, y):
        return x + 0.3 * self.random.standard_normal(x.shape) * (np.arange(len(x)) % 4 == 0)[:, None], y


class Normalised(Plain):
    def data(self, x, y):
        return (x - x.mean(0)) / x.std(0), y


class Dropout(Plain):
    def hidden(self, h):
        return h * (np.random.default_rng(0).random(h.shape) < 0.75) / 0.75


class Unscaled(Plain):
    def hidden(self, h):
        return h * (self.random.random(h.shape) < 0.5)


class InputDropout(Plain):
    def data(self, x, y):
        return x * (np.random.default_rng(0).random(x.shape) < 0.8), y


def wrong_slope(program):
    """The program with another mistake, which its gradients have too."""

    class WrongSlope(program):
        def slope(self, p, y):
            return super().slope(p, y) * np.arange(1, p.shape[1] + 1) / 2

    return WrongSlope


LAST_BATCH = rows(lambda _, y: np.arange(len(y) // 16 * 16))
RARE = rows(lambda _, y: np.flatnonzero((y < 2) | (np.arange(len(y)) % 2 == 0)))
BOOTSTRAP = rows(lambda random, y: random.integers(len(y), size=len(y)))
FAULTS = {
    LAST_BATCH: "train() uses only the first 96 and leaves out the last 12.",
    RARE: "of class 2, the rarest.",
    BOOTSTRAP: " of them more than once: ",
    OtherLabels: "of them with another label: ",
    LabelsInAnotherOrder: "every label as often as it is given: inputs and labels are put in different orders.",
    Overlap: "train() uses 5 of them a second time, with the label 0: all are of class 1, the most frequent.",
    Noise: "train() changes the inputs of 10 of 40 examples, by ",
    Normalised: "inputs of all 40 examples were others: the mean of each column is 0 and its standard deviation 1.",
    Dropout: "of the hidden outputs are set to 0 and the others are multiplied by 1.333: dropout",
    Unscaled: "of the hidden outputs are set to 0 and the others are left as they are: dropout",
    InputDropout: "of the inputs are set to 0 and the others are left as they are: dropout",
}
DRAWN = {BOOTSTRAP, OtherLabels, Noise, Unscaled}
SAID_OF_LABELS = [LAST_BATCH, OtherLabels, LabelsInAnotherOrder, Overlap]


def said(program, limit=100):
    """What is said of a program, and how many calls that takes."""
    description = Description.read(program.describe())
    offered = [name for name in ORDER if callable(getattr(program, name, None))]

    def ask(operation, params):
        return getattr(program, operation)(**params)

    examiner = Examiner(ask, description.precision, description.support, [], limit, offered)
    sentence = training_data.sentence(examiner.asker, examiner.support, examiner.precision, examiner.offered)
    return sentence, examiner.asker.asked


def of(program, dtype):
    return type(program.__name__, (program,), {"dtype": dtype})


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("program", FAULTS)
def test_a_fault_of_the_data_is_read_off(program, dtype):
    sentence, asked = said(of(program, dtype)())

    assert FAULTS[program] in sentence
    assert ("When the call is repeated" in sentence) == (program in DRAWN)
    assert asked < 10


@pytest.mark.parametrize("program", FAULTS)
def test_a_fault_of_the_data_is_read_off_beside_a_wrong_gradient(program):
    assert FAULTS[program] in said(wrong_slope(program)())[0]


@pytest.mark.parametrize(
    "says",
    [
        {"depths": [1]},
        {"depths": [3]},
        {"classes": [2]},
        {"classes": [5, 6]},
        {"depths": [1], "classes": [2]},
        {"activations": ["relu"], "reductions": ["mean"]},
        {"reductions": ["mean"], "classes": [2], "precision": "float32"},
        {"activations": ["logistic"], "methods": ["momentum"]},
    ],
)
def test_what_is_asked_is_what_the_program_supports(says):
    dtype = np.dtype(says.pop("precision", "float64")).type
    for program in SAID_OF_LABELS:
        assert said(of(program, dtype)(**says))[0]
    assert "leaves out the last" in said(of(LAST_BATCH, dtype)(**says))[0]
    assert said(of(Plain, dtype)(**says))[0] == ""


@pytest.mark.parametrize("program", [Noise, Normalised])
def test_other_inputs_show_without_a_hidden_layer_and_with_relu(program):
    for says in ({"depths": [1]}, {"activations": ["relu"]}, {"activations": ["logistic"]}):
        assert FAULTS[program] in said(program(**says))[0]


@pytest.mark.parametrize("program", [Plain, wrong_slope(Plain)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nothing_is_said_of_right_data(program, dtype):
    assert said(of(program, dtype)())[0] == ""


class Changed(Plain):
    """The step is changed, not the data."""

    def change(self, slopes):
        return slopes

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        answer = super().train(network, inputs, labels, objective, optimizer, iterations, batches)
        for kind in ("weights", "biases"):
            moved = [new - old for new, old in zip(answer["network"][kind], network[kind], strict=True)]
            steps = zip(network[kind], moved, strict=True)
            answer["network"][kind] = [old + self.change(step, kind) for old, step in steps]
        return answer


CHANGES = {
    "sign": lambda step, _: np.sign(step),
    "clip": lambda step, _: np.clip(step, -0.1, 0.1),
    "norm": lambda step, _: step / np.linalg.norm(step),
    "noise": lambda step, _: step + 0.01 * np.random.default_rng(0).standard_normal(step.shape),
    "biases": lambda step, kind: 2 * step if kind == "biases" else step,
    "frozen": lambda step, kind: 0 * step if kind == "weights" else step,
    "frozen biases": lambda step, kind: 0 * step if kind == "biases" else step,
    "one column": lambda step, _: step * (np.arange(step.shape[-1]) > 0),
    "one row": lambda step, kind: step * (np.arange(len(step)) > 0)[:, None] if kind == "weights" else step,
    "other direction": lambda step, _: -step,
}


@pytest.mark.parametrize("name", CHANGES)
def test_nothing_is_said_where_the_step_is_wrong_and_not_the_data(name):
    program = type("Stepping", (Changed,), {"change": staticmethod(CHANGES[name])})
    for says in ({}, {"depths": [1]}, {"classes": [2]}):
        assert said(program(**says))[0] == ""


def test_it_is_bounded_by_the_calls():
    assert said(Overlap(), limit=3) == ("", 3)
