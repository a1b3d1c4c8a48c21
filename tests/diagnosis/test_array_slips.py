"""Slips with arrays, orders of weights, and two mistakes in one formula are named, in three operations of training."""

from __future__ import annotations

import numpy as np
import pytest
from asked_programs import STRANGERS, Right, core, examined, sentences

from nnspec.mistakes.choices import Choice, choices


class AllPairs(Right):
    """The scores of the labels are picked by columns alone."""

    def cross_entropy(self, scores, labels, reduction):
        picked = np.log(self.softmax(scores))[:, labels]
        return -np.mean(picked) if reduction == "mean" else -np.sum(picked)

    def score_gradient(self, scores, labels, reduction):
        counts = np.array([np.sum(labels == k) for k in range(scores.shape[1])])
        error = len(labels) * self.softmax(scores) - counts
        return error / len(labels) ** 2 if reduction == "mean" else error


class WholeColumns(Right):
    def score_gradient(self, scores, labels, reduction):
        error = self.softmax(scores)
        error[:, labels] -= 1
        return error / len(labels) if reduction == "mean" else error


class WholeRows(Right):
    def score_gradient(self, scores, labels, reduction):
        error = self.softmax(scores)
        error[labels[labels < len(labels)]] -= 1
        return error / len(labels) if reduction == "mean" else error


class SoftmaxOfTheBatch(Right):
    def softmax(self, scores):
        raised = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        return raised / np.sum(raised)


class GreatestNotAdded(Right):
    def cross_entropy(self, scores, labels, reduction):
        right = super().cross_entropy(scores, labels, reduction)
        most = np.max(scores, axis=1)
        return right - (np.mean(most) if reduction == "mean" else np.sum(most))


class Reshaped(Right):
    """A reshape where a transpose is meant, for programs whose weights are (fan_out, fan_in)."""

    def read(self, network):
        return {**network, "weights": [w.reshape(w.shape[::-1]).T for w in network["weights"]]}

    def loss(self, network, inputs, labels, objective):
        return super().loss(self.read(network), inputs, labels, objective)

    def gradients(self, network, inputs, labels, objective):
        return super().gradients(self.read(network), inputs, labels, objective)

    def train(self, network, *arguments, **named):
        return STRANGERS.Right().train(self.read(network), *arguments, **named)


class DecaysBeside(Right):
    """The weights shrink beside momentum, as with AdamW and SGDW."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses, velocity = [], STRANGERS.without(network)
        for t in range(iterations):
            rows = slice(None) if batches is None else batches[t]
            losses.append(self.loss(network, inputs[rows], labels[rows], objective))
            slopes = self.gradients(network, inputs[rows], labels[rows], {**objective, "l2": 0.0})
            share = self.rate(optimizer, t) * objective["l2"]
            before = network["weights"]
            answer = self.update(network, slopes, velocity, optimizer, t)
            network, velocity = answer["network"], answer["velocity"]
            shrunk = [new - share * old for new, old in zip(network["weights"], before, strict=True)]
            network = {**network, "weights": shrunk}
        return {"losses": losses, "network": network}


class OverAllExamples(Right):
    """A batch's mean is over all examples, in the loss and in the gradients; the penalty is whole."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses, velocity = [], STRANGERS.without(network)
        for t in range(iterations):
            rows = np.arange(len(labels)) if batches is None else batches[t]
            x, y = inputs[rows], labels[rows]
            share = len(rows) / len(labels) if objective["reduction"] == "mean" else 1.0
            plain = {**objective, "l2": 0.0}
            penalty = self.loss(network, x, y, objective) - self.loss(network, x, y, plain)
            losses.append(share * self.loss(network, x, y, plain) + penalty)
            slopes = self.gradients(network, x, y, plain)
            pairs = zip(slopes["weights"], network["weights"], strict=True)
            slopes = {
                "weights": [share * g + objective["l2"] * w for g, w in pairs],
                "biases": [share * g for g in slopes["biases"]],
            }
            answer = self.update(network, slopes, velocity, optimizer, t)
            network, velocity = answer["network"], answer["velocity"]
        return {"losses": losses, "network": network}


class TanhOfHalf(Right):
    """tanh by the logistic function without its 2; the derivative is 1 − h²."""

    def forward(self, network, inputs):
        if network["activation"] != "tanh":
            return super().forward(network, inputs)
        hidden, now = [], inputs
        *below, (w, b) = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in below:
            now = 2 / (1 + np.exp(-(now @ weights + biases))) - 1
            hidden.append(now)
        return {"hidden": hidden, "scores": now @ w + b}


SAID = [
    (AllPairs, ["The loss is over all pairs of an example and the label of another"]),
    (WholeColumns, ["1 is subtracted in every row from the columns of all labels of the batch"]),
    (WholeRows, ["1 is subtracted from the whole rows whose numbers are labels"]),
    (
        SoftmaxOfTheBatch,
        ["Softmax divides by the sum over all examples and classes of the batch, after each row"],
    ),
    (GreatestNotAdded, ["The greatest score is subtracted before log Σ exp and not added again"]),
    (Reshaped, ["The weights are read in the other order, column after column"]),
    (DecaysBeside, ["The penalty shrinks the weights by μλW in each step, beside momentum"]),
    (
        OverAllExamples,
        ["The mean of a batch is divided by the number of all examples, in the loss and in its gradient"],
    ),
    (TanhOfHalf, ["The hidden layer's function is the bipolar logistic function"]),
]


@pytest.mark.parametrize(("program", "said"), SAID, ids=lambda value: getattr(value, "__name__", ""))
def test_a_slip_is_named(program, said):
    found = sentences(examined(core(program())))

    assert len(found) == len(said), found
    assert all(any(each.startswith(one) for each in found) for one in said), found


def test_two_mistakes_in_one_formula_are_both_named():
    class EpsilonOverTheClasses(Right):
        def cross_entropy(self, scores, labels, reduction):
            p = self.softmax(scores)[np.arange(len(labels)), labels]
            losses = -np.log(p + 1e-8)
            return np.mean(losses) / scores.shape[1] if reduction == "mean" else np.sum(losses)

    found = sentences(examined(core(EpsilonOverTheClasses())))

    assert len(found) == 2, found
    assert any("1e-8" in said for said in found), found


def test_a_function_and_a_derivative_of_its_own_are_both_named():
    class HalfWithoutTheSquare(TanhOfHalf):
        def gradients(self, network, inputs, labels, objective):
            kept = STRANGERS.ACTIVATIONS["tanh"]
            STRANGERS.ACTIVATIONS["tanh"] = (kept[0], lambda h: 1 - h)
            try:
                return super().gradients(network, inputs, labels, objective)
            finally:
                STRANGERS.ACTIVATIONS["tanh"] = kept

    found = sentences(examined(core(HalfWithoutTheSquare())))

    assert any("bipolar logistic" in said for said in found), found
    assert any("1 − h" in said for said in found), found


def test_every_choice_has_a_sentence_and_a_fix():
    slips = [program for program in choices() if program.table == "slips"]

    assert len(slips) > 8
    assert all(issubclass(program, Choice) and program.__doc__ and program.fix for program in slips)
