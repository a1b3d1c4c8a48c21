"""Moons as people write scikit-learn's again by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnspec.mistakes.choices.generators import pairs
from nnspec.mistakes.choices.rings import SIZES, alternating, noise_of, rows_of
from nnspec.reference.values import Array

ORDER_FIX = "Index points and labels with the order that is given: points[order], labels[order]"


def _moons(upper: Callable[[Array], Array], lower: Callable[[Array], Array]) -> Callable[..., Any]:
    return lambda t, u: (upper(t), lower(u))


def _upper(t: Array) -> Array:
    return pairs(np.cos(t), np.sin(t))


def _lower(t: Array) -> Array:
    return pairs(1 - np.cos(t), 0.5 - np.sin(t))


def _inverse(order: Array) -> Array:
    return np.argsort(order)


MOONS = (
    *rows_of(
        "moons",
        "moon_points",
        "The first moon is (cos t, sin t), and the second is (1 − cos t, 1 − sin t − 0.5)",
        (
            "without the half",
            "The second moon is not shifted by 0.5: (1 − cos t, 1 − sin t)",
            _moons(_upper, lambda t: pairs(1 - np.cos(t), 1 - np.sin(t))),
        ),
        (
            "half added",
            "The second moon is shifted by 0.5 the wrong way: (1 − cos t, 1 − sin t + 0.5)",
            _moons(_upper, lambda t: pairs(1 - np.cos(t), 1.5 - np.sin(t))),
        ),
        (
            "without the one",
            "The second moon is (1 − cos t, −sin t − 0.5): a 1 is left out",
            _moons(_upper, lambda t: pairs(1 - np.cos(t), -np.sin(t) - 0.5)),
        ),
        (
            "without any shift upwards",
            "The second moon is (1 − cos t, −sin t): the shift by 0.5 is left out",
            _moons(_upper, lambda t: pairs(1 - np.cos(t), -np.sin(t))),
        ),
        (
            "half in the sine",
            "The second moon is (1 − cos t, 1 − sin(t − 0.5)): the parenthesis is in the wrong place",
            _moons(_upper, lambda t: pairs(1 - np.cos(t), 1 - np.sin(t - 0.5))),
        ),
        (
            "half of x",
            "The second moon is shifted by 0.5 in its first coordinate instead of its second",
            _moons(_upper, lambda t: pairs(0.5 - np.cos(t), 1 - np.sin(t))),
        ),
        (
            "half of both",
            "The second moon is shifted by 0.5 in both coordinates",
            _moons(_upper, lambda t: pairs(0.5 - np.cos(t), 0.5 - np.sin(t))),
        ),
        (
            "second turned",
            "The second moon runs the other way: (1 + cos t, 0.5 − sin t)",
            _moons(_upper, lambda t: pairs(1 + np.cos(t), 0.5 - np.sin(t))),
        ),
        (
            "second not flipped",
            "The second moon opens downwards too: (1 − cos t, sin t − 0.5)",
            _moons(_upper, lambda t: pairs(1 - np.cos(t), np.sin(t) - 0.5)),
        ),
        (
            "second not moved",
            "The second moon is (−cos t, 0.5 − sin t): the shift by 1 is left out",
            _moons(_upper, lambda t: pairs(-np.cos(t), 0.5 - np.sin(t))),
        ),
        (
            "sine and cosine swapped",
            "Sine and cosine are swapped in both moons",
            _moons(lambda t: pairs(np.sin(t), np.cos(t)), lambda t: pairs(1 - np.sin(t), 0.5 - np.cos(t))),
        ),
        (
            "x and y swapped",
            "The two coordinates of the moons are swapped",
            _moons(lambda t: _upper(t)[:, ::-1], lambda t: _lower(t)[:, ::-1]),
        ),
        (
            "first swapped",
            "Sine and cosine are swapped in the first moon",
            _moons(lambda t: pairs(np.sin(t), np.cos(t)), _lower),
        ),
        ("moons swapped", "The second moon comes first, as class 0", _moons(_lower, _upper)),
    ),
    *rows_of(
        "moons",
        "moon_angles",
        "The angles of a moon go from 0 to π, with both ends: linspace(0, π, n)",
        (
            "without their end",
            "The angles of the moons end before π: the end point is left out",
            lambda n: np.linspace(0, np.pi, n, endpoint=False),
        ),
        ("whole circles", "The angles of the moons go from 0 to 2π", lambda n: np.linspace(0, 2 * np.pi, n)),
        (
            "quarter circles",
            "The angles of the moons go from 0 to π/2",
            lambda n: np.linspace(0, np.pi / 2, n),
        ),
        ("backwards", "The angles of the moons go from π to 0", lambda n: np.linspace(np.pi, 0, n)),
        ("to 3.14", "The angles of the moons end at 3.14 instead of π", lambda n: np.linspace(0, 3.14, n)),
        ("degrees", "The angles of the moons are in degrees", lambda n: np.linspace(0, 180, n)),
    ),
    *rows_of(
        "moons",
        "moon_sizes",
        SIZES,
        (
            "larger half first",
            "If N is odd, class 0 of the moons has the larger half",
            lambda n: (n - n // 2, n // 2),
        ),
    ),
    *rows_of(
        "moons",
        "moon_labels",
        "Label the first moon 0 and the second 1",
        ("labels swapped", "The labels of the moons are swapped", lambda a, b: np.repeat([1, 0], [a, b])),
        ("labels from one", "The moons are numbered from 1", lambda a, b: np.repeat([1, 2], [a, b])),
        (
            "labels alternating",
            "The labels of the moons alternate, 0, 1, 0, 1 …, but the points do not",
            alternating,
        ),
    ),
    *rows_of(
        "moons",
        "moon_order",
        ORDER_FIX,
        ("not shuffled", "The moons are not put into the order that is given", lambda x, y, o: (x, y)),
        (
            "inverse order",
            "The moons are put into the inverse order: example i goes to place order[i]",
            lambda x, y, o: (x[_inverse(o)], y[_inverse(o)]),
        ),
        (
            "points not shuffled",
            "The labels of the moons are put into the order that is given, but the points are not",
            lambda x, y, o: (x, y[o]),
        ),
        (
            "points in the inverse order",
            "The points of the moons are put into the inverse order, but the labels are not",
            lambda x, y, o: (x[_inverse(o)], y[o]),
        ),
        (
            "labels in the inverse order",
            "The labels of the moons are put into the inverse order, but the points are not",
            lambda x, y, o: (x[o], y[_inverse(o)]),
        ),
        ("order twice", "The moons are put into the order twice", lambda x, y, o: (x[o][o], y[o][o])),
    ),
    *rows_of(
        "moons",
        "moon_noise",
        "Add noise · normals to the points, after they are put into their order",
        *noise_of("moons"),
    ),
)
