"""An implementation leaves nothing behind: no process, no thread, no open file."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from calls import MORE_THAN_A_PIPE_HOLDS, SOONER, softmax
from miniatures import miniature, program
from needs import linux
from processes import eventually, is_running

from nnspec.contract.errors import Crashed, NoAnswer
from nnspec.reach.process import LineProcess


def open_descriptors():
    """How many files, pipes and sockets this process has open."""
    return len([*Path("/proc/self/fd").iterdir()])


@linux
@pytest.mark.parametrize("name", ["reports_its_process", "starts_a_child"])
def test_no_process_is_left_after_close(reach, name):
    transport = reach(miniature(name))
    process = int(transport.description.version)
    assert is_running(process)

    transport.close()

    assert eventually(lambda: not is_running(process))


def test_an_interrupted_start_leaves_no_process(reach, monkeypatch):
    started = []

    def interrupt(process, *_):
        started.append(process)
        raise KeyboardInterrupt

    monkeypatch.setattr(LineProcess, "exchange", interrupt)
    with pytest.raises(KeyboardInterrupt):
        reach(program("never_reads"))

    assert started[0].unusable


@linux
@pytest.mark.parametrize("options", [("--select", "nonsense"), ("--known-failures", "missing.json")])
def test_a_check_with_wrong_options_leaves_no_process(tmp_path, options):
    process_file = tmp_path / "process"
    silent = ["sh", "-c", f"echo $$ > {process_file}; exec sleep 100"]

    status = subprocess.run([sys.executable, "-m", "nnspec", "check", *options, "--", *silent], check=False)

    assert status.returncode == 2
    assert not process_file.exists() or eventually(
        lambda: not is_running(int(process_file.read_text(encoding="utf-8")))
    )


@pytest.mark.parametrize("name", ["floods", "never_ends_its_line", "stops_reading"])
def test_no_thread_is_left_after_a_loss(reach, name):
    before = set(threading.enumerate())

    with pytest.raises(NoAnswer):
        softmax(reach(program(name), timeout=SOONER), MORE_THAN_A_PIPE_HOLDS)

    assert eventually(lambda: before.issuperset(threading.enumerate()))


@linux
def test_no_descriptor_is_left_after_a_loss(reach):
    before = open_descriptors()
    transport = reach(miniature("exits"))
    for _ in range(3):
        with pytest.raises(Crashed):
            softmax(transport)

    assert eventually(lambda: open_descriptors() <= before)


def test_a_process_without_a_time_limit_still_ends():
    process = LineProcess(program("exits_at_once"), memory_limit=0)

    with pytest.raises(Crashed):
        process.exchange(b"{}\n", math.inf)

    process.kill()
