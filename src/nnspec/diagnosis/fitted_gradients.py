"""Gradients with constants that were read off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from nnspec.diagnosis.fitted import (
    Constants,
    by_reduction,
    by_role,
    common_factor,
    groups,
    made,
    near,
    read_all,
    role_of,
    symbols_of,
    times,
    without,
)
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial, read
from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Parameters

ONE, ZERO = Monomial(1.0), Monomial(0.0)


class ScoreGradientTimes(Mistake):
    """The gradient on the scores times a constant, for some reductions."""

    clause = "gradients.scores"
    factors: ClassVar[Mapping[str, Monomial]]

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        """Times the constant."""
        right = super().score_gradient(scores, labels, reduction)
        symbols = {"N": float(len(labels)), "K": float(scores.shape[1])}
        return right * self.factors[reduction].value(symbols) if reduction in self.factors else right


def score_gradient_times(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """δ of the last layer is a constant times p − 1(y = k), perhaps with one of the reductions only."""
    parts = by_reduction(measured)
    if factor := common_factor(measured):
        sentence = f"The gradient on the scores {times(factor)}."
        yield made(ScoreGradientTimes, sentence, without(factor), factors=dict.fromkeys(parts, factor))
        return
    found = {name: factor for name, some in parts.items() if (factor := common_factor(some)) is not None}
    said = [f"with the reduction {name}, {times(factor)}" for name, factor in found.items()]
    if found:
        yield made(
            ScoreGradientTimes,
            f"The gradient on the scores, {'; '.join(said)}.",
            "Use p − 1(y = k); for the mean, divide it by the number of examples.",
            factors=found,
        )


class _PartsTimes(Mistake):
    """Gradients of some layers times constants; the penalty's share stays as it is."""

    clause = "gradients.hidden-layers"
    roles: ClassVar[Constants]

    def backward(
        self,
        network: Network,
        inputs: Array,
        hidden: list[Array],
        scores: Array,
        labels: Array,
        objective: Objective,
    ) -> Parameters:
        """Each array times its constant."""
        plain: Any = {**objective, "l2": 0.0}
        data: Any = super().backward(network, inputs, hidden, scores, labels, plain)
        whole: Any = super().backward(network, inputs, hidden, scores, labels, objective)
        symbols = symbols_of(network, len(labels), objective["l2"])
        layers = len(network["weights"])
        found: Any = {}
        for kind, arrays in data.items():
            found[kind] = []
            for place, array in enumerate(arrays):
                constant = self.roles.get(role_of(kind, place, layers), ONE)
                penalty = whole[kind][place] - array if objective["l2"] else 0.0
                found[kind].append(array * constant.value(symbols) + penalty)
        return found


