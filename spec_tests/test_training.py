"""Training: initial parameters, the loop, and the losses that the documents print."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from nnspec import cases, printed
from nnspec.clauses import clause
from nnspec.documents import cs231n, roelants, wildml
from nnspec.experiments import (
    CIRCLES_MOMENTUM,
    EXPERIMENTS,
    FAN_IN,
    MOONS_TANH,
    SMALL,
    SMALL_WITH_BIASES,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
    gradient_descent,
)
from nnspec.judging import assert_agrees, assert_within
from nnspec.reference.values import Initialization
from nnspec.traces import assert_follows, assert_prints


class InitializationTests:
    """The tests that every way of drawing initial parameters has."""

    initialization: Initialization

    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes)
    def test_from_given_normals(self, assert_right, random, activation, sizes):
        normals = cases.like(random, sizes)
        told = {"sizes": list(sizes), "activation": activation, "initialization": self.initialization}
        assert_right("initialize", normals=normals, **told)


@clause(
    "training.small-initialization", operations=["initialize"], sources=[cs231n("Initialize the parameters")]
)
class TestSmallInitialization(InitializationTests):
    """Initial weights are 0.01 · N(0, 1), initial biases 0."""

    initialization = SMALL


@clause("training.fan-in-initialization", operations=["initialize"], sources=[wildml("Implementation")])
class TestFanInInitialization(InitializationTests):
    """Initial weights are N(0, 1) / √fan_in, initial biases 0."""

    initialization = FAN_IN


@clause(
    "training.initialization-with-biases",
    operations=["initialize"],
    sources=[roelants("Backpropagation updates with momentum")],
)
class TestInitializationWithBiases(InitializationTests):
    """Initial weights are 0.1 · N(0, 1), and initial biases too."""

    initialization = SMALL_WITH_BIASES


@clause(
    "training.one-step",
    operations=["train"],
    sources=[cs231n("Training a Neural Network"), cs231n("Putting it all together")],
)
class TestOneStep:
    """One iteration is a forward pass, the loss, a backward pass and an update of all parameters at once.

    The network is small enough to follow by hand: x = (1, 2) gives z = (3, −1) and h = (3, 0), the two scores
    are 6, so p = (½, ½), and with y = 1 the gradient on the scores is (½, −½).
    """

    BY_HAND: ClassVar = {
        "network": {
            "weights": [np.array([[1.0, -1.0], [1.0, 1.0]]), np.array([[2.0, 1.0], [5.0, 7.0]])],
            "biases": [np.array([0.0, -2.0]), np.array([0.0, 3.0])],
            "activation": "relu",
        },
        "inputs": np.array([[1.0, 2.0]]),
        "labels": np.array([1]),
        "objective": {"reduction": "mean", "l2": 0.1},
        "optimizer": gradient_descent(0.5),
        "iterations": 1,
        "batches": None,
    }

    def test_the_loss_by_hand(self, subject, exact):
        got = subject.train(**self.BY_HAND)["losses"]
        assert_within(
            got, np.array([np.log(2) + 4.15]), exact.train(**self.BY_HAND)["losses"].error, "train.losses"
        )

    def test_the_parameters_by_hand(self, subject, exact):
        got = subject.train(**self.BY_HAND)["network"]
        right = exact.train(**self.BY_HAND)["network"]
        for layer, weights in enumerate([[[0.7, -0.95], [0.45, 0.95]], [[1.15, 1.7], [4.75, 6.65]]]):
            error = right["weights"][layer].error
            assert_within(got["weights"][layer], np.array(weights), error, f"train.network.weights[{layer}]")
        for layer, biases in enumerate([[-0.25, -2.0], [-0.25, 3.25]]):
            error = right["biases"][layer].error
            assert_within(got["biases"][layer], np.array(biases), error, f"train.network.biases[{layer}]")


@clause("training.losses", operations=["train"], sources=[cs231n("Putting it all together")])
class TestLosses:
    """The loss of an iteration is the objective before its update; there are as many as there were updates."""

    @pytest.mark.parametrize("iterations", [1, 3])
    def test_one_an_iteration(self, subject, exact, random, activation, objective, optimizer, iterations):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        told = {"optimizer": optimizer, "iterations": iterations, "batches": None}
        got, right = subject.train(**problem, **told), exact.train(**problem, **told)
        assert_agrees(got["losses"], right["losses"], "train.losses")


class ExperimentTests:
    """The tests that every experiment of the documents has."""

    experiment: str
    iterations: int

    def test_the_first_iterations(self, subject):
        assert_follows(subject, EXPERIMENTS[self.experiment], self.iterations)


class PrintedTests(ExperimentTests):
    """The tests of an experiment whose document prints losses."""

    def test_the_printed_losses(self, subject, traces):
        experiment = EXPERIMENTS[self.experiment]
        losses = traces.of(experiment).losses
        assert_prints(printed.losses(experiment, losses, subject.description.precision))


@clause("training.spiral-linear", operations=["train"], sources=[cs231n("Putting it all together")])
class TestSpiralLinear(PrintedTests):
    """The linear classifier on the spiral has the losses that the case study prints."""

    experiment = SPIRAL_LINEAR.name
    iterations = 200


@clause("training.spiral-relu", operations=["train"], sources=[cs231n("Training a Neural Network")])
class TestSpiralReLU(PrintedTests):
    """The network on the spiral has the losses that the case study prints."""

    experiment = SPIRAL_RELU.name
    iterations = 100


@clause(
    "training.moons-tanh", operations=["train"], sources=[wildml("A network with a hidden layer of size 3")]
)
class TestMoonsTanh(PrintedTests):
    """The network on the moons has the losses that WildML's notebook prints, after the update and over N."""

    experiment = MOONS_TANH.name
    iterations = 300


