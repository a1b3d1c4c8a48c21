"""A program that supports little is judged by ``--quick`` with other tests of the same clauses."""

from __future__ import annotations

from miniatures import target

from nnspec.reach.options import Options
from nnspec.report.record import PASSED, UNSUPPORTED
from nnspec.suite import order
from nnspec.suite.check import check


def quick(name, **more):
    return check(Options(target=target(f"references:{name}"), quick=True, **more), lambda _: None)


def passed(record):
    return [result.case for result in record.results if result.outcome == PASSED]


def test_a_mistake_that_no_quick_test_of_its_kind_can_ask_about_is_refused():
    record = quick("TanhAndSumsWithoutThePenaltyBelow", select=("gradients",))

    assert record.exit_code == 1


def test_a_test_that_is_unsupported_gets_another_of_its_clause_if_one_is_supported():
    record = quick("TanhAndSums")
    stand_ins = [case for case in passed(record) if not order.is_quick(case)]

    assert record.exit_code == 0
    assert set(record.counts) == {PASSED, UNSUPPORTED}
    assert len(stand_ins) >= 20
    assert {result.case for result in record.results} == {planned.case for planned in record.planned}
    assert all(order.is_quick(r.case) for r in record.results if r.outcome == UNSUPPORTED)


def test_a_program_that_supports_everything_gets_the_quick_tests_alone():
    assert all(map(order.is_quick, passed(quick("Reference", select=("losses", "gradients")))))


def test_an_operation_that_is_missing_gets_no_other_tests():
    record = quick("Declines", select=("gradients",))

    assert all(order.is_quick(planned.case) for planned in record.planned)
