"""A fit with an initialization of its own is judged as accurate enough, and never as too accurate."""

from __future__ import annotations

import numpy as np
import pytest
from miniatures import target

from nnspec.contract.operations import Description
from nnspec.documents.experiments import SPIRAL_LINEAR, SPIRAL_RELU
from nnspec.judging.agreement import Disagreement
from nnspec.reach.options import Options
from nnspec.report.record import PASSED
from nnspec.runs.fits import OUTCOMES, assert_fits
from nnspec.suite.check import check


class Accurate:
    """A subject whose fits classify this share of the examples right."""

    def __init__(self, share, initialization):
        self.share, self.description = share, Description("accurate", initialization=initialization)

    def fit(self, labels, **_):
        return labels

    def predict(self, network, inputs):
        wrong = np.arange(len(inputs)) >= round(self.share * len(inputs))
        return np.where(wrong, 1 - network, network)


def fits(share, initialization, experiment=SPIRAL_RELU):
    assert_fits(Accurate(share, initialization), experiment, np.random.default_rng(0))


def test_a_fit_may_be_more_accurate_than_one_with_the_experiments_initialization():
    fits(0.98, "own")

    with pytest.raises(Disagreement, match=r"0\.78 to 0\.92"):
        fits(0.98, "given")


@pytest.mark.parametrize("initialization", ["own", "given"])
@pytest.mark.parametrize("experiment", [SPIRAL_LINEAR, SPIRAL_RELU], ids=lambda one: one.name)
def test_a_fit_must_be_accurate_enough_with_any_initialization(initialization, experiment):
    least = OUTCOMES[experiment.name].least

    fits(least + 0.01, initialization, experiment)
    with pytest.raises(Disagreement, match=rf"{least:g}"):
        fits(least - 0.05, initialization, experiment)


#: Those whose regions have an upper bound, the longest of the others, and minibatches.
CLAUSES = (
    "outcomes.spiral-linear",
    "outcomes.spiral-relu",
    "outcomes.moons-straight-line",
    "outcomes.circles-momentum",
    "training.minibatches",
    "outcomes.best-linear-classifier",
    "outcomes.every-minibatch",
)


def test_scikit_learns_classifier_conforms_with_fit_and_predict_alone():
    record = check(Options(target=target("fits_with_scikit_learn"), select=CLAUSES), lambda _: None)

    assert record.failures == []
    passed = {result.case.partition(":")[0] for result in record.results if result.outcome == PASSED}
    assert passed == set(CLAUSES)
