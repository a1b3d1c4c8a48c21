"""A fit draws its own random numbers, but the form of its network shows some mistakes."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec import mistakes
from nnspec.diagnosis.findings import Finding
from nnspec.diagnosis.inquiry import diagnose
from nnspec.diagnosis.network_form import Form, form, form_after
from nnspec.documents.experiments import CIRCLES_MOMENTUM, MOONS_TANH, SPIRAL_LINEAR
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Call, Transcripts
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import FAILED, PASSED
from nnspec.runs import fits


def findings(program, without=()):
    """The findings of a diagnosis from fits only."""
    transcripts = Transcripts()
    subject = Subject(InProcess(program, "a program"), transcripts.add)
    for experiment in (SPIRAL_LINEAR, MOONS_TANH, CIRCLES_MOMENTUM):
        try:
            fits.assert_fits(subject, experiment, np.random.default_rng(1))
            outcome = PASSED
        except Disagreement:
            outcome = FAILED
        transcripts.close(f"outcomes.{experiment.name}:fits", outcome)
    suspects = [mistake for mistake in catalogue() if mistake not in without]
    return diagnose(transcripts, "float64", suspects)


class OwnDraws(Reference):
    """Draws other random numbers for a fit than the reference does."""

    def fit(self, inputs, labels, experiment, seed):
        return super().fit(inputs, labels, experiment, seed + 1)


class OneUnit(mistakes.FitWithOneHiddenUnit, OwnDraws):
    """Draws its own numbers, and has one hidden unit."""


class NoHiddenLayer(mistakes.FitWithoutTheHiddenLayer, OwnDraws):
    """Draws its own numbers, and has no hidden layer."""


class WeightsOfOneHalf(Reference):
    """Starts with all weights 0.5: the hidden units are alike, but not 0."""

    def initialize(self, normals, sizes, activation, initialization):
        ones = {"weights": [np.ones_like(w) for w in normals["weights"]], "biases": normals["biases"]}
        biases = {"biases": [np.zeros_like(b) for b in normals["biases"]]}
        return super().initialize({**ones, **biases}, sizes, activation, {**initialization, "scale": 0.5})


class OneUnitTooMany(Reference):
    """Has one hidden unit too many, and fails because it sees only the first input."""

    def fit(self, inputs, labels, experiment, seed):
        first, *hidden, last = experiment["sizes"]
        blind = inputs * (1, 0) if hidden else inputs
        sizes = [first, *(units + 1 for units in hidden), last]
        return super().fit(blind, labels, {**experiment, "sizes": sizes}, seed)


class SlowWithHandles(mistakes.FitAtAHundredthOfTheRate):
    """Returns a handle, which does not show the network."""

    def fit(self, inputs, labels, experiment, seed):
        return {"handle": super().fit(inputs, labels, experiment, seed)}

    def predict(self, network, inputs):
        return super().predict(network["handle"], inputs)


@pytest.mark.parametrize(
    ("program", "mistake"),
    [
        (OneUnit(), mistakes.FitWithOneHiddenUnit),
        (NoHiddenLayer(), mistakes.FitWithoutTheHiddenLayer),
        (WeightsOfOneHalf(), mistakes.FitFromUnitsThatAreAlike),
    ],
)
def test_a_mistake_is_named_by_the_form_of_the_networks(program, mistake):
    (found,) = findings(program)

    assert (found.operation, found.mistakes, found.others) == ("fit", (mistake,), ())
    assert "outcomes.moons-tanh:fits" in found.cases


@pytest.mark.parametrize(
    ("program", "without", "relation"),
    [
        (
            NoHiddenLayer(),
            mistakes.FitWithoutTheHiddenLayer,
            "fit: the network has sizes 2 and 2, expected 2, 3 and 2",
        ),
        (
            OneUnitTooMany(),
            None,
            "fit: the network has sizes 2, 4 and 2, expected 2, 3 and 2",
        ),
        (
            WeightsOfOneHalf(),
            mistakes.FitFromUnitsThatAreAlike,
            "fit: all units of hidden layer 1 are alike, as if initialized alike",
        ),
    ],
)
def test_a_form_that_no_mistake_explains_is_described(program, without, relation):
    (found,) = findings(program, [without])

    assert (found.mistakes, found.relation) == ((), relation)


@pytest.mark.parametrize("program", [mistakes.FitAtAHundredthOfTheRate(), SlowWithHandles()])
def test_fits_of_the_right_form_are_unexplained(program):
    assert findings(program) == [
        Finding("fit", ["outcomes.circles-momentum:fits", "outcomes.moons-tanh:fits"])
    ]


def test_correct_fits_have_no_findings():
    assert findings(OwnDraws()) == []


def test_units_are_alike_for_a_reason_where_a_fit_begins_near_0():
    network = {"weights": [np.ones((2, 3)), np.ones((3, 2))], "biases": [np.zeros(3), np.zeros(2)]}
    scales = {
        scale: form_after(Call("fit", {"experiment": {"initialization": {"scale": scale}}}, None), network)
        for scale in (0.01, 1e-8)
    }

    assert {scale: found.uniform for scale, found in scales.items()} == {0.01: (1,), 1e-8: ()}


@pytest.mark.parametrize(
    "answer",
    [
        {"handle": 3},
        7,
        {"weights": [[1.0]]},
        {"weights": [], "biases": []},
        {"weights": ["a"], "biases": [[0.0]]},
        {"weights": [np.zeros((2, 3))], "biases": [np.zeros(2)]},
        {"weights": [np.zeros((2, 3))], "biases": []},
        {"weights": [np.zeros((2, 2, 3))], "biases": [np.zeros(3)]},
        {"weights": 5, "biases": 5},
    ],
)
def test_an_answer_that_is_not_a_network_has_no_form(answer):
    assert form(answer) is None


def test_units_are_alike_if_their_weights_and_biases_are():
    random = np.random.default_rng(0)
    last, column = random.standard_normal((3, 2)), random.standard_normal((2, 1))
    network = {"weights": [np.tile(column, 3), last], "biases": [np.full((1, 3), 0.7), np.zeros(2)]}
    other_bias = {**network, "biases": [np.array([0.7, 0.7, 0.8]), np.zeros(2)]}

    assert form(network) == Form((2, 3, 2), (1,))
    assert form(other_bias) == Form((2, 3, 2))
    assert form({"weights": [column, last[:1]], "biases": [np.zeros(1), np.zeros(2)]}) == Form((2, 1, 2))
