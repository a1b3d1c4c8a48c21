"""Every choice as a program, the most likely first: whole ones, and those that are right but for one side."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from nnspec.mistakes.choices.activations import ACTIVATIONS, DERIVATIVES
from nnspec.mistakes.choices.array_slips import SLIPS, with_slip
from nnspec.mistakes.choices.base import Choice
from nnspec.mistakes.choices.data import DATA
from nnspec.mistakes.choices.function_classes import NAMES, with_activation, with_derivative, with_function
from nnspec.mistakes.choices.initializers import INITIALIZERS
from nnspec.mistakes.choices.layer_classes import (
    LAYERS,
    with_activated_scores,
    with_gradients_of_inputs,
    with_ones_through_activation,
    with_score_activation,
    without_bias_gradients,
    without_biases,
)
from nnspec.mistakes.choices.loops import LOOPS
from nnspec.mistakes.choices.loss_classes import (
    with_loss,
    with_loss_and_gradient,
    with_outputs,
    with_score_gradient,
)
from nnspec.mistakes.choices.losses import FORMS
from nnspec.mistakes.choices.momentum import MOMENTA
from nnspec.mistakes.choices.optimizers import DEFAULTS, OPTIMIZERS
from nnspec.mistakes.choices.outputs import OUTPUT_FUNCTIONS
from nnspec.mistakes.choices.penalties import PENALTIES
from nnspec.mistakes.choices.penalty_classes import (
    with_penalty,
    with_penalty_and_gradient,
    with_penalty_gradient,
)
from nnspec.mistakes.choices.placed_initializers import IDENTITY, PLACES, with_initializer_of
from nnspec.mistakes.choices.schedules import KINDS, SCHEDULES
from nnspec.mistakes.choices.training_classes import with_data, with_initializer, with_loop
from nnspec.mistakes.choices.update_classes import (
    with_momentum,
    with_optimizer,
    with_optimizer_at,
    with_schedule,
)

Programs = Iterator[type[Choice]]


def choices(activations: Iterable[str] = tuple(NAMES), kinds: Iterable[str] = tuple(KINDS)) -> Programs:
    """A program for each row of each table, one table after the other in turn, the most likely rows first.

    activations: the documents' activations that another stands in for; kinds: the schedules, "constant" for none.
    """
    activations, kinds = set(activations), set(kinds)
    tables: list[Programs] = [
        _activations(activations),
        map(with_momentum, MOMENTA[1:]),
        map(with_initializer, INITIALIZERS),
        map(with_loop, LOOPS),
        map(with_penalty_and_gradient, PENALTIES[1:]),
        map(with_loss_and_gradient, FORMS[1:]),
        map(with_optimizer, OPTIMIZERS),
        map(with_schedule, (row for row in SCHEDULES if row.kind in kinds)),
        map(with_data, DATA),
        itertools.starmap(with_optimizer_at, DEFAULTS),
        map(with_slip, SLIPS),
        _of_layers(),
        _initializers_of_layers(),
    ]
    for programs in itertools.zip_longest(*tables):
        yield from (program for program in programs if program is not None)


def alone(activations: Iterable[str] = tuple(NAMES)) -> Programs:
    """Programs that have one side of a choice: a function, a loss or a penalty, or its derivative or gradient."""
    activations = set(activations)
    tables: list[Programs] = [
        _functions(activations),
        _derivatives(activations),
        map(with_loss, FORMS[1:]),
        map(with_score_gradient, FORMS[1:]),
        map(with_outputs, OUTPUT_FUNCTIONS[1:]),
        map(with_penalty, PENALTIES[1:]),
        map(with_penalty_gradient, PENALTIES[1:]),
    ]
    for programs in itertools.zip_longest(*tables):
        yield from (program for program in programs if program is not None)


def _of_layers() -> Programs:
    """Layers without biases or with scaled ones, gradients of inputs, and activations of the scores."""
    yield from map(without_bias_gradients, LAYERS)
    yield with_ones_through_activation()
    yield with_gradients_of_inputs()
    yield from itertools.starmap(without_biases, itertools.product(LAYERS, (True, False)))
    yield from itertools.starmap(with_activated_scores, itertools.product((True, False), repeat=2))
    for has_gradient in (True, False):
        yield from (with_score_activation(row, has_gradient) for row in ACTIVATIONS if row.name != "identity")


def _initializers_of_layers() -> Programs:
    rows = (row for row in (IDENTITY, *INITIALIZERS) if row.biases is None)
    pairs = itertools.product(rows, PLACES)
    right = ("the same normals", "first")  # the first layer's are its own
    yield from (with_initializer_of(*pair) for pair in pairs if (pair[0].name, pair[1]) != right)


def _activations(replaced: set[str]) -> Programs:
    pairs = ((row, name) for row in ACTIVATIONS for name in NAMES if name in replaced and name != row.name)
    yield from (with_activation(*pair) for pair in pairs)


def _functions(replaced: set[str]) -> Programs:
    pairs = ((row, name) for row in ACTIVATIONS for name in NAMES if name in replaced and name != row.name)
    yield from (with_function(*pair) for pair in pairs)


def _derivatives(replaced: set[str]) -> Programs:
    """Formulas that people type, then derivatives of other activations, of z and of h."""
    for row in (*DERIVATIVES, *ACTIVATIONS):
        for name in NAMES:
            for fed_with in "zh":
                right = (row.name, fed_with) in RIGHT_DERIVATIVES[name]
                if name in replaced and not right:
                    yield with_derivative(row, name, fed_with)


#: What is right of each activation, or no different: its own derivative at z, and its formula for h.
RIGHT_DERIVATIVES = {
    "relu": {("relu", "z"), ("relu", "h"), ("positive", "z"), ("positive", "h")},
    "tanh": {("tanh", "z"), ("one minus square", "h")},
    "logistic": {("logistic", "z"), ("x times one minus x", "h")},
}
