"""Fits of linear classifiers: their objective is convex, so the random numbers of a fit hardly matter.

Points near the boundary between two classes show which network a fit ended with, and how far it came.
"""

from __future__ import annotations

import pytest

from nnspec.contract.operations import METHODS, REDUCTIONS
from nnspec.documents.clauses import clause
from nnspec.documents.experiments import momentum
from nnspec.judging import cases
from nnspec.runs.linear_fits import assert_fits_linearly
from nnspec.spec_tests.sources import ANALYTIC, EXERCISES, LINEAR, LOSS, MOMENTUM, PARAMETER_UPDATE

#: Gradient descent with every schedule, and momentum. No document has a schedule under momentum.
OPTIMIZERS = [
    *(cases.optimizer("gradient_descent", rate_schedule) for rate_schedule in cases.SCHEDULES),
    cases.optimizer("momentum"),
]
#: A momentum that ends as soon as gradient descent, and penalties that are felt beside a mean and a sum.
OPTIMIZER = {**{method: cases.optimizer(method) for method in METHODS}, "momentum": momentum(0.1, 0.5)}
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
    boundary as one likes are right or wrong.
    """

    @pytest.mark.parametrize("method", METHODS)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("classes", [2, 3])
    def test_of_a_long_fit(self, subject, exact, random, activation, method, reduction, classes):
        objective = cases.objective(reduction, PENALTY[reduction])
        assert_fits_linearly(subject, exact, random, activation, objective, OPTIMIZER[method], 150, classes)


@clause(
    "outcomes.linear-classifier-on-the-way",
    operations=["fit", "predict"],
    sources=[LINEAR, PARAMETER_UPDATE, MOMENTUM, EXERCISES],
    formula=r"\lVert W_t - W'_t \rVert \le \lVert W_0 - W'_0 \rVert",
)
class TestLinearClassifierOnTheWay:
    """A fit of a linear classifier is as far after a number of iterations as its learning rate and schedule say.

    Steps that are short enough bring no two networks further apart, so the initial weights move the boundaries by
    little more than their own size.
    """

    @pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=cases.name_optimizer)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("iterations", [30, 80])
    def test_of_a_short_fit(self, subject, exact, random, activation, optimizer, reduction, iterations):
        objective = cases.objective(reduction)
        assert_fits_linearly(subject, exact, random, activation, objective, optimizer, iterations)
