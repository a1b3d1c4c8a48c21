"""Training by every argument: schedules together with minibatches, decays that are fast or none, labels of any type."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS, METHODS, REDUCTIONS
from nnspec.documents.clauses import clause
from nnspec.documents.experiments import schedule
from nnspec.judging import cases
from nnspec.spec_tests.sources import EXERCISES, IMPLEMENTATION, LINEAR, MOMENTUM, NETWORK, SPIRAL

#: Every pass through seven examples is three minibatches, the last of them shorter; two passes.
BATCHES = [np.array(indices) for indices in ([6, 2, 4], [0, 5, 1], [3], [1, 3, 6], [5, 4, 0], [2])]
#: Networks without and with a hidden layer.
LIKE = pytest.mark.parametrize("like", [(3, 4), (3, 5, 4)], ids=cases.name_sizes)
#: One of each kind, by which the rate is less than a hundredth of the initial rate in the third iteration.
FAST_SCHEDULES = [
    schedule("step", 0.05, every=1),
    schedule("exponential", 3.0),
    schedule("inverse_time", 80.0),
]


@clause(
    "training.schedules-and-minibatches",
    operations=["train"],
    sources=[EXERCISES],
    formula=r"\theta_{t+1} = \theta_t - \mu_t \nabla L_{B_t}(\theta_t)",
)
class TestSchedulesAndMinibatches:
    """With minibatches, every minibatch is an iteration, for the schedule and for the velocity too.

    A pass through all examples is several iterations: the rate falls within it, and the velocity outlasts it.
    """

    @pytest.mark.parametrize("optimizer", cases.OPTIMIZERS, ids=cases.name_optimizer)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes, indirect=True)
    def test_of_two_passes(
        self, assert_right, random, problem_to_train, activation, sizes, reduction, optimizer
    ):
        problem = problem_to_train(random, sizes, activation, cases.objective(reduction))
        assert_right("train", **problem, optimizer=optimizer, iterations=len(BATCHES), batches=BATCHES)


@clause("training.fast-decay", operations=["train"], sources=[MOMENTUM, EXERCISES])
class TestFastDecay:
    """A run goes on for all of its iterations, however short its steps are: there is no least learning rate.

    A schedule may lower the rate to almost nothing, and the loss may hardly change.
    """

    @pytest.mark.parametrize("fast", FAST_SCHEDULES, ids=lambda fast: fast["kind"])
    @LIKE
    def test_of_four_iterations(
        self, assert_right, random, problem_to_train, sizes_like, activation, objective, like, fast
    ):
        problem = problem_to_train(random, sizes_like(*like), activation, objective)
        optimizer = cases.optimizer("gradient_descent", fast)
        assert_right("train", **problem, optimizer=optimizer, iterations=4, batches=None)

    @LIKE
    def test_of_a_rate_of_almost_nothing(
        self, assert_right, random, problem_to_train, sizes_like, activation, objective, optimizer, like
    ):
        problem = problem_to_train(random, sizes_like(*like), activation, objective)
        slow = {**optimizer, "learning_rate": 1e-8}
        assert_right("train", **problem, optimizer=slow, iterations=4, batches=None)


@clause(
    "training.zeros", operations=["train"], sources=[LINEAR, NETWORK, IMPLEMENTATION, MOMENTUM, EXERCISES]
)
class TestZeros:
    """A momentum, a penalty, a decay or a bias of 0 is a value like any other: nothing else stands in for it."""

    def test_of_momentum(self, assert_right, random, problem_to_train, sizes, activation, objective):
        problem = problem_to_train(random, sizes, activation, objective)
        optimizer = {**cases.optimizer("momentum"), "momentum": 0.0}
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=None)

    @pytest.mark.parametrize("method", METHODS)
    def test_of_the_penalty(
        self, assert_right, random, problem_to_train, sizes, activation, objective, method
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        assert_right("train", **problem, optimizer=cases.optimizer(method), iterations=3, batches=None)

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("like", [(3, 5, 4), (4, 3, 6, 2)], ids=cases.name_sizes)
    def test_of_the_initial_biases(
        self, assert_right, random, sizes_like, activation, objective, optimizer, like
    ):
        problem = cases.problem(random, sizes_like(*like), activation, objective)
        problem["network"] = cases.without_biases(problem["network"])
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=None)

    @pytest.mark.parametrize("still", cases.STILL_SCHEDULES, ids=lambda still: still["kind"])
    @pytest.mark.parametrize("method", METHODS)
    def test_of_the_decay(
        self, assert_right, random, problem_to_train, sizes, activation, objective, method, still
    ):
        problem = problem_to_train(random, sizes, activation, objective)
        optimizer = cases.optimizer(method, still)
        assert_right("train", **problem, optimizer=optimizer, iterations=3, batches=None)


@clause("training.label-types", operations=["train"], sources=[SPIRAL])
class TestLabelTypes:
    """Training with labels of any integer type is the same, including unsigned bytes, which CS231n uses."""

    @pytest.mark.parametrize("dtype", cases.INTEGERS)
    def test_of_two_iterations(
        self, assert_right, random, problem_to_train, sizes_like, activation, objective, optimizer, dtype
    ):
        problem = problem_to_train(random, sizes_like(2, 20), activation, objective, examples=40)
        problem["labels"] = problem["labels"].astype(dtype)
        assert_right("train", **problem, optimizer=optimizer, iterations=2, batches=None)
