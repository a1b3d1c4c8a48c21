"""What the formulas in use for one and the same function lose, and the loosest of them.

A correct program need not compute a function as the reference does, and other formulas lose other digits.
``Formulations`` is the reference on ``Bounded`` arrays: its values are the reference's own, its errors those
of the loosest formula. What the operands' errors do to a function is the same for each of its formulas; what
a formula adds is counted in units of u, where F stands for ``FUNCTION``, that is for one exp, log or tanh, and
each other operation costs 1 of its result (``nnspec.judging.rounding``).

tanh t of z. From the library: F|t|. (exp z − exp −z)/(exp z + exp −z): an exponential that is off by F moves
t by F(1 − t²)/2, there are two, and three operations follow: F(1 − t²) + 3|t|. 2σ(2z) − 1 with an exponential,
for z or for −z: F(1 − t²)/2 + 2(1 + |t|) + |t|. sinh z / cosh z, whose two functions are held to F together.

Its derivative d = 1 − t². From t: what t is off, times 2|t|, and at most t² + d = 1. From z as 1/cosh² z, the
cosine from two exponentials: F + 1, squared 2F + 3, with the quotient (2F + 4)d.

The logistic s of z. (1 + tanh(z/2))/2: half of what tanh loses at t = 2s − 1, and s for the sum. Never
looser: 1/(1 + exp −z) and exp z/(1 + exp z), both ((1 − s)F + 2)s.

Its derivative d = s(1 − s). From s: what s is off, times |1 − 2s|, and 2d, or s² + d where it is s − s². From z
as exp −z/(1 + exp −z)²: (F + 4)d, or as σ(z)σ(−z): (F + 5)d.

log p_k = f_k − log Σ exp f of a row of scores. Of the scores f, a constant c may be subtracted: nothing, the
greatest score of the row or that of the matrix, as long as the exponentials of the row neither overflow nor
lose digits to underflow. With E_j what the rounding of f_j − c and the error of f_j are together, log p_k is off
by no more than log Σ_j p_j exp(E_j + E_k), where the term j = k is p_k alone, since it is in the denominator as
in the numerator. To this come F for the exponentials, the sum, and F|log Σ exp(f − c)| for its logarithm;
where c is added to that, 1 of it and the Σ p_j|f_j − c| that f_k then does not share; and 1 of log p_k.

Softmax p. exp(log p) has all that log p has, and F. exp(f)/Σ exp(f) is never looser: 2F(1 − p), the sum, and 1.
Its logarithm has these, and F of log p.

The cross-entropy. Each −log p_y as above. Their sum may also be that of all log Σ exp f less that of all f_y:
it loses what a sum of the magnitudes |log Σ exp f| + |f_y| does. For the mean, terms or sums are divided by N or
multiplied with 1/N: 2 more.

The gradient on the scores, p − 1(y = k). Over N it may be p/N − 1/N: 1 of p and 1 of the 1; or times 1/N, here
or after a later sum or product: 2 of the result.

X W + b. The bias may be where the sum starts, so it is one term more of the sum. λ/2 · Σ‖W‖² may be one sum over
all layers. A rate μ · dᵏ is that of k factors, each known to u, whether multiplied or from a power (F);
in μ · exp(−d·t) the exponent is a rounded number, and the product another. The angles of the moons and the circles
are known to F of their size, as any number that is computed, and move the points by as much.
In training, W − μ(∇ + λW) may be W(1 − μλ) − μ∇: 1 of W for the factor and 1 for the product.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from nnspec.judging.rounding import FUNCTION, Bounded, Precision, accumulated
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Objective, Optimizer

#: A Bounded, where the reference has an array or a number.
Numbers: TypeAlias = Any


class Formulations(Reference):
    """The reference on Bounded arrays, each function as far off as the loosest formula for it."""

    def __init__(self, precision: Precision) -> None:
        """The precision that the program under test computes in."""
        self.precision = precision

    def tanh(self, z: Numbers) -> Numbers:
        """Tanh z."""
        t = super().tanh(z.value)
        steepest = 1 - np.tanh(z.least) ** 2
        return self._bounded(t, z.error * steepest, tanh_units(t))

    def tanh_derivative(self, h: Numbers) -> Numbers:
        """1 − h²."""
        d = super().tanh_derivative(h.value)
        moved = h.error * (2 * np.abs(h.value) + h.error)
        return self._bounded(d, moved, np.maximum(1, (2 * FUNCTION + 4) * d))

    def logistic(self, z: Numbers) -> Numbers:
        """1 / (1 + exp −z)."""
        s = super().logistic(z.value)
        steepest = (1 - np.tanh(z.least / 2) ** 2) / 4
        return self._bounded(s, z.error * steepest, tanh_units(2 * s - 1) / 2 + s)

    def logistic_derivative(self, h: Numbers) -> Numbers:
        """h (1 − h)."""
        d = super().logistic_derivative(h.value)
        moved = h.error * (np.abs(1 - 2 * h.value) + h.error)
        return self._bounded(d, moved, np.maximum(h.value**2 + d, (FUNCTION + 5) * d))

    def softmax(self, scores: Numbers) -> Numbers:
        """Exp f / Σ exp f."""
        rows, unit = Rows(scores), self.precision.unit
        p = super().softmax(scores.value)
        with np.errstate(over="ignore", invalid="ignore"):
            moved = p * np.expm1(rows.moved + unit * (rows.units + FUNCTION))
        return self._bounded(p, np.fmin(moved, 1 + unit * rows.units) + rows.flushed, 0)

    def cross_entropy(self, scores: Numbers, labels: Array, reduction: str) -> Numbers:
        """−log p_y, summed or their mean."""
        rows, label = Rows(scores), (np.arange(len(labels)), labels)
        of_softmax = FUNCTION * (2 * (1 - np.exp(rows.logs)) - rows.logs) + accumulated(scores.shape[1]) + 1
        units = np.maximum(rows.units, of_softmax)
        magnitude = np.sum(np.abs(scores.value[label]) + np.abs(rows.total[:, 0]))
        terms = accumulated(len(labels)) + 1
        moved = (rows.moved + self.precision.unit * units)[label].sum()
        total = self._bounded(super().cross_entropy(scores.value, labels, "sum"), moved, terms * magnitude)
        if reduction == "sum":
            return total
        return self._losing(total / len(labels), 2 * magnitude / len(labels))

    def score_gradient(self, scores: Numbers, labels: Array, reduction: str) -> Numbers:
        """p − 1(y = k), over N for the mean."""
        total: Numbers = super().score_gradient(scores, labels, "sum")
        if reduction == "sum":
            return total
        delta, label = total / len(labels), (np.arange(len(labels)), labels)
        units = np.abs(delta.value)
        units[label] += (2 + total.value[label]) / len(labels)
        return self._losing(delta, units)

    def affine(self, inputs: Numbers, weights: Numbers, biases: Numbers) -> Numbers:
        """X W + b, the bias as the weight of an input that is 1."""
        ones = Bounded(np.ones((len(inputs), 1)), 0, self.precision)
        return np.concatenate([inputs, ones], axis=1) @ np.concatenate([weights, biases[None]])

    def penalty(self, network: Network, l2: float) -> Numbers:
        """λ/2 · Σ‖W‖², as one sum."""
        weights: Numbers = np.concatenate([weights.ravel() for weights in network["weights"]])
        return 0.5 * l2 * (weights * weights).sum()

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> Numbers:
        """The rate of this iteration; the reference computes it in float64, and loses the same there."""
        rate, schedule = super().learning_rate(optimizer, iteration), optimizer["schedule"]
        if schedule is None:
            return rate
        steps = iteration // schedule["every"] if schedule["kind"] == "step" else 0
        units = {
            "step": steps + max(steps, FUNCTION),
            "exponential": 2 * abs(schedule["decay"] * iteration) + FUNCTION,
            "inverse_time": 4,
        }[schedule["kind"]]
        unit = self.precision.unit + np.finfo(float).eps / 2
        lost = unit * (FUNCTION + units) * abs(rate) + self.precision.underflow
        return Bounded(rate, lost, self.precision)

    def train(
        self, network: Network, inputs: Numbers, labels: Array, objective: Objective, *rest: Any, **named: Any
    ) -> dict[str, Any]:
        """A run of training, in which a penalty may shrink the weights before the step."""
        program = Shrinking(self.precision) if objective["l2"] else self
        return Reference.train(program, network, inputs, labels, objective, *rest, **named)

    def moons(self, normals: Numbers, order: Array, examples: int, noise: float) -> Numbers:
        """Half circles: angles up to π."""
        made: dict[str, Numbers] = super().moons(normals, order, examples, noise)
        return {**made, "inputs": self._losing(made["inputs"], FUNCTION * np.pi)}

    def circles(self, normals: Numbers, examples: int, factor: float, noise: float) -> Numbers:
        """Circles: angles up to 2π."""
        made: dict[str, Numbers] = super().circles(normals, examples, factor, noise)
        return {**made, "inputs": self._losing(made["inputs"], FUNCTION * 2 * np.pi)}

    def _losing(self, numbers: Bounded, units: Array | float) -> Bounded:
        """The same numbers, so many units of u less certain."""
        return Bounded(numbers.value, numbers.error + self.precision.unit * units, self.precision)

    def _bounded(self, value: Array | float, moved: Array, units: Array | float) -> Bounded:
        """The value with what its operands' errors make of it, and what the formula itself loses."""
        return Bounded(value, moved + self.precision.unit * units + self.precision.underflow, self.precision)


