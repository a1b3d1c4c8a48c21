"""What a program does, and the word, the status and the last line that ``nnspec check`` and pytest give it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from command_line import assert_wrong_use, nnspec, one_line
from miniatures import program, target

from nnspec.report.record import Record

#: Tests of gradients and of softmax.
GRADIENTS, SOFTMAX = "gradients.penalty", "functions.softmax"
LARGE_SCORES = "functions.softmax-large-scores"
VERDICTS = ("CONFORMS", "DOES NOT CONFORM", "INCONCLUSIVE")


def check(subject, *selected, options=(), **how):
    """The status and the lines of a check of a reference of which one thing is different."""
    words = [word for name in selected for word in ("--select", name)]
    return nnspec("check", target(f"references:{subject}"), *options, *words, **how)


def last(run):
    return run.stdout.splitlines()[-1]


def in_pytest(folder, subject, *words):
    """The same specification in pytest itself: its status and its record."""
    path = folder / "record.jsonl"
    command = [sys.executable, "-m", "pytest", "--pyargs", "nnspec.spec_tests", f"--nnspec-record={path}"]
    run = subprocess.run(
        [*command, f"--nnspec-implementation={target(f'references:{subject}')}", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return run, Record.read(path) if path.exists() else None


# ---- what a program declines ----


def test_a_program_that_declines_what_it_gets_wrong_is_not_judged():
    run = check("Declines", GRADIENTS, SOFTMAX, "training.losses")

    assert run.returncode == 3, run
    assert last(run).startswith("INCONCLUSIVE  ")
    assert " · declined: gradients, train  (" in last(run)
    assert "None of gradients, train and fit was judged: the verdict needs at least one." in one_line(
        run.stdout
    )


def test_what_is_declined_in_some_tests_stands_in_the_last_line():
    run = check("DeclinesSums", GRADIENTS)

    assert run.returncode == 0, run
    assert last(run).startswith("CONFORMS  ")
    assert " · declined: gradients  (" in last(run)


def test_an_operation_that_a_program_does_not_offer_is_not_declined():
    run = nnspec("check", "--select", SOFTMAX, "--select", GRADIENTS, "--", *program("speaks_json"))

    assert run.returncode == 3, run
    assert "declined" not in last(run)


# ---- what must be judged ----


@pytest.mark.parametrize("words", [["loss,gradients", "softmax"], ["all"]])
def test_what_is_required_must_be_judged(words):
    required = [word for name in words for word in ("--require", name)]

    run = nnspec("check", "reference", *required, "--select", GRADIENTS, "--select", SOFTMAX)

    assert run.returncode == 3, run
    assert "not judged: loss" in last(run) or "not judged: activation" in last(run)
    assert f"--require {'all' if words == ['all'] else 'loss,gradients,softmax'}, " in last(run)


def test_what_is_required_and_judged_is_enough():
    run = nnspec(
        "check", "reference", "--require", "gradients, softmax", "--select", "gradients", "--select", SOFTMAX
    )

    assert run.returncode == 0, run


def test_runs_that_another_process_made_are_judged():
    run = nnspec("check", "reference", "--require", "train", "--select", "training.spiral-linear:the_losses")

    assert run.returncode == 0, run


def test_a_replay_that_passes_says_so_beside_what_a_verdict_needs():
    run = nnspec("check", "reference", "--select", f"{SOFTMAX}:one_example")

    assert run.returncode == 3, run
    assert (
        "The selected test passed, but --select leaves out gradients, train and fit, and a verdict needs at "
        "least one of them: leave out --select, or select more."
    ) in one_line(run.stdout)
    assert last(run).startswith("INCONCLUSIVE  1 passed  (")


# ---- slow is not wrong ----


def test_a_program_that_hangs_is_not_judged():
    run = check("HangsInGradients", GRADIENTS, options=["--call-timeout", "1"])

    assert run.returncode == 3, run
    assert last(run).startswith("INCONCLUSIVE  ")
    assert "timed out · 0 passed" in last(run)


def test_a_single_wrong_answer_beside_timeouts_decides():
    run = check("HangsAndIsWrong", f"{SOFTMAX}:one_example", GRADIENTS, options=["--call-timeout", "1"])

    assert run.returncode == 1, run
    assert last(run).startswith("DOES NOT CONFORM  1 failed · ")


# ---- SHOULD ----


@pytest.mark.parametrize(
    ("strict", "status", "line"),
    [
        ([], 0, r"CONFORMS  \d+ passed · 5 SHOULD failed  \("),
        (["--strict"], 1, r"DOES NOT CONFORM  5 failed · \d+ passed  \("),
    ],
)
def test_a_softmax_as_the_documents_print_it_conforms_unless_strict(strict, status, line):
    run = nnspec(
        "check", "nnspec.mistakes:SoftmaxOverflows", *strict, "--select", LARGE_SCORES, "--select", GRADIENTS
    )

    assert run.returncode == status, run
    assert re.match(line, last(run))
    assert ("without --strict they decide nothing:" in one_line(run.stdout)) == (not strict)
    assert ("--strict" in run.stdout.partition("replay  ")[2].partition("chapter ")[0]) == bool(strict)


# ---- the precision ----


@pytest.mark.parametrize(
    ("options", "status", "line"),
    [
        ([], 0, ", float32, nnspec"),
        (["--precision", "float32"], 0, ", float32, nnspec"),
        (["--precision", "float64"], 1, ", float64, nnspec"),
    ],
)
def test_a_program_is_held_to_the_precision_that_is_asked_for(options, status, line):
    run = nnspec("check", target("single_precision"), *options, "--select", GRADIENTS)

    assert run.returncode == status, run
    assert line in last(run)


# ---- known failures ----


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_failures_that_were_written_are_known_the_next_time(tmp_path, suffix):
    path = tmp_path / f"known{suffix}"

    first = check("DoublesMeans", GRADIENTS, options=["--write-known-failures", path])
    second = check("DoublesMeans", GRADIENTS, options=["--known-failures", path])

    assert first.returncode == 1, first
    assert second.returncode == 0, second
    failed = first.stdout.splitlines()[-1].partition("  ")[2].split()[0]
    assert f" · {failed} known failures  (" in last(second)
    assert "known failures, and why:\n  gradients.penalty:" in second.stdout


def test_a_name_that_does_not_exist_is_wrong_use(tmp_path):
    (tmp_path / "known.toml").write_text('gradients.penalti = "why"', encoding="utf-8")

    run = check("DoublesMeans", GRADIENTS, options=["--known-failures", tmp_path / "known.toml"])

    assert_wrong_use(
        run, help_with="names gradients.penalti: there is no such chapter, clause or case. Did you mean"
    )


def test_a_known_failure_of_which_a_part_ran_is_not_said_to_pass(tmp_path):
    (tmp_path / "known.toml").write_text('gradients.penalty = "sums fail"', encoding="utf-8")
    one = f"{GRADIENTS}:where_it_outweighs_the_data[3-4-mean]"

    run = nnspec("check", "reference", "--known-failures", tmp_path / "known.toml", "--select", one)

    assert run.returncode == 0, run


# ---- in pytest itself ----


@pytest.mark.parametrize(
    ("subject", "words", "status"),
    [
        ("Reference", ["--nnspec-require=all"], 3),
        ("Reference", ["--nnspec-require=gradients"], 0),
        ("Reference", ["--nnspec-precision=float32"], 0),
        ("Declines", [], 3),
        ("DeclinesSums", [], 0),
        ("HangsInGradients", ["--nnspec-call-timeout=1"], 3),
        ("DoublesMeans", [], 1),
    ],
)
def test_the_status_of_pytest_is_that_of_the_verdict(tmp_path, subject, words, status):
    run, record = in_pytest(tmp_path, subject, f"--nnspec-select={GRADIENTS}", *words)

    assert record.exit_code == run.returncode == status, run.stdout


@pytest.mark.parametrize(("words", "status"), [([], 0), (["--nnspec-strict"], 1)])
def test_a_should_clause_decides_in_pytest_only_if_strict(tmp_path, words, status):
    path = tmp_path / "record.jsonl"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--pyargs", "nnspec.spec_tests", f"--nnspec-record={path}"),
            *("--nnspec-implementation=nnspec.mistakes:SoftmaxOverflows", *words),
            *(f"--nnspec-select={LARGE_SCORES}", f"--nnspec-select={GRADIENTS}"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert Record.read(path).exit_code == run.returncode == status, run.stdout


def test_known_failures_are_known_in_pytest(tmp_path):
    (tmp_path / "known.toml").write_text(f'"{GRADIENTS}" = "sums"', encoding="utf-8")

    run, record = in_pytest(
        tmp_path,
        "DoublesMeans",
        "--nnspec-select=gradients",
        f"--nnspec-known-failures={tmp_path}/known.toml",
    )

    assert record.counts["known failure"] > 0
    assert run.returncode == record.exit_code == 1


def test_a_required_operation_that_does_not_exist_is_wrong_use_in_pytest(tmp_path):
    run, record = in_pytest(tmp_path, "Reference", "--nnspec-require=gradient")

    assert run.returncode == 4
    assert "Did you mean gradients?" in run.stderr + run.stdout
    assert record is None


# ---- calls that are not judged, not planned, or not ended ----

RAISES = """
from nnspec.contract.errors import {error}

