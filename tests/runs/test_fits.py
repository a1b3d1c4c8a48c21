"""Fits are judged as distributions: the stored measurements, the error rates, and the programs that are refused."""

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
from nnspec.judging.sequential import MAX_TRIALS, SequentialTest
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.fits import (
    ACCEPTANCE,
    OUTCOMES,
    REFUSAL,
    SHARE,
    WRONG_RATE,
    assert_fits,
    fit_records,
    like,
    sequential_test,
)

every_outcome = pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)


# ---- the stored measurements ----


@every_outcome
def test_the_stored_measurement_is_of_this_outcome(outcome):
    stored = fit_records()[outcome.name]

    assert stored["iterations"] == outcome.recipe["iterations"]
    assert (stored["least"], stored["greatest"]) == (outcome.least, outcome.greatest)


@every_outcome
def test_the_limit_follows_from_the_fits_that_were_counted(outcome):
    stored = fit_records()[outcome.name]
    counts = {float(accuracy): count for accuracy, count in stored["seen"].items()}
    missed = sum(count for accuracy, count in counts.items() if not outcome.holds(accuracy))
    limit = binomtest(missed, stored["fits"], alternative="less").proportion_ci(1 - SHARE).high

    assert sum(counts.values()) == stored["fits"] >= 1000
    assert missed == stored["missed"]
    assert stored["miss"] == pytest.approx(limit, rel=1e-9)


def test_the_provenance_says_how_to_make_it_again():
    text = resources.files("nnspec.golden").joinpath("outcomes.json").read_text(encoding="utf-8")

    assert {"command", "numpy", "python", "machine", "random"} <= set(json.loads(text)["provenance"])


def test_the_measurement_and_the_tests_use_different_random_numbers():
    assert _first(5, 7, 1) != _first(5, 7, 0) == _first(5, 7)  # numpy pads with zeros


def _first(*words):
    return np.random.default_rng(words).random()


# ---- the exact error rates of the judging ----


class Odds:
    """The exact probabilities for a program with this miss rate, summed over all sequences of hits and misses."""

    def __init__(self, test: SequentialTest, miss: float) -> None:
        self.accepted = self.refused = self.trials = 0.0
        undecided = Counter({0: 1.0})  # the number of misses so far, and its probability
        for trial in range(1, MAX_TRIALS + 1):
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


def m0(outcome):
    return sequential_test(outcome).m0


@every_outcome
def test_every_program_is_accepted_or_refused(outcome):
    result = odds(outcome.name, 0.3)

    assert result.accepted + result.refused == pytest.approx(1, abs=1e-12)


@every_outcome
@pytest.mark.parametrize("share", [1, 0.5, 0.1])
def test_the_worst_correct_program_is_refused_as_rarely_as_stated(outcome, share):
    assert odds(outcome.name, share * m0(outcome)).refused <= SHARE


def test_measurements_and_judging_together_err_at_most_once_in_a_million():
    judging = sum(odds(name, m0(outcome)).refused for name, outcome in OUTCOMES.items())

    assert judging + len(OUTCOMES) * SHARE <= 2 * len(OUTCOMES) * SHARE <= REFUSAL * (1 + 1e-12)


@every_outcome
@pytest.mark.parametrize("miss", [WRONG_RATE, 0.7, 0.9])
def test_a_program_that_misses_half_of_the_time_or_more_passes_as_rarely_as_stated(outcome, miss):
    assert odds(outcome.name, miss).accepted <= ACCEPTANCE


@every_outcome
def test_a_program_that_misses_always_is_never_accepted(outcome):
    result = odds(outcome.name, 1.0)

    assert (result.accepted, result.refused) == (0, 1)
    assert result.trials <= 20


@every_outcome
def test_a_program_that_never_misses_is_accepted_after_a_few_fits(outcome):
    result = odds(outcome.name, 0.0)

    assert (result.accepted, result.refused) == (1, 0)
    assert 4 <= result.trials <= 5


@every_outcome
def test_a_correct_program_needs_few_fits(outcome):
    stored = fit_records()[outcome.name]

    assert odds(outcome.name, stored["missed"] / stored["fits"]).trials <= 9


def test_a_program_that_stays_undecided_is_refused_in_the_end():
    test = SequentialTest(m0=0.1, m1=0.5, alpha=1e-6, beta=0.1)
    hits, misses = 0, 0
    while test.verdict(hits, misses) is None:
        hits, misses = (hits + 1, misses) if test.evidence(hits, misses) > 2 else (hits, misses + 1)

    assert (test.verdict(hits, misses), hits + misses) == (False, MAX_TRIALS)


