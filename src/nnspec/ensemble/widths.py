"""The ranges that are derived from the values of an ensemble's members."""

from __future__ import annotations

import numpy as np

from nnspec.reference.values import Array
from nnspec.runs.envelope import BLIND, FACTOR, floor


def interval(values: Array, precision: str) -> list[float] | None:
    """The range of the members' values, widened by at least the floor; None if it is too wide to judge by."""
    least, greatest = widen(values, precision)
    middle = abs(float(np.median(values)))
    least_wide = FACTOR[precision] * floor(precision) * middle
    return [least - least_wide, greatest + least_wide] if greatest - least <= 2 * BLIND * middle else None


def widen(values: Array, precision: str) -> tuple[float, float]:
    """The median, minus and plus the factor times the greatest distance from it."""
    middle = float(np.median(values))
    wide = FACTOR[precision] * float(np.abs(values - middle).max())
    return middle - wide, middle + wide


def round_up(value: float, digits: int = 3) -> float:
    """A number rounded up to a few digits."""
    unit = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
    return float(f"{np.ceil(value / unit) * unit:.{digits}g}")
