"""Values with a bound on what rounding may do to them: where every tolerance of a single call comes from.

A ``Bounded`` array holds a value and, element by element, how far a correct program that computes in a
given precision can be from it. Running the reference on such arrays gives, for every operation, the right
answer and its tolerance at once (running error analysis: Wilkinson 1986; Higham, *Accuracy and Stability of
Numerical Algorithms*, section 3.3). What other formulas for the same function lose is in
``nnspec.judging.formulations``; here is what they all have in common. With u the unit roundoff:

- an input may be rounded once: u|x|. Whole numbers up to 1/u are exact. What the reference computes from
  numbers alone (a rate, half a penalty, the angles of the data) a program computes in its own way, so it is
  known to ``FUNCTION`` · u|x|: a single number where it is not whole, an array everywhere, since i · (4/n) may
  miss the whole number that it should be;
- an addition, product or quotient adds u times its result to what the operands' errors make of it;
- exp, log, tanh, sin and cos are held to ``FUNCTION`` · u, four units in the last place, which is
  the worst that the vectorised libraries in use promise;
- a sum of n terms in any order loses at most (n − 1)·u·Σ|terms|. Where its roundings are independent, it
  loses all but surely no more than 6√n of them (Higham and Mary 2019, λ = 6: exceeded with a probability of
  about n·3e-8). Terms that are alike round alike: added one by one they lose up to n/3, since half of the
  partial sums lie in the last binade, where a rounding is at most u/2 of the total, a quarter in the one
  before, where it is half of that, and so on: n·u·(1/4 + 1/16 + …). So min(n − 1, max(6√n, n/3)) is taken;
- what underflows may be flushed to zero: the smallest normal number is added to whatever is not exactly 0.
  An exact 0 (a product with 0, a sum of zeros) is 0 in every program, so what is compared with it is certain;
- the reference value is computed in the widest format that the platform has, and loses there, by the same
  rules, what its roundoff is to u. Where that format is float64 itself the unit becomes 2u, where it has 64
  bits u·(1 + 2⁻¹¹).

How the rules bound what they bound: every one is the greatest change that the operands' errors can make
(exactly so for products and quotients; by the steepest slope in reach elsewhere) plus the operation's own
rounding. Only the roundings of roundings are left out, a part in 1/u of the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from nnspec.reference.values import Array

#: Units of roundoff that a correct elementary function may be off by.
FUNCTION = 8.0
#: λ of Higham and Mary's bound on a sum.
CONFIDENCE = 6.0
#: What the reference value is computed in.
WIDEST: type[np.floating[Any]] = np.longdouble


class Precision:
    """What a floating-point format loses, with what the reference value loses beside it.

    unit: u, half a unit in the last place; underflow: the smallest normal number, below which it may flush to
    zero; greatest: the greatest finite number.
    """

    def __init__(self, name: str) -> None:
        """``name`` is "float64" or "float32"."""
        limits = np.finfo(name)
        self.name = name
        self.unit = float(limits.eps) / 2 * (1 + float(np.finfo(WIDEST).eps / limits.eps))
        self.underflow = float(limits.tiny)
        self.greatest = float(limits.max)


class Bounded(NDArrayOperatorsMixin):
    """An array ``value`` and an array ``error`` of the same shape: a correct program is within it."""

    def __init__(self, value: Any, error: Any, precision: Precision) -> None:
        """Arrays of one shape."""
        self.value: Array = np.asarray(value, dtype=WIDEST)
        self.error: Array = np.asarray(error, dtype=float)
        if self.error.shape != self.value.shape:
            self.error = np.broadcast_to(self.error, self.value.shape)
        self.precision = precision

    @classmethod
    def from_input(cls, value: Any, precision: Precision, units: float = 1.0) -> Bounded:
        """A number or array that was passed in: whole numbers are exact, others known to ``units`` · u."""
        value = np.asarray(value, dtype=WIDEST)
        size = np.abs(value).astype(float)
        error = np.where(size < precision.underflow, size, units * precision.unit * size)
        exact = (size * precision.unit <= 1) & (value == np.rint(value))
        return cls(value, np.where(exact, 0.0, error), precision)

    @property
    def shape(self) -> tuple[int, ...]:
        """The array's shape."""
        return self.value.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values."""
        return self.value.dtype

    @property
    def T(self) -> Bounded:  # noqa: N802 (the name that arrays give it)
        """Transposed."""
        return Bounded(self.value.T, self.error.T, self.precision)

    @property
    def open(self) -> Array:
        """Where a correct program may have something else than 0."""
        return (self.value != 0) | (self.error > 0)

    @property
    def least(self) -> Array:
        """The least magnitude that a correct program may have here."""
        return np.maximum(np.abs(self.value).astype(float) - self.error, 0)

    def ravel(self) -> Bounded:
        """All elements in one row."""
        return Bounded(self.value.ravel(), self.error.ravel(), self.precision)

    def __bool__(self) -> bool:
        """What a comparison says of the value as it stands."""
        return bool(self.value)

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        return f"Bounded({self.value!r} ± {self.error!r})"

    def __getitem__(self, key: Any) -> Bounded:
        return Bounded(self.value[key], self.error[key], self.precision)

    def __setitem__(self, key: Any, item: Any) -> None:
        item = self._bounded(item)
        self.value, self.error = self.value.copy(), self.error.copy()
        self.value[key], self.error[key] = item.value, item.error

    def __array_function__(self, function: Any, _types: Any, args: Any, kwargs: Any) -> Any:
        """Stacking and concatenating, which compute nothing."""
        if function not in (np.stack, np.concatenate):
            return NotImplemented
        parts = [self._bounded(part) for part in args[0]]
        value = function([part.value for part in parts], *args[1:], **kwargs)
        error = function([part.error for part in parts], *args[1:], **kwargs)
        return Bounded(value, error, self.precision)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Apply the rule of this function; in place where that is what is asked for."""
        rule = RULES.get(ufunc.__name__)
        if rule is None or method != "__call__" or set(kwargs) - {"out"}:
            return NotImplemented
        operands = [self._bounded(operand) for operand in inputs]
        value = ufunc(*(operand.value for operand in operands))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            error = rule(value, *operands)
        if ufunc.__name__ not in EXACT:
            times = UNDERFLOWS.get(ufunc.__name__, _where_not_zero)(
                Bounded(value, error, self.precision), *operands
            )
            error = error + times * self.precision.underflow
        result = Bounded(value, error, self.precision)
        for out in kwargs.get("out", ()):
            out.value, out.error = result.value, result.error
            return out
        return result

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Bounded:
        """Σ along an axis."""
        terms = self.value.size if axis is None else self.shape[axis]
        value = self.value.sum(axis=axis, keepdims=keepdims)
        error = self.error + accumulated(terms) * self.precision.unit * np.abs(self.value)
        flushed = terms * self.precision.underflow * self.open.any(axis=axis, keepdims=keepdims)
        return Bounded(value, error.sum(axis=axis, keepdims=keepdims) + flushed, self.precision)

    def argmax(self, axis: int) -> Array:
        """Where the greatest value is, taking the values as they stand."""
        return np.argmax(self.value, axis=axis)

    def _bounded(self, operand: Any) -> Bounded:
        """An operand that is not one of ours, as one: an array that the reference has computed, or a number."""
        if isinstance(operand, Bounded):
            return operand
        if np.ndim(operand):
            return Bounded(operand, FUNCTION * self.precision.unit * np.abs(operand), self.precision)
        return Bounded.from_input(operand, self.precision, FUNCTION)


