"""Fits of linear classifiers are judged where neither their initial weights nor their minibatches matter."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnspec.contract.errors import Unsupported
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.linear_fits import assert_fits_linearly, labels_of
from nnspec.runs.minibatch_fits import assert_learns_from_every_minibatch

METHODS = pytest.mark.parametrize("method", ["gradient_descent", "momentum"])
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


def learns(program, classes, *, reduction="mean", method="gradient_descent", seed=0):
    subject, random = Subject(InProcess(program, "program")), np.random.default_rng(seed)
    assert_learns_from_every_minibatch(subject, random, "tanh", reduction, method, classes)


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


@METHODS
@REDUCTIONS
@pytest.mark.parametrize("classes", [2, 3, 7, 16])
@pytest.mark.parametrize("program", [Reference, OfItsOwn])
def test_an_example_is_right_once_it_occurred_in_minibatches(program, classes, reduction, method):
    learns(program(), classes, reduction=reduction, method=method)


@pytest.mark.parametrize("number", [1, 2])
def test_a_fit_on_the_first_minibatches_alone_is_refused(number):
    class FirstOnes(Reference):
        def shuffled_batches(self, *arguments):
            batches = super().shuffled_batches(*arguments)
            return [batches[place % number] for place in range(len(batches))]

    with pytest.raises(Disagreement, match="predict"):
        learns(FirstOnes(), 7)
