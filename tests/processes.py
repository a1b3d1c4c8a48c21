"""Other processes, looked at from outside."""

from __future__ import annotations

import time
from pathlib import Path


def eventually(claim):
    """Whether the claim comes true within five seconds."""
    deadline = time.monotonic() + 5
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
