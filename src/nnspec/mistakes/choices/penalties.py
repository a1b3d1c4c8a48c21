"""Penalties that people choose: a norm, of which parameters, times which factor of λ.

The documents' own is λ/2 · Σ‖W‖² over the weights of all layers. Where a norm has a kink, the derivative is 0 there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from nnspec.reference.values import Array, Network, Parameters

#: Whatever a penalty is of: the arrays that it looks at.
Arrays = list[Array]


@dataclass(frozen=True)
class Norm:
    """A norm of arrays taken together, such as Σw² over all of them, and its gradient on each."""

    name: str
    phrase: str
    formula: str
    value: Callable[[Arrays], float] = field(compare=False, repr=False)
    gradient: Callable[[Arrays], Arrays] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Part:
    """Which parameters a penalty looks at: the first and the last layer, as in a slice, of weights and of biases."""

    name: str
    phrase: str
    weights: tuple[int | None, int | None] = (None, None)
    biases: tuple[int | None, int | None] = (0, 0)


@dataclass(frozen=True)
class Factor:
    """What the norm is multiplied by: coefficient · λ^power · N^examples, for N examples."""

    name: str
    formula: str
    coefficient: float
    power: float = 1.0
    examples: int = 0

    def value(self, l2: float, examples: int) -> float:
        """The factor for this λ and this N."""
        return float(self.coefficient * l2**self.power * float(examples) ** self.examples)


@dataclass(frozen=True)
class Penalty:
    """A norm of some parameters times a factor; documents: those in which it is right."""

    norm: Norm
    part: Part
    factor: Factor
    documents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Such as "l1 norm of the first layer times l2"."""
        return f"{self.norm.name} of {self.part.name} times {self.factor.name}"

    @property
    def phrase(self) -> str:
        """What follows "the penalty is"."""
        if self.factor.coefficient == 0:
            return "0, as if λ were 0"
        return f"{self.formula}, over {self.part.phrase}"

    @property
    def formula(self) -> str:
        """In terms of the weights w and λ."""
        return f"{self.factor.formula} · {self.norm.formula}"

    def value(self, network: Network, l2: float, examples: int) -> float:
        """The penalty of a network."""
        factor = self.factor.value(l2, examples)
        return factor * self.norm.value([array for _, _, array in self._arrays(network)])

    def gradient(self, network: Network, l2: float, examples: int) -> Parameters:
        """Its gradient on all weights and biases."""
        factor = self.factor.value(l2, examples)
        places = self._arrays(network)
        gradient: Parameters = {
            "weights": [np.zeros_like(weights) for weights in network["weights"]],
            "biases": [np.zeros_like(biases) for biases in network["biases"]],
        }
        of_norm = self.norm.gradient([array for _, _, array in places])
        for (kind, layer, _), of_array in zip(places, of_norm, strict=True):
            arrays = gradient["weights"] if kind == "weights" else gradient["biases"]
            arrays[layer] = factor * of_array
        return gradient

    def _arrays(self, network: Network) -> list[tuple[str, int, Array]]:
        """The arrays that the penalty looks at, with their kind and layer."""
        depth = len(network["weights"])
        weights = [
            ("weights", layer, network["weights"][layer]) for layer in range(depth)[slice(*self.part.weights)]
        ]
        return weights + [
            ("biases", layer, network["biases"][layer]) for layer in range(depth)[slice(*self.part.biases)]
        ]


# ---- norms ----


def each(
    name: str, phrase: str, formula: str, value: Callable[[Array], float], gradient: Callable[[Array], Array]
) -> Norm:
    """A norm that is the sum over the arrays of one of each."""
    return Norm(
        name,
        phrase,
        formula,
        lambda arrays: float(sum(value(array) for array in arrays)),
        lambda arrays: [gradient(array) for array in arrays],
    )


def _unit(array: Array) -> Array:
    length = math.sqrt((array * array).sum())
    return array / length if length > 0 else np.zeros_like(array)


def _together_value(arrays: Arrays) -> float:
    return math.sqrt(sum(float((array * array).sum()) for array in arrays))


def _together_gradient(arrays: Arrays) -> Arrays:
    length = _together_value(arrays)
    return [array / length if length > 0 else np.zeros_like(array) for array in arrays]


def _count(arrays: Arrays) -> int:
    return max(1, sum(array.size for array in arrays))


def _mean_value(arrays: Arrays) -> float:
    return float(sum((array * array).sum() for array in arrays)) / _count(arrays)


def _mean_gradient(arrays: Arrays) -> Arrays:
    return [2 * array / _count(arrays) for array in arrays]


def _columns_value(array: Array) -> float:
    return float(np.sqrt((array * array).sum(axis=0)).sum())


def _columns_gradient(array: Array) -> Array:
    lengths = np.sqrt((array * array).sum(axis=0))
    return np.where(lengths > 0, array / np.where(lengths > 0, lengths, 1), 0)


def _greatest_gradient(array: Array) -> Array:
    gradient = np.zeros_like(array)
    place = np.unravel_index(np.abs(array).argmax(), array.shape)
    gradient[place] = np.sign(array[place])
    return gradient


HALF_SQUARES = each(
    "half squares", "half the squares", "½ Σw²", lambda w: float((w * w).sum()) / 2, lambda w: 1 * w
)

