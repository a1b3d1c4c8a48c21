"""Roelants' gradient check: backpropagation against central differences of the loss, parameter by parameter."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnspec.judging.agreement import Disagreement, assert_within
from nnspec.judging.subject import Exact, Subject
from nnspec.reference.values import Array

#: The document's ε, and the tolerances of NumPy's isclose, with which it compares.
STEP = 1e-4
RELATIVE = 1e-5
ABSOLUTE = 1e-8


def assert_matches_differences(subject: Subject, exact: Exact, problem: dict[str, Any]) -> int:
    """The gradients are within the document's tolerance of central differences of the implementation's own loss.

    problem: the arguments of ``loss`` and ``gradients``. The tolerance is the document's plus the effect of
    rounding: the error of the loss over ε, and the error of the gradient. In float64 the latter is far smaller than the
    document's. Returns the number of parameters that were compared.
    """
    __tracebackhide__ = True
    got = subject.gradients(**problem)
    rounding = float(exact.loss(**problem).error) / STEP
    gradient_error = exact.gradients(**problem)
    compared = 0
    for kind in ("weights", "biases"):
        for layer, gradient in enumerate(got[kind]):
            differences = central_differences(lambda shifted: subject.loss(**shifted), problem, kind, layer)
            _assert_finite(differences, f"central differences of loss in {kind}[{layer}]")
            error = gradient_error[kind][layer].error
            tolerance = ABSOLUTE + RELATIVE * np.abs(differences) + rounding + error
            where = f"gradients.{kind}[{layer}] against central differences"
            assert_within(gradient, differences, tolerance, where)
            compared += differences.size
    return compared


def central_differences(
    loss: Callable[[dict[str, Any]], float], problem: dict[str, Any], kind: str, layer: int
) -> Array:
    """(f(θ + ε) − f(θ − ε)) / 2ε for every parameter θ of one array, in its shape."""
    differences = np.empty(problem["network"][kind][layer].shape)
    for index in np.ndindex(differences.shape):
        above, below = (loss(shifted) for shifted in _both_sides(problem, kind, layer, index))
        with np.errstate(over="ignore", invalid="ignore"):
            differences[index] = (np.float64(above) - below) / (2 * STEP)
    return differences


def _assert_finite(numbers: Array, where: str) -> None:
    """Raise Disagreement if the losses are so wrong that their differences are no numbers."""
    __tracebackhide__ = True
    wrong = np.argwhere(~np.isfinite(numbers)).tolist()
    if wrong:
        raise Disagreement(f"{where}{wrong[0]}", f"{numbers[tuple(wrong[0])]}", "a finite number")


def _both_sides(
    problem: dict[str, Any], kind: str, layer: int, index: tuple[int, ...]
) -> Iterator[dict[str, Any]]:
    """The problem with one parameter moved by ε, up and then down."""
    for step in (STEP, -STEP):
        network = copy.deepcopy(problem["network"])
        network[kind][layer][index] += step
        yield {**problem, "network": network}
