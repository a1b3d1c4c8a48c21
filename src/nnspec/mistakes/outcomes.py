"""Mistakes in whole experiments: what fit does with them, and how well its networks classify."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Initialization, Network, Optimizer, Recipe


class TrainingGivesTheInitialNetwork(Mistake):
    """Training hands back the network that it began with."""

    clause = "outcomes.spiral-linear"
    fix = "Hand back the network after the last update."

    def train(self, **told: Any) -> dict[str, Any]:
        return {**super().train(**told), "network": told["network"]}


class FitFromUnitsThatAreAlike(Mistake):
    """A fit begins with hidden units that are all alike, such as with weights 0, and so they stay alike."""

    clause = "outcomes.spiral-relu"
    fix = "Begin with small random weights, which tell the hidden units apart."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        zeros: Initialization = {**experiment["initialization"], "scale": 0.0}
        return super().fit(inputs, labels, {**experiment, "initialization": zeros}, seed)


class FitWithoutTheHiddenLayer(Mistake):
    """A fit leaves the hidden layers out and trains a straight line."""

    clause = "outcomes.moons-tanh"
    fix = "Build all the layers that the sizes name."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        first, *_, last = experiment["sizes"]
        return super().fit(inputs, labels, {**experiment, "sizes": [first, last]}, seed)


class PredictsOnlyWhenSure(Mistake):
    """Class 1 is predicted only where its probability is above 0.9."""

    clause = "outcomes.moons-straight-line"
    fix = "Predict the class with the greatest probability, however small it is."

    def predict(self, network: Network, inputs: Array) -> Array:
        probabilities = self.softmax(self.forward(network, inputs)["scores"])
        probabilities[:, 1] *= probabilities[:, 1] > 0.9
        return probabilities.argmax(axis=1)


class FitAtAHundredthOfTheRate(Mistake):
    """A fit uses a hundredth of the learning rate."""

    clause = "outcomes.circles-momentum"
    fix = "Use the learning rate of the experiment."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        optimizer: Optimizer = experiment["optimizer"]
        slow: Optimizer = {**optimizer, "learning_rate": optimizer["learning_rate"] / 100}
        return super().fit(inputs, labels, {**experiment, "optimizer": slow}, seed)


class FitWithOneHiddenUnit(Mistake):
    """A fit gives every hidden layer one unit, whatever its size should be."""

    clause = "outcomes.moons-hidden-sizes"
    fix = "Give every layer as many units as the sizes say."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        first, *hidden, last = experiment["sizes"]
        return super().fit(inputs, labels, {**experiment, "sizes": [first, *(1 for _ in hidden), last]}, seed)


class FitShufflesTheInputsAlone(Mistake):
    """A fit on minibatches shuffles the inputs, and leaves the labels as they were."""

    clause = "training.minibatches"
    fix = "Shuffle the labels by the same permutation as the inputs."

    def fit(self, inputs: Array, labels: Array, experiment: Recipe, seed: int) -> Network:
        if experiment["batch_size"] is not None:
            inputs = np.random.default_rng(seed).permutation(inputs)
        return super().fit(inputs, labels, experiment, seed)


class PredictsFromTheFirstInput(Mistake):
    """Predictions look at the first input alone, so that the class is decided by a vertical line or a strip."""

    clause = "outcomes.circles-surrounded"
    fix = "Use all the inputs for a prediction."

    def predict(self, network: Network, inputs: Array) -> Array:
        first = inputs.copy()
        first[:, 1:] = 0
        return super().predict(network, first)
