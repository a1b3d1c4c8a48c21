"""Inputs for the tests: networks, examples and optimisers in which no mistake can hide.

Defaults hide mistakes (zero biases, a learning rate of 1, no penalty, D = H = K), so there are none here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.contract import METHODS
from nnspec.experiments import schedule
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters, Schedule

#: Sizes [D, H, …, K] of networks with one to four layers, no two neighbours alike.
SIZES = [(3, 4), (2, 5, 3), (4, 3, 6, 2), (3, 6, 4, 5, 2)]
#: The same with sizes that are alike, where a shape says nothing of which array it is.
EQUAL_SIZES = [(3, 3), (2, 2, 2), (4, 4, 4, 4)]


def objective(reduction: str, l2: float = 0.0) -> Objective:
    """The mean or the sum of the cross-entropies, with or without a penalty."""
    return {"reduction": reduction, "l2": l2}


#: Both reductions, without a penalty and with one that shows.
OBJECTIVES = [objective(reduction, l2) for reduction in ("mean", "sum") for l2 in (0.0, 0.3)]


def optimizer(method: str, schedule: Schedule | None = None) -> Optimizer:
    """A learning rate and a momentum other than 1, which no document uses."""
    return {"method": method, "learning_rate": 0.37, "momentum": 0.8, "schedule": schedule}


#: No schedule, and one of each kind, decaying so fast that three iterations show it.
SCHEDULES = [
    None,
    schedule("step", 0.7, every=2),
    schedule("exponential", 0.13),
    schedule("inverse_time", 0.29),
]
#: Both methods with every schedule.
OPTIMIZERS = [optimizer(method, falling) for method in METHODS for falling in SCHEDULES]


def network(random: np.random.Generator, sizes: Sequence[int], activation: str) -> Network:
    """Weights N(0, 1/fan_in) and biases N(0, 1), all of them other than 0."""
    parameters = like(random, sizes)
    weights = [array / np.sqrt(len(array)) for array in parameters["weights"]]
    return {"weights": weights, "biases": parameters["biases"], "activation": activation}


def like(random: np.random.Generator, sizes: Sequence[int]) -> Parameters:
    """Standard normals shaped like the parameters of a network, for gradients and velocities."""
    return {
        "weights": [random.standard_normal(shape) for shape in itertools.pairwise(sizes)],
        "biases": [random.standard_normal(size) for size in sizes[1:]],
    }


def labels(random: np.random.Generator, examples: int, classes: int) -> Array:
    """Every class at least once where there are enough examples, in no order."""
    return random.permutation(np.arange(examples) % classes)


def problem(
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
    examples: int = 7,
) -> dict[str, Any]:
    """The arguments of ``loss`` and ``gradients``."""
    return {
        "network": network(random, sizes, activation),
        "inputs": random.standard_normal((examples, sizes[0])),
        "labels": labels(random, examples, sizes[-1]),
        "objective": objective,
    }


def zero_velocity(sizes: Sequence[int]) -> Parameters:
    """The velocity before the first update."""
    return {
        "weights": [np.zeros(shape) for shape in itertools.pairwise(sizes)],
        "biases": [np.zeros(size) for size in sizes[1:]],
    }


def name_objective(objective: Objective) -> str:
    """An objective in the name of a test."""
    return f"{objective['reduction']}-l2-{objective['l2']:g}"


def name_optimizer(optimizer: Optimizer) -> str:
    """An optimizer in the name of a test."""
    return optimizer["method"] + (f"-{optimizer['schedule']['kind']}" if optimizer["schedule"] else "")


def name_sizes(sizes: Sequence[int]) -> str:
    """The sizes of a network in the name of a test."""
    return "-".join(map(str, sizes))
