"""Gradients with constants that were read off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from nnspec.diagnosis.fitted import (
    Constants,
    Role,
    by_reduction,
    common_factor,
    layers_of,
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
    values: dict[Role, list[tuple[float, Mapping[str, float]]]] = {}
    for each in measured:
        layers = len(each.network["weights"])
        for place in range(layers):
            part = each.parts[f"weights[{place}]"]
            with np.errstate(all="ignore"):
                factor = float(np.sum(part.got * part.right) / np.sum(part.right * part.right))
            if not np.isfinite(factor) or not part.matches(factor * part.right):
                return
            values.setdefault(role_of("weights", place, layers), []).append((factor, each.symbols))
    yield from _parts_times(values, near(measured), "the product of the layer's input and its δ")


def _parts_times(
    values: Mapping[Role, list[tuple[float, Mapping[str, float]]]], tolerance: float, right: str
) -> Iterator[type[Mistake]]:
    constants = read_all(values, tolerance, (ONE,))
    wrong = {role: constant for role, constant in (constants or {}).items() if constant != ONE}
    if wrong:
        said = _said(wrong, constants or {})
        yield made(_PartsTimes, f"The gradient on {said}.", f"It is {right}.", roles=wrong)


def _said(wrong: Constants, every: Constants) -> str:
    groups: dict[Monomial, list[Role]] = {}
    for role, constant in wrong.items():
        groups.setdefault(constant, []).append(role)
    said = []
    for constant, roles in groups.items():
        kinds = {kind for kind, _ in roles}
        whole = len(kinds) == 1 and len(roles) == sum(kind in kinds for kind, _ in every)
        where = f"the {roles[0][0]}" if whole else layers_of(roles)
        said.append(f"{where} {times(constant)}")
    return " and that on ".join(said)


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
            f"The gradient of a batch, {'; '.join(said)}.",
            "Add the gradients of the examples; for the mean, divide by their number.",
            factors=found,
        )


def _pairs(measured: Measured) -> Iterator[tuple[float, float]]:
    part = measured.parts["shares"]
    for got, right in zip(np.ravel(part.got), np.ravel(part.right), strict=True):
        yield float(got), float(right)


# ---- penalties ----


class PenaltyGradientTimes(Mistake):
    """The gradient of the penalty: for each role a constant times a function of the array."""

    clause = "gradients.penalty"
    function: ClassVar[str]
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
        """The data's gradient plus this penalty's."""
        plain: Any = {**objective, "l2": 0.0}
        data: Any = super().backward(network, inputs, hidden, scores, labels, plain)
        of: Any = network
        l2, layers = objective["l2"], len(network["weights"])
        symbols = symbols_of(network, len(labels), l2)
        found: Any = {"weights": [], "biases": []}
        for kind in ("weights", "biases"):
            for place, array in enumerate(of[kind]):
                constant = self.roles.get(role_of(kind, place, layers))
                share = (
                    constant.value(symbols) * GRADIENTS[self.function][0](array) if constant and l2 else 0.0
                )
                found[kind].append(data[kind][place] + share)
        return found


GRADIENTS: dict[str, tuple[Any, str]] = {
    "squares": (lambda a: a, "W"),
    "magnitudes": (np.sign, "sign W"),
    "length": (lambda a: a / np.sqrt((a * a).sum()), "W/‖W‖"),
    "cubes": (lambda a: a**3, "W³"),
    "ones": (np.ones_like, "1"),
}
_RIGHT = {"weights": Monomial(1.0, (("λ", 1.0),)), "biases": ZERO}


def penalty_gradients(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """A function of each array times a constant; the constants are read off."""
    for name, (function, text) in GRADIENTS.items():
        values: dict[Role, list[tuple[float, Mapping[str, float]]]] = {}
        for each in measured:
            layers = len(each.network["weights"])
            for kind in ("weights", "biases"):
                for place, array in enumerate(each.network[kind]):
                    part, base = each.parts[f"{kind}[{place}]"], function(array)
                    factor = float(np.sum(part.got * base) / np.sum(base * base))
                    if not np.isfinite(factor) or not part.matches(factor * base):
                        factor = np.nan
                    if abs(factor) < 1e-9:
                        factor = 0.0
                    values.setdefault(role_of(kind, place, layers), []).append((factor, each.symbols))
        constants = read_all(values, near(measured), (_RIGHT["weights"], ZERO))
        if constants is None:
            continue
        wrong = {r: c for r, c in constants.items() if name != "squares" or c != _RIGHT[r[0]]}
        said = _said_of_penalty(wrong, constants, text)
        if said:
            yield made(
                PenaltyGradientTimes,
                f"The gradient of the penalty {said}",
                "Add λ W to the gradient on the weights of every layer, and nothing to that on the biases.",
                function=name,
                roles=constants,
            )


def _said_of_penalty(wrong: Constants, every: Constants, text: str) -> str:
    groups: dict[tuple[str, Monomial], list[Role]] = {}
    for role, constant in wrong.items():
        groups.setdefault((role[0], constant), []).append(role)
    said = []
    for (kind, constant), roles in groups.items():
        of_kind = [role for role in every if role[0] == kind]
        where = f"the {kind}" if len(roles) == len(of_kind) else layers_of(roles)
        if constant.number:
            what = f"{constant.text} · {text.replace('W', 'b') if kind == 'biases' else text}"
            said.append(f"is {what} for {where}{constant.glossary}")
        elif kind == "weights":
            said.append(f"is missing for {where}")
    return f"{' and '.join(said)}: it should be λ W for the weights alone." if said else ""
