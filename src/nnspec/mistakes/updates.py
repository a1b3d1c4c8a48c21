"""Mistakes in the update of the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Optimizer


def stepping(times: float, network: Network, after: dict[str, Any]) -> dict[str, Any]:
    """What an update gives, but with a step of so many times its velocity."""
    velocity = after["velocity"]
    weights = [w + times * v for w, v in zip(network["weights"], velocity["weights"], strict=True)]
    biases = [b + times * v for b, v in zip(network["biases"], velocity["biases"], strict=True)]
    return {**after, "network": {**network, "weights": weights, "biases": biases}}


# ---- gradient descent ----


class BiasesNeverUpdated(Mistake):
    """The biases stay as they are."""

    clause = "updates.gradient-descent"
    fix = "Move the biases by −μ times their gradient, like the weights."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        return {**after, "network": {**after["network"], "biases": named["network"]["biases"]}}


class BiasesUpdatedByThemselves(Mistake):
    """A bias moves by −μ times itself instead of its gradient, which keeps a bias of 0 where it is."""

    clause = "updates.gradient-descent"
    fix = "Multiply the learning rate by the gradient on the bias."

    def update(self, **named: Any) -> dict[str, Any]:
        biases = named["network"]["biases"]
        return super().update(**{**named, "gradients": {**named["gradients"], "biases": biases}})


class FirstLayerFrozen(Mistake):
    """The weights of the first layer stay as they are in a network with hidden layers."""

    clause = "updates.gradient-descent"
    fix = "Update the weights of every layer."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        if len(named["network"]["weights"]) > 1:
            after["network"]["weights"][0] = named["network"]["weights"][0]
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

    def update(self, **named: Any) -> dict[str, Any]:
        rate = self.learning_rate(named["optimizer"], named["iteration"])
        return stepping(rate, named["network"], super().update(**named))


class GradientsClipped(Mistake):
    """The update clips every gradient to ±1, which hides what explodes and is no gradient descent."""

    clause = "updates.gradient-descent"
    fix = "Move the parameters by the gradients as they are."
    constant, constants = 1.0, (0.1, 0.5, 1.0, 5.0, 10.0)

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        return super().velocity(old, np.clip(gradient, -self.constant, self.constant), rate, optimizer)


class WeightDecayInTheUpdate(Mistake):
    """The update shrinks every parameter by a ten thousandth, besides what the gradients say."""

    clause = "updates.gradient-descent"
    fix = "Leave the penalty to the gradients, which have λ W already."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        return super().moved([0.9999 * parameter for parameter in parameters], velocities)


# ---- momentum ----


class MomentumAsAnAverage(Mistake):
    """The gradient is scaled by 1 − λ, as in a running average."""

    clause = "updates.momentum"
    fix = "Take the gradient whole: V ← λV − μ∇."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        if optimizer["method"] == "momentum":
            gradient = (1 - optimizer["momentum"]) * gradient
        return super().velocity(old, gradient, rate, optimizer)


class MomentumIgnored(Mistake):
    """Where momentum is asked for, the parameters move by plain gradient descent."""

    clause = "updates.momentum"
    fix = "Keep the velocity from update to update: V ← λV − μ∇."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        return super().velocity(old, gradient, rate, {**optimizer, "method": "gradient_descent"})


class RateOutsideTheVelocity(Mistake):
    """The velocity is V = λV − ∇ and the step μV, which is the same until the learning rate changes."""

    clause = "training.steps"
    fix = "Put the rate into the velocity: V ← λV − μ∇, and add V."

    def update(self, **named: Any) -> dict[str, Any]:
        rate = self.learning_rate(named["optimizer"], named["iteration"])
        whole = {**named["optimizer"], "learning_rate": 1.0, "schedule": None}
        return stepping(rate, named["network"], super().update(**{**named, "optimizer": whole}))


class MomentumForgets(Mistake):
    """The velocity remembers the previous gradient alone, which two steps cannot show."""

    clause = "updates.momentum"
    fix = "Keep the whole velocity λV − μ∇ for the next step, not −μ∇."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        plain = {**named["optimizer"], "method": "gradient_descent"}
        return {**after, "velocity": super().update(**{**named, "optimizer": plain})["velocity"]}


class MomentumOfNesterov(Mistake):
    """The parameters move by λV − μ∇ of the velocity that is already new, as in Nesterov's momentum."""

    clause = "updates.momentum"
    fix = "Move the parameters by the new velocity itself."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        if named["optimizer"]["method"] == "momentum":
            after["network"] = super().update(**{**named, "velocity": after["velocity"]})["network"]
        return after


class MomentumSignsMixed(Mistake):
    """The velocity V = λV − μ∇ is subtracted from the parameters, though it holds the minus already."""

    clause = "updates.momentum"
    fix = "Add a velocity that holds −μ∇, or subtract one that holds +μ∇."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        return stepping(-1, named["network"], after) if named["optimizer"]["method"] == "momentum" else after


class FirstVelocityWithoutTheRate(Mistake):
    """The first velocity is −∇, without the learning rate."""

    clause = "updates.momentum"
    fix = "Begin with V = 0 and let the first step be λV − μ∇ like all others."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        first = optimizer["method"] == "momentum" and not old.any()
        return super().velocity(old, gradient, 1.0 if first else rate, optimizer)


class VelocityOfTheBiasesForgotten(Mistake):
    """The biases have no velocity: they move by plain gradient descent."""

    clause = "updates.momentum"
    fix = "Keep a velocity for every bias too."

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        plain = super().update(**{**named, "optimizer": {**named["optimizer"], "method": "gradient_descent"}})
        after["network"]["biases"] = plain["network"]["biases"]
        return after


class MomentumInSinglePrecision(Mistake):
    """The factor λ of the velocity is kept in float32, where 0.9 is 0.89999998."""

    clause = "updates.momentum"
    fix = "Keep the constants in the precision of the arrays, or say float32 in describe."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        single = float(np.float32(optimizer["momentum"]))
        return super().velocity(old, gradient, rate, {**optimizer, "momentum": single})


class NoMomentumTakenForTheUsual(Mistake):
    """A momentum of 0 is taken for one that was not given, and replaced by 0.9."""

    clause = "updates.zero-momentum"
    fix = "Test for None, not for truth: 0 is a momentum too."

    def velocity(self, old: Array, gradient: Array, rate: float, optimizer: Optimizer) -> Array:
        return super().velocity(old, gradient, rate, {**optimizer, "momentum": optimizer["momentum"] or 0.9})


# ---- what shows late in a run ----


class SmallStepsDropped(Mistake):
    """A parameter whose step is smaller than a millionth stays as it is, which shows late in training."""

    clause = "updates.stored-states"
    fix = "Add every step, however small."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        large = [np.where(np.abs(velocity) < 1e-6, 0, velocity) for velocity in velocities]
        return super().moved(parameters, large)


class LargeWeightsHeld(Mistake):
    """A parameter never leaves the interval from −3 to 3, which shows once the weights have grown."""

    clause = "updates.stored-states"
    fix = "Let the parameters go where the gradients take them: the penalty holds them."

    def moved(self, parameters: list[Array], velocities: list[Array]) -> list[Array]:
        return [np.clip(parameter, -3, 3) for parameter in super().moved(parameters, velocities)]
