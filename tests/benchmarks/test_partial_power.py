"""What a program offers decides which mistakes can show in it, and those that can are refused."""

from __future__ import annotations

import itertools
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import partial_draws
import pytest
from order import entries
from partial_draws import calls
from partial_fits import fits
from partial_power import NO_LOSS, OF_FITS, PartialPower, hidden, methods_reached, page, reason, with_part
from partial_programs import PARTS, Partial, part_named
from partial_runs import refusals
from second_examples import WRONG

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.judging.subject import Subject
from nnspec.reach.options import Options
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.report.record import FAILED, PASSED
from nnspec.suite.check import check

SECOND = Path(__file__).parent / "second_examples.py"
#: The clauses that the second examples break, which hold what a part alone can show.
CLAUSES = sorted({program.clause for program in WRONG})


@cache
def some_calls(part):
    """The first 60 drawn calls of a part, which take longer to draw than to look at."""
    return [*calls(part, 60)]


def shows(part, name, number=300):
    """Whether a mistake answers any of some calls wrong."""
    program = getattr(mistakes, name)()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numbers overflow in some mistakes
        return not all(call.is_right(program) for call in calls(part_named(part), number))


def test_a_part_declines_what_its_document_does_not_do():
    network = {"weights": [np.ones((2, 2))], "biases": [np.zeros(2)], "activation": "relu"}
    program = Subject(InProcess(Partial(Reference(), part_named("WildML")), "part"))

    with pytest.raises(Unsupported, match="number of layers 1"):
        program.predict(network=network, inputs=np.ones((1, 2)))


def test_a_part_has_no_other_operation():
    assert not hasattr(Partial(Reference(), part_named("train")), "loss")


def test_a_part_describes_what_it_supports():
    description = Partial(Reference(), part_named("Roelants")).describe()

    assert description["activations"] == ["logistic"]
    assert description["methods"] == ["momentum"]


@pytest.mark.parametrize("part", [part for part in PARTS if part.operations != ("fit", "predict")], ids=str)
def test_the_reference_answers_every_drawn_call_right(part):
    assert all(call.is_right(Reference()) for call in some_calls(part))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_drawn_call_is_one_that_the_part_answers(part):
    missing = [part.support.missing(call.params) for call in some_calls(part)]

    assert [what for what in missing if what] == []


def test_the_calls_are_the_same_every_time():
    first, second = ([call.params["inputs"] for call in calls(part_named("train"), 10)] for _ in range(2))

    assert all(np.array_equal(*pair) for pair in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("loss, gradients", "SoftmaxShiftedByTheGreatestOfAll"),
        ("loss, gradients", "LossOfClippedProbabilities"),
        ("forward, gradients", "TanhByItsFormula"),
        ("train", "NoMomentumTakenForTheUsual"),
        ("train", "ScheduleAdvancesOnceAPass"),
        ("CS231n", "PredictsOneOfTwoClasses"),
    ],
)
def test_a_mistake_shows_in_the_drawn_calls(part, name):
    assert shows(part, name)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("loss, gradients", "StepUphill"),
        ("loss, gradients", "SoftmaxOverflows"),
        ("forward, gradients", "LossNegated"),
        ("CS231n", "TanhScaled"),
        ("Roelants", "DecayIgnored"),
    ],
)
def test_a_mistake_outside_of_the_part_shows_in_none(part, name):
    assert not shows(part, name)


def test_fits_of_the_reference_agree_and_those_of_a_mistake_do_not():
    drawn = list(fits(part_named("fit, predict"), 6))

    assert all(fit.is_right(Reference()) for fit in drawn)
    assert not all(fit.is_right(mistakes.PenaltyGradientMissing()) for fit in drawn)


def test_a_mistake_outside_of_the_part_is_explained_by_what_no_call_comes_through():
    reached = methods_reached(calls(part_named("loss, gradients"), 200)), set()

    assert reason(mistakes.StepUphill, *reached) == "no call comes through `moved`"
    assert reason(mistakes.LossAfterTheUpdate, *reached) == "it acts in `train` alone"
    assert reason(mistakes.LossNegated, *reached) == ""


def test_a_mistake_in_the_loss_cannot_show_where_labels_are_all_that_is_answered():
    part = part_named("fit, predict")
    reached = methods_reached(calls(part, 200)), methods_reached(fits(part, 20))

    assert reason(mistakes.LossShiftedByTheGreatestOfAll, *reached) == NO_LOSS
    assert reason(mistakes.LossesOneTooMany, *reached) == NO_LOSS
    assert reason(mistakes.InitialWeightsOfHe, *reached) == OF_FITS


def test_the_first_refusing_case_is_found_through_a_part():
    found = refusals(part_named("loss, gradients"), ["LossNegated", "StepUphill"])

    assert found.first["LossNegated"].startswith(("losses.", "gradients."))
    assert "StepUphill" not in found.first


def test_the_page_counts_and_explains():
    power = PartialPower(part_named("train"), 9, ("A", "B"), ("A",), (), {"C": "it is elsewhere"})

    text = page([power])

    assert "| `train` | 9 | 2 | 1 (50.0 %) | 0 (0.0 %) |" in text
    assert [line for line in hidden(power) if line.startswith("- ")] == [
        "- it is elsewhere: C",
        "- **it can show, and is not refused**: B",
    ]


@pytest.mark.parametrize("again", [0, 1, 2], ids=["the first", "one between", "the last"])
def test_a_part_that_is_measured_again_changes_nothing_else_on_the_page(again):
    names = ("train", "loss, gradients", "fit, predict")
    before = [PartialPower(part_named(name), 9, ("A",), ("A",), (), {"C": f"no {name}"}) for name in names]
    after = [*before]
    after[again] = PartialPower(part_named(names[again]), 10, ("A", "C"), ("A",), ("A",), {})

    assert with_part(page(before), after[again]) == page(after)


def test_a_part_that_is_measured_for_the_first_time_comes_last_on_the_page():
    first, second = (
        PartialPower(part_named(name), 9, ("A",), ("A",), (), {"C": f"no {name}"})
        for name in ("train", "WildML")
    )

    assert with_part(page([first]), second) == page([first, second])


def test_quick_cases_keep_their_order_and_whole_runs_come_last():
    placed = entries(["b"], {"a": 0.1, "b": 0.3, "c": 0.2}, {"a"})

    assert [entry["case"] for entry in placed] == ["b", "c", "a"]
    assert [entry["quick"] for entry in placed] == [True, False, False]


# ---- the clauses that only a part needs ----


@pytest.mark.parametrize("program", WRONG, ids=lambda program: program.__name__)
def test_a_second_example_of_its_kind_is_refused(program):
    target = f"{SECOND}:{program.__name__}"
    record = check(Options(target=target, in_process=True, select=(program.clause,)), lambda _: None)

    assert FAILED in {result.outcome for result in record.results}


def test_the_documents_own_formulas_conform():
    target = f"{partial_draws.__file__}:DocumentsFormulas"
    record = check(Options(target=target, in_process=True, select=tuple(CLAUSES)), lambda _: None)

    assert {result.outcome for result in record.results} == {PASSED}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_reference_conforms_for_other_inputs(seed):
    record = check(
        Options(target="reference", in_process=True, select=tuple(CLAUSES), seed=seed), lambda _: None
    )

    assert {result.outcome for result in record.results} == {PASSED}


def test_every_part_is_named_once():
    names = [part.name for part in PARTS]

    assert all(one != other for one, other in itertools.combinations(names, 2))
