"""Decays of the learning rate that people type instead of the documents': formulas, each for one kind of schedule.

The documents have μ · decay^⌊t / every⌋ (step), μ · exp(−decay · t) (exponential) and μ / (1 + decay · t)
(inverse_time), with t counted from 0. Here d is decay, n is every, T the iterations of the
run, and μ the initial rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple


class Run(NamedTuple):
    """The training that an iteration is a part of: its iterations, 0 if unknown, and its batches a pass."""

    iterations: int = 0
    batches_a_pass: int = 1


#: From μ, decay, every, the time t and the run: the rate.
Rate = Callable[[float, float, int, int, Run], float]


def exp(x: float) -> float:
    """exp(x), or inf where it overflows."""
    return math.exp(x) if x < 709 else math.inf


def power(base: float, exponent: float) -> float:
    """A power, or inf where it overflows; 0 for a base below 0 and an exponent that is not whole."""
    if base < 0 and exponent != int(exponent):
        return 0.0
    try:
        return float(base**exponent)
    except (OverflowError, ZeroDivisionError):
        return math.inf


@cache
def _products(decay: float) -> list[float]:
    return [1.0]


def product_of_inverse_times(decay: float, t: int) -> float:
    """Π (1 + decay · s) over s = 0 … t."""
    products = _products(decay)
    while len(products) <= t:
        products.append(min(products[-1] * (1 + decay * len(products)), 1e300))
    return products[t]


def end(decay: float, run: Run) -> float:
    """The number of iterations of a run; in an update on its own, 1/decay, or 100."""
    return float(run.iterations or (1 / decay if decay else 100))


def sum_of_floors(t: int, every: int) -> int:
    """Σ ⌊s / every⌋ over s = 0 … t."""
    full, rest = divmod(t + 1, every)
    return every * full * (full - 1) // 2 + rest * full


#: What people compute instead of each schedule: a name, a formula and the rate at time t.
FORMULAS: dict[str, tuple[tuple[str, str, Rate], ...]] = {
    "step": (
        ("without the floor", "μ · decay^(t / every)", lambda mu, d, n, t, run: mu * power(d, t / n)),
        ("every iteration", "μ · decay^t", lambda mu, d, n, t, run: mu * power(d, t)),
        (
            "compounded",
            "the last rate times decay^⌊t / every⌋",
            lambda mu, d, n, t, run: mu * power(d, sum_of_floors(t, n)),
        ),
        ("once", "μ · decay from t = every on", lambda mu, d, n, t, run: mu * (d if t >= n else 1)),
        (
            "one minus decay",
            "μ · (1 − decay)^⌊t / every⌋",
            lambda mu, d, n, t, run: mu * power(1 - d, t // n),
        ),
        ("divided", "μ / decay^⌊t / every⌋", lambda mu, d, n, t, run: mu / max(power(d, t // n), 1e-300)),
        (
            "linear steps",
            "μ · (1 − decay ⌊t / every⌋)",
            lambda mu, d, n, t, run: mu * max(0.0, 1 - d * (t // n)),
        ),
        (
            "times the number of steps",
            "μ · decay · ⌊t / every⌋, and μ before",
            lambda mu, d, n, t, run: mu * (d * (t // n) if t >= n else 1),
        ),
        ("inverse steps", "μ / (1 + decay ⌊t / every⌋)", lambda mu, d, n, t, run: mu / (1 + d * (t // n))),
        (
            "exponential of steps",
            "μ · exp(−decay ⌊t / every⌋)",
            lambda mu, d, n, t, run: mu * exp(-d * (t // n)),
        ),
        ("rounded", "μ · decay^round(t / every)", lambda mu, d, n, t, run: mu * power(d, round(t / n))),
        ("rounded up", "μ · decay^⌈t / every⌉", lambda mu, d, n, t, run: mu * power(d, -(-t // n))),
        ("squared factor", "μ · decay^(2 ⌊t / every⌋)", lambda mu, d, n, t, run: mu * power(d, 2 * (t // n))),
        ("halved", "μ / 2^⌊t / every⌋", lambda mu, d, n, t, run: mu * power(0.5, t // n)),
    ),
    "exponential": (
        ("rate per iteration", "μ · (1 − decay)^t", lambda mu, d, n, t, run: mu * power(1 - d, t)),
        ("factor", "μ · decay^t", lambda mu, d, n, t, run: mu * power(d, t)),
        ("growing", "μ · exp(+decay · t)", lambda mu, d, n, t, run: mu * exp(d * t)),
        (
            "compounded",
            "the last rate times exp(−decay · t)",
            lambda mu, d, n, t, run: mu * exp(-d * t * (t + 1) / 2),
        ),
        ("base 2", "μ · 2^(−decay · t)", lambda mu, d, n, t, run: mu * power(2, -d * t)),
        ("base 10", "μ · 10^(−decay · t)", lambda mu, d, n, t, run: mu * power(10, -d * t)),
        ("divided per iteration", "μ / (1 + decay)^t", lambda mu, d, n, t, run: mu * power(1 + d, -t)),
        ("inverse time", "μ / (1 + decay · t)", lambda mu, d, n, t, run: mu / (1 + d * t)),
        ("linear", "μ · max(0, 1 − decay · t)", lambda mu, d, n, t, run: mu * max(0.0, 1 - d * t)),
        ("of the square", "μ · exp(−decay · t²)", lambda mu, d, n, t, run: mu * exp(-d * t * t)),
        ("of the root", "μ · exp(−decay · √t)", lambda mu, d, n, t, run: mu * exp(-d * math.sqrt(t))),
        ("of t over decay", "μ · exp(−t / decay)", lambda mu, d, n, t, run: mu * exp(-t / d if d else 0)),
        (
            "over the run",
            "μ · exp(−decay · t / T), T iterations",
            lambda mu, d, n, t, run: mu * exp(-d * t / end(d, run)),
        ),
        ("without the initial rate", "exp(−decay · t)", lambda mu, d, n, t, run: exp(-d * t)),
        ("factor of the exponential", "μ · decay · exp(−t)", lambda mu, d, n, t, run: mu * d * exp(-t)),
    ),
    "inverse_time": (
        (
            "compounded",
            "the last rate over 1 + decay · t",
            lambda mu, d, n, t, run: mu / product_of_inverse_times(d, t),
        ),
        ("divided per iteration", "μ / (1 + decay)^t", lambda mu, d, n, t, run: mu * power(1 + d, -t)),
        ("of the root", "μ / √(1 + decay · t)", lambda mu, d, n, t, run: mu / math.sqrt(1 + d * t)),
        ("root of t", "μ / (1 + decay · √t)", lambda mu, d, n, t, run: mu / (1 + d * math.sqrt(t))),
        ("squared", "μ / (1 + decay · t)²", lambda mu, d, n, t, run: mu / (1 + d * t) ** 2),
        ("of the square", "μ / (1 + decay · t²)", lambda mu, d, n, t, run: mu / (1 + d * t * t)),
        (
            "of decay times t plus 1",
            "μ / (decay · (1 + t))",
            lambda mu, d, n, t, run: mu / (d * (1 + t)) if d else math.inf,
        ),
        (
            "decay over time",
            "μ · decay / (decay + t)",
            lambda mu, d, n, t, run: mu * d / (d + t) if d + t else mu,
        ),
        ("power of time", "μ / (t + 1)^decay", lambda mu, d, n, t, run: mu * power(t + 1, -d)),
        ("exponential", "μ · exp(−decay · t)", lambda mu, d, n, t, run: mu * exp(-d * t)),
        ("linear", "μ · max(0, 1 − decay · t)", lambda mu, d, n, t, run: mu * max(0.0, 1 - d * t)),
        ("without parentheses", "μ / 1 + decay · t", lambda mu, d, n, t, run: mu + d * t),
        ("growing", "μ · (1 + decay · t)", lambda mu, d, n, t, run: mu * (1 + d * t)),
        (
            "over the run",
            "μ / (1 + decay · t / T), T iterations",
            lambda mu, d, n, t, run: mu / (1 + d * t / end(d, run)),
        ),
        ("without the initial rate", "1 / (1 + decay · t)", lambda mu, d, n, t, run: 1 / (1 + d * t)),
    ),
}
