"""How a fit may train: right, or with one of the slips that people make in the loop around a right update.

A guess says which network a fit ends with, from the network that it starts with. Where examples are all the same, or
all are in the minibatch, the random numbers of the fit do not matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Recipe


@dataclass(frozen=True)
class Case:
    """A fit: its arguments, the network that it starts with, and the one that it returned."""

    inputs: Array
    labels: Array
    recipe: Recipe
    start: Network
    got: Network

    @property
    def examples(self) -> int:
        """The number of examples."""
        return len(self.labels)

    @property
    def size(self) -> int:
        """The number of examples in a minibatch."""
        return self.recipe["batch_size"] or self.examples

    @property
    def passes(self) -> int:
        """The number of minibatches in a pass."""
        return -(-self.examples // self.size)


@dataclass(frozen=True)
class Slip:
    """One thing that is done otherwise, in a sentence; ``of`` makes it."""

    said: str
    of: Callable[..., Any]


#: How many updates are made (of the case), on which inputs and labels (of both), with which iteration in the schedule
#: (of its number and the case), and with which recipe (of the case).
_UPDATES, _DATA = Slip("", lambda case: case.recipe["iterations"]), Slip("", lambda x, y: (x, y))
_TIME, _RECIPE = Slip("", lambda t, _case: t), Slip("", lambda case: case.recipe)


@dataclass(frozen=True)
class Guess:
    """How a fit may train; each default is right. whole: every minibatch has all examples."""

    updates: Slip = _UPDATES
    data: Slip = _DATA
    time: Slip = _TIME
    recipe: Slip = _RECIPE
    rate: Slip = _RECIPE
    whole: bool = False
    program: type[Reference] = Reference

    @property
    def is_right(self) -> bool:
        """Whether it is what a fit should do."""
        return self == RIGHT

    def network(self, case: Case) -> Network:
        """The network after the last update."""
        case = replace(case, recipe=self.recipe.of(case))
        case = replace(case, recipe=self.rate.of(case))
        x, y = self.data.of(case.inputs, case.labels)
        rows = slice(None) if self.whole else slice(case.size)
        program, network = self.program(), case.start
        velocity = program.zero_velocity(network)
        for t in range(self.updates.of(case)):
            objective, optimizer = case.recipe["objective"], case.recipe["optimizer"]
            gradients = program.gradients(
                network=network, inputs=x[rows], labels=y[rows], objective=objective
            )
            after = program.update(
                network=network,
                gradients=gradients,
                velocity=velocity,
                optimizer=optimizer,
                iteration=self.time.of(t, case),
            )
            network, velocity = after["network"], after["velocity"]
        return network


RIGHT = Guess()


def _count(said: str, of: Callable[[int, int, Case], int]) -> Slip:
    """of: the iterations, the minibatches in a pass, and the case."""
    return Slip(said, lambda case: max(0, of(case.recipe["iterations"], case.passes, case)))


def _always(updates: int) -> Slip:
    said = f"fit() makes {updates} update{'s' * (updates > 1)}, however many are asked for."
    return Slip(said, lambda _case: updates)


NO_UPDATE = Slip("fit() makes no update: it returns its first network.", lambda _case: 0)
#: Numbers of updates that differ from the right one with all examples in an iteration too.
COUNTS = (
    _count("fit() makes one update fewer than the iterations that are asked for.", lambda n, _p, _c: n - 1),
    _count("fit() makes one update more than the iterations that are asked for.", lambda n, _p, _c: n + 1),
    _count("fit() makes twice as many updates as iterations are asked for.", lambda n, _p, _c: 2 * n),
    NO_UPDATE,
    *(_always(k) for k in (1, 2, 10, 20, 50, 100, 200, 500, 1000)),
)


def _count_of_minibatches(said: str, of: Callable[[int, int, Case], int]) -> Slip:
    """With all examples in an iteration, as many updates as there should be."""
    return _count(said, lambda n, p, case: of(n, p, case) if p > 1 else n)


#: Numbers of updates that differ from it only with minibatches.
COUNTS_OF_MINIBATCHES = (
    _count_of_minibatches(
        "fit() makes a pass through all examples (⌈N/B⌉ updates) for each iteration that is asked for: an iteration is "
        "one update.",
        lambda n, p, _c: n * p,
    ),
    _count_of_minibatches(
        "fit() makes a pass through the full minibatches (⌊N/B⌋ updates) for each iteration that is asked for: an "
        "iteration is one update.",
        lambda n, _p, c: n * (c.examples // c.size),
    ),
    _count_of_minibatches(
        "fit() makes an update for each example in every iteration.", lambda n, _p, c: n * c.examples
    ),
    _count_of_minibatches("fit() makes one pass through the examples too few.", lambda n, p, _c: n - p),
    _count_of_minibatches("fit() makes one pass through the examples too many.", lambda n, p, _c: n + p),
    _count_of_minibatches(
        "fit() makes whole passes only: it leaves out the updates of the last pass if that is not whole.",
        lambda n, p, _c: n // p * p,
    ),
    _count_of_minibatches(
        "fit() makes whole passes only: it goes on to the end of the last pass, which makes more updates than are "
        "asked for.",
        lambda n, p, _c: -(-n // p) * p,
    ),
    _count_of_minibatches(
        "fit() makes whole passes of full minibatches only (⌊N/B⌋ updates each).",
        lambda n, _p, c: n // (c.examples // c.size) * (c.examples // c.size),
    ),
    _count_of_minibatches(
        "fit() makes one update for each pass: ⌈iterations / ⌈N/B⌉⌉.", lambda n, p, _c: -(-n // p)
    ),
    _count_of_minibatches(
        "fit() makes one update for each pass: ⌊iterations / ⌈N/B⌉⌋.", lambda n, p, _c: n // p
    ),
    _count_of_minibatches(
        "fit() makes one update for each pass: ⌊iterations · B / N⌋.",
        lambda n, _p, c: n * c.size // c.examples,
    ),
    _count_of_minibatches("fit() ends after one pass through the examples.", lambda n, p, _c: min(n, p)),
    _count_of_minibatches(
        "fit() makes one pass, however many iterations are asked for.", lambda _n, p, _c: p
    ),
)


def _optimizer(case: Case, **changes: Any) -> Recipe:
    return {**case.recipe, "optimizer": {**case.recipe["optimizer"], **changes}}  # type: ignore[typeddict-item]  # keys are not literal


def _objective(case: Case, factor: float) -> Recipe:
    objective = case.recipe["objective"]
    return {**case.recipe, "objective": {**objective, "l2": factor * objective["l2"]}}


def rate_times(said: str, factor: Callable[[Case], float]) -> Slip:
    """The rate that is asked for, times a factor."""
    return Slip(
        said, lambda c: _optimizer(c, learning_rate=factor(c) * c.recipe["optimizer"]["learning_rate"])
    )


#: Rates that depend on the number of examples.
RATES = (
    rate_times("fit() divides its steps by the number of examples once too often.", lambda c: 1 / c.examples),
    rate_times("fit() takes the sum over the examples where the mean is asked for.", lambda c: c.examples),
)
MEAN = rate_times(
    "fit() takes the mean over the examples where the sum is asked for.", lambda c: 1 / c.examples
)


def fixed_rate(rate: float) -> Slip:
    """One rate, whatever is asked for."""
    said = f"fit() uses a learning rate of {rate:.4g}, whatever is asked for."
    return Slip(said, lambda case: _optimizer(case, learning_rate=rate))


MOMENTA = (
    Slip("fit() ignores the momentum.", lambda case: _optimizer(case, method="gradient_descent")),
    *(
        Slip(
            f"fit() uses a momentum of {number:g}, whatever is asked for.",
            lambda case, number=number: _optimizer(case, momentum=number),
        )
        for number in (0.9, 0.5, 0.99, 0.95, 0.8)
    ),
    rate_times(
        "fit() multiplies the gradient by 1 − λ under momentum: V ← λV − (1 − λ)μ∇.",
        lambda case: 1 - case.recipe["optimizer"]["momentum"],
    ),
)
PENALTIES = (
    Slip("fit() leaves out the penalty.", lambda case: _objective(case, 0)),
    Slip("fit() has twice the penalty, λ Σ‖W‖².", lambda case: _objective(case, 2)),
    Slip("fit() has half of the penalty.", lambda case: _objective(case, 0.5)),
    Slip(
        "fit() divides the penalty by the number of examples.",
        lambda case: _objective(case, 1 / case.examples),
    ),
    Slip(
        "fit() divides the penalty by twice the number of examples, λ/(2N) Σ‖W‖² of λ Σ‖W‖².",
        lambda case: _objective(case, 0.5 / case.examples),
    ),
    Slip("fit() adds the penalty once for each example.", lambda case: _objective(case, case.examples)),
    Slip("fit() subtracts the penalty.", lambda case: _objective(case, -1)),
)
#: The rate of the last iteration that the schedule was asked for, or of another.
TIMES = (
    Slip("fit() keeps the initial learning rate: it ignores the schedule.", lambda _t, _case: 0),
    Slip(
        "fit() counts passes through the examples in the schedule; it must count updates.",
        lambda t, case: t // case.passes,
    ),
    Slip("fit() counts the iterations of the schedule from 1; it must count from 0.", lambda t, _case: t + 1),
    Slip(
        "fit() counts passes through the examples in the schedule, from 1; it must count updates, from 0.",
        lambda t, case: t // case.passes + 1,
    ),
)


def far(one: Network, other: Network) -> float:
    """The greatest difference of two networks, over their greatest number; infinity if that says nothing."""
    flat = [np.concatenate([np.ravel(a) for a in (*net["weights"], *net["biases"])]) for net in (one, other)]
    greatest = max(1e-3, *(float(np.max(np.abs(array))) for array in flat))
    distance = float(np.max(np.abs(flat[0] - flat[1]))) / greatest
    return distance if math.isfinite(distance) else math.inf
