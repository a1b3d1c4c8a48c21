"""Rows of the tables that are the documents' own formulas with one slip of the hand: those that nobody listed.

They are not among ``choices()``: a program that only prints its losses has no derivative and no rate to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache

import numpy as np

from nnspec.mistakes.choices.activations import ACTIVATIONS, Activation, Derivative, magnitude
from nnspec.mistakes.choices.decays import Run
from nnspec.mistakes.choices.formula_slips import Slipped, slips
from nnspec.mistakes.choices.loss_of_outputs import Loss
from nnspec.mistakes.choices.losses import Form
from nnspec.mistakes.choices.outputs import SCORES, Outputs
from nnspec.mistakes.choices.schedules import KINDS, ScheduleChoice
from nnspec.reference.values import Array

#: The formulas of functions and of their derivatives, of the input z or the output h, as people type them.
_FUNCTIONS = {"tanh": "(exp(z) - exp(-z)) / (exp(z) + exp(-z))", "logistic": "1 / (1 + exp(-z))"}
_DERIVATIVES = {
    ("tanh", "h"): ("1 - x ** 2",),
    ("tanh", "z"): ("1 - tanh(x) ** 2",),
    ("logistic", "h"): ("x * (1 - x)",),
    ("logistic", "z"): ("exp(-x) / (1 + exp(-x)) ** 2",),
}
_SCHEDULES = {
    "step": "mu * decay ** floor(t / every)",
    "exponential": "mu * exp(-decay * t)",
    "inverse_time": "mu / (1 + decay * t)",
}
#: What people feed a function with by a slip, and what they make of its value, as one types it around a function f.
_INNER: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("|z|", magnitude),
    ("−|z|", lambda z: -magnitude(z)),
    ("−z", lambda z: -z),
    ("2z", lambda z: 2 * z),
    ("z/2", lambda z: z / 2),
    ("z²", lambda z: z * z),
    ("z + 1", lambda z: z + 1),
    ("z − 1", lambda z: z - 1),
)
_OUTER: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("−{}", lambda f: -f),
    ("|{}|", magnitude),
    ("2 {}", lambda f: 2 * f),
    ("{}/2", lambda f: f / 2),
    ("{}²", lambda f: f * f),
    ("1 − {}", lambda f: 1 - f),
    ("1 + {}", lambda f: 1 + f),
    ("{} − 1/2", lambda f: f - 0.5),
)
#: Of the scores f and the score f_y of the label.
_LOSS = "log(total(exp(f))) - label"


@cache
def slipped_functions(activation: str) -> tuple[Activation, ...]:
    """The activation's formula with one slip."""
    found = slips(_FUNCTIONS[activation], "z") if activation in _FUNCTIONS else ()
    rows = [(each.formula, _like_input(each.function)) for each in found]
    right = next(row.function for row in ACTIVATIONS if row.name == activation)
    symbol = {"relu": "ReLU", "logistic": "σ"}.get(activation, activation)
    rows += [(f"{symbol}({inner})", _after(right, feed)) for inner, feed in _INNER]
    rows += [(outer.format(f"{symbol}(z)"), _after(make, right)) for outer, make in _OUTER]
    return tuple(Activation(f"{said} for {activation}", said, said, function) for said, function in rows)


def _after(last: Callable[[Array], Array], first: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """The function of what the first gives."""
    return lambda z: last(first(z))


@cache
def slipped_derivatives(activation: str, fed_with: str) -> tuple[Derivative, ...]:
    """The formula of the derivative with one slip, of what it is fed with."""
    found = [each for formula in _DERIVATIVES.get((activation, fed_with), ()) for each in slips(formula, "x")]
    found += _twice(activation, fed_with)
    return tuple(
        Derivative(f"slip {each.formula}", each.formula, each.formula, _like_input(each.function))
        for each in found
    )


def _twice(activation: str, fed_with: str) -> list[Slipped]:
    """The derivative times itself, as where two places multiply by it."""
    squares = {
        "tanh": ("(1 − x²)²", lambda x: (1 - x * x) ** 2),
        "logistic": ("(x (1 − x))²", lambda x: (x * (1 - x)) ** 2),
    }
    return [Slipped(*squares[activation])] if fed_with == "h" and activation in squares else []


def _like_input(function: Callable[..., Array]) -> Callable[[Array], Array]:
    """The function, with a number for each of the input, where a slip leaves a constant."""
    return lambda x: function(x) + 0 * x


@cache
def slipped_schedules(kind: str) -> tuple[ScheduleChoice, ...]:
    """The formula of the schedule with one slip."""
    found = (
        slips(_SCHEDULES[kind], "mu", "decay", "every", "t", greek=(("mu", "μ"),))
        if kind in _SCHEDULES
        else ()
    )
    return tuple(_schedule(kind, each) for each in found)


def counted_from_one(row: ScheduleChoice) -> ScheduleChoice:
    """The row with iterations that are counted from 1 too."""

    def rate(mu: float, decay: float, every: int, t: int, run: Run) -> float:
        return row.rate(mu, decay, every, t + 1, run)

    phrase = f"{row.phrase}; and its iterations are counted from 1"
    return replace(row, name=f"{row.name} from 1", phrase=phrase, rate=rate, documents=())


def _schedule(kind: str, slipped: Slipped) -> ScheduleChoice:
    def rate(mu: float, decay: float, every: int, t: int, run: Run) -> float:
        del run
        return float(slipped.function(mu, decay, every, t))

    phrase = f"is {slipped.formula}, instead of {KINDS[kind].formula}"
    return ScheduleChoice(f"slip {slipped.formula}", kind, phrase, slipped.formula, rate)


@cache
def slipped_losses() -> tuple[Form, ...]:
    """The loss of an example, of its scores, with one slip."""
    found = slips(_LOSS, "f", "label", greek=(("label", "f_y"),))
    return tuple(Form(SCORES, _loss(each)) for each in found if _is_a_number(each))


def _is_a_number(slipped: Slipped) -> bool:
    """Whether it gives one number an example."""
    with suppress(ValueError):  # shapes that do not go together
        return np.shape(slipped.function(np.ones((3, 2)), np.ones(3))) == (3,)
    return False


def _loss(slipped: Slipped) -> Loss:
    def function(outputs: Outputs) -> Array:
        return np.asarray(slipped.function(outputs.scores, outputs.of_label(outputs.scores)))

    return Loss(f"slip {slipped.formula}", slipped.formula, slipped.formula, function)
