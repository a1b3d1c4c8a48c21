"""Variants with a wrong constant: learning rate, penalty, momentum, hidden size, activation, initial weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nnspec.documents.experiments import Experiment
from nnspec.reference.values import Initialization
from nnspec.training_log.variant import Variant

#: The usual factors by which a learning rate or a penalty's strength is wrong.
FACTORS = (0.1, 10.0, 0.5, 2.0, 0.01, 100.0, 0.2, 5.0)
#: Hidden sizes that people choose.
HIDDEN_SIZES = (3, 4, 5, 10, 20, 50, 100, 200)
#: Usual values of momentum other than 0.9.
MOMENTA = (0.0, 0.5, 0.8, 0.95, 0.99)
#: Usual standard deviations of initial weights.
SCALES = (0.01, 0.1, 0.001, 1.0, 0.05, 0.02)


def constants(experiment: Experiment) -> Iterator[Variant]:
    """A wrong learning rate, penalty, momentum, hidden size or activation."""
    optimizer, objective, sizes = experiment.optimizer, experiment.objective, experiment.sizes
    rate, momentum, l2 = optimizer["learning_rate"], optimizer["momentum"], objective["l2"]
    for value in (rate * factor for factor in FACTORS):
        yield with_constant(
            experiment,
            "learning rate",
            f"{value:g}",
            f"{rate:g}",
            optimizer={**optimizer, "learning_rate": value},
        )
    for value in [0.0, *(l2 * factor for factor in FACTORS)] if l2 else [1e-3, 1e-2, 0.1]:
        yield with_constant(
            experiment,
            "strength of the penalty",
            f"{value:g}",
            f"{l2:g}",
            objective={**objective, "l2": value},
        )
    for value in MOMENTA if optimizer["method"] == "momentum" else ():
        yield with_constant(
            experiment, "momentum", f"{value:g}", f"{momentum:g}", optimizer={**optimizer, "momentum": value}
        )
    if optimizer["method"] == "gradient_descent":
        used = {**optimizer, "method": "momentum", "momentum": 0.9}
        yield with_constant(experiment, "momentum", "0.9", "0 (plain gradient descent)", optimizer=used)
    for hidden in HIDDEN_SIZES if len(sizes) > 2 else ():
        if hidden != sizes[1]:
            changed = (sizes[0], hidden, *sizes[2:])
            yield with_constant(
                experiment, "number of hidden units", str(hidden), str(sizes[1]), sizes=changed
            )
    for activation in ("relu", "tanh", "logistic") if len(sizes) > 2 else ():
        if activation != experiment.activation:
            yield with_constant(
                experiment, "activation", activation, experiment.activation, activation=activation
            )


def initializations(experiment: Experiment) -> Iterator[Variant]:
    """Initial weights of another size."""
    initialization = experiment.initialization
    he = [] if initialization["fan_in"] else [(2**0.5, True)]  # with fan_in it is a mistake of the catalogue
    sizes = [*((scale, False) for scale in SCALES), (1.0, True), *he, (0.0, False)]
    for scale, fan_in in sizes:
        changed: Initialization = {**initialization, "scale": scale, "fan_in": fan_in}
        if changed != initialization:
            size, expected = _size(changed), _size(initialization)
            yield with_constant(experiment, "initial weights", size, expected, initialization=changed)


def _size(initialization: Initialization) -> str:
    """The distribution of initial weights."""
    return f"{initialization['scale']:.4g} · N(0, 1){'/√fan_in' if initialization['fan_in'] else ''}"


def with_constant(experiment: Experiment, what: str, value: str, expected: str, **changes: Any) -> Variant:
    """The correct program with another constant."""
    verb = "are" if what.endswith("s") else "is"
    about, fix = f"The {what} {verb} {value}, not {expected}.", f"Set the {what} to {expected}."
    return Variant(f"{what} {value}", about, fix, replace(experiment, **changes))
