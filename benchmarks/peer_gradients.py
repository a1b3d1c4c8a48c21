"""Checks of gradients by the rules of CS231n, torch, jax and TheDeepChecker, written anew in NumPy.

The rules and their constants are from these sources; no code of theirs is used.

- CS231n: cs231n/cs231n.github.io, neural-networks-3.md at 3d84654b1460, "Gradient checks". Central differences with h =
  1e-5; relative error |a − n| / max(|a|, |n|), 0 if both are 0. Above 1e-2 the gradient is "probably" wrong, above 1e-4
  one should feel uncomfortable, 1e-4 is fine with kinks and too high without; 1e-7 is fine always.
- torch.autograd.gradcheck: pytorch/pytorch, torch/autograd/gradcheck.py at 0189069d605b, and the page of the function
  in torch's documentation, whose defaults are the same in 1.13 and in the newest. eps 1e-6, atol 1e-5, rtol 1e-3:
  |a − n| ≤ atol + rtol · |n|; the backward pass, made twice, gives the same bits (nondet_tol 0).
- jax.test_util.check_grads: jax-ml/jax, jax/_src/public_test_util.py at 055a88344ffe. eps 1e-4, one random direction
  from RandomState(0), atol = rtol = 1e-5 in float64 and 2e-3 in float32.
- TheDeepChecker (Ben Braiek and Khomh, "Testing Feedforward Neural Networks Training Programs", TOSEM 2022):
  thedeepchecker/thedeepchecker, deep_checker/checkers.py and config/settings.yaml at d0a2b3a5339b. After 10 steps on 32
  examples, delta 1e-4, 3 examples, a tenth of the numbers of each array of weights; ‖a − n‖ / (‖a‖ + ‖n‖) ≤ 0.01. It is
  switched off unless a user switches it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from peer_cases import (
    Case,
    Check,
    Look,
    Measure,
    Program,
    View,
    above,
    activation_view,
    gradient_cases,
    objective_view,
    score_view,
    step_view,
    warm_step_view,
    warm_view,
)

from nnspec.reference.values import Array

#: The rows of the page. CS231n names three limits.
CS231N = ("CS231n's gradient check, 1e-2", "CS231n's gradient check, 1e-4", "CS231n's gradient check, 1e-7")
TORCH = "torch.autograd.gradcheck"
JAX = "jax.test_util.check_grads"
DEEPCHECKER = "TheDeepChecker's gradient check"

#: jax's tolerance for gradients, absolute and relative, for each precision.
JAX_TOLERANCE = {"float64": 1e-5, "float32": 2e-3}


@dataclass(frozen=True)
class Seen:
    """A pair of operations of which one is the gradient of the other."""

    about: str
    look: Look
    needs: tuple[str, ...]
    without: tuple[str, ...] = ()


PAIR = ("loss", "gradients")
#: A step stands for the gradients only in a program that has no ``gradients``.
STEP_SEEN = Seen("a step of train", step_view, ("train",), ("gradients",))
OBJECTIVE_SEEN = Seen("loss and gradients", objective_view, PAIR)
#: For TheDeepChecker, which trains first.
WARM_SEEN = (
    Seen("loss and gradients", warm_view, (*PAIR, "train")),
    Seen("loss and gradients", objective_view, PAIR, ("train",)),
    Seen("a step of train", warm_step_view, ("train",), ("gradients",)),
)
FUNCTIONS_SEEN = (
    Seen("cross_entropy and score_gradient", score_view, ("cross_entropy", "score_gradient")),
    Seen("activation and its derivative", activation_view, ("activation", "activation_derivative")),
)


def gradient_checks(precision: str) -> Iterator[Check]:
    """All checks of gradients of a program of this precision."""
    for place, case in enumerate(gradient_cases()):
        yield from everyones_checks(OBJECTIVE_SEEN, case, precision)
        if place % 3 == place // 3 % 3:  # one of the three objectives of each network
            yield from everyones_checks(STEP_SEEN, case, precision)
        few = replace(case, examples=3)
        for seen in WARM_SEEN:
            error, about = deepchecker(seen.look, few), f"{seen.about}: {few}"
            yield Check(DEEPCHECKER, about, seen.needs, error, above(0.01), seen.without)
    for seed, activation in enumerate(("relu", "tanh", "logistic")):
        for reduction, _, examples in (("mean", 0, 3), ("sum", 0, 7)):
            case = Case((5, 6, 4), activation, reduction, examples=examples, seed=seed)
            for seen in FUNCTIONS_SEEN:
                yield from everyones_checks(seen, case, precision)


def everyones_checks(seen: Seen, case: Case, precision: str) -> Iterator[Check]:
    """The checks of CS231n, torch and jax on a case."""
    error, about = cs231n(seen.look, case), f"{seen.about}: {case}"
    limits = (1e-2, 1e-4, 1e-4 if case.has_kinks else 1e-7)
    for peer, limit in zip(CS231N, limits, strict=True):
        yield Check(peer, about, seen.needs, error, above(limit), seen.without)
    yield Check(TORCH, about, seen.needs, torch(seen.look, case), above(1), seen.without)
    tolerance = JAX_TOLERANCE[precision]
    yield Check(JAX, about, seen.needs, jax(seen.look, case, tolerance), above(1), seen.without)


# ---- the rules ----


def cs231n(look: Look, case: Case) -> Measure:
    """The greatest relative error of a number of the gradient."""

    def error(program: Program) -> float:
        view = look(program, case)
        analytic = view.gradient()
        return greatest(relative_error, analytic, central_differences(view, 1e-5))

    return error


def relative_error(analytic: Array, numeric: Array) -> Array:
    """|a − n| / max(|a|, |n|), and 0 where both are 0."""
    size = np.maximum(np.abs(analytic), np.abs(numeric))
    return np.abs(analytic - numeric) / np.where(size == 0, 1, size)


def torch(look: Look, case: Case) -> Measure:
    """The greatest difference, in tolerances; infinite if the gradient differs from call to call."""

    def error(program: Program) -> float:
        view = look(program, case)
        numeric = central_differences(view, 1e-6)
        analytic = [np.array(gradient) for gradient in view.gradient()]
        if any(np.abs(a - b).max() > 0 for a, b in zip(analytic, view.gradient(), strict=True)):
            return np.inf
        return greatest(lambda a, n: np.abs(a - n) / (1e-5 + 1e-3 * np.abs(n)), analytic, numeric)

    return error


def jax(look: Look, case: Case, tolerance: float) -> Measure:
    """The difference of the slopes in a random direction, in tolerances; also that of two equal calls of the loss.

    It is the mode "rev" of order 1: a backward pass written by hand is a custom_vjp, which has no forward mode, and
    its gradients have no gradients.
    """

    def error(program: Program) -> float:
        view = look(program, case)
        first, second = view.value(), view.value()
        gradients = view.gradient()
        random = np.random.RandomState(0)
        directions = [random.randn(*array.shape) for array in view.arrays]
        if [np.shape(gradient) for gradient in gradients] != [array.shape for array in view.arrays]:
            return np.inf
        weight = float(random.randn())
        slope = weight * float(sum(np.vdot(d, g) for d, g in zip(directions, gradients, strict=True)))
        expected = weight * slope_along(view, directions, 1e-4)
        differences = [(first, second), (slope, expected)]
        return max(abs(a - b) / (tolerance + tolerance * abs(b)) for a, b in differences)

    return error


def slope_along(view: View, directions: list[Array], eps: float) -> float:
    """The central difference in a direction."""
    values = []
    for sign in (1, -1):
        kept = [array.copy() for array in view.arrays]
        for array, direction in zip(view.arrays, directions, strict=True):
            array += sign * eps * direction
        values.append(view.value())
        for array, before in zip(view.arrays, kept, strict=True):
            array[...] = before
    return (values[0] - values[1]) / (2 * eps)


def deepchecker(look: Look, case: Case) -> Measure:
    """The greatest ratio of norms over the arrays of weights, each in a tenth of its numbers."""

    def error(program: Program) -> float:
        view, random = look(program, case), np.random.default_rng(case.seed)
        arrays, analytic = view.arrays[: view.weights], view.gradient()[: view.weights]
        if not same_shapes(analytic, arrays):
            return np.inf
        ratios = []
        for array, gradient in zip(arrays, analytic, strict=True):
            places = np.unravel_index(random.choice(array.size, array.size // 10, replace=False), array.shape)
            numeric = [slope_at(view, array, place, 1e-4) for place in zip(*places, strict=True)]
            ratios.append(norm_ratio(gradient[places], np.array(numeric)))
        return max(ratios)

    return error


def norm_ratio(analytic: Array, numeric: Array) -> float:
    """‖a − n‖ / (‖a‖ + ‖n‖); 0 if there is nothing to compare."""
    total = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return float(np.linalg.norm(analytic - numeric) / total) if total else 0.0


# ---- differences ----


def central_differences(view: View, h: float) -> list[Array]:
    """(f(θ + h) − f(θ − h)) / 2h for every number of the arrays."""
    return [
        np.reshape([slope_at(view, array, place, h) for place in np.ndindex(array.shape)], array.shape)
        for array in view.arrays
    ]


def slope_at(view: View, array: Array, place: tuple[int, ...], h: float) -> float:
    """The central difference for one number of an array."""
    kept = array[place]
    array[place] = kept + h
    above = view.value()
    array[place] = kept - h
    below = view.value()
    array[place] = kept
    return (above - below) / (2 * h)


def greatest(error: Callable[[Array, Array], Array], analytic: list[Array], numeric: list[Array]) -> float:
    """The greatest error of any number; infinite if the shapes differ."""
    if not same_shapes(analytic, numeric):
        return np.inf
    return float(max(np.max(error(a, n)) for a, n in zip(analytic, numeric, strict=True)))


def same_shapes(some: list[Array], others: list[Array]) -> bool:
    """Whether the arrays have the same shapes, one by one."""
    return [np.shape(array) for array in some] == [np.shape(array) for array in others]
