"""Mistakes that show in a training run, most of them only there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters


class LearningRateAThousandthOff(Mistake):
    """Training uses 0.999 times the learning rate."""

    clause = "training.spiral-linear"
    fix = "Use the learning rate unchanged."

    def train(self, **arguments: Any) -> dict[str, Any]:
        optimizer = {
            **arguments["optimizer"],
            "learning_rate": 0.999 * arguments["optimizer"]["learning_rate"],
        }
        return super().train(**{**arguments, "optimizer": optimizer})


class LearningRateLowerAfter100Iterations(Mistake):
    """From iteration 100 on, the learning rate is a hundredth lower, although no schedule says so."""

    clause = "training.spiral-linear"
    fix = "Lower the learning rate only if a schedule says so."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return super().learning_rate(optimizer, iteration) * (0.99 if iteration >= 100 else 1)


class ReLUDerivativeWithAThreshold(Mistake):
    """ReLU's derivative is 1 only where the output is above 1e-5."""

    clause = "training.spiral-relu"
    fix = "Compare with 0: small initial weights give small outputs."

    def relu_derivative(self, h: Array) -> Array:
        return h > 1e-5


class SaturatedUnitsStopped(Mistake):
    """A tanh unit whose output is within a thousandth of ±1 passes on no gradient."""

    clause = "training.moons-tanh"
    fix = "Use 1 − h² for every output: near ±1 it is small, not 0."

    def tanh_derivative(self, h: Array) -> Array:
        return super().tanh_derivative(h) * (np.abs(h) < 0.999)


class SaturatedLogisticUnitsStopped(Mistake):
    """A logistic unit whose output is within a thousandth of 0 or 1 passes on no gradient."""

    clause = "gradients.far-activations"
    fix = "Use h (1 − h) for every output: near 0 and 1 it is small, not 0."

    def logistic_derivative(self, h: Array) -> Array:
        return super().logistic_derivative(h) * (np.abs(h - 0.5) < 0.499)


class VelocityForgottenEvery100Iterations(Mistake):
    """The velocity is reset to 0 after every 100 iterations."""

    clause = "training.circles-momentum"
    fix = "Keep the velocity for the whole run."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if arguments["iteration"] % 100 == 99:
            network: Network = arguments["network"]
            after["velocity"] = self.zero_velocity(network)
        return after


class ScheduleIgnoredInTraining(Mistake):
    """Training keeps the initial learning rate, although a single update follows the schedule."""

    clause = "training.annealing"
    fix = "Pass the schedule to the update."

    def train(self, **arguments: Any) -> dict[str, Any]:
        return super().train(**{**arguments, "optimizer": {**arguments["optimizer"], "schedule": None}})


