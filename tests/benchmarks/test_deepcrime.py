"""DeepCrime's mutants: the program is right without a switch, and every switch changes an answer."""

from __future__ import annotations

from itertools import pairwise

import deepcrime_mutants
import deepcrime_page
import numpy as np
import pytest
from deepcrime_mutants import MUTANTS, OPERATORS, identifier, program
from deepcrime_program import Whole
from deepcrime_results import (
    MISSED,
    NAMED,
    PARTLY,
    RIGHTLY,
    SAME,
    UNEXPLAINED,
    WRONG,
    Log,
    Mutant,
    Results,
    of_check,
    of_log,
    share,
    truths,
)

from nnspec.reference import Reference

MEAN, SUM = {"reduction": "mean", "l2": 0.1}, {"reduction": "sum", "l2": 0.02}
DESCENT = {"method": "gradient_descent", "learning_rate": 0.05, "momentum": 0.0, "schedule": None}
HALVED = {"kind": "step", "decay": 0.5, "every": 2}
MOMENTUM = {"method": "momentum", "learning_rate": 0.02, "momentum": 0.9, "schedule": HALVED}


def network(activation, sizes=(2, 4, 3, 3), scale=0.7):
    random = np.random.default_rng(len(sizes))
    return {
        "weights": [scale * random.standard_normal(pair) for pair in pairwise(sizes)],
        "biases": [scale * random.standard_normal(fan_out) for fan_out in sizes[1:]],
        "activation": activation,
    }


def examples(count, classes=3):
    """Examples of classes that are not equally frequent."""
    random = np.random.default_rng(count)
    return {
        "inputs": random.standard_normal((count, 2)),
        "labels": random.choice(classes, count, p=[0.5, 0.3, 0.2]),
    }


def training(count, objective, optimizer, batches=None, iterations=8, **of_network):
    start = {"network": network(**{"activation": "tanh", **of_network})}
    settings = {"objective": objective, "optimizer": optimizer, "iterations": iterations, "batches": batches}
    return {**start, **examples(count), **settings}


BATCHES = [np.arange(first, first + 10) for first in (0, 10, 20, 30)] * 2
TRAININGS = [
    training(40, MEAN, DESCENT, BATCHES),
    training(40, MEAN, MOMENTUM, activation="logistic"),
    training(40, MEAN, {**DESCENT, "learning_rate": 500.0}, iterations=30, sizes=(2, 3)),
    training(600, SUM, DESCENT, iterations=2),
]


def answers(subject):
    """The numbers that the program answers to all sorts of calls, one after the other."""
    for activation, scale in [("relu", 0.7), ("tanh", 0.7), ("logistic", 0.7), ("tanh", 30.0)]:
        given, data = network(activation, scale=scale), examples(12)
        yield subject.forward(given, data["inputs"])["scores"]
        yield subject.predict(given, data["inputs"])
        for objective in (MEAN, SUM):
            yield subject.loss(given, objective=objective, **data)
            gradients = subject.gradients(given, objective=objective, **data)
            yield from (*gradients["weights"], *gradients["biases"])
    normals = {"weights": network("relu")["weights"], "biases": []}
    recipe = {"scale": 0.01, "fan_in": False, "biases": "zeros"}
    yield from subject.initialize(normals, [2, 4, 3, 3], "relu", recipe)["weights"]
    for call in TRAININGS:
        trained = subject.train(**call)
        yield from (trained["losses"], *trained["network"]["weights"], *trained["network"]["biases"])


RIGHT = [*answers(Whole())]


@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic"])
@pytest.mark.parametrize("objective", [MEAN, SUM], ids=lambda each: each["reduction"])
def test_without_a_switch_losses_and_gradients_are_right(activation, objective):
    given, data = network(activation), examples(12)
    ours, theirs = (each.gradients(given, objective=objective, **data) for each in (Whole(), Reference()))
    assert Whole().loss(given, objective=objective, **data) == pytest.approx(
        Reference().loss(given, objective=objective, **data), rel=1e-13
    )
    for kind in ("weights", "biases"):
        for mine, right in zip(ours[kind], theirs[kind], strict=True):
            np.testing.assert_allclose(mine, right, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("call", TRAININGS[:2], ids=["minibatches", "momentum"])
def test_without_a_switch_training_is_right(call):
    np.testing.assert_allclose(
        Whole().train(**call)["losses"], Reference().train(**call)["losses"], rtol=1e-9
    )


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", MUTANTS)
def test_every_switch_changes_an_answer(name):
    assert any(
        np.shape(mine) != np.shape(right) or not np.allclose(mine, right, rtol=1e-9, atol=0, equal_nan=True)
        for mine, right in zip(answers(program(name)), RIGHT, strict=True)
    )


def test_all_operators_are_there_with_values_or_a_reason():
    assert len({operator.code for operator in OPERATORS}) == 24
    assert all(operator.mutants or operator.note for operator in OPERATORS)


def test_a_mutant_is_an_object_of_the_module():
    assert len({*map(identifier, MUTANTS)}) == len(MUTANTS)
    assert deepcrime_mutants.HLR_0_01.switches.learning_rate == 0.01


def test_every_mutant_has_its_truth():
    assert {*truths()} == {*MUTANTS}


def test_a_sentence_is_true_of_one_mutant_and_wrong_of_another():
    sentence = "train: The learning rate is 0.01, not 0.5."
    assert truths()["HLR 0.01"].holds(sentence)
    assert not truths()["RRW every"].holds(sentence)


@pytest.mark.parametrize(
    ("sentences", "outcome"),
    [
        ([], UNEXPLAINED),
        (["train ignores batches"], WRONG),  # without its operation it says nothing
        (["train: train ignores `batches`"], NAMED),
        (["train: train ignores `batches`", "train: The momentum is missing."], PARTLY),
        (["train: train ignores `batches`", "or train: The momentum is missing."], NAMED),
        (["train: The momentum is missing.", "or train: train ignores `batches`"], PARTLY),
    ],
)
def test_an_outcome_counts_what_is_not_known_to_be_true(sentences, outcome):
    assert of_check("HDB every example", Mutant(True, 1, tuple(sentences))) == outcome


def test_an_accepted_mutant_needs_a_reason():
    accepted = Mutant(False, 0, ())
    assert (of_check("HBS 512", accepted), of_check("HDB every example", accepted)) == (RIGHTLY, MISSED)


def test_a_right_log_is_nothing_to_name():
    assert of_log("HBS 512", Log(SAME)) == SAME
    assert of_log("HBS 512", Log("accepted")) == MISSED


def test_results_are_stored_and_make_the_page(tmp_path):
    log = Log("wrong", ("log spiral-linear: The learning rate is 0.01, not 1.",))
    mutant = Mutant(
        True, 2, ("train: train ignores `optimizer.learning_rate`",), (), 1, {"spiral-linear": log}
    )
    made = {"command": "c", "tests": "quick", "nnspec": "1", "Python": "1", "NumPy": "1"}
    Results(made, {"HLR 0.01": mutant}).write(tmp_path / "results.json")
    results = Results.read(tmp_path / "results.json")
    assert results.mutants == {"HLR 0.01": mutant}
    page = deepcrime_page.page(results)
    assert "| HLR: change learning rate |" in page
    assert "| of these, by what is found of arguments and forms alone | 1 | |" in page
    assert "WAB, add bias to a layer" in page
    assert share(deepcrime_page.checks(results)) == "1 of 1 (100 %)"