def accumulated(terms: int) -> float:
    """Units of roundoff that a sum of so many terms may lose, relative to the sum of their magnitudes."""
    return float(min(max(terms - 1, 0), max(CONFIDENCE * math.sqrt(terms), terms / 3)))


# ---- one rule a function: the error of its result from those of its operands -------------------------


def _rounded(value: Array, operand: Bounded, units: float = 1.0) -> Array:
    return units * operand.precision.unit * np.abs(value)


def _add(value: Array, a: Bounded, b: Bounded) -> Array:
    return a.error + b.error + _rounded(value, a)


def _multiply(value: Array, a: Bounded, b: Bounded) -> Array:
    return np.abs(a.value) * b.error + np.abs(b.value) * a.error + a.error * b.error + _rounded(value, a)


def _divide(value: Array, a: Bounded, b: Bounded) -> Array:
    return (a.error + np.abs(value) * b.error) / b.least + _rounded(value, a)


def _matmul(value: Array, a: Bounded, b: Bounded) -> Array:  # noqa: ARG001 (rules share one signature)
    terms = a.shape[-1]
    magnitude_a, magnitude_b = np.abs(a.value).astype(float), np.abs(b.value).astype(float)
    products = magnitude_b * ((accumulated(terms) + 1) * a.precision.unit)
    return magnitude_a @ (products + b.error) + a.error @ (magnitude_b + b.error)


