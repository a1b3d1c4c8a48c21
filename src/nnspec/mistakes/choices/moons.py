"""Moons as people write scikit-learn's again by hand."""

from __future__ import annotations

from functools import partial

import numpy as np

from nnspec.mistakes.choices.generators import pairs
from nnspec.mistakes.choices.rings import (
    SIZES,
    by_parts,
    from_the_beginning,
    labels_of,
    normals_of,
    of_one,
    rows_of,
    scales_of,
)
from nnspec.reference.values import Array

POINTS_FIX = "The first moon is (cos t, sin t), and the second is (1 − cos t, 1 − sin t − 0.5)"
NOISE_FIX = "Add noise · normals to the points, after they are put into their order"
ANGLES_FIX = "The angles of a moon go from 0 to π, with both ends: linspace(0, π, n)"
ORDER_FIX = "Index points and labels with the order that is given: points[order], labels[order]"


def _upper(t: Array) -> Array:
    return pairs(np.cos(t), np.sin(t))


def _lower(t: Array, height: float = 0.5) -> Array:
    return pairs(1 - np.cos(t), height - np.sin(t))


def _whole(count: int) -> Array:
    """Angles with both ends."""
    return np.linspace(0, np.pi, count)


def _endless(count: int) -> Array:
    """Angles without the end point."""
    return np.linspace(0, np.pi, count, endpoint=False)


def _inverse(order: Array) -> Array:
    return np.argsort(order)


