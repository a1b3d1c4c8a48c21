"""Each peer's rules refuse what they are made for and accept the reference; the page shows what was measured."""

from __future__ import annotations

import json

import numpy as np
import peers
import pytest
from peer_cases import Case, Check, gradient_cases, objective_view
from peer_checks import CRASHES, FAILS, PARTS, PASSES, PEERS, Trial, changed, checks, refusals
from peer_deepchecker import PEER as DEEPCHECKER_OTHERS
from peer_gradients import CS231N, DEEPCHECKER, JAX, TORCH, central_differences, relative_error
from peer_training import CHANCE, OVERFIT, TORCHTEST
from peers_page import EXAMPLES, page, passed

from nnspec import mistakes
from nnspec.mistakes import catalogue
from nnspec.reference import Reference

STORED = json.loads(peers.STORED.read_text(encoding="utf-8"))
EVERYTHING = "whole programs"


def checks_of(peer, *words):
    """The peer's checks that are about these words."""
    return [check for check in checks() if check.peer == peer and all(word in check.about for word in words)]


@pytest.mark.parametrize(
    ("peer", "words", "mistake"),
    [
        *((peer, ["loss and gradients", "sum"], "BiasGradientAveraged") for peer in (*CS231N, TORCH, JAX)),
        *((peer, ["a step of train"], "StepUphill") for peer in (*CS231N, TORCH, JAX)),
        (TORCH, ["activation and its derivative", "tanh"], "DerivativeFedWithTheInput"),
        (CS231N[2], ["cross_entropy", "mean"], "ScoreGradientNotDivided"),
        (DEEPCHECKER, ["loss and gradients"], "ScoreGradientNegated"),
        (DEEPCHECKER_OTHERS, ["weights of another size", "logistic"], "FanInWithoutTheRoot"),
        (DEEPCHECKER_OTHERS, ["loss grows", "tanh"], "LossNeverAveraged"),
        (DEEPCHECKER_OTHERS, ["weights untrained", "tanh"], "FirstLayerFrozen"),
        (DEEPCHECKER_OTHERS, ["other examples matter", "tanh"], "SoftmaxAlongExamples"),
        (TORCHTEST, ["variables change"], "BiasesNeverUpdated"),
        (CHANCE, ["ln K", "mean"], "LossInBits"),
        (CHANCE, ["a penalty adds", "mean"], "PenaltySubtractedInTheLoss"),
        (OVERFIT, ["loss", "tanh", "all at once"], "StepUphill"),
    ],
)
def test_a_rule_refuses_its_mistake_and_accepts_the_reference(peer, words, mistake):
    check = checks_of(peer, *words)[0]

    assert Trial(Reference).outcome(check) == PASSES
    assert Trial(getattr(mistakes, mistake)).outcome(check) == FAILS


def test_the_relative_error_is_that_of_the_greater_number_and_0_where_both_are_0():
    errors = relative_error(np.array([1.0, 0.0, 0.0]), np.array([2.0, 0.0, 3.0]))

    assert errors.tolist() == [0.5, 0.0, 1.0]


def test_central_differences_leave_the_parameters_as_they_were():
    view = objective_view(Reference(), Case((2, 3), "relu"))
    before = [array.copy() for array in view.arrays]

    central_differences(view, 1e-5)

    assert all(np.array_equal(*pair) for pair in zip(before, view.arrays, strict=True))


def test_a_case_is_the_same_every_time():
    first, second = (case.arguments()["inputs"] for case in [next(gradient_cases())] * 2)

    assert np.array_equal(first, second)


def test_a_step_stands_for_the_gradients_only_where_there_are_none():
    (check, *_) = checks_of(TORCH, "a step of train")

    assert [check.applies(operations) for operations in PARTS.values()] == [False, False, False, True]


@pytest.fixture
def check():
    """A check that calls the program."""
    return Check(TORCHTEST, "", ("loss",), lambda program: program(), bool)


def test_a_crash_is_found_and_told_from_a_failure(check):
    def crash():
        raise ZeroDivisionError

    found = refusals(lambda: crash, [check])

    assert {part: [*outcomes.values()] for part, outcomes in found.items()} == {
        part: [CRASHES] if check.applies(operations) else [] for part, operations in PARTS.items()
    }
    assert refusals(lambda: lambda: True, [check])[EVERYTHING] == {TORCHTEST: FAILS}


def test_a_case_that_a_program_does_not_support_counts_for_nothing(check):
    def unsupported():
        raise NotImplementedError

    assert refusals(lambda: unsupported, [check])[EVERYTHING] == {}


def test_a_mistake_changes_the_methods_of_the_reference_that_it_overrides():
    assert changed(mistakes.StepUphill) == {"moved"}


def test_the_page_shows_what_the_json_file_holds():
    assert page(STORED) == peers.PAGE.read_text(encoding="utf-8"), "python benchmarks/peers.py --render"


def test_what_is_stored_is_about_these_checks_and_mistakes_of_the_catalogue():
    counts = {peer: len(checks_of(peer)) for peer in PEERS}

    assert counts == STORED["checks"]
    assert {*STORED["refused"]} <= {mistake.__name__ for mistake in catalogue()}


def test_the_examples_pass_every_peer():
    assert {*EXAMPLES} <= {*passed(STORED)}
