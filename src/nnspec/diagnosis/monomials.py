"""Constants that were measured, as products of a number and of the sizes in a question.

A factor is known only if it was measured in questions with other sizes: a monomial must give it in each of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

#: What the letters of a question stand for.
MEANINGS = {
    "N": "the number of examples",
    "K": "the number of classes",
    "D": "the number of inputs",
    "H": "the number of units of the layer",
    "λ": "the factor of the penalty",
    "μ": "the learning rate",
    "m": "the momentum",
}
#: The numbers that may stand before a monomial, with their names.
NUMBERS = {
    **{str(number): float(number) for number in (1, 2, 3, 4, 10)},
    **{f"1/{number}": 1 / number for number in (2, 3, 4, 10)},
    "√2": math.sqrt(2),
    "1/√2": 1 / math.sqrt(2),
    "ln 2": math.log(2),
    "1/ln 2": 1 / math.log(2),
    "1/ln 10": 1 / math.log(10),
}
_POWERS = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)


@dataclass(frozen=True)
class Monomial:
    """A number times powers of the letters; ``text`` is how it is written."""

    number: float
    powers: tuple[tuple[str, float], ...] = ()

    def value(self, symbols: Mapping[str, float]) -> float:
        """Its value for these values of the letters."""
        return self.number * math.prod(symbols[name] ** power for name, power in self.powers)

    @property
    def text(self) -> str:
        """As in ``1/N`` or ``0.1``."""
        above = [_power(name, power) for name, power in self.powers if power > 0]
        below = [_power(name, -power) for name, power in self.powers if power < 0]
        number, sign = abs(self.number), "−" if self.number < 0 else ""
        name = next((n for n, v in NUMBERS.items() if math.isclose(v, number, rel_tol=1e-9)), f"{number:.6g}")
        if name.startswith("1/") and self.powers:
            below.insert(0, name[2:])
        elif name != "1" or not above:
            above.insert(0, name if not name.startswith("1/") or self.powers else f"{number:.6g}")
        top = " · ".join(above)
        if not below:
            return sign + top
        return f"{sign}{top}/{below[0]}" if len(below) == 1 else f"{sign}{top}/({' · '.join(below)})"

    @property
    def glossary(self) -> str:
        """What its letters stand for, in brackets; "" if it has none."""
        named = [f"{name} is {MEANINGS[name]}" for name, _ in self.powers if name in MEANINGS]
        return f" ({', '.join(named)})" if named else ""


def _power(name: str, power: float) -> str:
    return {1.0: name, 2.0: f"{name}²", 0.5: f"√{name}"}[power]


def read(
    values: Sequence[float], symbols: Sequence[Mapping[str, float]], tolerance: float
) -> Monomial | None:
    """The simplest monomial with these values in these questions; None if there is none.

    A plain number must be the same in all of them. tolerance: relative, of each value.
    """
    numbers = np.asarray(values, dtype=float)
    if not len(numbers) or not np.isfinite(numbers).all():
        return None
    if not numbers.any():
        return Monomial(0.0)
    if not numbers.all():
        return None
    if np.allclose(numbers, numbers[0], rtol=tolerance, atol=0):
        return Monomial(_nearest(float(numbers[0]), tolerance))
    letters = tuple(sorted(set.intersection(*(set(each) for each in symbols))))
    for powers in _combinations(letters):
        scale = [math.prod(each[name] ** power for name, power in powers) for each in symbols]
        rest = numbers / scale
        if np.allclose(rest, rest[0], rtol=tolerance, atol=0):
            number = next(
                (n for n in NUMBERS.values() if math.isclose(n, abs(rest[0]), rel_tol=tolerance)), None
            )
            if number is None and len(powers) == 1 and abs(powers[0][1]) == 1:
                number = _short(abs(float(rest[0])), tolerance)
            if number is not None:
                return Monomial(math.copysign(number, rest[0]), powers)
    return None


def _short(value: float, tolerance: float) -> float | None:
    """A number of at most two digits, if the value is one."""
    short = float(f"{value:.2g}")
    return short if math.isclose(short, value, rel_tol=max(tolerance, 1e-12)) else None


def _nearest(value: float, tolerance: float) -> float:
    """A number with a name or few digits, if the value is one up to the tolerance."""
    named = [math.copysign(number, value) for number in NUMBERS.values()]
    short = [float(f"{value:.{digits}g}") for digits in (1, 2, 3, 4)]
    return next((n for n in (*named, *short) if math.isclose(n, value, rel_tol=max(tolerance, 1e-12))), value)


@cache
def _combinations(letters: tuple[str, ...]) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Powers of one letter, then of two, the simplest first."""
    return tuple(
        sorted(_all_combinations(letters), key=lambda powers: sum(_cost(power) for _, power in powers))
    )


def _all_combinations(letters: tuple[str, ...]) -> Iterator[tuple[tuple[str, float], ...]]:
    for count in (1, 2):
        for names in itertools.combinations(letters, count):
            for powers in itertools.product(_POWERS, repeat=count):
                yield tuple(zip(names, powers, strict=True))


def _cost(power: float) -> float:
    return {1.0: 1.0, -1.0: 1.1, 2.0: 2.0, -2.0: 2.1, 0.5: 2.2, -0.5: 2.3}[power]