def _wave(value: Array, angle: Bounded) -> Array:
    return angle.error + _rounded(value, angle, FUNCTION)


def _greater(value: Array, a: Bounded, b: Bounded) -> Array:  # noqa: ARG001 (rules share one signature)
    """1 where rounding may turn the comparison; equal numbers without error are equal in every program."""
    uncertainty = a.error + b.error
    return ((np.abs(a.value - b.value) <= uncertainty) & (uncertainty > 0)).astype(float)


def _extremum(value: Array, a: Bounded, b: Bounded) -> Array:
    """The error of the operand that is chosen, or of both where rounding may turn the choice."""
    chosen = np.where(a.value == value, a.error, b.error)
    open_choice = np.abs(a.value - b.value) <= a.error + b.error
    return np.where(open_choice, np.maximum(a.error, b.error), chosen)


def _same(value: Array, a: Bounded) -> Array:  # noqa: ARG001 (rules share one signature)
    return a.error


RULES: dict[str, Callable[..., Array]] = {
    "add": _add,
    "subtract": _add,
    "multiply": _multiply,
    "divide": _divide,
    "matmul": _matmul,
    "sin": _wave,
    "cos": _wave,
    "greater": _greater,
    "maximum": _extremum,
    "negative": _same,
}

# ---- how many times underflow may take the smallest normal number from a result ----------------------
# It takes nothing from an exact 0. A 0 that the reference value has underflowed to is none, so operands tell.


def _where_not_zero(result: Bounded, *_: Bounded) -> Array:
    return result.open


def _of_a_product(_: Bounded, a: Bounded, b: Bounded) -> Array:
    return a.open & b.open


def _of_a_quotient(_: Bounded, a: Bounded, _b: Bounded) -> Array:
    return a.open


def _of_products(_: Bounded, a: Bounded, b: Bounded) -> Array:
    return a.shape[-1] * (a.open.astype(float) @ b.open.astype(float) > 0)


UNDERFLOWS: dict[str, Callable[..., Array]] = {
    "multiply": _of_a_product,
    "divide": _of_a_quotient,
    "matmul": _of_products,
}
#: Functions that underflow nowhere, because they compute nothing.
EXACT = {"greater", "maximum", "negative"}


def bounded(value: Any, precision: Precision) -> Any:
    """Arguments of an operation with every array of floats in them bounded; the rest as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return Bounded.from_input(value, precision)
    if isinstance(value, dict):
        return {key: bounded(item, precision) for key, item in value.items()}
    if isinstance(value, list):
        return [bounded(item, precision) for item in value]
    return value


def as_array(numbers: Sequence[Bounded]) -> Bounded:
    """A list of numbers as one array."""
    first = numbers[0]
    return Bounded([n.value for n in numbers], [n.error for n in numbers], first.precision)
