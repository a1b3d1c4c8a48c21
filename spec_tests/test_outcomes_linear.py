"""Fits of linear classifiers: their objective is convex, so the random numbers of a fit hardly matter.

Points near the boundary between two classes show which network a fit ended with, and how far it came.
"""

from __future__ import annotations

import pytest

from nnspec.contract.support import METHODS, REDUCTIONS
from nnspec.documents.clauses import clause
from nnspec.documents.experiments import momentum, schedule
from nnspec.judging import cases
from nnspec.reference.values import Optimizer
from nnspec.runs.fits import BETWEEN_ON_MINIBATCHES, assert_fits_few
from nnspec.runs.linear_fits import (
    assert_fits_equal_examples,
    assert_fits_examples_far_out,
    assert_fits_linearly,
)
from nnspec.runs.minibatch_fits import (
    assert_learns_from_a_short_minibatch,
    assert_learns_from_every_minibatch,
    assert_learns_in_one_pass,
)
from nnspec.runs.momentum_fits import assert_fits_with_lasting_momentum
from nnspec.spec_tests.sources import ANALYTIC, EXERCISES, LINEAR, LOSS, MOMENTUM, PARAMETER_UPDATE

#: Gradient descent with every schedule, and momentum. No document has a schedule under momentum.
OPTIMIZERS = [
    *(cases.optimizer("gradient_descent", rate_schedule) for rate_schedule in cases.SCHEDULES),
    cases.optimizer("momentum"),
]
#: Schedules after whose first steps nothing moves any more.
FAST_SCHEDULES = [
    schedule("step", 0.05, every=1),
    schedule("step", 0.05, every=2),
    schedule("step", 0.3, every=3),
    schedule("exponential", 1.0),
    schedule("inverse_time", 1.0),
]
#: A momentum that ends as soon as gradient descent, and penalties that are felt beside a mean and a sum.
OPTIMIZER = {"gradient_descent": cases.optimizer("gradient_descent"), "momentum": momentum(0.1, 0.5)}
PENALTY = {"mean": 0.3, "sum": 2.0}


@clause(
    "outcomes.best-linear-classifier",
    operations=["fit", "predict"],
    sources=[LOSS, ANALYTIC, LINEAR],
    formula=r"W = \operatorname{argmin} L",
)
class TestBestLinearClassifier:
    """With a penalty, one linear classifier is the best, and a long fit ends there, whatever it started from.

    What is left of the initial weights shrinks in every iteration. So the classes of points that are as near to a
    boundary as one likes are right or wrong. A fit with an initialization of its own may be as far from the best as
    weights N(0, 1) and a gradient of 0.001 explain.
    """

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_a_long_fit(self, subject, exact, random, activation, classes_like, method, reduction):
        objective = cases.objective(reduction, PENALTY[reduction])
        optimizer, classes = OPTIMIZER[method], classes_like(3)
        assert_fits_linearly(subject, exact, random, activation, objective, optimizer, 150, classes)

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_two_classes(self, subject, exact, random, activation, optimizer, reduction):
        objective, method = cases.objective(reduction, PENALTY[reduction]), OPTIMIZER[optimizer["method"]]
        assert_fits_linearly(subject, exact, random, activation, objective, method, 150, classes=2)

    @pytest.mark.parametrize("dtype", cases.INTEGERS)
    def test_of_labels_of_any_type(
        self, subject, exact, random, activation, objective, optimizer, classes_like, dtype
    ):
        objective = {**objective, "l2": PENALTY[objective["reduction"]]}
        method, classes = OPTIMIZER[optimizer["method"]], classes_like(3)
        assert_fits_linearly(subject, exact, random, activation, objective, method, 150, classes, dtype=dtype)


