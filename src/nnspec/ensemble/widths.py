"""How wide the values of an ensemble's members are taken to be."""

from __future__ import annotations

import numpy as np

from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor


def interval(values: Array, precision: str) -> list[float] | None:
    """The values of the members, widened by no less than the floor; None where they say nothing."""
    least, greatest = widened(values, precision)
    middle = abs(float(np.median(values)))
    least_wide = FACTOR[precision] * floor(precision) * middle
    return [least - least_wide, greatest + least_wide] if greatest - least <= 2 * BLIND * middle else None


def widened(values: Array, precision: str) -> tuple[float, float]:
    """The median more or less so many times the greatest distance from it."""
    middle = float(np.median(values))
    wide = FACTOR[precision] * float(np.abs(values - middle).max())
    return middle - wide, middle + wide


def rounded_up(value: float, digits: int = 3) -> float:
    """To a few digits, and never down."""
    unit = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
    return float(f"{np.ceil(value / unit) * unit:.{digits}g}")
