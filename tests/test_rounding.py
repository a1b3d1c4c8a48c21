"""Tolerances are derived: no correct program exceeds them, and they are not much wider than need be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnspec import cases
from nnspec.ensemble import in_precision
from nnspec.judging import Disagreement, assert_agrees
from nnspec.reference import Reference
from nnspec.rounding import Bounded, Precision, bounded
from nnspec.subject import Exact

PRECISIONS = ["float64", "float32"]


class PlainLoops(Reference):
    """A correct program that shares no kernel with NumPy's: sums one after the other, in a loop."""

    def affine(self, inputs, weights, biases):
        return matmul(inputs, weights) + biases

    def weight_gradient(self, layer_inputs, delta):
        return matmul(layer_inputs.T, delta)

    def bias_gradient(self, delta):
        return matmul(np.ones((1, len(delta)), delta.dtype), delta)[0]

    def softmax(self, scores):
        exponentials = np.exp(scores)
        return exponentials / exponentials.sum(axis=1, keepdims=True)


def matmul(a, b):
    total = np.zeros((len(a), b.shape[1]), a.dtype)
    for term in range(a.shape[1]):
        total = total + a[:, term : term + 1] * b[term]
    return total


def problem(seed, sizes, examples, activation, objective):
    return cases.problem(np.random.default_rng(seed), sizes, activation, objective, examples)


def rounded(arguments, precision):
    network, inputs = in_precision(arguments["network"], precision), arguments["inputs"].astype(precision)
    return {**arguments, "network": network, "inputs": inputs}


PROBLEMS = st.builds(
    problem,
    seed=st.integers(0, 2**32 - 1),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=3).flatmap(
        lambda sizes: st.integers(2, 5).map(lambda classes: (*sizes, classes))
    ),
    examples=st.integers(1, 60),
    activation=st.sampled_from(["relu", "tanh", "logistic"]),
    objective=st.sampled_from(cases.OBJECTIVES),
)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("program", [Reference(), PlainLoops()], ids=["reference", "loops"])
@pytest.mark.parametrize("operation", ["loss", "gradients"])
@settings(max_examples=60, deadline=None)
@given(arguments=PROBLEMS)
def test_no_correct_program_exceeds_its_tolerance(precision, program, operation, arguments):
    wanted = Exact(Precision(precision)).call(operation, arguments)

    got = getattr(program, operation)(**rounded(arguments, precision))

    assert_agrees(got, wanted, operation)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_worst_correct_gradient_needs_more_than_a_hundredth_of_its_tolerance(precision):
    worst = 0.0
    for seed in range(40):
        arguments = problem(seed, (3, 6, 4), 30, "tanh", cases.objective("sum", 0.3))
        wanted = Exact(Precision(precision)).gradients(**arguments)["weights"]
        got = PlainLoops().gradients(**rounded(arguments, precision))["weights"]
        used = [(np.abs(g - w.value) / w.error).max() for g, w in zip(got, wanted, strict=True)]
        worst = max(worst, float(max(used)))

    assert 0.01 < worst <= 1


@pytest.mark.parametrize("precision", PRECISIONS)
def test_one_part_in_ten_thousand_is_refused(precision):
    arguments = problem(0, (3, 6, 4), 30, "tanh", cases.objective("sum", 0.3))
    wanted = Exact(Precision(precision)).gradients(**arguments)
    got = Reference().gradients(**arguments)
    greatest = np.unravel_index(np.argmax(np.abs(got["weights"][1])), (6, 4))
    got["weights"][1][greatest] *= 1.0001

    with pytest.raises(Disagreement, match=r"gradients.weights\[1\]\[\d, \d\]"):
        assert_agrees(got, wanted, "gradients")


def test_a_relu_at_a_certain_0_is_0_in_every_program():
    z = bounded(np.array([0.0, 1.0]), Precision("float64"))

    derivative = Exact(z.precision).activation_derivative(name="relu", z=z.value)

    assert derivative.value.tolist() == [0, 1]
    assert derivative.error.tolist() == [0, 0]


def test_a_relu_that_rounding_may_turn_is_open():
    precision = Precision("float64")
    z = bounded(np.array([0.1, 0.2, 0.3]), precision).sum() - 0.6

    assert (z > 0).error == 1


def test_a_whole_number_is_exact_and_any_other_is_rounded_once():
    given_numbers = Bounded.given([2.0, 0.1], Precision("float32"))

    assert given_numbers.error.tolist() == [0, pytest.approx(0.1 * 2.0**-24)]


def test_a_function_without_a_rule_is_refused():
    with pytest.raises(TypeError):
        np.arctan(bounded(np.ones(2), Precision("float64")))
