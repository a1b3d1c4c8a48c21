"""Problems that stay off the kinks of ReLU by construction, where the loss has to be differentiable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnspec.judging import cases
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.symmetries import Problem, with_examples
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Objective

#: Networks drawn at most, and examples of each for one that is kept.
_NETWORKS, _EXAMPLES = 100, 400
_EXACT = Precision("float64")


class HiddenInputs(Reference):
    """A forward pass that keeps the inputs z of every layer's units."""

    def __init__(self) -> None:
        """No layer has been passed."""
        self.z: list[Bounded] = []

    def affine(self, inputs: Array, weights: Array, biases: Array) -> Array:
        """X W + b, kept."""
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

    Networks and examples are drawn until there are enough that are proved to stay on their side.
    """
    if activation != "relu" or len(sizes) == 2:  # nothing has a kink
        return cases.problem(random, sizes, activation, objective, examples)
    for _ in range(_NETWORKS):
        problem = cases.problem(random, sizes, activation, objective, examples * _EXAMPLES)
        kept = np.flatnonzero(stays_on_its_side(problem["network"], problem["inputs"], reach))
        if len(kept) >= examples:
            return with_examples(problem, kept[:examples])
    raise RuntimeError("no network keeps enough examples off the kinks: this is a mistake of the suite")


def stays_on_its_side(network: Network, inputs: Array, reach: float) -> Array:
    """For each example (N,), whether every hidden unit's input z keeps its sign: |z| is beyond what can move it.

    What can move it is carried through the layers as an error is (interval arithmetic to first order and up).
    """
    forward = HiddenInputs()
    forward.forward(_moving(network, reach), Bounded.from_input(inputs, _EXACT))  # type: ignore[arg-type]  # it takes Bounded arrays
    hidden = forward.z[:-1]
    return np.all([(np.abs(z.value) > z.error).all(axis=1) for z in hidden], axis=0)


def _moving(network: Network, reach: float) -> Network:
    """The network with every parameter known to within ``reach``."""
    moving = {
        kind: [Bounded(array, np.full(array.shape, reach), _EXACT) for array in network[kind]]
        for kind in ("weights", "biases")
    }
    return {**moving, "activation": network["activation"]}  # type: ignore[typeddict-item]  # they are Bounded