class Shrinking(Formulations):
    """While training, a step may be W (1 − μλ) − μ∇ of the data's gradient."""

    def moved(self, parameters: Numbers, velocities: Numbers) -> Numbers:
        """θ + V."""
        known: Numbers = [self._losing(p, 2 * np.abs(p.value)) for p in parameters]
        return super().moved(known, velocities)


def tanh_units(t: Array) -> Array:
    """Units that the value t of tanh may be off by."""
    size = np.abs(t)
    exponentials = FUNCTION * (1 - size * size)
    return np.maximum.reduce([FUNCTION * size, exponentials + 3 * size, exponentials / 2 + 2 + 3 * size])


class Rows:
    """Rows of scores (N, K): what their log p are off by, which softmax and cross-entropy share.

    logs: log p; total (N, 1): log Σ exp f. moved: what the errors of the scores and of their shift make of
    log p, and the sum's underflow. units: what the formulas for log p add to it. flushed: what underflow adds
    to p.
    """

    def __init__(self, scores: Bounded) -> None:
        """Of these scores."""
        precision, f = scores.precision, scores.value
        self.logs = Reference().log_softmax(f)
        self.total = (f - self.logs)[:, :1]
        p, greatest = np.exp(self.logs), f.max(axis=1, keepdims=True)
        constants = np.stack([0 * greatest, greatest, 0 * greatest + greatest.max()])
        away = (self.total - constants).astype(float)
        lowest, highest = np.log(precision.underflow / precision.unit), np.log(precision.greatest)
        safe = (lowest < away) & (away < highest)
        shift = np.where(safe, np.abs(f - constants), 0)
        shift[0] = 0  # nothing is subtracted
        added_back = np.abs(self.total) + (p * shift).sum(axis=2, keepdims=True)
        added_back[0] = 0
        formulas = np.where(safe, FUNCTION * (1 + np.abs(away)) + added_back, 0)
        self.units = formulas.max(axis=0) + accumulated(f.shape[1]) + np.abs(self.logs)
        self.flushed = precision.underflow * np.exp(-np.where(safe, away, np.inf)).max(axis=0)
        off = scores.error + precision.unit * shift.max(axis=0)
        self.moved = ratio(p, off.astype(float)) + f.shape[1] * self.flushed


def ratio(p: Array, off: Array) -> Array:
    """How far log p is moved at the most by scores that are off by ``off``; all (N, K).

    log Σ_j p_j exp(E_j + E_k) without E_j + E_k in the term j = k; and never more than E_k + max E, which is
    finite where exp is not.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        x = np.expm1(off)
        moved = np.log1p(without_each(p * x) * (1 + x) + x * without_each(p))
        return np.fmin(moved, off + off.max(axis=1, keepdims=True))


def without_each(terms: Array) -> Array:
    """The sums of the other terms of each row (N, K), not as a difference: one term may outweigh all others."""
    none = np.zeros_like(terms[:, :1])
    before = np.concatenate([none, np.cumsum(terms[:, :-1], axis=1)], axis=1)
    after = np.concatenate([np.cumsum(terms[:, :0:-1], axis=1)[:, ::-1], none], axis=1)
    return before + after
