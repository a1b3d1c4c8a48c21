"""The choices of each formula, as mistakes that can be tried."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from nnspec.mistakes import catalogue
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices import (
    Choice,
    with_activation,
    with_data,
    with_derivative,
    with_error_of,
    with_function,
    with_initializer,
    with_initializer_of,
    with_loop,
    with_loss,
    with_momentum,
    with_momentum_in_gradient_descent,
    with_optimizer,
    with_outputs,
    with_penalty,
    with_penalty_gradient,
    with_schedule,
    with_schedule_of,
    with_score_gradient,
)
from nnspec.mistakes.choices.activations import ACTIVATIONS, DERIVATIVES, Activation
from nnspec.mistakes.choices.array_slips import SLIPS, with_slip
from nnspec.mistakes.choices.backward_classes import with_backward_slips, with_hidden_before_activation
from nnspec.mistakes.choices.batch_gradients import with_batch_gradients
from nnspec.mistakes.choices.circles import CIRCLES
from nnspec.mistakes.choices.data import DATA
from nnspec.mistakes.choices.function_classes import NAMES
from nnspec.mistakes.choices.generators import with_generator
from nnspec.mistakes.choices.gradient_clips import with_gradient_clips
from nnspec.mistakes.choices.initializers import INITIALIZERS
from nnspec.mistakes.choices.layer_classes import (
    LAYERS,
    with_activated_scores,
    with_activation_in,
    with_gradients_of_inputs,
    with_ones_through_activation,
    with_score_activation,
    without_bias_gradients,
    without_biases,
)
from nnspec.mistakes.choices.loops import LOOPS
from nnspec.mistakes.choices.losses import FORMS, SLIPPED_FORMS, Form, products
from nnspec.mistakes.choices.memory_order import (
    BIAS_ROWS,
    ORDERS,
    with_gradients_in_the_other_order,
    with_misread_normals,
    with_misread_weights,
)
from nnspec.mistakes.choices.momentum import MOMENTA
from nnspec.mistakes.choices.moons import MOONS
from nnspec.mistakes.choices.optimizers import OPTIMIZERS
from nnspec.mistakes.choices.outputs import OUTPUT_FUNCTIONS
from nnspec.mistakes.choices.penalties import PENALTIES, Penalty
from nnspec.mistakes.choices.penalties import products as penalty_products
from nnspec.mistakes.choices.penalty_slips import slipped_penalties
from nnspec.mistakes.choices.placed_initializers import IDENTITY, PLACES
from nnspec.mistakes.choices.predicted_labels import LABELS
from nnspec.mistakes.choices.prediction_class import with_prediction
from nnspec.mistakes.choices.predictions import INPUTS, NETWORKS, PREDICTIONS
from nnspec.mistakes.choices.programs import RIGHT_DERIVATIVES
from nnspec.mistakes.choices.schedules import SCHEDULES
from nnspec.mistakes.choices.slipped_rows import (
    counted_from_one,
    slipped_derivatives,
    slipped_functions,
    slipped_losses,
    slipped_schedules,
)
from nnspec.mistakes.choices.spiral import SPIRAL

Choices = Iterable[type[Mistake]]
Row = TypeVar("Row", Form, Penalty)
#: So many labels of scores, inputs and networks are tried together with something else.
MOST = 12
#: The rows of each data set.
GENERATORS = {"spiral": SPIRAL, "moons": MOONS, "circles": CIRCLES}


def losses() -> Choices:
    """Other losses of an example, and slips with arrays."""
    yield from slips("loss")
    yield from map(with_loss, _forms())


def score_gradients() -> Choices:
    """Slips, p − t with other functions in the gradient alone, and the gradients of other losses."""
    yield from slips_of_score_gradients()
    yield from map(with_error_of, OUTPUT_FUNCTIONS[1:])
    yield from map(with_score_gradient, _forms())


def slips_of_score_gradients() -> Choices:
    """Slips with arrays, and p − t with other functions in place of softmax."""
    yield from slips("gradient")
    yield from map(with_outputs, OUTPUT_FUNCTIONS[1:])


def slips(side: str) -> Choices:
    """Slips with arrays in the "loss", the "gradient" or "softmax"."""
    return (with_slip(slip) for slip in SLIPS if side in slip.sides)


def _forms() -> list[Form]:
    """Those that people type first; never the right one, which is the first of them."""
    return _others((*FORMS, *SLIPPED_FORMS, *slipped_losses(), *products()))


def outputs() -> Choices:
    """Other functions in place of softmax, and slips with arrays."""
    yield from slips("softmax")
    yield from map(with_outputs, OUTPUT_FUNCTIONS[1:])


def penalties() -> Choices:
    """Other penalties in the loss."""
    return map(with_penalty, _penalties())


def penalty_gradients() -> Choices:
    """The gradients of other penalties."""
    return map(with_penalty_gradient, _penalties())


def _penalties() -> list[Penalty]:
    """Those that people type first; never the right one, which is the first of them."""
    return _others((*PENALTIES, *slipped_penalties(), *penalty_products()))


def _others(rows: Sequence[Row]) -> list[Row]:
    """The rows without the first, which is right; each name once."""
    by_name = {row.name: row for row in reversed(rows)}
    right = rows[0].name
    return [
        row for name in dict.fromkeys(row.name for row in rows) if name != right and (row := by_name[name])
    ]


def other_sides(mistakes: Iterable[type[Mistake]]) -> Choices:
    """What goes with the choices that were found of one side: of the loss, the gradient, and so on."""
    for mistake in mistakes:
        if issubclass(mistake, Choice):
            yield from _other_side(mistake)


def _other_side(choice: type[Choice]) -> Choices:
    row, replaced = choice.row, choice.clause.partition(".")[2]
    if isinstance(row, Form):
        yield with_score_gradient(row)
    if isinstance(row, Penalty):
        yield with_penalty_gradient(row)
    if (
        isinstance(row, Activation) and replaced in NAMES
    ):  # with the derivative that it replaces, by its formula for h
        yield with_function(row, replaced, "h")
    if choice in (orders := [*map(with_misread_weights, range(len(ORDERS)))]):
        yield from orders


def orders_of_gradients() -> Choices:
    """Gradients whose numbers come in another order."""
    return itertools.starmap(with_gradients_in_the_other_order, itertools.product(BIAS_ROWS, (False, True)))


def own_activations() -> Choices:
    """The network's activation on the scores too; with its gradient or without."""
    for of_linear in (False, True):
        yield from (with_activated_scores(has_gradient, of_linear) for has_gradient in (True, False))


