"""Programs with other initial weights in one layer alone, or with one activation alone."""

from __future__ import annotations

from functools import cache

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.mistakes.choices.initializers import Initializer
from nnspec.mistakes.choices.training_classes import FIX, with_initializer
from nnspec.reference.values import Initialization, Network, Parameters

#: The layers that may have weights of their own, and where they are.
PLACES = {"first": 0, "last": -1}
IDENTITY = Initializer(
    "identity", "The initial weights are an identity matrix", "I", lambda d: np.eye(d.fan_in, d.fan_out)
)


@cache
def with_initializer_of(choice: Initializer, layer: str, only: str = "") -> type[Choice]:
    """The program that begins with these weights in the first or the last layer alone, or with one activation alone.

    layer: "" for all; only: the activation, "" for all. The layer of a linear classifier is its first and its last.
    """
    whole = with_initializer(choice)

    class WithInitializerOf(Choice):
        def initialize(
            self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
        ) -> Network:
            network = super().initialize(normals, sizes, activation, initialization)
            if only and activation != only:
                return network
            other = whole().initialize(normals, sizes, activation, initialization)["weights"]
            weights = [*network["weights"]]
            places = [PLACES[layer]] if layer else range(len(weights))
            for place in places:
                weights[place] = other[place]
            return {**network, "weights": weights}

    name = " ".join(filter(None, ("initially", choice.name, layer and f"{layer} layer", only)))
    phrase = _of_layer(choice.phrase, layer) if layer else choice.phrase
    sentence = f"With {only}: {phrase[0].lower()}{phrase[1:]}." if only else f"{phrase}."
    return named(WithInitializerOf, name, sentence, FIX, choice.clause, choice, "initializers")


def _of_layer(phrase: str, layer: str) -> str:
    """The phrase with the layer in it."""
    if phrase.startswith(("The initial weights", "All initial weights")):
        return phrase.replace("initial weights", f"initial weights of the {layer} layer", 1)
    return f"In the {layer} layer alone: {phrase[0].lower()}{phrase[1:]}"
