"""How much a diagnosis may compute, counted: the same program gets the same words on any machine."""

from __future__ import annotations

from typing import Any, TypeVar

from nnspec.reference import Reference

Program = TypeVar("Program", bound=Reference)


class WorkSpent(Exception):
    """As much was computed as may be."""


class Work:
    """A number of units: a forward pass in a run of a program that is tried is one, and so is any other answer.

    left: the units that are left.
    """

    def __init__(self, units: int, whole: Work | None = None) -> None:
        """whole: the work that this is a part of, which is spent as well."""
        self.left = units
        self._whole = whole

    def share(self, fraction: float) -> Work:
        """A part of what is left."""
        return Work(int(fraction * self.left), self)

    def spend(self, units: int = 1) -> None:
        """Spend some; raise WorkSpent if there is none left."""
        if self.left <= 0:
            raise WorkSpent
        self.left -= units
        if self._whole is not None:
            self._whole.spend(units)

    def limit(self, program: Program) -> Program:
        """Make this program spend a unit before every forward pass, so that a long run ends."""
        forward = program.forward

        def counted_forward(*args: Any, **kwargs: Any) -> Any:
            self.spend()
            return forward(*args, **kwargs)

        program.forward = counted_forward  # type: ignore[method-assign]  # of this object only, not of its class
        return program