def score_activations() -> Choices:
    """Activations of the scores, before softmax: the network's own, then others; with their gradients or without."""
    yield from own_activations()
    for has_gradient in (True, False):
        yield from (with_score_activation(row, has_gradient) for row in ACTIVATIONS if row.name != "identity")


def biases() -> Choices:
    """Layers without biases, or without their gradients; first all layers, which explain what one explains."""
    yield from map(without_bias_gradients, reversed(LAYERS))
    yield from (without_biases(layer, gradients) for layer in reversed(LAYERS) for gradients in (True, False))
    yield with_ones_through_activation()


def losses_of_scores() -> Choices:
    """Other losses, and what else becomes of the last biases: activations of the scores, and scaled biases."""
    yield with_ones_through_activation()
    yield from losses()
    yield from score_activations()


def score_gradients_of_scores() -> Choices:
    """The gradients of other losses, and of what becomes of the last biases: the network's own activation first."""
    yield from own_activations()
    yield with_ones_through_activation()
    yield from with_backward_slips()
    yield from with_gradient_clips()
    yield from score_gradients()
    yield from score_activations()


def hidden_scores(activation: str, supported: Sequence[str]) -> Choices:
    """Whatever may be wrong before the scores of the last layer."""
    yield from functions(activation, supported)
    yield from biases()
    yield with_gradients_of_inputs()
    yield from with_backward_slips()
    yield from map(with_misread_weights, range(len(ORDERS)))


def weight_gradients(activation: str, supported: Sequence[str]) -> Choices:
    """Whatever may be wrong before the scores, and gradients that are made smaller."""
    yield from hidden_scores(activation, supported)
    yield from with_gradient_clips()


def gradients_of_batches() -> Choices:
    """Slips with arrays, numbers of examples that are divided by again, and gradients that are made smaller."""
    yield from slips("gradient")
    yield from with_batch_gradients()
    yield from with_gradient_clips()


def scores(activation: str, supported: Sequence[str]) -> Choices:
    """Whatever may be wrong before softmax."""
    yield from hidden_scores(activation, supported)
    yield from score_activations()
    yield with_hidden_before_activation()


def predictions(activation: str, supported: Sequence[str]) -> Choices:
    """Other predictions, and whatever may be wrong with the scores that they are from."""
    yield from map(with_prediction, PREDICTIONS)
    yield from scores(activation, supported)


