"""Fits of linear classifiers are judged where neither their initial weights nor their minibatches matter."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.documents.experiments import momentum
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.linear_fits import (
    assert_fits_equal_examples,
    assert_fits_examples_far_out,
    assert_fits_linearly,
    gentle_rate,
    labels_of,
    random_inputs,
)

REDUCTIONS = pytest.mark.parametrize("reduction", ["mean", "sum"])


class OfItsOwn(Reference):
    """A fit from weights and biases N(0, 1), and minibatches drawn independently."""

    def describe(self):
        return {"name": "of its own", "initialization": "own"}

    def fit(self, inputs, labels, experiment, seed):
        random, sizes = np.random.default_rng(seed), experiment["sizes"]
        network = {
            "weights": [random.standard_normal(shape) for shape in itertools.pairwise(sizes)],
            "biases": [random.standard_normal(size) for size in sizes[1:]],
            "activation": experiment["activation"],
        }
        size, steps = experiment["batch_size"], range(experiment["iterations"])
        batches = size and [random.choice(len(labels), size) for _ in steps]
        recipe = {
            name: self.objective_of(experiment)[name] for name in ("objective", "optimizer", "iterations")
        }
        return self.train(network, inputs, labels, **recipe, batches=batches)["network"]

    def objective_of(self, experiment):
        return experiment


class OfItsOwnWithoutThePenalty(OfItsOwn):
    def objective_of(self, experiment):
        return {**experiment, "objective": {**experiment["objective"], "l2": 0.0}}


def fits(program, objective, iterations=150, classes=3):
    assert_fits_linearly(
        Subject(InProcess(program, "program")),
        Exact(Precision("float64")),
        np.random.default_rng(0),
        "tanh",
        objective,
        cases.optimizer("gradient_descent"),
        iterations,
        classes,
    )


@pytest.mark.parametrize("classes", [3, 5, 10])
@pytest.mark.parametrize("program", [Reference, OfItsOwn])
def test_a_long_fit_ends_with_the_best_classifier_whatever_it_began_with(program, classes):
    fits(program(), cases.objective("mean", 0.3), classes=classes)


def test_a_fit_of_its_own_without_the_penalty_is_refused():
    with pytest.raises(Disagreement, match="predict after fit"):
        fits(OfItsOwnWithoutThePenalty(), cases.objective("mean", 0.3))


@pytest.mark.parametrize(
    ("objective", "classes", "reason"),
    [
        (cases.objective("mean"), 3, "elsewhere on the way"),
        (cases.objective("mean", 0.3), 2, "one score for two classes"),
    ],
    ids=["no penalty", "two classes"],
)
def test_a_fit_of_its_own_is_not_asked_what_depends_on_its_start(objective, classes, reason):
    fits(Reference(), objective, classes=classes)

    with pytest.raises(Unsupported, match=reason):
        fits(OfItsOwn(), objective, classes=classes)


def test_every_class_has_an_example():
    assert [labels_of(classes) for classes in (2, 3, 5)] == [
        (0, 0, 0, 0, 0, 1, 1),
        (0, 0, 0, 0, 0, 1, 2),
        (0, 0, 0, 0, 0, 1, 2, 3, 4),
    ]


# ---- momentum, and minibatches of equal examples ----


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("factor", "l2"), [(0.8, 0.0), (0.5, 0.3)])
def test_momentum_brings_two_fits_no_further_apart(factor, l2, seed):
    random, objective = np.random.default_rng(seed), cases.objective("mean", l2)
    labels = random.permutation(labels_of(3))
    inputs = random_inputs(len(labels), random)
    optimizer = momentum(gentle_rate(inputs, objective) / 2, factor)
    zeros = cases.zero_velocity((2, 3))
    starts = [
        {**zeros, "weights": [weights]} for weights in (zeros["weights"][0], random.normal(0, 0.01, (2, 3)))
    ]

    for iterations in (1, 2, 5, 20, 80):
        ends = [
            Reference().train(
                {**start, "activation": "tanh"}, inputs, labels, objective, optimizer, iterations, None
            )
            for start in starts
        ]
        one, other = (end["network"] for end in ends)
        moved = [one[name][0] - other[name][0] for name in ("weights", "biases")]

        assert np.sqrt(sum((array**2).sum() for array in moved)) <= np.linalg.norm(starts[1]["weights"][0])


def fits_equal(
    program, schedule=None, *, reduction="sum", method="gradient_descent", classes=3, seed=0, short=False
):
    subject, exact = Subject(InProcess(program, "program")), Exact(Precision("float64"))
    objective = cases.objective(reduction, {"mean": 0.3, "sum": 2.0}[reduction])
    optimizer, random = cases.optimizer(method, schedule), np.random.default_rng(seed)
    assert_fits_equal_examples(subject, exact, random, "tanh", objective, optimizer, classes, short=short)


@REDUCTIONS
@pytest.mark.parametrize("schedule", cases.SCHEDULES, ids=lambda one: one["kind"] if one else "constant")
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_right_fit_of_equal_examples_is_accepted(classes, schedule, reduction):
    for seed in range(5):
        fits_equal(Reference(), schedule, reduction=reduction, classes=classes, seed=seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("mistake", "schedule"),
    [
        (mistakes.MinibatchesIgnored, None),
        (mistakes.MinibatchesAveraged, None),
        (mistakes.LastExampleOfABatchDropped, None),
        (mistakes.ScheduleAdvancesOnceAPass, cases.SCHEDULES[2]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_mistake_with_minibatches_is_refused_on_equal_examples(mistake, schedule, seed):
    with pytest.raises(Disagreement, match="predict after fit"):
        fits_equal(mistake(), schedule, seed=seed)


@REDUCTIONS
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_right_fit_of_equal_examples_with_momentum_is_accepted(classes, reduction):
    for seed in range(20):
        fits_equal(Reference(), reduction=reduction, method="momentum", classes=classes, seed=seed)


class DropsTheShortOne(Reference):
    """Its passes leave out a minibatch that would be short."""

    def shuffled_batches(self, random, examples, size, iterations):
        return [random.permutation(examples)[:size] for _ in range(iterations)]


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("program", [Reference(), DropsTheShortOne()], ids=["short", "dropped"])
def test_a_right_fit_on_short_minibatches_of_equal_examples_is_accepted(classes, program):
    for seed in range(5):
        fits_equal(program, reduction="mean", classes=classes, seed=seed, short=True)


class ForgetsAfterAPass(Reference):
    """Its velocity starts from 0 again after three iterations."""

    def train(self, network, iterations, batches, **problem):
        for start in range(0, iterations, 3):
            part = batches[start : start + 3]
            network = super().train(network, iterations=len(part), batches=part, **problem)["network"]
        return {"losses": [], "network": network}


@pytest.mark.parametrize("seed", range(5))
def test_a_velocity_that_starts_anew_in_each_pass_is_refused_on_equal_examples(seed):
    with pytest.raises(Disagreement, match="predict after fit"):
        fits_equal(ForgetsAfterAPass(), method="momentum", seed=seed)


@pytest.mark.parametrize("seed", range(5))
def test_a_mean_over_a_full_minibatch_is_refused_on_short_ones(seed):
    with pytest.raises(Disagreement, match="predict after fit"):
        fits_equal(mistakes.MeanOverAFullMinibatch(), reduction="mean", seed=seed, short=True)


def test_a_fit_of_its_own_is_not_asked_for_equal_examples():
    with pytest.raises(Unsupported, match="elsewhere on the way"):
        fits_equal(OfItsOwn())


@REDUCTIONS
@pytest.mark.parametrize("seed", range(5))
def test_an_example_that_is_certain_still_counts(seed, reduction):
    def fits_far_out(program):
        subject, exact = Subject(InProcess(program, "program")), Exact(Precision("float64"))
        objective, optimizer = cases.objective(reduction), cases.optimizer("gradient_descent")
        random = np.random.default_rng(seed)
        assert_fits_examples_far_out(subject, exact, random, "tanh", objective, optimizer, 2)

    fits_far_out(Reference())
    with pytest.raises(Disagreement, match="predict after fit"):
        fits_far_out(mistakes.ConfidentExamplesSkipped())
