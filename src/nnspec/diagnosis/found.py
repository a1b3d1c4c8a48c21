"""What was found of a program's formulas: which are right, which are explained, and which are unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nnspec.diagnosis.answers import DEPENDENCIES
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.suspects import Mistakes
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices import Choice

#: So many formulas that are right are listed.
MOST = 4


@dataclass
class Found:
    """What a formula of the program is: right, explained by mistakes, or unknown.

    others: single mistakes that explain it as well.
    """

    formula: Formula
    measured: list[Measured]
    mistakes: Mistakes = ()
    others: Mistakes = ()
    is_known: bool = True


@dataclass
class Examination:
    """What was found, formula by formula.

    programs: by operation, the mistakes that together give its answers; varying: operations whose answer differs when
    the call is repeated; asked: how many calls were made; is_complete: False if the questions were spent early.
    """

    found: list[Found] = field(default_factory=list)
    programs: dict[str, Mistakes] = field(default_factory=dict)
    varying: set[str] = field(default_factory=set)
    asked: int = 0
    is_complete: bool = True

    def wrong_operations(self) -> set[str]:
        """The operations of which anything that was measured is wrong."""
        return {
            each.formula.operation
            for each in self.found
            if any(measured.is_wrong for measured in each.measured)
        }

    def is_right(self, operation: str) -> bool:
        """Whether an operation was asked about, and nothing is wrong of it, nor of what it rests on."""
        asked = {each.formula.operation for each in self.found}
        return operation in asked and self.wrong_operations().isdisjoint(
            (operation, *DEPENDENCIES[operation])
        )

    def unexplained(self, operation: str) -> str:
        """Which formula of an operation is the first that is unknown, and what is right of it; or that all are."""
        found = [each for each in self.found if each.formula.operation == operation]
        unknown = next((each for each in found if not each.is_known), None)
        if unknown is None:
            return f"{operation}: {_PARTICULAR}" if self.is_right(operation) else ""
        right = [each.formula.name for each in found if not any(one.is_wrong for one in each.measured)]
        said = f"look at {unknown.formula.name} first: no formula that nnspec knows gives these numbers"
        return f"{operation}: {said}{_right(right)}"


#: Of an operation of which everything that was asked is right, although a test of it failed.
_PARTICULAR = (
    "what nnspec asked of it is right: look at what is particular in the calls of these tests, such as great numbers, "
    "few examples or repeated ones"
)


def _right(names: Sequence[str]) -> str:
    """In a sentence: ". Right: the loss of one example, the loss of a batch and 3 more"."""
    if not names:
        return ""
    more = len(names) - MOST
    listed = (
        ", ".join(names[:MOST]) if more > 0 or len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    )
    return f". Right: {listed}" + (f" and {more} more" if more > 0 else "")


def are_alike(mistake: type[Mistake], mistakes: Mistakes) -> bool:
    """Whether all are choices of the same row of a table."""
    rows = {(one.table, one.row) if issubclass(one, Choice) else None for one in (mistake, *mistakes)}
    return len(rows) == 1 and None not in rows


def constant_of(measured: Sequence[Measured]) -> float | None:
    """The one number that the subject gives whatever it is asked, which may be nan; None if it gives others."""
    numbers = [np.ravel(part.got) for each in measured for part in each.parts.values()]
    found = np.unique(np.concatenate(numbers))
    return float(found[0]) if found.size == 1 else None
