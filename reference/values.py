"""The plain values that operations take and return: arrays, and dictionaries of arrays."""

from __future__ import annotations

from typing import Any, TypeAlias, TypedDict

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class Parameters(TypedDict):
    """One array per layer: weights (fan_in, fan_out), biases (fan_out,). Also gradients and velocities."""

    weights: list[Array]
    biases: list[Array]


class Network(Parameters):
    """Parameters, and the activation of every hidden layer: "relu", "tanh" or "logistic"."""

    activation: str


class Initialization(TypedDict):
    """Weights = scale · N(0, 1), divided by √fan_in if ``fan_in`` is true; biases "zeros" or "normals"."""

    scale: float
    fan_in: bool
    biases: str


class Objective(TypedDict):
    """reduction: "mean" or "sum" over the examples; l2: the factor λ in λ/2 · Σ‖W‖²."""

    reduction: str
    l2: float


class Schedule(TypedDict):
    """kind: "step", "exponential" or "inverse_time"; decay: its factor or rate; every: iterations per step."""

    kind: str
    decay: float
    every: int


class Optimizer(TypedDict):
    """method: "gradient_descent" or "momentum"; momentum: the factor λ of the old velocity."""

    method: str
    learning_rate: float
    momentum: float
    schedule: Schedule | None


class Recipe(TypedDict):
    """An experiment without its data: what ``fit`` needs to train from its own random numbers."""

    sizes: list[int]
    activation: str
    initialization: Initialization
    objective: Objective
    optimizer: Optimizer
    iterations: int
    batch_size: int | None
