"""Steps with momentum, of one array: from its velocity and its gradient to the new velocity and the step.

μ is the learning rate, m the momentum, g the gradient, v the velocity, Δ the step, t the iteration from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nnspec.reference.values import Array


class Moment(NamedTuple):
    """What a step is made from: velocity v, gradient g, parameter θ, rate μ, momentum m, iteration t from 0."""

    v: Array
    g: Array
    theta: Array
    mu: float
    m: float
    t: int


#: From a moment: the new velocity and the step Δ.
Step = Callable[[Moment], tuple[Array, Array]]
# ---- steps ----


def classical(now: Moment) -> tuple[Array, Array]:
    """V ← mV − μg; Δ = V."""
    v = now.m * now.v - now.mu * now.g
    return v, v


def plain(now: Moment) -> tuple[Array, Array]:
    return -now.mu * now.g, -now.mu * now.g


def kept(coefficients: Callable[[Moment], tuple[float, float]]) -> Step:
    """Δ = V = b v + a g, where the velocity is the step."""

    def step(now: Moment) -> tuple[Array, Array]:
        a, b = coefficients(now)
        v = b * now.v + a * now.g
        return v, v

    return step


def outside(of_m: Callable[[float], tuple[float, float, float]]) -> Step:
    """V = mV + a g; Δ = −μ (b V + c g), with the rate outside; a, b and c are functions of m."""

    def step(now: Moment) -> tuple[Array, Array]:
        a, b, c = of_m(now.m)
        v = now.m * now.v + a * now.g
        return v, -now.mu * (b * v + c * now.g)

    return step


def look_ahead_form(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, now.m * v - now.mu * now.g


def old_velocity(now: Moment) -> tuple[Array, Array]:
    return now.m * now.v - now.mu * now.g, now.v


def up_and_down(now: Moment) -> tuple[Array, Array]:
    """V = mV + μg; Δ = mV − μg with the new V."""
    v = now.m * now.v + now.mu * now.g
    return v, now.m * v - now.mu * now.g


def down_then_up(now: Moment) -> tuple[Array, Array]:
    """Δ = mV − μg with the old V; V = mV + μg."""
    return now.m * now.v + now.mu * now.g, now.m * now.v - now.mu * now.g


def subtracted(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, -v


def not_stored(now: Moment) -> tuple[Array, Array]:
    return now.v, now.m * now.v - now.mu * now.g


def last_gradient(now: Moment) -> tuple[Array, Array]:
    return -now.mu * now.g, now.m * now.v - now.mu * now.g


def gradient_added(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, v - now.mu * now.g


def overwritten(now: Moment) -> tuple[Array, Array]:
    """V = g in the gradient's own memory, where each later g comes too: then V = mg, and V + g = 2mg."""
    v = 2 * now.m * now.g if now.t else 1 * now.g
    return v, -now.mu * v


def one_memory(now: Moment) -> tuple[Array, Array]:
    """V *= m and V −= μg, where V and g are one array."""
    v = now.m * now.g
    v = v - now.mu * v
    return v, v


def overwritten_once(now: Moment) -> tuple[Array, Array]:
    """V = g in the gradient's own memory, where the second g comes; from then on V = mV + g in another one."""
    v = now.m * (now.g if now.t == 1 else now.v) + now.g
    return v, -now.mu * v


def of_the_parameter(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.theta - now.mu * now.g
    return v, v


def replaced(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, v - now.theta


def first_without_rate(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - (now.mu if now.v.any() else 1.0) * now.g
    return v, v


def first_whole(now: Moment) -> tuple[Array, Array]:
    """The average that starts at the first gradient."""
    v = now.m * now.v + (1 - now.m) * now.g if now.t else 1 * now.g
    return v, -now.mu * v


def corrected(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v + (1 - now.m) * now.g
    return v, -now.mu * v / (1 - now.m ** (now.t + 1) if now.m < 1 else 1)


def corrected_sum(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, v / (1 - now.m ** (now.t + 1) if now.m < 1 else 1)


def by_sign(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * np.sign(now.g)
    return v, v
