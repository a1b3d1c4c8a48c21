"""What a program's own random numbers are: uniform, normal or cut off, and how wide.

Each margin is so wide that numbers of the distribution leave it less than once in 10⁸ times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnspec.judging import rounding
from nnspec.mistakes.choices.activations import erf
from nnspec.reference.values import Array, Initialization

#: −ln of the chance that a margin is left, and as many standard errors of a normal estimate.
RARE, ERRORS = math.log(1e8), 6.0
#: Share of the numbers that are different from each other: fewer are not drawn one by one.
DISTINCT = 0.99
#: Fewer numbers are too few for the errors of their moments to be those of normals.
FEWEST = 1000
#: The standard deviation of a standard normal that is cut off at ±2.
CUT = 0.8796256610342398
#: The least interval that holds a width.
Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Draws:
    """Numbers of one answer, with the shape of the layer's weights and the initialization that was asked for."""

    numbers: Array
    shape: tuple[int, int]
    recipe: Initialization

    @property
    def flat(self) -> Array:
        """The numbers in a row."""
        return np.ravel(np.asarray(self.numbers, dtype=float))

    @property
    def asked(self) -> float:
        """The standard deviation that the initialization asks for."""
        return self.recipe["scale"] / (math.sqrt(self.shape[0]) if self.recipe["fan_in"] else 1.0)


@dataclass(frozen=True)
class Family:
    """A distribution around 0 of a width.

    width: the interval of its width, from its numbers; share: its distribution function, of numbers over the width;
    kurtosis, spread: its fourth moment over the square of its second, and √n times the error of that.
    """

    name: str
    width: Callable[[Array], Interval]
    share: Callable[[Array], Array]
    kurtosis: float
    spread: float

    def fits(self, numbers: Array) -> bool:
        """Whether these may be numbers of the distribution: by the fourth moment, by the greatest, and by all."""
        count = len(numbers)
        low, high = self.width(numbers)
        moment = float(np.mean(numbers**4) / np.mean(numbers**2) ** 2)
        if not low <= high or abs(moment - self.kurtosis) > ERRORS * self.spread / math.sqrt(count):
            return False
        ranks = np.arange(1, count + 1) / count
        margin = math.sqrt((RARE + math.log(2)) / (2 * count)) + 1 / count
        ordered = np.sort(numbers)
        return any(
            bool(np.max(np.abs(self.share(ordered / width) - ranks)) <= margin)
            for width in np.linspace(low, high, 9)
        )


def _greatest(numbers: Array) -> float:
    return float(np.max(np.abs(numbers)))


def _limit(numbers: Array) -> Interval:
    """Of uniform numbers: the greatest of n is within the share RARE/n of the limit."""
    greatest = _greatest(numbers)
    return greatest, greatest / (1 - RARE / len(numbers))


def _deviation(numbers: Array) -> Interval:
    """Of normals: the root of the mean square, and the greatest neither too small nor too great for it."""
    deviation, count = float(np.sqrt(np.mean(numbers**2))), len(numbers)
    error = ERRORS / math.sqrt(2 * count)
    least, most = _upper(RARE / count), _upper(1e-8 / count)
    if not least * (1 - error) <= _greatest(numbers) / deviation <= most * (1 + error):
        return math.inf, -math.inf
    return deviation * (1 - error), deviation * (1 + error)


def _upper(chance: float) -> float:
    """The number that the magnitude of a standard normal exceeds with this chance."""
    low, high = 0.0, 40.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(middle / math.sqrt(2)) > chance else (low, middle)
    return low


def _cut(numbers: Array) -> Interval:
    """Of normals cut off at ±2 deviations: the greatest is near the cut, by its chance to be so near."""
    greatest, count = _greatest(numbers), len(numbers)
    deviation, error = float(np.sqrt(np.mean(numbers**2))) / CUT, ERRORS * 0.59 / math.sqrt(count)
    least = max(greatest / 2, deviation * (1 - error))
    near = math.erfc(math.sqrt(2)) + RARE / count  # the share beyond ±2, and that of the greatest
    return least, min(greatest / _upper(near), deviation * (1 + error))


def _normal_share(numbers: Array) -> Array:
    return (1 + erf(numbers / math.sqrt(2))) / 2