class ScheduleAdvancesOnceAPass(Mistake):
    """With minibatches, the schedule advances once a pass through the examples instead of once an iteration."""

    clause = "training.schedules-and-minibatches"
    fix = "Give the schedule the number of the iteration: every minibatch is one."
    batches_a_pass = 1

    def train(self, **arguments: Any) -> dict[str, Any]:
        if arguments["batches"]:
            self.batches_a_pass = math.ceil(len(arguments["labels"]) / len(arguments["batches"][0]))
        try:
            return super().train(**arguments)
        finally:
            self.batches_a_pass = 1

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return super().learning_rate(optimizer, iteration // self.batches_a_pass)


class NoPenaltyTakenForTheUsual(Mistake):
    """In training, a penalty of 0 is treated as missing and replaced by 0.01."""

    clause = "training.zeros"
    fix = "Test for None, not for truth: without a penalty, λ is 0."

    def train(self, **arguments: Any) -> dict[str, Any]:
        objective = arguments["objective"]
        return super().train(**{**arguments, "objective": {**objective, "l2": objective["l2"] or 0.01}})


def keep_zero_biases(before: Network, after: dict[str, Any]) -> dict[str, Any]:
    """The update, except that layers whose biases are all 0 keep them."""
    pairs = zip(before["biases"], after["network"]["biases"], strict=True)
    biases = [new if old.any() else old for old, new in pairs]
    return {**after, "network": {**after["network"], "biases": biases}}


class TrainsWithTanhAlways(Mistake):
    """Training always uses tanh, whatever the network's activation."""

    clause = "training.other-activations"
    fix = "Use the network's own activation and its derivative."

    def train(self, **arguments: Any) -> dict[str, Any]:
        return super().train(**{**arguments, "network": {**arguments["network"], "activation": "tanh"}})


class LogisticBiasesOfZeroStay(Mistake):
    """In a logistic network, a layer whose biases are all 0 is treated as having none, so they stay 0."""

    clause = "training.other-activations"
    fix = "Update every bias, even if it is 0."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after, before = super().update(**arguments), arguments["network"]
        return keep_zero_biases(before, after) if before["activation"] == "logistic" else after


class TwoClassesLearn(Mistake):
    """Only the scores of the first two classes get a gradient."""

    clause = "training.three-classes"
    fix = "Give all K scores a gradient."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        gradient[:, 2:] = 0
        return gradient


class TwoLayersLearn(Mistake):
    """Only the last two layers get a gradient, as in a program written for one hidden layer."""

    clause = "training.four-layers"
    fix = "Run the backward pass through all layers."

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        for kind in ("weights", "biases"):
            arrays = gradients[kind]
            gradients[kind] = [np.zeros_like(array) for array in arrays[:-2]] + arrays[-2:]
        return gradients


class BiasesOfZeroStayInDeeperNetworks(Mistake):
    """With several hidden layers, a layer whose biases are all 0 is treated as having none, so they stay 0."""

    clause = "training.four-layers"
    fix = "Update every bias, even if it is 0."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after, before = super().update(**arguments), arguments["network"]
        return keep_zero_biases(before, after) if len(before["weights"]) > 2 else after


class LearningRateHalvedWhenTheLossRises(Mistake):
    """The learning rate is halved whenever the loss rises."""

    clause = "training.stored-states"
    fix = "Keep the learning rate: the loss may rise now and then."
    factor = 1.0
    last: float | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.last = np.inf
        trained = super().train(**arguments)
        self.factor, self.last = 1.0, None
        return trained

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        value = super().objective(network, scores, labels, objective)
        if self.last is not None:
            self.factor, self.last = self.factor / (2 if value > self.last else 1), value
        return value

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return self.factor * super().learning_rate(optimizer, iteration)


class TrainingStopsEarly(Mistake):
    """Training stops once the loss changes by less than a millionth, and repeats the last loss."""

    clause = "training.stored-states"
    fix = "Run all the iterations that are requested."

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        still = np.flatnonzero(np.abs(np.diff(trained["losses"])) < 1e-6)
        if not len(still):
            return trained
        early = super().train(**{**arguments, "iterations": int(still[0]) + 1})
        missing = arguments["iterations"] - len(early["losses"])
        return {**early, "losses": early["losses"] + early["losses"][-1:] * missing}


class WeightDecayWithoutTheRate(Mistake):
    """A step shrinks the weights by λ W instead of μ λ W, which a learning rate of 1 hides."""

    clause = "training.revealing-runs"
    fix = "Add λ W to the gradient, so that the learning rate scales it too."
    rate = 1.0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.rate = arguments["optimizer"]["learning_rate"]
        try:
            return super().train(**arguments)
        finally:
            self.rate = 1.0

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return super().penalty_gradient(weights, l2) / self.rate


class MeanOverAFullMinibatch(Mistake):
    """With minibatches, the mean's gradient is divided by the first batch's size, even if the last is shorter."""

    clause = "training.revealing-runs"
    fix = "Divide by the number of examples in the minibatch itself."
    size: int | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.size = None if arguments["batches"] is None else len(arguments["batches"][0])
        try:
            return super().train(**arguments)
        finally:
            self.size = None

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        return gradient * len(labels) / self.size if self.size and reduction == "mean" else gradient