#: Every norm, the documents' own first.
NORMS = (
    HALF_SQUARES,
    each("squares", "the squares without the half", "Σw²", lambda w: float((w * w).sum()), lambda w: 2 * w),
    each(
        "quarter squares",
        "a quarter of the squares",
        "¼ Σw²",
        lambda w: float((w * w).sum()) / 4,
        lambda w: w / 2,
    ),
    each("magnitudes", "the magnitudes (L1)", "Σ|w|", lambda w: float(np.abs(w).sum()), np.sign),
    each(
        "half magnitudes",
        "half the magnitudes (L1)",
        "½ Σ|w|",
        lambda w: float(np.abs(w).sum()) / 2,
        lambda w: np.sign(w) / 2,
    ),
    each(
        "lengths", "the length of each array, not squared", "Σ‖W‖", lambda w: math.sqrt((w * w).sum()), _unit
    ),
    each(
        "half lengths",
        "half the length of each array, not squared",
        "½ Σ‖W‖",
        lambda w: math.sqrt((w * w).sum()) / 2,
        lambda w: _unit(w) / 2,
    ),
    Norm(
        "length",
        "the length of all weights together, not squared",
        "√(Σw²)",
        _together_value,
        _together_gradient,
    ),
    each(
        "means of squares",
        "the mean of the squares of each array",
        "Σ mean(W²)",
        lambda w: float((w * w).mean()),
        lambda w: 2 * w / w.size,
    ),
    each(
        "half means of squares",
        "half the mean of the squares of each array",
        "½ Σ mean(W²)",
        lambda w: float((w * w).mean()) / 2,
        lambda w: w / w.size,
    ),
    Norm("mean of squares", "the mean of all squares", "mean(w²)", _mean_value, _mean_gradient),
    each("fourth powers", "the fourth powers", "Σw⁴", lambda w: float((w**4).sum()), lambda w: 4 * w**3),
    each(
        "cubes",
        "the cubes of the magnitudes",
        "Σ|w|³",
        lambda w: float((np.abs(w) ** 3).sum()),
        lambda w: 3 * np.abs(w) * w,
    ),
    each(
        "elastic net",
        "the elastic net",
        "½ Σ|w| + ¼ Σw²",
        lambda w: float(np.abs(w).sum()) / 2 + float((w * w).sum()) / 4,
        lambda w: np.sign(w) / 2 + w / 2,
    ),
    each(
        "magnitudes and squares",
        "both the magnitudes and the squares",
        "Σ|w| + Σw²",
        lambda w: float(np.abs(w).sum() + (w * w).sum()),
        lambda w: np.sign(w) + 2 * w,
    ),
    each(
        "distances from 1",
        "the squares of w − 1",
        "½ Σ(w − 1)²",
        lambda w: float(((w - 1) ** 2).sum()) / 2,
        lambda w: w - 1,
    ),
    each("sums", "the sum of the weights themselves", "Σw", lambda w: float(w.sum()), np.ones_like),
    each(
        "greatest magnitudes",
        "the greatest magnitude of each array",
        "Σ max|w|",
        lambda w: float(np.abs(w).max()),
        _greatest_gradient,
    ),
    each(
        "column lengths",
        "the lengths of the columns",
        "Σ‖W_j‖ over the columns j",
        _columns_value,
        _columns_gradient,
    ),
    each(
        "row lengths",
        "the lengths of the rows",
        "Σ‖W_i‖ over the rows i",
        lambda w: _columns_value(w.T),
        lambda w: _columns_gradient(w.T).T,
    ),
)

# ---- parts ----


ALL_WEIGHTS = Part("all weights", "the weights of all layers")

#: Every part, the documents' own first.
PARTS = (
    ALL_WEIGHTS,
    Part("first layer", "the weights of the first layer alone", (0, 1)),
    Part("last layer", "the weights of the last layer alone", (-1, None)),
    Part("all but last", "the weights of all layers but the last", (0, -1)),
    Part("all but first", "the weights of all layers but the first", (1, None)),
    Part("weights and biases", "all weights and all biases", biases=(None, None)),
    Part("biases", "the biases alone", (0, 0), (None, None)),
)

# ---- factors ----

PLAIN = Factor("lambda", "λ", 1.0)

#: Every factor, the documents' own first.
FACTORS = (
    PLAIN,
    Factor("lambda per example", "λ/N", 1.0, 1, -1),
    Factor("half lambda", "λ/2", 0.5),
    Factor("half lambda per example", "λ/(2N)", 0.5, 1, -1),
    Factor("double lambda", "2λ", 2.0),
    Factor("minus lambda", "−λ", -1.0),
    Factor("lambda times N", "λN", 1.0, 1, 1),
    Factor("lambda squared", "λ²", 1.0, 2),
    Factor("root of lambda", "√λ", 1.0, 0.5),
    Factor("zero", "0", 0.0),
    Factor("one", "1", 1.0, 0),
)

#: The documents' own penalty.
RIGHT = Penalty(HALF_SQUARES, ALL_WEIGHTS, PLAIN, documents=("cs231n", "wildml", "roelants"))


def products() -> list[Penalty]:
    """Every norm of every part times every factor, also those that hardly anybody types and those that are equal."""
    return [Penalty(norm, part, factor) for norm in NORMS for part in PARTS for factor in FACTORS]


#: The penalties that people type: one of the three differs, and a few pairs; the documents' own first.
PENALTIES = (
    RIGHT,
    *(Penalty(norm, ALL_WEIGHTS, PLAIN) for norm in NORMS[1:]),
    *(Penalty(HALF_SQUARES, part, PLAIN) for part in PARTS[1:]),
    *(
        Penalty(HALF_SQUARES, ALL_WEIGHTS, factor)
        for factor in FACTORS[1:]
        if factor.formula not in ("2λ", "λ/2")
    ),
    *(Penalty(norm, ALL_WEIGHTS, FACTORS[1]) for norm in (NORMS[1], *NORMS[3:5])),
    *(Penalty(NORMS[1], part, PLAIN) for part in PARTS[1:]),
)