def predictions_of_pairs(activation: str) -> Choices:
    """Predictions that may meet in one program, in turn: labels of scores, other inputs, and other scores."""
    listed = (mistake for mistake in catalogue() if mistake.clause == "losses.predictions")
    labels = itertools.chain(listed, map(with_prediction, LABELS[:MOST]))
    changes = (
        with_prediction(row)
        for pair in itertools.zip_longest(INPUTS[:MOST], NETWORKS[:2])
        for row in pair
        if row
    )
    usual = (row for row in ACTIVATIONS if row.name in ("identity", *NAMES) and row.name != activation)
    layers = itertools.chain(
        (without_biases(layer, True) for layer in reversed(LAYERS)),
        (with_function(row, activation) for row in usual),
        (with_activated_scores(True, of_linear) for of_linear in (False, True)),
    )
    for programs in itertools.zip_longest(labels, changes, layers):
        yield from (program for program in programs if program is not None)


def generators(kind: str) -> Choices:
    """Other forms of a data set."""
    return map(with_generator, GENERATORS[kind])


def generators_of_pairs(kind: str) -> Choices:
    """Forms of a data set that may meet in one program: the catalogue's, then of each part those that come first."""
    yield from (mistake for mistake in catalogue() if mistake.clause == f"data.{kind}")
    before = Counter[str]()
    places = []
    for row in GENERATORS[kind]:
        places.append((before[row.part], row))
        before[row.part] += 1
    yield from (with_generator(row) for _, row in sorted(places, key=lambda pair: pair[0]))


def functions(activation: str, supported: Sequence[str]) -> Choices:
    """Other functions in place of an activation; then with derivatives that go with them, and in one layer only.

    supported: the activations of the program, all of which the activation of a layer may stand in for; none if there
    are no layers.
    """
    others = [*(row for row in ACTIVATIONS if row.name != activation), *slipped_functions(activation)]
    yield from (with_function(row, activation) for row in others)
    yield from (with_activation(row, activation) for row in others)
    for names in dict.fromkeys([tuple(supported), (activation,)] if supported else []):
        yield from (with_activation_in(row, layer, names) for layer in LAYERS[:2] for row in others)


def backward_slips() -> Choices:
    """Slips between the layers of a backward pass."""
    yield from with_backward_slips()


def derivatives(activation: str) -> Choices:
    """Other derivatives of an activation."""
    for row in (*DERIVATIVES, *ACTIVATIONS):
        for fed_with in "zh":
            if (row.name, fed_with) not in RIGHT_DERIVATIVES[activation]:
                yield with_derivative(row, activation, fed_with)
    yield from with_backward_slips()
    for fed_with in "hz":
        for slipped in slipped_derivatives(activation, fed_with):
            yield with_derivative(slipped, activation, fed_with)


def momenta() -> Choices:
    """Other responses of momentum, and optimisers that are called momentum."""
    yield from map(with_momentum, MOMENTA[1:])
    yield from optimizers()


def momentum_of_gradient_descent() -> Choices:
    """Momentum where there is none."""
    yield with_momentum_in_gradient_descent()


def optimizers() -> Choices:
    """Other optimisers, and steps that are made an iteration late."""
    yield from map(with_optimizer, OPTIMIZERS)
    yield from (with_loop(row) for row in LOOPS if row.name == "old velocity")


def schedules(kind: str) -> Choices:
    """Other schedules in place of this kind."""
    rows = [row for row in SCHEDULES if row.kind == kind]
    yield from map(with_schedule, (*rows, *map(counted_from_one, rows), *slipped_schedules(kind)))
    yield from map(with_schedule_of, ("weights", "biases"))


def loops() -> Choices:
    """Other loops, optimisers, and data that are changed before they are used."""
    yield from map(with_loop, LOOPS)
    yield from map(with_optimizer, OPTIMIZERS)
    yield from map(with_data, DATA)


def loops_of_pairs() -> Choices:
    """Loops that may meet in one program: of those that differ in a number alone, the first."""
    by_words = {re.sub(r"[0-9][0-9.e-]*", "", row.phrase): row for row in reversed(LOOPS)}
    chosen = set(by_words.values())
    return (with_loop(row) for row in LOOPS if row in chosen)


def initial_weights(activation: str) -> Choices:
    """Other initial weights: of all layers, of the first or the last alone, then with this activation alone."""
    rows = [*(row for row in INITIALIZERS if row.weights is not None), IDENTITY]
    yield from map(with_initializer, rows)
    yield from (with_initializer_of(row, layer) for layer in PLACES for row in rows if row.biases is None)
    yield from (with_initializer_of(row, "", activation) for row in rows if row.biases is None)
    yield with_misread_normals()


def initial_biases(activation: str) -> Choices:
    """Other initial biases, whatever the activation is."""
    del activation
    return (with_initializer(row) for row in INITIALIZERS if row.biases is not None)
