"""The spiral as people write CS231n's again by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nnspec.mistakes.choices.generators import pairs
from nnspec.mistakes.choices.spiral_curves import CURVES, spiral_rows
from nnspec.reference.values import Array


def _scaled(size: float) -> Callable[[int], float]:
    return lambda classes: size


def _by_arm(chosen: Callable[[Array, int, int], Array]) -> Callable[..., Array]:
    """The normals of each arm, chosen by the arm and the number of examples of an arm."""

    def noise(normals: Array, classes: int) -> Array:
        count = len(normals) // classes
        return np.concatenate([chosen(normals, arm, count) for arm in range(classes)])

    return noise


def _in_turn(points: Array, classes: int) -> Array:
    """The first point of each arm, then the second of each, and so on."""
    order = np.arange(len(points)).reshape(classes, -1).T.ravel()
    return np.asarray(points[order])


def _normals_of_columns(normals: Array, classes: int) -> Array:
    """The normals of each arm from a column of rows with one number for each class."""
    return normals.reshape(-1, classes).T.ravel()


NOISE_FIX = "Add 0.2 times the normals to the angle, in the order in which they are given"
SPIRAL = (
    *CURVES,
    *spiral_rows(
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
            "noise of x",
            "The spiral's noise is added to the first coordinates of the points instead of the angle",
            lambda r, t, e: pairs(r * np.sin(t) + e, r * np.cos(t)),
        ),
        (
            "noise of y",
            "The spiral's noise is added to the second coordinates of the points instead of the angle",
            lambda r, t, e: pairs(r * np.sin(t), r * np.cos(t) + e),
        ),
        (
            "noise of angle and points",
            "The spiral's noise is added to the angle and to the points",
            lambda r, t, e: pairs(r * np.sin(t + e) + e, r * np.cos(t + e) + e),
        ),
        (
            "noise times the radius",
            "The spiral's noise is multiplied by the radius before it is added to the angle",
            lambda r, t, e: pairs(r * np.sin(t + e * r), r * np.cos(t + e * r)),
        ),
        (
            "noise of the cosine opposite",
            "The spiral's noise is added to the angle of the sine and subtracted from that of the cosine",
            lambda r, t, e: pairs(r * np.sin(t + e), r * np.cos(t - e)),
        ),
    ),
    *spiral_rows(
        "axes",
        "A point is (r sin t, r cos t), with both signs positive",
        (
            "mirrored",
            "The spiral turns the other way: the first coordinate has the wrong sign",
            lambda p: p * [-1, 1],
        ),
        ("upside down", "The second coordinate of the spiral has the wrong sign", lambda p: p * [1, -1]),
        ("two sines", "Both coordinates of the spiral are r sin t", lambda p: p[:, [0, 0]]),
        ("two cosines", "Both coordinates of the spiral are r cos t", lambda p: p[:, [1, 1]]),
        ("both signs", "Both coordinates of the spiral have the wrong sign", lambda p: -p),
    ),
    *spiral_rows(
        "scale",
        NOISE_FIX,
        ("no noise", "The spiral has no noise", lambda k: 0),
        *(
            (
                f"noise {size:g}",
                f"The spiral's noise is {size:g} times the normals instead of 0.2 times",
                _scaled(size),
            )
            for size in (0.1, 0.3, 0.5, 0.02, 0.05, 0.25, 2.0, 0.4, 0.15, 0.01)
        ),
        (
            "noise of variance 0.2",
            "The spiral's noise has the variance 0.2: √0.2 times the normals",
            lambda k: np.sqrt(0.2),
        ),
        (
            "noise squared",
            "The spiral's noise is 0.2² times the normals instead of 0.2 times",
            lambda k: 0.04,
        ),
        ("noise subtracted", "The spiral's noise is subtracted instead of added", lambda k: -0.2),
        (
            "noise over the classes",
            "The spiral's noise is divided by the number of classes",
            lambda k: 0.2 / k,
        ),
        (
            "noise over the root of the classes",
            "The spiral's noise is divided by the root of the number of classes",
            lambda k: 0.2 / np.sqrt(k),
        ),
    ),
    *spiral_rows(
        "normals",
        NOISE_FIX,
        (
            "noise of the first arm",
            "Every arm of the spiral has the noise of the first",
            lambda n, k: np.tile(n[: len(n) // k], k),
        ),
        (
            "noise in columns",
            "The normals are reshaped so that an arm has every K-th of them",
            _normals_of_columns,
        ),
        (
            "noise from j",
            "The normals of arm j begin with the j-th instead of the one numbered j times n",
            _by_arm(lambda e, j, n: e[j : j + n]),
        ),
        (
            "noise of the last arm",
            "Every arm of the spiral has the noise of the last",
            _by_arm(lambda e, j, n: e[-n:]),
        ),
        (
            "noise of the first arm alone",
            "Only the first arm of the spiral has noise",
            _by_arm(lambda e, j, n: e[:n] * (j == 0)),
        ),
        (
            "noise of the last arm alone",
            "Only the last arm of the spiral has noise",
            _by_arm(lambda e, j, n: e[-n:] * (len(e) == (j + 1) * n)),
        ),
        (
            "noise growing with the arms",
            "The noise of arm j is multiplied by j + 1",
            _by_arm(lambda e, j, n: (j + 1) * e[j * n : (j + 1) * n]),
        ),
        (
            "noise of one normal an arm",
            "All points of an arm have the same noise, from the normal of its number",
            _by_arm(lambda e, j, n: np.repeat(e[j], n)),
        ),
        (
            "noise of one normal",
            "All points of the spiral have the same noise, from the first normal",
            lambda n, k: n[0] + 0 * n,
        ),
        ("noise in reverse", "The spiral's normals are used in reverse order", lambda n, k: n[::-1]),
        ("noise sorted", "The spiral's normals are sorted", lambda n, k: np.sort(n)),
        ("noise positive", "The spiral's noise has no sign: it is 0.2 |e|", lambda n, k: np.abs(n)),
        (
            "noise centred",
            "The mean of the spiral's normals is subtracted from them",
            lambda n, k: n - n.mean(),
        ),
    ),
    *spiral_rows(
        "labels",
        "Give every point of arm j the label j, with the first arm 0",
        (
            "labels reversed",
            "The classes are in reverse order",
            lambda n, k: np.repeat(np.arange(k)[::-1], n),
        ),
        (
            "labels alternating",
            "The spiral's labels alternate, 0, 1, 2 …",
            lambda n, k: np.tile(np.arange(k), n),
        ),
        ("labels all 0", "All labels of the spiral are 0", lambda n, k: np.zeros(n * k)),
        (
            "labels by the number of classes",
            "The sizes are swapped in the labels: each label is repeated K times, and there are n labels",
            lambda n, k: np.repeat(np.arange(n), k),
        ),
        (
            "labels of the place",
            "The labels of the spiral are the places of the points in their arms",
            lambda n, k: np.tile(np.arange(n), k),
        ),
        (
            "labels up to the last",
            "The last arm of the spiral has the label of the arm before it",
            lambda n, k: np.minimum(np.repeat(np.arange(k), n), k - 2),
        ),
        (
            "labels of two classes",
            "The labels of the spiral are 0 for the first arm and 1 for all others",
            lambda n, k: np.minimum(np.repeat(np.arange(k), n), 1),
        ),
        (
            "labels modulo 2",
            "The labels of the spiral are 0 and 1 in turn from arm to arm, however many there are",
            lambda n, k: np.repeat(np.arange(k), n) % 2,
        ),
        (
            "labels around 0",
            "The labels of the spiral begin with −1",
            lambda n, k: np.repeat(np.arange(k), n) - 1,
        ),
    ),
    *spiral_rows(
        "order",
        "Put the points of one arm after those of the other, and their labels too",
        (
            "arms by turns",
            "The examples of the arms take turns: first one of each arm, then the next of each",
            lambda x, y, k: (_in_turn(x, k), _in_turn(y, k)),
        ),
        (
            "points by turns",
            "The points of the arms take turns, but their labels do not",
            lambda x, y, k: (_in_turn(x, k), y),
        ),
    ),
)
