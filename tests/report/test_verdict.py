"""What people read: failures and verdicts, as text."""

from __future__ import annotations

import shlex
import textwrap

import numpy as np
import pytest

from nnspec.judging.agreement import Disagreement, assert_within
from nnspec.report import verdict
from nnspec.report.record import (
    FAILED,
    LOWER_PRECISION,
    OUTCOMES,
    PASSED,
    TIMED_OUT,
    UNSUPPORTED,
    Explained,
    Planned,
    Record,
    Recorder,
    Result,
)

CASE = Planned(
    case="gradients.penalty:as_small_as_in_the_documents[mean-l2-0.001]",
    clause="gradients.penalty",
    sentence="The penalty adds λ W to the gradient on the weights of every layer, and nothing to that on a bias.",
    level="MUST",
    sources=("WildML, Implementing a neural network from scratch in Python, “Implementation”",),
)


def record(*results: Result, planned: int = 1) -> Record:
    """A finished run of cases that differ in their number alone."""
    cases = [
        Planned(f"gradients.penalty:{index}", *list(vars(CASE).values())[1:]) for index in range(planned)
    ]
    return Record(
        target="mine.py",
        implementation="mine 1 (float64)",
        replay="nnspec check mine.py --select CASE",
        planned=cases,
        results=list(results),
        finished=True,
    )


def test_a_failure_says_clause_quantity_got_wanted_tolerance_and_replay():
    got = np.array([[0.5, 0.25], [0.0, 1.0]])
    with pytest.raises(Disagreement) as raised:
        assert_within(got, np.array([[0.5, 0.5], [0.0, 1.0]]), 1e-16, "gradients.weights[1]")

    text = verdict.failure(
        CASE, Result(CASE.case, FAILED, str(raised.value)), "nnspec check mine.py --select CASE"
    )

    assert text == textwrap.dedent("""\
        gradients.penalty:as_small_as_in_the_documents[mean-l2-0.001]: FAILED
          The penalty adds λ W to the gradient on the weights of every layer, and
          nothing to that on a bias.
          — WildML, Implementing a neural network from scratch in Python,
            “Implementation”

          first wrong  gradients.weights[1][0, 1]
          got          0.25
          expected     0.5
          tolerance    ± 1.0e-16
          wrong        1 of 4 numbers

          replay: nnspec check mine.py \\
            --select 'gradients.penalty:as_small_as_in_the_documents[mean-l2-0.001]'""")


def test_what_is_long_goes_on_under_its_own_beginning_and_no_index_is_parted():
    where = "gradients of every example twice less those of a correct program.weights[0][1, 2]"
    told = str(Disagreement(where, "0.1", "0", wrong="1 of 12 numbers"))

    assert told == textwrap.dedent("""\
        first wrong  gradients of every example twice less those of a correct
                     program.weights[0][1, 2]
        got          0.1
        expected     0
        wrong        1 of 12 numbers""")
    assert "weights[0][1, 2]" in str(Disagreement(f"{'long ' * 11}weights[0][1, 2]", "0.1", "0"))


@pytest.mark.parametrize(
    "replay",
    [
        "nnspec check mine.py --select CASE",
        "nnspec check 'my network.py' --in-process --seed 1234567 --known-failures 'what is known.json' --select CASE",
        "nnspec check --document cs231n --call-timeout 3 --memory-limit 0.5 --select CASE -- node 'my network.js'",
    ],
)
def test_the_replay_line_is_80_columns_wide_and_means_the_same_to_a_shell(replay):
    text = verdict.failure(CASE, Result(CASE.case, FAILED, "no"), replay)

    lines = text.partition("replay: ")[2]
    assert max(map(len, text.splitlines())) <= 80
    assert lines.replace("\\\n", "").split() == replay.replace("CASE", shlex.quote(CASE.case)).split()


def test_a_program_that_timed_out_is_told_how_to_get_longer():
    text = verdict.failure(CASE, Result(CASE.case, TIMED_OUT, "no answer within 60 s"), "nnspec check CASE")

    assert "--call-timeout SECONDS" in text


def test_a_run_without_failures_conforms():
    told = record(Result("gradients.penalty:0", PASSED))

    assert told.exit_code == 0
    assert verdict.render(told).endswith("mine 1 (float64) CONFORMS.")


def test_a_run_with_a_failure_does_not():
    told = record(Result("gradients.penalty:0", FAILED, "wrong"))

    assert told.exit_code == 1
    assert "DOES NOT CONFORM: 1 of 1 tests failed" in " ".join(verdict.render(told).split())


def test_what_is_not_supported_is_not_passed():
    told = record(Result("gradients.penalty:0", UNSUPPORTED, "operation gradients is missing"))

    assert told.exit_code == 1
    assert "no test passed, and no test run means no conformance" in " ".join(verdict.render(told).split())


def test_a_planned_case_of_which_nothing_came_speaks_against_conformance():
    told = record(Result("gradients.penalty:0", PASSED), planned=2)

    assert told.exit_code == 1
    assert [planned.case for planned in told.not_reached] == ["gradients.penalty:1"]


