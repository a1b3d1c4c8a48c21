"""The formulas of the initial parameters: weights and biases, by the documents' recipes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import fitted_initialization, formulas, tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.documents.experiments import FAN_IN, SMALL, SMALL_WITH_BIASES
from nnspec.judging import cases
from nnspec.reference.values import Initialization

WEIGHTS, BIASES = "the initial weights", "the initial biases"
#: A recipe that no document has, which tells the scale from 1 where fan_in is asked for.
SCALED: Initialization = {"scale": 0.4, "fan_in": True, "biases": "normals"}
#: Sizes of the questions, which differ from each other; as many layers are asked about as are supported.
_SIZES = ((7, 11, 5), (13, 9, 4), (6, 10, 8, 3), (12, 5))


def initialization_formulas(support: Support) -> Iterator[Formula]:
    """The formulas of ``initialize``."""
    fitted, several = fitted_initialization, len(support.activations) > 1
    for kind, name, choices in (
        ("weights", WEIGHTS, tables.initial_weights),
        ("biases", BIASES, tables.initial_biases),
    ):
        for activation in support.activations:
            weights = partial(fitted.weights, activation if several else "")
            fits = (fitted.constants, weights) if kind == "weights" else (fitted.biases,)
            yield Formula(
                "initialize",
                f"{name} ({activation})",
                tuple(
                    Measurement(partial(_parameters, kind, arguments), network=arguments)
                    for arguments in questions(support, activation)
                ),
                fits=fits,
                choices=partial(choices, activation),
                hooks=formulas.INITIAL,
                activation=activation,
            )


def questions(support: Support, activation: str) -> Iterator[dict[str, Any]]:
    """The arguments of ``initialize`` for each recipe of the documents, one more, and each of a few sizes."""
    sizes = dict.fromkeys(cases.sizes_for(support, like) for like in _SIZES)
    for place, each in enumerate(sizes):
        for recipe in (SMALL, FAN_IN, SMALL_WITH_BIASES, SCALED):
            yield arguments_of(each, activation, recipe, place)


def arguments_of(
    sizes: tuple[int, ...], activation: str, recipe: Initialization, seed: int
) -> dict[str, Any]:
    """The arguments of ``initialize`` with the normals of a seed."""
    return {
        "normals": cases.like(np.random.default_rng(seed), sizes),
        "sizes": list(sizes),
        "activation": activation,
        "initialization": recipe,
    }


def _parameters(kind: str, arguments: Mapping[str, Any], ask: Ask) -> Parts:
    """The weights or the biases of each layer."""
    return {f"{kind}[{i}]": array for i, array in enumerate(ask("initialize", dict(arguments))[kind])}