@clause(
    "outcomes.linear-classifier-on-the-way",
    operations=["fit", "predict"],
    sources=[LINEAR, PARAMETER_UPDATE, MOMENTUM, EXERCISES],
    formula=r"\lVert W_t - W'_t \rVert \le \lVert W_0 - W'_0 \rVert",
)
class TestLinearClassifierOnTheWay:
    """A fit of a linear classifier is as far after a number of iterations as its learning rate and schedule say.

    Steps that are short enough bring no two networks further apart, so the initial weights move the boundaries by
    little more than their own size. A momentum of 0.99 may bring them further apart, but no further than a bound that
    the curvature gives. On minibatches of equal examples, every choice of them gives the same steps, and each is an
    iteration; with a mean, a short minibatch gives the same step too. A fit with an initialization of its own is not
    asked.
    """

    @pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=cases.name_optimizer)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("iterations", [2, 30, 80])
    def test_of_some_iterations(
        self, subject, exact, random, activation, optimizer, classes_like, reduction, iterations
    ):
        objective, classes = cases.objective(reduction), classes_like(3)
        assert_fits_linearly(subject, exact, random, activation, objective, optimizer, iterations, classes)

    @pytest.mark.parametrize("fast", FAST_SCHEDULES, ids=lambda fast: f"{fast['kind']}-{fast['every']}")
    @pytest.mark.parametrize("iterations", [2, 4])
    def test_of_few_iterations(
        self, subject, exact, random, activation, objective, classes_like, fast, iterations
    ):
        optimizer, classes = cases.optimizer("gradient_descent", fast), classes_like(3)
        assert_fits_linearly(subject, exact, random, activation, objective, optimizer, iterations, classes)

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_a_momentum_that_lasts(self, subject, exact, random, activation, reduction, classes_like):
        objective, classes = cases.objective(reduction), classes_like(3)
        assert_fits_with_lasting_momentum(subject, exact, random, activation, objective, classes)

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize(
        "rate_schedule", cases.SCHEDULES, ids=lambda one: one["kind"] if one else "constant"
    )
    def test_of_minibatches_that_are_equal(
        self, subject, exact, random, activation, classes_like, reduction, rate_schedule
    ):
        objective = cases.objective(reduction, PENALTY[reduction])
        optimizer = cases.optimizer("gradient_descent", rate_schedule)
        assert_fits_equal_examples(subject, exact, random, activation, objective, optimizer, classes_like(3))

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_minibatches_with_momentum(self, subject, exact, random, activation, classes_like, reduction):
        objective, optimizer = cases.objective(reduction, PENALTY[reduction]), cases.optimizer("momentum")
        assert_fits_equal_examples(subject, exact, random, activation, objective, optimizer, classes_like(3))

    def test_of_short_minibatches(self, subject, exact, random, activation, classes_like):
        objective, optimizer = cases.objective("mean", PENALTY["mean"]), cases.optimizer("gradient_descent")
        assert_fits_equal_examples(
            subject, exact, random, activation, objective, optimizer, classes_like(3), short=True
        )

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_examples_far_out(self, subject, exact, random, activation, classes_like, reduction):
        objective, optimizer = cases.objective(reduction), cases.optimizer("gradient_descent")
        assert_fits_examples_far_out(
            subject, exact, random, activation, objective, optimizer, classes_like(2)
        )

    @pytest.mark.parametrize("still", cases.STILL_SCHEDULES, ids=lambda still: still["kind"])
    def test_of_a_rate_that_does_not_fall(
        self, subject, exact, random, activation, objective, classes_like, still
    ):
        optimizer, classes = cases.optimizer("gradient_descent", still), classes_like(3)
        assert_fits_linearly(subject, exact, random, activation, objective, optimizer, 30, classes)

    def test_of_a_momentum_of_0(self, subject, exact, random, activation, objective, classes_like):
        optimizer: Optimizer = {**cases.optimizer("momentum"), "momentum": 0.0}
        assert_fits_linearly(subject, exact, random, activation, objective, optimizer, 30, classes_like(3))

    @pytest.mark.parametrize("labels", [(0, 1, 0, 0, 0, 1, 0), (0, 2, 0, 0, 0, 2, 0)], ids=cases.name_labels)
    @pytest.mark.parametrize("iterations", [2, 6, 30])
    def test_without_a_class(
        self, subject, exact, random, activation, objective, optimizer, classes_like, labels, iterations
    ):
        classes = max(3, classes_like(3))  # a program of two classes lacks none
        assert_fits_linearly(
            subject, exact, random, activation, objective, optimizer, iterations, classes, labels
        )

    def test_after_another_fit(self, subject, exact, random, activation, objective, optimizer, classes_like):
        for _ in range(2):
            assert_fits_linearly(subject, exact, random, activation, objective, optimizer, 6, classes_like(3))


@clause("outcomes.every-minibatch", operations=["fit", "predict"], sources=[EXERCISES])
class TestEveryMinibatch:
    """A fit on minibatches learns from the examples of all of them.

    Seven classes have an example each, and a minibatch has two. A step on one example changes no score of another.
    So whichever minibatches a fit chooses, the linear classifier has every example right if each occurs often enough.

    The last minibatch of a pass may be short. After two iterations on minibatches of two, of three examples, those
    that occurred are right and the others are wrong. A fit may leave one out if it draws each minibatch for itself, but
    not every time.

    With a hidden layer, a fit on minibatches separates a class from two groups of another beside it, which it can only
    if every example keeps its label. And one pass over equal examples is enough to predict their class.
    """

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_an_example_of_each_class(
        self, subject, random, activation, optimizer, classes_like, reduction
    ):
        method, classes = optimizer["method"], classes_like(7)
        assert_learns_from_every_minibatch(subject, random, activation, reduction, method, classes)

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_a_short_minibatch(self, subject, activation, optimizer, classes_like, reduction):
        method, classes = optimizer["method"], classes_like(3)
        assert_learns_from_a_short_minibatch(subject, activation, reduction, method, classes)

    def test_of_a_class_between_two_groups(self, subject, random, objective):
        assert_fits_few(subject, BETWEEN_ON_MINIBATCHES, objective["reduction"], random)

    @pytest.mark.parametrize("size", [None, 2], ids=["all", "minibatches"])
    @pytest.mark.parametrize("activation", ["tanh", "relu"])
    @pytest.mark.parametrize("label", [0, 1])
    def test_of_one_pass(self, subject, objective, optimizer, activation, label, size):
        reduction, method = objective["reduction"], optimizer["method"]
        assert_learns_in_one_pass(subject, activation, reduction, method, label, size)