@clause(
    "training.circles-momentum",
    operations=["train"],
    sources=[roelants("Backpropagation updates with momentum")],
)
class TestCirclesMomentum(ExperimentTests):
    """The network on the circles, trained with momentum, has these losses for all of its 300 iterations."""

    experiment = CIRCLES_MOMENTUM.name
    iterations = 300


@clause("training.minibatches", operations=["train"], sources=[wildml("Exercises")])
class TestMinibatches(ExperimentTests):
    """An iteration on a minibatch uses its examples alone, a last and shorter one too (WildML's exercise 1)."""

    experiment = "moons-minibatch"
    iterations = 140


@clause("training.annealing", operations=["train"], sources=[wildml("Exercises")])
class TestAnnealing:
    """A schedule lowers the learning rate as training goes on (WildML's exercise 2)."""

    @pytest.mark.parametrize("kind", ["step", "exponential", "inverse-time"])
    def test_the_first_iterations(self, subject, kind):
        assert_follows(subject, EXPERIMENTS[f"moons-annealing-{kind}"], 120)


@clause("training.other-activations", operations=["train"], sources=[wildml("Exercises")])
class TestOtherActivations:
    """Other hidden activations train with their own derivatives (WildML's exercise 3)."""

    @pytest.mark.parametrize("activation", ["logistic", "relu"])
    def test_the_first_iterations(self, subject, activation):
        assert_follows(subject, EXPERIMENTS[f"moons-{activation}"], 150)


@clause("training.three-classes", operations=["train"], sources=[wildml("Exercises")])
class TestThreeClasses(ExperimentTests):
    """Three classes need a third score and nothing else (WildML's exercise 4)."""

    experiment = "spiral-tanh"
    iterations = 150


@clause("training.four-layers", operations=["train"], sources=[wildml("Exercises")])
class TestFourLayers(ExperimentTests):
    """A second hidden layer trains like the first (WildML's exercise 5)."""

    experiment = "moons-four-layers"
    iterations = 150
