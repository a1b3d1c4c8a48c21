"""Other processes, looked at from outside."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

#: The environment variable by which the processes of a test are found.
MARK = "NNSPEC_TESTS_MARK"


def eventually(claim):
    """Whether the claim comes true within a minute, which only a failure takes."""
    deadline = time.monotonic() + 60
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.02)  # the end of another's process or thread sends no signal to wait for
    return claim()


def is_running(process):
    """Whether a process does anything any more; one that only waits to be buried does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def marked(mark):
    """The processes that run with this mark in their environment."""
    wanted = f"{MARK}={mark}".encode()
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in variables and int(folder.name) != os.getpid() and is_running(folder.name):
            found.add(int(folder.name))
    return found


def shared_folder(tmp_path_factory):
    """A folder that all workers of pytest-xdist have; one of its own for each where none can wait for another."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ and sys.platform != "win32" else own


@contextlib.contextmanager
def alone(path):
    """Holds a lock, which other processes wait for."""
    with path.open("w", encoding="utf-8") as lock:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
