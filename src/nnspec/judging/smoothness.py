"""Problems that stay off the kinks of ReLU by construction, for tests that need a differentiable loss."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnspec.contract.errors import Unsupported
from nnspec.judging import cases
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.symmetries import Problem, with_examples
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Objective

#: The most networks to draw, and how many examples to draw for each one needed.
_NETWORKS, _EXAMPLES = 100, 400
#: The most layers of a network that is sure to be found.
_DEPTH = 4
_EXACT = Precision("float64")


class HiddenInputs(Reference):
    """A forward pass that records the inputs z of every layer's units."""

    def __init__(self) -> None:
        """Start without any layer."""
        self.z: list[Bounded] = []

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b, recorded."""
        z = super().affine(inputs, weights, biases)
        self.z.append(z)  # type: ignore[arg-type]  # the network is Bounded
        return z


def problem_off_the_kinks(
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
    reach: float,
    examples: int = 7,
) -> Problem:
    """A random problem in which no ReLU changes sides while every parameter moves by up to ``reach``.

    Networks and examples are drawn until enough of them provably keep the sign of every z. Raises Unsupported if a
    network of more layers than usual has too few.
    """
    if activation != "relu" or len(sizes) == 2:  # no kinks
        return cases.problem(random, sizes, activation, objective, examples)
    for _ in range(_NETWORKS):
        problem = cases.problem(random, sizes, activation, objective, examples * _EXAMPLES)
        indices = np.flatnonzero(stays_off_the_kink(problem["network"], problem["inputs"], reach))
        if len(indices) >= examples:
            return with_examples(problem, indices[:examples])
    if len(sizes) - 1 > _DEPTH:
        raise Unsupported(f"no network of {len(sizes) - 1} layers was found in which no ReLU changes sides")
    raise RuntimeError("no network keeps enough examples off the kinks: this is a bug in nnspec")


def stays_off_the_kink(network: Network, inputs: Array, reach: float) -> Array:
    """For each example (N,), whether every hidden unit's input z keeps its sign, |z| being greater than its error.

    The error is propagated through the layers by interval arithmetic, including the terms above first order.
    """
    forward = HiddenInputs()
    forward.forward(_with_uncertainty(network, reach), Bounded.from_input(inputs, _EXACT))  # type: ignore[arg-type]  # it takes Bounded arrays
    hidden = forward.z[:-1]
    return np.all([(np.abs(z.value) > z.error).all(axis=1) for z in hidden], axis=0)


def _with_uncertainty(network: Network, reach: float) -> Network:
    """The network with every parameter known to within ``reach``."""
    uncertain = {
        kind: [Bounded(array, np.full(array.shape, reach), _EXACT) for array in network[kind]]
        for kind in ("weights", "biases")
    }
    return {**uncertain, "activation": network["activation"]}  # type: ignore[typeddict-item]  # they are Bounded
