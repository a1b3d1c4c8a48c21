"""Ways of using momentum that people choose, as one step of an array, and as a linear recursion where one exists.

The documents' own is V ← λV − μ∇; θ ← θ + V. Here μ is the learning rate, m the momentum, g the gradient, Δ the step
that the parameter moves by. A recursion is Δ_t = a g_t + b Δ_{t−1} + c g_{t−1}, from Δ = 0 and g = 0 before the first
step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nnspec.mistakes.choices.momentum_steps import (
    Step,
    by_sign,
    classical,
    corrected,
    corrected_sum,
    down_then_up,
    first_whole,
    first_without_rate,
    gradient_added,
    kept,
    last_gradient,
    look_ahead_form,
    not_stored,
    of_the_parameter,
    old_velocity,
    one_memory,
    outside,
    overwritten,
    overwritten_once,
    plain,
    replaced,
    subtracted,
    up_and_down,
)

#: From μ and m: the coefficients a, b and c of the recursion.
Response = Callable[[float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class Momentum:
    """A way of using momentum; its phrase is a sentence without its stop.

    response: None if no linear recursion with fixed coefficients gives its steps; kinds: the parameters that it holds
    for, while the others move as the documents say; ahead: whether the gradient is taken at θ + m·V;
    documents: those in which it is right; clause: one that it breaks.
    """

    name: str
    phrase: str
    formula: str
    step: Step = field(compare=False, repr=False)
    response: Response | None = field(default=None, compare=False, repr=False)
    kinds: tuple[str, ...] = ("weights", "biases")
    ahead: bool = False
    documents: tuple[str, ...] = ()
    clause: str = "updates.momentum"


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
        kept(lambda now: of(now.mu, now.m)),
        lambda mu, m: (*of(mu, m), 0.0),
    )


def quasi_hyperbolic(nu: float) -> Momentum:
    """Quasi-hyperbolic momentum: a share ν of the averaged velocity, and the rest of the gradient."""
    return _row(
        f"quasi hyperbolic {nu:g}",
        "Momentum is quasi-hyperbolic",
        f"V ← λV + (1 − λ)∇; θ ← θ − μ({nu:g} V + {1 - nu:g} ∇)",
        outside(lambda m: (1 - m, nu, 1 - nu)),
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
        outside(lambda m: (1 - m, 1, 0)),
        lambda mu, m: (-mu * (1 - m), m, 0.0),
    ),
    _row(
        "nesterov",
        "Momentum is Nesterov's, as PyTorch and Keras have it",
        "V ← λV − μ∇; θ ← θ + λV − μ∇",
        look_ahead_form,
        lambda mu, m: (-mu * (1 + m), m, mu * m),
    ),
    _row(
        "nesterov look ahead",
        "Momentum is Nesterov's: the gradient is taken at θ + λV",
        "V ← λV − μ∇(θ + λV); θ ← θ + V",
        classical,
        lambda mu, m: (-mu, m, 0.0),
        ahead=True,
        clause="training.steps",
    ),
    _row(
        "rate outside",
        "The learning rate multiplies the whole velocity, which a schedule shows",
        "V ← λV + ∇; θ ← θ − μV",
        outside(lambda m: (1, 1, 0)),
        lambda mu, m: (-mu, m, 0.0),
        documents=("cs231n", "wildml", "roelants"),  # none decides where the rate stands under a schedule
    ),
    _row("none", "Momentum is ignored", "θ ← θ − μ∇", plain, lambda mu, m: (-mu, 0.0, 0.0)),
    _row(
        "velocity subtracted",
        "The velocity is subtracted although it already has the minus",
        "V ← λV − μ∇; θ ← θ − V",
        subtracted,
        lambda mu, m: (mu, m, 0.0),
    ),
    _row(
        "velocity up parameter down",
        "The velocity goes up with the gradient, and the step goes down",
        "V ← λV + μ∇; θ ← θ + λV − μ∇",
        up_and_down,
        lambda mu, m: (-mu * (1 - m), m, mu * m),
    ),
    _row(
        "velocity up old velocity added",
        "The velocity is kept with the other sign than the step has",
        "θ ← θ + λV − μ∇; V ← λV + μ∇",
        down_then_up,
        lambda mu, m: (-mu, m, 2 * mu * m),
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
        "on the gradient too",
        "The velocity is multiplied by λ as a whole",
        "V ← λ(V − μ∇); θ ← θ + V",
        lambda mu, m: (-mu * m, m),
    ),
    _linear(
        "on the gradient twice",
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
        "subtracted from one",
        "1 − λ is taken for λ",
        "V ← (1 − λ)V − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, 1 - m),
    ),
    _linear(
        "on the gradient alone",
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
        "squared",
        "The old velocity is multiplied by λ²",
        "V ← λ²V − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, m * m),
    ),
    _linear(
        "halved",
        "The old velocity is multiplied by λ/2",
        "V ← λV/2 − μ∇; θ ← θ + V",
        lambda mu, m: (-mu, m / 2),
    ),
    _linear(
        "doubled",
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
        gradient_added,
        lambda mu, m: (-2 * mu, m, mu * m),
    ),
    _row(
        "old velocity",
        "The parameters move by the velocity from before its update",
        "θ ← θ + V; V ← λV − μ∇",
        old_velocity,
        lambda mu, m: (0.0, m, -mu),
    ),
    _row(
        "last gradient alone",
        "The velocity holds the last gradient alone",
        "θ ← θ + λV − μ∇; V ← −μ∇",
        last_gradient,
        lambda mu, m: (-mu, 0.0, -mu * m),
    ),
    _row(
        "not stored",
        "The new velocity is not stored, so V stays 0",
        "θ ← θ + (λV − μ∇)",
        not_stored,
        lambda mu, m: (-mu, 0.0, 0.0),
    ),
    _row(
        "gradient's own memory",
        "The velocity is the gradient's own array, which the next gradient overwrites",
        "V ← ∇, then 2λ∇; θ ← θ − μV",
        overwritten,
        clause="training.steps",
    ),
    _row(
        "one memory for both",
        "The velocity and the gradient are one array, so that V ← λV − μ∇ is computed of ∇ alone",
        "V ← λ∇, then V − μV; θ ← θ + V",
        one_memory,
        lambda mu, m: (m * (1 - mu), 0.0, 0.0),
        clause="training.steps",
    ),
    _row(
        "gradient's own memory at first",
        "The first velocity is the gradient's own array, which the second gradient overwrites",
        "V ← ∇, then (1 + λ)∇, then λV + ∇; θ ← θ − μV",
        overwritten_once,
        clause="training.steps",
    ),
    _row(
        "of the parameter",
        "λ multiplies the parameter instead of its velocity",
        "θ ← θ + λθ − μ∇",
        of_the_parameter,
    ),
    _row(
        "parameter replaced",
        "The parameter is replaced by the velocity instead of moved by it",
        "V ← λV − μ∇; θ ← V",
        replaced,
    ),
    _row(
        "averaged nesterov",
        "Nesterov's momentum has a running average",
        "V ← λV + (1 − λ)∇; θ ← θ − μ(λV + (1 − λ)∇)",
        outside(lambda m: (1 - m, m, 1 - m)),
        lambda mu, m: (-mu * (1 - m) * (1 + m), m, mu * m * (1 - m)),
    ),
    quasi_hyperbolic(0.7),
    quasi_hyperbolic(0.5),
    _row(
        "biases without",
        "The biases have no momentum",
        "b ← b − μ∇",
        plain,
        lambda mu, m: (-mu, 0.0, 0.0),
        kinds=("biases",),
    ),
    _row(
        "weights without",
        "The weights have no momentum",
        "W ← W − μ∇",
        plain,
        lambda mu, m: (-mu, 0.0, 0.0),
        kinds=("weights",),
    ),
    _row(
        "bias corrected",
        "The velocity is a running average with Adam's correction",
        "V ← λV + (1 − λ)∇; θ ← θ − μV / (1 − λ^(t+1))",
        corrected,
    ),
    _row(
        "bias corrected sum",
        "The velocity is divided by Adam's correction, although it is no running average",
        "V ← λV − μ∇; θ ← θ + V / (1 − λ^(t+1))",
        corrected_sum,
    ),
    _row(
        "average from the first gradient",
        "The velocity is a running average that starts at the first gradient, as with PyTorch's dampening",
        "V ← ∇, then λV + (1 − λ)∇; θ ← θ − μV",
        first_whole,
    ),
    _row(
        "warm up",
        "The momentum grows at the start",
        "V ← min(1 − 1/(t + 1), λ) V − μ∇; θ ← θ + V",
        kept(lambda now: (-now.mu, min(1 - 1 / (now.t + 1), now.m))),
    ),
    _row(
        "warm up of averages",
        "The average's factor grows at the start",
        "V ← sV + (1 − s)∇ with s = min(1 − 1/(t + 1), λ); θ ← θ − μV",
        kept(lambda now: (-now.mu * (1 - min(1 - 1 / (now.t + 1), now.m)), min(1 - 1 / (now.t + 1), now.m))),
    ),
    _row(
        "first without the rate",
        "The first velocity lacks the learning rate",
        "V ← −∇, then λV − μ∇; θ ← θ + V",
        first_without_rate,
    ),
    _row(
        "by sign",
        "The velocity has only the signs of the gradients",
        "V ← λV − μ sign(∇); θ ← θ + V",
        by_sign,
    ),
)