MOONS = (
    *rows_of(
        "moons",
        "moon_lower",
        POINTS_FIX,
        (
            "without the half",
            "The second moon is not shifted by 0.5: (1 − cos t, 1 − sin t)",
            lambda t: pairs(1 - np.cos(t), 1 - np.sin(t)),
        ),
        (
            "half added",
            "The second moon is shifted by 0.5 the wrong way: (1 − cos t, 1 − sin t + 0.5)",
            lambda t: pairs(1 - np.cos(t), 1.5 - np.sin(t)),
        ),
        (
            "without the one",
            "The second moon is (1 − cos t, −sin t − 0.5): a 1 is left out",
            lambda t: pairs(1 - np.cos(t), -np.sin(t) - 0.5),
        ),
        (
            "without any shift upwards",
            "The second moon is (1 − cos t, −sin t): the shift by 0.5 is left out",
            lambda t: pairs(1 - np.cos(t), -np.sin(t)),
        ),
        (
            "half in the sine",
            "The second moon is (1 − cos t, 1 − sin(t − 0.5)): the parenthesis is in the wrong place",
            lambda t: pairs(1 - np.cos(t), 1 - np.sin(t - 0.5)),
        ),
        (
            "half of x",
            "The second moon is shifted by 0.5 in its first coordinate instead of its second",
            lambda t: pairs(0.5 - np.cos(t), 1 - np.sin(t)),
        ),
        (
            "half of both",
            "The second moon is shifted by 0.5 in both coordinates",
            lambda t: pairs(0.5 - np.cos(t), 0.5 - np.sin(t)),
        ),
        (
            "second turned",
            "The second moon runs the other way: (1 + cos t, 0.5 − sin t)",
            lambda t: pairs(1 + np.cos(t), 0.5 - np.sin(t)),
        ),
        (
            "second not flipped",
            "The second moon opens downwards too: (1 − cos t, sin t − 0.5)",
            lambda t: pairs(1 - np.cos(t), np.sin(t) - 0.5),
        ),
        (
            "second not moved",
            "The second moon is (−cos t, 0.5 − sin t): the shift by 1 is left out",
            lambda t: pairs(-np.cos(t), 0.5 - np.sin(t)),
        ),
        (
            "second by an addition",
            "The second moon is (1 + cos t, sin t − 0.5): the first, moved but not flipped",
            lambda t: pairs(1 + np.cos(t), np.sin(t) - 0.5),
        ),
        (
            "second moved to the right by one half",
            "The second moon is moved by 0.5 to the right and flipped: (0.5 + cos t, −sin t)",
            lambda t: pairs(0.5 + np.cos(t), -np.sin(t)),
        ),
        (
            "second moved by one half",
            "The second moon is moved by 0.5 to the right alone: (0.5 − cos t, −sin t)",
            lambda t: pairs(0.5 - np.cos(t), -np.sin(t)),
        ),
        (
            "second moved to the right",
            "The second moon is flipped and moved by 1 to the right alone: (1 + cos t, −sin t)",
            lambda t: pairs(1 + np.cos(t), -np.sin(t)),
        ),
        (
            "second flipped alone",
            "The second moon is flipped, and not moved: (cos t, −sin t)",
            lambda t: pairs(np.cos(t), -np.sin(t)),
        ),
        (
            "second turned alone",
            "The second moon is turned, and not moved: (−cos t, −sin t)",
            lambda t: pairs(-np.cos(t), -np.sin(t)),
        ),
        (
            "second moved by 0.5 upwards alone",
            "The second moon is (cos t, 0.5 − sin t): its first coordinate is not 1 − cos t",
            lambda t: pairs(np.cos(t), 0.5 - np.sin(t)),
        ),
        ("equal moons", "The second moon is the same as the first: (cos t, sin t)", _upper),
        (
            "second swapped",
            "Sine and cosine are swapped in the second moon: (1 − sin t, 0.5 − cos t)",
            lambda t: pairs(1 - np.sin(t), 0.5 - np.cos(t)),
        ),
        (
            "half plus the sine",
            "The second moon has the wrong sign of the sine: (1 − cos t, 0.5 + sin t)",
            lambda t: pairs(1 - np.cos(t), 0.5 + np.sin(t)),
        ),
        (
            "minus one",
            "The second moon is moved the wrong way: (−1 − cos t, 0.5 − sin t)",
            lambda t: pairs(-1 - np.cos(t), 0.5 - np.sin(t)),
        ),
        *(
            (
                f"second moved by {size:g}",
                f"The second moon is moved upwards by {size:g} instead of 0.5: (1 − cos t, {size:g} − sin t)",
                partial(_lower, height=size),
            )
            for size in (0.25, 0.2, 0.3, 0.75)
        ),
    ),
    *rows_of(
        "moons",
        "moon_upper",
        POINTS_FIX,
        (
            "first swapped",
            "Sine and cosine are swapped in the first moon",
            lambda t: pairs(np.sin(t), np.cos(t)),
        ),
        (
            "first backwards",
            "The first moon runs the other way: (−cos t, sin t)",
            lambda t: pairs(-np.cos(t), np.sin(t)),
        ),
        (
            "first flipped",
            "The first moon opens upwards: (cos t, −sin t)",
            lambda t: pairs(np.cos(t), -np.sin(t)),
        ),
        (
            "first moved",
            "The first moon is moved upwards by 0.5: (cos t, sin t + 0.5)",
            lambda t: pairs(np.cos(t), np.sin(t) + 0.5),
        ),
    ),
    *rows_of(
        "moons",
        "moon_points",
        POINTS_FIX,
        (
            "sine and cosine swapped",
            "Sine and cosine are swapped in both moons",
            lambda t, u: (pairs(np.sin(t), np.cos(t)), pairs(1 - np.sin(u), 0.5 - np.cos(u))),
        ),
        ("moons swapped", "The second moon comes first, as class 0", lambda t, u: (_lower(t), _upper(u))),
    ),
    *rows_of(
        "moons",
        "moon_axes",
        POINTS_FIX,
        ("x and y swapped", "The two coordinates of the moons are swapped", lambda p: p[:, ::-1]),
        ("moons centred", "The mean of the moons is subtracted from them", lambda p: p - p.mean(axis=0)),
        (
            "moons standardised",
            "The moons are standardised, by their own mean and deviation",
            lambda p: (p - p.mean(axis=0)) / p.std(axis=0),
        ),
        ("moons half as large", "The moons are half as large as they should be", lambda p: p / 2),
        ("moons twice as large", "The moons are twice as large as they should be", lambda p: 2 * p),
    ),
    *rows_of(
        "moons",
        "moon_angles",
        ANGLES_FIX,
        ("without their end", "The angles of the moons end before π: the end point is left out", _endless),
        ("whole circles", "The angles of the moons go from 0 to 2π", lambda n: np.linspace(0, 2 * np.pi, n)),
        (
            "quarter circles",
            "The angles of the moons go from 0 to π/2",
            lambda n: np.linspace(0, np.pi / 2, n),
        ),
        ("backwards", "The angles of the moons go from π to 0", lambda n: np.linspace(np.pi, 0, n)),
        ("to 3.14", "The angles of the moons end at 3.14 instead of π", lambda n: np.linspace(0, 3.14, n)),
        ("degrees", "The angles of the moons are in degrees", lambda n: np.linspace(0, 180, n)),
        (
            "without their beginning",
            "The angles of the moons begin after 0 and end at π",
            lambda n: np.pi * np.arange(1, n + 1) / n,
        ),
        (
            "without both ends",
            "The angles of the moons leave out both 0 and π: linspace(0, π, n + 2)[1:-1]",
            lambda n: np.linspace(0, np.pi, n + 2)[1:-1],
        ),
        (
            "in the middle",
            "The angles of the moons go from 0.5 π/n to π − 0.5 π/n",
            lambda n: np.pi * (np.arange(n) + 0.5) / n,
        ),
        ("from minus pi", "The angles of the moons go from −π to 0", lambda n: np.linspace(-np.pi, 0, n)),
        (
            "from minus half pi",
            "The angles of the moons go from −π/2 to π/2",
            lambda n: np.linspace(-np.pi / 2, np.pi / 2, n),
        ),
        (
            "to one",
            "The angles of the moons go from 0 to 1: the factor π is left out",
            partial(np.linspace, 0, 1),
        ),
    ),
    *rows_of(
        "moons",
        "moon_both_angles",
        ANGLES_FIX,
        (
            "first without its end",
            "The angles of the first moon end before π; those of the second do not",
            of_one(_endless, _whole),
        ),
        (
            "second without its end",
            "The angles of the second moon end before π; those of the first do not",
            of_one(_whole, _endless),
        ),
        (
            "second angles from pi",
            "The angles of the second moon go from π to 2π",
            of_one(_whole, lambda n: np.linspace(np.pi, 2 * np.pi, n)),
        ),
        (
            "angles over both",
            "The angles from 0 to π are divided between the moons: each is half as long",
            by_parts(_whole),
        ),
        (
            "angles to 2π over both",
            "The angles go from 0 to 2π over both moons instead of from 0 to π on each",
            by_parts(lambda n: np.linspace(0, 2 * np.pi, n)),
        ),
        (
            "first angles of all",
            "Both moons have the first of the angles for all examples: each is half as long",
            from_the_beginning(_whole),
        ),
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
        *labels_of("moons"),
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
        (
            "order in reverse",
            "The order of the moons is used in reverse",
            lambda x, y, o: (x[o][::-1], y[o][::-1]),
        ),
        ("order twice", "The moons are put into the order twice", lambda x, y, o: (x[o][o], y[o][o])),
    ),
    *rows_of("moons", "moon_scale", NOISE_FIX, *scales_of("moons")),
    *rows_of("moons", "moon_normals", NOISE_FIX, *normals_of("moons")),
    *rows_of(
        "moons",
        "moon_noisy",
        NOISE_FIX,
        (
            "noise times the points",
            "The points of the moons are multiplied by 1 plus the noise",
            lambda x, e: x * (1 + e),
        ),
    ),
)
