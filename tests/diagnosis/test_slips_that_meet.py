"""Slips with labels, batches and formulas are named in three operations of training, alone and two at once."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from asked_programs import STRANGERS, Right, core, examined, sentences


class TheNumberBefore(Right):
    """The index into the flat matrix is one too small."""

    def places(self, scores, labels):
        return np.arange(len(labels)) * scores.shape[1] + labels - 1

    def cross_entropy(self, scores, labels, reduction):
        losses = -np.log(self.softmax(scores)).ravel()[self.places(scores, labels)]
        return np.mean(losses) if reduction == "mean" else np.sum(losses)

    def score_gradient(self, scores, labels, reduction):
        target = np.zeros(scores.size)
        np.add.at(target, self.places(scores, labels), 1)
        target = target.reshape(scores.shape)
        error = self.softmax(scores) * np.sum(target, axis=1)[:, None] - target
        return error / len(labels) if reduction == "mean" else error


class OneTargetForAll(Right):
    """Every row gets the targets of all labels, and softmax passes them all back."""

    def score_gradient(self, scores, labels, reduction):
        target = np.zeros(scores.shape)
        target[:, labels] = 1
        error = self.softmax(scores) * np.sum(target, axis=1)[:, None] - target
        return error / len(labels) if reduction == "mean" else error


class NothingSubtracted(Right):
    def score_gradient(self, scores, labels, reduction):
        return self.softmax(scores) / (len(labels) if reduction == "mean" else 1)


class LogarithmOfTheMean(Right):
    def cross_entropy(self, scores, labels, reduction):
        loss = -np.log(np.mean(self.softmax(scores)[np.arange(len(labels)), labels]))
        return loss if reduction == "mean" else loss * len(labels)


class SquaredSums(Right):
    """np.sum(W, axis=1) ** 2 in place of np.sum(W ** 2, axis=1)."""

    def loss(self, network, inputs, labels, objective):
        data = super().loss(network, inputs, labels, {**objective, "l2": 0.0})
        squares = sum(np.sum(np.sum(w, axis=1) ** 2) for w in network["weights"])
        return data + 0.5 * objective["l2"] * squares


class SlopeOfTheCube(Right):
    """The derivative of tanh is 1 − h³, which no table has."""

    def gradients(self, network, inputs, labels, objective):
        kept = STRANGERS.ACTIVATIONS["tanh"]
        STRANGERS.ACTIVATIONS["tanh"] = (kept[0], lambda h: 1 - h**3)
        try:
            return super().gradients(network, inputs, labels, objective)
        finally:
            STRANGERS.ACTIVATIONS["tanh"] = kept


class TwoInPlaceOfOne(Right):
    """μ / (2 + decay · t), which no table has."""

    def rate(self, optimizer, t):
        schedule = optimizer["schedule"]
        if schedule is None or schedule["kind"] != "inverse_time":
            return super().rate(optimizer, t)
        return optimizer["learning_rate"] / (2 + schedule["decay"] * t)


class MeanInPlaceOfTheSum(Right):
    """−f_y + log of the mean of exp f, not of their sum."""

    def cross_entropy(self, scores, labels, reduction):
        losses = np.log(np.mean(np.exp(scores), axis=1)) - scores[np.arange(len(labels)), labels]
        return np.mean(losses) if reduction == "mean" else np.sum(losses)


class BinaryInTheLossAlone(Right):
    """−log p_y − Σ log(1 − p + ε) over the other classes."""

    def cross_entropy(self, scores, labels, reduction):
        target = np.eye(scores.shape[1])[labels]
        wrong = np.sum((1 - target) * np.log(1 - self.softmax(scores) + 1e-12), axis=1)
        extra = np.mean(wrong) if reduction == "mean" else np.sum(wrong)
        return super().cross_entropy(scores, labels, reduction) - extra


class Backward(Right):
    """A backward pass whose steps can be changed."""

    guided = biases_first = False
    stops_at = 0

    def gradients(self, network, inputs, labels, objective):
        answer = self.forward(network, inputs)
        error = self.score_gradient(answer["scores"], labels, objective["reduction"])
        weights, biases, before = [], [], error
        for layer in range(len(network["weights"]) - 1, -1, -1):
            below, stopped = answer["hidden"][layer - 1] if layer else inputs, layer < self.stops_at
            slope = below.T @ (0 * error if stopped else error)
            weights.append(slope + objective["l2"] * network["weights"][layer])
            biases.append(np.sum(0 * error if stopped else before if self.biases_first else error, axis=0))
            if layer:
                before = error @ network["weights"][layer].T
                error = before * STRANGERS.ACTIVATIONS[network["activation"]][1](below)
                if self.guided and network["activation"] == "relu":
                    error = np.where(before > 0, error, 0)
        return {"weights": weights[::-1], "biases": biases[::-1]}


def backward(**changes):
    """A program with a backward pass that is changed so."""
    return type("Changed", (Backward,), changes)


class ConstantRateOfBiases(Right):
    """The schedule is for the first group of parameters alone."""

    def update(self, network, gradients, velocity, optimizer, iteration):
        both = [
            super(ConstantRateOfBiases, self).update(network, gradients, velocity, each, iteration)
            for each in (optimizer, {**optimizer, "schedule": None})
        ]
        return {
            part: {**both[0][part], "biases": both[1][part]["biases"]} for part in ("network", "velocity")
        }


class KeepsTheBest(Right):
    """Returns the network of the least loss, before its update."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        arguments = (inputs, labels, objective, optimizer)
        run = super().train(network, *arguments, iterations, batches)
        best = iterations - 1 - int(np.argmin(run["losses"][::-1])) if iterations else 0
        return {**run, "network": super().train(network, *arguments, best, batches)["network"]}


