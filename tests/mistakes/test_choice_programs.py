"""Programs with choices differ from the reference in their own formula, and compose."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from choice_trainings import NORMALS, STEP, flat, network, trained, training

from nnspec.mistakes.choices import (
    activations,
    alone,
    array_slips,
    choices,
    data,
    initializers,
    loops,
    losses,
    momentum,
    optimizers,
    penalties,
    schedules,
    with_activation,
    with_data,
    with_derivative,
    with_function,
    with_initializer,
    with_loop,
    with_loss_and_gradient,
    with_momentum,
    with_optimizer,
    with_penalty_and_gradient,
    with_schedule,
)
from nnspec.mistakes.choices.array_slips import with_slip
from nnspec.mistakes.choices.layer_classes import with_score_activation
from nnspec.reference import Reference

WHOLE, ALONE = list(choices()), list(alone())
#: A program of each table that yields whole programs.
ONE_OF_EACH = [
    with_activation(activations.BY_NAME["softplus"], "tanh"),
    with_loss_and_gradient(losses.FORMS[1]),
    with_penalty_and_gradient(penalties.PENALTIES[1]),
    with_momentum(momentum.MOMENTA[1]),
    with_optimizer(optimizers.adam()),
    with_schedule(schedules.SCHEDULES[3]),
    with_initializer(initializers.INITIALIZERS[4]),
    with_loop(loops.LOOPS[0]),
    with_slip(array_slips.SLIPS[0]),
    with_data(data.DATA[0]),
    with_score_activation(activations.BY_NAME["softplus"]),
]
Z = np.array([[-7.0, -1.0, -0.3], [0.0, 0.4, 1.5], [5.0, 6.5, 7.0]])
SCORES = np.array([[0.0, 60.0, -1.0], [0.0, 1.0, 2.0], [60.0, -1.0, 0.0], [-2.0, 0.3, 1.1]])
LABELS = np.array([0, 1, 0, 2])
INITIALIZATIONS = [(0.01, False, "zeros"), (1.0, True, "zeros"), (0.1, False, "normals")]


def of_functions(program):
    for name in ("relu", "tanh", "logistic"):
        yield program().activation(name, Z)
        yield program().activation_derivative(name, Z)


def of_losses(program):
    for labels in (LABELS, np.where(LABELS == 0, 1, LABELS)):  # the second lack a class
        yield program().cross_entropy(SCORES, labels, "sum")
    for reduction in ("sum", "mean"):
        yield program().score_gradient(SCORES, LABELS, reduction)


def of_penalties(program):
    """What a penalty adds to the loss and to the gradients."""
    arguments = training()
    examples = [arguments[name] for name in ("network", "inputs", "labels")]
    losses = [program().loss(*examples, {"reduction": "mean", "l2": l2}) for l2 in (0.3, 0.0)]
    yield losses[0] - losses[1]
    gradients = [program().gradients(*examples, {"reduction": "mean", "l2": l2}) for l2 in (0.3, 0.0)]
    yield flat(gradients[0]) - flat(gradients[1])


def of_schedules(program):
    for kind, iteration in itertools.product([None, "step", "exponential", "inverse_time"], [2, 3, 1500]):
        optimizer = training(schedule=kind and {**STEP, "kind": kind})["optimizer"]
        yield program().learning_rate(optimizer, iteration)


def of_layers(program):
    """Scores of a linear classifier, in which no other table shows."""
    linear = {**network(), "weights": network()["weights"][1:], "biases": network()["biases"][1:]}
    inputs = np.random.default_rng(4).standard_normal((9, 5))
    yield program().forward(linear, inputs)["scores"]


def of_initializers(program):
    for scale, fan_in, biases in INITIALIZATIONS:
        initialization = {"scale": scale, "fan_in": fan_in, "biases": biases}
        yield flat(program().initialize(NORMALS, [3, 5, 4], "relu", initialization))


def trainings(program):
    """Short trainings in which every loop, every penalty and every optimiser shows."""
    yield trained(program, iterations=3)
    yield trained(program)
    yield trained(program, method="gradient_descent", schedule=STEP)
    yield trained(program, activation="relu", reduction="sum", batches=None, schedule=STEP)
    yield trained(program, batches=None, optimizer={**training()["optimizer"], "learning_rate": 1e-6})
    yield trained(
        program, network=network(scale=40), optimizer={**training()["optimizer"], "learning_rate": 5}
    )

    for kind in ("exponential", "inverse_time"):
        yield trained(program, method="gradient_descent", schedule={**STEP, "kind": kind})


#: Momentum and an optimiser are one formula, the update; a loss and a slip are another.
SAME_FORMULA = {
    "momentum": ["optimizers"],
    "optimizers": ["momentum"],
    "losses": ["slips"],
    "slips": ["losses"],
}
#: The answers in which the formulas of a table show; those of another table do not change them.
FORMULAS = {
    "activations": of_functions,
    "losses": of_losses,
    "slips": of_losses,
    "penalties": of_penalties,
    "schedules": of_schedules,
    "initializers": of_initializers,
    "layers": of_layers,
}


def answers(program, table):
    """The answers of a table's formulas, and trainings if that is where a choice of it shows."""
    with np.errstate(all="ignore"):
        yield from FORMULAS.get(table, trainings)(program)
        if table in ("schedules", "layers"):
            yield from trainings(program)


