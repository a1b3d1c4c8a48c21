"""The verdict in one line, and the exit status."""

from __future__ import annotations

import pytest
from records import CASE, PENALISED, ended, explained, record

from nnspec.report import verdict
from nnspec.report.record import (
    EXPECTED,
    FAILED,
    NO_MESSAGE,
    PASSED,
    TIMED_OUT,
    UNSUPPORTED,
    Header,
    Record,
    Recorder,
)

CONTEXT = "(mine.py, cs231n, float64, nnspec 9.9, seed 0)"


def test_a_run_without_failures_conforms():
    made = record(*ended(PASSED, PASSED, UNSUPPORTED))

    assert verdict.line(made) == f"CONFORMS  2 passed · 1 unsupported  {CONTEXT}"
    assert made.exit_code == 0


def test_a_run_with_a_failure_does_not():
    made = record(*ended(PASSED, FAILED, TIMED_OUT, UNSUPPORTED))

    assert (
        verdict.line(made)
        == f"DOES NOT CONFORM  1 failed · 1 timed out · 1 passed · 1 unsupported  {CONTEXT}"
    )
    assert made.exit_code == 1


def test_several_have_their_plural():
    made = record(*ended(PASSED, NO_MESSAGE, NO_MESSAGE, EXPECTED, EXPECTED))

    assert "2 invalid messages · 1 passed · 2 known failures" in verdict.line(made)


def test_unsupported_is_not_passed():
    made = record(*ended(UNSUPPORTED))

    assert verdict.line(made).startswith("DOES NOT CONFORM  0 passed · 1 unsupported  (")
    assert made.exit_code == 1


def test_a_planned_case_without_a_result_speaks_against_conformance():
    made = record(*ended(PASSED), planned=2)

    assert verdict.line(made).startswith("DOES NOT CONFORM  1 passed · 1 not reached  (")
    assert made.exit_code == 1


def test_what_a_budget_did_not_reach_does_not():
    made = record(*ended(PASSED), planned=3)
    made.budget = 60

    assert verdict.line(made).startswith("CONFORMS  1 passed · 2 not reached in 60 s  (")
    assert made.exit_code == 0


def test_a_budget_in_which_nothing_passed_does_not_conform():
    made = record(planned=3)
    made.budget = 0.1

    assert verdict.word(made) == verdict.DOES_NOT_CONFORM
    assert made.exit_code == 1


def test_a_part_of_the_tests_is_named():
    made = record(*ended(PASSED), quick=True, select=("gradients", "losses"), seed=7, document="")

    assert verdict.line(made).endswith(
        "(mine.py, all documents, float64, nnspec 9.9, seed 7, --quick, --select gradients, --select losses)"
    )


def test_a_run_that_ended_early_does_not_conform():
    made = record(*ended(PASSED))
    made.finished = False

    assert made.exit_code == 1


def test_an_interrupted_run_without_a_failure_is_inconclusive():
    made = record(*ended(PASSED), planned=3)
    made.finished, made.interrupted = False, "SIGINT"

    assert verdict.line(made) == f"INCONCLUSIVE  1 passed · 2 not reached · interrupted by SIGINT  {CONTEXT}"


def test_an_interrupted_run_with_a_failure_does_not_conform():
    made = record(*ended(FAILED), planned=3)
    made.finished, made.interrupted = False, "SIGTERM"

    assert verdict.line(made).startswith(
        "DOES NOT CONFORM  1 failed · 0 passed · 2 not reached · interrupted by"
    )


def test_an_implementation_that_was_not_reached_is_not_judged():
    made = Record(Header("mine.py", version="9.9"), unreachable="no such file")

    assert (
        verdict.line(made)
        == "INCONCLUSIVE  could not be reached  (mine.py, all documents, nnspec 9.9, seed 0)"
    )
    assert made.exit_code == 3


def test_a_precision_that_is_not_known_yet_is_left_out():
    made = record(*ended(PASSED), precision="")

    assert verdict.line(made).endswith("(mine.py, cs231n, nnspec 9.9, seed 0)")


@pytest.mark.parametrize("target", ["two\nlines.py", "\x1b[2Jclears.py", "‮reversed.py"])
def test_a_target_cannot_break_the_line(target):
    line = verdict.line(record(*ended(PASSED), target=target))

    assert line.isprintable()


def test_the_record_comes_back_from_its_file(tmp_path):
    made = explained(PENALISED)
    recorder = Recorder(tmp_path / "record.jsonl")
    recorder.start(made.header, made.planned)
    for result in made.results:
        recorder.result(result)
    recorder.findings(made.findings)
    recorder.end()

    assert CASE.sources
    assert Record.read(tmp_path / "record.jsonl") == made