class Loops(Right):
    """A loop whose parts can be changed."""

    labels_of_the_first = by_share = in_gradients_alone = at_the_first_network = shrinks_too = False

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses, velocity, first = [], STRANGERS.without(network), network
        for t in range(iterations):
            rows = np.arange(len(labels)) if batches is None else np.asarray(batches[t])
            x, y = inputs[rows], labels[: len(rows)] if self.labels_of_the_first else labels[rows]
            share = len(rows) / len(labels) if self.by_share else 1.0
            at = first if self.at_the_first_network else network
            loss = self.loss(at, x, y, objective)
            losses.append(loss if self.in_gradients_alone else share * loss)
            slopes = self.gradients(at, x, y, objective)
            slopes = {part: [share * g for g in slopes[part]] for part in slopes}
            before = network["weights"]
            answer = self.update(network, slopes, velocity, optimizer, t)
            network, velocity = answer["network"], answer["velocity"]
            if self.shrinks_too:
                part = self.rate(optimizer, t) * objective["l2"]
                shrunk = [new - part * old for new, old in zip(network["weights"], before, strict=True)]
                network = {**network, "weights": shrunk}
        return {"losses": losses, "network": network}


def loop(**changes):
    """A program with a loop that is changed so."""
    return type("Changed", (Loops,), changes)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (TheNumberBefore, ["The loss and its gradient take the number before the label's in the matrix"]),
        (OneTargetForAll, ["Every row gets the targets of all labels of the batch"]),
        (NothingSubtracted, ["The gradient on the scores is p: 1 is never subtracted at the label."]),
        (LogarithmOfTheMean, ["The loss is the logarithm of the mean probability of the labels"]),
        (SquaredSums, ["The loss adds λ · ½ Σ_i (Σ_j w_ij)²"]),
        (SlopeOfTheCube, ["The derivative of tanh is 1 − h³, with the output h of a unit"]),
        (TwoInPlaceOfOne, ["1/t decay is μ / (2 + decay · t), instead of μ / (1 + decay · t)."]),
        (MeanInPlaceOfTheSum, ["The loss of an example is the cross-entropy of the exponentials divided by"]),
        (BinaryInTheLossAlone, ["The loss of an example is the binary cross-entropy over all classes"]),
        (backward(guided=True), ["The backward pass of ReLU drops negative gradients too"]),
        (backward(biases_first=True), ["The gradients on the hidden biases are taken before"]),
        (backward(stops_at=1), ["The backward pass ends before the first layer, whose gradients have"]),
        (ConstantRateOfBiases, ["The schedule changes the rate of the weights alone"]),
        (KeepsTheBest, ["The network of the least loss is returned instead of the last one."]),
        (loop(by_share=True), ["The loss and the gradients of a batch are multiplied by its share"]),
        (loop(by_share=True, in_gradients_alone=True), ["The gradients of a batch are multiplied by its"]),
        (loop(at_the_first_network=True), ["The losses and the gradients of every iteration are those at"]),
        (loop(shrinks_too=True), ["The weights are shrunk by μλW in each step, besides the penalty"]),
        (
            loop(by_share=True, labels_of_the_first=True),
            [
                "A batch takes its own inputs, but the labels of the first examples",
                "The loss and the gradients of a batch are multiplied by its share",
            ],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_slip_is_named(program, said):
    found = sentences(examined(core(program())))

    assert len(found) == len(said), found
    assert all(any(each.startswith(one) for each in found) for one in said), found


def test_hidden_outputs_before_the_activation_are_told():
    class Inputs(Right):
        def forward(self, network, inputs):
            answer = super().forward(network, inputs)
            below = zip([inputs, *answer["hidden"]], network["weights"], network["biases"], strict=True)
            return {**answer, "hidden": [x @ w + b for x, w, b in below][:-1]}

    program = SimpleNamespace(describe=lambda: {"name": "a program"}, forward=Inputs().forward)

    (said,) = sentences(examined(program))

    assert said == "The hidden outputs that forward() returns are those before the activation."


def test_a_slip_and_a_cause_of_the_catalogue_in_one_formula_are_both_named():
    class ColumnsNotDivided(Right):
        def score_gradient(self, scores, labels, reduction):
            del reduction
            error = self.softmax(scores)
            error[:, labels] -= 1
            return error

    assert sentences(examined(core(ColumnsNotDivided()))) == {
        "The gradient of the mean cross-entropy is not divided by N.",
        "1 is subtracted in every row from the columns of all labels of the batch, as by p[:, labels] −= 1.",
    }


def starting(initial):
    """A program that offers ``initialize`` alone; initial: from a layer's normals, the recipe and the activation."""

    def initialize(normals, activation, initialization, **_sizes):
        weights = [initial(w, initialization, activation) for w in normals["weights"]]
        scale = initialization["scale"] if initialization["biases"] == "normals" else 0.0
        return {
            "weights": weights,
            "biases": [scale * b for b in normals["biases"]],
            "activation": activation,
        }

    return SimpleNamespace(describe=lambda: {"name": "a start"}, initialize=initialize)


def spread(fan, initialization):
    """The standard deviation of weights, with another size in place of fan_in."""
    return initialization["scale"] / (np.sqrt(fan) if initialization["fan_in"] else 1)


def test_weights_in_another_order_by_another_size_are_both_told():
    program = starting(lambda w, recipe, _: w.reshape(w.shape[::-1]).T * spread(w.shape[1], recipe))

    (said,) = sentences(examined(program))

    assert said.startswith("The normals of the weights are read in the other order")
    assert "scale/√fan_out" in said


def test_a_factor_of_one_activation_is_told_of_that_activation_alone():
    program = starting(
        lambda w, recipe, activation: (
            w * spread(w.shape[0], recipe) * (np.sqrt(2) if activation == "relu" and recipe["fan_in"] else 1)
        )
    )

    (said,) = sentences(examined(program))

    assert said.startswith("With relu, the initial weights are √2 · scale/√fan_in times the normals")


def test_biases_that_are_divided_where_the_weights_are_are_told():
    def initialize(normals, activation, initialization, **_sizes):
        factors = [spread(w.shape[0], initialization) for w in normals["weights"]]
        weights = [f * w for f, w in zip(factors, normals["weights"], strict=True)]
        drawn = initialization["biases"] == "normals"
        biases = [f * b * drawn for f, b in zip(factors, normals["biases"], strict=True)]
        return {"weights": weights, "biases": biases, "activation": activation}

    program = SimpleNamespace(describe=lambda: {"name": "a start"}, initialize=initialize)

    (said,) = sentences(examined(program))

    assert (
        said == "Initial biases that are drawn are divided by √fan_in like the weights, if the weights are."
    )
