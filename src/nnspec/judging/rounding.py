"""Values with a bound on their rounding error: the source of every tolerance of a single call.

A ``Bounded`` array holds a value and, for each element, how far a correct program in a given precision can be
from it. Running the reference on such arrays gives the right answer and its tolerance at once, for every
operation (running error analysis: Wilkinson 1986; Higham, *Accuracy and Stability of Numerical Algorithms*,
section 3.3). This module has the rules that all formulas share; what other formulas for the same function lose
is in ``nnspec.judging.formulations``. With u the unit roundoff:

- an input may be rounded once: u|x|. Whole numbers up to 1/u are exact. What the reference computes from
  numbers alone (a rate, half a penalty, the angles of the data) may be computed differently by a program, so it
  is known to ``FUNCTION`` · u|x|: a single number unless it is whole, an array in every element, since i · (4/n)
  may miss the whole number that it should be;
- an addition, product or quotient adds u times its result to the error from its operands;
- exp, log, tanh, sin and cos are held to ``FUNCTION`` · u, four units in the last place, the worst that the
  vectorised libraries in use promise;
- a sum of n terms in any order loses at most (n − 1)·u·Σ|terms|. If its roundings are independent, it almost
  surely loses no more than 6√n units (Higham and Mary 2019, λ = 6: exceeded with a probability of
  about n·3e-8). Equal terms round alike: added one by one they lose up to n/3, since half of the
  partial sums lie in the last binade, where a rounding is at most u/2 of the total, a quarter in the one
  before, where it is half of that, and so on: n·u·(1/4 + 1/16 + …). So the bound is min(n − 1, max(6√n, n/3));
- a result that underflows may be flushed to zero, so the smallest normal number is added to everything that is
  not exactly 0. An exact 0 (a product with 0, a sum of zeros) is 0 in every program and has no error;
- the reference value is computed in the widest format of the platform, and its own roundoff adds to u by the
  same rules. If that format is float64 itself, the unit becomes 2u; if it has 64 bits, u·(1 + 2⁻¹¹).

Each rule is the greatest change that the operands' errors can cause (exact for products and quotients, by the
steepest slope within reach otherwise) plus the operation's own rounding. Only the roundings of roundings are
left out, a fraction u of the bound.
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
    """The limits of a floating-point format, including the roundoff of the reference value.

    unit: u, half a unit in the last place; underflow: the smallest normal number, below which results may be flushed
    to zero; greatest: the greatest finite number.
    """

    def __init__(self, name: str) -> None:
        """``name`` is "float64" or "float32"."""
        limits = np.finfo(name)
        self.name = name
        self.unit = float(limits.eps) / 2 * (1 + float(np.finfo(WIDEST).eps / limits.eps))
        self.underflow = float(limits.tiny)
        self.greatest = float(limits.max)


class Bounded(NDArrayOperatorsMixin):
    """An array ``value`` and an array ``error`` of the same shape, within which correct programs lie."""

    def __init__(self, value: Any, error: Any, precision: Precision) -> None:
        """Arrays of one shape."""
        self.value: Array = np.asarray(value, dtype=WIDEST)
        self.error: Array = np.asarray(error, dtype=float)
        if self.error.shape != self.value.shape:
            self.error = np.broadcast_to(self.error, self.value.shape)
        self.precision = precision

    @classmethod
    def from_input(cls, value: Any, precision: Precision, units: float = 1.0) -> Bounded:
        """An input, a number or an array: whole numbers are exact, others are known to ``units`` · u."""
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
    def T(self) -> Bounded:  # noqa: N802 (NumPy's name)
        """Transposed."""
        return Bounded(self.value.T, self.error.T, self.precision)

    @property
    def may_be_nonzero(self) -> Array:
        """For each element, whether a correct program may have a number other than 0."""
        return (self.value != 0) | (self.error > 0)

    @property
    def least_magnitude(self) -> Array:
        """For each element, the least magnitude that a correct program may have."""
        return np.maximum(np.abs(self.value).astype(float) - self.error, 0)

    def ravel(self) -> Bounded:
        """All elements in one row."""
        return Bounded(self.value.ravel(), self.error.ravel(), self.precision)

    def __bool__(self) -> bool:
        """The truth of the value, without its error."""
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
        """Stack or concatenate, which rounds nothing."""
        if function not in (np.stack, np.concatenate):
            return NotImplemented
        parts = [self._bounded(part) for part in args[0]]
        value = function([part.value for part in parts], *args[1:], **kwargs)
        error = function([part.error for part in parts], *args[1:], **kwargs)
        return Bounded(value, error, self.precision)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """Apply the rule of this function; in place if ``out`` is among the arguments."""
        rule = RULES.get(ufunc.__name__)
        if rule is None or method != "__call__" or set(kwargs) - {"out"}:
            return NotImplemented
        operands = [self._bounded(operand) for operand in inputs]
        value = ufunc(*(operand.value for operand in operands))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            error = rule(value, *operands)
        if ufunc.__name__ not in EXACT:
            times = UNDERFLOWS.get(ufunc.__name__, _nonzero_results)(
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
        error = self.error + sum_units(terms) * self.precision.unit * np.abs(self.value)
        flushed = terms * self.precision.underflow * self.may_be_nonzero.any(axis=axis, keepdims=keepdims)
        return Bounded(value, error.sum(axis=axis, keepdims=keepdims) + flushed, self.precision)

    def argmax(self, axis: int) -> Array:
        """The place of the greatest value, without regard to the errors."""
        return np.argmax(self.value, axis=axis)

    def _bounded(self, operand: Any) -> Bounded:
        """An operand as a Bounded: an array that the reference has computed, or a number."""
        if isinstance(operand, Bounded):
            return operand
        if np.ndim(operand):
            return Bounded(operand, FUNCTION * self.precision.unit * np.abs(operand), self.precision)
        return Bounded.from_input(operand, self.precision, FUNCTION)


def sum_units(terms: int) -> float:
    """Units of roundoff that a sum of this many terms may lose, relative to the sum of their magnitudes."""
    return float(min(max(terms - 1, 0), max(CONFIDENCE * math.sqrt(terms), terms / 3)))


# ---- one rule per function: the error of its result from the errors of its operands ------------------


def _rounded(value: Array, operand: Bounded, units: float = 1.0) -> Array:
    return units * operand.precision.unit * np.abs(value)


def _add(value: Array, a: Bounded, b: Bounded) -> Array:
    return a.error + b.error + _rounded(value, a)


def _multiply(value: Array, a: Bounded, b: Bounded) -> Array:
    return np.abs(a.value) * b.error + np.abs(b.value) * a.error + a.error * b.error + _rounded(value, a)


def _divide(value: Array, a: Bounded, b: Bounded) -> Array:
    return (a.error + np.abs(value) * b.error) / b.least_magnitude + _rounded(value, a)


def _matmul(value: Array, a: Bounded, b: Bounded) -> Array:  # noqa: ARG001 (rules share one signature)
    terms = a.shape[-1]
    magnitude_a, magnitude_b = np.abs(a.value).astype(float), np.abs(b.value).astype(float)
    products = magnitude_b * ((sum_units(terms) + 1) * a.precision.unit)
    return magnitude_a @ (products + b.error) + a.error @ (magnitude_b + b.error)


def _sine(value: Array, angle: Bounded) -> Array:
    return angle.error + _rounded(value, angle, FUNCTION)


def _greater(value: Array, a: Bounded, b: Bounded) -> Array:  # noqa: ARG001 (rules share one signature)
    """1 if rounding may reverse the comparison; equal numbers without error are equal in every program."""
    uncertainty = a.error + b.error
    return ((np.abs(a.value - b.value) <= uncertainty) & (uncertainty > 0)).astype(float)


def _extremum(value: Array, a: Bounded, b: Bounded) -> Array:
    """The error of the operand that is chosen, or the greater error if rounding may reverse the choice."""
    chosen = np.where(a.value == value, a.error, b.error)
    open_choice = np.abs(a.value - b.value) <= a.error + b.error
    return np.where(open_choice, np.maximum(a.error, b.error), chosen)


def _unchanged_error(value: Array, a: Bounded) -> Array:  # noqa: ARG001 (rules share one signature)
    return a.error


RULES: dict[str, Callable[..., Array]] = {
    "add": _add,
    "subtract": _add,
    "multiply": _multiply,
    "divide": _divide,
    "matmul": _matmul,
    "sin": _sine,
    "cos": _sine,
    "greater": _greater,
    "maximum": _extremum,
    "negative": _unchanged_error,
}

# ---- how many times the smallest normal number may be lost from a result by underflow ----------------
# An exact 0 loses nothing. A 0 to which the reference value underflowed is not exact, so the operands decide.


def _nonzero_results(result: Bounded, *_: Bounded) -> Array:
    return result.may_be_nonzero


def _nonzero_products(_: Bounded, a: Bounded, b: Bounded) -> Array:
    return a.may_be_nonzero & b.may_be_nonzero


def _nonzero_dividends(_: Bounded, a: Bounded, _b: Bounded) -> Array:
    return a.may_be_nonzero


def _nonzero_sums(_: Bounded, a: Bounded, b: Bounded) -> Array:
    return a.shape[-1] * (a.may_be_nonzero.astype(float) @ b.may_be_nonzero.astype(float) > 0)


UNDERFLOWS: dict[str, Callable[..., Array]] = {
    "multiply": _nonzero_products,
    "divide": _nonzero_dividends,
    "matmul": _nonzero_sums,
}
#: Functions that never underflow, because they do no arithmetic.
EXACT = {"greater", "maximum", "negative"}


def bounded(value: Any, precision: Precision) -> Any:
    """Arguments of an operation, with every array of floats as a Bounded and the rest unchanged."""
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
