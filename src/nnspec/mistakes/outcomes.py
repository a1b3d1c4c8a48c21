"""Mistakes in whole experiments: in how fit trains, and in how well its networks classify."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import (
    Array,
    Initialization,
    Network,
    Objective,
    Optimizer,
    Parameters,
    Recipe,
)


class TrainingGivesTheInitialNetwork(Mistake):
    """Training returns the initial network."""

    clause = "outcomes.spiral-linear"
    fix = "Return the network after the last update."

    def train(self, **arguments: Any) -> dict[str, Any]:
        return {**super().train(**arguments), "network": arguments["network"]}


class FitFromUnitsThatAreAlike(Mistake):
    """A fit starts with identical hidden units, as with weights of 0, so they stay identical."""

    clause = "outcomes.spiral-relu"
    fix = "Start with small random weights, which make the hidden units different."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        zeros: Initialization = {**experiment["initialization"], "scale": 0.0}
        return super().fit(inputs, labels, {**experiment, "initialization": zeros}, seed)


class FitWithoutTheHiddenLayer(Mistake):
    """A fit leaves out the hidden layers and trains a linear classifier."""

    clause = "outcomes.moons-tanh"
    fix = "Build every layer that the sizes list."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        first, *_, last = experiment["sizes"]
        return super().fit(inputs, labels, {**experiment, "sizes": [first, last]}, seed)


class PredictsOnlyWhenSure(Mistake):
    """Class 1 is predicted only if its probability is above 0.9."""

    clause = "outcomes.moons-straight-line"
    fix = "Predict the class with the greatest probability, however small it is."

    def predict(self, network: Network, inputs: Array) -> Array:
        probabilities = self.softmax(self.forward(network, inputs)["scores"])
        probabilities[:, 1] *= probabilities[:, 1] > 0.9
        return probabilities.argmax(axis=1)


class FitAtAHundredthOfTheRate(Mistake):
    """A fit uses a hundredth of the learning rate."""

    clause = "outcomes.circles-momentum"
    fix = "Use the experiment's learning rate."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        optimizer: Optimizer = experiment["optimizer"]
        slow: Optimizer = {**optimizer, "learning_rate": optimizer["learning_rate"] / 100}
        return super().fit(inputs, labels, {**experiment, "optimizer": slow}, seed)


class FitWithOneHiddenUnit(Mistake):
    """A fit gives every hidden layer one unit, whatever the sizes say."""

    clause = "outcomes.moons-hidden-sizes"
    fix = "Give every layer as many units as the sizes say."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        first, *hidden, last = experiment["sizes"]
        return super().fit(inputs, labels, {**experiment, "sizes": [first, *(1 for _ in hidden), last]}, seed)


class FitWithoutThePenalty(Mistake):
    """A fit leaves out the penalty."""

    clause = "outcomes.best-linear-classifier"
    fix = "Use the experiment's objective, with its penalty."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        objective: Objective = {**experiment["objective"], "l2": 0.0}
        return super().fit(inputs, labels, {**experiment, "objective": objective}, seed)


class FitWithoutTheSchedule(Mistake):
    """A fit keeps the initial learning rate, whatever the schedule says."""

    clause = "outcomes.linear-classifier-on-the-way"
    fix = "Lower the learning rate in every iteration as the experiment's schedule says."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        optimizer: Optimizer = {**experiment["optimizer"], "schedule": None}
        return super().fit(inputs, labels, {**experiment, "optimizer": optimizer}, seed)


class FitDrawsItsBiases(Mistake):
    """A fit draws the initial biases of a layer from N(0, 1/fan-in) where the experiment starts them at 0."""

    clause = "outcomes.weights-near-zero"
    fix = "Start all biases at 0 if the experiment says so; a layer of a library may draw them by itself."
    fitting = False

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        self.fitting = True
        fitted = super().fit(inputs, labels, experiment, seed)
        self.fitting = False
        return fitted

    def initialize(
        self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
    ) -> Network:
        network = super().initialize(normals, sizes, activation, initialization)
        if not self.fitting or initialization["biases"] == "normals":
            return network
        pairs = zip(normals["biases"], sizes[:-1], strict=True)
        return {**network, "biases": [biases / np.sqrt(fan_in) for biases, fan_in in pairs]}


class FitShufflesTheInputsAlone(Mistake):
    """A fit on minibatches shuffles the inputs but not the labels."""

    clause = "training.minibatches"
    fix = "Shuffle the labels with the same permutation as the inputs."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        if experiment["batch_size"] is not None:
            inputs = np.random.default_rng(seed).permutation(inputs)
        return super().fit(inputs, labels, experiment, seed)


class FitOnePassTooFew(Mistake):
    """A fit on minibatches makes one pass through the examples too few, as a loop over range(1, passes) does."""

    clause = "training.minibatches"
    fix = "Count the passes from 0 to the last, or from 1 to the last inclusive."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        iterations = experiment["iterations"]
        if experiment["batch_size"] is not None:
            iterations = max(0, iterations - math.ceil(len(labels) / experiment["batch_size"]))
        return super().fit(inputs, labels, {**experiment, "iterations": iterations}, seed)


class PredictsFromTheFirstInput(Mistake):
    """Predictions use only the first input, so the boundaries between the classes are vertical lines."""

    clause = "outcomes.circles-surrounded"
    fix = "Use all inputs for a prediction."

    def predict(self, network: Network, inputs: Array) -> Array:
        first = inputs.copy()
        first[:, 1:] = 0
        return super().predict(network, first)
