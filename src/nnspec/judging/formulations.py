"""What the formulas in use for the same function lose to rounding, and the loosest of them.

A correct program need not compute a function as the reference does, and other formulas lose other digits.
``Formulations`` is the reference on ``Bounded`` arrays: its values are the reference's, its errors those of the loosest
formula. The errors of the operands affect all formulas for a function equally; what a formula adds is counted in units
of u. F is ``FUNCTION``, the cost of one exp, log or tanh; every other operation costs 1 of its result
(``nnspec.judging.rounding``).

tanh t of z. From the library: F|t|. (exp z − exp −z)/(exp z + exp −z): an exponential that is off by F moves
t by F(1 − t²)/2; there are two, and three operations follow: F(1 − t²) + 3|t|. 2σ(2z) − 1 with an exponential,
for z or for −z: F(1 − t²)/2 + 2(1 + |t|) + |t|. sinh z / cosh z: its two functions together are held to F.

Its derivative d = 1 − t². From t: the error of t times 2|t|, and at most t² + d = 1. From z as 1/cosh² z, with
the cosine from two exponentials: F + 1, squared 2F + 3, with the quotient (2F + 4)d.

The logistic s of z. (1 + tanh(z/2))/2: half of what tanh loses at t = 2s − 1, and s for the sum. Never
looser: 1/(1 + exp −z) and exp z/(1 + exp z), both ((1 − s)F + 2)s.

Its derivative d = s(1 − s). From s: the error of s times |1 − 2s|, and 2d, or s² + d for s − s². From z
as exp −z/(1 + exp −z)²: (F + 4)d, or as σ(z)σ(−z): (F + 5)d.

log p_k = f_k − log Σ exp f of a row of scores. A constant c may be subtracted from the scores f: 0, or the greatest
score of the row or of the matrix, as long as the exponentials of the row neither overflow nor lose digits to
underflow. Let E_j be the sum of the rounding of f_j − c and the error of f_j. Then log p_k is off by at most
log Σ_j p_j exp(E_j + E_k), with p_k alone as the term j = k, since it is in both the numerator and the denominator.
To this add F for the exponentials, the sum, and F|log Σ exp(f − c)| for its logarithm; if c is added to that
logarithm, 1 of the result and the Σ p_j|f_j − c| that f_k then does not share; and 1 of log p_k.

Softmax p. exp(log p) loses what log p loses, and F. exp(f)/Σ exp(f) is never looser: 2F(1 − p), the sum, and 1.
Its logarithm loses these, and F of log p.

The cross-entropy. Each −log p_y as above. Their sum may also be the sum of all log Σ exp f less the sum of all f_y,
which loses what a sum of the magnitudes |log Σ exp f| + |f_y| loses. For the mean, terms or sums are divided by N or
multiplied by 1/N: 2 more.

The gradient on the scores, p − 1(y = k). Divided by N it may be p/N − 1/N: 1 of p and 1 of the 1; or multiplied by
1/N, here or after a later sum or product: 2 of the result.

X W + b. The sum may start with the bias, which is then one more term of it. λ/2 · Σ‖W‖² may be one sum over all
layers. A rate μ · dᵏ is a product of k factors, each known to u, by multiplication or by a power (F); in
μ · exp(−d·t) the exponent is rounded, and so is the product. The angles of the moons and the circles are known to F of
their size, like any computed number, and move the points by as much.
In training, W − μ(∇ + λW) may be W(1 − μλ) − μ∇: 1 of W for the factor and 1 for the product.

Where no document decides, there are other right values, not only other errors: under a schedule with momentum, the rate
may stand inside of the velocity, V ← λV − μ∇ and θ + V, or outside, V ← λV − ∇ and θ + μV.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from nnspec.judging.rounding import FUNCTION, Bounded, Precision, sum_units
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters

#: A Bounded, in place of the reference's arrays and numbers.
Numbers: TypeAlias = Any


class Formulations(Reference):
    """The reference on Bounded arrays, with the error of the loosest formula for each function."""

    def __init__(self, precision: Precision, *, rate_outside: bool = False) -> None:
        """precision: that of the program under test; rate_outside: whether the rate stands outside of the velocity."""
        self.precision = precision
        self.rate_outside = rate_outside

    def tanh(self, z: Numbers) -> Numbers:
        """Tanh z."""
        t = super().tanh(z.value)
        steepest = 1 - np.tanh(z.least_magnitude) ** 2
        return self._bounded(t, z.error * steepest, tanh_units(t))

    def tanh_derivative(self, h: Numbers) -> Numbers:
        """1 − h²."""
        d = super().tanh_derivative(h.value)
        moved = h.error * (2 * np.abs(h.value) + h.error)
        return self._bounded(d, moved, np.maximum(1, (2 * FUNCTION + 4) * d))

    def logistic(self, z: Numbers) -> Numbers:
        """1 / (1 + exp −z)."""
        s = super().logistic(z.value)
        steepest = (1 - np.tanh(z.least_magnitude / 2) ** 2) / 4
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
        of_softmax = FUNCTION * (2 * (1 - np.exp(rows.logs)) - rows.logs) + sum_units(scores.shape[1]) + 1
        units = np.maximum(rows.units, of_softmax)
        magnitude = np.sum(np.abs(scores.value[label]) + np.abs(rows.total[:, 0]))
        terms = sum_units(len(labels)) + 1
        moved = (rows.moved + self.precision.unit * units)[label].sum()
        total = self._bounded(super().cross_entropy(scores.value, labels, "sum"), moved, terms * magnitude)
        if reduction == "sum":
            return total
        return self._with_error(total / len(labels), 2 * magnitude / len(labels))

    def score_gradient(self, scores: Numbers, labels: Array, reduction: str) -> Numbers:
        """p − 1(y = k), over N for the mean."""
        total: Numbers = super().score_gradient(scores, labels, "sum")
        if reduction == "sum":
            return total
        delta, label = total / len(labels), (np.arange(len(labels)), labels)
        units = np.abs(delta.value)
        units[label] += (2 + total.value[label]) / len(labels)
        return self._with_error(delta, units)

    def affine(self, inputs: Numbers, weights: Numbers, biases: Numbers) -> Numbers:
        """X W + b, the bias as the weight of an input that is 1."""
        ones = Bounded(np.ones((len(inputs), 1)), 0, self.precision)
        return np.concatenate([inputs, ones], axis=1) @ np.concatenate([weights, biases[None]])

    def penalty(self, network: Network, l2: float) -> Numbers:
        """λ/2 · Σ‖W‖², as one sum."""
        weights: Numbers = np.concatenate([weights.ravel() for weights in network["weights"]])
        return 0.5 * l2 * (weights * weights).sum()

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> Numbers:
        """The rate of this iteration, with the error of the reference's float64 added."""
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
        error = unit * (FUNCTION + units) * abs(rate) + self.precision.underflow
        return Bounded(rate, error, self.precision)

    def update(
        self,
        network: Network,
        gradients: Parameters,
        velocity: Parameters,
        optimizer: Optimizer,
        iteration: int,
    ) -> dict[str, Any]:
        """A step; with momentum and the rate outside, V ← λV − ∇ and θ ← θ + μV."""
        if not self.rate_outside or optimizer["method"] != "momentum":
            return super().update(network, gradients, velocity, optimizer, iteration)
        rate, moved = self.learning_rate(optimizer, iteration), {}
        whole: Optimizer = {**optimizer, "learning_rate": 1.0, "schedule": None}
        kept = super().update(network, gradients, velocity, whole, iteration)["velocity"]
        for kind, parameters in (("weights", network["weights"]), ("biases", network["biases"])):
            moved[kind] = self.moved(parameters, [rate * v for v in kept[kind]])
        return {"network": {**moved, "activation": network["activation"]}, "velocity": kept}

    def train(
        self, network: Network, inputs: Numbers, labels: Array, objective: Objective, *rest: Any, **named: Any
    ) -> dict[str, Any]:
        """A training run, in which a penalty may shrink the weights before the step."""
        program = Shrinking(self.precision, rate_outside=self.rate_outside) if objective["l2"] else self
        return Reference.train(program, network, inputs, labels, objective, *rest, **named)

    def moons(self, normals: Numbers, order: Array, examples: int, noise: float) -> Numbers:
        """Half circles, with angles up to π."""
        points: dict[str, Numbers] = super().moons(normals, order, examples, noise)
        return {**points, "inputs": self._with_error(points["inputs"], FUNCTION * np.pi)}

    def circles(self, normals: Numbers, examples: int, factor: float, noise: float) -> Numbers:
        """Circles, with angles up to 2π."""
        points: dict[str, Numbers] = super().circles(normals, examples, factor, noise)
        return {**points, "inputs": self._with_error(points["inputs"], FUNCTION * 2 * np.pi)}

    def _with_error(self, numbers: Bounded, units: Array | float) -> Bounded:
        """The same numbers, with this many units of u more error."""
        return Bounded(numbers.value, numbers.error + self.precision.unit * units, self.precision)

    def _bounded(self, value: Array | float, moved: Array, units: Array | float) -> Bounded:
        """The value, with the error from its operands (``moved``) and the units that the formula loses."""
        return Bounded(value, moved + self.precision.unit * units + self.precision.underflow, self.precision)


