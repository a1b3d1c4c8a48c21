"""The time that a run may take: read from the command line, and counted down."""

from __future__ import annotations

import math
import re
import time

#: Seconds that a run needs to stop and to print its verdict.
CLOSING = 1.2
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


class Budget:
    """A number of seconds from now; None for no limit."""

    def __init__(self, seconds: float | None, started: float | None = None) -> None:
        """``started``: when the count began, in time.time()'s seconds; None for now."""
        self.seconds = math.inf if seconds is None else seconds
        elapsed = 0.0 if started is None else time.time() - started + CLOSING
        self._end = math.inf if seconds is None else time.monotonic() + seconds - elapsed

    def left(self) -> float:
        """Seconds left, never less than 0."""
        return max(0.0, self._end - time.monotonic())

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left() == 0


def seconds(text: str) -> float:
    """Seconds from a duration such as 60, 60s, 2m or 1.5h; raises ValueError for anything else."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if not match or not float(match[1]):
        raise ValueError(f"{text!r} is not a duration: use seconds, minutes or hours, such as 60s, 2m or 1h.")
    return float(match[1]) * _UNITS[match[2]]
