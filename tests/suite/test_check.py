"""Implementations that crash, hang, flood or lie get a verdict from ``nnspec check``, and never pass."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from miniatures import program, target
from needs import linux, posix

from nnspec.contract.errors import WrongUse
from nnspec.reach.options import Options
from nnspec.report import terminal
from nnspec.report.record import (
    CRASHED,
    EXPECTED,
    FAILED,
    NO_MESSAGE,
    NOT_JUDGED,
    OUT_OF_MEMORY,
    PASSED,
    TIMED_OUT,
    UNSUPPORTED,
    Record,
)
from nnspec.suite.check import check
from nnspec.suite.signals import Interruption, Signals

#: A clause, the one of its tests that gives one example, and another clause.
CLAUSE, CASE, NOT_SELECTED = "functions.softmax", "functions.softmax:one_example", "functions.tanh"
NO_PASS = "no test passed"


def miniature(name, **options):
    """Options that check a miniature in Python, a module or module:Class, by one case unless they say otherwise."""
    return Options(**{"target": target(name), "select": (CASE,), **options})


def foreign(name, **options):
    """Options that check a miniature that speaks the protocol itself."""
    return Options(**{"command": tuple(program(name)), "select": (CASE,), **options})


def checked(options):
    return check(options, lambda _: None)


def known_failures(folder, *names):
    """A file of known failures with these names."""
    path = folder / "known.json"
    path.write_text(json.dumps(dict.fromkeys(names, "on the list")), encoding="utf-8")
    return str(path)


def columns(record):
    """The counts in the last row of the table, as people read it."""
    (row,) = [line for line in terminal.render(record).splitlines() if line.startswith("all ")]
    shown = terminal.columns(record)
    counts = [int(cell) if cell.isdigit() else 0 for cell in row.split()[-len(shown) :]]
    return +Counter(dict(zip(shown, counts, strict=True)))


def pytest_run(folder, *words):
    """The specification in pytest itself, run from another folder; its status and its record."""
    path = folder / "record.jsonl"
    command = [sys.executable, "-m", "pytest", "--pyargs", "nnspec.spec_tests", "--nnspec-record", str(path)]
    status = subprocess.run([*command, *words], cwd=folder, capture_output=True, check=False).returncode
    record = Record()
    for line in path.read_text(encoding="utf-8").splitlines():
        record.add(json.loads(line))
    return status, record


def outcomes(record):
    return [(result.case, result.outcome) for result in record.results]


@pytest.fixture(scope="module")
def crashed_once():
    """The record of a miniature that crashes in one test of the clause."""
    return checked(miniature("crashes_on_one_example", select=(CLAUSE,)))


# ---- each outcome has its own column ----


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        (miniature("floods_stdout"), PASSED),
        (miniature("answers:Nan"), FAILED),
        (miniature("answers:NumberWords"), NOT_JUDGED),
        pytest.param(miniature("exhausts_memory", memory_limit=0.5), OUT_OF_MEMORY, marks=linux),
        (miniature("does_nothing"), UNSUPPORTED),
        (miniature("exits_with_0"), CRASHED),
        (foreign("floods"), NO_MESSAGE),
    ],
    ids=lambda value: value if isinstance(value, str) else Path(value.implementation).name,
)
def test_a_miniature_is_counted_for_what_it_does(options, outcome):
    record = checked(options)

    assert record.counts == columns(record) == Counter({outcome: 1})
    assert record.finished
    assert record.exit_code == (3 if outcome in (PASSED, UNSUPPORTED, OUT_OF_MEMORY) else 1)
    assert (NO_PASS in record.reasons) == (outcome != PASSED)


def test_a_wrong_answer_is_not_blamed_on_nnspec():
    record = checked(miniature("answers:Nan", select=(CLAUSE,)))

    assert set(record.counts) == {FAILED}
    assert [result for result in record.results if "nnspec itself" in result.message] == []


def test_one_crash_costs_one_test(crashed_once):
    assert set(crashed_once.counts) == {PASSED, CRASHED}
    assert (crashed_once.counts[CRASHED], crashed_once.exit_code) == (1, 1)


def test_an_operation_that_hangs_is_called_twice_at_most():
    record = checked(foreign("hangs", select=(CLAUSE,), timeout=1.0))
    not_called = [result for result in record.results if "was not called again" in result.message]

    assert record.counts == columns(record) == Counter({TIMED_OUT: len(record.planned)})
    assert len(not_called) == len(record.planned) - 1 > 0  # the other call was the opening's
    assert record.exit_code == 3


def test_a_run_without_tests_is_inconclusive():
    record = checked(miniature("right", select=("functions.softmax-large-scores",), document="wildml"))

    assert (record.planned, record.exit_code) == ([], 3)
    assert record.reasons[0] == NO_PASS


@pytest.mark.parametrize("in_process", [False, True], ids=["in a process of its own", "in process"])
def test_an_implementation_that_cannot_be_reached_is_not_judged(in_process):
    record = checked(miniature("exits_at_import", in_process=in_process))

    assert record.unreachable
    assert (record.planned, record.exit_code) == ([], 3)


# ---- in this process ----


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("exits_with_0", 4, "ended with exit status 0 before they were done"),
        ("calls_sys_exit", 1, "1 of 1 tests failed"),
    ],
)
def test_an_implementation_that_ends_the_tests_does_not_conform(name, status, reason):
    record = checked(miniature(name, in_process=True))

    assert record.exit_code == status
    assert reason in "; ".join([*record.reasons, record.failed])


# ---- known failures ----


def test_a_known_failure_is_counted_separately(tmp_path):
    known = known_failures(tmp_path, CASE, NOT_SELECTED)

    record = checked(miniature("crashes_on_one_example", select=(CLAUSE,), known_failures=known))

    assert set(record.counts) == {PASSED, EXPECTED}
    assert columns(record) == record.counts
    assert (record.counts[EXPECTED], record.wrong) == (1, [])


@pytest.mark.parametrize("name", ["functions", CLAUSE, CASE])
def test_a_known_failure_may_be_a_chapter_a_clause_or_a_case(tmp_path, name):
    record = checked(miniature("answers:Nan", known_failures=known_failures(tmp_path, name)))

    assert record.counts == {EXPECTED: 1}


def test_a_known_failure_may_be_in_a_chapter_that_is_not_selected(tmp_path):
    known = known_failures(tmp_path, CASE, "gradients.penalty")

    record = checked(miniature("answers:Nan", known_failures=known))

    assert record.counts == {EXPECTED: 1}
    assert record.errors == []


def test_a_known_failure_that_passes_is_an_error_even_if_other_tests_of_it_are_unsupported(tmp_path):
    record = checked(
        miniature("right", select=("functions",), known_failures=known_failures(tmp_path, "functions"))
    )

    assert set(record.counts) == {PASSED, UNSUPPORTED}
    assert record.errors == ["functions is a known failure, but passes: remove it from the known failures"]


def test_a_known_failure_that_passes_is_an_error(tmp_path):
    known = known_failures(tmp_path, CLAUSE)

    record = checked(miniature("right", select=(CLAUSE,), known_failures=known))

    assert record.exit_code == 1
    assert record.errors == [
        "functions.softmax is a known failure, but passes: remove it from the known failures"
    ]


def test_a_run_of_known_failures_alone_is_inconclusive(tmp_path):
    record = checked(miniature("answers:Nan", known_failures=known_failures(tmp_path, CLAUSE)))

    assert record.counts == {EXPECTED: 1}
    assert record.exit_code == 3


# ---- wrong use ----


def test_a_known_failure_that_names_nothing_is_wrong_use(tmp_path):
    known = known_failures(tmp_path, "functions.sofmax")

    with pytest.raises(WrongUse, match=r"names functions\.sofmax.* mean functions\.softmax\?"):
        checked(miniature("right", known_failures=known))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("form.gradient", "form.gradients"),
        ("ignored.los.objective.reduction", "ignored.loss.objective.reduction"),
    ],
)
def test_a_known_fault_that_no_check_can_find_is_wrong_use(tmp_path, name, meant):
    known = known_failures(tmp_path, name)

    with pytest.raises(WrongUse, match=f"no such operation or argument. Did you mean {re.escape(meant)}?"):
        checked(miniature("right", known_failures=known))


def test_known_failures_without_a_reason_are_wrong_use(tmp_path):
    path = tmp_path / "known.json"
    path.write_text('{"functions.softmax": ""}', encoding="utf-8")

    with pytest.raises(WrongUse, match=r"known\.json: the reason of functions\.softmax must be a text"):
        checked(miniature("right", known_failures=str(path)))


# ---- isolation, and the same results in pytest itself ----


def test_a_conftest_next_to_the_implementation_is_ignored(tmp_path, monkeypatch):
    (tmp_path / "conftest.py").write_text("raise RuntimeError\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")

    assert checked(miniature("right")).counts == {PASSED: 1}


def test_pytest_itself_comes_to_the_same_verdict_on_the_reference(tmp_path):
    ended, record = pytest_run(
        tmp_path, "--nnspec-implementation", "reference", "--nnspec-select", "gradients.penalty"
    )

    assert outcomes(record) == outcomes(checked(Options(target="reference", select=("gradients.penalty",))))
    assert (ended, record.exit_code) == (0, 0)


@pytest.mark.parametrize("plugin", [[], ["-p", "nnspec.pytest_plugin"]], ids=["autoload", "by name too"])
def test_the_plugin_is_loaded_once(tmp_path, plugin):
    command = [sys.executable, "-m", "pytest", *plugin, "--pyargs", "nnspec.spec_tests"]
    words = ["--nnspec-implementation=reference", "--nnspec-select=gradients.penalty", "-q"]

    run = subprocess.run([*command, *words], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("words", "printed"), [([], True), (["--no-summary"], False)])
def test_pytest_itself_prints_the_verdict_unless_summaries_are_off(tmp_path, words, printed):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "nnspec.spec_tests",
        "--nnspec-implementation=reference",
    ]
    output = subprocess.run(
        [*command, "--nnspec-select=gradients.penalty", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert ("CONFORMS" in output) == printed


def test_pytest_itself_comes_to_the_same_verdict_on_a_crash(tmp_path, crashed_once):
    ended, record = pytest_run(
        tmp_path, "--nnspec-implementation", crashed_once.header.target, "--nnspec-select", CLAUSE
    )

    assert outcomes(record) == outcomes(crashed_once)
    assert (ended, record.exit_code) == (1, 1)


def test_an_assertion_during_setup_is_not_a_wrong_answer(tmp_path):
    (tmp_path / "broken.py").write_text(
        "def pytest_runtest_setup(item):\n    assert False, 'not torn down'\n"
    )

    ended, record = pytest_run(
        tmp_path, "-p", "broken", "--nnspec-implementation", "reference", "--nnspec-select", CASE
    )

    (result,) = record.results
    assert (result.outcome, result.message.splitlines()[0]) == (
        NOT_JUDGED,
        "nnspec itself failed here, so nothing was judged:",
    )
    assert record.failed.startswith("AssertionError: not torn down")
    assert record.failed.endswith(f", in the test {CASE}")
    assert (ended, record.exit_code) == (4, 4)


# ---- inputs ----


def test_a_seed_always_gives_the_same_inputs(tmp_path, monkeypatch):
    notes = []
    for index, seed in enumerate([0, 5, 5]):
        path = tmp_path / f"notes{index}"
        monkeypatch.setenv("NOTES", str(path))
        assert checked(miniature("takes_notes", seed=seed)).counts == {PASSED: 1}
        notes.append(path.read_text(encoding="utf-8"))

    usual, five, five_again = notes
    assert usual != five == five_again


# ---- interruption ----


@posix
def test_signals_are_only_counted_while_a_report_is_printed_until_somebody_insists():
    with Signals() as signals:
        with signals.held():
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            assert signals.count == 2
            with pytest.raises(Interruption):
                os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interruption, match=str(int(signal.SIGHUP))):
            os.kill(os.getpid(), signal.SIGHUP)


@posix
def test_an_interruption_leaves_no_process_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTES", str(tmp_path / "process"))

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(miniature("hangs_and_says_where"), interrupt)

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text(encoding="utf-8")), 0)
