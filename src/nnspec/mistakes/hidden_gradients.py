"""Mistakes in how the gradient goes back through hidden layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Parameters


class TanhDerivativeOfTheInput(Mistake):
    """The derivative of tanh is 1 − tanh² h, with tanh applied again to the output h."""

    clause = "gradients.hidden-layers"
    fix = "Use 1 − h²: the output h already is tanh z."

    def tanh_derivative(self, h: Array) -> Array:
        return 1 - np.tanh(h) ** 2


class TanhDerivativeOfZ(Mistake):
    """The derivative of tanh is taken as 1 − z², with the input z instead of the output h."""

    clause = "gradients.hidden-layers"
    fix = "Use 1 − h² with the output h = tanh z."

    def tanh_derivative(self, h: Array) -> Array:
        z = np.arctanh(np.clip(h, -1 + 1e-16, 1 - 1e-16))
        return 1 - z * z


class DerivativeOfTheOutput(Mistake):
    """Backpropagation takes the activation's derivative at a unit's output h instead of its input z: f′(h)."""

    clause = "gradients.hidden-layers"
    fix = "Evaluate the derivative at z, or use a formula for the output h: 1 − h² or h (1 − h)."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        return (delta @ weights.T) * self.activation_derivative(activation, hidden)


class DerivativeOfTheInputThroughout(Mistake):
    """The derivative's formula for the output h is applied to the input z, as in 1 − z²."""

    clause = "gradients.hidden-layers"
    fix = "Apply 1 − h² or h (1 − h) to the output h = f(z), or use a formula for z."

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        self._layers: list[tuple[Array, Array]] = []
        return super().forward(network, inputs)

    def activation(self, name: str, z: Array) -> Array:
        h = super().activation(name, z)
        self._layers = [*getattr(self, "_layers", []), (h, z)]
        return h

    def activation_derivative(self, name: str, z: Array) -> Array:
        return self.derivative_from_output(name, z)

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        z = next(z for h, z in self._layers if h is hidden)
        return super().hidden_gradient(delta, weights, z, activation)


class ReLUPassesZero(Mistake):
    """ReLU's derivative at exactly 0 is 1: its mask is z >= 0."""

    clause = "gradients.relu-at-0"
    fix = "Pass the gradient only where z > 0."

    def relu(self, z: Array) -> Array:
        return np.where(z >= 0, np.abs(z), -np.zeros_like(z))  # z = 0 gives 0, and z < 0 gives −0

    def relu_derivative(self, h: Array) -> Array:
        return ~np.signbit(h)


class ReLUMaskLetsAllThrough(Mistake):
    """ReLU's mask in the backward pass is h >= 0, which is always true, so every gradient passes."""

    clause = "gradients.hidden-layers"
    fix = "Pass the gradient only where h > 0."

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
    """Backpropagation uses tanh's derivative for logistic hidden layers, and the logistic one for tanh."""

    clause = "gradients.hidden-layers"
    fix = "Use the derivative of the activation that the forward pass uses."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        other = {"relu": "relu", "tanh": "logistic", "logistic": "tanh"}[activation]
        return super().hidden_gradient(delta, weights, hidden, other)


class ReLUMaskOfTheGradient(Mistake):
    """ReLU's mask is taken from the incoming gradient (δ Wᵀ > 0) instead of the hidden outputs."""

    clause = "gradients.hidden-layers"
    fix = "Take the mask from the forward pass: h > 0."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        below = delta @ weights.T
        if activation == "relu":
            return below * (below > 0)
        return super().hidden_gradient(delta, weights, hidden, activation)


class WeightsReshapedInsteadOfTransposed(Mistake):
    """The gradient goes back through W reshaped to the shape of Wᵀ instead of transposed."""

    clause = "gradients.hidden-layers"
    fix = "Transpose the weights: δ Wᵀ."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        reshaped = weights.reshape(weights.shape[::-1]).T
        return super().hidden_gradient(delta, reshaped, hidden, activation)


class WeightsNotTransposedWhereTheyFit(Mistake):
    """The gradient goes back through W itself if W is square, and through Wᵀ only if it is not."""

    clause = "gradients.hidden-layers"
    fix = "Always transpose the weights: δ Wᵀ."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        fits = weights.shape[0] == weights.shape[1]
        return super().hidden_gradient(delta, weights.T if fits else weights, hidden, activation)


class WeightGradientOfTheInputsWhereTheyFit(Mistake):
    """The gradient on a later layer's weights uses the network's inputs instead of the layer's if they fit."""

    clause = "gradients.hidden-layers"
    fix = "Use the layer's own inputs: the hidden outputs of the layer before."

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.inputs = inputs
        return super().backward(network, inputs, *forward)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        fits = layer_inputs.shape == self.inputs.shape
        return super().weight_gradient(self.inputs if fits else layer_inputs, delta)


class HiddenOutputsOverwritten(Mistake):
    """The hidden outputs are overwritten by their derivatives before the gradient on the next weights uses them."""

    clause = "gradients.hidden-layers"
    fix = "Compute the gradient on the weights before overwriting the hidden outputs, or keep both."

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.network, self.inputs = network, inputs
        return super().backward(network, inputs, *forward)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        if layer_inputs is not self.inputs:
            layer_inputs = self.derivative_from_output(self.network["activation"], layer_inputs)
        return super().weight_gradient(layer_inputs, delta)


class _TopLayer(Reference):
    """Stores the weights above the top hidden layer."""

    def backward(self, network: Network, *forward: Any) -> Parameters:
        self.top = network["weights"][-1]
        return super().backward(network, *forward)


class DerivativeOfTheTopLayerAlone(_TopLayer, Mistake):
    """With several hidden layers, only the top one's gradient is multiplied by the activation's derivative."""

    clause = "gradients.deeper-networks"
    fix = "Multiply by f′ at every hidden layer."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        if weights is self.top:
            return super().hidden_gradient(delta, weights, hidden, activation)
        return delta @ weights.T


class LogisticTakenForTanhBelowTheTopLayer(_TopLayer, Mistake):
    """With several logistic hidden layers, those below the top one use tanh's derivative, 1 − h²."""

    clause = "gradients.deeper-networks"
    fix = "Multiply by the derivative of the network's activation at every hidden layer."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        below_top = weights is not self.top
        if below_top and activation == "logistic":
            activation = "tanh"
        return super().hidden_gradient(delta, weights, hidden, activation)


class FirstHiddenUnitWithoutGradient(Mistake):
    """The first unit of every hidden layer gets no gradient, as if a loop started at 1."""

    clause = "gradients.hidden-unit-order"
    fix = "Start the loop at 0: every hidden unit has a gradient."

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        below = super().hidden_gradient(delta, weights, hidden, activation)
        below[:, 0] = 0
        return below
