"""Programs whose backward pass does something else between the layers, and whose forward pass returns other outputs."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array, Network, Parameters

CLAUSE = "gradients.hidden-layers"


class _Guided(Choice):
    """What comes back to a hidden layer passes only where it is positive."""

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        below = super().hidden_gradient(delta, weights, hidden, activation)
        return np.where(delta @ weights.T > 0, below, 0.0) if activation == "relu" else below


class _BiasesWithoutSlope(Choice):
    """The gradient on a hidden bias is taken before the activation's derivative."""

    __before: Array | None = None

    def backward(self, network: Network, *forward: Any) -> Parameters:
        self.__before = None
        return super().backward(network, *forward)

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        self.__before = delta @ weights.T
        return super().hidden_gradient(delta, weights, hidden, activation)

    def bias_gradient(self, delta: Array) -> Array:
        return super().bias_gradient(delta if self.__before is None else self.__before)


def _through_shifted_rows(first: bool) -> type[Choice]:
    """The class that sends what comes back through the weights with their biases as a row, less a row of the weights.

    first: whether the biases are taken for the first row although they are the last; else the other way round.
    """

    class ThroughShiftedRows(Choice):
        __biases: dict[int, Array] | None = None

        def backward(self, network: Network, *forward: Any) -> Parameters:
            pairs = zip(network["weights"], network["biases"], strict=True)
            self.__biases = {id(weights): biases for weights, biases in pairs}
            return super().backward(network, *forward)

        def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
            if self.__biases is not None and id(weights) in self.__biases:
                biases = self.__biases[id(weights)][None]
                weights = np.vstack([weights[1:], biases] if first else [biases, weights[:-1]])
            return super().hidden_gradient(delta, weights, hidden, activation)

    return ThroughShiftedRows


def _squared_outputs(name: str) -> type[Choice]:
    """The class whose outputs of this activation are squared where they stand, before the weights above get them."""

    class SquaredOutputs(Choice):
        __squared = False

        def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
            self.__squared = network["activation"] == name
            self.__inputs = inputs
            return super().backward(network, inputs, *forward)

        def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
            if self.__squared and layer_inputs is not self.__inputs:
                layer_inputs = layer_inputs * layer_inputs
            return super().weight_gradient(layer_inputs, delta)

    return SquaredOutputs


def _at_the_gradient(of_output: bool) -> type[Choice]:
    """The class whose derivative is taken at what comes back; of_output: by its formula for the output h."""

    class AtTheGradient(Choice):
        def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
            del hidden
            below: Array = delta @ weights.T
            derivative = self.derivative_from_output if of_output else self.activation_derivative
            return below * derivative(activation, below)

    return AtTheGradient


class _HiddenBeforeActivation(Choice):
    """The operation forward returns the inputs z of the hidden units; the program itself uses their outputs."""

    def forward(self, *inside: Any, **arguments: Any) -> dict[str, Any]:
        answer = super().forward(*inside, **arguments)
        if inside:
            return answer
        network, layer_inputs = arguments["network"], [arguments["inputs"], *answer["hidden"]]
        hidden = [
            x @ weights + biases
            for x, weights, biases in zip(layer_inputs, network["weights"], network["biases"], strict=True)
        ]
        return {**answer, "hidden": hidden[:-1]}


def _without_first_layer(alone: bool) -> type[Choice]:
    """The class whose first layer gets no gradient of the loss; alone: also if it is the only one."""

    class WithoutFirstLayer(Choice):
        def backward(self, network: Network, *forward: Any) -> Parameters:
            answer = super().backward(network, *forward)
            if len(network["weights"]) == 1 and not alone:
                return answer
            weights, l2 = network["weights"][0], forward[-1]["l2"]
            return {
                "weights": [self.penalty_gradient(weights, l2), *answer["weights"][1:]],
                "biases": [np.zeros_like(network["biases"][0]), *answer["biases"][1:]],
            }

    return WithoutFirstLayer


@cache
def with_backward_slips() -> tuple[type[Choice], ...]:
    """Slips between the layers of a backward pass."""
    rows = (
        (
            _Guided,
            "guided relu",
            "The backward pass of ReLU drops negative gradients too, as in guided backpropagation.",
            "Multiply what comes back by 1(z > 0) alone.",
        ),
        (
            _BiasesWithoutSlope,
            "hidden biases without slope",
            "The gradients on the hidden biases are taken before the multiplication by the activation's derivative.",
            "Sum δ over the examples after it was multiplied by the derivative.",
        ),
        *(
            (
                _squared_outputs(name),
                f"outputs of {name} squared",
                f"The hidden outputs of {name} are squared in their own memory, before the gradient on the next "
                "weights takes them.",
                "Compute the derivative in an array of its own.",
            )
            for name in ("tanh", "logistic")
        ),
        *(
            (
                _at_the_gradient(of_output),
                f"derivative at the gradient{' by its formula for h' if of_output else ''}",
                "The derivative of the activation is taken at what comes back to the layer, not at the layer's input z"
                f"{', by its formula for the output h' if of_output else ''}.",
                "Evaluate the derivative at what the forward pass had: at z, or at h by its formula for h.",
            )
            for of_output in (False, True)
        ),
        *(
            (
                _through_shifted_rows(first),
                f"bias row {'first' if first else 'last'}",
                f"What comes back to a hidden layer leaves out the {'first' if first else 'last'} row of the weights "
                f"and takes the biases as the {'last' if first else 'first'}, as where another row than that of the "
                "biases is dropped.",
                "Leave out the row of the biases, where it is, before δ goes back: it is δ Wᵀ.",
            )
            for first in (True, False)
        ),
        *(
            (
                _without_first_layer(alone),
                f"first layer without gradient{' alone too' if alone else ''}",
                "The backward pass ends before the first layer, whose gradients have nothing of the loss"
                f"{'; so it does in a network of one layer' if alone else ''}.",
                "Go back to the first layer: its gradients are Xᵀδ and Σδ.",
            )
            for alone in (False, True)
        ),
    )
    return tuple(
        named(type("", (c,), {}), name, said, fix, CLAUSE, None, "layers") for c, name, said, fix in rows
    )


@cache
def with_hidden_before_activation() -> type[Choice]:
    """The program whose forward pass returns hidden layers before their activation."""
    return named(
        type("", (_HiddenBeforeActivation,), {}),
        "hidden before activation",
        "The hidden outputs that forward() returns are those before the activation.",
        "Return φ(X W + b) of each hidden layer.",
        "losses.hidden-outputs",
        None,
        "layers",
    )
