"""The time limit of a diagnosis."""

from __future__ import annotations

import time
from typing import Any, TypeVar

from nnspec.reference import Reference

Program = TypeVar("Program", bound=Reference)


class TimeIsUp(Exception):
    """The time limit has passed."""


class Clock:
    """A time limit in seconds, starting now."""

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self._end = time.monotonic() + seconds

    def share(self, fraction: float) -> Clock:
        """A clock with this fraction of the remaining time."""
        return Clock(fraction * max(self._end - time.monotonic(), 0.0))

    def check(self) -> None:
        """Raise TimeIsUp if the time limit has passed."""
        if time.monotonic() > self._end:
            raise TimeIsUp

    def limit(self, program: Program) -> Program:
        """Make this program check the clock before every forward pass, so that a long run ends in time."""
        forward = program.forward

        def checked_forward(*args: Any, **kwargs: Any) -> Any:
            self.check()
            return forward(*args, **kwargs)

        program.forward = checked_forward  # type: ignore[method-assign]  # of this object only, not of its class
        return program
