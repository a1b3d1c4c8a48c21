"""Circles as people write scikit-learn's again by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnspec.mistakes.choices.generators import pairs
from nnspec.mistakes.choices.rings import SIZES, alternating, noise_of, rows_of
from nnspec.reference.values import Array


def _circles(of: Callable[[Array, float], Array]) -> Callable[..., Any]:
    """Both circles by one formula of the angle and the radius."""
    return lambda t, u, factor: (of(t, 1.0), of(u, factor))


def _radii(outer: Callable[[float], float], inner: Callable[[float], float]) -> Callable[..., Any]:
    """Circles of other radii, from the factor."""
    return lambda t, u, factor: (outer(factor) * _ring(t), inner(factor) * _ring(u))


def _ring(t: Array) -> Array:
    return pairs(np.cos(t), np.sin(t))


def _interleaved(points: Array, labels: Array) -> tuple[Array, Array]:
    """First points of both classes, then second ones."""
    half = len(labels) // 2
    order = np.argsort(np.concatenate([2 * np.arange(half), 2 * np.arange(len(labels) - half) + 1]))
    return points[order], labels[order]


def _added(noise: Callable[..., Array]) -> Callable[..., Array]:
    return lambda points, size, normals, factor: points + noise(size, normals)


#: The noise that the catalogue has.
LISTED = ("noise as a variance",)
CIRCLES = (
    *rows_of(
        "circles",
        "circle_points",
        "A point is (cos t, sin t) on the outer circle, and the factor times that on the inner one",
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
            "sine and cosine swapped",
            "Sine and cosine are swapped in the circles",
            _circles(lambda t, f: f * pairs(np.sin(t), np.cos(t))),
        ),
        (
            "clockwise",
            "The second coordinate of the circles has the wrong sign",
            _circles(lambda t, f: f * pairs(np.cos(t), -np.sin(t))),
        ),
        (
            "two cosines",
            "Both coordinates of the circles are cosines",
            _circles(lambda t, f: f * pairs(np.cos(t), np.cos(t))),
        ),
    ),
    *rows_of(
        "circles",
        "circle_angles",
        "The angles of a circle go from 0 to 2π without the end point: linspace(0, 2π, n, endpoint=False)",
        (
            "with their end",
            "The angles of the circles include 2π, so that each circle has its first point twice",
            lambda n: np.linspace(0, 2 * np.pi, n),
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
            "degrees",
            "The angles of the circles are in degrees",
            lambda n: np.linspace(0, 360, n, endpoint=False),
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
        ("labels from one", "The circles are numbered from 1", lambda a, b: np.repeat([1, 2], [a, b])),
        (
            "labels alternating",
            "The labels of the circles alternate, 0, 1, 0, 1 …, but the points do not",
            alternating,
        ),
    ),
    *rows_of(
        "circles",
        "circle_order",
        "Put all points of the outer circle before those of the inner one",
        (
            "inner circle first",
            "The inner circle comes first, with the label 1",
            lambda x, y: (
                np.concatenate([x[y == 1], x[y == 0]]),
                np.concatenate([y[y == 1], y[y == 0]]),
            ),
        ),
        (
            "alternating",
            "Points of the outer and of the inner circle take turns",
            _interleaved,
        ),
    ),
    *rows_of(
        "circles",
        "circle_noisy",
        "Add noise · normals to the points, after the inner circle is multiplied by its factor",
        *((name, phrase, _added(noise)) for name, phrase, noise in noise_of("circles") if name not in LISTED),
        (
            "noise before the factor",
            "The noise is added to the inner circle before it is multiplied by the factor",
            lambda x, s, n, f: x + s * n * np.where(np.arange(len(x)) < len(x) // 2, 1, f)[:, None],
        ),
        (
            "noise of the radius",
            "The noise of the circles is added to the radius, from the first normals",
            lambda x, s, n, f: x * (1 + s * n[:, :1] / np.hypot(*x.T)[:, None]),
        ),
        (
            "noise times the points",
            "The points of the circles are multiplied by 1 plus the noise",
            lambda x, s, n, f: x * (1 + s * n),
        ),
    ),
)
