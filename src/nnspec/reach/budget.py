"""How long a run may take: written as on a command line, and counted down."""

from __future__ import annotations

import math
import re
import time

#: Seconds that a whole run needs to end and to say what came of it.
CLOSING = 1.2
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


class Budget:
    """Seconds from now on; None for as many as it takes."""

    def __init__(self, seconds: float | None, started: float | None = None) -> None:
        """``started``: when they began to count, as time.time() has it; now, where nothing is said."""
        gone = 0.0 if started is None else time.time() - started + CLOSING
        self._end = math.inf if seconds is None else time.monotonic() + seconds - gone

    def left(self) -> float:
        """Seconds that are left, never less than 0."""
        return max(0.0, self._end - time.monotonic())

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.left() == 0


def seconds(text: str) -> float:
    """Seconds from what a person writes: 60, 60s, 2m, 1.5h. Raises ValueError with the reason."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    if not found or not float(found[1]):
        raise ValueError(f"{text!r} is no time: give seconds, minutes or hours, such as 60s, 2m or 1h.")
    return float(found[1]) * _UNITS[found[2]]
