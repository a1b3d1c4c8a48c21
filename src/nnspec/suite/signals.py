"""The signals that end a program, as an exception."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any

#: Windows lacks the last two.
NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


class Interruption(BaseException):
    """A signal asked this process to end; ``name`` is the signal's, and ``status`` what to exit with."""

    def __init__(self, number: int) -> None:
        """number: of the signal."""
        super().__init__(number)
        self.name, self.status = signal.Signals(number).name, 128 + number


def numbers() -> list[signal.Signals]:
    """The signals that this system has."""
    return [getattr(signal, name) for name in NAMES if hasattr(signal, name)]


class Signals:
    """Turns the signals that end a program into Interruption; only the main thread may, and only it needs to."""

    def __init__(self) -> None:
        """No signal has come."""
        self.count = 0
        self._held = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Signals:
        with contextlib.suppress(ValueError):  # not the main thread
            for number in numbers():
                self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Only count signals, up to a third, while a report is printed: it takes no time, and is what they ask for."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if not self._held or self.count > 2:
            raise Interruption(number)
