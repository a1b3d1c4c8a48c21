"""What initial parameters are that are no multiples of the normals: exactly, or as numbers of the program's own."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.contract.support import Support
from nnspec.diagnosis.draws import (
    DEVIATIONS,
    LIMITS,
    NORMAL,
    TRUNCATED,
    UNIFORM,
    Draws,
    constant_width,
    family,
    known_width,
    widths,
)
from nnspec.diagnosis.fitted_initialization import factor_of
from nnspec.diagnosis.initialization_formulas import arguments_of
from nnspec.diagnosis.probes import Ask
from nnspec.documents.experiments import FAN_IN, SMALL
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.mistakes.choices.placed_initializers import PLACES
from nnspec.reference.values import Array

#: Sizes of the questions: large layers, which show what their numbers are.
_SIZES = ((100, 150, 60), (160, 60, 90))
#: How near numbers are that rounding alone parts, in either precision.
_NEAR = 64 * Precision("float32").unit
#: Where normals are cut off.
_CUT = 2.0


def initial_numbers(ask: Ask, support: Support) -> str:
    """A sentence on the weights that are no multiples of their normals; "" if there is nothing to say."""
    asked = list(_questions(support))
    try:
        answers = [ask("initialize", each)["weights"] for each in asked]
        again = [ask("initialize", each)["weights"] for each in (asked[0], _other_normals(asked[0]))]
    except (NoAnswer, Disagreement):
        return ""
    phrases: dict[str, str] = {}
    for layer, place in PLACES.items():
        given = [each["normals"]["weights"][place] for each in asked]
        got = [np.asarray(weights[place], dtype=float) for weights in answers]
        if all(factor_of(a, n, _NEAR) is not None for a, n in zip(got, given, strict=True)):
            continue
        varies = not np.array_equal(again[0][place], got[0])
        uses = not varies and not np.array_equal(again[1][place], got[0])
        draws = [
            Draws(numbers, (numbers.shape[0], numbers.shape[1]), each["initialization"])
            for numbers, each in zip(got, asked, strict=True)
        ]
        if phrase := exactly(got) or (_cut_off(got, given) if uses else drawn(draws)):
            phrases[layer] = f"{'!' if uses else ''}{phrase}"
    return " ".join(_sentences(phrases))


def _questions(support: Support) -> Iterator[dict[str, Any]]:
    sizes = list(dict.fromkeys(cases.sizes_for(support, like) for like in _SIZES))
    for activation, recipe in itertools.product(support.activations, (SMALL, FAN_IN)):
        for seed, each in enumerate(sizes):
            yield arguments_of(each, activation, recipe, seed)


def _other_normals(arguments: Mapping[str, Any]) -> dict[str, Any]:
    normals = cases.like(np.random.default_rng(99), arguments["sizes"])
    return {**arguments, "normals": normals}


def _sentences(phrases: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each phrase, or one for both layers; a phrase after a ``!`` is of numbers that use the normals."""
    alike = len(phrases) == len(PLACES) and len(set(phrases.values())) == 1
    for layer, phrase in list(phrases.items())[: 1 if alike else None]:
        where = "the weights" if alike else f"the weights of the {layer} layer"
        if phrase.startswith("!"):
            yield f"initialize() does not multiply its normal numbers for {where}: they are {phrase[1:]}."
        else:
            yield (
                f"initialize() does not use the normal numbers that it is given for {where}: they are {phrase}."
            )


def exactly(arrays: Sequence[Array]) -> str:
    """What the weights are to the last digit: one number, an identity matrix, orthogonal."""
    numbers = {float(array.flat[0]) for array in arrays if np.ptp(array) == 0}
    if all(np.ptp(array) == 0 for array in arrays):
        return f"all {numbers.pop():g}" if len(numbers) == 1 else "all one number, which depends on the layer"
    if (factor := _multiple(arrays, (np.eye(*array.shape) for array in arrays))) is not None:
        return "an identity matrix" if factor == 1 else f"{factor:.4g} times an identity matrix"
    squares = [array @ array.T if array.shape[0] < array.shape[1] else array.T @ array for array in arrays]
    square = _multiple(squares, (np.eye(len(array)) for array in squares))
    if square is None or square <= 0:
        return ""
    factor = float(np.sqrt(square))
    return "orthogonal" if abs(factor - 1) < _NEAR else f"{factor:.4g} times an orthogonal matrix"


