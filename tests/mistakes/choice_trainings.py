"""A small network and trainings of it, for the tests of choices."""

from __future__ import annotations

import numpy as np

BATCHES = [np.array(batch) for batch in ([0, 1, 2, 3], [4, 5, 6, 7], [8], [3, 1, 8, 2], [0, 6, 7, 5], [4])]
STEP = {"kind": "step", "decay": 0.6, "every": 3}
NORMALS = {
    "weights": [np.random.default_rng(1).standard_normal(shape) for shape in [(3, 5), (5, 4)]],
    "biases": [np.random.default_rng(2).standard_normal(size) for size in [5, 4]],
}


def network(activation="tanh", scale=1.0):
    random = np.random.default_rng(3)
    return {
        "weights": [scale * random.standard_normal(shape) for shape in [(3, 5), (5, 4)]],
        "biases": [random.standard_normal(size) for size in [5, 4]],
        "activation": activation,
    }


def training(activation="tanh", reduction="mean", method="momentum", schedule=None, **changes):
    """The arguments of a training of nine examples in three dimensions and four classes."""
    return {
        "network": network(activation),
        "inputs": np.random.default_rng(4).standard_normal((9, 3)),
        "labels": np.array([0, 1, 2, 3, 1, 2, 0, 1, 3]),
        "objective": {"reduction": reduction, "l2": 0.2},
        "optimizer": {"method": method, "learning_rate": 0.05, "momentum": 0.6, "schedule": schedule},
        "iterations": 6,
        "batches": BATCHES,
        **changes,
    }


def flat(parameters):
    """All weights and biases in one array."""
    return np.concatenate([*parameters["weights"], *parameters["biases"]], axis=None)


def trained(program, **changes):
    """The losses of a training and its final parameters, in one array."""
    answer = program().train(**training(**changes))
    return np.concatenate([answer["losses"], flat(answer["network"])])
