"""A child process that answers a line with a line, and that nothing can make us wait for or drown in."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from nnspec.contract.errors import Crashed, Garbled, TimedOut, Unreachable

#: The longest line that is read as a message, in bytes. What it says may take sixty times as much memory.
LONGEST_LINE = 16 * 2**20
#: How much of the end of stderr is kept, in bytes.
STDERR_KEPT = 4_000
_CHUNK = 2**16
#: How often a process that does not answer is looked at, in seconds.
_GLANCE = 0.5


class LineProcess:
    """Daemon threads do all reading and writing, so that a call ends in time whatever the child does."""

    def __init__(self, command: list[str], memory_limit: int) -> None:
        """memory_limit: bytes that the process may allocate, 0 for any; held where the system can (Linux)."""
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise Unreachable(f"{command[0]!r} could not be started: {error.strerror or error}.") from None
        if memory_limit:
            _limit_memory(self._child.pid, memory_limit)
        self.lost = False
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        self._to_write: queue.Queue[bytes | None] = queue.Queue()
        self._stderr: deque[bytes] = deque(maxlen=8)
        works = (self._read_lines, self._write_lines, self._read_stderr)
        *_, self._stderr_reader = threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()

    def exchange(self, line: bytes, timeout: float) -> bytes:
        """Send a line and wait for one; ``lost`` is set where the process is of no more use."""
        self._to_write.put(line)
        try:
            reply = self._next_line(timeout)
        except queue.Empty:
            self.lost = True
            raise TimedOut(self.with_stderr(f"no answer came within {timeout:g} s")) from None
        if reply is None:
            self.lost = True
            raise Crashed(self.with_stderr(f"the process ended {self._how_it_ended()}"))
        if not reply.endswith(b"\n"):
            self.lost = True
            raise Garbled(self.with_stderr(f"a line of more than {LONGEST_LINE // 2**20} MiB came"))
        return reply

    def kill(self) -> None:
        """End the process and everything that it started in its session."""
        self.lost = True
        self._to_write.put(None)
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                self._child.kill()
            else:
                os.killpg(self._child.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=5)
        with contextlib.suppress(queue.Empty):
            while True:  # a reader that a full queue holds goes on, finds the process lost and ends
                self._lines.get_nowait()

    def with_stderr(self, message: str) -> str:
        """The message, and the end of what the process wrote on stderr."""
        ended = self._child.poll() is not None
        self._stderr_reader.join(1 if ended else 0.05)  # what was written just now is still on its way
        told = b"".join(self._stderr)[-STDERR_KEPT:].decode(errors="backslashreplace").strip()
        return f"{message}; its stderr ends with:\n{told}" if told else message

    def _next_line(self, timeout: float) -> bytes | None:
        """None where no line can come any more; raises queue.Empty where none came in time."""
        deadline = time.monotonic() + timeout
        ended = False
        while True:
            try:
                return self._lines.get(timeout=max(0, min(_GLANCE, deadline - time.monotonic())))
            except queue.Empty:
                if ended:  # a glance ago, and something that it started keeps the pipe open
                    return None
                if time.monotonic() >= deadline:
                    raise
            ended = self._child.poll() is not None

    def _how_it_ended(self) -> str:
        try:
            status = self._child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "its output, though it goes on running"
        if status >= 0:
            return f"with exit status {status}"
        try:
            return f"by signal {signal.Signals(-status).name}"
        except ValueError:
            return f"by signal {-status}"

    def _read_lines(self) -> None:
        """Cut stdout into lines; a full queue holds a process that floods us."""
        pending = bytearray()
        for chunk in _chunks(self._child.stdout):
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                if self.lost:
                    return
                self._lines.put(bytes(pending) + line + b"\n")
                pending.clear()
            pending += rest
            if len(pending) > LONGEST_LINE:
                self._lines.put(bytes(pending[:100]))
                return
        self._lines.put(None)

    def _write_lines(self) -> None:
        assert self._child.stdin is not None
        with self._child.stdin as pipe, contextlib.suppress(OSError):  # it ended; reading finds out how
            while (line := self._to_write.get()) is not None:
                unwritten = memoryview(line)
                while unwritten:
                    unwritten = unwritten[pipe.write(unwritten) :]

    def _read_stderr(self) -> None:
        for chunk in _chunks(self._child.stderr):
            self._stderr.append(chunk[-STDERR_KEPT:])


def kill_children(parent: int) -> None:
    """Kill the sessions that a process's children lead, as a LineProcess does; only where Linux shows them."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended in the meantime
            after_name = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(after_name[1]) == parent:
                os.killpg(int(stat.parent.name), signal.SIGKILL)


def _chunks(pipe: IO[bytes] | None) -> Iterator[bytes]:
    assert pipe is not None
    with pipe, contextlib.suppress(OSError, ValueError):
        while chunk := pipe.read(_CHUNK):
            yield chunk


def _limit_memory(process: int, limit: int) -> None:
    """Bound what the process may allocate; reserving addresses, as runtimes do, is not bounded."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, OverflowError):  # it has ended, or the limit is more than there can be
        resource.prlimit(process, resource.RLIMIT_DATA, (limit, limit))
