"""A run ends in its time, and a quick one is a part of the whole."""

from __future__ import annotations

import sys
import time

import pytest
from miniatures import program, target

from nnspec.contract.errors import BudgetSpent
from nnspec.reach.budget import Budget, seconds
from nnspec.reach.options import Options
from nnspec.reach.transports import OverProcess
from nnspec.report.record import NOTE, PASSED, TIMED_OUT
from nnspec.suite import order
from nnspec.suite.check import check


def checked(**options):
    return check(Options(**options), lambda _: None)


@pytest.mark.parametrize(
    ("text", "expected"), [("60", 60), ("60s", 60), ("2m", 120), ("1.5h", 5400), (" 3 s ", 3)]
)
def test_times_are_read_as_people_write_them(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "soon", "-3s", "0", "3 days", "1e3"])
def test_a_text_that_is_not_a_duration_is_refused(text):
    with pytest.raises(ValueError, match="use seconds, minutes or hours, such as 60s"):
        seconds(text)


def test_a_budget_counts_down():
    assert not Budget(None).is_spent
    assert 59 < Budget(60).left() <= 60
    assert Budget(1, started=time.time() - 5).is_spent


@pytest.mark.parametrize("later", [False, True], ids=["from the beginning", "given later"])
def test_a_call_that_outlasts_the_budget_is_no_failure(later):
    budget = Budget(4.0)
    command = [sys.executable, "-m", "nnspec.reach.worker", target("hangs")]
    transport = OverProcess(command, 60.0, 0, budget=None if later else budget)
    if later:
        transport.limit(budget)

    with pytest.raises(BudgetSpent):
        transport.call("softmax", {"scores": [[0.0, 1.0]]})

    transport.close()


def test_a_run_stops_at_its_budget_and_says_what_it_did_not_reach():
    record = checked(command=tuple(program("hangs")), select=("functions.softmax",), budget=6.0)

    assert record.budget == 6.0
    assert record.finished
    assert record.failures == []
    assert len(record.not_reached) == len(record.planned) > 0
    assert record.exit_code == 3


def test_an_operation_that_hangs_keeps_no_other_from_being_judged():
    record = checked(
        target=target("references:HangsInGradients"),
        select=("gradients.penalty", "losses.predictions", "functions.softmax"),
        budget=12.0,
    )

    assert {planned.chapter for planned in record.not_reached} == {"gradients"}
    assert record.counts[PASSED] == len(record.results) > 0
    assert [(one.kind, one.operation) for one in record.observations] == [(NOTE, "gradients")]
    assert record.cut == "the budget of 12 s ended during gradients"
    assert record.exit_code == 3


def test_the_tests_of_an_operation_that_hangs_come_last():
    record = checked(
        target=target("references:HangsInGradients"),
        select=("gradients.penalty", "losses.predictions"),
        timeout=0.5,
    )

    chapters = [result.case.partition(".")[0] for result in record.results]
    assert chapters == sorted(chapters, reverse=True)
    assert [planned.case for planned in record.planned] == [result.case for result in record.results]
    assert {result.outcome for result in record.results if result.case.startswith("gradients")} == {TIMED_OUT}


def test_a_budget_that_suffices_changes_nothing():
    record = checked(target="reference", select=("functions", "gradients.penalty"), budget=300.0)

    assert record.reasons == []
    assert record.budget is None
    assert record.not_reached == []


def test_a_quick_run_is_made_of_quick_cases():
    record = checked(target="reference", quick=True)

    assert record.reasons == []
    assert record.header.quick
    assert all(result.outcome == PASSED for result in record.results)
    assert all(order.is_quick(planned.case) for planned in record.planned)


def test_a_slow_program_conforms_as_a_fast_one():
    record = checked(target=target("slow:SlowerThanNumPy"), quick=True, document="cs231n")

    assert record.reasons == []
    assert record.counts[PASSED] == len(record.planned)


def test_every_case_has_a_place_in_the_order():
    planned = {planned.case for planned in checked(target="reference", budget=5.0).planned}

    new = {case.partition(":")[0] for case in planned - order.cases()}
    assert planned == order.cases(), f"python benchmarks/additions.py {' '.join(sorted(new))}"


def test_tests_run_in_the_measured_order():
    record = checked(target="reference", select=("functions", "data"))

    places = [order.place(result.case) for result in record.results]
    assert places == sorted(places)