def weight_gradient_times(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """The gradients on weights are constants times the product of a layer's input and its δ."""

    def factor(each: Measured, kind: str, place: int) -> float:
        part = each.parts[f"{kind}[{place}]"]
        with np.errstate(all="ignore"):
            value = float(np.sum(part.got * part.right) / np.sum(part.right * part.right))
        return value if np.isfinite(value) and part.matches(value * part.right) else np.nan

    constants = read_all(by_role(measured, factor, ["weights"]), near(measured), (ONE,)) or {}
    wrong = {role: constant for role, constant in constants.items() if constant != ONE}
    if wrong:
        said = " and that on ".join(f"{where} {times(one)}" for _, where, one in groups(wrong, constants))
        right = "It is the product of the layer's input and its δ."
        yield made(_PartsTimes, f"The gradient on {said}.", right, roles=wrong)


# ---- derivatives of activations ----


class SlopesOf(Mistake):
    """The derivative of ReLU with other slopes below and above 0."""

    clause = "gradients.hidden-layers"
    activation_name: ClassVar[str]
    slope: ClassVar[float]

    def derivative_from_output(self, name: str, h: Array) -> Array:
        """The right derivative times a constant."""
        right = super().derivative_from_output(name, h)
        return right * self.slope if name == self.activation_name else right


class NegativeSlope(Mistake):
    """The derivative of ReLU with another slope below 0."""

    clause = "gradients.hidden-layers"
    slope: ClassVar[float]

    def derivative_from_output(self, name: str, h: Array) -> Array:
        """1 above 0, the slope elsewhere."""
        right = super().derivative_from_output(name, h)
        return np.where(right > 0, 1.0, self.slope) if name == "relu" else right


def slopes(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """A derivative times a constant, or a slope of ReLU below 0."""
    got = np.concatenate([np.ravel(part.got) for each in measured for part in each.parts.values()])
    right = np.concatenate([np.ravel(part.right) for each in measured for part in each.parts.values()])
    name = measured[0].network["activation"]
    on = right != 0
    if not np.isfinite(got).all() or not on.any():
        return
    tolerance = near(measured)
    factor = read(list(got[on] / right[on]), [{}] * int(on.sum()), tolerance)
    if factor is not None and factor.number != 1 and not got[~on].any():
        yield made(
            SlopesOf,
            f"The derivative of {name} {times(factor)}.",
            without(factor),
            activation_name=name,
            slope=factor.number,
        )
    if name == "relu" and not on.all():
        below = read(list(got[~on]), [{}] * int((~on).sum()), tolerance)
        if below is not None and below.number:
            yield made(
                NegativeSlope,
                f"The derivative of ReLU is {below.text} instead of 0 where z is negative.",
                "Let no gradient through where z is negative.",
                slope=below.number,
            )


class SlopeAtZero(Mistake):
    """The derivative of ReLU at exactly 0 is not 0."""

    clause = "gradients.hidden-layers"
    slope: ClassVar[float]

    def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
        """With the slope where the unit's input is exactly 0."""
        below = super().hidden_gradient(delta, weights, hidden, activation)
        z = getattr(hidden, "z", None)
        if activation != "relu" or z is None:
            return below
        return np.where(z == 0, self.slope * (delta @ weights.T), below)

    def activation(self, name: str, z: Array) -> Array:
        """The function, which remembers its input for the backward pass."""
        return remember(super().activation(name, z), z)

    def activation_derivative(self, name: str, z: Array) -> Array:
        """With the slope at exactly 0."""
        right = super().activation_derivative(name, z)
        return np.where(z == 0, self.slope, right) if name == "relu" else right


class Output(np.ndarray[Any, Any]):
    """The output of hidden units, with the input z that it came from."""

    z: Any = None


def remember(output: Array, z: Array) -> Array:
    """The output with its z."""
    found = np.asarray(output).view(Output)
    found.z = z
    return found


def kinks(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """The derivative of ReLU at exactly 0 is a constant other than 0."""
    got = np.concatenate([np.ravel(part.got) for each in measured for part in each.parts.values()])
    slope = read(list(got), [{}] * got.size, 1e-6)
    if slope is not None and slope.number:
        yield made(
            SlopeAtZero,
            f"The derivative of ReLU is {slope.text} at exactly 0.",
            "Let it be 0 there: the mask is z > 0.",
            slope=slope.number,
        )


# ---- batches ----


def batch_times(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Each example has the same share of the gradients of a batch, and another one than it should have."""
    found = {}
    for reduction, some in by_reduction(measured).items():
        if any(each.parts["left over"].got for each in some):
            return
        values = [(value / right, each.symbols) for each in some for value, right in _pairs(each)]
        factor = read([value for value, _ in values], [symbols for _, symbols in values], 1e-7)
        if factor is None:
            return
        if factor != ONE:
            found[reduction] = factor
    said = [f"with the reduction {name}, {times(factor)}" for name, factor in found.items()]
    if found:
        yield made(
            ScoreGradientTimes,
            f"The gradient of the data loss on a batch, {'; '.join(said)}.",
            "Add the gradients of the examples; for the mean, divide by their number.",
            factors=found,
        )


def _pairs(measured: Measured) -> Iterator[tuple[float, float]]:
    part = measured.parts["shares"]
    for got, right in zip(np.ravel(part.got), np.ravel(part.right), strict=True):
        yield float(got), float(right)
