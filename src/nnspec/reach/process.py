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
from typing import IO

from nnspec.contract.errors import Crashed, Garbled, OutOfMemory, TimedOut, Unreachable
from nnspec.reach import guard

#: The longest line that is read as a message, in bytes, where a call has no bound of its own.
LONGEST_LINE = 16 * 2**20
#: How much of the end of stderr is kept, in bytes.
STDERR_KEPT = 4_000
#: Separates a message from what was written on stderr.
STDERR_FOLLOWS = "; its stderr ends with:"
_CHUNK = 2**16
#: Seconds that a process may take to end after it was killed.
_GRACE = 30.0
#: How often the guard is woken in this time.
_TRIES = 60
#: Seconds between two looks at whether a process that does not answer still runs.
_POLL_INTERVAL = 0.5


def how_it_ended(status: int) -> str:
    """A process with this return code ended "with exit status 3" or "by signal SIGSEGV"."""
    if status >= 0:
        return f"with exit status {status}"
    try:
        return f"by signal {signal.Signals(-status).name}"
    except ValueError:
        return f"by signal {-status}"


class LineProcess:
    """Daemon threads do all reading and writing, so a call always ends in time.

    On Linux, the process that is started is ``guard.py``, which starts the command and ends everything below it.
    Elsewhere, processes that start a session of their own can outlive this one.
    """

    def __init__(self, command: list[str], memory_limit: int) -> None:
        """memory_limit: bytes that its processes may use, 0 for no limit; enforced on Linux only."""
        guard.protect()
        self._memory_limit = memory_limit
        self._command = command
        self._guard = _Guard() if guard.IS_LINUX else None
        try:
            self._child = subprocess.Popen(
                self._guard.command(memory_limit, command) if self._guard else command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
                pass_fds=self._guard.passed if self._guard else (),
            )
        except OSError as error:
            if self._guard:
                self._guard.close()
            raise self._not_started(error.errno, error.strerror) from None
        finally:
            if self._guard:
                self._guard.close_passed()
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
            raise self._end()
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
        """End the process and all that it started."""
        self.unusable = True
        self._outbox.put(None)
        if self._guard:
            self._guard.end(self._child)
        else:
            _end_session(self._child)
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

    def _not_started(self, number: int | None, reason: str | None = None) -> Unreachable:
        """The error for a command that cannot be started."""
        reason = reason or os.strerror(number or 0)
        return Unreachable(f"cannot start {self._command[0]!r}: {reason}.")

    def _end(self) -> Exception:
        """What the end of its output means."""
        ending = self._ending()
        report = self._guard.read() if self._guard else b""
        if report.startswith(guard.CANNOT_START) and report[1:4].isdigit():
            return self._not_started(int(report[1:4]))
        if report.startswith(guard.OUT_OF_MEMORY):
            limit = f"{self._memory_limit / 2**30:.3g} GiB"
            return OutOfMemory(self.with_stderr(f"it used more than {limit} of memory (--memory-limit)"))
        return Crashed(self.with_stderr(f"the process ended {ending}"))

    def _ending(self) -> str:
        try:
            status = self._child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return "its output, but still runs"
        return how_it_ended(status)

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


class _Guard:
    """The pipes to ``guard.py``: one that it waits on, and one on which it reports."""

    def __init__(self) -> None:
        """The pipes are open; the guard is not started."""
        self._waited_on, self._lifeline = os.pipe()
        self._report, self._reported = os.pipe()
        self._token = os.urandom(8).hex()
        self._closing = threading.Lock()
        self._is_open = True

    @property
    def passed(self) -> tuple[int, int]:
        """The ends that the guard gets."""
        return self._waited_on, self._reported

    def command(self, memory_limit: int, command: list[str]) -> list[str]:
        """The command that starts the guard of a command."""
        words = map(str, (*self.passed, memory_limit, self._token))
        return [sys.executable, "-I", "-S", guard.__file__, *words, *command]

    def close_passed(self) -> None:
        """Close the ends that the guard has by now."""
        for descriptor in self.passed:
            os.close(descriptor)

    def close(self) -> None:
        """Close the other ends, so that the guard ends everything; only the first call does."""
        with self._closing:
            if self._is_open:
                self._is_open = False
                os.close(self._lifeline)
                os.close(self._report)

    def read(self) -> bytes:
        """What the guard has reported so far."""
        with self._closing, contextlib.suppress(BlockingIOError):
            if self._is_open:
                os.set_blocking(self._report, False)
                return os.read(self._report, 100)
        return b""

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Let the guard, which is this process, end everything below it; do so for it if it does not."""
        self.close()
        for _ in range(_TRIES):
            with contextlib.suppress(OSError):
                process.send_signal(signal.SIGCONT)  # the program may have stopped it, again and again
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=_GRACE / _TRIES)
                break
        else:
            guard.end_below(process.pid)
            process.kill()
            process.wait()
        if process.returncode == -signal.SIGKILL:  # it may have been killed before it was done
            guard.end_marked(self._token)


def _end_session(leader: subprocess.Popen[bytes]) -> None:
    """Kill the processes of a session."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            leader.kill()
        else:
            os.killpg(leader.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        leader.wait(timeout=_GRACE)


def _chunks(pipe: IO[bytes] | None) -> Iterator[bytes]:
    assert pipe is not None
    with pipe, contextlib.suppress(OSError, ValueError):
        while chunk := pipe.read(_CHUNK):
            yield chunk