def test_the_computed_odds_agree_with_a_simulation():
    test = SequentialTest(m0=0.1, m1=0.5, alpha=1e-2, beta=0.1)
    random = np.random.default_rng(1)

    simulations = [_simulate(test, 0.3, random) for _ in range(4000)]

    assert np.mean(simulations) == pytest.approx(
        Odds(test, 0.3).accepted, abs=0.04
    )  # five standard deviations


def _simulate(test, miss, random):
    misses = trials = 0
    while (accepted := test.verdict(trials - misses, misses)) is None:
        trials, misses = trials + 1, misses + (random.random() < miss)
    return accepted


# ---- the data of a fit ----


@pytest.mark.parametrize("experiment", [SPIRAL_LINEAR, MOONS_TANH, CIRCLES_MOMENTUM], ids=lambda e: e.data)
def test_the_data_differ_from_the_documents_only_in_the_random_numbers(experiment):
    inputs, labels = like(experiment, np.random.default_rng(1))
    others, other_labels = like(experiment, np.random.default_rng(2))
    own, own_labels = experiment.examples()

    assert inputs.shape == own.shape
    assert (inputs == own).all(axis=1).sum() <= 3  # the arms of the spiral begin at the origin
    assert (inputs == others).all(axis=1).sum() <= 3
    assert sorted(labels) == sorted(other_labels) == sorted(own_labels)


def test_each_draw_of_the_moons_has_its_own_order():
    _, labels = like(MOONS_TANH, np.random.default_rng(1))
    _, others = like(MOONS_TANH, np.random.default_rng(2))

    assert not (labels == others).all()


# ---- programs that it accepts and refuses ----


def fits(implementation, experiment, seed=0):
    subject = Subject(InProcess(implementation, type(implementation).__name__))
    assert_fits(subject, experiment, np.random.default_rng(seed))


class GivesAHandle(Reference):
    """Its fit returns a handle, which only predict takes."""

    def fit(self, **params):
        network = super().fit(**params)
        return lambda inputs: Reference.predict(self, network, inputs)

    def predict(self, network, inputs):
        return network(inputs)


class FailsAtLast(Reference):
    """Its third fit fails."""

    fits = 0

    def fit(self, **params):
        self.fits += 1
        if self.fits == 3:
            raise ArithmeticError("overflow in the third fit")
        return super().fit(**params)


class LearnsNothing(Reference):
    """It returns the initial network."""

    def fit(self, experiment, **params):
        return super().fit(experiment={**experiment, "iterations": 0}, **params)


class AlwaysClass1(Reference):
    """It predicts class 1 for everything."""

    def predict(self, inputs, **_):
        return np.ones(len(inputs), dtype=int)


class StraightLine(Reference):
    """It has no hidden layer."""

    def fit(self, experiment, **params):
        first, *_, last = experiment["sizes"]
        return super().fit(experiment={**experiment, "sizes": [first, last]}, **params)


class FiftyUnits(Reference):
    """Its hidden layer always has 50 units."""

    def fit(self, experiment, **params):
        first, *_, last = experiment["sizes"]
        return super().fit(experiment={**experiment, "sizes": [first, 50, last]}, **params)


class OtherWeights(Reference):
    """Its initial weights have another scale."""

    def __init__(self, factor):
        self.factor = factor

    def fit(self, experiment, **params):
        initialization = experiment["initialization"]
        other = {**initialization, "scale": self.factor * initialization["scale"]}
        return super().fit(experiment={**experiment, "initialization": other}, **params)


class SortsTheInputs(Reference):
    """It sorts the inputs but not the labels."""

    def fit(self, inputs, **params):
        return super().fit(inputs=inputs[inputs[:, 0].argsort()], **params)


@pytest.mark.parametrize("implementation", [Reference(), GivesAHandle()], ids=["a network", "a handle"])
@pytest.mark.parametrize("experiment", [CIRCLES_MOMENTUM, moons(50)], ids=lambda e: e.name)
def test_a_correct_program_is_accepted(implementation, experiment):
    fits(implementation, experiment)


def test_a_call_that_fails_is_a_failure_whatever_the_other_fits_are():
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


def test_a_refusal_reports_the_misses_and_the_rate_of_correct_programs():
    with pytest.raises(Disagreement) as refused:
        fits(AlwaysClass1(), moons(50))

    stored = fit_records()["moons-tanh-50"]
    assert refused.value.parts() == {
        "first wrong": "accuracy after fit, on the examples that were fitted",
        "got": "0.500, 0.500, 0.500, 0.500, 0.500",
        "expected": "0.92 to 1",
        "tolerance": f"at most {stored['miss']:.1%} of correct fits miss it; "
        "a correct program is refused once in 15,000,000 times",
        "wrong": "5 of 5 fits",
    }
