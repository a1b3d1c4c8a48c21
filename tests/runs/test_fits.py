"""Fits are judged as distributions: what is stored, how often the judging errs, and whom it refuses."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from importlib import resources

import numpy as np
import pytest
from scipy.stats import binomtest

from nnspec.contract.errors import ImplementationError
from nnspec.documents.experiments import CIRCLES_MOMENTUM, MOONS_TANH, SPIRAL_LINEAR, SPIRAL_RELU, moons
from nnspec.judging.agreement import Disagreement
from nnspec.judging.sequential import MOST, SequentialTest
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.fits import (
    OUTCOMES,
    PASSING,
    REFUSAL,
    SHARE,
    WRONG,
    assert_fits,
    draw,
    measured,
    sequential_test,
)

every_outcome = pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)


# ---- what is stored ----


@every_outcome
def test_what_is_stored_is_of_this_outcome(outcome):
    stored = measured()[outcome.experiment.name]

    assert stored["iterations"] == outcome.iterations
    assert (stored["least"], stored["greatest"]) == (outcome.least, outcome.greatest)


@every_outcome
def test_the_limit_follows_from_the_fits_that_were_counted(outcome):
    stored = measured()[outcome.experiment.name]
    seen = {float(accuracy): count for accuracy, count in stored["seen"].items()}
    missed = sum(count for accuracy, count in seen.items() if not outcome.holds(accuracy))
    limit = binomtest(missed, stored["fits"], alternative="less").proportion_ci(1 - SHARE).high

    assert sum(seen.values()) == stored["fits"] >= 1000
    assert missed == stored["missed"]
    assert stored["miss"] == pytest.approx(limit, rel=1e-9)


def test_the_provenance_says_how_to_make_it_again():
    text = resources.files("nnspec.golden").joinpath("outcomes.json").read_text(encoding="utf-8")

    assert {"command", "numpy", "python", "machine", "random"} <= set(json.loads(text)["provenance"])


def test_the_random_numbers_of_the_measuring_are_not_those_of_the_tests():
    assert _first(5, 7, 1) != _first(5, 7, 0) == _first(5, 7)  # numpy fills up with zeros


def _first(*words):
    return np.random.default_rng(words).random()


# ---- how often the judging errs, exactly ----


class Odds:
    """What becomes of somebody who misses with this probability, by summing over all that can happen."""

    def __init__(self, test: SequentialTest, miss: float) -> None:
        self.accepted = self.refused = self.trials = 0.0
        undecided = Counter({0: 1.0})  # misses so far, and with what probability
        for trial in range(1, MOST + 1):
            after = Counter()
            for misses, probability in undecided.items():
                after[misses] += probability * (1 - miss)
                after[misses + 1] += probability * miss
            undecided = Counter()
            for misses, probability in after.items():
                accepted = test.verdict(trial - misses, misses)
                if accepted is None:
                    undecided[misses] = probability
                else:
                    self._end(accepted, trial, probability)

    def _end(self, accepted: bool, trial: int, probability: float) -> None:
        self.accepted += probability * accepted
        self.refused += probability * (not accepted)
        self.trials += probability * trial


@cache
def odds(name, miss):
    return Odds(sequential_test(OUTCOMES[name]), miss)


def allowed(outcome):
    return sequential_test(outcome).allowed


@every_outcome
def test_everybody_is_accepted_or_refused(outcome):
    met = odds(outcome.experiment.name, 0.3)

    assert met.accepted + met.refused == pytest.approx(1, abs=1e-12)


@every_outcome
@pytest.mark.parametrize("share", [1, 0.5, 0.1])
def test_the_worst_correct_program_is_refused_as_rarely_as_stated(outcome, share):
    assert odds(outcome.experiment.name, share * allowed(outcome)).refused <= SHARE


def test_measuring_and_judging_of_all_outcomes_err_together_once_in_a_million():
    judging = sum(odds(name, allowed(outcome)).refused for name, outcome in OUTCOMES.items())

    assert judging + len(OUTCOMES) * SHARE <= 2 * len(OUTCOMES) * SHARE <= REFUSAL * (1 + 1e-12)


@every_outcome
@pytest.mark.parametrize("miss", [WRONG, 0.7, 0.9])
def test_a_program_that_misses_half_of_the_time_or_more_passes_as_rarely_as_stated(outcome, miss):
    assert odds(outcome.experiment.name, miss).accepted <= PASSING


@every_outcome
def test_a_program_that_misses_always_is_never_accepted(outcome):
    met = odds(outcome.experiment.name, 1.0)

    assert (met.accepted, met.refused) == (0, 1)
    assert met.trials <= 20


@every_outcome
def test_a_program_that_never_misses_is_accepted_after_a_few_fits(outcome):
    met = odds(outcome.experiment.name, 0.0)

    assert (met.accepted, met.refused) == (1, 0)
    assert 4 <= met.trials <= 5


@every_outcome
def test_a_correct_program_needs_few_fits(outcome):
    stored = measured()[outcome.experiment.name]

    assert odds(outcome.experiment.name, stored["missed"] / stored["fits"]).trials <= 9


def test_who_stays_undecided_is_refused_at_last():
    test = SequentialTest(allowed=0.1, wrong=0.5, refusal=1e-6, passing=0.1)
    hits, misses = 0, 0
    while test.verdict(hits, misses) is None:
        hits, misses = (hits + 1, misses) if test.evidence(hits, misses) > 2 else (hits, misses + 1)

    assert (test.verdict(hits, misses), hits + misses) == (False, MOST)


def test_the_odds_computed_are_those_of_the_coins_thrown():
    test = SequentialTest(allowed=0.1, wrong=0.5, refusal=1e-2, passing=0.1)
    random = np.random.default_rng(1)

    thrown = [_throw(test, 0.3, random) for _ in range(4000)]

    assert np.mean(thrown) == pytest.approx(Odds(test, 0.3).accepted, abs=0.04)  # five standard deviations


def _throw(test, miss, random):
    misses = trials = 0
    while (accepted := test.verdict(trials - misses, misses)) is None:
        trials, misses = trials + 1, misses + (random.random() < miss)
    return accepted


# ---- what is drawn ----


@pytest.mark.parametrize("experiment", [SPIRAL_LINEAR, MOONS_TANH, CIRCLES_MOMENTUM], ids=lambda e: e.data)
def test_the_data_are_the_documents_but_for_the_random_numbers(experiment):
    inputs, labels, seed = draw(experiment, np.random.default_rng(1))
    others, other_labels, other_seed = draw(experiment, np.random.default_rng(2))
    own, own_labels = experiment.examples()

    assert inputs.shape == own.shape
    assert (inputs == own).all(axis=1).sum() <= 3  # the arms of the spiral begin at the origin
    assert (inputs == others).all(axis=1).sum() <= 3
    assert sorted(labels) == sorted(other_labels) == sorted(own_labels)
    assert seed != other_seed


def test_the_moons_come_in_an_order_of_their_own():
    _, labels, _ = draw(MOONS_TANH, np.random.default_rng(1))
    _, others, _ = draw(MOONS_TANH, np.random.default_rng(2))

    assert not (labels == others).all()


# ---- whom it accepts and refuses ----


def fits(implementation, experiment, seed=0):
    subject = Subject(InProcess(implementation, type(implementation).__name__))
    assert_fits(subject, experiment, np.random.default_rng(seed))


class GivesAHandle(Reference):
    """What it fits cannot travel, and only predict takes it."""

    def fit(self, **told):
        network = super().fit(**told)
        return lambda inputs: Reference.predict(self, network, inputs)

    def predict(self, network, inputs):
        return network(inputs)


class FailsAtLast(Reference):
    """Its third fit fails."""

    fits = 0

    def fit(self, **told):
        self.fits += 1
        if self.fits == 3:
            raise ArithmeticError("overflow in the third fit")
        return super().fit(**told)


class LearnsNothing(Reference):
    """It gives the initial network."""

    def fit(self, experiment, **told):
        return super().fit(experiment={**experiment, "iterations": 0}, **told)


class AlwaysClass1(Reference):
    """It predicts class 1 for everything."""

    def predict(self, inputs, **_):
        return np.ones(len(inputs), dtype=int)


class StraightLine(Reference):
    """It has no hidden layer."""

    def fit(self, experiment, **told):
        first, *_, last = experiment["sizes"]
        return super().fit(experiment={**experiment, "sizes": [first, last]}, **told)


class FiftyUnits(Reference):
    """Its hidden layer has 50 units, whatever is asked for."""

    def fit(self, experiment, **told):
        first, *_, last = experiment["sizes"]
        return super().fit(experiment={**experiment, "sizes": [first, 50, last]}, **told)


class OtherWeights(Reference):
    """Its initial weights have another scale."""

    def __init__(self, factor):
        self.factor = factor

    def fit(self, experiment, **told):
        initialization = experiment["initialization"]
        other = {**initialization, "scale": self.factor * initialization["scale"]}
        return super().fit(experiment={**experiment, "initialization": other}, **told)


class SortsTheInputs(Reference):
    """It sorts the inputs, and leaves the labels in their order."""

    def fit(self, inputs, **told):
        return super().fit(inputs=inputs[inputs[:, 0].argsort()], **told)


@pytest.mark.parametrize("implementation", [Reference(), GivesAHandle()], ids=["a network", "a handle"])
@pytest.mark.parametrize("experiment", [CIRCLES_MOMENTUM, moons(50)], ids=lambda e: e.name)
def test_a_correct_program_is_accepted(implementation, experiment):
    fits(implementation, experiment)


def test_a_call_that_fails_is_a_failure_whatever_the_others_gave():
    with pytest.raises(ImplementationError, match="overflow in the third fit"):
        fits(FailsAtLast(), CIRCLES_MOMENTUM)


@pytest.mark.parametrize(
    ("implementation", "experiment"),
    [
        (LearnsNothing(), SPIRAL_LINEAR),
        (LearnsNothing(), moons(2)),
        (AlwaysClass1(), moons(1)),
        (AlwaysClass1(), CIRCLES_MOMENTUM),
        (StraightLine(), SPIRAL_RELU),
        (StraightLine(), CIRCLES_MOMENTUM),
        (StraightLine(), MOONS_TANH),
        (FiftyUnits(), moons(1)),
        (FiftyUnits(), moons(2)),
        (OtherWeights(0), CIRCLES_MOMENTUM),
        (OtherWeights(0), moons(50)),
        (OtherWeights(0), SPIRAL_RELU),
        (OtherWeights(0.1), moons(50)),
        (OtherWeights(10), SPIRAL_RELU),
        (OtherWeights(0.1), SPIRAL_RELU),
        (SortsTheInputs(), moons(5)),
    ],
    ids=lambda value: getattr(value, "name", type(value).__name__),
)
def test_a_wrong_program_is_refused(implementation, experiment):
    with pytest.raises(Disagreement):
        fits(implementation, experiment)


def test_a_refusal_says_what_was_seen_and_what_a_correct_program_does():
    with pytest.raises(Disagreement) as refused:
        fits(AlwaysClass1(), moons(50))

    stored = measured()["moons-tanh-50"]
    assert refused.value.parts() == {
        "first wrong": "accuracy after fit, on the examples that were fitted",
        "got": "0.500, 0.500, 0.500, 0.500, 0.500",
        "expected": "0.92 to 1",
        "tolerance": f"of correct fits {stored['miss']:.1%} miss it at the most; "
        "a correct program is refused once in 11,000,000 times",
        "wrong": "5 of 5 fits",
    }
