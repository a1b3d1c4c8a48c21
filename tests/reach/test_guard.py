"""Whatever a program starts ends with it, and the memory of all its processes together is bounded (Linux)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from calls import SOON, assert_answers_right, softmax
from miniatures import miniature, program, target
from needs import linux
from processes import MARK, eventually, is_running, marked

from nnspec.contract.errors import Crashed, NoAnswer, OutOfMemory, TimedOut, Unreachable
from nnspec.reach import guard
from nnspec.reach.process import LineProcess

pytestmark = linux


@pytest.fixture
def mark(monkeypatch, request):
    """Marks the processes that this test starts."""
    monkeypatch.setenv(MARK, request.node.name)
    return request.node.name


def test_a_process_that_left_its_session_ends_when_the_transport_is_closed(reach, mark):
    transport = reach(miniature("leaves_a_daemon:Answers"))
    assert_answers_right(transport)
    assert len(marked(mark)) == 3, "the guard, the worker and the daemon"

    transport.close()

    assert marked(mark) == set()


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (miniature("leaves_a_daemon:Crashes"), Crashed),
        (miniature("leaves_a_daemon:Hangs"), TimedOut),
        (program("leaves_a_daemon"), TimedOut),
    ],
    ids=["crash", "timeout", "timeout of a command"],
)
def test_a_process_that_left_its_session_ends_with_the_program(reach, mark, command, error):
    transport = reach(command, timeout=SOON)

    with pytest.raises(error):
        softmax(transport)

    assert eventually(lambda: not marked(mark))


def test_processes_that_start_the_next_one_and_end_are_all_found(reach, mark):
    with pytest.raises(TimedOut):
        softmax(reach(miniature("forks_for_ever"), timeout=SOON))

    assert eventually(lambda: not marked(mark))


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_everything_ends_when_the_process_that_calls_it_is_ended(tmp_path, mark, end):
    os.mkfifo(tmp_path / "note")
    code = (
        "from nnspec.reach.process import LineProcess; from nnspec.contract import wire; import sys, time\n"
        "process = LineProcess(sys.argv[1:], 0)\n"
        "process.exchange(wire.request(1, 'describe', {}), 60.0)\n"
        "process.exchange(wire.request(2, 'softmax', {'scores': [[0.0]]}), 600.0)\n"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", code, *miniature("leaves_a_daemon:Hangs")],
        env={**os.environ, "NOTES": str(tmp_path / "note")},
    )
    assert (tmp_path / "note").read_text(encoding="utf-8") == "softmax"

    caller.send_signal(end)
    caller.wait()

    assert eventually(lambda: not marked(mark))


def test_a_program_that_kills_the_guard_has_crashed(reach, mark):
    transport = reach(miniature("attacks:KillsItsParent"))

    with pytest.raises(Crashed, match="by signal SIGKILL"):
        softmax(transport)

    assert eventually(lambda: not marked(mark))


def test_what_a_program_that_kills_the_guard_has_started_is_found_all_the_same(reach, mark):
    with pytest.raises(Unreachable, match="by signal SIGKILL"):
        reach(["sh", "-c", "setsid sleep 600 & kill -9 $PPID; sleep 600"])

    assert eventually(lambda: not marked(mark))


def test_a_program_that_stops_the_guard_is_ended_all_the_same(reach, mark):
    transport = reach(miniature("attacks:StopsItsParent"))
    assert_answers_right(transport)

    transport.close()

    assert marked(mark) == set()


@pytest.mark.parametrize("words", [["sh", "-c", "exit 3"], ["sh", "-c", "kill -SEGV $$"]])
def test_a_program_ends_as_it_would_without_a_guard(words):
    process = LineProcess(words, 0)
    with pytest.raises(Crashed) as crash:
        process.exchange(b"{}\n", 10.0)
    process.kill()

    assert str(crash.value).endswith("with exit status 3" if "exit" in words[-1] else "by signal SIGSEGV")


def test_signals_that_python_ignores_are_not_ignored_in_a_program():
    process = LineProcess(["sh", "-c", "kill -PIPE $$"], 0)
    with pytest.raises(Crashed, match="by signal SIGPIPE"):
        process.exchange(b"{}\n", 10.0)
    process.kill()


def test_a_program_gets_no_descriptor_but_its_three_streams():
    code = "import os, sys; print(*os.listdir('/proc/self/fd'), flush=True); sys.stdin.read()"
    process = LineProcess([sys.executable, "-c", code], 2**30)

    listing = {"3"}  # the descriptor of the folder that is listed
    assert set(process.exchange(b"{}\n", 10.0).decode().split()) - listing == {"0", "1", "2"}
    process.kill()


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may look into any process")
def test_a_program_gets_no_pipe_of_the_guard():
    code = (
        "import os\n"
        "try: print(os.open(f'/proc/{os.getppid()}/fd/1', os.O_WRONLY), flush=True)\n"
        "except PermissionError: print('refused', flush=True)\n"
        "input()"
    )
    process = LineProcess([sys.executable, "-c", code], 2**30)

    assert process.exchange(b"{}\n", 10.0) == b"refused\n"
    process.kill()


def test_a_program_that_cannot_be_executed_is_unreachable(reach, tmp_path):
    (tmp_path / "mine").write_text("no program", encoding="utf-8")

    with pytest.raises(Unreachable, match=r"^cannot start '.*mine': Permission denied\.$"):
        reach([str(tmp_path / "mine")])


@pytest.mark.parametrize("name", ["SharedMapping", "SeveralProcesses"])
def test_the_memory_of_all_processes_together_is_bounded(reach, mark, name):
    transport = reach(miniature(f"takes_memory:{name}"), timeout=60.0, gibibytes=0.5)

    with pytest.raises(OutOfMemory, match=r"it used more than 0\.5 GiB of memory \(--memory-limit\)"):
        softmax(transport)

    assert eventually(lambda: not marked(mark))


def test_memory_that_processes_share_counts_once(reach):
    transport = reach(miniature("takes_memory:SharesWithItsChildren"), timeout=60.0, gibibytes=0.5)

    assert softmax(transport)[0, 0] == 300 * 2**20


def test_the_harness_finds_what_runs_below_a_process():
    shell = subprocess.Popen(["sh", "-c", "sleep 600 & sleep 600 & wait"])
    assert eventually(lambda: len(guard.below(shell.pid)) == 2)
    children = guard.below(shell.pid)

    guard.end_below(shell.pid)

    assert guard.below(shell.pid) == []
    assert not any(is_running(child) for child in children)
    shell.wait()


def test_nothing_is_changed_in_a_process_that_is_not_nnspecs():
    code = (
        "from nnspec.reach import guard; import ctypes, sys\n"
        "if 'claimed' in sys.argv: guard.claim()\n"
        "guard.protect()\n"
        "reaper = ctypes.c_int(); ctypes.CDLL(None).prctl(37, ctypes.byref(reaper), 0, 0, 0)\n"
        "print(reaper.value, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )

    words = {
        how: subprocess.run(
            [sys.executable, "-c", code, *how], capture_output=True, text=True, check=True
        ).stdout.split()
        for how in [(), ("claimed",)]
    }

    assert words == {(): ["0", "1"], ("claimed",): ["1", "0"]}, "is a subreaper, and can be looked into"


def test_a_target_may_do_all_this_and_still_be_right(reach):
    with pytest.raises(NoAnswer):
        softmax(reach(miniature("leaves_a_daemon:Crashes")))
    assert_answers_right(reach(["sh", "-c", f"exec {sys.executable} {target('programs/speaks_json')}"]))
