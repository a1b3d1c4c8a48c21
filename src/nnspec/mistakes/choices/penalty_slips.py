"""Penalties with a slip in their sum: of sums, of a part of each matrix, or begun with another number.

They are not among ``choices()``, since hardly anybody types them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nnspec.mistakes.choices.penalties import (
    ALL_WEIGHTS,
    HALF_SQUARES,
    PARTS,
    PLAIN,
    Norm,
    Part,
    Penalty,
    each,
)
from nnspec.reference.values import Array


def _squares_of_sums(name: str, formula: str, axis: int | None) -> Iterator[Norm]:
    """Of the sums of rows or columns, or of all weights of a matrix."""

    def sums(w: Array) -> Array:
        return np.asarray(w.sum(axis=axis, keepdims=True))

    for half, text in ((0.5, "½ "), (1.0, "")):
        yield each(
            f"{'half ' if half < 1 else ''}squares of {name}",
            f"{'half ' if half < 1 else ''}the squares of {name}",
            f"{text}{formula}",
            lambda w, half=half: float(half * (sums(w) ** 2).sum()),  # type: ignore[misc]  # a default is not inferred
            lambda w, half=half: 2 * half * sums(w) + np.zeros_like(w),  # type: ignore[misc]
        )


def _of_a_part(name: str, formula: str, rows: slice, columns: slice) -> Norm:
    """Half the squares of a part of each matrix; biases have columns alone."""

    def inside(w: Array) -> Array:
        mask = np.zeros_like(w)
        mask[(rows, columns) if w.ndim > 1 else columns] = 1.0
        return mask * w

    return each(
        f"half squares {name}",
        f"half the squares {name} of each matrix",
        formula,
        lambda w: float((inside(w) ** 2).sum()) / 2,
        inside,
    )


def _of_numbers(
    name: str, formula: str, value: Callable[[Array], float], slope: Callable[[Array], Array]
) -> Norm:
    return each(name, name, formula, value, slope)


_WHOLE = slice(None)
_PARTS_OF_EACH = (
    _of_a_part("without the first row", "½ Σw² without the first rows", slice(1, None), _WHOLE),
    _of_a_part("without the last row", "½ Σw² without the last rows", slice(None, -1), _WHOLE),
    _of_a_part("without the first column", "½ Σw² without the first columns", _WHOLE, slice(1, None)),
    _of_a_part("without the last column", "½ Σw² without the last columns", _WHOLE, slice(None, -1)),
    _of_a_part("of the first row", "½ Σw² of the first rows", slice(0, 1), _WHOLE),
    _of_a_part("of the first column", "½ Σw² of the first columns", _WHOLE, slice(0, 1)),
)
_NORMS = (
    *_squares_of_sums("the sums of the rows", "Σ_i (Σ_j w_ij)²", 1),
    *_squares_of_sums("the sums of the columns", "Σ_j (Σ_i w_ij)²", 0),
    *_squares_of_sums("the sum of all weights", "(Σw)²", None),
    *_PARTS_OF_EACH,
    _of_numbers("the cubes", "Σw³", lambda w: float((w**3).sum()), lambda w: 3 * w * w),
    _of_numbers("half the cubes", "½ Σw³", lambda w: float((w**3).sum()) / 2, lambda w: 1.5 * w * w),
    _of_numbers("half the sum", "½ Σw", lambda w: float(w.sum()) / 2, lambda w: 0.5 + 0 * w),
    _of_numbers("half the number of weights", "½ Σ1", lambda w: w.size / 2, np.zeros_like),
)
#: Layers that a penalty of a network of two layers names, or whose biases it has too.
_LAYERS = (
    Part("first two layers", "the weights of the first two layers alone", (0, 2)),
    Part(
        "last layer with biases", "the weights and the biases of the last layer alone", (-1, None), (-1, None)
    ),
    Part("first layer with biases", "the weights and the biases of the first layer alone", (0, 1), (0, 1)),
    Part("biases of the last layer", "the biases of the last layer alone", (0, 0), (-1, None)),
)


def slipped_penalties() -> list[Penalty]:
    """Each of them over the weights of all layers, times λ; of parts, also over the biases; and of other layers."""
    with_biases = next(part for part in PARTS if part.name == "weights and biases")
    return [
        *(Penalty(norm, ALL_WEIGHTS, PLAIN) for norm in _NORMS),
        *(Penalty(norm, with_biases, PLAIN) for norm in _PARTS_OF_EACH),
        *(Penalty(HALF_SQUARES, part, PLAIN) for part in _LAYERS),
    ]
