"""Choices: each replaces one formula of the reference by another that people use, with its sentence and its fix.

A table of formulas is a module: activations, losses (with outputs and example_losses), penalties, momentum,
optimizers, schedules, initializers, loops, data. ``with_…`` makes a program of a row. Any two programs with different
formulas compose: ``type("Both", (first, second), {})`` has both.

In: nothing.
Out: the tables, and programs that have a choice.
May use: ``nnspec.reference`` and the base of mistakes. Nothing imports this room before it needs a choice.
"""

from __future__ import annotations

from typing import Any

from nnspec.mistakes.choices.activations import derivative
from nnspec.mistakes.choices.base import Choice
from nnspec.mistakes.choices.function_classes import with_activation, with_derivative, with_function
from nnspec.mistakes.choices.loss_classes import (
    with_error_of,
    with_loss,
    with_loss_and_gradient,
    with_outputs,
    with_score_gradient,
)
from nnspec.mistakes.choices.losses import score_gradient
from nnspec.mistakes.choices.penalty_classes import (
    with_penalty,
    with_penalty_and_gradient,
    with_penalty_gradient,
)
from nnspec.mistakes.choices.placed_initializers import with_initializer_of
from nnspec.mistakes.choices.programs import alone, choices
from nnspec.mistakes.choices.training_classes import with_data, with_initializer, with_loop
from nnspec.mistakes.choices.update_classes import (
    with_momentum,
    with_momentum_in_gradient_descent,
    with_optimizer,
    with_schedule,
    with_schedule_of,
)

__all__ = [
    "Choice",
    "alone",
    "choices",
    "derivative",
    "score_gradient",
    "with_activation",
    "with_data",
    "with_derivative",
    "with_error_of",
    "with_function",
    "with_initializer",
    "with_initializer_of",
    "with_loop",
    "with_loss",
    "with_loss_and_gradient",
    "with_momentum",
    "with_momentum_in_gradient_descent",
    "with_optimizer",
    "with_outputs",
    "with_penalty",
    "with_penalty_and_gradient",
    "with_penalty_gradient",
    "with_schedule",
    "with_schedule_of",
    "with_score_gradient",
]


def __getattr__(name: str) -> Any:
    """A choice by the name of its program, so that each can be checked: nnspec.mistakes.choices:NAME."""
    if name[:1].isupper():
        for program in (*choices(), *alone()):
            if program.__name__ == name:
                return program
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