def pytest_runtest_call(item):
    if "of_one" in item.name or {everywhere}:
        raise {error}("in words")
"""


def raising(folder, error, *words, everywhere=False):
    """The reference in pytest, with an error in place of tests, and how its cases ended."""
    (folder / "raises.py").write_text(RAISES.format(error=error, everywhere=everywhere), encoding="utf-8")
    return in_pytest(
        folder, "Reference", "-p", "raises", "--nnspec-select=gradients.hidden-layers", "-rs", *words
    )


def test_a_case_outside_the_document_is_planned_no_more(tmp_path):
    run, record = raising(tmp_path, "OutsideDocument")

    assert run.returncode == record.exit_code == 0
    assert record.not_reached == []
    assert not any("of_one" in planned.case for planned in record.planned)
    assert "outside the document: in words" in run.stdout


def test_a_call_that_an_observation_covers_is_not_judged_and_no_failure(tmp_path):
    run, record = raising(tmp_path, "NotJudged")

    assert run.returncode == record.exit_code == 0
    assert record.counts["not judged"] > 0
    assert record.failures == []


@pytest.mark.parametrize("error", ["TimedOut", "OutOfMemory"])
def test_what_did_not_end_is_no_failure_and_no_pass(tmp_path, error):
    run, record = raising(tmp_path, error)

    assert run.returncode == record.exit_code == 3
    assert record.failures == []


def test_the_call_that_the_budget_ended_in_is_in_the_record(tmp_path):
    run, record = raising(tmp_path, "BudgetSpent", "--nnspec-budget=300s", everywhere=True)

    assert (record.budget, record.cut) == (300.0, "in words")
    assert run.returncode == record.exit_code == 3


def test_where_nnspec_itself_fails_the_status_is_4_whatever_else_was_found(tmp_path):
    (tmp_path / "raises.py").write_text(
        "def pytest_runtest_call(item):\n    raise ZeroDivisionError('ours')\n", encoding="utf-8"
    )

    run, record = in_pytest(tmp_path, "DoublesMeans", "-p", "raises", f"--nnspec-select={GRADIENTS}")

    assert run.returncode == record.exit_code == 4
    assert set(record.counts) == {"not judged"}
    assert "INCONCLUSIVE  nnspec itself failed · " in run.stdout


@pytest.mark.parametrize("hook", ["runtest_logreport(report)", "collection_finish(session)"])
def test_a_fault_outside_of_the_tests_is_nnspecs_own(tmp_path, hook):
    (tmp_path / "raises.py").write_text(f"def pytest_{hook}:\n    raise ZeroDivisionError('ours')\n")

    run, record = in_pytest(tmp_path, "Reference", "-p", "raises", f"--nnspec-select={GRADIENTS}")

    assert run.returncode == record.exit_code == 4
    assert record.failed.endswith(", outside of the tests")


# ---- a program that speaks as a verdict does ----


def assert_only_ours(text):
    lines = text.splitlines()
    assert [line for line in lines[:-1] if line.startswith(VERDICTS)] == []
    assert not any(line.lstrip().startswith("::") or "##vso[" in line for line in lines)
    assert "\x1b" not in text


@pytest.mark.parametrize("options", [[], ["-v"], ["-q"], ["--in-process"]])
def test_a_program_cannot_imitate_the_verdict(options):
    run = check("Imitates", GRADIENTS, options=options)

    assert run.returncode == 1, run
    assert last(run).startswith("DOES NOT CONFORM  ")
    assert_only_ours(run.stdout)
    assert_only_ours(f"{run.stderr}\n")


def test_nor_in_pytest(tmp_path):
    run, _ = in_pytest(tmp_path, "Imitates", f"--nnspec-select={GRADIENTS}")

    assert run.returncode == 1
    verdicts = [line for line in run.stdout.splitlines() if line.startswith(VERDICTS)]
    assert [line.partition("  ")[0] for line in verdicts] == ["DOES NOT CONFORM"]
    assert not any(line.lstrip().startswith("::") or "##vso[" in line for line in run.stdout.splitlines())
    assert "\x1b" not in run.stdout


def test_nor_while_it_reproduces():
    run = nnspec("reproduce", "spiral-linear", "--implementation", target("references:Imitates"))

    assert_only_ours(run.stdout + "\n")