class Shrinking(Formulations):
    """Training in which a step may be W (1 − μλ) − μ∇, with the gradient ∇ of the data loss."""

    def moved(self, parameters: Numbers, velocities: Numbers) -> Numbers:
        """θ + V."""
        looser: Numbers = [self._with_error(p, 2 * np.abs(p.value)) for p in parameters]
        return super().moved(looser, velocities)


def tanh_units(t: Array) -> Array:
    """The error of tanh at the value t, in units."""
    size = np.abs(t)
    exponentials = FUNCTION * (1 - size * size)
    return np.maximum.reduce([FUNCTION * size, exponentials + 3 * size, exponentials / 2 + 2 + 3 * size])


class Rows:
    """Rows of scores (N, K) and the errors of their log p, for both softmax and cross-entropy.

    logs: log p; total (N, 1): log Σ exp f. moved: the error of log p from the errors of the scores, from their shift
    and from the underflow of the sum. units: what the formulas for log p add. flushed: the error of p by underflow.
    """

    def __init__(self, scores: Bounded) -> None:
        """Compute the errors for these scores."""
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
        self.units = formulas.max(axis=0) + sum_units(f.shape[1]) + np.abs(self.logs)
        self.flushed = precision.underflow * np.exp(-np.where(safe, away, np.inf)).max(axis=0)
        off = scores.error + precision.unit * shift.max(axis=0)
        self.moved = log_p_shift(p, off.astype(float)) + f.shape[1] * self.flushed


def log_p_shift(p: Array, off: Array) -> Array:
    """The greatest change of log p by scores that are off by ``off``; all (N, K).

    log Σ_j p_j exp(E_j + E_k) without E_j + E_k in the term j = k; and never more than E_k + max E, which is
    finite even if exp overflows.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        x = np.expm1(off)
        moved = np.log1p(sums_of_others(p * x) * (1 + x) + x * sums_of_others(p))
        return np.fmin(moved, off + off.max(axis=1, keepdims=True))


def sums_of_others(terms: Array) -> Array:
    """For each term of a row (N, K), the sum of all others; not by subtraction, as one term may outweigh the rest."""
    none = np.zeros_like(terms[:, :1])
    before = np.concatenate([none, np.cumsum(terms[:, :-1], axis=1)], axis=1)
    after = np.concatenate([np.cumsum(terms[:, :0:-1], axis=1)[:, ::-1], none], axis=1)
    return before + after
