"""What people make of the examples in a fit before they train on them: other inputs, another order, fewer of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from nnspec.diagnosis.fits.guesses import Slip
from nnspec.reference.values import Array


def _on(words: str, of: Callable[[Array], Array]) -> Slip:
    return Slip(f"fit() trains on {words}", lambda x, y: (of(x), y))


def _standardised(ddof: int, divided: str, more: float) -> Slip:
    words = f"standardised inputs, (x − mean) / standard deviation of each feature{divided}"
    return _on(words, lambda x: (x - x.mean(axis=0)) / (x.std(axis=0, ddof=ddof) + more))


def _between(x: Array, axis: int | None) -> Array:
    low = x.min(axis=axis)
    return np.asarray((x - low) / (x.max(axis=axis) - low))


#: What people make of inputs first. The end of the sentence is put by ``search``.
INPUTS = (
    _on("inputs minus the mean of each feature", lambda x: x - x.mean(axis=0)),
    *(
        _standardised(ddof, divided, more)
        for ddof, divided in ((0, ""), (1, " (with N − 1)"))
        for more in (0.0, 1e-8, 1e-7, 1e-6, 1e-5)
    ),
    _on("inputs divided by the standard deviation of each feature", lambda x: x / x.std(axis=0)),
    _on("inputs minus the mean of all numbers", lambda x: x - x.mean()),
    _on(
        "standardised inputs, (x − mean) / standard deviation of all numbers",
        lambda x: (x - x.mean()) / x.std(),
    ),
    _on("inputs scaled to 0 … 1, by the least and the greatest of each feature", lambda x: _between(x, 0)),
    _on(
        "inputs scaled to −1 … 1, by the least and the greatest of each feature",
        lambda x: 2 * _between(x, 0) - 1,
    ),
    _on("inputs scaled to 0 … 1, by the least and the greatest number", lambda x: _between(x, None)),
    _on("inputs scaled to −1 … 1, by the least and the greatest number", lambda x: 2 * _between(x, None) - 1),
    _on("inputs divided by 255", lambda x: x / 255),
    _on("inputs divided by the greatest absolute value", lambda x: x / np.abs(x).max()),
    _on("inputs divided by the greatest absolute value of each feature", lambda x: x / np.abs(x).max(axis=0)),
    _on("inputs divided by their greatest number", lambda x: x / x.max()),
    _on(
        "inputs that are divided by the norm of each example",
        lambda x: x / np.linalg.norm(x, axis=1)[:, None],
    ),
    _on("inputs that are divided by the norm of each feature", lambda x: x / np.linalg.norm(x, axis=0)),
    _on("the absolute values of its inputs", np.abs),
    _on("inputs with their features in the opposite order", lambda x: x[:, ::-1]),
)


def both(first: Slip, second: Slip) -> Slip:
    """What is done to the examples first and then."""
    if not first.said:
        return second
    return Slip(f"{first.said}. {second.said}", lambda x, y: second.of(*first.of(x, y)))


def orders(labels: Array) -> Iterator[Slip]:
    """The ways to put the labels of these examples in another order."""
    said = "fit() trains on inputs that are shuffled without their labels."
    for order in sorted(set(itertools.permutations(labels.tolist()))):
        if list(order) != labels.tolist():
            yield Slip(said, lambda x, _y, order=order: (x, np.array(order)))


def parts(examples: int) -> Iterator[Slip]:
    """The ways to leave out some of the examples."""
    for number in range(examples - 1, 0, -1):
        for rows in itertools.combinations(range(examples), number):
            said = (
                f"With {examples} examples, fit() trains on only {number} of them, and leaves out the others."
            )
            yield Slip(said, lambda x, y, rows=rows: (x[list(rows)], y[list(rows)]))
