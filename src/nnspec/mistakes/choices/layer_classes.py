"""Programs in which one layer is not as the others: with its own activation, without biases, with a function of scores.

A layer is "first", "last" or "every"; of hidden layers for an activation, else of all layers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.choices.activations import Activation
from nnspec.mistakes.choices.base import Choice, Output, input_of, instead, named, output
from nnspec.mistakes.choices.function_classes import NAMES, RIGHT, through_units
from nnspec.reference.values import Array, Network, Parameters

LAYERS = ("first", "last", "every")
SCORES_FIX = "Give softmax the scores as they are: the last layer has no activation."


def _is(layer: str, place: int, count: int) -> bool:
    return layer == "every" or place == (0 if layer == "first" else count - 1)


class LayerOutput(Output):
    """The output of a layer that has an activation of its own."""


@cache
def with_activation_in(choice: Activation, layer: str, replaced: tuple[str, ...]) -> type[Choice]:
    """The program whose first or last hidden layer has this activation, whatever else it is asked for.

    replaced: the documents' activations in whose place it stands.
    """

    class WithActivationIn(Choice):
        _place: int | None = None
        _count = 0

        def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
            self._place, self._count = 0, len(network["weights"]) - 1
            answer = super().forward(network, inputs)
            self._place = None
            return answer

        def activation(self, name: str, z: Array) -> Array:
            place = self._place
            if place is None:
                return super().activation(name, z)
            self._place = place + 1
            if name not in replaced or not _is(layer, place, self._count):
                return super().activation(name, z)
            h = output(choice.function(z), z).view(LayerOutput)
            h.z = np.asarray(z)
            return h

        def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
            z = input_of(hidden)
            if not isinstance(hidden, LayerOutput) or z is None:
                return super().hidden_gradient(delta, weights, hidden, activation)
            below = delta @ weights.T
            return below * choice.derivative(z) if choice.elementwise else through_units(choice, z, below)

    which = f"The activation of the {layer} hidden layer is"
    asked = (
        f"{choice.phrase}, whatever activation is asked for"
        if len(replaced) > 1
        else instead(choice.phrase, NAMES[replaced[0]])
    )
    return named(
        WithActivationIn,
        f"{choice.name} in the {layer} hidden layer instead of {' and '.join(replaced)}",
        f"{which} {asked}.",
        "Use the network's activation in every hidden layer."
        if len(replaced) > 1
        else f"In every hidden layer: {RIGHT[replaced[0]][0].lower()}{RIGHT[replaced[0]][1:]}",
        "losses.scores",
        choice,
        "activations",
    )


@cache
def without_biases(layer: str, has_gradients: bool = True) -> type[Choice]:
    """The program that does not add the biases of a layer; has_gradients: whether it computes their gradients."""

    class WithoutBiases(Choice):
        def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
            return super().forward({**network, "biases": _without(network["biases"], layer)}, inputs)

        def backward(self, network: Network, *forward: Any) -> Parameters:
            gradients = super().backward(network, *forward)
            if has_gradients:
                return gradients
            return {**gradients, "biases": _without(gradients["biases"], layer)}

    of = "of every layer" if layer == "every" else f"of the {layer} layer"
    gradients = "" if has_gradients else ", and their gradients are 0"
    return named(
        WithoutBiases,
        f"no biases {of}{'' if has_gradients else ' nor gradients'}",
        f"The biases {of} are not added{gradients}.",
        "Add a layer's biases to what its weights give, and compute their gradients.",
        "losses.scores",
        layer,
        "layers",
    )


@cache
def without_bias_gradients(layer: str) -> type[Choice]:
    """The program whose gradients on the biases of a layer are 0; the biases are added."""

    class WithoutBiasGradients(Choice):
        def backward(self, network: Network, *forward: Any) -> Parameters:
            gradients = super().backward(network, *forward)
            return {**gradients, "biases": _without(gradients["biases"], layer)}

    of = "of every layer" if layer == "every" else f"of the {layer} layer"
    return named(
        WithoutBiasGradients,
        f"no bias gradients {of}",
        f"The gradients on the biases {of} are 0.",
        "Add up δ over the examples: that is the gradient on a layer's biases.",
        "gradients.hidden-layers",
        layer,
        "layers",
    )


def _without(biases: list[Array], layer: str) -> list[Array]:
    return [
        np.zeros_like(array) if _is(layer, place, len(biases)) else array
        for place, array in enumerate(biases)
    ]


class _GradientsOfInputs(Choice):
    """The gradient on the weights takes z of the hidden layer below instead of its output."""

    def activation(self, name: str, z: Array) -> Array:
        h = super().activation(name, z)
        return h if input_of(h) is not None else output(h, z)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        z = input_of(layer_inputs)
        return super().weight_gradient(layer_inputs if z is None else z, delta)


@cache
def with_gradients_of_inputs() -> type[Choice]:
    """The program whose gradients on the weights take the hidden layer below before its activation."""
    return named(
        type("", (_GradientsOfInputs,), {}),
        "gradients of inputs",
        "The gradient on the weights takes the input z of the hidden layer below instead of its output h: zᵀδ.",
        "Use what the layer was multiplied by in the forward pass: hᵀδ.",
        "gradients.hidden-layers",
        None,
        "layers",
    )


class _OnesThroughActivation(Choice):
    """The biases above a hidden layer are multiplied by φ(1)."""

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        return super().forward({**network, "biases": self._scaled(network, network["biases"])}, inputs)

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        return {**gradients, "biases": self._scaled(network, gradients["biases"])}

    def _scaled(self, network: Network, biases: list[Array]) -> list[Array]:
        first, *above = biases
        factor = float(self.activation(network["activation"], np.ones(1))[0]) if above else 1.0
        return [first, *(factor * array for array in above)]


@cache
def with_ones_through_activation() -> type[Choice]:
    """The program that has biases as weights of a 1, which goes through the activation with the hidden units."""
    return named(
        type("", (_OnesThroughActivation,), {}),
        "ones through the activation",
        "The biases above a hidden layer are multiplied by φ(1), as if the 1 that they are weights of went through the "
        "activation.",
        "Put the 1 beside the hidden units after the activation, or add the biases themselves.",
        "losses.scores",
        None,
        "layers",
    )


@cache
def with_score_activation(choice: Activation, has_gradient: bool = True) -> type[Choice]:
    """The program that applies an activation to the scores, before softmax; has_gradient: and goes back through it."""

    class WithScoreActivation(Choice):
        def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
            answer = super().forward(network, inputs)
            scores = answer["scores"]
            return {**answer, "scores": output(choice.function(scores), scores)}

        def through_scores(self, scores: Array, delta: Array) -> Array:
            z = input_of(scores)
            if z is None or not has_gradient:
                return super().through_scores(scores, delta)
            return delta * choice.derivative(z) if choice.elementwise else through_units(choice, z, delta)

    return named(
        WithScoreActivation,
        f"{choice.name} of the scores{'' if has_gradient else ' without gradient'}",
        f"An activation is applied to the scores, before softmax: {choice.phrase}{_known(has_gradient)}.",
        SCORES_FIX,
        "losses.scores",
        (choice, "scores"),
        "layers",
    )


@cache
def with_activated_scores(has_gradient: bool, of_linear: bool) -> type[Choice]:
    """The program that applies the activation of the hidden layers to the scores; of_linear: without any too."""

    class WithActivatedScores(Choice):
        _name = ""

        def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
            answer = super().forward(network, inputs)
            self._name = network["activation"] if of_linear or answer["hidden"] else ""
            if not self._name:
                return answer
            return {**answer, "scores": self.activation(self._name, answer["scores"])}

        def through_scores(self, scores: Array, delta: Array) -> Array:
            below = super().through_scores(scores, delta)
            if not self._name or not has_gradient:
                return below
            return below * self.derivative_from_output(self._name, scores)

    which = "" if of_linear else " of networks with hidden layers"
    return named(
        WithActivatedScores,
        f"activated scores{which}{'' if has_gradient else ' without gradient'}",
        f"The activation of the hidden layers is applied to the scores{which} too{_known(has_gradient)}.",
        SCORES_FIX,
        "losses.scores",
        ("activated", which),
        "layers",
    )


def _known(has_gradient: bool) -> str:
    return "" if has_gradient else "; the gradients know nothing of it"
