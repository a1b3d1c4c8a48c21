"""However a command ends, no process and no file of it is left (Linux)."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import pytest
from miniatures import program, target
from needs import linux
from processes import MARK, eventually, marked

pytestmark = linux

#: How to check a program that starts a process of another session and then hangs, in each of the three ways.
CHECK = (sys.executable, "-m", "nnspec", "check", "--select", "functions.softmax:one_example")
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "nnspec.spec_tests")
HANGS = target("leaves_a_daemon:Hangs")
WAYS = {
    "worker": (*CHECK, HANGS),
    "command": (*CHECK, "--", *program("leaves_a_daemon")),
    "in process": (*CHECK, "--in-process", HANGS),
    "pytest": (*PYTEST, "--nnspec-implementation", HANGS, "--nnspec-select", "functions.softmax:one_example"),
}
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGKILL]


class Started:
    """A command that has reached the call that hangs, with a mark and a temporary folder of its own."""

    def __init__(self, folder, words, mark):
        """Waits for the call."""
        self.folder, self.mark = folder / "temporary", mark
        self.folder.mkdir()
        os.mkfifo(folder / "note")
        note = os.open(folder / "note", os.O_RDONLY | os.O_NONBLOCK)
        environment = {"NOTES": str(folder / "note"), "TMPDIR": str(self.folder), MARK: mark}
        self.process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
            start_new_session=True,
        )
        while not self._has_noted(note, "softmax"):
            time.sleep(0.02)  # the first word of another process sends no signal to wait for
        os.close(note)

    def _has_noted(self, note, operation):
        """Whether the call has come; a command that has ended is not waited for."""
        if self.process.poll() is not None:
            raise AssertionError(b"".join(self.process.communicate()).decode())
        try:
            return os.read(note, 100).decode() == operation
        except BlockingIOError:  # the other side is open, and nothing is written yet
            return False

    def ended(self):
        """What it printed, once it and everything that it started have ended."""
        printed = b"".join(self.process.communicate(timeout=60)).decode()
        assert eventually(lambda: not marked(self.mark)), marked(self.mark)
        assert [*self.folder.iterdir()] == []
        assert "Traceback" not in printed
        return printed


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("way", ["worker", "command", "in process"])
def test_a_signal_leaves_no_process_and_no_file(tmp_path, request, way, number):
    started = Started(tmp_path, WAYS[way], request.node.name)

    started.process.send_signal(number)

    printed = started.ended()
    if number == signal.SIGKILL:
        assert started.process.returncode == -signal.SIGKILL
    else:
        assert started.process.returncode == 128 + number
        assert f"interrupted by {number.name}" in printed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_signal_to_pytest_leaves_no_process(tmp_path, request, number):
    started = Started(tmp_path, WAYS["pytest"], request.node.name)

    started.process.send_signal(number)
    started.process.communicate(timeout=60)

    assert started.process.returncode != 0
    assert eventually(lambda: not marked(started.mark)), marked(started.mark)


def test_a_signal_to_every_process_of_a_terminal_is_an_interruption(tmp_path, request):
    started = Started(tmp_path, WAYS["worker"], request.node.name)

    os.killpg(started.process.pid, signal.SIGHUP)

    assert "interrupted by SIGHUP" in started.ended()


def test_a_budget_that_ends_leaves_nothing(tmp_path, request):
    words = (*WAYS["worker"], "--budget", "5s")

    started = Started(tmp_path, words, request.node.name)

    started.ended()
    assert started.process.returncode in (1, 3)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_a_signal_to_reproduce_leaves_nothing(tmp_path, request, number):
    hangs = tmp_path / "hangs.py"
    hangs.write_text(
        "import leaves_a_daemon\ndef train(**_): leaves_a_daemon.Hangs().softmax(0)\n", encoding="utf-8"
    )
    words = [sys.executable, "-m", "nnspec", "reproduce", "moons-tanh-1", "--implementation", str(hangs)]
    folder = os.path.dirname(HANGS.partition(":")[0])  # noqa: PTH120
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", folder)
        started = Started(tmp_path, words, request.node.name)

    started.process.send_signal(number)

    started.ended()


def test_a_check_that_ends_by_itself_leaves_nothing(tmp_path):
    mark, folder = tmp_path.name, tmp_path / "temporary"
    folder.mkdir()
    environment = {**os.environ, "TMPDIR": str(folder), MARK: mark}

    for name in ("Answers", "Crashes"):
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run([*CHECK, target(f"leaves_a_daemon:{name}")], env=environment, check=True)

        assert not marked(mark)
        assert [*folder.iterdir()] == []
