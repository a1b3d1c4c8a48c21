"""Programs with another penalty, in the loss, in the gradients, or in both."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.mistakes.choices.penalties import RIGHT, Penalty
from nnspec.reference.values import Array, Network, Objective, Parameters

LOSS_FIX = "Add λ/2 · Σ‖W‖² over the weights of all layers, and no bias."
GRADIENT_FIX = "Add λ W to the gradient on the weights of every layer, and nothing to the gradient on a bias."


@cache
def with_penalty(choice: Penalty) -> type[Choice]:
    """The program whose loss has this penalty; its gradient stays right."""
    _check(choice)
    sentence = f"The loss adds {choice.phrase}; the gradient is that of λ/2 · Σ‖W‖²."
    return named(
        in_loss(choice), f"penalty {choice.name}", sentence, LOSS_FIX, "losses.penalty", choice, "penalties"
    )


@cache
def with_penalty_gradient(choice: Penalty) -> type[Choice]:
    """The program whose gradients have those of this penalty; its loss stays right."""
    _check(choice)
    return named(
        in_gradients(choice),
        f"penalty gradient {choice.name}",
        f"The gradient of the penalty is that of {choice.phrase}; the loss adds λ/2 · Σ‖W‖².",
        GRADIENT_FIX,
        "gradients.penalty",
        choice,
        "penalties",
    )


@cache
def with_penalty_and_gradient(choice: Penalty) -> type[Choice]:
    """The program that has this penalty, with the gradient that goes with it."""
    _check(choice)
    program = type("", (in_loss(choice), in_gradients(choice)), {})
    return named(
        program,
        f"{choice.name} as the penalty",
        f"The penalty is {choice.phrase}, instead of λ/2 · Σ‖W‖²; its gradient goes with it.",
        f"{LOSS_FIX} {GRADIENT_FIX}",
        "losses.penalty",
        choice,
        "penalties",
    )


def in_loss(choice: Penalty) -> type[Choice]:
    """The class that has the penalty in its loss."""

    class InLoss(Choice):
        _examples_of_loss = 1

        def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
            self._examples_of_loss = len(labels)
            return super().objective(network, scores, labels, objective)

        def penalty(self, network: Network, l2: float) -> float:
            return choice.value(network, l2, self._examples_of_loss)

    return InLoss


def in_gradients(choice: Penalty) -> type[Choice]:
    """The class that has the penalty in its gradients."""

    class InGradients(Choice):
        _penalised: tuple[Network, int] | None = None

        def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
            self._penalised = network, len(inputs)
            gradients = super().backward(network, inputs, *forward)
            of_biases = choice.gradient(network, forward[-1]["l2"], len(inputs))["biases"]
            return {
                **gradients,
                "biases": [a + b for a, b in zip(gradients["biases"], of_biases, strict=True)],
            }

        def penalty_gradient(self, weights: Array, l2: float) -> Array:
            network, examples = self._penalised or (_alone(weights), 1)
            if not any(weights is layer for layer in network["weights"]):
                network = _alone(weights)  # another choice calls this for parameters of its own
            gradients = choice.gradient(network, l2, examples)["weights"]
            return next(g for g, w in zip(gradients, network["weights"], strict=True) if w is weights)

    return InGradients


def _alone(weights: Array) -> Network:
    """A network of one layer with these weights."""
    return {"weights": [weights], "biases": [np.zeros(weights.shape[1])], "activation": "relu"}


def _check(choice: Penalty) -> None:
    if choice.name == RIGHT.name:
        raise ValueError("λ/2 · Σ‖W‖² is what the documents have: a choice is another penalty.")
