"""Several updates in a row, each from new gradients and from what the last one left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.judging import cases
from nnspec.judging.agreement import assert_agrees
from nnspec.judging.rounding import bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.reference import Reference
from nnspec.reference.values import Network, Optimizer, Parameters
from nnspec.runs.states import State

#: Updates from a stored state: two cannot tell the previous gradient from a velocity.
FROM_A_STATE = 3


def assert_steps_right(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    optimizer: Optimizer,
    steps: int,
    first: int = 0,
) -> None:
    """The network after every step is right, from random parameters and gradients; first: the first iteration."""
    __tracebackhide__ = True
    network = cases.network(random, sizes, activation)
    gradients = [cases.like(random, sizes) for _ in range(steps)]
    _assert_steps(subject, exact, network, gradients, optimizer, first)


def assert_steps_from(subject: Subject, exact: Exact, state: State) -> None:
    """The network after every step is right, from the state's parameters and the gradients of the run from it."""
    __tracebackhide__ = True
    optimizer = state.experiment.optimizer
    gradients = _gradients_from(state)
    _assert_steps(subject, exact, state.network, gradients, optimizer, state.iteration)


def _assert_steps(
    subject: Subject,
    exact: Exact,
    network: Network,
    gradients: list[Parameters],
    optimizer: Optimizer,
    first: int,
) -> None:
    """The velocity is the implementation's own from step to step, and only its start is given.

    A program that keeps it with the other sign, or scaled, is right as long as its networks are.
    """
    __tracebackhide__ = True
    own: dict[str, Any] = {"network": network, "velocity": Reference().zero_velocity(network)}
    right: dict[str, Any] = bounded(own, exact.precision)
    for iteration, gradient in enumerate(gradients, start=first):
        told = {"gradients": gradient, "optimizer": optimizer, "iteration": iteration}
        own = subject.update(**own, **told)
        right = exact.update(**right, **told)
        assert_agrees(own["network"], right["network"], f"update.network after iteration {iteration}")


def _gradients_from(state: State) -> list[Parameters]:
    """The gradients of the first steps of the reference's run from a state."""
    seen: list[Parameters] = []

    class Watched(Reference):
        def update(self, **told: Any) -> dict[str, Any]:  # type: ignore[override]  # train calls it by keywords
            seen.append(told["gradients"])
            return super().update(**told)

    Watched().train(**{**state.training(), "iterations": FROM_A_STATE})
    return seen
