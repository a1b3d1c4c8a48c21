"""Mistakes in training that show in a run, and most of them only there."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters


class LearningRateAThousandthOff(Mistake):
    """Training uses 0.999 of the learning rate."""

    clause = "training.spiral-linear"
    fix = "Use the learning rate as it is given."

    def train(self, **told: Any) -> dict[str, Any]:
        optimizer = {**told["optimizer"], "learning_rate": 0.999 * told["optimizer"]["learning_rate"]}
        return super().train(**{**told, "optimizer": optimizer})


class LearningRateLowerAfter100Iterations(Mistake):
    """From iteration 100 on the learning rate is a hundredth lower, though no schedule asks for it."""

    clause = "training.spiral-linear"
    fix = "Lower the learning rate only where a schedule says so."

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        return super().learning_rate(optimizer, iteration) * (0.99 if iteration >= 100 else 1)


class ReLUDerivativeWithAThreshold(Mistake):
    """ReLU's derivative is 1 only where the output is above 1e-5."""

    clause = "training.spiral-relu"
    fix = "Compare with 0: with small initial weights, small outputs are usual."

    def relu_derivative(self, h: Array) -> Array:
        return h > 1e-5


class SaturatedUnitsStopped(Mistake):
    """A tanh unit whose output is within a thousandth of ±1 passes no gradient on."""

    clause = "training.moons-tanh"
    fix = "Use 1 − h² for every output: near ±1 it is small, not 0."

    def tanh_derivative(self, h: Array) -> Array:
        return super().tanh_derivative(h) * (np.abs(h) < 0.999)


class VelocityForgottenEvery100Iterations(Mistake):
    """The velocity is set to 0 after every hundredth iteration."""

    clause = "training.circles-momentum"
    fix = "Keep the velocity for the whole run."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        if named["iteration"] % 100 == 99:
            network: Network = named["network"]
            after["velocity"] = self.zero_velocity(network)
        return after


class ScheduleIgnoredInTraining(Mistake):
    """Training keeps the initial learning rate, though a single update follows the schedule."""

    clause = "training.annealing"
    fix = "Hand the schedule on to the update."

    def train(self, **told: Any) -> dict[str, Any]:
        return super().train(**{**told, "optimizer": {**told["optimizer"], "schedule": None}})


def biases_of_zero_kept(before: Network, after: dict[str, Any]) -> dict[str, Any]:
    """An update that leaves the biases of a layer as they are where all of them are 0."""
    pairs = zip(before["biases"], after["network"]["biases"], strict=True)
    biases = [new if old.any() else old for old, new in pairs]
    return {**after, "network": {**after["network"], "biases": biases}}


class TrainsWithTanhAlways(Mistake):
    """Training uses tanh whatever activation the network has."""

    clause = "training.other-activations"
    fix = "Use the network's own activation and its derivative."

    def train(self, **told: Any) -> dict[str, Any]:
        return super().train(**{**told, "network": {**told["network"], "activation": "tanh"}})


class LogisticBiasesOfZeroStay(Mistake):
    """The biases of a layer of a logistic network are taken for none where all are 0, and stay so."""

    clause = "training.other-activations"
    fix = "Update every bias, one that is 0 too."

    def update(self, **named: Any) -> dict[str, Any]:
        after, before = super().update(**named), named["network"]
        return biases_of_zero_kept(before, after) if before["activation"] == "logistic" else after


class TwoClassesLearn(Mistake):
    """Only the scores of the first two classes get a gradient."""

    clause = "training.three-classes"
    fix = "Give all K scores their gradient."

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        gradient[:, 2:] = 0
        return gradient


class TwoLayersLearn(Mistake):
    """Only the last two layers get a gradient, as in a program that was written for one hidden layer."""

    clause = "training.four-layers"
    fix = "Let the backward pass run through all layers."

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        for kind in ("weights", "biases"):
            arrays = gradients[kind]
            gradients[kind] = [np.zeros_like(array) for array in arrays[:-2]] + arrays[-2:]
        return gradients


class BiasesOfZeroStayInDeeperNetworks(Mistake):
    """With several hidden layers, the biases of a layer are taken for none where all are 0, and stay so."""

    clause = "training.four-layers"
    fix = "Update every bias, one that is 0 too."

    def update(self, **named: Any) -> dict[str, Any]:
        after, before = super().update(**named), named["network"]
        return biases_of_zero_kept(before, after) if len(before["weights"]) > 2 else after


class LearningRateHalvedWhenTheLossRises(Mistake):
    """Whenever the loss has risen, the learning rate is halved from then on."""

    clause = "training.stored-states"
    fix = "Keep the learning rate: a loss that rises now and then is part of the run."
    factor = 1.0
    last: float | None = None

    def train(self, **told: Any) -> dict[str, Any]:
        self.last = np.inf
        trained = super().train(**told)
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
    """Training stops when the loss has changed by less than a millionth, and repeats the last loss."""

    clause = "training.stored-states"
    fix = "Do as many iterations as are asked for."

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        still = np.flatnonzero(np.abs(np.diff(trained["losses"])) < 1e-6)
        if not len(still):
            return trained
        early = super().train(**{**told, "iterations": int(still[0]) + 1})
        missing = told["iterations"] - len(early["losses"])
        return {**early, "losses": early["losses"] + early["losses"][-1:] * missing}


class WeightDecayWithoutTheRate(Mistake):
    """Training shrinks the weights by λ W in a step instead of μ λ W, which a learning rate of 1 hides."""

    clause = "training.revealing-runs"
    fix = "Add λ W to the gradient, so that the learning rate scales it too."
    rate = 1.0

    def train(self, **told: Any) -> dict[str, Any]:
        self.rate = told["optimizer"]["learning_rate"]
        try:
            return super().train(**told)
        finally:
            self.rate = 1.0

    def penalty_gradient(self, weights: Array, l2: float) -> Array:
        return super().penalty_gradient(weights, l2) / self.rate


class MeanOverAFullMinibatch(Mistake):
    """With minibatches the gradient of the mean is over the size of the first, also where the last is shorter."""

    clause = "training.revealing-runs"
    fix = "Divide by the number of examples that the minibatch has."
    size: int | None = None

    def train(self, **told: Any) -> dict[str, Any]:
        self.size = None if told["batches"] is None else len(told["batches"][0])
        try:
            return super().train(**told)
        finally:
            self.size = None

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        return gradient * len(labels) / self.size if self.size and reduction == "mean" else gradient
