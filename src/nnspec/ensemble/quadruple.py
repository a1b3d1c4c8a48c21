"""The reference in quadruple precision: the run that rounding in float64 is measured against."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Optimizer

#: A run is followed until float64 has lost half of its digits to it: after that no correct run is nearer the truth.
LOST = 2.0**-26


class Left(Exception):
    """The run in float64 has left the one in quadruple precision."""


class Quadruple(Reference):
    """The reference on quadruple precision, beside the losses of a run in float64."""

    def __init__(self, beside: Array, seen: list[float]) -> None:
        """``beside``: the float64 losses; ``seen`` takes the losses of this run as they come."""
        self.beside, self.seen = beside, seen

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> Any:
        """The rate, in quadruple precision where a schedule computes it."""
        rate, schedule = optimizer["learning_rate"], optimizer["schedule"]
        if schedule is None:
            return rate
        decay = quadruple(np.array(schedule["decay"]))
        if schedule["kind"] == "step":
            return rate * decay ** (iteration // schedule["every"])
        if schedule["kind"] == "exponential":
            return rate * np.exp(-decay * iteration)
        return rate / (1 + decay * iteration)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        """Xᵀ δ; numpy-quaddtype 1.0 multiplies a transposed matrix as if it were not."""
        return np.ascontiguousarray(layer_inputs.T) @ delta

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """(δ Wᵀ) ∘ f′, likewise."""
        return (delta @ np.ascontiguousarray(weights.T)) * self.derivative_from_output(activation, hidden)

    def objective(self, *told: Any) -> Any:
        """The objective; stops the run when float64 is not near it any more."""
        loss = super().objective(*told)
        at = len(self.seen)
        if abs(float(loss) - self.beside[at]) > LOST * abs(self.beside[at]):
            raise Left
        self.seen.append(float(loss))
        return loss


def losses(training: dict[str, Any], beside: Array) -> list[float]:
    """The losses in quadruple precision, rounded to float64, as far as float64 follows; the final network's last.

    training: the arguments of ``train``, whose numbers are taken as the exact ones that float64 has; beside: the
    losses of the same run in float64.
    """
    network: Network = {
        "weights": [quadruple(weights) for weights in training["network"]["weights"]],
        "biases": [quadruple(biases) for biases in training["network"]["biases"]],
        "activation": training["network"]["activation"],
    }
    inputs = quadruple(training["inputs"])
    seen: list[float] = []
    run = Quadruple(beside, seen)
    try:
        trained = run.train(**{**training, "network": network, "inputs": inputs})
        run.loss(trained["network"], inputs, training["labels"], training["objective"])
    except Left:
        pass
    return seen


def quadruple(array: Array) -> Array:
    """The array in quadruple precision."""
    from numpy_quaddtype import QuadPrecDType

    return array.astype(QuadPrecDType())
