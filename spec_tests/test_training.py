"""Training: initial parameters, the loop, and the losses that the documents print.

An iteration is a forward pass, the loss, a backward pass, and an update of all parameters at once. The inputs
determine everything: the random numbers of the initial parameters, and which examples each iteration sees.

In a long run, a late mistake looks like rounding, which training amplifies. So runs are judged in short pieces,
each from a stored state of the documents' own experiments, early and late. A whole run is judged as far as correct
programs stay together, which was measured on ensembles of runs that differ in rounding alone. After that, it is
judged by the cycle that it ends in, if any, by the printed numbers, and by its final loss.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.documents.clauses import clause
from nnspec.documents.experiments import (
    FAN_IN,
    SMALL,
    SMALL_WITH_BIASES,
    gradient_descent,
)
from nnspec.judging import cases
from nnspec.judging.agreement import assert_agrees, assert_within
from nnspec.judging.laws import difference
from nnspec.reference.values import Initialization
from nnspec.runs.states import assert_follows, states
from nnspec.spec_tests.sources import (
    EXERCISES,
    IMPLEMENTATION,
    INITIAL_PARAMETERS,
    LEARNING,
    LINEAR,
    MOMENTUM,
    NETWORK,
    SIZE_3,
)


class InitializationTests:
    """The tests shared by all ways to draw initial parameters."""

    initialization: Initialization

    @pytest.mark.parametrize("sizes", cases.SIZES + cases.EQUAL_SIZES, ids=cases.name_sizes, indirect=True)
    def test_from_given_normals(self, assert_right, random, activation, sizes):
        normals = cases.like(random, sizes)
        arguments = {"sizes": list(sizes), "activation": activation, "initialization": self.initialization}
        assert_right("initialize", normals=normals, **arguments)


@clause(
    "training.small-initialization",
    operations=["initialize"],
    sources=[INITIAL_PARAMETERS, NETWORK],
    formula=r"W = 0.01 \cdot \mathcal{N}(0, 1), \quad b = 0",
)
class TestSmallInitialization(InitializationTests):
    """Initial weights are 0.01 · N(0, 1); initial biases are 0."""

    initialization = SMALL


@clause(
    "training.fan-in-initialization",
    operations=["initialize"],
    sources=[IMPLEMENTATION],
    formula=r"W = \frac{\mathcal{N}(0, 1)}{\sqrt{\text{fan-in}}}, \quad b = 0",
)
class TestFanInInitialization(InitializationTests):
    """Initial weights are N(0, 1) / √fan_in; initial biases are 0.

    The fan-in of a layer is the number of its inputs: D for the first, H for the one after H hidden units.
    """

    initialization = FAN_IN


@clause(
    "training.initialization-with-biases",
    operations=["initialize"],
    sources=[MOMENTUM],
    formula=r"W = 0.1 \cdot \mathcal{N}(0, 1), \quad b = 0.1 \cdot \mathcal{N}(0, 1)",
)
class TestInitializationWithBiases(InitializationTests):
    """Initial weights are 0.1 · N(0, 1), and so are initial biases.

    The fan-in is for the weights alone: where they are divided by its root, the biases are not.
    """

    initialization = SMALL_WITH_BIASES

    @pytest.mark.parametrize("sizes", cases.SIZES + cases.EQUAL_SIZES, ids=cases.name_sizes, indirect=True)
    def test_the_fan_in_is_not_for_biases(self, assert_right, random, activation, sizes):
        initialization = {**SMALL_WITH_BIASES, "fan_in": True}
        arguments = {"sizes": list(sizes), "activation": activation, "initialization": initialization}
        assert_right("initialize", normals=cases.like(random, sizes), **arguments)


@clause(
    "training.one-step",
    operations=["train"],
    sources=[LINEAR, NETWORK],
    formula=r"\theta_{t+1} = \theta_t - \mu \nabla L(\theta_t)",
)
class TestOneStep:
    """One iteration is a forward pass, the loss, a backward pass and an update of all parameters at once.

    The network is small enough to follow by hand: x = (1, 2) gives z = (3, −1) and h = (3, 0); both scores are 6,
    so p = (½, ½), and with y = 1 the gradient on the scores is (½, −½).
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
        error = exact.train(**self.BY_HAND)["losses"].error
        assert_within(got, np.array([np.log(2) + 4.15]), error, "train.losses")

    def test_the_parameters_by_hand(self, subject, exact):
        got = subject.train(**self.BY_HAND)["network"]
        right = exact.train(**self.BY_HAND)["network"]
        for layer, weights in enumerate([[[0.7, -0.95], [0.45, 0.95]], [[1.15, 1.7], [4.75, 6.65]]]):
            error = right["weights"][layer].error
            assert_within(got["weights"][layer], np.array(weights), error, f"train.network.weights[{layer}]")
        for layer, biases in enumerate([[-0.25, -2.0], [-0.25, 3.25]]):
            error = right["biases"][layer].error
            assert_within(got["biases"][layer], np.array(biases), error, f"train.network.biases[{layer}]")


