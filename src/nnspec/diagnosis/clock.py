"""How long a diagnosis may take."""

from __future__ import annotations

import time
from typing import Any, TypeVar

from nnspec.reference import Reference

Program = TypeVar("Program", bound=Reference)


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

    def watched(self, program: Program) -> Program:
        """The program, which looks here before every forward pass: a long run ends where the time is up."""
        forward = program.forward

        def in_time(*args: Any, **told: Any) -> Any:
            self.check()
            return forward(*args, **told)

        program.forward = in_time  # type: ignore[method-assign]  # this object is to stop, others of its class not
        return program
