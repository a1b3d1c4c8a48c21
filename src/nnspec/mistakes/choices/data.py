"""What people do to the examples before they train on them.

A row changes inputs (N, D) and labels (N,), or it chooses examples by their indices, once or several times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nnspec.reference.values import Array

#: From inputs, labels and the number of classes: other inputs and labels of the same shapes.
Change = Callable[[Array, Array, int], tuple[Array, Array]]
#: From labels and the number of classes: the indices of the examples that are used.
Selection = Callable[[Array, int], Array]


@dataclass(frozen=True)
class DataChoice:
    """What is done to the examples; its phrase is a sentence without its stop.

    documents: those in which it is right.
    """

    name: str
    phrase: str
    formula: str
    fix: str
    change: Change | None = field(default=None, compare=False, repr=False)
    select: Selection | None = field(default=None, compare=False, repr=False)
    documents: tuple[str, ...] = ()


KEEP_INPUTS = "Use the inputs as the document has them."
KEEP_LABELS = "Use every example's own label."
KEEP_EXAMPLES = "Use every example once."


def _inputs(name: str, phrase: str, formula: str, function: Callable[[Array], Array]) -> DataChoice:
    return DataChoice(name, phrase, formula, KEEP_INPUTS, lambda x, y, k: (function(x).astype(x.dtype), y))


def _labels(name: str, phrase: str, formula: str, function: Callable[[Array, int], Array]) -> DataChoice:
    return DataChoice(
        name, phrase, formula, KEEP_LABELS, lambda x, y, k: (x, function(y.astype(int), k).astype(y.dtype))
    )


def _selection(name: str, phrase: str, formula: str, select: Selection) -> DataChoice:
    return DataChoice(name, phrase, formula, KEEP_EXAMPLES, select=select)


def _over(x: Array, divisor: Array) -> Array:
    """X / divisor, and x itself where that is 0."""
    return x / np.where(divisor == 0, 1, divisor)


def _spread(x: Array) -> Array:
    return x.max(axis=0) - x.min(axis=0)


def changed_labels(share: float) -> DataChoice:
    """A share of the labels replaced by the next class, drawn with seed 0."""

    def function(y: Array, k: int) -> Array:
        changed = y.copy()
        at = np.random.RandomState(0).permutation(len(y))[: max(1, round(share * len(y)))]
        changed[at] = (changed[at] + 1) % k
        return changed

    percent = f"{100 * share:g} %"
    return _labels(
        f"labels changed {percent.replace(' %', '')}",
        f"The labels of {percent} of the examples are those of the next class",
        f"y + 1 modulo K for {percent}",
        function,
    )


def noise(deviation: float) -> DataChoice:
    """Normals added to the inputs, drawn with seed 0."""
    return _inputs(
        f"noise {deviation:g}",
        f"Noise of {deviation:g} · N(0, 1) is added to the inputs",
        f"X + {deviation:g} · N(0, 1)",
        lambda x: x + deviation * np.random.RandomState(0).standard_normal(x.shape),
    )


def left_out(share: float) -> DataChoice:
    """The last share of the examples left out, as for a test set."""
    return _selection(
        f"last {100 * share:g} percent left out",
        f"The last {100 * share:g} % of the examples are left out",
        f"the first {100 - 100 * share:g} % of the examples",
        lambda y, k: np.arange(len(y) - max(1, round(share * len(y)))),
    )


def _half_of_class_0(y: Array, k: int) -> Array:
    of_class = np.flatnonzero(y == 0)
    return np.setdiff1d(np.arange(len(y)), of_class[len(of_class) // 2 :])


#: Everything that is done to the examples, the most likely first.
DATA = (
    _inputs(
        "standardized",
        "The inputs are standardised: mean 0 and standard deviation 1",
        "(X − mean) / deviation",
        lambda x: _over(x - x.mean(axis=0), x.std(axis=0)),
    ),
    _inputs("centred", "The inputs are centred", "X − mean", lambda x: x - x.mean(axis=0)),
    _inputs(
        "scaled to 1",
        "The inputs are scaled to the range from 0 to 1",
        "(X − min) / (max − min)",
        lambda x: _over(x - x.min(axis=0), _spread(x)),
    ),
    _inputs(
        "scaled to plus minus 1",
        "The inputs are scaled to the range from −1 to 1",
        "2 (X − min) / (max − min) − 1",
        lambda x: 2 * _over(x - x.min(axis=0), _spread(x)) - 1,
    ),
    _inputs(
        "over the greatest",
        "The inputs are divided by their greatest magnitude",
        "X / max |X|",
        lambda x: _over(x, np.abs(x).max()),
    ),
    _inputs(
        "unit length",
        "Each example's inputs are divided by their length",
        "x / ‖x‖",
        lambda x: _over(x, np.sqrt((x * x).sum(axis=1, keepdims=True))),
    ),
    _inputs(
        "single precision", "The inputs are rounded to float32", "float32(X)", lambda x: x.astype(np.float32)
    ),
    _inputs(
        "half precision", "The inputs are rounded to float16", "float16(X)", lambda x: x.astype(np.float16)
    ),
    _inputs(
        "columns reversed",
        "The columns of the inputs are in reverse order",
        "X[:, ::-1]",
        lambda x: x[:, ::-1].copy(),
    ),
    _inputs(
        "first column alone",
        "Only the first column of the inputs is used",
        "X[:, 0], and 0 for the others",
        lambda x: x * (np.arange(x.shape[1]) == 0),
    ),
    *(noise(deviation) for deviation in (0.1, 0.01)),
    DataChoice(
        "inputs shuffled alone",
        "The inputs are shuffled, and the labels are not",
        "X[order], y",
        "Index inputs and labels with the same order.",
        lambda x, y, k: (x[np.random.RandomState(0).permutation(len(y))], y),
    ),
    *(changed_labels(share) for share in (0.1, 0.05, 0.2)),
    _labels(
        "labels shifted", "Every label is that of the next class", "y + 1 modulo K", lambda y, k: (y + 1) % k
    ),
    _labels(
        "labels reversed", "The classes are numbered in reverse order", "K − 1 − y", lambda y, k: k - 1 - y
    ),
    _labels(
        "labels of the example before",
        "Every example has the label of the example before it",
        "y_(n−1)",
        lambda y, k: np.roll(y, 1),
    ),
    _labels(
        "classes merged",
        "The last class is merged with the one before",
        "min(y, K − 2)",
        lambda y, k: np.minimum(y, k - 2),
    ),
    _labels(
        "first class against the rest",
        "All classes but the first are merged",
        "1(y > 0)",
        lambda y, k: np.minimum(y, 1) if k > 2 else 0 * y,
    ),
    _selection(
        "first left out",
        "The first example is left out",
        "examples 1 … N − 1",
        lambda y, k: np.arange(1, len(y)),
    ),
    _selection(
        "last left out",
        "The last example is left out",
        "examples 0 … N − 2",
        lambda y, k: np.arange(len(y) - 1),
    ),
    *(left_out(share) for share in (0.2, 0.1, 0.25, 0.3, 0.5)),
    _selection(
        "every second",
        "Only every second example is used",
        "examples 0, 2, 4 …",
        lambda y, k: np.arange(0, len(y), 2),
    ),
    _selection(
        "half of class 0", "Half of the examples of class 0 are left out", "N/2 of class 0", _half_of_class_0
    ),
    _selection(
        "first twice",
        "The first example occurs twice",
        "examples 0, 0, 1 …",
        lambda y, k: np.concatenate([[0], np.arange(len(y))]),
    ),
    _selection(
        "all twice",
        "Every example occurs twice",
        "each example twice",
        lambda y, k: np.repeat(np.arange(len(y)), 2),
    ),
)
