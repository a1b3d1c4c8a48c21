"""Losses in a wider range: numbers far from those of a small random network, where the documents' formulas still hold.

The documents take exp f of the scores as they are, the logarithm of the probability, tanh z from the library and
1 / (1 + exp −z). None of these overflows here, nor does the probability of a label underflow. So a program may shift
the scores or not, but what it does to avoid an overflow must not change the answer.
"""

from __future__ import annotations

import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.documents.clauses import clause
from nnspec.judging import cases, ranges
from nnspec.spec_tests.sources import CLASS_SCORES, HIDDEN, LEARNING, LOSS, NETWORK, OUTPUT_ERROR, PREDICTIONS

#: Networks without and with a hidden layer.
LIKE = pytest.mark.parametrize("like", [(3, 4), (3, 5, 4)], ids=cases.name_sizes)


@clause(
    "losses.scores-far-apart",
    operations=["loss"],
    sources=[CLASS_SCORES, LOSS, LEARNING],
    formula=r"-\log p_{y_i} = -\log \frac{e^{f_{y_i}}}{\sum_j e^{f_j}}",
)
class TestLossOfScoresFarApart:
    """The loss of an example does not depend on the scores of other examples, however far apart they are.

    The exponential of no score overflows. But a program that subtracts the greatest score of all examples, or the
    first score of each, makes differences that do.
    """

    @LIKE
    def test_of_different_examples(
        self, assert_right, exact, random, sizes_like, activation, objective, like
    ):
        sizes = sizes_like(*like)
        assert_right("loss", **ranges.examples_apart(exact.precision, random, sizes, activation, objective))

    @LIKE
    def test_of_one_example(self, assert_right, exact, random, sizes_like, activation, objective, like):
        sizes = sizes_like(*like)
        assert_right("loss", **ranges.classes_apart(exact.precision, random, sizes, activation, objective))


@clause(
    "losses.unlikely-labels",
    operations=["loss"],
    sources=[LOSS, LEARNING, OUTPUT_ERROR],
    formula=r"0 \le -\log p_y < \infty",
)
class TestUnlikelyLabels:
    """The loss of a network grows without bound as its labels become less likely, and is 0 if they are certain."""

    @pytest.mark.parametrize("apart", [10.0, 30.0, 60.0])
    @LIKE
    def test_of_wrong_labels(self, assert_right, random, sizes_like, activation, objective, like, apart):
        sizes = sizes_like(*like)
        assert_right("loss", **ranges.sure(random, sizes, activation, objective, apart, right=False))

    @LIKE
    def test_of_right_labels(self, assert_right, random, sizes_like, activation, objective, like):
        sizes = sizes_like(*like)
        assert_right("loss", **ranges.sure(random, sizes, activation, objective, 60.0, right=True))


@clause(
    "losses.far-activations",
    operations=["forward", "loss"],
    sources=[PREDICTIONS, HIDDEN, NETWORK],
    formula=r"h = \varphi(z)",
)
class TestLossOfFarActivations:
    """A hidden unit whose input is far from 0 has the value of its activation there: tanh is ±1, ReLU is unbounded.

    The logistic function is 1 on the right. On the left it is as small as exp z, not smaller and not larger.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("far", ranges.FAR_ACTIVATIONS)
    def test_in_the_forward_pass(self, assert_right, exact, random, sizes_like, objective, activation, far):
        sizes = sizes_like(3, 5, 4, hidden=1)
        problem = ranges.far_activations(exact.precision, random, sizes, activation, objective, far)
        assert_right("forward", network=problem["network"], inputs=problem["inputs"])

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("far", ranges.FAR_ACTIVATIONS)
    def test_in_the_loss(self, assert_right, exact, random, sizes_like, objective, activation, far):
        sizes = sizes_like(3, 5, 4, hidden=1)
        assert_right(
            "loss", **ranges.far_activations(exact.precision, random, sizes, activation, objective, far)
        )
