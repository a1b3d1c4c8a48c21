"""The formulas of choices: their derivatives are exact, their steps those of their recursions."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from choice_trainings import network, training

from nnspec.mistakes.choices import (
    activations,
    losses,
    momentum,
    optimizers,
    penalties,
    score_gradient,
    with_momentum,
)
from nnspec.mistakes.choices.momentum_steps import Moment
from nnspec.reference import Reference


@pytest.mark.parametrize("row", activations.ACTIVATIONS, ids=lambda row: row.name)
def test_the_derivative_of_an_activation_equals_central_differences(row):
    z = np.array([[-7.3, -1.21, -0.3], [0.17, 0.44, 1.9], [2.2, 4.1, 6.6]])

    moved = [np.where(np.eye(3)[unit] == 1, 1e-6, 0) for unit in range(3)]
    differences = [
        (row.function(z + step) - row.function(z - step))[:, unit] / 2e-6 for unit, step in enumerate(moved)
    ]

    np.testing.assert_allclose(row.derivative(z), np.stack(differences, axis=1), rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("name", ["relu", "tanh", "logistic"])
def test_the_documents_own_activations_are_the_references(name):
    row, z = activations.BY_NAME[name], np.array([-800.0, -3.1, -1e-9, 0.0, 0.2, 5.0, 800.0])

    np.testing.assert_allclose(row.function(z), Reference().activation(name, z), rtol=1e-15)
    np.testing.assert_allclose(row.derivative(z), Reference().activation_derivative(name, z), atol=1e-15)


@pytest.mark.parametrize("row", activations.ACTIVATIONS, ids=lambda row: row.name)
def test_an_activation_keeps_single_precision_and_far_inputs(row):
    far = np.array([-1e3, 0.0, 1e3], dtype=np.float32)

    assert row.function(far).dtype == row.derivative(far).dtype == np.float32
    assert not np.isnan(row.function(far)).any()
    assert not np.isnan(row.derivative(far)).any()


@pytest.mark.parametrize("form", losses.FORMS, ids=lambda form: form.name)
def test_the_score_gradient_of_a_form_equals_central_differences(form):
    scores, labels = np.random.default_rng(5).standard_normal((4, 3)), np.array([0, 2, 2, 1])
    if form.outputs.name.startswith("normalised"):  # their sum is no divisor where it is 0
        scores = scores - scores.min(axis=1, keepdims=True) + 0.1

    differences = np.empty(scores.shape)
    for place in np.ndindex(*scores.shape):
        up, down = scores.copy(), scores.copy()
        up[place] += 1e-6
        down[place] -= 1e-6
        differences[place] = (form.each(up, labels).sum() - form.each(down, labels).sum()) / 2e-6

    assert form.each(scores, labels).shape == (4,)
    np.testing.assert_allclose(score_gradient(form, scores, labels), differences, rtol=1e-6, atol=1e-7)


def test_the_score_gradient_of_the_right_form_is_the_references():
    scores, labels = 30 * np.random.default_rng(5).standard_normal((4, 3)), np.array([0, 2, 2, 1])

    right = Reference().score_gradient(scores, labels, "sum")

    np.testing.assert_allclose(score_gradient(losses.RIGHT, scores, labels), right, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize("form", losses.FORMS, ids=lambda form: form.name)
def test_the_score_gradient_of_a_form_is_summed_in_the_order_of_any_other_array(form):
    scores, labels = np.random.default_rng(5).standard_normal((4, 3)), np.array([0, 2, 2, 1])

    assert score_gradient(form, scores, labels).flags.c_contiguous


@pytest.mark.parametrize("norm", penalties.NORMS, ids=lambda norm: norm.name)
def test_the_gradient_of_a_penalty_equals_central_differences(norm):
    penalty = penalties.Penalty(norm, penalties.PARTS[5], penalties.FACTORS[3])
    at = network()
    gradient = penalty.gradient(at, 0.3, 7)

    for kind, layer in itertools.product(["weights", "biases"], [0, 1]):
        array = at[kind][layer]
        for place in np.ndindex(*array.shape):
            value, values = array[place], []
            for step in (1e-6, -1e-6):
                array[place] = value + step
                values.append(penalty.value(at, 0.3, 7))
            array[place] = value
            assert gradient[kind][layer][place] == pytest.approx((values[0] - values[1]) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("row", [row for row in momentum.MOMENTA if row.response], ids=lambda row: row.name)
def test_five_steps_of_momentum_are_those_of_its_recursion(row):
    random = np.random.default_rng(6)
    a, b, c = row.response(0.3, 0.7)
    v, theta, delta, last = np.zeros(3), random.standard_normal(3), np.zeros(3), np.zeros(3)

    for iteration in range(5):
        gradient = random.standard_normal(3)
        v, step = row.step(Moment(v, gradient, theta, 0.3, 0.7, iteration))
        delta = a * gradient + b * delta + c * last
        theta, last = theta + step, gradient
        np.testing.assert_allclose(step, delta, rtol=1e-13, atol=1e-15)


def test_nesterovs_gradient_is_taken_ahead():
    (row,) = (row for row in momentum.MOMENTA if row.ahead)
    rate, factor = 0.05, 0.6
    program, arguments = with_momentum(row)(), training(iterations=3, batches=None)
    w, v = arguments["network"], Reference().zero_velocity(arguments["network"])

    for _ in range(3):
        ahead = {
            kind: [p + factor * q for p, q in zip(w[kind], v[kind], strict=True)]
            for kind in ("weights", "biases")
        }
        gradients = Reference().gradients(
            {**w, **ahead}, arguments["inputs"], arguments["labels"], arguments["objective"]
        )
        for kind in ("weights", "biases"):
            v[kind] = [factor * q - rate * g for q, g in zip(v[kind], gradients[kind], strict=True)]
            w = {**w, kind: [p + q for p, q in zip(w[kind], v[kind], strict=True)]}

    np.testing.assert_allclose(
        program.train(**arguments)["network"]["weights"][0], w["weights"][0], rtol=1e-12
    )


def test_two_steps_of_adam():
    first, second = np.array([[0.3, -2.0]]), np.array([[-0.1, 0.5]])
    state, theta = {}, [np.zeros((1, 2))]

    moved, state = optimizers.adam().step(state, theta, [first], 0.1)
    np.testing.assert_allclose(moved[0], -0.1 * first / (np.abs(first) + 1e-8))

    moved, state = optimizers.adam().step(state, theta, [second], 0.1)
    average = (0.9 * 0.1 * first + 0.1 * second) / (1 - 0.9**2)
    squares = (0.999 * 0.001 * first**2 + 0.001 * second**2) / (1 - 0.999**2)
    np.testing.assert_allclose(moved[0], -0.1 * average / (np.sqrt(squares) + 1e-8))
