"""Data sets as people write them again by hand: the first is the spiral, the others stand beside it.

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


def _of(part: str, fix: str, *rows: tuple[str, str, Callable[..., Any]]) -> tuple[Generator, ...]:
    """Rows of one part, each a name, a phrase and a function."""
    return tuple(
        Generator("spiral", name, phrase, fix, f"spiral_{part}", function) for name, phrase, function in rows
    )


def _turn(begin: Callable[[int, int], float], end: Callable[[int, int], float]) -> Callable[..., Array]:
    """Angles from a number to another, from the arm and the number of classes."""
    return lambda arm, count, classes: np.linspace(begin(arm, classes), end(arm, classes), count)


def _times(factor: float) -> Callable[..., Array]:
    return _turn(lambda j, k: factor * j, lambda j, k: factor * (j + 1))


def _scaled(size: float) -> Callable[..., Array]:
    return lambda normals, classes: size * normals


def _normals_of_columns(normals: Array, classes: int) -> Array:
    """The noise of each arm from a column of normals in rows of one number for each class."""
    return 0.2 * normals.reshape(-1, classes).T.ravel()


SPIRAL = (
    *_of(
        "radius",
        "Use linspace(0, 1, n) for the radius, with both ends",
        (
            "radius without its end",
            "The spiral's radius ends before 1: its end point is left out, as with arange(n) / n",
            lambda n: np.arange(n) / n,
        ),
        (
            "radius without its beginning",
            "The spiral's radius begins with 1/n instead of 0",
            lambda n: np.arange(1, n + 1) / n,
        ),
        ("radius inwards", "The spiral's radius goes from 1 to 0", lambda n: np.linspace(1, 0, n)),
        ("radius of 1", "The spiral's radius is 1 throughout", np.ones),
        (
            "root of the radius",
            "The spiral's radius is the square root of numbers from 0 to 1",
            lambda n: np.sqrt(np.linspace(0, 1, n)),
        ),
        ("radius from 0.1", "The spiral's radius begins with 0.1", lambda n: np.linspace(0.1, 1, n)),
        ("radius from 0.2", "The spiral's radius begins with 0.2", lambda n: np.linspace(0.2, 1, n)),
        ("radius to n", "The spiral's radius goes from 0 to n − 1", lambda n: np.arange(n, dtype=float)),
    ),
    *_of(
        "turn",
        "Let the angle of arm j go from 4j to 4(j + 1), with both ends: linspace(j * 4, (j + 1) * 4, n)",
        (
            "angle without its end",
            "The angle of arm j ends before 4(j + 1): its end point is left out",
            lambda j, n, k: np.linspace(j * 4, (j + 1) * 4, n, endpoint=False),
        ),
        (
            "angle to j plus 4",
            "The angle of arm j ends at j + 4 instead of 4(j + 1): j + 1 * 4 has no parentheses",
            _turn(lambda j, k: 4 * j, lambda j, k: j + 4),
        ),
        (
            "angle to 4j plus 1",
            "The angle of arm j ends at 4j + 1 instead of 4(j + 1): j * 4 + 1 has no parentheses",
            _turn(lambda j, k: 4 * j, lambda j, k: 4 * j + 1),
        ),
        (
            "angle from j",
            "The angle of arm j goes from j to j + 1: the factor 4 is left out",
            _turn(lambda j, k: j, lambda j, k: j + 1),
        ),
        (
            "angle from j to 4j plus 4",
            "The angle of arm j begins with j instead of 4j",
            _turn(lambda j, k: j, lambda j, k: 4 * (j + 1)),
        ),
        (
            "angle to j plus 1",
            "The angle of arm j ends at j + 1 instead of 4(j + 1)",
            _turn(lambda j, k: 4 * j, lambda j, k: j + 1),
        ),
        (
            "equal arms",
            "The angle of every arm goes from 0 to 4: all classes have the same points",
            _turn(lambda j, k: 0, lambda j, k: 4),
        ),
        (
            "arms around the circle",
            "The angle of arm j begins with 2πj/K instead of 4j",
            _turn(lambda j, k: 2 * np.pi * j / k, lambda j, k: 2 * np.pi * j / k + 4),
        ),
        (
            "arms of a part of the circle",
            "The angle of arm j goes from 2πj/K to 2π(j + 1)/K",
            _turn(lambda j, k: 2 * np.pi * j / k, lambda j, k: 2 * np.pi * (j + 1) / k),
        ),
        *(
            (
                f"angle times {factor:.2f}",
                f"The angle of arm j goes from {name}j to {name}(j + 1)",
                _times(factor),
            )
            for name, factor in (("2", 2), ("3", 3), ("5", 5), ("2π", 2 * np.pi), ("π", np.pi))
        ),
        (
            "arms from one",
            "The arms are counted from 1: the angle of arm j goes from 4(j + 1) to 4(j + 2)",
            _turn(lambda j, k: 4 * (j + 1), lambda j, k: 4 * (j + 2)),
        ),
        (
            "arms in reverse",
            "The arms are in reverse order",
            _turn(lambda j, k: 4 * (k - 1 - j), lambda j, k: 4 * (k - j)),
        ),
        (
            "angle backwards",
            "The angle of arm j goes from 4(j + 1) back to 4j",
            _turn(lambda j, k: 4 * (j + 1), lambda j, k: 4 * j),
        ),
    ),
    *_of(
        "points",
        "A point is (r sin t, r cos t), and the noise is added to the angle t",
        (
            "noise of the radius",
            "The spiral's noise is added to the radius instead of the angle",
            lambda r, t, e: pairs((r + e) * np.sin(t), (r + e) * np.cos(t)),
        ),
        (
            "noise of radius and angle",
            "The spiral's noise is added to the radius and to the angle",
            lambda r, t, e: pairs((r + e) * np.sin(t + e), (r + e) * np.cos(t + e)),
        ),
        (
            "noise of the points",
            "The spiral's noise is added to the points instead of the angle",
            lambda r, t, e: pairs(r * np.sin(t) + e, r * np.cos(t) + e),
        ),
        (
            "noise of the sine",
            "The spiral's noise is added to the angle of the sine alone",
            lambda r, t, e: pairs(r * np.sin(t + e), r * np.cos(t)),
        ),
        (
            "noise of the cosine",
            "The spiral's noise is added to the angle of the cosine alone",
            lambda r, t, e: pairs(r * np.sin(t), r * np.cos(t + e)),
        ),
        (
            "noise times the angle",
            "The spiral's angle is multiplied by 1 plus the noise",
            lambda r, t, e: pairs(r * np.sin(t * (1 + e)), r * np.cos(t * (1 + e))),
        ),
        (
            "mirrored",
            "The spiral turns the other way: the first coordinate has the wrong sign",
            lambda r, t, e: pairs(-r * np.sin(t + e), r * np.cos(t + e)),
        ),
        (
            "upside down",
            "The second coordinate of the spiral has the wrong sign",
            lambda r, t, e: pairs(r * np.sin(t + e), -r * np.cos(t + e)),
        ),
        (
            "two sines",
            "Both coordinates of the spiral are r sin t",
            lambda r, t, e: pairs(r * np.sin(t + e), r * np.sin(t + e)),
        ),
    ),
    *_of(
        "noise",
        "Add 0.2 times the normals to the angle, in the order in which they are given",
        ("no noise", "The spiral has no noise", lambda n, k: 0.0 * n),
        *(
            (
                f"noise {size:g}",
                f"The spiral's noise is {size:g} times the normals instead of 0.2 times",
                _scaled(size),
            )
            for size in (0.1, 0.3, 0.5, 0.02, 0.05, 0.25, 2.0)
        ),
        (
            "noise of variance 0.2",
            "The spiral's noise has the variance 0.2: √0.2 times the normals",
            lambda n, k: np.sqrt(0.2) * n,
        ),
        (
            "noise squared",
            "The spiral's noise is 0.2² times the normals instead of 0.2 times",
            lambda n, k: 0.04 * n,
        ),
        ("noise subtracted", "The spiral's noise is subtracted instead of added", lambda n, k: -0.2 * n),
        (
            "noise over the classes",
            "The spiral's noise is divided by the number of classes",
            lambda n, k: 0.2 * n / k,
        ),
        (
            "noise of the first arm",
            "Every arm of the spiral has the noise of the first",
            lambda n, k: 0.2 * np.tile(n[: len(n) // k], k),
        ),
        (
            "noise in columns",
            "The normals are reshaped so that an arm has every K-th of them",
            _normals_of_columns,
        ),
    ),
    *_of(
        "labels",
        "Give every point of arm j the label j, with the first arm 0",
        (
            "labels reversed",
            "The classes are in reverse order",
            lambda n, k: np.repeat(np.arange(k)[::-1], n),
        ),
        (
            "labels alternating",
            "The spiral's labels alternate, 0, 1, 2 …, but its points are arm by arm",
            lambda n, k: np.tile(np.arange(k), n),
        ),
    ),
)
