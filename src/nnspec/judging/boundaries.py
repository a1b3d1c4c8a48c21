"""Inputs near the boundaries between the classes of a network, where the smallest difference of two scores decides."""

from __future__ import annotations

from functools import partial

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Network

#: How near to a boundary points are, relative to the distance of two points on its two sides.
NEAR = (0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6, 1e-9)
#: How often the distance between two points is halved, and how many pairs of points are drawn.
_HALVINGS, _PAIRS = 50, 60


def points_near_boundaries(network: Network, random: np.random.Generator) -> Array:
    """Random points (M, D), and points near where the class changes on the line between two of them."""
    predict = partial(Reference().predict, network)
    low, high = 2 * random.standard_normal((2, _PAIRS, len(network["weights"][0])))
    there = predict(low)
    apart = there != predict(high)
    inside, outside, there = low[apart], high[apart], there[apart]
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        same = (predict(middle) == there)[:, None]
        inside, outside = np.where(same, middle, inside), np.where(same, outside, middle)
    beside = [inside + near * (low[apart] - high[apart]) for near in NEAR]
    beyond = [outside - near * (low[apart] - high[apart]) for near in NEAR]
    return np.concatenate([low, high, *beside, *beyond])
