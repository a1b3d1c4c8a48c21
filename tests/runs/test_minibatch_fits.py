"""Fits on minibatches are judged where it does not matter which minibatches they choose."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from minibatches import Chooses, InOrder

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.minibatch_fits import (
    GAIN,
    MISSES,
    ONE_PASS,
    TRIES,
    assert_learns_from_a_short_minibatch,
    assert_learns_from_every_minibatch,
    assert_learns_in_one_pass,
    opposed_examples,
)

METHODS = pytest.mark.parametrize("method", ["gradient_descent", "momentum"])
REDUCTIONS = pytest.mark.parametrize("reduction", ["mean", "sum"])
#: Every minibatch of two of three examples, in any order and with repetition, and every one that is short.
MINIBATCHES = [*itertools.product(range(3), repeat=2), *((one,) for one in range(3))]


class OfItsOwn(Reference):
    """A fit from weights and biases N(0, 1)."""

    def describe(self):
        return {"name": "of its own", "initialization": "own"}

    def initialize(self, normals, _sizes, activation, _initialization):
        return {**normals, "activation": activation}


class Drops(Reference):
    """Each of its passes has a new order, and no short minibatch."""

    def shuffled_batches(self, random, examples, size, iterations):
        return [random.permutation(examples)[:size] for _ in range(iterations)]


class NeverTheLast(InOrder):
    """It never shuffles, and has no short minibatch."""

    def shuffled_batches(self, random, examples, size, iterations):
        return super().shuffled_batches(random, examples - examples % size, size, iterations)


def subject_of(program):
    return Subject(InProcess(program, "program"))


def learns(program, classes, *, reduction="mean", method="gradient_descent"):
    random = np.random.default_rng(0)
    assert_learns_from_every_minibatch(subject_of(program), random, "tanh", reduction, method, classes)


def learns_from_short(program, *, reduction="mean", method="gradient_descent", classes=3):
    assert_learns_from_a_short_minibatch(subject_of(program), "tanh", reduction, method, classes)


@METHODS
@REDUCTIONS
@pytest.mark.parametrize("classes", [2, 3, 7, 16, 1000])
@pytest.mark.parametrize(
    "program", [Reference(), OfItsOwn(), Chooses(replace=True)], ids=["passes", "own", "chooses"]
)
def test_an_example_is_right_once_it_occurred_in_minibatches(program, classes, reduction, method):
    learns(program, classes, reduction=reduction, method=method)


@pytest.mark.parametrize("number", [1, 2])
def test_a_fit_on_the_first_minibatches_alone_is_refused(number):
    class FirstOnes(Reference):
        def shuffled_batches(self, *arguments):
            batches = super().shuffled_batches(*arguments)
            return [batches[place % number] for place in range(len(batches))]

    with pytest.raises(Disagreement, match="predict"):
        learns(FirstOnes(), 7)


# ---- a short minibatch ----


@METHODS
@REDUCTIONS
@pytest.mark.parametrize("classes", [2, 3, 5, 10])
def test_of_two_minibatches_exactly_the_examples_that_are_in_one_are_right(classes, reduction, method):
    inputs, labels = opposed_examples(classes)
    rate = GAIN / 16 * (2 if reduction == "mean" else 1)
    optimizer = {**cases.optimizer(method), "learning_rate": rate}
    problem = {"labels": labels, "objective": cases.objective(reduction), "optimizer": optimizer}
    start = {**cases.zero_velocity((3, classes)), "activation": "tanh"}

    for batches in itertools.product(MINIBATCHES, repeat=2):
        arrays = [np.array(batch) for batch in batches]
        trained = Reference().train(start, inputs, iterations=2, batches=arrays, **problem)["network"]
        scores = Reference().forward(trained, inputs)["scores"]
        right = scores[range(3), labels]
        scores[range(3), labels] = -np.inf
        margins = right - scores.max(axis=1)

        seen = [example in {*batches[0], *batches[1]} for example in range(3)]
        assert ((margins > 0.3) == seen).all() or not all(seen), batches
        assert (margins[np.logical_not(seen)] < -0.3).all(), batches


@METHODS
@REDUCTIONS
@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize(
    "program",
    [Reference(), Chooses(replace=True), Chooses(replace=False), Drops(), InOrder()],
    ids=["passes", "with repetition", "without", "drops", "in order"],
)
def test_every_right_way_to_choose_minibatches_is_accepted(program, classes, reduction, method):
    learns_from_short(program, classes=classes, reduction=reduction, method=method)


@METHODS
@REDUCTIONS
@pytest.mark.parametrize(
    "program",
    [NeverTheLast(), mistakes.ShortBatchDropped(), mistakes.LastBatchDropped()],
    ids=lambda program: type(program).__name__,
)
def test_a_fit_that_never_learns_from_the_short_minibatch_is_refused(program, reduction, method):
    with pytest.raises(Disagreement, match="of the examples that were fitted") as refused:
        learns_from_short(program, reduction=reduction, method=method)

    assert refused.value.wrong == "40 of 40 fits"


def test_minibatches_with_repetition_see_all_examples_as_often_as_stated():
    seen = [len({*first, *second}) == 3 for first, second in itertools.product(MINIBATCHES[:9], repeat=2)]

    assert np.mean(seen) == pytest.approx(1 - MISSES)
    assert MISSES**TRIES < 1e-10


def test_a_fit_with_an_initialization_of_its_own_is_not_asked_for_the_short_minibatch():
    with pytest.raises(Unsupported, match="more than one look"):
        learns_from_short(OfItsOwn())


# ---- one pass ----


def learns_in_one_pass(
    program, *, activation="tanh", reduction="mean", method="gradient_descent", label=1, size=2
):
    assert_learns_in_one_pass(subject_of(program), activation, reduction, method, label, size)


class FromSeed(Reference):
    """Its fits start from the seed that it is made with."""

    def __init__(self, seed):
        self.seed = seed

    def fit(self, inputs, labels, experiment, seed):
        return super().fit(inputs, labels, experiment, 1000 * seed + self.seed)


class PassesZero(Reference):
    """The derivative of its ReLU at 0 is 1."""

    def relu_derivative(self, h):
        return h >= 0


class NoTraining(Reference):
    def fit(self, inputs, labels, experiment, seed):
        return super().fit(inputs, labels, {**experiment, "iterations": 0}, seed)


@METHODS
@REDUCTIONS
@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("size", [None, 1, 2, ONE_PASS])
@pytest.mark.parametrize("program", [FromSeed, lambda _: PassesZero()], ids=["tanh", "derivative 1 at 0"])
def test_one_pass_is_enough_whatever_the_initial_weights(program, method, reduction, label, size):
    activation = "tanh" if program is FromSeed else "relu"

    for seed in range(10):
        learns_in_one_pass(
            program(seed), activation=activation, reduction=reduction, method=method, label=label, size=size
        )


@pytest.mark.parametrize("program", [NoTraining(), mistakes.FitOnePassTooFew()], ids=["none", "too few"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_fit_of_no_iteration_is_refused(program, activation):
    with pytest.raises(Disagreement, match="predict after fit"):
        learns_in_one_pass(program, activation=activation)


def test_a_fit_with_an_initialization_of_its_own_is_not_asked_for_one_pass():
    with pytest.raises(Unsupported, match="biases of any size"):
        learns_in_one_pass(OfItsOwn())
