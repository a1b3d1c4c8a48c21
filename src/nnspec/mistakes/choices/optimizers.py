"""Optimisers that people choose instead of gradient descent or momentum, with their usual constants.

A step is from the arrays of all parameters, their gradients and the state to the steps and the new state. The state is
{} before the first step. μ is the learning rate, t the number of the step from 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnspec.mistakes.base import format_constant
from nnspec.reference.values import Array

State = dict[str, Any]
#: From the state, the parameters, the gradients and the rate: the steps, and the new state.
Step = Callable[[State, list[Array], list[Array], float], tuple[list[Array], State]]
#: From gradient, parameter, rate, number of the step and registers of one array: its step, and the new registers.
ArrayStep = Callable[..., tuple[Array, ...]]


@dataclass(frozen=True)
class OptimizerChoice:
    """An optimiser; its phrase follows "the optimiser is"; constants: their names and values.

    before: what it does to the gradients before a step that may be any, if that is all; documents: those in which it is
    right; clause: one that it breaks.
    """

    name: str
    phrase: str
    formula: str
    step: Step = field(compare=False, repr=False)
    constants: tuple[tuple[str, float], ...] = ()
    documents: tuple[str, ...] = ()
    clause: str = "updates.gradient-descent"
    before: str = ""


def of_each(function: ArrayStep, *starts: float) -> Step:
    """The step that treats every array by itself, with registers that start at these numbers."""

    def step(
        state: State, parameters: list[Array], gradients: list[Array], rate: float
    ) -> tuple[list[Array], State]:
        count = state.get("count", 0) + 1
        old = state.get("registers") or [[np.full_like(theta, x) for x in starts] for theta in parameters]
        answers = [
            function(g, theta, rate, count, *registers)
            for g, theta, registers in zip(gradients, parameters, old, strict=True)
        ]
        return [answer[0] for answer in answers], {
            "count": count,
            "registers": [list(answer[1:]) for answer in answers],
        }

    return step


def _length(arrays: list[Array]) -> float:
    return math.sqrt(sum(float((array * array).sum()) for array in arrays))


def _choice(name: str, phrase: str, formula: str, step: Step, **constants: float) -> OptimizerChoice:
    given = ", ".join(f"{key} = {format_constant(value)}" for key, value in constants.items())
    label = " ".join([name, *(f"{format_constant(value)}" for value in constants.values())])
    about = f"{phrase} ({given})" if given else phrase
    return OptimizerChoice(label, about, formula, step, tuple(constants.items()))


# ---- averages of squares ----


def adam(
    beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, kind: str = "adam"
) -> OptimizerChoice:
    """Adam, or one of its kin: adam, uncorrected, amsgrad, nadam, adamax, epsilon_inside, epsilon_hat."""

    def step(g: Array, theta: Array, mu: float, t: int, m: Array, v: Array, top: Array) -> tuple[Array, ...]:
        m = beta1 * m + (1 - beta1) * g
        v = np.maximum(beta2 * v, np.abs(g)) if kind == "adamax" else beta2 * v + (1 - beta2) * g * g
        top = np.maximum(top, v)
        c1, c2 = 1 - beta1**t, 1 - beta2**t
        ahead = m
        if kind == "nadam":
            ahead = beta1 * m / (1 - beta1 ** (t + 1)) * c1 + (1 - beta1) * g
        if kind == "adamax":
            return -mu / c1 * m / (v + epsilon), m, v, top
        if kind == "uncorrected":
            return -mu * m / (np.sqrt(v) + epsilon), m, v, top
        if kind == "epsilon_inside":
            return -mu / c1 * m / np.sqrt(v / c2 + epsilon), m, v, top
        if kind == "epsilon_hat":
            return -mu * math.sqrt(c2) / c1 * m / (np.sqrt(v) + epsilon), m, v, top
        root = np.sqrt((top if kind == "amsgrad" else v) / c2)
        return -mu / c1 * ahead / (root + epsilon), m, v, top

    phrase, formula = _KIN[kind]
    step_of_all = of_each(step, 0.0, 0.0, 0.0)
    return _choice(kind.replace("_", " "), phrase, formula, step_of_all, β1=beta1, β2=beta2, ε=epsilon)


_KIN = {
    "adam": ("Adam", "M ← β1 M + (1 − β1)∇; S ← β2 S + (1 − β2)∇²; θ ← θ − μ M̂ / (√Ŝ + ε)"),
    "uncorrected": ("Adam without the correction of its averages", "θ ← θ − μ M / (√S + ε)"),
    "amsgrad": ("AMSGrad", "θ ← θ − μ M̂ / (√max Ŝ + ε)"),
    "nadam": ("Nadam", "θ ← θ − μ (β1 M̂ + (1 − β1)∇ / (1 − β1^t)) / (√Ŝ + ε)"),
    "adamax": ("Adamax", "S ← max(β2 S, |∇|); θ ← θ − μ M̂ / (S + ε)"),
    "epsilon_hat": ("Adam as Keras has it", "θ ← θ − μ √(1 − β2^t) / (1 − β1^t) · M / (√S + ε)"),
    "epsilon_inside": ("Adam with ε inside the root", "θ ← θ − μ M̂ / √(Ŝ + ε)"),
}


def adamw(
    decay: float = 0.01, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
) -> OptimizerChoice:
    """Adam with decoupled weight decay."""
    inner = adam(beta1, beta2, epsilon).step

    def step(
        state: State, parameters: list[Array], gradients: list[Array], rate: float
    ) -> tuple[list[Array], State]:
        steps, state = inner(state, parameters, gradients, rate)
        return [s - rate * decay * theta for s, theta in zip(steps, parameters, strict=True)], state

    formula = "θ ← θ − μ M̂ / (√Ŝ + ε) − μ d θ"
    return _choice("adamw", "AdamW", formula, step, d=decay, β1=beta1, β2=beta2, ε=epsilon)


def rmsprop(rho: float = 0.9, epsilon: float = 1e-8, inside: bool = False) -> OptimizerChoice:
    """RMSprop, with ε outside or inside the root."""

    def step(g: Array, theta: Array, mu: float, t: int, v: Array) -> tuple[Array, ...]:
        v = rho * v + (1 - rho) * g * g
        return -mu * g / (np.sqrt(v + epsilon) if inside else np.sqrt(v) + epsilon), v

    root = "√(S + ε)" if inside else "(√S + ε)"
    name, phrase = ("rmsprop inside", "RMSprop with ε inside the root") if inside else ("rmsprop", "RMSprop")
    return _choice(
        name, phrase, f"S ← ρS + (1 − ρ)∇²; θ ← θ − μ∇ / {root}", of_each(step, 0.0), ρ=rho, ε=epsilon
    )


def adagrad(epsilon: float = 1e-10, start: float = 0.0, inside: bool = False) -> OptimizerChoice:
    """Adagrad, with a sum of squares that starts at a number."""

    def step(g: Array, theta: Array, mu: float, t: int, v: Array) -> tuple[Array, ...]:
        v = v + g * g
        return -mu * g / (np.sqrt(v + epsilon) if inside else np.sqrt(v) + epsilon), v

    root = "√(S + ε)" if inside else "(√S + ε)"
    name = "adagrad inside" if inside else "adagrad"
    phrase = "Adagrad with ε inside the root" if inside else "Adagrad"
    formula = f"S ← S + ∇²; θ ← θ − μ∇ / {root}"
    return _choice(name, phrase, formula, of_each(step, start), ε=epsilon, S0=start)


def adadelta(rho: float = 0.9, epsilon: float = 1e-6) -> OptimizerChoice:
    """Adadelta, times the learning rate."""

    def step(g: Array, theta: Array, mu: float, t: int, v: Array, u: Array) -> tuple[Array, ...]:
        v = rho * v + (1 - rho) * g * g
        change = g * np.sqrt(u + epsilon) / np.sqrt(v + epsilon)
        return -mu * change, v, rho * u + (1 - rho) * change * change

    formula = "S ← ρS + (1 − ρ)∇²; Δ = √(U + ε) / √(S + ε) ∇; U ← ρU + (1 − ρ)Δ²; θ ← θ − μΔ"
    return _choice("adadelta", "Adadelta", formula, of_each(step, 0.0, 0.0), ρ=rho, ε=epsilon)


# ---- signs and lengths ----


def rprop(up: float = 1.2, down: float = 0.5) -> OptimizerChoice:
    """Rprop as PyTorch has it: steps that start at μ, and no step where the sign changes."""

    def step(g: Array, theta: Array, mu: float, t: int, last: Array, size: Array) -> tuple[Array, ...]:
        size = np.full_like(theta, mu) if t == 1 else size
        same = np.sign(g * last)
        size = np.clip(size * np.where(same > 0, up, np.where(same < 0, down, 1.0)), 1e-6, 50.0)
        g = np.where(same < 0, 0.0, g)
        return -size * np.sign(g), g, size

    formula = "θ ← θ − s sign(∇); s grows where the sign stays and shrinks where it changes"
    return _choice("rprop", "Rprop", formula, of_each(step, 0.0, 0.0), up=up, down=down)


def lion(beta1: float = 0.9, beta2: float = 0.99) -> OptimizerChoice:
    """Lion, without weight decay."""

    def step(g: Array, theta: Array, mu: float, t: int, m: Array) -> tuple[Array, ...]:
        return -mu * np.sign(beta1 * m + (1 - beta1) * g), beta2 * m + (1 - beta2) * g

    formula = "θ ← θ − μ sign(β1 M + (1 − β1)∇); M ← β2 M + (1 − β2)∇"
    return _choice("lion", "Lion", formula, of_each(step, 0.0), β1=beta1, β2=beta2)


def lars(trust: float = 0.001) -> OptimizerChoice:
    """A rate for each array, in proportion to ‖θ‖ / ‖∇‖, as in LARS."""

    def step(g: Array, theta: Array, mu: float, t: int) -> tuple[Array, ...]:
        length, slope = _length([theta]), _length([g])
        return (-mu * (trust * length / slope if length > 0 and slope > 0 else 1.0) * g,)

    return _choice("lars", "LARS", "θ ← θ − μ c ‖θ‖/‖∇‖ ∇ for each array", of_each(step), c=trust)


def sign_descent() -> OptimizerChoice:
    """Only the signs of the gradients."""
    step = of_each(lambda g, theta, mu, t: (-mu * np.sign(g),))
    phrase = "gradient descent by the signs of the gradients"
    choice = _choice("sign descent", phrase, "θ ← θ − μ sign(∇)", step)
    return replace(choice, before="the gradients are replaced by their signs")


def clipped_values(limit: float) -> OptimizerChoice:
    """Every number of the gradients clipped."""
    step = of_each(lambda g, theta, mu, t: (-mu * np.clip(g, -limit, limit),))
    phrase = "gradient descent with clipped gradients"
    choice = _choice("clipped values", phrase, "θ ← θ − μ max(−c, min(c, ∇))", step, c=limit)
    before = f"every number of the gradients is clipped to ±{limit:g}"
    return replace(choice, clause="updates.stored-states", before=before)


def _scaled(factor: Callable[[float], float], together: bool) -> Step:
    """Gradients times a factor of their length, of all arrays together or of each."""

    def step(
        state: State, parameters: list[Array], gradients: list[Array], rate: float
    ) -> tuple[list[Array], State]:
        lengths = [_length(gradients if together else [g]) for g in gradients]
        return [-rate * factor(length) * g for length, g in zip(lengths, gradients, strict=True)], {}

    return step


def clipped_norm(limit: float, together: bool = True) -> OptimizerChoice:
    """Gradients scaled down to a length, of all arrays together or of each."""
    of = "all gradients together" if together else "the gradient of each array"
    step = _scaled(lambda length: min(1.0, limit / length) if length > 0 else 1.0, together)
    name = "clipped norm" if together else "clipped norms"
    phrase = f"gradient descent with the length of {of} clipped"
    choice = _choice(name, phrase, "θ ← θ − μ min(1, c/‖∇‖) ∇", step, c=limit)
    return replace(choice, before=f"the length of {of} is clipped to {limit:g}")


def normalized(together: bool = True) -> OptimizerChoice:
    """Gradients divided by their length, of all arrays together or of each."""
    of = "all gradients together" if together else "the gradient of each array"
    step = _scaled(lambda length: 1 / length if length > 0 else 0.0, together)
    name = "normalized" if together else "normalized arrays"
    choice = _choice(name, f"gradient descent by {of} divided by the length", "θ ← θ − μ∇/‖∇‖", step)
    return replace(choice, before=f"{of} {'are' if together else 'is'} divided by the length")


def decoupled_decay(decay: float, with_rate: bool = True) -> OptimizerChoice:
    """Gradient descent that also shrinks every parameter."""
    step = of_each(lambda g, theta, mu, t: (-mu * g - (mu if with_rate else 1.0) * decay * theta,))
    name, factor = ("decoupled decay", "μ d") if with_rate else ("decay without the rate", "d")
    phrase = "gradient descent that shrinks every parameter"
    return _choice(name, phrase, f"θ ← θ − μ∇ − {factor} θ", step, d=decay)


def fixed_momentum(momentum: float, nesterov: bool = False) -> OptimizerChoice:
    """Momentum with a factor of its own, whatever is asked for."""

    def step(g: Array, theta: Array, mu: float, t: int, v: Array) -> tuple[Array, ...]:
        v = momentum * v - mu * g
        return (momentum * v - mu * g if nesterov else v), v

    name, phrase = ("nesterov with", "Nesterov's momentum") if nesterov else ("momentum with", "momentum")
    formula = "V ← mV − μ∇; θ ← θ + " + ("mV − μ∇" if nesterov else "V")
    return replace(_choice(name, phrase, formula, of_each(step, 0.0), m=momentum), clause="updates.momentum")


#: What gradients, or their lengths, are clipped to.
LIMITS = (1.0, 5.0, 0.5, 10.0, 0.1, 2.0, 0.25, 0.05, 0.01, 0.001)
#: Every optimiser with usual constants, the most likely first.
OPTIMIZERS = (
    adam(),
    adam(epsilon=1e-7, kind="epsilon_hat"),
    adam(epsilon=1e-7),
    rmsprop(),
    rmsprop(0.99),
    rmsprop(0.9, 1e-7, inside=True),
    rmsprop(0.9, 1e-7),
    adagrad(),
    adagrad(1e-8),
    adagrad(1e-7, 0.1, inside=True),
    adagrad(1e-7, 0.1),
    *(fixed_momentum(m) for m in (0.9, 0.5, 0.99)),
    *(fixed_momentum(m, nesterov=True) for m in (0.9,)),
    *(clipped_values(limit) for limit in LIMITS),
    *(clipped_norm(limit) for limit in LIMITS),
    *(clipped_norm(limit, together=False) for limit in LIMITS),
    adamw(),
    *(adam(kind=kind) for kind in ("uncorrected", "amsgrad", "nadam", "adamax", "epsilon_inside")),
    *(adam(epsilon=1e-7, kind=kind) for kind in ("amsgrad", "nadam", "adamax")),
    adam(beta2=0.99),
    adam(beta1=0.5),
    adam(epsilon=1e-7, kind="uncorrected"),
    adam(beta2=0.99, kind="uncorrected"),
    adam(beta2=0.0, kind="uncorrected"),
    rmsprop(inside=True),
    rmsprop(0.9, 1e-6),
    adagrad(1e-8, inside=True),
    adadelta(),
    adadelta(0.95, 1e-7),
    sign_descent(),
    normalized(),
    normalized(together=False),
    rprop(),
    lion(),
    lars(),
    *(decoupled_decay(decay) for decay in (0.01, 1e-4, 0.1)),
    decoupled_decay(1e-4, with_rate=False),
)

#: Optimisers as frameworks make them by their names, with the learning rate that is the default there.
DEFAULTS = (
    *((adam(epsilon=epsilon), 1e-3) for epsilon in (1e-8, 1e-7)),
    (adam(epsilon=1e-7, kind="epsilon_hat"), 1e-3),
    *((adam(epsilon=epsilon, kind=kind), 2e-3) for kind in ("nadam", "adamax") for epsilon in (1e-8, 1e-7)),
    *((rmsprop(0.9, 1e-7, inside=inside), 1e-3) for inside in (False, True)),
    (rmsprop(0.99), 0.01),
    (adagrad(), 0.01),
    (adagrad(1e-7, 0.1), 0.01),
    (adadelta(), 1.0),
    (adadelta(0.95, 1e-7), 1.0),
    (adamw(), 1e-3),
)
