"""Gradients of a batch that are divided by its number of examples, or multiplied by it, once more on the way."""

from __future__ import annotations

from functools import cache
from typing import Any

from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array, Network, Parameters


def _factor(delta: Array, power: int) -> float:
    return float(len(delta)) ** power


def _of_weights(power: int) -> type[Choice]:
    class OfWeights(Choice):
        def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
            return super().weight_gradient(layer_inputs, delta) * _factor(delta, power)

    return OfWeights


def _of_biases(power: int) -> type[Choice]:
    class OfBiases(Choice):
        def bias_gradient(self, delta: Array) -> Array:
            return super().bias_gradient(delta) * _factor(delta, power)

    return OfBiases


def _of_hidden_layers(power: int) -> type[Choice]:
    class OfHiddenLayers(Choice):
        def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
            return super().hidden_gradient(delta, weights, hidden, activation) * _factor(delta, power)

    return OfHiddenLayers


class _WithThePenalty(Choice):
    """(Xᵀδ + λW) / N for the weights."""

    def backward(self, network: Network, *forward: Any) -> Parameters:
        answer = super().backward(network, *forward)
        *_, labels, _ = forward
        return {**answer, "weights": [array / len(labels) for array in answer["weights"]]}


@cache
def with_batch_gradients() -> tuple[type[Choice], ...]:
    """Each of them, for division first."""
    rows: list[tuple[str, type[Choice], str]] = [
        (
            "weights over N",
            _of_weights(-1),
            "Every gradient on weights is divided by N once more, as by 1/m · Xᵀδ",
        ),
        ("biases over N", _of_biases(-1), "Every gradient on biases is divided by N once more"),
        (
            "hidden layers over N",
            _of_hidden_layers(-1),
            "δ is divided by N once more each time that it goes back through a layer",
        ),
        (
            "weights and penalty over N",
            _WithThePenalty,
            "Every gradient on weights is divided by N once more, and so is its penalty",
        ),
        ("weights times N", _of_weights(1), "Every gradient on weights is N times what it should be"),
        ("biases times N", _of_biases(1), "Every gradient on biases is N times what it should be"),
        (
            "hidden layers times N",
            _of_hidden_layers(1),
            "δ becomes N times what it should be each time that it goes back through a layer",
        ),
    ]
    fix = "Divide once, in the gradient on the scores, and only for the mean."
    return tuple(
        named(
            type("", (program,), {}),
            f"gradients of {name}",
            f"{said}, where N is the number of examples.",
            fix,
            "gradients.hidden-layers",
            None,
            "gradients",
        )
        for name, program, said in rows
    )
