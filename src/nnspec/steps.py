"""Several updates in a row, each from new gradients and from what the last one left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec import cases
from nnspec.judging import assert_agrees
from nnspec.reference.values import Optimizer
from nnspec.rounding import bounded
from nnspec.subject import Exact, Subject


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
    """The network after every step is right.

    The velocity is the implementation's own from step to step, and only its start is given: a program that
    keeps it with the other sign, or scaled, is right as long as its networks are.
    """
    __tracebackhide__ = True
    network = cases.network(random, sizes, activation)
    own: dict[str, Any] = {"network": network, "velocity": cases.zero_velocity(sizes)}
    right: dict[str, Any] = bounded(own, exact.precision)
    for iteration in range(first, first + steps):
        gradients = cases.like(random, sizes)
        told = {"gradients": gradients, "optimizer": optimizer, "iteration": iteration}
        own = subject.update(**own, **told)
        right = exact.update(**right, **told)
        assert_agrees(own["network"], right["network"], f"update.network after iteration {iteration}")
