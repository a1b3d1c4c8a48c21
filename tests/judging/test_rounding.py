"""Tolerances are derived: no correct program exceeds them, and they are not much wider than necessary."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st
from other_formulas import FORMS, OtherFormulas, decayed_rate
from plain_loops import PlainLoops, in_precision, sequential
from questions import ORDINARY, PROBLEMS, QUESTIONS, SCHEDULES, STEPS, ordinary

from nnspec.documents.experiments import gradient_descent
from nnspec.judging import cases, rounding
from nnspec.judging.agreement import Disagreement, assert_agrees, assert_predicts
from nnspec.judging.formulations import Formulations
from nnspec.judging.rounding import Bounded, Precision, bounded
from nnspec.judging.subject import Exact
from nnspec.reference import Reference

#: There are a hundred properties: each tries 15 examples in an ordinary run, and the profile's number in a long run.
tries = settings(
    max_examples=settings.default.max_examples if settings.default.max_examples > 100 else 15, deadline=None
)
PRECISIONS = ["float64", "float32"]
PROGRAMS = {
    "reference": st.just(Reference()),
    "loops": st.just(PlainLoops()),
    "other formulas": st.builds(
        OtherFormulas, **{name: st.sampled_from(forms) for name, forms in FORMS.items()}
    ),
}


# ---- no correct program exceeds its tolerance ----


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", PROGRAMS)
@pytest.mark.parametrize("operation", QUESTIONS)
@tries
@given(data=st.data())
def test_no_correct_program_exceeds_its_tolerance(precision, kind, operation, data):
    program, arguments = data.draw(PROGRAMS[kind]), data.draw(QUESTIONS[operation])
    expected = Exact(Precision(precision)).call(operation, arguments)

    got = getattr(program, operation)(**in_precision(arguments, precision))

    assert_agrees(got, expected, operation)
    target(used(got, expected))  # guides Hypothesis's search


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", PROGRAMS)
@tries
@given(data=st.data())
def test_no_correct_program_exceeds_its_tolerance_in_updates(precision, kind, data):
    program, question = data.draw(PROGRAMS[kind]), data.draw(STEPS)
    rounded, exact = in_precision(question, precision), Exact(Precision(precision))
    bounded_network = bounded(question["network"], exact.precision)

    got = networks_after_updates(program, {**rounded, "velocity": program.zero_velocity(rounded["network"])})
    expected = networks_after_updates(
        exact,
        {**question, "network": bounded_network, "velocity": program.zero_velocity(question["network"])},
    )

    for after, right in zip(got, expected, strict=True):
        assert_agrees(after, right, "update.network")


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", PROGRAMS)
@tries
@given(data=st.data())
def test_no_correct_program_predicts_another_class(precision, kind, data):
    program, problem = data.draw(PROGRAMS[kind]), data.draw(PROBLEMS)
    arguments = {"network": problem["network"], "inputs": problem["inputs"]}
    scores = Exact(Precision(precision)).forward(**arguments)["scores"]

    assert_predicts(program.predict(**in_precision(arguments, precision)), scores, "predict")


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("operation", ["softmax", "cross_entropy", "forward", "gradients", "train"])
@tries
@given(data=st.data())
def test_no_correct_program_exceeds_its_tolerance_if_float64_is_the_widest_format(precision, operation, data):
    program, arguments = data.draw(PROGRAMS["other formulas"]), data.draw(QUESTIONS[operation])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounding, "WIDEST", np.float64)
        expected = Exact(Precision(precision)).call(operation, arguments)

    got = getattr(program, operation)(**in_precision(arguments, precision))

    assert_agrees(got, expected, operation)


def networks_after_updates(program, question):
    """The networks after each of several updates in a row."""
    state = {"network": question["network"], "velocity": question["velocity"]}
    for iteration, gradients in enumerate(question["gradients"], question["first"]):
        state = program.update(
            **state, gradients=gradients, optimizer=question["optimizer"], iteration=iteration
        )
        yield state["network"]


# ---- cases that only rare inputs show ----


@pytest.mark.parametrize("precision", PRECISIONS)
@tries
@given(schedule=SCHEDULES.filter(bool), iteration=st.integers(0, 300))
def test_a_rate_may_be_computed_in_the_programs_precision(precision, schedule, iteration):
    optimizer = {**cases.optimizer("momentum"), "schedule": schedule}
    right = Formulations(Precision(precision)).learning_rate(optimizer, iteration)

    assert_agrees(decayed_rate(optimizer, iteration, np.dtype(precision).type), right, "rate")


def test_a_penalty_may_be_one_sum_over_all_layers():
    """The first weight squared is 1, to which float32 cannot add the others one by one."""
    network = {"weights": [np.ones((1, 1)), np.full((1, 100), 2.0**-13)], "biases": []}
    precision = Precision("float32")

    right = Formulations(precision).penalty(bounded(network, precision), 2.0)

    assert_agrees(PlainLoops().penalty(in_precision(network, "float32"), 2.0), right, "penalty")


def test_a_penalty_may_shrink_the_weights_before_the_step():
    problem = cases.problem(np.random.default_rng(0), (1, 3000), "relu", cases.objective("sum", 1e-3), 1)
    run = {"optimizer": gradient_descent(1e-3), "iterations": 1, "batches": None}
    training = {**problem, "inputs": np.zeros((1, 1)), **run}
    right = Exact(Precision("float32")).train(**training)["network"]["weights"]

    network, rate = in_precision(training["network"], "float32"), np.float32(1e-3)
    got = [weights * (np.float32(1) - rate * rate) for weights in network["weights"]]

    assert_agrees(got, right, "train.network.weights")


# ---- and it is not much wider than necessary ----


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("case", ORDINARY)
def test_the_worst_correct_program_needs_more_than_a_hundredth_of_its_tolerance(precision, case):
    random, exact = np.random.default_rng(0), Exact(Precision(precision))
    operation, worst = case.split("-")[0], 0.0
    for _ in range(15):
        arguments = ordinary(case, random)
        expected = exact.call(operation, arguments)
        for program in (
            Reference(),
            PlainLoops(),
            OtherFormulas.random_choice(random),
            OtherFormulas.random_choice(random),
        ):
            got = getattr(program, operation)(**in_precision(arguments, precision))
            worst = max(
                worst, used(got["network"], expected["network"]) if "update" in case else used(got, expected)
            )

    assert 0.01 < worst <= 1


def used(got, expected):
    """The greatest error of any number, as a share of its tolerance."""
    if isinstance(expected, dict):
        return max(used(got[name], part) for name, part in expected.items() if name != "activation")
    if isinstance(expected, list):
        return max((used(part, right) for part, right in zip(got, expected, strict=True)), default=0.0)
    if not isinstance(expected, Bounded):
        return 0.0 if np.array_equal(got, expected) else np.inf  # labels, which are exact
    off = np.abs(np.asarray(got) - expected.value)
    return float(np.max(np.where(off == 0, 0, off / np.maximum(expected.error, 1e-300)), initial=0))


def test_a_relu_rounds_nothing_but_its_input():
    z, precision = np.array([-1.3, 0.1, 2.7]), Precision("float64")

    h = Exact(precision).activation(name="relu", z=z)

    assert np.array_equal(h.value, Reference().activation("relu", z))
    assert h.error.tolist() == [0.0, precision.unit * 0.1, precision.unit * 2.7]


# ---- mistakes are refused ----


class Epsilon(Reference):
    def softmax(self, scores):
        exponentials = np.exp(scores)
        return exponentials / (exponentials.sum(axis=1, keepdims=True) + 1e-9)


class EpsilonInTheLogarithm(Reference):
    def log_softmax(self, scores):
        return np.log(self.softmax(scores) + 1e-12)


class PartlyFloat32(Reference):
    """Computes its exponentials, tanh and logistic functions in float32."""

    def softmax(self, scores):
        return super().softmax(scores.astype(np.float32)).astype(float)

    def tanh(self, z):
        return np.tanh(z.astype(np.float32)).astype(float)

    def logistic(self, z):
        return super().logistic(z.astype(np.float32)).astype(float)


def refused(program, operation, precision="float64", **arguments):
    expected = Exact(Precision(precision)).call(operation, arguments)
    got = getattr(program, operation)(**in_precision(arguments, precision))
    with pytest.raises(Disagreement, match=operation):
        assert_agrees(got, expected, operation)


@pytest.mark.parametrize(
    ("program", "case"),
    [
        (Epsilon(), "softmax"),
        (Epsilon(), "score_gradient"),
        (Epsilon(), "gradients-tanh"),
        (EpsilonInTheLogarithm(), "cross_entropy"),
        (PartlyFloat32(), "softmax"),
        (PartlyFloat32(), "activation-tanh"),
        (PartlyFloat32(), "activation-logistic"),
        (PartlyFloat32(), "activation_derivative-tanh"),
        (PartlyFloat32(), "activation_derivative-logistic"),
        (PartlyFloat32(), "forward-logistic"),
        (PartlyFloat32(), "gradients-tanh"),
    ],
)
def test_a_small_mistake_is_refused(program, case):
    for seed in range(5):
        refused(program, case.split("-")[0], **ordinary(case, np.random.default_rng([5, seed])))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_one_part_in_ten_thousand_is_refused(precision):
    problem = cases.problem(np.random.default_rng(0), (3, 6, 4), "tanh", cases.objective("sum", 0.3), 30)
    expected = Exact(Precision(precision)).gradients(**problem)
    got = Reference().gradients(**problem)
    greatest = np.unravel_index(np.argmax(np.abs(got["weights"][1])), (6, 4))
    got["weights"][1][greatest] *= 1.0001

    with pytest.raises(Disagreement, match=r"gradients.weights\[1\]\[\d, \d\]"):
        assert_agrees(got, expected, "gradients")


# ---- a ReLU near 0 ----


class PassesZero(Reference):
    """1(z ≥ 0), from z and not from max(0, z)."""

    def activation_derivative(self, name, z):  # noqa: ARG002 (the contract's arguments)
        return z >= 0


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_relu_at_a_certain_0_passes_nothing_on(precision):
    refused(PassesZero(), "activation_derivative", precision, name="relu", z=np.array([[0.0]]))
    refused(PassesZero(), "activation_derivative", precision, name="relu", z=np.array([[-0.0]]))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_a_hidden_unit_without_any_input_is_certainly_0(precision):
    problem = cases.problem(np.random.default_rng(0), (2, 5, 3), "relu", cases.objective("sum"), 1)
    problem["network"]["biases"][0][:] = 0
    problem["inputs"][:] = 0
    exact = Exact(Precision(precision))

    assert not exact.forward(network=problem["network"], inputs=problem["inputs"])["hidden"][0].error.any()
    assert not exact.gradients(**problem)["biases"][0].error.any()


@pytest.mark.parametrize(("z", "precision"), [(5e-324, "float64"), (1e-310, "float64"), (1e-40, "float32")])
def test_a_relu_at_a_number_that_may_be_flushed_to_zero_may_go_either_way(z, precision):
    exact = Exact(Precision(precision))

    assert exact.activation(name="relu", z=np.array([z])).error >= z
    assert exact.activation_derivative(name="relu", z=np.array([z, -1.0])).error.tolist() == [1, 0]


def test_a_relu_whose_input_rounding_may_reverse_may_go_either_way():
    z = bounded(np.array([0.1, 0.2, 0.3]), Precision("float64")).sum() - 0.6

    assert (z > 0).error == 1


# ---- the rules ----


def test_a_whole_number_is_exact_and_any_other_is_rounded_once():
    precision = Precision("float32")

    numbers = Bounded.from_input([2.0, 2.0**23, 0.1, 2.0**24 + 1], precision)

    assert numbers.error.tolist() == [0, 0, precision.unit * 0.1, precision.unit * (2.0**24 + 1)]


def test_a_result_that_underflows_may_be_flushed_and_an_exact_0_is_0():
    precision = Precision("float32")
    tiny = bounded(np.array([1e-30, 0.0]), precision)

    assert (tiny * tiny).error[0] >= precision.underflow
    assert (tiny * tiny).error[1] == 0


@pytest.mark.parametrize(
    "formula", [lambda a, b: a * b, lambda a, b: a @ b, lambda a, b: a / (1 / b)], ids=["·", "@", "/"]
)
def test_a_0_to_which_the_reference_underflowed_in_float64_is_not_exact(formula, monkeypatch):
    monkeypatch.setattr(rounding, "WIDEST", np.float64)
    precision = Precision("float64")
    tiny, zero = (bounded(np.full((1, 1), value), precision) for value in (1e-200, 0.0))

    assert formula(tiny, tiny).value == 0
    assert formula(tiny, tiny).error >= precision.underflow
    assert formula(zero, tiny).error == 0


@pytest.mark.parametrize("uncertainty", [1e-3, 1.0, 30.0, 300.0])
def test_probabilities_are_as_uncertain_as_the_scores_make_them(uncertainty):
    random = np.random.default_rng(0)
    scores = 60 * random.standard_normal((2000, 4))
    off = uncertainty * random.random((2000, 4))
    formulations = Formulations(Precision("float64"))
    expected = formulations.softmax(Bounded(scores, off, Precision("float64")))

    for _ in range(8):
        got = Reference().softmax(scores + off * random.choice([-1, 1], off.shape))

        assert_agrees(got, expected, "softmax")


@pytest.mark.parametrize("terms", [3, 100, 324, 1000])
def test_a_sum_of_equal_terms_is_within_its_tolerance(terms):
    precision = Precision("float32")
    numbers = np.random.default_rng(0).uniform(1, 2, (terms, 2000))
    numbers[:] = numbers[0]

    expected = bounded(numbers, precision).sum(axis=0)

    assert_agrees(sequential(numbers.astype(np.float32)), expected, "sum")


def test_the_unit_includes_the_roundoff_of_the_widest_format(monkeypatch):
    for widest, unit in [(np.float64, 2.0**-52), (np.longdouble, 2.0**-53 + np.finfo(np.longdouble).eps / 2)]:
        monkeypatch.setattr(rounding, "WIDEST", widest)

        assert Precision("float64").unit == float(unit)


def test_a_function_without_a_rule_is_refused():
    with pytest.raises(TypeError):
        np.arctan(bounded(np.ones(2), Precision("float64")))
