"""Points of the plane that no data set holds, to ask a trained classifier about."""

from __future__ import annotations

import numpy as np

from nnspec.reference.values import Array


def circle(radius: float, points: int = 100) -> Array:
    """Points (N, 2) at equal distances on the circle around the origin."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
