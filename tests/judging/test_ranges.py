"""Problems in a wider range are as far out as they say, and not further."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.judging import cases, ranges
from nnspec.judging.rounding import Precision
from nnspec.reference import Reference

PRECISIONS = [Precision("float32"), Precision("float64")]
EVERY_PRECISION = pytest.mark.parametrize("precision", PRECISIONS, ids=lambda one: one.name)
EVERY_ACTIVATION = pytest.mark.parametrize("activation", ACTIVATIONS)
EVERY_SHAPE = pytest.mark.parametrize(
    "sizes", [(3, 2), (3, 4), (3, 5, 4), (3, 5, 2), (3, 5, 6, 4)], ids=cases.name_sizes
)
OBJECTIVE = cases.objective("mean")


def drawn(draw, precision, sizes, activation, *, seed=0):
    return draw(precision, np.random.default_rng(seed), sizes, activation, OBJECTIVE)


def scores(problem):
    return Reference().forward(problem["network"], problem["inputs"])["scores"]


@EVERY_PRECISION
@EVERY_ACTIVATION
@EVERY_SHAPE
def test_scores_of_different_examples_differ_by_more_than_exp_reaches(precision, sizes, activation):
    for seed in range(20):
        found = scores(drawn(ranges.examples_apart, precision, sizes, activation, seed=seed))

        assert np.ptp(found) > ranges.greatest_exponent(precision)
        assert np.ptp(found, axis=1).max() < 20


@EVERY_PRECISION
@EVERY_ACTIVATION
@EVERY_SHAPE
def test_scores_of_an_example_differ_by_more_than_exp_reaches_and_no_probability_is_0(
    precision, sizes, activation
):
    smallest = np.finfo(precision.name).smallest_subnormal
    for seed in range(20):
        problem = drawn(ranges.classes_apart, precision, sizes, activation, seed=seed)
        apart = scores(problem)[:, 1:2] - scores(problem)[:, :1]

        assert apart.min() > ranges.greatest_exponent(precision)
        assert np.ptp(scores(problem), axis=1).max() < -np.log(float(smallest) + 0.0)


@EVERY_ACTIVATION
@EVERY_SHAPE
@pytest.mark.parametrize("draw", [ranges.examples_apart, ranges.classes_apart], ids=["examples", "classes"])
def test_biases_as_weights_change_no_score(sizes, activation, draw):
    problem = drawn(draw, PRECISIONS[1], sizes, activation)
    without = ranges.with_biases_as_weights(problem)

    assert all((biases == 0).all() for biases in without["network"]["biases"])
    np.testing.assert_allclose(scores(without), scores(problem), rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize("classes", [2, 3, 7, 16, 30])
def test_examples_are_at_right_angles_with_the_1_of_the_bias(classes):
    inputs, labels = cases.at_right_angles(np.random.default_rng(0), classes)

    np.testing.assert_allclose(inputs @ inputs.T + 1, max(16, classes) * np.eye(classes), rtol=0, atol=1e-13)
    assert sorted(labels) == list(range(classes))
