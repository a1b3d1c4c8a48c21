"""How long a diagnosis may take."""

from __future__ import annotations

import time

#: On a busy machine so many times as long may pass as it works: what is found must not hang on who else is at work.
BUSY = 3.0


class TimeIsUp(Exception):
    """Nothing more is found out."""


class Clock:
    """Runs out after so many seconds of work."""

    def __init__(self, seconds: float) -> None:
        """From now on."""
        self._work = time.thread_time() + seconds
        self._wall = time.monotonic() + BUSY * seconds

    def share(self, of_it: float) -> Clock:
        """One that runs out when this share of what is left has passed."""
        return Clock(of_it * max(self._work - time.thread_time(), 0.0))

    def check(self) -> None:
        """Raise TimeIsUp where it has."""
        if time.thread_time() > self._work or time.monotonic() > self._wall:
            raise TimeIsUp
