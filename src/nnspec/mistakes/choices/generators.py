"""Data sets as people write them again by hand: ``spiral``, ``moons`` and ``circles`` have the tables.

These programs are not among ``choices()``: a log of losses is of given data, so ``nnspec trace`` need not try them.
A row replaces one part of a data set, of those in ``nnspec.mistakes.data_parts``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices.base import Choice, named
from nnspec.mistakes.data_parts import CirclesInParts, MoonsInParts, SpiralInParts
from nnspec.reference.values import Array

#: The class in parts of each operation.
IN_PARTS: dict[str, type[Mistake]] = {
    "spiral": SpiralInParts,
    "moons": MoonsInParts,
    "circles": CirclesInParts,
}


@dataclass(frozen=True)
class Generator:
    """Another form of a part of a data set; its phrase and its fix are sentences without their stops.

    kind: the operation; part: the method of the class in parts that ``function`` replaces.
    """

    kind: str
    name: str
    phrase: str
    fix: str
    part: str
    function: Callable[..., Any] = field(compare=False, repr=False)


@cache
def with_generator(row: Generator) -> type[Choice]:
    """The program that makes a part of a data set so."""

    def part(self: Any, *arguments: Any) -> Any:
        del self
        return row.function(*arguments)

    program = type("", (Choice, IN_PARTS[row.kind]), {row.part: part})
    return named(
        program,
        f"{row.kind} {row.name}",
        f"{row.phrase}.",
        f"{row.fix}.",
        f"data.{row.kind}",
        row,
        "generators",
    )


def pairs(x: Array, y: Array) -> Array:
    """Points from their coordinates."""
    return np.stack([x, y], axis=1)
