"""Ctrl-C and SIGTERM: the verdict of what ran comes at once, then everything ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from miniatures import target
from needs import linux
from processes import eventually, is_running

SIGNALS = [signal.SIGINT, signal.SIGTERM]


def interrupted(tmp_path, *signals):
    """A check of an implementation that hangs, sent a signal once it was imported and another after the verdict.

    Gives its exit status, what it printed, and the number of the implementation's process.
    """
    note = tmp_path / "process"
    os.mkfifo(note)
    process = subprocess.Popen(
        [sys.executable, "-m", "nnspec", "check", target("hangs_and_says_where")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NOTES": str(note)},
    )
    child = int(note.read_text(encoding="utf-8"))  # waits until it is imported
    assert process.stdout is not None
    lines = []
    for number in signals:
        process.send_signal(number)
        while not lines or not lines[-1].startswith(("INCONCLUSIVE", "DOES NOT CONFORM")):
            lines.append(process.stdout.readline())
            assert lines[-1], "the output ended without a verdict"
    process.communicate(timeout=60)
    return process.returncode, lines, child


@linux
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_brings_the_verdict_of_what_ran_and_leaves_nothing_behind(tmp_path, number):
    status, lines, child = interrupted(tmp_path, number)

    assert status == 128 + number
    assert f"interrupted by {number.name}  (" in lines[-1]
    assert lines[-1].startswith("INCONCLUSIVE  ")
    assert eventually(lambda: not is_running(child))


@linux
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_second_signal_ends_at_once_and_leaves_nothing_behind(tmp_path, number):
    status, _, child = interrupted(tmp_path, number, number)

    assert status == 128 + number
    assert eventually(lambda: not is_running(child))
