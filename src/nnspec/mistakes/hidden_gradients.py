"""Mistakes in how the gradient goes through hidden layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Parameters


class TanhDerivativeOfTheInput(Mistake):
    """The derivative of tanh is computed as 1 − tanh² of the output, which is tanh already."""

    clause = "gradients.hidden-layers"
    fix = "Use 1 − h²: the output h is tanh z already."

    def tanh_derivative(self, h: Array) -> Array:
        return 1 - np.tanh(h) ** 2


class TanhDerivativeOfZ(Mistake):
    """The derivative of tanh in backpropagation is 1 − z², the formula for the output fed with the input."""

    clause = "gradients.hidden-layers"
    fix = "Put the output h = tanh z into 1 − h²."

    def tanh_derivative(self, h: Array) -> Array:
        z = np.arctanh(np.clip(h, -1 + 1e-16, 1 - 1e-16))
        return 1 - z * z


class DerivativeOfTheOutput(Mistake):
    """Backpropagation takes the activation's derivative at a unit's output h instead of its input z, f′(h)."""

    clause = "gradients.hidden-layers"
    fix = "Give the derivative the z that the activation was given, or a formula for the output h: 1 − h², h (1 − h)."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        return (delta @ weights.T) * self.activation_derivative(activation, hidden)


class DerivativeOfTheInputThroughout(Mistake):
    """The formula of the derivative that is meant for the output h gets z, in backpropagation too, as in 1 − z²."""

    clause = "gradients.hidden-layers"
    fix = "Put the output h = f(z) into 1 − h² or h (1 − h), or use a formula that is meant for z."

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        self._given: list[tuple[Array, Array]] = []
        return super().forward(network, inputs)

    def activation(self, name: str, z: Array) -> Array:
        h = super().activation(name, z)
        self._given = [*getattr(self, "_given", []), (h, z)]
        return h

    def activation_derivative(self, name: str, z: Array) -> Array:
        return self.derivative_from_output(name, z)

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        z = next(z for h, z in self._given if h is hidden)
        return super().hidden_gradient(delta, weights, z, activation)


class ReLUPassesZero(Mistake):
    """ReLU's derivative at exactly 0 is taken as 1: its mask is z >= 0."""

    clause = "gradients.relu-at-0"
    fix = "Let the gradient through only where z > 0."

    def relu(self, z: Array) -> Array:
        return np.where(z >= 0, np.abs(z), -np.zeros_like(z))  # the sign of the zero tells z = 0 from z < 0

    def relu_derivative(self, h: Array) -> Array:
        return ~np.signbit(h)


class ReLUMaskLetsAllThrough(Mistake):
    """On the way back ReLU's mask is h >= 0 of the output, which is never negative: every gradient passes."""

    clause = "gradients.hidden-layers"
    fix = "Let the gradient through only where h > 0."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        if activation != "relu":
            return super().hidden_gradient(delta, weights, hidden, activation)
        return (delta @ weights.T) * (hidden >= 0)


class ActivationDerivativeMissing(Mistake):
    """The hidden layer's gradient is not multiplied by the activation's derivative."""

    clause = "gradients.hidden-layers"
    fix = "Multiply δ Wᵀ by f′, element by element."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        return delta @ weights.T


class DerivativeOfAnotherActivation(Mistake):
    """Backpropagation multiplies by tanh's derivative where the hidden layers are logistic, and the reverse."""

    clause = "gradients.hidden-layers"
    fix = "Take the derivative of the activation that the forward pass uses."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        other = {"relu": "relu", "tanh": "logistic", "logistic": "tanh"}[activation]
        return super().hidden_gradient(delta, weights, hidden, other)


class ReLUMaskOfTheGradient(Mistake):
    """ReLU's mask is taken from the gradient that comes down (δ Wᵀ > 0) instead of from the hidden outputs."""

    clause = "gradients.hidden-layers"
    fix = "Take the mask from the forward pass: h > 0."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        below = delta @ weights.T
        if activation == "relu":
            return below * (below > 0)
        return super().hidden_gradient(delta, weights, hidden, activation)


class WeightsReshapedInsteadOfTransposed(Mistake):
    """The gradient goes back through W in the shape of Wᵀ, made by reshape, which leaves the numbers in their order."""

    clause = "gradients.hidden-layers"
    fix = "Transpose the weights: δ Wᵀ."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        wrong = weights.reshape(weights.shape[::-1]).T
        return super().hidden_gradient(delta, wrong, hidden, activation)


class WeightsNotTransposedWhereTheyFit(Mistake):
    """The gradient goes back through W itself, and through Wᵀ only where the shapes would not fit otherwise."""

    clause = "gradients.hidden-layers"
    fix = "Transpose the weights always: δ Wᵀ."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        fits = weights.shape[0] == weights.shape[1]
        return super().hidden_gradient(delta, weights.T if fits else weights, hidden, activation)


class WeightGradientOfTheInputsWhereTheyFit(Mistake):
    """The gradient on a later layer's weights has the network's inputs for the layer's own where they fit."""

    clause = "gradients.hidden-layers"
    fix = "Take what goes into the layer: the hidden outputs of the layer before."

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.inputs = inputs
        return super().backward(network, inputs, *forward)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        fits = layer_inputs.shape == self.inputs.shape
        return super().weight_gradient(self.inputs if fits else layer_inputs, delta)


class HiddenOutputsOverwritten(Mistake):
    """The hidden outputs are overwritten by their derivatives before the weights above them get their gradient."""

    clause = "gradients.hidden-layers"
    fix = "Use the hidden outputs for the gradient on the weights before they are overwritten, or keep both."

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.network, self.inputs = network, inputs
        return super().backward(network, inputs, *forward)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        if layer_inputs is not self.inputs:
            layer_inputs = self.derivative_from_output(self.network["activation"], layer_inputs)
        return super().weight_gradient(layer_inputs, delta)


class _TopLayer(Reference):
    """Knows the weights above the topmost hidden layer."""

    def backward(self, network: Network, *forward: Any) -> Parameters:
        self.top = network["weights"][-1]
        return super().backward(network, *forward)


class DerivativeOfTheTopLayerAlone(_TopLayer, Mistake):
    """With several hidden layers, only the gradient of the topmost is multiplied by the activation's derivative."""

    clause = "gradients.deeper-networks"
    fix = "Multiply by f′ at every hidden layer that the gradient goes through."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        if weights is self.top:
            return super().hidden_gradient(delta, weights, hidden, activation)
        return delta @ weights.T


class LogisticTakenForTanhBelowTheTopLayer(_TopLayer, Mistake):
    """With several hidden layers of logistic units, those below the topmost have tanh's derivative, 1 − h²."""

    clause = "gradients.deeper-networks"
    fix = "Multiply by the derivative of the network's activation at every hidden layer."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        mistaken = activation == "logistic" and weights is not self.top
        return super().hidden_gradient(delta, weights, hidden, "tanh" if mistaken else activation)


class FirstHiddenUnitWithoutGradient(Mistake):
    """The first unit of every hidden layer gets no gradient, as from a loop that begins at 1."""

    clause = "gradients.hidden-unit-order"
    fix = "Give every hidden unit its gradient, that with index 0 too."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        below = super().hidden_gradient(delta, weights, hidden, activation)
        below[:, 0] = 0
        return below
