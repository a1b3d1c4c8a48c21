"""The radius and the angle of the spiral as people write them again by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from nnspec.mistakes.choices.generators import Generator
from nnspec.reference.values import Array


def spiral_rows(part: str, fix: str, *rows: tuple[str, str, Callable[..., Any]]) -> tuple[Generator, ...]:
    """Rows of one part, each a name, a phrase and a function."""
    return tuple(
        Generator("spiral", name, phrase, fix, f"spiral_{part}", function) for name, phrase, function in rows
    )


def _turn(begin: Callable[[int, int], float], end: Callable[[int, int], float]) -> Callable[..., Array]:
    """Angles from a number to another, from the arm and the number of classes."""
    return lambda arm, count, classes: np.linspace(begin(arm, classes), end(arm, classes), count)


def _times(factor: float) -> Callable[..., Array]:
    return _turn(lambda j, k: factor * j, lambda j, k: factor * (j + 1))


def _turned(turn: Callable[[Array], Array]) -> Callable[..., Array]:
    """Arms around the circle that all turn in the same way, from the radius."""
    return lambda arm, count, classes: 2 * np.pi * arm / classes + turn(np.linspace(0, 1, count))


#: The first of them are the most likely.
CURVES = (
    *spiral_rows(
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
        (
            "radius without either end",
            "The spiral's radius leaves out both 0 and 1: it goes from 1/(n + 1) to n/(n + 1)",
            lambda n: np.arange(1, n + 1) / (n + 1),
        ),
        (
            "radius over n plus 1",
            "The spiral's radius goes from 0 to (n − 1)/(n + 1)",
            lambda n: np.arange(n) / (n + 1),
        ),
        (
            "radius over n minus 1 from one",
            "The spiral's radius is counted from 1: it goes from 1/(n − 1) to n/(n − 1)",
            lambda n: np.arange(1, n + 1) / (n - 1),
        ),
        (
            "radius in the middle",
            "The spiral's radius goes from 0.5/n to (n − 0.5)/n",
            lambda n: (np.arange(n) + 0.5) / n,
        ),
        ("radius squared", "The spiral's radius is squared", lambda n: np.linspace(0, 1, n) ** 2),
        ("radius from 1 to 2", "The spiral's radius goes from 1 to 2", lambda n: np.linspace(1, 2, n)),
        *(
            (
                f"radius to {end:g}",
                f"The spiral's radius goes from 0 to {end:g}",
                partial(np.linspace, 0, end),
            )
            for end in (2, 0.5, 0.9, 3, 4, 5, 10)
        ),
        *(
            (
                f"radius from {begin:g}",
                f"The spiral's radius begins with {begin:g}",
                partial(np.linspace, begin, 1),
            )
            for begin in (0.01, 0.05, 0.5)
        ),
    ),
    *spiral_rows(
        "radii",
        "Use linspace(0, 1, n) for the radius of each arm",
        (
            "radius over all arms",
            "The spiral's radius grows from 0 to 1 over all arms instead of over each",
            lambda n, k: np.linspace(0, 1, n * k),
        ),
        (
            "radius by turns",
            "The radii of an arm are every K-th of the numbers from 0 to 1 for all points",
            lambda n, k: np.linspace(0, 1, n * k).reshape(n, k).T.ravel(),
        ),
    ),
    *spiral_rows(
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
        (
            "angle without its beginning",
            "The angle of arm j begins after 4j, at 4j + 4/n",
            lambda j, n, k: 4 * j + 4 * np.arange(1, n + 1) / n,
        ),
        (
            "angle in the middle",
            "The angle of arm j goes from 4j + 2/n to 4(j + 1) − 2/n",
            lambda j, n, k: 4 * j + 4 * (np.arange(n) + 0.5) / n,
        ),
        (
            "angle over all arms",
            "The angles leave out the point between two arms: they go from 0 to 4K over all arms",
            lambda j, n, k: np.linspace(0, 4 * k, n * k)[j * n : (j + 1) * n],
        ),
        (
            "straight arms",
            "The angle of arm j is 4j throughout: the arms are straight",
            _turn(lambda j, k: 4 * j, lambda j, k: 4 * j),
        ),
        (
            "angle to 4j plus 8",
            "The angle of arm j goes from 4j to 4(j + 2)",
            _turn(lambda j, k: 4 * j, lambda j, k: 4 * (j + 2)),
        ),
        (
            "angle from 0",
            "The angle of arm j goes from 0 to 4(j + 1)",
            _turn(lambda j, k: 0, lambda j, k: 4 * (j + 1)),
        ),
        (
            "angle over the classes",
            "The angle of arm j goes from 4j/K to 4(j + 1)/K",
            _turn(lambda j, k: 4 * j / k, lambda j, k: 4 * (j + 1) / k),
        ),
        ("angle in degrees", "The angle is taken for degrees and changed into radians", _times(np.pi / 45)),
        (
            "angle plus a quarter",
            "π/2 is added to the spiral's angle",
            _turn(lambda j, k: 4 * j + np.pi / 2, lambda j, k: 4 * (j + 1) + np.pi / 2),
        ),
        *(
            (
                f"arms around the circle turning by {name.replace('π', ' pi')}",
                f"The angle of arm j goes from 2πj/K to 2πj/K + {name}",
                _turned(partial(np.multiply, size)),
            )
            for name, size in (
                *(("1", 1), ("2", 2), ("3", 3), ("5", 5)),
                *(("π", np.pi), ("2π", 2 * np.pi), ("3π", 3 * np.pi), ("4π", 4 * np.pi)),
            )
        ),
    ),
)
