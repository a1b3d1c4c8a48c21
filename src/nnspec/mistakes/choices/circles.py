"""Circles as people write scikit-learn's again by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

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


def _circles(of: Callable[[Array, float], Array]) -> Callable[..., Any]:
    """Both circles by one formula of the angle and the radius."""
    return lambda t, u, factor: (of(t, 1.0), of(u, factor))


def _radii(outer: Callable[[float], float], inner: Callable[[float], float]) -> Callable[..., Any]:
    """The radii of both circles, from the factor."""
    return lambda factor: (outer(factor), inner(factor))


def _endless(count: int) -> Array:
    """Angles without the end point."""
    return np.linspace(0, 2 * np.pi, count, endpoint=False)


def _whole(count: int) -> Array:
    """Angles with both ends."""
    return np.linspace(0, 2 * np.pi, count)


def _ring(t: Array) -> Array:
    return pairs(np.cos(t), np.sin(t))


def _interleaved(points: Array, labels: Array) -> tuple[Array, Array]:
    """First points of both classes, then second ones."""
    half = len(labels) // 2
    order = np.argsort(np.concatenate([2 * np.arange(half), 2 * np.arange(len(labels) - half) + 1]))
    return points[order], labels[order]


def _fixed(size: float, factor: float) -> float:
    """A radius, whatever the factor is."""
    del factor
    return size


POINTS_FIX = "A point is (cos t, sin t) on the outer circle, and the factor times that on the inner one"
NOISE_FIX = "Add noise · normals to the points, after the inner circle is multiplied by its factor"
ANGLES_FIX = (
    "The angles of a circle go from 0 to 2π without the end point: linspace(0, 2π, n, endpoint=False)"
)
#: The noise that the catalogue has.
LISTED = ("noise as a variance",)
CIRCLES = (
    *rows_of(
        "circles",
        "circle_radii",
        POINTS_FIX,
        (
            "radius one over the factor",
            "The radius of the inner circle is 1 / factor",
            _radii(lambda f: 1, lambda f: 1 / f),
        ),
        (
            "radius factor squared",
            "The radius of the inner circle is the factor's square",
            _radii(lambda f: 1, lambda f: f * f),
        ),
        (
            "radius root of the factor",
            "The radius of the inner circle is the factor's square root",
            _radii(lambda f: 1, np.sqrt),
        ),
        (
            "equal radii",
            "The factor is not used: both circles have the radius 1",
            _radii(lambda f: 1, lambda f: 1),
        ),
        (
            "radius one half",
            "The radius of the inner circle is 0.5, whatever factor is asked for",
            _radii(lambda f: 1, lambda f: 0.5),
        ),
        (
            "radius 0.8",
            "The radius of the inner circle is 0.8, whatever factor is asked for",
            _radii(lambda f: 1, lambda f: 0.8),
        ),
        (
            "outer radius times factor",
            "The factor multiplies the outer circle instead of the inner one",
            _radii(lambda f: f, lambda f: 1),
        ),
        ("both times factor", "The factor multiplies both circles", _radii(lambda f: f, lambda f: f)),
        (
            "outer one over the factor",
            "The outer circle has the radius 1 / factor, and the inner one 1",
            _radii(lambda f: 1 / f, lambda f: 1),
        ),
        (
            "both halved",
            "Both circles are half as large: the radii are 0.5 and factor / 2",
            _radii(lambda f: 0.5, lambda f: f / 2),
        ),
        (
            "inner halved",
            "The radius of the inner circle is factor / 2",
            _radii(lambda f: 1, lambda f: f / 2),
        ),
        ("outer of 2", "The outer circle has the radius 2", _radii(lambda f: 2, lambda f: f)),
        (
            "outer one plus the factor",
            "The outer circle has the radius 1 + factor, and the inner one 1",
            _radii(lambda f: 1 + f, lambda f: 1),
        ),
        (
            "factor subtracted from the outer",
            "The radii are 1 − factor outside and the factor inside",
            _radii(lambda f: 1 - f, lambda f: f),
        ),
        *(
            (
                f"radius {size:g}",
                f"The radius of the inner circle is {size:g}, whatever factor is asked for",
                _radii(lambda f: 1, partial(_fixed, size)),
            )
            for size in (0.3, 0.4, 0.6)
        ),
    ),
    *rows_of(
        "circles",
        "circle_points",
        POINTS_FIX,
        (
            "factor of x alone",
            "The factor multiplies only the first coordinate of the inner circle",
            _circles(lambda t, f: pairs(f * np.cos(t), np.sin(t))),
        ),
        (
            "factor of y alone",
            "The factor multiplies only the second coordinate of the inner circle",
            _circles(lambda t, f: pairs(np.cos(t), f * np.sin(t))),
        ),
        (
            "inner swapped",
            "Sine and cosine are swapped in the inner circle alone",
            lambda t, u, f: (_ring(t), f * _ring(u)[:, ::-1]),
        ),
        (
            "outer swapped",
            "Sine and cosine are swapped in the outer circle alone",
            lambda t, u, f: (_ring(t)[:, ::-1], f * _ring(u)),
        ),
        (
            "inner clockwise",
            "The second coordinate of the inner circle has the wrong sign",
            lambda t, u, f: (_ring(t), f * _ring(u) * [1, -1]),
        ),
        (
            "inner turned",
            "The inner circle begins on the other side: both of its coordinates have the wrong sign",
            lambda t, u, f: (_ring(t), -f * _ring(u)),
        ),
        (
            "factor subtracted",
            "The factor is subtracted from the coordinates of the inner circle",
            lambda t, u, f: (_ring(t), _ring(u) - f),
        ),
        (
            "factor in the angle",
            "The factor multiplies the angle of the inner circle instead of its points",
            lambda t, u, f: (_ring(t), _ring(f * u)),
        ),
    ),
    *rows_of(
        "circles",
        "circle_ring",
        POINTS_FIX,
        (
            "sine and cosine swapped",
            "Sine and cosine are swapped in the circles",
            lambda t: pairs(np.sin(t), np.cos(t)),
        ),
        (
            "clockwise",
            "The second coordinate of the circles has the wrong sign",
            lambda t: pairs(np.cos(t), -np.sin(t)),
        ),
        (
            "from below",
            "The circles begin a quarter of a turn too early, with (0, −1)",
            lambda t: pairs(np.sin(t), -np.cos(t)),
        ),
        (
            "from above",
            "The circles begin a quarter of a turn too late, with (0, 1)",
            lambda t: pairs(-np.sin(t), np.cos(t)),
        ),
        ("two cosines", "Both coordinates of the circles are cosines", lambda t: pairs(np.cos(t), np.cos(t))),
        ("two sines", "Both coordinates of the circles are sines", lambda t: pairs(np.sin(t), np.sin(t))),
    ),
    *rows_of(
        "circles",
        "circle_angles",
        ANGLES_FIX,
        (
            "with their end",
            "The angles of the circles include 2π, so that each circle has its first point twice",
            _whole,
        ),
        (
            "half circles",
            "The angles of the circles go from 0 to π, without the end point",
            lambda n: np.linspace(0, np.pi, n, endpoint=False),
        ),
        (
            "half circles with their end",
            "The angles of the circles go from 0 to π",
            lambda n: np.linspace(0, np.pi, n),
        ),
        (
            "without their beginning",
            "The angles of the circles begin after 0 and end at 2π",
            lambda n: 2 * np.pi * np.arange(1, n + 1) / n,
        ),
        (
            "from minus pi",
            "The angles of the circles begin with −π",
            lambda n: np.linspace(-np.pi, np.pi, n, endpoint=False),
        ),
        (
            "from minus pi with their end",
            "The angles of the circles go from −π to π, with both ends",
            lambda n: np.linspace(-np.pi, np.pi, n),
        ),
        (
            "in the middle",
            "The angles of the circles begin with half a step, π/n, instead of 0",
            lambda n: 2 * np.pi * (np.arange(n) + 0.5) / n,
        ),
        (
            "backwards with their end",
            "The angles of the circles go from 2π to 0, with both ends",
            lambda n: np.linspace(2 * np.pi, 0, n),
        ),
        (
            "to 6.28",
            "The angles of the circles end before 6.28 instead of 2π",
            lambda n: np.linspace(0, 6.28, n, endpoint=False),
        ),
        (
            "over n plus 1",
            "Angle i of the circles is 2πi/(n + 1) instead of 2πi/n",
            lambda n: 2 * np.pi * np.arange(n) / (n + 1),
        ),
        (
            "to one",
            "The angles of the circles go from 0 to 1: the factor 2π is left out",
            lambda n: np.linspace(0, 1, n, endpoint=False),
        ),
        (
            "degrees",
            "The angles of the circles are in degrees",
            lambda n: np.linspace(0, 360, n, endpoint=False),
        ),
    ),
    *rows_of(
        "circles",
        "circle_both_angles",
        ANGLES_FIX,
        (
            "outer with its end",
            "The angles of the outer circle include 2π, so that it has its first point twice",
            of_one(_whole, _endless),
        ),
        (
            "inner with its end",
            "The angles of the inner circle include 2π, so that it has its first point twice",
            of_one(_endless, _whole),
        ),
        (
            "angles over both",
            "The angles from 0 to 2π are divided between the circles: each is a half",
            by_parts(_endless),
        ),
        (
            "angles over both with their end",
            "The angles from 0 to 2π, with their end, are divided between the circles: each is a half",
            by_parts(_whole),
        ),
        (
            "first angles of all",
            "Both circles have the first of the angles for all examples: each is a half",
            from_the_beginning(_endless),
        ),
        (
            "first angles of all with their end",
            "Both circles have the first of the angles for all examples, with 2π at their end: each is a half",
            from_the_beginning(_whole),
        ),
    ),
    *rows_of(
        "circles",
        "circle_sizes",
        SIZES,
        (
            "larger half first",
            "If N is odd, the outer circle has the larger half",
            lambda n: (n - n // 2, n // 2),
        ),
    ),
    *rows_of(
        "circles",
        "circle_labels",
        "Label the outer circle 0 and the inner circle 1",
        *labels_of("circles"),
    ),
    *rows_of(
        "circles",
        "circle_order",
        "Put all points of the outer circle before those of the inner one",
        (
            "inner circle first",
            "The inner circle comes first, with the label 1",
            lambda x, y: (
                np.concatenate([x[y == y.max()], x[y < y.max()]]),
                np.concatenate([y[y == y.max()], y[y < y.max()]]),
            ),
        ),
        ("alternating", "Points of the outer and of the inner circle take turns", _interleaved),
    ),
    *rows_of(
        "circles", "circle_scale", NOISE_FIX, *(row for row in scales_of("circles") if row[0] not in LISTED)
    ),
    *rows_of("circles", "circle_normals", NOISE_FIX, *normals_of("circles")),
    *rows_of(
        "circles",
        "circle_noisy",
        NOISE_FIX,
        (
            "noise before the factor",
            "The noise is added to the inner circle before it is multiplied by the factor",
            lambda x, e, b, f: x + e * np.where(b, f, 1)[:, None],
        ),
        (
            "noise of the radius",
            "The noise of the circles is added to the radius, from the first normals",
            lambda x, e, b, f: x * (1 + e[:, :1] / np.hypot(*x.T)[:, None]),
        ),
        (
            "noise times the points",
            "The points of the circles are multiplied by 1 plus the noise",
            lambda x, e, b, f: x * (1 + e),
        ),
        (
            "noise of the radius by the second normals",
            "The noise of the circles is added to the radius, from the second normals",
            lambda x, e, b, f: x * (1 + e[:, 1:] / np.hypot(*x.T)[:, None]),
        ),
        (
            "noise over the factor",
            "The noise of the inner circle is divided by the factor",
            lambda x, e, b, f: x + e / np.where(b, f, 1)[:, None],
        ),
    ),
)
