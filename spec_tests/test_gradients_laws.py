"""The laws of gradients: relations between several answers of a program."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.documents.clauses import clause
from nnspec.documents.experiments import CIRCLES_GRADIENT_CHECK
from nnspec.judging import cases
from nnspec.judging.differences import assert_matches_differences
from nnspec.judging.laws import difference, penalty_part, scaled
from nnspec.judging.smoothness import problem_off_the_kinks
from nnspec.judging.symmetries import (
    with_classes_reordered,
    with_examples,
    with_first_biases_as_weights,
    with_units_reordered,
)
from nnspec.judging.taylor import assert_of_second_order
from nnspec.spec_tests.sources import (
    ANALYTIC,
    CHECKING,
    HIDDEN,
    HIDDEN_BIAS,
    HIDDEN_ERROR,
    HIDDEN_WEIGHTS,
    IMPLEMENTATION,
    LEARNING,
    OUTPUT_BIAS,
    OUTPUT_WEIGHTS,
)


@clause("gradients.penalty-scaling", operations=["gradients"], sources=[ANALYTIC, IMPLEMENTATION])
class TestPenaltyScaling:
    """The penalty's part of the gradients is linear in λ, and zero on the biases."""

    def test_is_linear_in_lambda(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)

        def change(implementation):
            return difference(
                penalty_part(implementation.gradients, problem, 1.5),
                scaled(3.0, penalty_part(implementation.gradients, problem, 0.5)),
            )

        assert_law(change, "penalty's gradient at 3 λ minus 3 times its gradient at λ")

    def test_has_no_part_in_the_biases(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        assert_law(
            lambda a: penalty_part(a.gradients, problem, 5.0)["biases"],
            "change of the gradients on the biases when the penalty is added",
        )


@clause("gradients.example-order", operations=["gradients"], sources=[OUTPUT_WEIGHTS, HIDDEN_WEIGHTS])
class TestExampleOrder:
    """The gradients do not depend on the order of the examples."""

    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_a_random_order(self, assert_law, random, activation, objective):
        problem = cases.problem(random, (3, 5, 4), activation, objective)
        reordered = with_examples(problem, random.permutation(7))
        assert_law(
            lambda a: difference(a.gradients(**reordered), a.gradients(**problem)),
            "change of the gradients when the examples are permuted",
        )


@clause("gradients.hidden-unit-order", operations=["gradients"], sources=[HIDDEN_ERROR])
class TestHiddenUnitOrder:
    """Permuting the hidden units permutes the gradients in the same way."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("layer", [0, 1])
    def test_of_a_random_order(self, assert_law, random, activation, objective, layer):
        problem = cases.problem(random, (3, 5, 4, 3), activation, objective)
        order = np.roll(np.arange(5 - layer), 2)
        reordered = {**problem, "network": with_units_reordered(problem["network"], layer, order)}

        def change(implementation):
            expected = with_units_reordered(implementation.gradients(**problem), layer, order)
            return difference(implementation.gradients(**reordered), expected)

        assert_law(change, "change of the gradients when the hidden units are permuted")


@clause("gradients.class-order", operations=["gradients"], sources=[LEARNING])
class TestClassOrder:
    """Renumbering the classes renumbers the gradients in the same way."""

    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_another_numbering(self, assert_law, random, activation, objective):
        problem, order = cases.problem(random, (3, 5, 4), activation, objective), np.array([2, 0, 3, 1])
        renumbered = with_classes_reordered(problem, order)

        def change(implementation):
            expected = with_units_reordered(implementation.gradients(**problem), 1, order)
            return difference(implementation.gradients(**renumbered), expected)

        assert_law(change, "change of the gradients when the classes are renumbered")


@clause("gradients.duplicated-examples", operations=["gradients"], sources=[ANALYTIC, IMPLEMENTATION])
class TestDuplicatedExamples:
    """Duplicating every example leaves the gradients of the mean unchanged and doubles those of the sum."""

    @pytest.mark.parametrize(("reduction", "times"), [("mean", 1.0), ("sum", 2.0)])
    def test_every_example_twice(self, assert_law, random, activation, reduction, times):
        problem = cases.problem(random, (3, 5, 4), activation, cases.objective(reduction))
        doubled = with_examples(problem, np.repeat(np.arange(7), 2))
        assert_law(
            lambda a: difference(a.gradients(**doubled), scaled(times, a.gradients(**problem))),
            "gradients with every example duplicated minus their correct values",
        )


@clause(
    "gradients.sum-over-examples",
    operations=["gradients"],
    sources=[OUTPUT_WEIGHTS, OUTPUT_BIAS, HIDDEN_WEIGHTS, HIDDEN_BIAS],
    formula=r"\nabla L = \sum_i \nabla L_i",
)
class TestSumOverExamples:
    """The gradients of a sum over the examples are the sum of the gradients of each example alone."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    def test_of_two_parts(self, assert_law, random, activation):
        problem = cases.problem(random, (3, 5, 4), activation, cases.objective("sum"))
        parts = [with_examples(problem, np.arange(3)), with_examples(problem, np.arange(3, 7))]

        def change(implementation):
            first, second = (implementation.gradients(**part) for part in parts)
            return difference(difference(implementation.gradients(**problem), first), second)

        assert_law(change, "gradients of a batch minus those of its two parts")

    def test_of_each_example(self, assert_law, random, activation):
        problem = cases.problem(random, (3, 5, 4), activation, cases.objective("sum"), examples=4)

        def change(implementation):
            left = implementation.gradients(**problem)
            for example in range(4):
                one = with_examples(problem, np.array([example]))
                left = difference(left, implementation.gradients(**one))
            return left

        assert_law(change, "gradients of a batch minus those of each of its examples")


@clause("gradients.sum-and-mean", operations=["gradients"], sources=[LEARNING, ANALYTIC])
class TestSumAndMean:
    """Without a penalty, the gradients of the sum are N times those of the mean.

    WildML's loss formula has 1/N and its gradients do not, so its steps are N times what the loss suggests.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("examples", [2, 7])
    def test_of_random_networks(self, assert_law, random, activation, examples):
        problem = cases.problem(random, (3, 5, 4), activation, cases.objective("sum"), examples)
        averaged = {**problem, "objective": cases.objective("mean")}
        assert_law(
            lambda a: difference(a.gradients(**problem), scaled(float(examples), a.gradients(**averaged))),
            "gradients of the sum minus N times those of the mean",
        )


@clause("gradients.bias-as-a-weight", operations=["gradients"], sources=[HIDDEN])
class TestBiasAsAWeight:
    """The gradient on a bias is the gradient on the weight of an additional input that is always 1."""

    @pytest.mark.parametrize("sizes", [(3, 4), (3, 5, 4)], ids=cases.name_sizes)
    def test_of_the_first_layer(self, assert_law, random, activation, objective, sizes):
        problem = cases.problem(random, sizes, activation, objective)
        absorbed = with_first_biases_as_weights(problem)

        def change(implementation):
            last_row = implementation.gradients(**absorbed)["weights"][0][-1]
            return last_row - implementation.gradients(**problem)["biases"][0]

        assert_law(change, "gradient on the weight of an input of 1 minus the gradient on the bias")


@clause(
    "gradients.finite-differences",
    operations=["loss", "gradients"],
    sources=[CHECKING],
    formula=r"\frac{\partial L}{\partial \theta_i} \approx"
    r" \frac{L(\theta + \varepsilon e_i) - L(\theta - \varepsilon e_i)}{2 \varepsilon}, \quad \varepsilon = 10^{-4}",
)
class TestFiniteDifferences:
    """The gradient on every single parameter is close to (L(θ + ε) − L(θ − ε)) / 2ε of the loss L, with ε = 1e-4.

    “Close” is as in the document: a relative 1e-5 and an absolute 1e-8, as in NumPy's isclose, plus the rounding
    error of the loss over ε. This misses mistakes below these tolerances, and mistakes that the loss shares.
    """

    def test_at_the_documents_parameters(self, subject, exact):
        training = CIRCLES_GRADIENT_CHECK.training()
        problem = {name: training[name] for name in ["network", "inputs", "labels", "objective"]}
        assert_matches_differences(subject, exact, problem)

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_at_random_parameters(self, subject, exact, random, activation, objective):
        problem = problem_off_the_kinks(random, (3, 4, 3), activation, objective, reach=1e-3)
        assert_matches_differences(subject, exact, problem)


@clause(
    "gradients.taylor-remainder",
    operations=["loss", "gradients"],
    sources=[ANALYTIC, CHECKING],
    formula=r"L(\theta + h v) - L(\theta) - h \, \nabla L \cdot v = O(h^2)",
)
class TestTaylorRemainder:
    """Along any direction, the change of the loss minus what the gradient predicts is of second order in the step.

    Half the step leaves a quarter of it. If the gradient is not that of the loss, half the step leaves half: the
    order of the remainder, 2 or 1, decides without any tolerance. The problems keep away from ReLU's kinks by
    construction.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_one_hidden_layer(self, subject, exact, random, activation, objective):
        assert_of_second_order(subject, exact, random, (3, 5, 4), activation, objective)

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    def test_of_two_hidden_layers(self, subject, exact, random, activation, objective):
        assert_of_second_order(subject, exact, random, (4, 3, 6, 2), activation, objective)

    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_a_linear_classifier(self, subject, exact, random, activation, objective):
        assert_of_second_order(subject, exact, random, (3, 4), activation, objective)
