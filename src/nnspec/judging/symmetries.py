"""Changes to a problem that leave a correct program's answer the same, or rearrange it in a known way.

A problem is the arguments of ``loss`` and ``gradients``: network, inputs (N, D), labels (N,) and objective.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnspec.reference.values import Array, Network

Problem = dict[str, Any]


def with_examples(problem: Problem, indices: Array) -> Problem:
    """The examples with these indices, in this order."""
    return {**problem, "inputs": problem["inputs"][indices], "labels": problem["labels"][indices]}


def with_network(problem: Problem, **changes: Any) -> Problem:
    """The problem with other weights or biases."""
    return {**problem, "network": {**problem["network"], **changes}}


def with_units_reordered(network: Any, layer: int, order: Array) -> Any:
    """The units of a layer in another order: its columns and biases, and the rows of the layer above.

    network: a Network, or gradients shaped like one.
    """
    weights, biases = [*network["weights"]], [*network["biases"]]
    weights[layer], biases[layer] = weights[layer][:, order], biases[layer][order]
    if layer + 1 < len(weights):
        weights[layer + 1] = weights[layer + 1][order]
    return {**network, "weights": weights, "biases": biases}


def with_classes_reordered(problem: Problem, order: Array) -> Problem:
    """The classes in another order: new class k is the old class order[k]."""
    network = with_units_reordered(problem["network"], -1 + len(problem["network"]["weights"]), order)
    return {**problem, "network": network, "labels": np.argsort(order)[problem["labels"]]}


def with_first_biases_as_weights(problem: Problem) -> Problem:
    """The first layer's biases as the last row of its weights, with an input that is always 1."""
    network: Network = problem["network"]
    first, *others = network["weights"]
    biases, *other_biases = network["biases"]
    return {
        **problem,
        "network": {
            **network,
            "weights": [np.vstack([first, biases]), *others],
            "biases": [np.zeros_like(biases), *other_biases],
        },
        "inputs": np.column_stack([problem["inputs"], np.ones(len(problem["inputs"]))]),
    }
