"""Mistakes in fit alone are read off the networks that it returns; the programs are in fit_programs.py."""

# ruff: noqa: ARG005, N803 (a mistake looks at few of the arguments that it may look at)

from __future__ import annotations

import numpy as np
import pytest
from fit_programs import (
    COUNTS,
    DATA,
    RIGHT,
    STANDARD,
    STARTS,
    TRAINED,
    Fits,
    Passes,
    WithHandle,
    WithoutSeed,
    counting,
    in_order,
    inputs,
    mixed,
    optimizing,
    with_,
)

from nnspec.contract.operations import Description
from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Asker
from nnspec.diagnosis.fits import search, starts
from nnspec.diagnosis.inquiry import diagnose
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess


def said(program, limit=600):
    """What is said of a program, and how many calls that takes."""
    description = Description.read(program.describe())
    asker = Asker(Subject(InProcess(program, "")).call, limit)
    support = description.support
    found = search.sentences(asker, support, Precision(description.precision), catalogue())
    return " ".join(found + starts.sentences(asker, support)), asker.asked


def of(program, dtype, **says):
    return type(program.__name__, (program,), {"dtype": dtype})(**says)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("program", RIGHT.values(), ids=RIGHT)
def test_nothing_is_said_of_a_right_fit(program, dtype):
    assert said(of(program, dtype))[0] == ""


@pytest.mark.parametrize(
    "says",
    [
        {"depths": [1]},
        {"depths": [3], "classes": [2]},
        {"classes": [2]},
        {"activations": ["relu"], "reductions": ["sum"], "methods": ["momentum"]},
        {"batches": False, "l2": False, "schedules": []},
    ],
)
def test_nothing_is_said_of_a_right_fit_of_few_cases(says):
    assert said(of(Fits, np.float64, **says))[0] == ""


@pytest.mark.parametrize("name", COUNTS)
def test_how_many_updates_are_made_is_said(name):
    number, sentence = COUNTS[name]
    found, asked = said(counting(number)())

    assert sentence in found
    assert found.count("fit() ") == 1
    assert asked < 150


@pytest.mark.parametrize("name", ["sharing", "pass too few", "one fewer"])
def test_minibatches_in_order_are_not_taken_for_equal_ones(name):
    number, _ = COUNTS[name]

    assert said(mixed(with_(minibatches=in_order), counting(number))())[0].count("fit() ") == 1


@pytest.mark.parametrize("name", TRAINED | DATA | STARTS)
def test_one_slip_is_said(name):
    program, sentence = (TRAINED | DATA | STARTS)[name]

    found = said(program())[0]

    assert sentence in found
    assert found.count("fit() ") == (2 if name == "slow and standardised" else 1)


@pytest.mark.parametrize("name", ["hundredth", "schedule of passes", "standardised", "shuffled", "Glorot"])
def test_one_slip_of_a_fit_in_float32_is_said(name):
    program, sentence = (TRAINED | DATA | STARTS)[name]

    assert sentence in said(of(program, np.float32))[0]


@pytest.mark.parametrize("program", [mixed(WithoutSeed, Passes), mixed(WithoutSeed, STANDARD)])
def test_a_fit_without_its_seed_is_read_off_from_weights_of_nearly_0(program):
    assert said(program())[0].startswith(("fit() makes a pass", "fit() trains on standardised"))


def test_two_slips_are_both_said():
    found = said(mixed(Passes, optimizing(schedule=lambda o, N, b: None))())[0]

    assert found.startswith("fit() makes a pass through all examples")
    assert found.endswith("fit() keeps the initial learning rate: it ignores the schedule.")


def test_a_mistake_of_the_catalogue_in_fit_alone_is_said():
    def steps(self, w, b, x, y, experiment):
        found = Fits.steps(self, w, b, x, y, experiment)
        return [*found[: len(w)], *(0 * step for step in found[len(w) :])]

    assert said(with_(steps=steps)())[0].startswith("In fit() alone: ")


def test_a_fit_that_trains_anyway_has_no_first_weights():
    found, _ = said(
        mixed(optimizing(learning_rate=lambda o, N, b: 0.02), counting(lambda n, p, N, b: n + 3))()
    )

    assert "starts with" not in found


class OneInitialization(Fits):
    """It draws its weights in one way, and has no other activation than ReLU."""

    def fit(self, inputs, labels, experiment, seed):
        recipe = {"scale": 0.01, "fan_in": False, "biases": "zeros"}
        if experiment["initialization"] != recipe or experiment["activation"] != "relu":
            raise NotImplementedError("another way")
        return super().fit(inputs, labels, experiment, seed)


def test_a_fit_of_one_initialization_and_activation_is_read_off():
    assert said(OneInitialization())[0] == ""
    assert said(mixed(Passes, OneInitialization)())[0].startswith("fit() makes a pass through all examples")


def test_nothing_is_said_of_a_handle():
    assert said(WithHandle())[0] == ""


def test_nothing_is_said_of_what_no_guess_explains():
    assert said(inputs(lambda x: np.sin(3 * x))())[0] == ""


def test_questions_are_bounded():
    assert said(Passes(), limit=10)[1] <= 10


def test_it_is_the_relation_of_failed_fits():
    program, transcripts = Passes(), Transcripts()
    subject = Subject(InProcess(program, ""), transcripts.add)
    recipe = {"initialization": {"scale": 1.0, "fan_in": True, "biases": "zeros"}, "activation": "tanh"}
    recipe |= {
        "sizes": [2, 3, 2],
        "iterations": 2,
        "batch_size": 2,
        "objective": {"reduction": "mean", "l2": 0.0},
    }
    recipe["optimizer"] = {
        "method": "gradient_descent",
        "learning_rate": 0.1,
        "momentum": 0.0,
        "schedule": None,
    }
    subject.fit(inputs=np.eye(2)[[0, 1, 0]], labels=np.array([0, 1, 0]), experiment=recipe, seed=1)
    transcripts.close("outcomes.moons-tanh:fits", "failed")

    (found,) = diagnose(transcripts, "float64", catalogue(), subject.call, Support())

    assert found.operation == "fit"
    assert found.relation.startswith("fit() makes a pass through all examples")
