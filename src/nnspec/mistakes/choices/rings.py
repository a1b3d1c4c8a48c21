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


def _scaled(size: float, factor: float) -> Callable[..., Array]:
    """Normals times a size, or times a factor of the size that is asked for."""
    return lambda asked, normals: (size + factor * asked) * normals


def noise_of(of: str) -> tuple[Row, ...]:
    """Other noise, from its size and the normals."""
    return (
        ("no noise", f"The {of} have no noise", lambda s, n: 0 * n),
        ("noise unscaled", f"The normals themselves are added to the {of}", lambda s, n: n),
        (
            "noise as a variance",
            f"The noise of the {of} is taken for a variance instead of a standard deviation",
            lambda s, n: np.sqrt(s) * n,
        ),
        (
            "noise squared",
            f"The noise of the {of} is the square of what it should be",
            lambda s, n: s * s * n,
        ),
        *(
            (
                f"noise of {size:g}",
                f"The noise of the {of} is {size:g}, whatever is asked for",
                _scaled(size, 0.0),
            )
            for size in (0.1, 0.2, 0.05)
        ),
        *(
            (
                f"noise times {factor:g}",
                f"The noise of the {of} is multiplied by {factor:g}",
                _scaled(0.0, factor),
            )
            for factor in (0.5, 2.0, 0.1)
        ),
        (
            "noise subtracted",
            f"The noise of the {of} is subtracted instead of added",
            lambda s, n: -s * n,
        ),
        ("noise of x", f"Only the first coordinates of the {of} have noise", lambda s, n: s * n * [1, 0]),
        ("noise of y", f"Only the second coordinates of the {of} have noise", lambda s, n: s * n * [0, 1]),
        (
            "noise of the first normal",
            f"Both coordinates of the {of} have the same noise",
            lambda s, n: s * n[:, :1] + 0 * n,
        ),
        (
            "noise swapped",
            f"The coordinates of the noise of the {of} are swapped",
            lambda s, n: s * n[:, ::-1],
        ),
        (
            "noise in columns",
            f"The normals of the {of} are reshaped to (2, N) before they are used",
            lambda s, n: s * n.reshape(2, -1).T,
        ),
    )
