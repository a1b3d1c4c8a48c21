"""Taylor's remainder: a test that gradients belong to the loss, with no tolerance and no step size to choose.

Along a direction v, f(θ + hv) = f(θ) + h ∇f·v + h²/2 · v∇²f v + …. If g is the gradient, the remainder
R(h) = f(θ + hv) − f(θ) − h g·v is of second order in h: half the step leaves a quarter of it. If it is not, a term of
first order remains, and half the step leaves half of that.

The order, log₂ R(h)/R(h/2), must be within ``MARGIN`` of 2. The step is the smallest at which rounding can move
neither remainder by more than a thirtieth; the exact reference computes how far it can. So a gradient is refused if
its derivative along v is off by about h times the curvature, with h ≈ 1e-6 in float64 and 1e-2 in float32. The loss
is smooth along the way, because the problem stays off the kinks of ReLU.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnspec.judging.agreement import Disagreement
from nnspec.judging.smoothness import problem_off_the_kinks
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.symmetries import Problem, with_network
from nnspec.reference.values import Network, Objective, Parameters

#: The greatest step along a direction with elements of at most 1; problems stay off the kinks this far.
GREATEST_STEP = 2.0**-4
#: The least ratio of a remainder to its rounding error.
CLEAR = 30.0
#: How far the order may be from 2. A right gradient's order is within 0.2: 0.1 for rounding, 0.1 for third order.
MARGIN = 0.5
#: How far the exact order may be from 2, so that terms of third order are small.
SECOND_ORDER = 0.1
#: The most problems to draw in search of one with a clear curvature, and directions to try for each.
_PROBLEMS, _DIRECTIONS = 100, 5


def assert_of_second_order(
    subject: Subject,
    exact: Exact,
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
) -> None:
    """For a random network of these sizes the remainder along a random direction is of second order."""
    __tracebackhide__ = True
    problem, direction, step = _problem_with_clear_curvature(exact, random, sizes, activation, objective)
    whole, half = (remainder(subject, problem, direction, h) for h in (step, step / 2))
    order = _order(whole, half)
    if not abs(order - 2) <= MARGIN:
        raise Disagreement(
            "order of Taylor's remainder along a random direction",
            f"{order:.3f}",
            "2, the order for the gradient of the loss; a wrong gradient has 1",
            f"± {MARGIN} (step {step:.1e})",
        )


def remainder(implementation: Any, problem: Problem, direction: Parameters, step: float) -> Any:
    """f(θ + hv) − f(θ) − h g·v, from the implementation's own loss and gradients."""
    network = problem["network"]
    moved = with_network(
        problem,
        weights=[w + step * v for w, v in zip(network["weights"], direction["weights"], strict=True)],
        biases=[b + step * v for b, v in zip(network["biases"], direction["biases"], strict=True)],
    )
    gradients = implementation.gradients(**problem)
    slope = sum(
        (gradient * along).sum()
        for kind in ("weights", "biases")
        for gradient, along in zip(gradients[kind], direction[kind], strict=True)
    )
    return implementation.loss(**moved) - implementation.loss(**problem) - step * slope


def _problem_with_clear_curvature(
    exact: Exact, random: np.random.Generator, sizes: Sequence[int], activation: str, objective: Objective
) -> tuple[Problem, Parameters, float]:
    """A problem, a direction along which its loss curves enough, and the smallest step that shows it."""
    for _ in range(_PROBLEMS):
        problem = problem_off_the_kinks(random, sizes, activation, objective, GREATEST_STEP)
        for _ in range(_DIRECTIONS):
            direction = _direction(random, problem["network"])
            step = _smallest_step(exact, problem, direction)
            if step <= GREATEST_STEP and _is_clear(exact, problem, direction, step):
                return problem, direction, step
    raise RuntimeError("no network has a clear curvature: this is a bug in nnspec")


def _smallest_step(exact: Exact, problem: Problem, direction: Parameters) -> float:
    """The power of two at half of which the remainder should be clear, estimated from the greatest step."""
    widest = remainder(exact, problem, direction, GREATEST_STEP)
    share = 2 * math.sqrt(CLEAR * float(widest.error) / abs(float(widest.value)))
    return GREATEST_STEP * 2.0 ** math.ceil(math.log2(share))


def _is_clear(exact: Exact, problem: Problem, direction: Parameters, step: float) -> bool:
    """Whether rounding moves neither remainder by much, and the exact ones are of second order."""
    whole, half = (remainder(exact, problem, direction, h) for h in (step, step / 2))
    order = _order(float(whole.value), float(half.value))
    return CLEAR * float(half.error) <= abs(float(half.value)) and abs(order - 2) <= SECOND_ORDER


def _direction(random: np.random.Generator, network: Network) -> Parameters:
    """Shaped like the network's parameters, every element between -1 and 1."""
    return {
        "weights": [np.asarray(random.uniform(-1, 1, weights.shape)) for weights in network["weights"]],
        "biases": [np.asarray(random.uniform(-1, 1, biases.shape)) for biases in network["biases"]],
    }


def _order(whole: float, half: float) -> float:
    """log₂ of the ratio of the two remainders."""
    return math.log2(abs(whole) / abs(half)) if whole and half else math.nan
