"""How long a diagnosis may take."""

from __future__ import annotations

import time


class TimeIsUp(Exception):
    """Nothing more is found out."""


class Clock:
    """Runs out after so many seconds."""

    def __init__(self, seconds: float) -> None:
        """From now on."""
        self._end = time.monotonic() + seconds

    def share(self, of_it: float) -> Clock:
        """One that runs out when this share of what is left has passed."""
        return Clock(of_it * max(self._end - time.monotonic(), 0.0))

    def check(self) -> None:
        """Raise TimeIsUp where it has."""
        if time.monotonic() > self._end:
            raise TimeIsUp
