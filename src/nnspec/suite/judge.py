"""The process that runs the specification in pytest for ``nnspec check``, started by ``check`` of this room.

Its stdout is the record, which no process of the implementation gets. Its stdin closes when ``nnspec check`` ends,
however that happens, and then it ends too, with all processes below it.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
import time

from nnspec.reach import guard
from nnspec.report import recorder
from nnspec.report.record import ALIVE
from nnspec.suite import signals

#: Seconds between two signs of life.
BEAT = 2.0
#: Seconds that it has to end by itself where the processes below it cannot be seen.
_GRACE = 5.0


def main() -> None:
    """Run pytest with the words of the command line; the record goes to what was stdout."""
    descriptor, lifeline = _take_over_stdio()
    parent = os.getppid()
    guard.claim()
    guard.protect()
    if guard.IS_LINUX:
        guard.at_the_end_of_its_parent(signal.SIGCONT)  # so that it sees the end even if it was stopped
        for number in signals.numbers():  # Ctrl-C comes here too, but the other process ends this one
            signal.signal(number, lambda *_: None)
    threading.Thread(target=_beat, args=(descriptor,), daemon=True).start()
    threading.Thread(target=_wait, args=(lifeline,), daemon=True).start()
    threading.Thread(target=_wake, args=(parent,), daemon=True).start()
    sys.argv.append(f"--nnspec-record-fd={descriptor}")
    import pytest

    status = pytest.console_main()
    guard.release()
    guard.wake(parent)
    sys.exit(status)


def _take_over_stdio() -> tuple[int, int]:
    """Keep stdout for the record and stdin as the lifeline; what is printed goes to stderr."""
    descriptor, lifeline = os.dup(1), os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return descriptor, lifeline


def _beat(descriptor: int) -> None:
    """Give a sign of life from time to time."""
    with contextlib.suppress(OSError):  # nobody reads it any more
        while True:
            recorder.write(descriptor, {"event": ALIVE})
            time.sleep(BEAT)


def _wake(parent: int) -> None:
    """Let the other process go on if the program has stopped it; Ctrl-Z stops this process as well."""
    while os.getppid() == parent:
        guard.wake(parent)
        time.sleep(BEAT)


def _wait(lifeline: int) -> None:
    """Wait for the end of the other process, then end this one."""
    while os.read(lifeline, 1):
        pass
    if guard.IS_LINUX:
        guard.release()
    else:
        _thread.interrupt_main()  # pytest's end ends the implementation's processes
        time.sleep(_GRACE)
    os._exit(128 + signal.SIGTERM)
