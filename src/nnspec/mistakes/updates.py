"""Mistakes in the update of the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Optimizer


def scale_step(factor: float, network: Network, after: dict[str, Any]) -> dict[str, Any]:
    """The result of an update whose step is ``factor`` times its velocity."""
    velocity = after["velocity"]
    weights = [w + factor * v for w, v in zip(network["weights"], velocity["weights"], strict=True)]
    biases = [b + factor * v for b, v in zip(network["biases"], velocity["biases"], strict=True)]
    return {**after, "network": {**network, "weights": weights, "biases": biases}}


# ---- gradient descent ----


class BiasesNeverUpdated(Mistake):
    """The biases are never updated."""

    clause = "updates.gradient-descent"
    fix = "Move the biases by −μ times their gradient, like the weights."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        return {**after, "network": {**after["network"], "biases": arguments["network"]["biases"]}}


class BiasesUpdatedByThemselves(Mistake):
    """A bias moves by −μ times itself instead of its gradient, so a bias of 0 stays 0."""

    clause = "updates.gradient-descent"
    fix = "Multiply the learning rate by the gradient on the bias."

    def update(self, **arguments: Any) -> dict[str, Any]:
        biases = arguments["network"]["biases"]
        return super().update(**{**arguments, "gradients": {**arguments["gradients"], "biases": biases}})


class FirstLayerFrozen(Mistake):
    """In a network with hidden layers, the weights of the first layer are never updated."""

    clause = "updates.gradient-descent"
    fix = "Update the weights of every layer."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if len(arguments["network"]["weights"]) > 1:
            after["network"]["weights"][0] = arguments["network"]["weights"][0]
        return after


class StepUphill(Mistake):
    """The parameters move along the gradient instead of against it."""

    clause = "updates.gradient-descent"
    fix = "Subtract μ times the gradient."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        return super().moved(parameters, [-velocity for velocity in velocities])


class LearningRateTwice(Mistake):
    """The step is multiplied by the learning rate twice, which a rate of 1 hides."""

    clause = "updates.gradient-descent"
    fix = "Multiply by the learning rate once, either the gradient or the step."

    def update(self, **arguments: Any) -> dict[str, Any]:
        rate = self.learning_rate(arguments["optimizer"], arguments["iteration"])
        return scale_step(rate, arguments["network"], super().update(**arguments))


class GradientsClipped(Mistake):
    """The update clips every gradient to ±1, which hides exploding gradients and is not gradient descent."""

    clause = "updates.gradient-descent"
    fix = "Move the parameters by the unclipped gradients."
    constant, constants = 1.0, (0.1, 0.5, 1.0, 5.0, 10.0)

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        return super().velocity(old, np.clip(gradient, -self.constant, self.constant), rate, optimizer)


class WeightDecayInTheUpdate(Mistake):
    """The update also shrinks every parameter by a ten-thousandth."""

    clause = "updates.gradient-descent"
    fix = "Leave the penalty to the gradients, which already contain λ W."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        return super().moved([0.9999 * parameter for parameter in parameters], velocities)


# ---- momentum ----


class MomentumAsAnAverage(Mistake):
    """The gradient is scaled by 1 − λ, as in a running average."""

    clause = "updates.momentum"
    fix = "Use the whole gradient: V ← λV − μ∇."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        if optimizer["method"] == "momentum":
            gradient = (1 - optimizer["momentum"]) * gradient
        return super().velocity(old, gradient, rate, optimizer)


class MomentumIgnored(Mistake):
    """Momentum is ignored: the parameters move by plain gradient descent."""

    clause = "updates.momentum"
    fix = "Keep the velocity from update to update: V ← λV − μ∇."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        return super().velocity(old, gradient, rate, {**optimizer, "method": "gradient_descent"})


class MomentumForgets(Mistake):
    """The velocity contains only the previous gradient, which two steps cannot show."""

    clause = "updates.momentum"
    fix = "Keep the whole velocity λV − μ∇ for the next step, not −μ∇."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        plain = {**arguments["optimizer"], "method": "gradient_descent"}
        return {**after, "velocity": super().update(**{**arguments, "optimizer": plain})["velocity"]}


class MomentumOfNesterov(Mistake):
    """The parameters move by λV − μ∇ with V already updated, as in Nesterov's momentum."""

    clause = "updates.momentum"
    fix = "Move the parameters by the new velocity itself."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if arguments["optimizer"]["method"] == "momentum":
            after["network"] = super().update(**{**arguments, "velocity": after["velocity"]})["network"]
        return after


class MomentumSignsMixed(Mistake):
    """The velocity V = λV − μ∇ is subtracted from the parameters, although it already contains the minus."""

    clause = "updates.momentum"
    fix = "Add a velocity that contains −μ∇, or subtract one that contains +μ∇."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        return (
            scale_step(-1, arguments["network"], after)
            if arguments["optimizer"]["method"] == "momentum"
            else after
        )


class FirstVelocityWithoutTheRate(Mistake):
    """The first velocity is −∇, without the learning rate."""

    clause = "updates.momentum"
    fix = "Start with V = 0 and compute the first velocity as λV − μ∇ like all others."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        first = optimizer["method"] == "momentum" and not old.any()
        return super().velocity(old, gradient, 1.0 if first else rate, optimizer)


class VelocityOfTheBiasesForgotten(Mistake):
    """The biases have no velocity: they move by plain gradient descent."""

    clause = "updates.momentum"
    fix = "Keep a velocity for every bias too."

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        plain = super().update(
            **{**arguments, "optimizer": {**arguments["optimizer"], "method": "gradient_descent"}}
        )
        after["network"]["biases"] = plain["network"]["biases"]
        return after


class MomentumInSinglePrecision(Mistake):
    """The velocity's factor λ is stored in float32, where 0.9 is 0.89999998."""

    clause = "updates.momentum"
    fix = "Keep constants in the precision of the arrays, or report float32 in describe."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        single = float(np.float32(optimizer["momentum"]))
        return super().velocity(old, gradient, rate, {**optimizer, "momentum": single})


class NoMomentumTakenForTheUsual(Mistake):
    """A momentum of 0 is treated as missing and replaced by 0.9."""

    clause = "updates.zero-momentum"
    fix = "Test for None, not for truth: 0 is a valid momentum."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        return super().velocity(old, gradient, rate, {**optimizer, "momentum": optimizer["momentum"] or 0.9})


# ---- what shows late in a run ----


class SmallStepsDropped(Mistake):
    """A parameter whose step is smaller than a millionth does not move, which shows only late in training."""

    clause = "updates.stored-states"
    fix = "Add every step, however small."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        large = [np.where(np.abs(velocity) < 1e-6, 0, velocity) for velocity in velocities]
        return super().moved(parameters, large)


class LargeWeightsHeld(Mistake):
    """The parameters are clipped to ±3, which shows only once the weights have grown."""

    clause = "updates.stored-states"
    fix = "Do not clip the parameters: the penalty limits them."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        return [np.clip(parameter, -3, 3) for parameter in super().moved(parameters, velocities)]