def same(answer, expected):
    answer, expected = np.asarray(answer, dtype=float), np.asarray(expected, dtype=float)
    if answer.shape != expected.shape:
        return False
    with np.errstate(all="ignore"):
        near = np.abs(answer - expected) <= 1e-12 + 1e-9 * np.abs(expected)
    return bool((near | (answer == expected)).all())


RIGHT = {program.table: list(answers(Reference, program.table)) for program in ONE_OF_EACH}


def test_every_program_differs_from_the_reference():
    for program in [*WHOLE, *ALONE]:
        right = RIGHT[program.table]
        assert not all(map(same, answers(program, program.table), right)), program.__name__


@pytest.mark.parametrize("table", RIGHT)
def test_every_program_composes_with_one_of_each_other_table(table):
    others = tuple(other for other in ONE_OF_EACH if other.table not in (table, *SAME_FORMULA.get(table, ())))

    for program in choices(activations=["tanh"], kinds=["step"]):
        if program.table != table:
            continue
        together = type("Together", (program, *others), {})
        with np.errstate(all="ignore"):
            answer = together().train(**training(schedule=STEP, iterations=3))
        assert len(answer["losses"]) >= 3


PAIRS_OF_TABLES = [
    pair
    for pair in itertools.combinations(ONE_OF_EACH, 2)
    if pair[1].table not in SAME_FORMULA.get(pair[0].table, ())
]


@pytest.mark.parametrize("pair", PAIRS_OF_TABLES, ids=lambda pair: "-".join(p.table for p in pair))
def test_two_choices_together_have_the_formulas_of_both_in_either_order(pair):
    together, reversed_order = type("Together", pair, {}), type("Together", pair[::-1], {})

    for program in (program for program in pair if program.table in FORMULAS):
        both, alone = (FORMULAS[program.table](which) for which in (together, program))
        assert all(itertools.starmap(same, zip(both, alone, strict=True)))
    assert all(itertools.starmap(same, zip(trainings(together), trainings(reversed_order), strict=True)))


def test_an_output_that_remembers_its_input_gives_plain_arrays():
    forward = with_activation(activations.BY_NAME["softplus"], "tanh")().forward(
        network(), training()["inputs"]
    )

    assert type(forward["scores"]) is np.ndarray
    assert type(forward["hidden"][0] + 1) is np.ndarray
    assert type(forward["hidden"][0].sum()) is np.float64


def test_a_derivative_alone_may_take_the_output_for_the_input():
    program = with_derivative(activations.TANH, "tanh", "h")()
    z = np.array([[-2.0, 0.3]])

    np.testing.assert_allclose(program.activation_derivative("tanh", z), 1 - np.tanh(np.tanh(z)) ** 2)
    np.testing.assert_array_equal(program.activation("tanh", z), np.tanh(z))


def test_a_function_alone_keeps_the_right_derivative_of_the_input():
    program = with_function(activations.BY_NAME["lecun tanh"], "tanh")()
    z = np.array([[-2.0, 0.3]])

    np.testing.assert_allclose(program.activation("tanh", z), 1.7159 * np.tanh(2 * z / 3))
    np.testing.assert_allclose(program.activation_derivative("tanh", z), 1 - np.tanh(z) ** 2)


def test_a_function_alone_may_keep_the_formula_of_the_output():
    program = with_function(activations.BY_NAME["lecun tanh"], "tanh", "h")()
    z = np.array([[-2.0, 0.3]])

    h = 1.7159 * np.tanh(2 * z / 3)

    np.testing.assert_allclose(program.activation_derivative("tanh", z), 1 - h * h)


def test_softmax_over_the_units_goes_back_through_all_of_them():
    program = with_activation(activations.BY_NAME["softmax over units"], "tanh")()
    arguments = training()
    examples = [arguments[name] for name in ("inputs", "labels", "objective")]
    at = arguments["network"]
    gradient = program.gradients(at, *examples)["weights"][0]

    losses = []
    for step in (1e-6, -1e-6):
        moved = at["weights"][0].copy()
        moved[1, 2] += step
        losses.append(program.loss({**at, "weights": [moved, at["weights"][1]]}, *examples))

    assert gradient[1, 2] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-6)


def test_an_initializer_with_a_seed_has_numpys_numbers():
    row = initializers.constant_deviation(1.0)
    begun = with_initializer(row, seed=7)().initialize(
        NORMALS, [3, 5, 4], "relu", {"scale": 0.1, "fan_in": False, "biases": "zeros"}
    )

    np.testing.assert_array_equal(begun["weights"][0], np.random.RandomState(7).standard_normal((3, 5)))


def test_the_state_of_an_optimizer_is_a_part_of_the_velocity():
    program, at = with_optimizer(optimizers.adam())(), network()
    update = {
        "gradients": Reference().zero_velocity(at),
        "optimizer": training()["optimizer"],
        "iteration": 0,
    }
    update["gradients"]["weights"][0] += 1.0

    once = program.update(network=at, velocity=Reference().zero_velocity(at), **update)
    twice = program.update(network=once["network"], velocity=once["velocity"], **update)

    assert twice["velocity"]["state"]["count"] == 2
    np.testing.assert_allclose(at["weights"][0] - twice["network"]["weights"][0], 0.1, rtol=1e-6)
