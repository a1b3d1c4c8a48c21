"""Gradients in a wider range: scores and inputs of hidden units that are far from 0, and examples that are repeated."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.documents.clauses import clause
from nnspec.judging import cases, ranges
from nnspec.judging.symmetries import with_examples
from nnspec.spec_tests.sources import (
    ANALYTIC,
    CLASS_SCORES,
    HIDDEN_ERROR,
    HIDDEN_WEIGHTS,
    IMPLEMENTATION,
    LEARNING,
    LOSS,
    OUTPUT_ERROR,
    OUTPUT_WEIGHTS,
    SIZE_3,
)

#: Networks without and with a hidden layer.
LIKE = pytest.mark.parametrize("like", [(3, 4), (3, 5, 4)], ids=cases.name_sizes)
#: A training run too short to leave the range.
ONE_STEP = {"iterations": 1, "batches": None}


@clause(
    "gradients.scores-far-apart",
    operations=["gradients", "train"],
    sources=[CLASS_SCORES, LEARNING, OUTPUT_ERROR],
    formula=r"\delta_{ik} = \frac{e^{f_{ik}}}{\sum_j e^{f_{ij}}} - \mathbb{1}(y_i = k)",
)
class TestGradientsOfScoresFarApart:
    """The gradient of an example does not depend on the scores of other examples, however far apart they are."""

    @LIKE
    def test_of_different_examples(
        self, assert_right, exact, random, sizes_like, activation, objective, like
    ):
        sizes = sizes_like(*like)
        assert_right(
            "gradients", **ranges.examples_apart(exact.precision, random, sizes, activation, objective)
        )

    @LIKE
    def test_of_one_example(self, assert_right, exact, random, sizes_like, activation, objective, like):
        sizes = sizes_like(*like)
        assert_right(
            "gradients", **ranges.classes_apart(exact.precision, random, sizes, activation, objective)
        )

    @pytest.mark.parametrize(
        "problem", [ranges.examples_apart, ranges.classes_apart], ids=["examples", "classes"]
    )
    @LIKE
    def test_in_training(
        self,
        assert_right,
        exact,
        random,
        to_train,
        sizes_like,
        activation,
        objective,
        optimizer,
        like,
        problem,
    ):
        arguments = to_train(problem(exact.precision, random, sizes_like(*like), activation, objective))
        assert_right("train", **arguments, **ONE_STEP, optimizer=optimizer)


@clause(
    "gradients.far-activations",
    operations=["gradients", "train"],
    sources=[LEARNING, HIDDEN_ERROR, HIDDEN_WEIGHTS, IMPLEMENTATION, SIZE_3],
    formula=r"\varphi'(z) = 1 - h^2 \text{ or } h (1 - h)",
)
class TestGradientsOfFarActivations:
    """A hidden unit whose input is far from 0 passes on a gradient that is small, as its derivative there, or 0.

    Moderately far, it is small but not 0; further out, it is 0 up to rounding, and always a number.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("far", ranges.FAR_ACTIVATIONS)
    def test_in_the_gradients(self, assert_right, exact, random, sizes_like, objective, activation, far):
        sizes = sizes_like(3, 5, 4, hidden=1)
        assert_right(
            "gradients", **ranges.far_activations(exact.precision, random, sizes, activation, objective, far)
        )

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("far", ranges.FAR_ACTIVATIONS)
    def test_in_training(
        self, assert_right, exact, random, to_train, sizes_like, objective, optimizer, activation, far
    ):
        sizes = sizes_like(3, 5, 4, hidden=1)
        problem = ranges.far_activations(exact.precision, random, sizes, activation, objective, far)
        assert_right("train", **to_train(problem), **ONE_STEP, optimizer=optimizer)


@clause(
    "gradients.repeated-examples",
    operations=["loss", "gradients"],
    sources=[ANALYTIC, LOSS, IMPLEMENTATION, OUTPUT_WEIGHTS],
    formula=r"L = \frac{1}{N} \sum_i L_i",
)
class TestRepeatedExamples:
    """An example that occurs several times counts as often, in the sum, in the mean and in the N of the mean."""

    #: The first of three examples occurs three times.
    OFTEN = np.array([0, 1, 0, 2, 0])

    def test_in_the_loss(self, assert_right, random, sizes, activation, objective):
        problem = cases.problem(random, sizes, activation, objective, examples=3)
        assert_right("loss", **with_examples(problem, self.OFTEN))

    def test_in_the_gradients(self, assert_right, random, sizes, activation, objective):
        problem = cases.problem(random, sizes, activation, objective, examples=3)
        assert_right("gradients", **with_examples(problem, self.OFTEN))