@clause(
    "training.steps",
    operations=["train"],
    sources=[LINEAR, NETWORK, IMPLEMENTATION, MOMENTUM],
    formula=r"\theta_{t+1} = \operatorname{update}(\theta_t, \nabla L(\theta_t))",
)
class TestSteps:
    """Several iterations are as many updates, each with the gradients at the parameters that it starts from.

    Two steps cannot distinguish the previous gradient from a velocity, and a learning rate of 1 hides that it was
    left out. So there are up to four steps, at other rates, with every optimiser and schedule and at every depth. At
    the origin, a ReLU without a bias has an input of exactly 0, and passes no gradient on.
    """

    @pytest.mark.parametrize("optimizer", cases.OPTIMIZERS, ids=cases.name_optimizer)
    @pytest.mark.parametrize("sizes", [*cases.SIZES, (2, 2, 2)], ids=cases.name_sizes, indirect=True)
    def test_of_every_optimizer_and_depth(
        self, assert_right, random, problem_to_train, support, sizes, optimizer
    ):
        activation = str(random.choice(support.activations or ACTIVATIONS))
        objective = random.choice(cases.objectives_for(support))
        problem = problem_to_train(random, sizes, activation, objective)
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=None)

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    @pytest.mark.parametrize("iterations", [2, 4])
    def test_of_every_network_and_objective(
        self, assert_right, random, problem_to_train, sizes, activation, objective, optimizer, iterations
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        assert_right("train", **problem, optimizer=optimizer, iterations=iterations, batches=None)

    def test_of_one_example(
        self, assert_right, random, problem_to_train, sizes, activation, objective, optimizer
    ):
        problem = problem_to_train(random, sizes, activation, objective, examples=1)
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=None)

    def test_of_minibatches(
        self, assert_right, random, problem_to_train, sizes, activation, objective, optimizer
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        batches = [np.array([6, 2, 4]), np.array([0, 5, 1]), np.array([3])]
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=batches)

    def test_of_minibatches_with_a_penalty(
        self, assert_right, random, problem_to_train, sizes, activation, objective_like, optimizer
    ):
        problem = problem_to_train(random, sizes, activation, objective_like("mean", 0.3))
        batches = [np.array([6, 2, 4]), np.array([0, 5, 1]), np.array([3])]
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=batches)

    def test_with_an_example_at_the_origin(self, assert_right, random, sizes_like, objective, optimizer):
        problem = cases.problem(random, sizes_like(2, 5, 3, hidden=1), "relu", objective)
        problem["network"]["biases"][0][:] = 0
        problem["inputs"][0] = 0
        assert_right("train", **problem, optimizer=optimizer, iterations=2, batches=None)

    def test_with_an_example_twice(
        self, assert_right, random, problem_to_train, sizes, activation, objective, optimizer
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        batches = [np.array([6, 2, 6]), np.array([5, 5]), np.array([0, 3, 1])]
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=batches)


@clause("training.losses", operations=["train"], sources=[LINEAR, NETWORK])
class TestLosses:
    """The loss of an iteration is the objective before its update; there are as many losses as updates.

    The documents report the loss at different moments: CS231n before the update, WildML after it and divided by
    the number of examples, Roelants once before training and then after every update. All of these are views of
    this one sequence.
    """

    @pytest.mark.parametrize("iterations", [1, 3])
    def test_one_an_iteration(
        self, subject, exact, random, problem_to_train, sizes, activation, objective, optimizer, iterations
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        arguments = {"optimizer": optimizer, "iterations": iterations, "batches": None}
        got, right = subject.train(**problem, **arguments), exact.train(**problem, **arguments)
        assert_agrees(got["losses"], right["losses"], "train.losses")

    def test_of_a_minibatch_is_that_of_its_own_examples(
        self, subject, exact, random, problem_to_train, sizes, activation, objective, optimizer
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        arguments = {
            "optimizer": optimizer,
            "iterations": 2,
            "batches": [np.array([0, 2, 5]), np.array([6, 1])],
        }
        got, right = subject.train(**problem, **arguments), exact.train(**problem, **arguments)
        assert_agrees(got["losses"], right["losses"], "train.losses")


@clause(
    "training.full-minibatch",
    operations=["train"],
    sources=[EXERCISES, LEARNING],
)
class TestFullMinibatch:
    """A minibatch that holds every example once, in any order, is the full batch."""

    @pytest.mark.parametrize("order", [range(7), [3, 0, 6, 1, 5, 2, 4]], ids=["in-order", "shuffled"])
    @pytest.mark.parametrize("reduction", ["mean", "sum"])
    def test_of_three_iterations(
        self, assert_law, random, problem_to_train, sizes, activation, optimizer, reduction, order
    ):
        problem = problem_to_train(random, sizes, activation, cases.objective(reduction, 0.1))
        arguments = {**problem, "optimizer": optimizer, "iterations": 3}
        full = [np.array(order)] * 3

        def change(implementation):
            return difference(
                implementation.train(**arguments, batches=full),
                implementation.train(**arguments, batches=None),
            )

        assert_law(change, "change of train when a minibatch holds every example")


@clause("training.two-halves", operations=["train"], sources=[LINEAR])
class TestTwoHalves:
    """With gradient descent, two iterations and then three more equal five: only the parameters are carried on."""

    def test_of_five_iterations(self, assert_law, random, problem_to_train, sizes, activation, objective):
        arguments = {
            **problem_to_train(random, sizes, activation, objective),
            "optimizer": cases.optimizer("gradient_descent"),
            "batches": None,
        }

        def change(implementation):
            first = implementation.train(**arguments, iterations=2)
            second = implementation.train(**{**arguments, "network": first["network"]}, iterations=3)
            whole = implementation.train(**arguments, iterations=5)
            return [
                difference(whole["losses"][2:], second["losses"]),
                difference(whole["network"], second["network"]),
            ]

        assert_law(change, "five iterations minus two and then three")


@clause(
    "training.stored-states", operations=["train"], sources=[LINEAR, NETWORK, SIZE_3, MOMENTUM, EXERCISES]
)
class TestStoredStates:
    """From states of the documents' runs, early and late, the losses of the next 40 iterations are right.

    A mistake that shows only late (a clipped gradient, a probability kept away from 0) shows here, before rounding
    has had time to accumulate. Velocity and schedule start anew.
    """

    @pytest.mark.parametrize("state", [state for state in states() if state.iteration > 0], ids=str)
    def test_a_short_run(self, subject, state):
        assert_follows(subject, state)