def _cut_share(numbers: Array) -> Array:
    inside = math.erf(math.sqrt(2))
    return 0.5 + erf(np.clip(numbers, -2, 2) / math.sqrt(2)) / (2 * inside)


UNIFORM = Family("uniform", _limit, lambda x: np.clip((1 + x) / 2, 0, 1), 1.8, 1.15)
NORMAL = Family("normal", _deviation, _normal_share, 3.0, math.sqrt(24))
TRUNCATED = Family("truncated", _cut, _cut_share, 2.3654, 2.1)
FAMILIES = (UNIFORM, NORMAL, TRUNCATED)


def family(draws: Sequence[Draws]) -> Family | None:
    """The one distribution that all of these may be of; None if there is none, or more than one."""
    for each in draws:
        if (
            each.flat.size < FEWEST
            or len(np.unique(each.flat)) < DISTINCT * each.flat.size
            or not np.isfinite(each.flat).all()
        ):
            return None
    fitting = [one for one in FAMILIES if all(one.fits(each.flat) for each in draws)]
    return fitting[0] if len(fitting) == 1 else None


def widths(one: Family, draws: Sequence[Draws]) -> list[Interval]:
    """The interval of each width."""
    return [one.width(each.flat) for each in draws]


#: Known widths: how they are written, what to add of them, and what they are.
Width: TypeAlias = tuple[str, str, Callable[[Draws], float]]

LIMITS: tuple[Width, ...] = (
    ("√(6 / (fan_in + fan_out))", ", which is Glorot's", lambda d: math.sqrt(6 / sum(d.shape))),
    ("√(6 / fan_in)", ", which is He's", lambda d: math.sqrt(6 / d.shape[0])),
    ("√(3 / fan_in)", ", which is LeCun's", lambda d: math.sqrt(3 / d.shape[0])),
    ("1/√fan_in", ", as PyTorch has it", lambda d: 1 / math.sqrt(d.shape[0])),
    ("1/√fan_out", "", lambda d: 1 / math.sqrt(d.shape[1])),
    ("√(6 / fan_out)", "", lambda d: math.sqrt(6 / d.shape[1])),
    ("√(3 / fan_out)", "", lambda d: math.sqrt(3 / d.shape[1])),
    ("1/fan_in", "", lambda d: 1 / d.shape[0]),
    ("the scale", "", lambda d: d.recipe["scale"]),
    ("the standard deviation that is asked for", "", lambda d: d.asked),
    ("√3 times the standard deviation that is asked for", "", lambda d: math.sqrt(3) * d.asked),
)
DEVIATIONS: tuple[Width, ...] = (
    ("√(2 / (fan_in + fan_out))", ", which is Glorot's", lambda d: math.sqrt(2 / sum(d.shape))),
    ("√(2 / fan_in)", ", which is He's", lambda d: math.sqrt(2 / d.shape[0])),
    ("1/√fan_in", ", which is LeCun's", lambda d: 1 / math.sqrt(d.shape[0])),
    ("1/√fan_out", "", lambda d: 1 / math.sqrt(d.shape[1])),
    ("√(2 / fan_out)", "", lambda d: math.sqrt(2 / d.shape[1])),
    ("1/fan_in", "", lambda d: 1 / d.shape[0]),
    ("the scale", "", lambda d: d.recipe["scale"]),
    ("the size that is asked for", "", lambda d: d.asked),
)


def known_width(
    intervals: Sequence[Interval], draws: Sequence[Draws], table: Sequence[Width]
) -> Width | None:
    """The one known width that lies in all of the intervals; None if there is none, or more than one."""
    slack = 4 * rounding.Precision("float32").unit  # a limit may be reached, and be rounded
    fitting = [
        width
        for width in table
        if all(
            low * (1 - slack) <= width[2](each) <= high * (1 + slack)
            for (low, high), each in zip(intervals, draws, strict=True)
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def constant_width(intervals: Sequence[Interval]) -> str:
    """The shortest number that lies in all of the intervals, of at most three digits; "" if there is none."""
    low, high = max(each[0] for each in intervals), min(each[1] for each in intervals)
    texts = [f"{(low + high) / 2:.{digits}g}" for digits in (1, 2, 3)] if low <= high else []
    return next((text for text in texts if low * (1 - 1e-6) <= float(text) <= high), "")