def _multiple(arrays: Sequence[Array], others: Iterable[Array]) -> float | None:
    """The one factor by which the arrays are those others; None if there is none."""
    factors = [factor_of(array, other, _NEAR) for array, other in zip(arrays, others, strict=True)]
    first = factors[0]
    if first is None or any(factor is None or abs(factor - first) > _NEAR * abs(first) for factor in factors):
        return None
    return 1.0 if abs(first - 1) < _NEAR else first


def _cut_off(arrays: Sequence[Array], given: Sequence[Array]) -> str:
    """Multiples of the normals but for those that are far from 0."""
    for array, normals in zip(arrays, given, strict=True):
        inside = np.abs(normals) <= _CUT
        factor = factor_of(array[inside], normals[inside], _NEAR)
        if factor is None or np.any(np.abs(array) > _CUT * abs(factor) * (1 + _NEAR)):
            return ""
        far = np.abs(array[~inside])
        if np.any(np.abs(far - np.abs(factor * normals[~inside])) <= _NEAR * abs(factor)):
            return ""
        cut = bool(far.size) and bool(np.all(np.abs(far - _CUT * abs(factor)) <= _NEAR * abs(factor)))
    how = "set to that" if cut else "drawn again"
    factors = {float(f"{factor_of(a[i], n[i], _NEAR):.6g}") for a, n, i in _inside(arrays, given)}
    times = f"{factors.pop():g} times them" if len(factors) == 1 else "a multiple of them"
    return f"{times}, but those beyond ±{_CUT:g} are {how}"


def _inside(arrays: Sequence[Array], given: Sequence[Array]) -> Iterator[tuple[Array, Array, Array]]:
    return ((a, n, np.abs(n) <= _CUT) for a, n in zip(arrays, given, strict=True))


def drawn(draws: Sequence[Draws]) -> str:
    """The distribution of the numbers and its width; the width alone if it may be several."""
    if not all(np.isfinite(each.flat).all() for each in draws):
        return ""
    if all(each.flat.min() >= 0 for each in draws):
        return _positive(draws)
    one = family(draws)
    if one is UNIFORM:
        return f"uniform between {_width(widths(one, draws), draws, LIMITS, '±')}"
    if one is NORMAL:
        return f"normal with a standard deviation of {_width(widths(one, draws), draws, DEVIATIONS, '')}"
    if one is TRUNCATED:
        return _truncated(draws)
    least, most = (f"{of(each.flat.std() for each in draws):.2g}" for of in (min, max))
    deviation = f"about {least}" if least == most else f"{least} to {most}"
    return f"other numbers, with a standard deviation of {deviation}"


def _positive(draws: Sequence[Draws]) -> str:
    """Numbers from 0 on, perhaps uniform: then each greatest is near the limit, and half of it near the mean."""
    centred = [replace(each, numbers=each.numbers - each.flat.max() / 2) for each in draws]
    limits = [(2 * low, 2 * high) for low, high in widths(UNIFORM, centred)]
    constant = constant_width(limits)
    if family(centred) is UNIFORM and constant:
        return f"uniform between 0 and about {constant}"
    return "never negative"


def _truncated(draws: Sequence[Draws]) -> str:
    """Normals cut off at two deviations, of a known deviation before or after the cut."""
    intervals = widths(TRUNCATED, draws)
    after = [(0.8796 * low, 0.8797 * high) for low, high in intervals]
    start = "normal, cut off at ±2 standard deviations, with a standard deviation of "
    if known_width(intervals, draws, DEVIATIONS) is None and known_width(after, draws, DEVIATIONS):
        return f"{start}{_width(after, draws, DEVIATIONS, '')} after the cut"
    return f"{start}{_width(intervals, draws, DEVIATIONS, '')} before the cut"


def _width(intervals: Any, draws: Sequence[Draws], table: Any, sign: str) -> str:
    """A known width, or a number, or a number for each shape."""
    constant = constant_width(intervals)
    known = known_width(intervals, draws, table)
    if constant and not known:
        return f"about {sign}{constant}"
    if known and not constant:
        text, more, _ = known
        return f"{'' if text.startswith('the ') else sign}{text}{more}"
    by_shape = {each.shape: (low + high) / 2 for (low, high), each in zip(intervals, draws, strict=True)}
    said = [f"{sign}{width:.2g} in a layer of {i} × {o}" for (i, o), width in by_shape.items()]
    return "about " + " and ".join(said)
