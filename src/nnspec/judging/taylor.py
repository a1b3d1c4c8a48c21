"""Taylor's remainder: whether gradients are those of the loss, with no tolerance and no step size to choose.

Along a direction v, f(θ + hv) = f(θ) + h ∇f·v + h²/2 · v∇²f v + …. What is left when the gradient's part has
been taken off, R(h) = f(θ + hv) − f(θ) − h g·v, is of second order in h where g is the gradient: half the step
leaves a quarter. Where g is not, a part of first order remains, and half the step leaves half of that.

The order, log₂ R(h)/R(h/2), has to be nearer to 2 than ``MARGIN``. The step is the smallest for which rounding can
move neither remainder by more than a thirtieth of it: the exact reference knows how far it can. Then a
gradient is refused whose derivative along v is off by about h times the curvature, with h ≈ 1e-6 in float64
and 1e-2 in float32. The loss is smooth along the way, because the problem keeps off the kinks of ReLU.
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

#: The greatest step along a direction whose elements are at most 1; problems keep off the kinks as far as this.
GREATEST_STEP = 2.0**-4
#: How many times what rounding can do to it a remainder is, at least.
CLEAR = 30.0
#: How far the order may be from 2. A right gradient's is within 0.2: 0.1 for rounding, 0.1 for third order.
MARGIN = 0.5
#: How far the exact order may be from 2, so that terms of third order do not count.
SECOND_ORDER = 0.1
#: Problems drawn at most until rounding leaves the curvature of one clear, and directions tried for each.
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
    problem, direction, step = _clear_question(exact, random, sizes, activation, objective)
    whole, half = (remainder(subject, problem, direction, h) for h in (step, step / 2))
    order = _order(whole, half)
    if not abs(order - 2) <= MARGIN:
        raise Disagreement(
            "order of Taylor's remainder along a random direction",
            f"{order:.3f}",
            "2, as of the loss's own gradient; 1 is that of a wrong one",
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


def _clear_question(
    exact: Exact, random: np.random.Generator, sizes: Sequence[int], activation: str, objective: Objective
) -> tuple[Problem, Parameters, float]:
    """A problem, a direction along which its loss is curved enough, and the smallest step that shows it."""
    for _ in range(_PROBLEMS):
        problem = problem_off_the_kinks(random, sizes, activation, objective, GREATEST_STEP)
        for _ in range(_DIRECTIONS):
            direction = _direction(random, problem["network"])
            step = _smallest_step(exact, problem, direction)
            if step <= GREATEST_STEP and _is_clear(exact, problem, direction, step):
                return problem, direction, step
    raise RuntimeError("no network shows the curvature of its loss: this is a mistake of the suite")


def _smallest_step(exact: Exact, problem: Problem, direction: Parameters) -> float:
    """The power of two at half of which the remainder should be clear, judging by that of the greatest step."""
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
    """log₂ of how much smaller the remainder of half the step is."""
    return math.log2(abs(whole) / abs(half)) if whole and half else math.nan