def test_what_a_budget_did_not_reach_is_said_and_does_not_speak_against_conformance():
    told = record(Result("gradients.penalty:0", PASSED), planned=3)
    told.budget = 60

    text = verdict.render(told)

    assert told.exit_code == 0
    assert "not reached within 60 s (clauses, and how many of their tests):\n  gradients: penalty 2/3" in text
    assert text.endswith("mine 1 (float64) CONFORMS in the 1 of 3 tests that 60 s reached.")


def test_a_budget_in_which_nothing_passed_does_not_conform():
    told = record(planned=3)
    told.budget = 0.1

    assert told.exit_code == 1
    assert "no test passed" in verdict.render(told)


def test_a_quick_run_says_what_it_rests_on():
    told = record(Result("gradients.penalty:0", PASSED))
    told.quick = True

    assert verdict.render(told).endswith("CONFORMS in the 1 tests of --quick.")


def test_a_run_that_broke_off_does_not_conform():
    told = record(Result("gradients.penalty:0", PASSED))
    told.finished = False

    assert told.exit_code == 1


def test_the_table_is_80_columns_wide():
    results = [Result(f"gradients.penalty:{index}", PASSED) for index in range(1234)]

    text = verdict.render(record(*results, planned=1234))

    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text


@pytest.mark.parametrize(
    "outcomes", [[PASSED, FAILED, LOWER_PRECISION, UNSUPPORTED, TIMED_OUT], list(OUTCOMES)]
)
def test_a_lower_precision_has_a_column_where_there_is_one(outcomes):
    results = [Result(f"gradients.penalty:{index}", outcome) for index, outcome in enumerate(outcomes)]

    text = verdict.render(record(*results, planned=len(outcomes)), failures=False)

    assert "lower" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "lower" not in verdict.render(record(results[0]), failures=False)


def test_not_a_number_is_wrong():
    with pytest.raises(Disagreement, match="got          nan"):
        assert_within(np.array([np.nan]), np.array([1.0]), 1.0, "softmax")


def test_another_shape_is_wrong():
    with pytest.raises(Disagreement, match=r"an array of shape \(2,\)"):
        assert_within(np.ones(2), np.ones((2, 1)), 1.0, "softmax")


def test_a_tolerance_that_is_not_finite_is_a_bug_in_nnspec():
    with pytest.raises(RuntimeError, match="a bug in nnspec"):
        assert_within(np.ones(1), np.ones(1), np.inf, "softmax")


def test_a_reason_of_several_lines_stands_above_the_conclusion_as_it_is():
    told = record(Result("gradients.penalty:0", PASSED))
    told.errors.append("the process ended by signal 9\nTraceback:\n    line 1")

    text = verdict.render(told)

    assert (
        "Traceback:\n    line 1\n\nmine 1 (float64) DOES NOT CONFORM: the process ended by signal 9." in text
    )


PENALISED = Explained(
    operation="gradients",
    cases=("gradients.penalty:1",),
    names=("BiasesPenalised",),
    wrong=("The penalty's gradient is added to that on the biases too.",),
    fix=("Leave the gradient on the biases without a penalty.",),
)


def explained(found):
    told = record(
        Result("gradients.penalty:0", FAILED, "a"), Result("gradients.penalty:1", FAILED, "b"), planned=2
    )
    told.findings = [found]
    return told


def test_what_explains_a_failure_stands_in_it_with_how_to_mend_it():
    text = verdict.failure(
        CASE, Result(CASE.case, FAILED, "first wrong  gradients.biases[0][0]"), "r", PENALISED
    )

    assert text.splitlines()[-5:] == [
        "  first wrong  gradients.biases[0][0]",
        "  mistake      The penalty's gradient is added to that on the biases too.",
        "  fix          Leave the gradient on the biases without a penalty.",
        "",
        "  replay: r",
    ]


def test_what_is_explained_comes_first():
    text = verdict.render(explained(PENALISED))

    assert text.index("gradients.penalty:1: FAILED") < text.index("gradients.penalty:0 (failed)")


def test_the_verdict_ends_with_what_explains_the_numbers():
    text = verdict.render(explained(PENALISED))

    assert text.partition("what explains the numbers:")[2] == textwrap.dedent("""

          The penalty's gradient is added to that on the biases too. (BiasesPenalised)
          Leave the gradient on the biases without a penalty.
          It gives the numbers of 1 of the 2 failed tests.

        mine 1 (float64) DOES NOT CONFORM: 2 of 2 tests failed; no test passed, and no
        test run means no conformance.""")


def test_what_is_unexplained_is_said_to_be():
    text = verdict.render(explained(Explained("gradients", ("gradients.penalty:1",))))

    assert "gradients: nothing that nnspec knows gives these numbers." in text
    assert "These are the numbers of 1 of the 2 failed tests." in text


def test_a_diagnosis_whose_time_was_up_says_so():
    text = verdict.render(explained(Explained("", ())))

    assert "what explains the numbers:\n\n  The time for it was up before all failed tests were" in text


def test_findings_come_back_from_the_record(tmp_path):
    recorder = Recorder(tmp_path / "record.jsonl")
    recorder.findings([PENALISED])
    recorder.end()

    assert Record.read(tmp_path / "record.jsonl").findings == [PENALISED]
