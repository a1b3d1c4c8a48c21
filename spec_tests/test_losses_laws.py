"""The laws of losses: relations between several answers of a program."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.documents.clauses import clause
from nnspec.judging import cases
from nnspec.judging.laws import penalty_part, scaled
from nnspec.judging.symmetries import (
    with_classes_reordered,
    with_examples,
    with_first_biases_as_weights,
    with_network,
    with_units_reordered,
)
from nnspec.spec_tests.sources import (
    HIDDEN,
    IMPLEMENTATION,
    LEARNING,
    LOSS,
    OUTPUT,
)


@clause(
    "losses.penalty-scaling",
    operations=["loss"],
    sources=[LOSS, IMPLEMENTATION],
    formula=r"R(c W, \lambda) = c^2 R(W, \lambda), \quad R(W, c \lambda) = c R(W, \lambda)",
)
class TestPenaltyScaling:
    """The penalty is linear in λ, quadratic in the weights, and independent of the biases."""

    def test_is_linear_in_lambda(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)

        def change(implementation):
            return penalty_part(implementation.loss, problem, 1.5) - 3 * penalty_part(
                implementation.loss, problem, 0.5
            )

        assert_law(change, "penalty at 3 λ minus 3 times the penalty at λ")

    def test_is_quadratic_in_the_weights(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        doubled = with_network(problem, weights=scaled(2.0, problem["network"]["weights"]))

        def change(implementation):
            return penalty_part(implementation.loss, doubled, 0.5) - 4 * penalty_part(
                implementation.loss, problem, 0.5
            )

        assert_law(change, "penalty of doubled weights minus 4 times the penalty")

    def test_does_not_know_the_biases(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        moved = with_network(problem, biases=scaled(2.0, problem["network"]["biases"]))

        def change(implementation):
            return penalty_part(implementation.loss, moved, 0.5) - penalty_part(
                implementation.loss, problem, 0.5
            )

        assert_law(change, "change of the penalty when the biases change")


@clause(
    "losses.sum-and-mean",
    operations=["cross_entropy"],
    sources=[LEARNING, IMPLEMENTATION],
    formula=r"L_\text{sum} = N \cdot L_\text{mean}",
)
class TestSumAndMean:
    """The sum of the cross-entropies is N times their mean."""

    @pytest.mark.parametrize("examples", [1, 2, 7])
    def test_of_random_scores(self, assert_law, random, examples):
        case = {"scores": random.standard_normal((examples, 4)), "labels": cases.labels(random, examples, 4)}

        def change(implementation):
            total = implementation.cross_entropy(**case, reduction="sum")
            return total - examples * implementation.cross_entropy(**case, reduction="mean")

        assert_law(change, "the sum minus N times the mean")


@clause("losses.example-order", operations=["loss"], sources=[LOSS, LEARNING])
class TestExampleOrder:
    """The loss does not depend on the order of the examples."""

    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_a_random_order(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        reordered = with_examples(problem, random.permutation(7))
        assert_law(
            lambda a: a.loss(**reordered) - a.loss(**problem),
            "change of the loss when the examples are permuted",
        )


@clause("losses.hidden-unit-order", operations=["loss"], sources=[OUTPUT])
class TestHiddenUnitOrder:
    """The loss does not depend on the order of the hidden units, if their weights are in the same order."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("layer", [0, 1])
    def test_of_a_random_order(self, assert_law, random, activation, objective, layer):
        problem = cases.problem(random, (3, 5, 4, 3), activation, objective)
        order = np.roll(np.arange(5 - layer), 2)
        reordered = {**problem, "network": with_units_reordered(problem["network"], layer, order)}
        assert_law(
            lambda a: a.loss(**reordered) - a.loss(**problem),
            "change of the loss when the hidden units are permuted",
        )


@clause("losses.class-order", operations=["loss"], sources=[LEARNING])
class TestClassOrder:
    """The loss does not depend on how the classes are numbered."""

    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_another_numbering(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        renumbered = with_classes_reordered(problem, np.array([2, 0, 3, 1]))
        assert_law(
            lambda a: a.loss(**renumbered) - a.loss(**problem),
            "change of the loss when the classes are renumbered",
        )


@clause("losses.duplicated-examples", operations=["loss"], sources=[LOSS, IMPLEMENTATION])
class TestDuplicatedExamples:
    """Duplicating every example leaves the mean unchanged and doubles the sum."""

    @pytest.mark.parametrize(("reduction", "times"), [("mean", 1), ("sum", 2)])
    def test_every_example_twice(self, assert_law, random, activation, reduction, times):
        problem = cases.problem(random, (3, 5, 4), activation, cases.objective(reduction))
        doubled = with_examples(problem, np.repeat(np.arange(7), 2))
        assert_law(
            lambda a: a.loss(**doubled) - times * a.loss(**problem),
            "loss with every example duplicated minus its correct value",
        )


@clause(
    "losses.bias-as-a-weight",
    operations=["loss"],
    sources=[HIDDEN],
    formula=r"x W + b = \begin{pmatrix} x & 1 \end{pmatrix} \begin{pmatrix} W \\ b \end{pmatrix}",
)
class TestBiasAsAWeight:
    """A bias is the weight of an additional input that is always 1."""

    @pytest.mark.parametrize("sizes", [(3, 4), (3, 5, 4)], ids=cases.name_sizes)
    def test_of_the_first_layer(self, assert_law, random, activation, objective, sizes):
        problem = cases.problem(random, sizes, activation, objective)
        absorbed = with_first_biases_as_weights(problem)
        assert_law(
            lambda a: a.loss(**absorbed) - a.loss(**problem),
            "change of the loss when the first biases become weights",
        )
