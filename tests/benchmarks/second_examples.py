"""Programs that are wrong in a way that the catalogue does not have, each one more of its kind.

``clause`` names the clause that refuses it; ``DocumentsFormulas`` is right as far as the documents' own formulas are.
"""

from __future__ import annotations

import math

import numpy as np

from nnspec.reference import Reference


class LossShiftedByTheLastScore(Reference):
    clause = "losses.scores-far-apart"

    def cross_entropy(self, scores, labels, reduction):
        shifted = scores - scores[:, -1:]
        total = (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]).sum()
        return total / len(labels) if reduction == "mean" else total


class GradientShiftedByTheLeastScoreOfAll(Reference):
    clause = "gradients.scores-far-apart"

    def score_gradient(self, scores, labels, reduction):
        exponentials = np.exp(scores - scores.min())
        delta = exponentials / exponentials.sum(axis=1, keepdims=True)
        delta[np.arange(len(labels)), labels] -= 1
        return delta / len(labels) if reduction == "mean" else delta


class LossCappedAtTwenty(Reference):
    clause = "losses.unlikely-labels"

    def cross_entropy(self, scores, labels, reduction):
        total = np.minimum(-self.log_softmax(scores)[np.arange(len(labels)), labels], 20).sum()
        return total / len(labels) if reduction == "mean" else total


class ReLUCappedAtAHundred(Reference):
    clause = "losses.far-activations"

    def relu(self, z):
        return np.clip(z, 0, 100)


class TanhFromOneExponential(Reference):
    clause = "losses.far-activations"

    def tanh(self, z):
        return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


class DerivativeOfClippedOutputs(Reference):
    clause = "gradients.far-activations"

    def logistic_derivative(self, h):
        return super().logistic_derivative(np.clip(h, 1e-7, 1 - 1e-7))


class VelocityForgottenAfterAPass(Reference):
    clause = "training.schedules-and-minibatches"
    batches_a_pass = 0

    def train(self, **arguments):
        first = (arguments["batches"] or [arguments["labels"]])[0]
        self.batches_a_pass = math.ceil(len(arguments["labels"]) / len(first))
        return super().train(**arguments)

    def update(self, **arguments):
        after = super().update(**arguments)
        if self.batches_a_pass > 1 and (arguments["iteration"] + 1) % self.batches_a_pass == 0:
            after["velocity"] = self.zero_velocity(arguments["network"])
        return after


class RateNeverBelowAThousandth(Reference):
    clause = "training.fast-decay"

    def learning_rate(self, optimizer, iteration):
        return max(super().learning_rate(optimizer, iteration), 1e-3)


class MomentumOfZeroTakenForAHalf(Reference):
    clause = "training.zeros"

    def velocity(self, old, gradient, rate, optimizer):
        return super().velocity(old, gradient, rate, {**optimizer, "momentum": optimizer["momentum"] or 0.5})


class TargetsAsFlatIndicesInTheirType(Reference):
    clause = "training.label-types"

    def score_gradient(self, scores, labels, reduction):
        delta = self.softmax(scores)
        rows = (np.arange(len(labels)) * scores.shape[1]).astype(labels.dtype)
        delta.reshape(-1)[(rows + labels) % delta.size] -= 1
        return delta / len(labels) if reduction == "mean" else delta


class LossOverTheDistinctExamples(Reference):
    clause = "gradients.repeated-examples"

    def cross_entropy(self, scores, labels, reduction):
        distinct = len(np.unique(np.column_stack([scores, labels]), axis=0))
        total = super().cross_entropy(scores, labels, "sum")
        return total / distinct if reduction == "mean" else total


class FitOnTheFirstBatches(Reference):
    clause = "outcomes.every-minibatch"

    def shuffled_batches(self, *arguments):
        batches = super().shuffled_batches(*arguments)
        return [batches[number % 2] for number in range(len(batches))]


class FitPenalisesTheBiases(Reference):
    clause = "outcomes.best-linear-classifier"

    def backward(self, network, *forward):
        gradients = super().backward(network, *forward)
        gradients["biases"] = [
            gradient + forward[-1]["l2"] * bias
            for gradient, bias in zip(gradients["biases"], network["biases"], strict=True)
        ]
        return gradients


class FitAtTwoThirdsOfTheRate(Reference):
    clause = "outcomes.linear-classifier-on-the-way"

    def learning_rate(self, optimizer, iteration):
        return super().learning_rate(optimizer, iteration) * 2 / 3


WRONG = [
    program for program in list(vars().values()) if isinstance(program, type) and hasattr(program, "clause")
]
