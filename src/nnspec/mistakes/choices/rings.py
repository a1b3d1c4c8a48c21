"""What moons and circles share: rows of their parts, and other noise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnspec.mistakes.choices.generators import Generator
from nnspec.reference.values import Array

Row = tuple[str, str, Callable[..., Any]]
SIZES = "Put examples // 2 of them into class 0, and the others into class 1"


def rows_of(kind: str, part: str, fix: str, *rows: Row) -> tuple[Generator, ...]:
    """Rows of one part, each a name, a phrase and a function."""
    return tuple(Generator(kind, name, phrase, fix, part, function) for name, phrase, function in rows)


def alternating(first: int, second: int) -> Array:
    """Labels that take turns."""
    return np.arange(first + second) % 2


def _same_for_both(normals: Array, second: Array) -> Array:
    """The first normals for both classes."""
    places = np.where(second, np.cumsum(second), np.cumsum(~second)) - 1
    return np.asarray(normals[places])


def _scaled(size: float, factor: float) -> Callable[[float], float]:
    """A size, or a factor of the size that is asked for."""
    return lambda asked: size + factor * asked


def by_parts(angles: Callable[[int], Array]) -> Callable[..., Any]:
    """Angles for all examples, of which the first class gets the first."""
    return lambda first, second: np.split(angles(first + second), [first])


def from_the_beginning(angles: Callable[[int], Array]) -> Callable[..., Any]:
    """Angles for all examples, of which each class gets as many as it has examples, from the first."""
    return lambda first, second: (angles(first + second)[:first], angles(first + second)[:second])


def of_one(
    first: Callable[[int], Array], second: Callable[[int], Array]
) -> Callable[[int, int], tuple[Array, Array]]:
    """Angles of the first class, and of the second."""
    return lambda one, other: (first(one), second(other))


def scales_of(of: str) -> tuple[Row, ...]:
    """What else the normals are multiplied by, from the size of the noise."""
    return (
        ("no noise", f"The {of} have no noise", lambda s: 0),
        ("noise unscaled", f"The normals themselves are added to the {of}", lambda s: 1),
        (
            "noise as a variance",
            f"The noise of the {of} is taken for a variance instead of a standard deviation",
            np.sqrt,
        ),
        ("noise squared", f"The noise of the {of} is the square of what it should be", lambda s: s * s),
        *(
            (
                f"noise of {size:g}",
                f"The noise of the {of} is {size:g}, whatever is asked for",
                _scaled(size, 0.0),
            )
            for size in (0.1, 0.2, 0.05, 0.3, 0.25, 0.5, 0.01)
        ),
        *(
            (
                f"noise times {factor:g}",
                f"The noise of the {of} is multiplied by {factor:g}",
                _scaled(0.0, factor),
            )
            for factor in (0.5, 2.0, 0.1, 0.2, 3.0, 10.0)
        ),
        ("noise subtracted", f"The noise of the {of} is subtracted instead of added", lambda s: -s),
        ("noise over the root of 2", f"The noise of the {of} is divided by √2", lambda s: s / np.sqrt(2)),
    )


def normals_of(of: str) -> tuple[Row, ...]:
    """Other normals, from those that are given and which points are of the second class."""
    return (
        ("noise of x", f"Only the first coordinates of the {of} have noise", lambda n, b: n * [1, 0]),
        ("noise of y", f"Only the second coordinates of the {of} have noise", lambda n, b: n * [0, 1]),
        (
            "noise of the first normal",
            f"Both coordinates of the {of} have the same noise",
            lambda n, b: n[:, :1] + 0 * n,
        ),
        ("noise swapped", f"The coordinates of the noise of the {of} are swapped", lambda n, b: n[:, ::-1]),
        (
            "noise in columns",
            f"The normals of the {of} are reshaped to (2, N) before they are used",
            lambda n, b: n.reshape(2, -1).T,
        ),
        (
            "noise in the other order",
            f"The normals of the {of} are unrolled column after column and read row after row",
            lambda n, b: n.T.reshape(n.shape),
        ),
        (
            "noise of the second normal",
            f"Both coordinates of the {of} have the same noise, from the second normals",
            lambda n, b: n[:, 1:] + 0 * n,
        ),
        ("noise of class 0", f"Only class 0 of the {of} has noise", lambda n, b: n * ~b[:, None]),
        ("noise of class 1", f"Only class 1 of the {of} has noise", lambda n, b: n * b[:, None]),
        ("the same noise", f"Both classes of the {of} have the noise of the first normals", _same_for_both),
        (
            "noise of one normal",
            f"All points of the {of} have the noise of the first",
            lambda n, b: n[:1] + 0 * n,
        ),
        ("noise in reverse", f"The normals of the {of} are used in reverse order", lambda n, b: n[::-1]),
        ("noise positive", f"The noise of the {of} has no sign: it is that of |e|", lambda n, b: np.abs(n)),
        (
            "noise centred",
            f"The mean of the noise of the {of} is subtracted from it",
            lambda n, b: n - n.mean(axis=0),
        ),
    )


def labels_of(of: str) -> tuple[Row, ...]:
    """Other labels, from the sizes of both classes."""
    return (
        ("labels from one", f"The {of} are numbered from 1", lambda a, b: np.repeat([1, 2], [a, b])),
        (
            "labels of -1 and 1",
            f"The labels of the {of} are −1 and 1 instead of 0 and 1",
            lambda a, b: np.repeat([-1, 1], [a, b]),
        ),
        ("labels all 0", f"All labels of the {of} are 0", lambda a, b: np.zeros(a + b)),
        (
            "labels of halves swapped",
            f"If N is odd, the labels of the {of} have the larger half first",
            lambda a, b: np.repeat([0, 1], [b, a]),
        ),
        ("labels alternating", f"The labels of the {of} alternate, 0, 1, 0, 1 …", alternating),
    )
