"""A verdict rests on the record and on how the process that wrote it ended; where these differ, nothing passes."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from dataclasses import asdict

import pytest
from command_line import nnspec
from miniatures import program, target
from needs import linux
from processes import MARK, eventually, marked

from nnspec.reach.options import Options
from nnspec.report.record import Header, Planned, Record, Result
from nnspec.report.recorder import Recorder
from nnspec.suite import check as checking
from nnspec.suite.front import Clock, Limits

CASE = "functions.softmax:one_example"
START = {
    "event": "start",
    "header": asdict(Header()),
    "planned": [asdict(Planned(CASE, "functions.softmax", "", "MUST", ()))],
}
PASSED = {"event": "result", "result": asdict(Result(CASE, "passed", operations=("gradients",)))}
FAILED = {"event": "result", "result": asdict(Result(CASE, "failed"))}
END = {"event": "end", "budget": None, "cut": ""}


def checked(options, **limits):
    return checking.check(options, lambda _: None, limits=Limits(**limits))


def miniature(name):
    return Options(target=target(name), select=(CASE,))


@pytest.fixture
def judge(monkeypatch):
    """Replaces the process that runs the tests by one that writes these events, then does what a line says."""

    def with_record(*events, then="", **limits):
        lines = "".join(f"write({event!r})\n" for event in (START, *events))
        code = (
            "import json, os, signal, sys, time\n"
            "def write(event): print(json.dumps(event), flush=True)\n"
            f"{lines}{then}\n"
        )
        monkeypatch.setattr(checking, "_command", lambda _: [sys.executable, "-c", code])
        return checked(Options(target="reference"), **limits)

    return with_record


def test_a_record_that_ends_as_it_says_is_a_verdict(judge):
    record = judge(PASSED, END)

    assert (record.failed, record.exit_code) == ("", 0)


@pytest.mark.parametrize(
    ("events", "then", "how"),
    [
        ([], "", "with exit status 0 before they were done"),
        ([PASSED], "", "with exit status 0 before they were done"),
        ([PASSED, END], "sys.exit(1)", "with exit status 1 though its record says 0"),
        ([FAILED, END], "sys.exit(0)", "with exit status 0 though its record says 1"),
        ([PASSED, END], "os.kill(os.getpid(), signal.SIGKILL)", "by signal SIGKILL though its record says 0"),
        ([PASSED], "os.kill(os.getpid(), signal.SIGTERM)", "by signal SIGTERM before they were done"),
    ],
)
def test_a_record_that_does_not_fit_its_end_is_nnspecs_own_failure(judge, events, then, how):
    record = judge(*events, then=then)

    assert record.failed == f"the process that runs the tests ended {how}"
    assert record.exit_code == 4


def test_a_result_of_a_test_that_was_not_planned_is_nnspecs_own_failure(judge):
    record = judge({"event": "result", "result": asdict(Result("functions.tanh:zero", "passed"))}, END)

    assert "a line of the record is not one" in record.failed


@pytest.mark.parametrize("line", ["nonsense", "[]", "1", "{}", '{"event": "pass"}', '{"event": "end"}'])
def test_a_line_that_nnspec_does_not_write_is_its_own_failure(judge, line):
    record = judge(PASSED, then=f"print({line!r}, flush=True)\ntime.sleep(600)")

    assert "a line of the record is not one" in record.failed
    assert record.exit_code == 4


def test_an_error_within_pytest_is_named_in_one_line(judge):
    words = "INTERNALERROR> Traceback\nINTERNALERROR> KeyError: 'x'\n"

    record = judge(then=f"sys.stderr.write({words!r}); sys.exit(3)")

    assert record.failed.endswith("ended with exit status 3 before they were done: KeyError: 'x'")


# ---- the clock of the front ----

ALIVE = "while True: write({'event': 'alive'}); time.sleep(0.2)"


@pytest.mark.parametrize(
    ("then", "limits", "complaint"),
    [
        ("time.sleep(600)", {"silence": 1.0}, "gave no sign of life for 1 s"),
        (ALIVE, {"call": -59.0}, "came no further in 1 s"),
        (f"write({END}); {{}}", {"end": 1.0}, "did not end within 1 s of its last test"),
    ],
    ids=["silent", "no progress", "no end"],
)
def test_a_process_that_hangs_is_killed(judge, then, limits, complaint):
    record = judge(PASSED, then=then.replace("; {}", f"\n{ALIVE}"), **limits)

    assert complaint in record.failed
    assert record.exit_code == 4


def test_a_budget_ends_the_tests_even_if_they_do_not_end_themselves():
    clock = Clock(Limits(budget=-3.0), timeout=60.0, budget=2.0)
    clock.tick()

    assert clock.complaint(Record()) == "the tests did not end within -3 s after their budget"


def test_time_in_which_this_process_was_stopped_does_not_count(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("nnspec.suite.front.time.monotonic", lambda: now[0])
    clock = Clock(Limits(), timeout=60.0, budget=None)
    now[0] = 100_000.0
    clock.tick()

    assert clock.complaint(Record()) == ""


def test_a_call_may_take_as_long_as_the_record_says():
    record = Record(calling=("train", 3600.0))
    clock = Clock(Limits(silence=1e9), timeout=60.0, budget=None)
    for _ in range(2):
        clock._busy = 4000.0
        assert clock.complaint(record) == ""
        clock._busy = 4201.0
        assert clock.complaint(record) == "the process that runs the tests came no further in 4200 s"


# ---- what an implementation may try ----


@linux
@pytest.mark.parametrize(
    ("name", "limits", "failed"),
    [
        ("attacks:KillsTheJudge", {}, "by signal SIGKILL before they were done"),
        ("attacks:StopsTheJudge", {"silence": 4.0}, "gave no sign of life for 4 s"),
    ],
)
def test_whoever_kills_or_stops_the_tests_does_not_pass_and_leaves_nothing(monkeypatch, name, limits, failed):
    monkeypatch.setenv(MARK, name)

    record = checked(miniature(name), **limits)

    assert failed in record.failed
    assert record.exit_code == 4
    assert eventually(lambda: not marked(name))


@linux
def test_whoever_stops_the_front_does_not_stop_it_for_long(monkeypatch):
    monkeypatch.setenv(MARK, "stops the front")

    run = nnspec("check", target("attacks:StopsTheFront"), "--select", CASE, timeout=60)

    assert run.returncode in (1, 3), run
    assert run.stdout.splitlines()[-1].startswith(("INCONCLUSIVE", "DOES NOT CONFORM"))
    assert eventually(lambda: not marked("stops the front"))


@pytest.mark.parametrize("name", ["attacks:KillsItsParent", "forges"])
def test_whoever_forges_a_record_or_ends_its_guard_does_not_pass(name):
    record = checked(miniature(name))

    assert record.exit_code in (1, 3)
    assert record.counts["passed"] == 0


def test_a_program_that_forges_a_record_does_not_pass():
    record = checked(Options(command=tuple(program("forges")), select=(CASE,)))

    assert record.exit_code in (1, 3)
    assert record.counts["passed"] == 0


@linux
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--nnspec-implementation", target("attacks:KillsTheJudge")], -signal.SIGKILL),
        (["--nnspec-implementation", target("forges")], 1),
        (["--nnspec-command", shlex.join(program("forges"))], None),
        (["--nnspec-command", "sh -c 'kill -9 $PPID; sleep 600'"], 3),
    ],
    ids=["kills pytest", "forges", "a command that forges", "a command that kills its guard"],
)
def test_pytest_itself_passes_none_of_them(tmp_path, words, status):
    command = [sys.executable, "-m", "pytest", "--pyargs", "nnspec.spec_tests", f"--nnspec-select={CASE}"]
    mark = tmp_path.name

    run = subprocess.run(
        [*command, *words], cwd=tmp_path, env={**os.environ, MARK: mark}, capture_output=True, check=False
    )

    assert run.returncode == (status or run.returncode) != 0
    assert eventually(lambda: not marked(mark))


# ---- the record itself ----


def test_a_record_in_a_file_is_the_record(tmp_path):
    recorder = Recorder(tmp_path / "record.jsonl")
    recorder.start(Header(target="mine"), [])
    recorder.calling("softmax", 60.0)
    recorder.result(Result(CASE, "passed"))
    recorder.end()

    assert Record.read(tmp_path / "record.jsonl") == recorder.record


def test_a_failure_of_nnspecs_own_is_no_verdict():
    recorder = Recorder(None)
    recorder.result(Result(CASE, "passed"))
    recorder.failed("KeyError: 'x'")
    recorder.failed("something that followed from it")
    recorder.end()

    assert recorder.record.exit_code == 4
    assert recorder.record.failed == "KeyError: 'x'"
