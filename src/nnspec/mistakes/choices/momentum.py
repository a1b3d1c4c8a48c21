"""Ways of using momentum that people choose, as one step of an array, and as an exact linear recursion where one exists.

The documents' own is V ← λV − μ∇; θ ← θ + V. Here μ is the learning rate, m the momentum, g the gradient, v the
velocity as the program keeps it, Δ the step that the parameter moves by, and t the iteration, counted from 0. A
recursion is Δ_t = a g_t + b Δ_{t−1} + c g_{t−1}, from Δ = 0 and g = 0 before the first step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
#: From μ and m: the coefficients a, b and c of the recursion.
Response = Callable[[float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class Momentum:
    """A way of using momentum; its phrase is a sentence without its stop.

    response: None if no linear recursion with fixed coefficients gives its steps; kinds: the parameters that it holds
    for, while the others move as the documents say; ahead: whether the gradient is taken at θ + m·V;
    documents: those in which it is right.
    """

    name: str
    phrase: str
    formula: str
    step: Step = field(compare=False, repr=False)
    response: Response | None = field(default=None, compare=False, repr=False)
    kinds: tuple[str, ...] = ("weights", "biases")
    ahead: bool = False
    documents: tuple[str, ...] = ()


# ---- steps ----


def classical(now: Moment) -> tuple[Array, Array]:
    """V ← mV − μg; Δ = V."""
    v = now.m * now.v - now.mu * now.g
    return v, v


def _plain(now: Moment) -> tuple[Array, Array]:
    return -now.mu * now.g, -now.mu * now.g


def _kept(coefficients: Callable[[Moment], tuple[float, float]]) -> Step:
    """Δ = V = b v + a g, where the velocity is the step."""

    def step(now: Moment) -> tuple[Array, Array]:
        a, b = coefficients(now)
        v = b * now.v + a * now.g
        return v, v

    return step


def _outside(of_m: Callable[[float], tuple[float, float, float]]) -> Step:
    """V = mV + a g; Δ = −μ (b V + c g), with the rate outside; a, b and c are functions of m."""

    def step(now: Moment) -> tuple[Array, Array]:
        a, b, c = of_m(now.m)
        v = now.m * now.v + a * now.g
        return v, -now.mu * (b * v + c * now.g)

    return step


def _look_ahead_form(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, now.m * v - now.mu * now.g


def _old_velocity(now: Moment) -> tuple[Array, Array]:
    return now.m * now.v - now.mu * now.g, now.v


def _up_and_down(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v + now.mu * now.g
    return v, now.m * now.v - now.mu * now.g


def _subtracted(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, -v


def _not_stored(now: Moment) -> tuple[Array, Array]:
    return now.v, now.m * now.v - now.mu * now.g


def _last_gradient(now: Moment) -> tuple[Array, Array]:
    return -now.mu * now.g, now.m * now.v - now.mu * now.g


def _gradient_added(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, v - now.mu * now.g


def _of_the_parameter(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.theta - now.mu * now.g
    return v, v


def _replaced(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * now.g
    return v, v - now.theta


def _first_without_rate(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - (now.mu if now.v.any() else 1.0) * now.g
    return v, v


def _first_whole(now: Moment) -> tuple[Array, Array]:
    """The average that starts at the first gradient."""
    v = now.m * now.v + (1 - now.m) * now.g if now.t else 1 * now.g
    return v, -now.mu * v


def _corrected(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v + (1 - now.m) * now.g
    return v, -now.mu * v / (1 - now.m ** (now.t + 1) if now.m < 1 else 1)


def _by_sign(now: Moment) -> tuple[Array, Array]:
    v = now.m * now.v - now.mu * np.sign(now.g)
    return v, v


def _row(
    name: str,
    phrase: str,
    formula: str,
    step: Step,
    response: Response | None = None,
    **rest: Any,
) -> Momentum:
    return Momentum(name, f"{phrase}: {formula}", formula, step, response, **rest)


def _linear(
    name: str, phrase: str, formula: str, of: Callable[[float, float], tuple[float, float]]
) -> Momentum:
    """Δ = V = bV + a g, where a and b are functions of μ and m."""
    return _row(
        name,
        phrase,
        formula,
        _kept(lambda now: of(now.mu, now.m)),
        lambda mu, m: (*of(mu, m), 0.0),
    )


def quasi_hyperbolic(nu: float) -> Momentum:
    """Quasi-hyperbolic momentum: a share ν of the averaged velocity, and the rest of the gradient."""
    return _row(
        f"quasi hyperbolic {nu:g}",
        "Momentum is quasi-hyperbolic",
        f"V ← mV + (1 − m)∇; θ ← θ − μ({nu:g} V + {1 - nu:g} ∇)",
        _outside(lambda m: (1 - m, nu, 1 - nu)),
        lambda mu, m: (-mu * (1 - nu * m), m, mu * (1 - nu) * m),
    )


CLASSICAL = Momentum(
    "classical",
    "Momentum is right: V ← λV − μ∇; θ ← θ + V",
    "V ← λV − μ∇; θ ← θ + V",
    classical,
    lambda mu, m: (-mu, m, 0.0),
    documents=("roelants",),
)

#: Every way of using momentum, the documents' own first, then the most likely.
MOMENTA = (
    CLASSICAL,
    _row(
        "averaged",
        "The velocity is a running average",
        "V ← λV + (1 − λ)∇; θ ← θ − μV",
        _outside(lambda m: (1 - m, 1, 0)),
        lambda mu, m: (-mu * (1 - m), m, 0.0),
    ),
    _row(
        "nesterov",
        "Momentum is Nesterov's, as PyTorch and Keras have it",
        "V ← λV − μ∇; θ ← θ + λV − μ∇",
        _look_ahead_form,
        lambda mu, m: (-mu * (1 + m), m, mu * m),
    ),
    _row(
        "nesterov look ahead",
        "Momentum is Nesterov's: the gradient is taken at θ + λV",
        "V ← λV − μ∇(θ + λV); θ ← θ + V",
        classical,
        lambda mu, m: (-mu, m, 0.0),
        ahead=True,
    ),
    _row(
        "rate outside",
        "The learning rate multiplies the whole velocity, which a schedule shows",
        "V ← λV + ∇; θ ← θ − μV",
        _outside(lambda m: (1, 1, 0)),
        lambda mu, m: (-mu, m, 0.0),
    ),
    _row("none", "Momentum is ignored", "θ ← θ − μ∇", _plain, lambda mu, m: (-mu, 0.0, 0.0)),
    _row(
        "signs mixed",
        "The velocity is subtracted although it already has the minus",
        "V ← λV − μ∇; θ ← θ − V",
        _subtracted,
        lambda mu, m: (mu, m, 0.0),
    ),
    _linear(
        "velocity up",
        "The velocity goes up with the gradient and the parameter down",
        "V ← λV + μ∇; θ ← θ + V",
        lambda mu, m: (mu, m),
    ),
    _row(
        "velocity up parameter down",
        "The velocity is kept with the other sign than the step has",
        "V ← λV + μ∇; θ ← θ + λV_old − μ∇",
        _up_and_down,
    ),
    _linear(
        "old momentum subtracted",
        "The old velocity has the wrong sign",
        "V ← −λV − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, -m),
    ),
    _linear(
        "rate on the velocity too",
        "The learning rate multiplies the old velocity too",
        "V ← μ(λV − ∇); θ ← θ + V",
        lambda mu, m: (-mu, mu * m),
    ),
    _linear(
        "momentum on the gradient too",
        "The velocity is multiplied by λ as a whole",
        "V ← λ(V − μ∇); θ ← θ + V",
        lambda mu, m: (-mu * m, m),
    ),
    _linear(
        "momentum on the gradient twice",
        "The gradient is multiplied by λ twice",
        "V ← λV − μλ²∇; θ ← θ + V",
        lambda mu, m: (-mu * m * m, m),
    ),
    _linear(
        "factors exchanged",
        "λ and 1 − λ are exchanged in a running average",
        "V ← (1 − λ)V + λ∇; θ ← θ − μV",
        lambda mu, m: (-mu * m, 1 - m),
    ),
    _linear(
        "one minus momentum",
        "1 − λ is taken for λ",
        "V ← (1 − λ)V − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, 1 - m),
    ),
    _linear(
        "momentum on the gradient alone",
        "λ multiplies the gradient instead of the old velocity",
        "V ← V − μλ∇; θ ← θ + V",
        lambda mu, m: (-mu * m, 1.0),
    ),
    _linear(
        "without friction",
        "The old velocity is not multiplied by λ",
        "V ← V − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, 1.0),
    ),
    _linear(
        "momentum squared",
        "The old velocity is multiplied by λ²",
        "V ← λ²V − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, m * m),
    ),
    _linear(
        "momentum halved",
        "The old velocity is multiplied by λ/2",
        "V ← λV/2 − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, m / 2),
    ),
    _linear(
        "momentum doubled",
        "The old velocity is multiplied by 2λ",
        "V ← 2λV − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, 2 * m),
    ),
    _linear(
        "complete average",
        "The rate and the gradient are scaled as in a running average",
        "V ← λV − (1 − λ)μ∇; θ ← θ + V",
        lambda mu, m: (-mu * (1 - m), m),
    ),
    _row(
        "gradient added after",
        "The gradient's own step is added to the velocity's",
        "V ← λV − μ∇; θ ← θ + V − μ∇",
        _gradient_added,
        lambda mu, m: (-2 * mu, m, mu * m),
    ),
    _row(
        "old velocity",
        "The parameters move by the velocity from before its update",
        "θ ← θ + V; V ← λV − μ∇",
        _old_velocity,
        lambda mu, m: (0.0, m, -mu),
    ),
    _row(
        "last gradient alone",
        "The velocity holds the last gradient alone",
        "θ ← θ + λV − μ∇; V ← −μ∇",
        _last_gradient,
        lambda mu, m: (-mu, 0.0, -mu * m),
    ),
    _row(
        "not stored",
        "The new velocity is not stored, so V stays 0",
        "θ ← θ + (λV − μ∇)",
        _not_stored,
        lambda mu, m: (-mu, 0.0, 0.0),
    ),
    _row(
        "of the parameter",
        "λ multiplies the parameter instead of its velocity",
        "θ ← θ + λθ − μ∇",
        _of_the_parameter,
    ),
    _row(
        "parameter replaced",
        "The parameter is replaced by the velocity instead of moved by it",
        "V ← λV − μ∇; θ ← V",
        _replaced,
    ),
    _row(
        "averaged nesterov",
        "Nesterov's momentum has a running average",
        "V ← λV + (1 − λ)∇; θ ← θ − μ(λV + (1 − λ)∇)",
        _outside(lambda m: (1 - m, m, 1 - m)),
        lambda mu, m: (-mu * (1 - m) * (1 + m), m, mu * m * (1 - m)),
    ),
    quasi_hyperbolic(0.7),
    quasi_hyperbolic(0.5),
    _row(
        "biases without",
        "The biases have no momentum",
        "b ← b − μ∇",
        _plain,
        lambda mu, m: (-mu, 0.0, 0.0),
        kinds=("biases",),
    ),
    _row(
        "weights without",
        "The weights have no momentum",
        "W ← W − μ∇",
        _plain,
        lambda mu, m: (-mu, 0.0, 0.0),
        kinds=("weights",),
    ),
    _row(
        "bias corrected",
        "The velocity is a running average with Adam's correction",
        "V ← λV + (1 − λ)∇; θ ← θ − μV / (1 − λ^(t+1))",
        _corrected,
    ),
    _row(
        "average from the first gradient",
        "The velocity is a running average that starts at the first gradient, as with PyTorch's dampening",
        "V ← ∇, then λV + (1 − λ)∇; θ ← θ − μV",
        _first_whole,
    ),
    _row(
        "warm up",
        "The momentum grows at the start",
        "V ← min(1 − 1/(t + 1), λ) V − μ∇; θ ← θ + V",
        _kept(lambda now: (-now.mu, min(1 - 1 / (now.t + 1), now.m))),
    ),
    _row(
        "warm up of averages",
        "The average's factor grows at the start",
        "V ← sV + (1 − s)∇ with s = min(1 − 1/(t + 1), λ); θ ← θ − μV",
        _kept(lambda now: (-now.mu * (1 - min(1 - 1 / (now.t + 1), now.m)), min(1 - 1 / (now.t + 1), now.m))),
    ),
    _row(
        "first without the rate",
        "The first velocity lacks the learning rate",
        "V ← −∇, then λV − μ∇; θ ← θ + V",
        _first_without_rate,
    ),
    _row(
        "by sign",
        "The velocity has only the signs of the gradients",
        "V ← λV − μ sign(∇); θ ← θ + V",
        _by_sign,
    ),
)
