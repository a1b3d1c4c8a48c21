"""A child process that answers a line with a line, and can neither hang nor flood its caller."""

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

#: The longest line that is read as a message, in bytes, where a call has no bound of its own.
LONGEST_LINE = 16 * 2**20
#: How much of the end of stderr is kept, in bytes.
STDERR_KEPT = 4_000
#: Separates a message from what was written on stderr.
STDERR_FOLLOWS = "; its stderr ends with:"
_CHUNK = 2**16
#: Seconds between two looks at whether a process that does not answer still runs.
_POLL_INTERVAL = 0.5


class LineProcess:
    """Daemon threads do all reading and writing, so a call always ends in time."""

    def __init__(self, command: list[str], memory_limit: int) -> None:
        """memory_limit: bytes that the process may allocate, 0 for no limit; enforced on Linux only."""
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
            raise Unreachable(f"cannot start {command[0]!r}: {error.strerror or error}.") from None
        if memory_limit:
            _limit_memory(self._child.pid, memory_limit)
        self.unusable = False
        self._longest = LONGEST_LINE
        self._lines: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        self._outbox: queue.Queue[bytes | None] = queue.Queue()
        self._stderr: deque[bytes] = deque(maxlen=8)
        targets = (self._read_lines, self._write_lines, self._read_stderr)
        *_, self._stderr_reader = threads = [
            threading.Thread(target=target, daemon=True) for target in targets
        ]
        for thread in threads:
            thread.start()

    def exchange(self, line: bytes, timeout: float, longest: int = LONGEST_LINE) -> bytes:
        """Send a line and wait for one; sets ``unusable`` if the process cannot be called again.

        longest: bytes of the longest line that is an answer.
        """
        self._longest = longest
        self._outbox.put(line)
        try:
            reply = self._next_line(timeout)
        except queue.Empty:
            self.unusable = True
            raise TimedOut(self.with_stderr(f"no answer within {timeout:g} s")) from None
        if reply is None:
            self.unusable = True
            raise Crashed(self.with_stderr(f"the process ended {self._ending()}"))
        if len(reply) > longest or not reply.endswith(b"\n"):
            self.unusable = True
            raise Garbled(
                self.with_stderr(f"it wrote a line longer than {longest} bytes, which this call cannot need")
            )
        return reply

    def answers_at_the_end(self, seconds: float) -> bool:
        """Whether a line comes once stdin is closed, as from a program that does not flush its output."""
        self.unusable = False  # the reader goes on
        self._outbox.put(None)
        try:
            return self._next_line(seconds) is not None
        except queue.Empty:
            return False
        finally:
            self.unusable = True

    def kill(self) -> None:
        """End the process and all others in its session."""
        self.unusable = True
        self._outbox.put(None)
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                self._child.kill()
            else:
                os.killpg(self._child.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=5)
        with contextlib.suppress(queue.Empty):
            while True:  # lets a reader that waits on a full queue go on, see ``unusable`` and end
                self._lines.get_nowait()

    def with_stderr(self, message: str) -> str:
        """The message, followed by the end of the process's stderr."""
        ended = self._child.poll() is not None
        self._stderr_reader.join(1 if ended else 0.05)  # the last lines may still be in the pipe
        text = b"".join(self._stderr)[-STDERR_KEPT:].decode(errors="backslashreplace").strip()
        return f"{message}{STDERR_FOLLOWS}\n{text}" if text else message

    def _next_line(self, timeout: float) -> bytes | None:
        """None if no line can come any more; raises queue.Empty if none came in time."""
        deadline = time.monotonic() + timeout
        ended = False
        while True:
            try:
                return self._lines.get(timeout=max(0, min(_POLL_INTERVAL, deadline - time.monotonic())))
            except queue.Empty:
                if ended:  # for a whole interval; a child of it may keep the pipe open
                    return None
                if time.monotonic() >= deadline:
                    raise
            ended = self._child.poll() is not None

    def _ending(self) -> str:
        try:
            status = self._child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "its output, but still runs"
        if status >= 0:
            return f"with exit status {status}"
        try:
            return f"by signal {signal.Signals(-status).name}"
        except ValueError:
            return f"by signal {-status}"

    def _read_lines(self) -> None:
        """Split stdout into lines; a full queue blocks a process that floods it."""
        pending = bytearray()
        for chunk in _chunks(self._child.stdout):
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                if self.unusable:
                    return
                self._lines.put(bytes(pending) + line + b"\n")
                pending.clear()
            pending += rest
            if len(pending) > self._longest:
                self._lines.put(bytes(pending[:100]))
                return
        self._lines.put(None)

    def _write_lines(self) -> None:
        assert self._child.stdin is not None
        with self._child.stdin as pipe, contextlib.suppress(OSError):  # it ended; the reader reports how
            while (line := self._outbox.get()) is not None:
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
    """Limit what the process may allocate; address space that a runtime reserves does not count."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, OverflowError):  # it has ended, or the limit exceeds the system's
        resource.prlimit(process, resource.RLIMIT_DATA, (limit, limit))
