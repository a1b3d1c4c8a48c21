"""Follows the process that runs the specification: what it records, that it lives, and how it ends."""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from nnspec.reach import guard
from nnspec.report.record import ALIVE, CALLING, Record

#: The longest wait for a line of the record before the clock is looked at, in seconds.
TICK = 0.5
#: How much of the end of what it prints is kept, in bytes.
_WORDS = 4_000
_CHUNK = 2**12


@dataclass(frozen=True)
class Limits:
    """Seconds after which the process that runs the tests is killed.

    silence: without a sign of life; call: at one test, beyond the limit of a call; budget: beyond the budget;
    end: for its end, once everything is recorded, and after it is asked to end.
    """

    silence: float = 60.0
    call: float = 600.0
    budget: float = 30.0
    end: float = 30.0

    @classmethod
    def of_debugging(cls) -> Limits:
        """For an implementation in the process of the tests, which may wait at a breakpoint."""
        return cls(silence=math.inf, call=math.inf)


class Clock:
    """Counts the seconds since something was heard, only while this process runs and the machine is awake."""

    def __init__(self, limits: Limits, timeout: float, budget: float | None) -> None:
        """timeout: of a call, in seconds; budget: the seconds that are left of it, or None."""
        self._limits, self._timeout, self._budget = limits, timeout, budget
        self._silent = self._busy = self._passed = 0.0
        self._last = time.monotonic()

    def tick(self) -> None:
        """Count the time since the last tick, but no more than a process that is not stopped can take."""
        now = time.monotonic()
        step, self._last = min(now - self._last, 2 * TICK), now
        self._silent += step
        self._busy += step
        self._passed += step

    def heard(self, kind: str) -> None:
        """A line of the record has come."""
        self._silent = 0.0
        if kind != ALIVE:
            self._busy = 0.0

    def complaint(self, record: Record) -> str:
        """What took too long; "" for nothing."""
        limits = self._limits
        call = max(self._timeout, record.calling[1] if record.calling else 0.0) + limits.call
        if self._silent > limits.silence:
            return f"the process that runs the tests gave no sign of life for {limits.silence:g} s"
        if record.finished and self._busy > limits.end:
            return f"the process that runs the tests did not end within {limits.end:g} s of its last test"
        if self._busy > call:
            return f"the process that runs the tests came no further in {call:g} s"
        if self._budget is not None and self._passed > self._budget + limits.budget:
            return f"the tests did not end within {limits.budget:g} s after their budget"
        return ""


class Judge:
    """The process, and what it writes."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._words: deque[bytes] = deque(maxlen=8)
        self._readers = [
            threading.Thread(target=target, args=(pipe,), daemon=True)
            for target, pipe in (
                (self._read_lines, self.process.stdout),
                (self._read_words, self.process.stderr),
            )
        ]
        for reader in self._readers:
            reader.start()

    def line(self, seconds: float) -> bytes | None:
        """The next line of the record, or None after the last; raises queue.Empty if none came in time."""
        return self._lines.get(timeout=seconds) if seconds else self._lines.get_nowait()

    def words(self) -> str:
        """The end of what it printed."""
        for reader in self._readers:
            reader.join(1)
        return b"".join(self._words)[-_WORDS:].decode(errors="backslashreplace").strip()

    def end(self, seconds: float) -> None:
        """Ask it to end, with all processes below it; kill them if it has not done so in time."""
        self._let_go()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill it, and all processes below it where they can be seen."""
        if guard.IS_LINUX and self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)  # so that it starts no other
            guard.end_below(self.process.pid)
        self.process.kill()
        self._let_go()
        self.process.wait()

    def _let_go(self) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def _read_lines(self, pipe: IO[bytes]) -> None:
        try:
            with pipe:
                for line in pipe:
                    self._lines.put(line)
        finally:
            self._lines.put(None)

    def _read_words(self, pipe: IO[bytes]) -> None:
        with pipe:
            while chunk := os.read(pipe.fileno(), _CHUNK):
                self._words.append(chunk)


def follow(
    record: Record, judge: Judge, clock: Clock, progress: Callable[[Record], None], limits: Limits
) -> str:
    """Add the lines of the record as they come, until the process has ended; why it was killed, or ""."""
    while not (complaint := clock.complaint(record)):
        clock.tick()
        try:
            line = judge.line(TICK)
        except queue.Empty:
            continue
        if line is None:
            judge.end(limits.end)
            return ""
        try:
            kind = _add(record, line)
        except (ValueError, TypeError, KeyError):
            complaint = f"a line of the record is not one: {line[:80]!r}"
            break
        clock.heard(kind)
        if kind not in (ALIVE, CALLING):
            progress(record)
    judge.kill()
    return complaint


def catch_up(record: Record, judge: Judge) -> None:
    """Add the lines that have come, and wait for no other."""
    with contextlib.suppress(queue.Empty, ValueError, TypeError, KeyError):
        while (line := judge.line(0)) is not None:
            _add(record, line)


def _add(record: Record, line: bytes) -> str:
    """Add a line; its kind. Raises ValueError, TypeError or KeyError if nnspec does not write such lines."""
    event = json.loads(line)
    record.add(event)
    if event["event"] == "result" and record.results[-1].case not in {
        planned.case for planned in record.planned
    }:
        raise ValueError("a result of a test that was not planned")
    return str(event["event"])
