"""The reference in quadruple precision: the run that float64 runs are compared with."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Optimizer

#: A run ends once float64 has lost half of its digits: after that no correct run is nearer the truth.
HALF_OF_THE_DIGITS = 2.0**-26


class Divergence(Exception):
    """The run in float64 has left the one in quadruple precision."""


class Quadruple(Reference):
    """The reference in quadruple precision, which stops when a run in float64 has diverged."""

    def __init__(self, float64: Array, losses: list[float]) -> None:
        """``float64``: the losses in float64; ``losses``: a list to which this run appends its losses."""
        self.float64, self.losses = float64, losses

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> Any:
        """The rate, in quadruple precision if a schedule computes it."""
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
        """(δ Wᵀ) ∘ f′, with the same workaround."""
        return (delta @ np.ascontiguousarray(weights.T)) * self.derivative_from_output(activation, hidden)

    def objective(self, *args: Any) -> Any:
        """The objective; raises Divergence once float64 is no longer near it."""
        loss = super().objective(*args)
        at = len(self.losses)
        if abs(float(loss) - self.float64[at]) > HALF_OF_THE_DIGITS * abs(self.float64[at]):
            raise Divergence
        self.losses.append(float(loss))
        return loss


def losses(training: dict[str, Any], float64: Array) -> list[float]:
    """The losses in quadruple precision, rounded to float64, until float64 diverges; the final network's last.

    training: the arguments of ``train``, with their float64 numbers taken as exact; float64: the losses of the same run
    in float64.
    """
    network: Network = {
        "weights": [quadruple(weights) for weights in training["network"]["weights"]],
        "biases": [quadruple(biases) for biases in training["network"]["biases"]],
        "activation": training["network"]["activation"],
    }
    inputs = quadruple(training["inputs"])
    trace: list[float] = []
    run = Quadruple(float64, trace)
    try:
        trained = run.train(**{**training, "network": network, "inputs": inputs})
        run.loss(trained["network"], inputs, training["labels"], training["objective"])
    except Divergence:
        pass
    return trace


def quadruple(array: Array) -> Array:
    """The array in quadruple precision."""
    from numpy_quaddtype import QuadPrecDType

    return array.astype(QuadPrecDType())
