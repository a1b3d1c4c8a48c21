"""Choices: exact derivatives, programs that differ from the reference in their own formula, and that compose."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest

from nnspec.mistakes import PAIRS, catalogue
from nnspec.mistakes.choices import (
    activations,
    alone,
    choices,
    data,
    example_losses,
    initializers,
    loops,
    losses,
    momentum,
    optimizers,
    outputs,
    penalties,
    schedules,
    score_gradient,
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
from nnspec.mistakes.choices.momentum_steps import Moment
from nnspec.reference import Reference
from nnspec.specification.chapters import entries

WHOLE, ALONE = list(choices()), list(alone())
CLAUSES = {entry.clause.id for entry in entries()}
TABLES = {
    "activations": (activations.ACTIVATIONS, 30),
    "outputs": (outputs.OUTPUT_FUNCTIONS, 9),
    "example losses": (example_losses.LOSSES, 25),
    "losses": (losses.FORMS, 25),
    "norms": (penalties.NORMS, 9),
    "parts": (penalties.PARTS, 7),
    "factors": (penalties.FACTORS, 7),
    "penalties": (penalties.PENALTIES, 25),
    "momentum": (momentum.MOMENTA, 20),
    "optimizers": (optimizers.OPTIMIZERS, 11),
    "schedules": (schedules.SCHEDULES, 60),
    "initializers": (initializers.INITIALIZERS, 13),
    "loops": (loops.LOOPS, 15),
    "data": (data.DATA, 9),
}
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
    with_data(data.DATA[0]),
]
BATCHES = [np.array(batch) for batch in ([0, 1, 2, 3], [4, 5, 6, 7], [8], [3, 1, 8, 2], [0, 6, 7, 5], [4])]
STEP = {"kind": "step", "decay": 0.6, "every": 3}
NORMALS = {
    "weights": [np.random.default_rng(1).standard_normal(shape) for shape in [(3, 5), (5, 4)]],
    "biases": [np.random.default_rng(2).standard_normal(size) for size in [5, 4]],
}


def network(activation="tanh", scale=1.0):
    random = np.random.default_rng(3)
    return {
        "weights": [scale * random.standard_normal(shape) for shape in [(3, 5), (5, 4)]],
        "biases": [random.standard_normal(size) for size in [5, 4]],
        "activation": activation,
    }


def training(activation="tanh", reduction="mean", method="momentum", schedule=None, **changes):
    """The arguments of a training of nine examples in three dimensions and four classes."""
    return {
        "network": network(activation),
        "inputs": np.random.default_rng(4).standard_normal((9, 3)),
        "labels": np.array([0, 1, 2, 3, 1, 2, 0, 1, 3]),
        "objective": {"reduction": reduction, "l2": 0.2},
        "optimizer": {"method": method, "learning_rate": 0.05, "momentum": 0.6, "schedule": schedule},
        "iterations": 6,
        "batches": BATCHES,
        **changes,
    }


def flat(parameters):
    """All weights and biases in one array."""
    return np.concatenate([*parameters["weights"], *parameters["biases"]], axis=None)


def trained(program, **changes):
    """The losses of a training and its final parameters, in one array."""
    answer = program().train(**training(**changes))
    return np.concatenate([answer["losses"], flat(answer["network"])])


# ---- the tables ----


@pytest.mark.parametrize(("rows", "least"), TABLES.values(), ids=TABLES)
def test_a_table_has_enough_rows_and_each_a_name_of_its_own(rows, least):
    names = Counter((getattr(row, "kind", ""), row.name) for row in rows)

    assert len(rows) >= least
    assert max(names.values()) == 1


def test_programs_have_unique_names_that_the_catalogue_does_not_have():
    names = Counter(program.__name__ for program in [*WHOLE, *ALONE, *catalogue(), *PAIRS])

    assert [name for name, count in names.items() if count > 1] == []
    assert all(name.isidentifier() for name in names)


def test_programs_name_clauses_that_exist_and_say_what_is_wrong_and_how_to_fix_it():
    for program in [*WHOLE, *ALONE]:
        assert program.clause in CLAUSES
        assert program.__doc__.endswith(".")
        assert program.fix.endswith(".")


def test_the_same_row_gives_the_same_program():
    assert with_activation(activations.leaky_relu(0.07)) is with_activation(activations.leaky_relu(0.07))


def test_what_a_document_has_is_no_choice():
    with pytest.raises(ValueError, match="relu is what the documents have"):
        with_activation(activations.RELU, "relu")
    with pytest.raises(ValueError, match="a choice is another form"):
        with_loss_and_gradient(losses.RIGHT)


def test_importing_nnspec_and_its_catalogue_leaves_choices_alone():
    code = "import sys, nnspec, nnspec.mistakes; sys.exit('nnspec.mistakes.choices' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# ---- formulas ----


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


# ---- programs ----


Z = np.array([[-7.0, -1.0, -0.3], [0.0, 0.4, 1.5], [5.0, 6.5, 7.0]])
SCORES = np.array([[0.0, 60.0, -1.0], [0.0, 1.0, 2.0], [60.0, -1.0, 0.0], [-2.0, 0.3, 1.1]])
LABELS = np.array([0, 1, 0, 2])
INITIALIZATIONS = [(0.01, False, "zeros"), (1.0, True, "zeros"), (0.1, False, "normals")]


def of_functions(program):
    for name in ("relu", "tanh", "logistic"):
        yield program().activation(name, Z)
        yield program().activation_derivative(name, Z)


def of_losses(program):
    yield program().cross_entropy(SCORES, LABELS, "sum")
    yield program().score_gradient(SCORES, LABELS, "sum")


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


#: Momentum and an optimiser are one formula, the update.
SAME_FORMULA = {"momentum": ["optimizers"], "optimizers": ["momentum"]}
#: The answers in which the formulas of a table show; those of another table do not change them.
FORMULAS = {
    "activations": of_functions,
    "losses": of_losses,
    "penalties": of_penalties,
    "schedules": of_schedules,
    "initializers": of_initializers,
}


def answers(program, table):
    """The answers of a table's formulas, and trainings if that is where a choice of it shows."""
    with np.errstate(all="ignore"):
        yield from FORMULAS.get(table, trainings)(program)
        if table == "schedules":
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
