"""Several updates in a row, each from new gradients and the result of the last update."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.judging import cases
from nnspec.judging.agreement import assert_agrees_with_one
from nnspec.judging.rounding import bounded
from nnspec.judging.subject import Exact, Subject
from nnspec.reference import Reference
from nnspec.reference.values import Network, Optimizer, Parameters
from nnspec.runs.states import State

#: Updates from a stored state; with two, the previous gradient would look like a velocity.
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
    """The network after every step is right, from the state's parameters and gradients."""
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
    """The networks are right after every step; the velocity is the implementation's own after the first.

    A program may keep the velocity with the other sign, or scaled, as long as its networks are right. Where there are
    several conventions, it follows one of them in all steps.
    """
    __tracebackhide__ = True
    own: dict[str, Any] = {"network": network, "velocity": Reference().zero_velocity(network)}
    right: list[tuple[Exact, dict[str, Any]]] = [
        (one, bounded(own, exact.precision)) for one in exact.conventions(optimizer)
    ]
    for iteration, gradient in enumerate(gradients, start=first):
        arguments = {"gradients": gradient, "optimizer": optimizer, "iteration": iteration}
        own = subject.update(**own, **arguments)
        right = [(one, one.update(**before, **arguments)) for one, before in right]
        networks = [after["network"] for _, after in right]
        where = f"update.network after iteration {iteration}"
        right = [right[place] for place in assert_agrees_with_one(own["network"], networks, where)]


def _gradients_from(state: State) -> list[Parameters]:
    """The gradients of the first steps of the reference's run from a state."""
    gradients: list[Parameters] = []

    class Recorder(Reference):
        def update(self, **params: Any) -> dict[str, Any]:  # type: ignore[override]  # train calls it by keywords
            gradients.append(params["gradients"])
            return super().update(**params)

    Recorder().train(**{**state.training(), "iterations": FROM_A_STATE})
    return gradients
