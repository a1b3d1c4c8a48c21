"""Programs with another activation, with another function alone, or with another derivative alone."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from nnspec.mistakes.choices.activations import Activation, Derivative
from nnspec.mistakes.choices.base import Choice, input_of, instead, named, output
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: How a sentence names the documents' activations, and how each and its derivative are right.
NAMES = {"relu": "ReLU", "tanh": "tanh", "logistic": "the logistic function"}
RIGHT = {
    "relu": "Use max(0, z), with the derivative 1(z > 0).",
    "tanh": "Use tanh z, with the derivative 1 − h².",
    "logistic": "Use 1 / (1 + exp(−z)), with the derivative h (1 − h).",
}
#: What a derivative may be fed with.
FEEDS = {"z": "the input z", "h": "the output h"}


@cache
def with_activation(choice: Activation, replaced: str = "relu") -> type[Choice]:
    """The program that has this activation, with its own derivative, where the documents have ``replaced``."""
    _check(choice, replaced)

    class WithActivation(Choice):
        _through_units = False

        def activation(self, name: str, z: Array) -> Array:
            if name != replaced:
                return super().activation(name, z)
            return output(choice.function(z), z)

        def derivative_from_output(self, name: str, h: Array) -> Array:
            z = input_of(h)
            if name != replaced or z is None:
                return super().derivative_from_output(name, h)
            return np.ones_like(z) if self._through_units else choice.derivative(z)

        def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
            z = input_of(hidden)
            if activation != replaced or choice.elementwise or z is None:
                return super().hidden_gradient(delta, weights, hidden, activation)
            self._through_units = True
            above = super().hidden_gradient(delta, weights, hidden, activation)
            self._through_units = False
            return through_units(choice, z, above)

    sentence = f"The hidden layer's activation is {instead(choice.phrase, NAMES[replaced])}."
    return named(
        WithActivation,
        f"{choice.name} instead of {replaced}",
        sentence,
        RIGHT[replaced],
        f"functions.{replaced}",
        choice,
        "activations",
    )


@cache
def with_function(choice: Activation, replaced: str = "relu", fed_with: str = "z") -> type[Choice]:
    """The program with this function and the derivative of ``replaced``, of z itself or by its formula for h."""
    _check(choice, replaced)

    class WithFunction(Choice):
        def activation(self, name: str, z: Array) -> Array:
            if name != replaced:
                return super().activation(name, z)
            return output(choice.function(z), z)

        def derivative_from_output(self, name: str, h: Array) -> Array:
            z = input_of(h)
            if name == replaced and fed_with == "h":
                h = np.asarray(h)  # which has forgotten its input
            elif name == replaced and z is not None:
                h = output(Reference().activation(name, z), z, given=h)
            return super().derivative_from_output(name, h)

    kept = {
        "z": "its derivative is right",
        "h": f"its derivative is still that of {NAMES[replaced]}, by the formula for the output h",
    }
    return named(
        WithFunction,
        f"function {choice.name} instead of {replaced}" + (" kept formula" if fed_with == "h" else ""),
        f"The hidden layer's function is {instead(choice.phrase, NAMES[replaced])}; {kept[fed_with]}.",
        RIGHT[replaced],
        f"functions.{replaced}",
        choice,
        "activations",
    )


@cache
def with_derivative(
    choice: Activation | Derivative, replaced: str = "relu", fed_with: str = "z"
) -> type[Choice]:
    """The program with this derivative alone, at the input z or at the output h; the function stays right."""
    if fed_with not in FEEDS:
        raise ValueError(f"fed_with is {fed_with!r}; it must be 'z' or 'h'.")
    if fed_with == "z":
        _check(choice, replaced)

    class WithDerivative(Choice):
        def activation(self, name: str, z: Array) -> Array:
            h = super().activation(name, z)
            return h if name != replaced or input_of(h) is not None else output(h, z)

        def derivative_from_output(self, name: str, h: Array) -> Array:
            z = input_of(h)
            if name != replaced or (z is None and fed_with == "z"):
                return super().derivative_from_output(name, h)
            return choice.derivative(np.asarray(z if fed_with == "z" else getattr(h, "h", h)))

    of = f"{FEEDS[fed_with]} of a unit"
    typed = re.sub(r"\bx", fed_with, choice.phrase)
    what = (
        f"that of {choice.phrase.partition(',')[0]}, at {of}"
        if isinstance(choice, Activation)
        else f"{typed}, with {of}"
    )
    return named(
        WithDerivative,
        f"derivative {choice.name} of {fed_with} instead of {replaced}",
        f"The derivative of {NAMES[replaced]} is {what}; the function is right.",
        RIGHT[replaced],
        f"functions.{replaced}-derivative",
        choice,
        "activations",
    )


def through_units(choice: Activation, z: Array, delta: Array) -> Array:
    """δ_i = Σ_j δ_j ∂h_j/∂z_i: back through an activation in which the units of a layer depend on each other."""
    columns = [(delta * choice.slopes(z, unit)).sum(axis=1) for unit in range(z.shape[1])]
    return np.stack(columns, axis=1)


def _check(choice: Activation | Derivative, replaced: str) -> None:
    if replaced not in NAMES:
        raise ValueError(f"no activation named {replaced!r}; the documents have {', '.join(NAMES)}.")
    if isinstance(choice, Activation) and choice.name == replaced:
        raise ValueError(f"{replaced} is what the documents have: a choice is another one.")
