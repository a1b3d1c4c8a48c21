"""Losses and penalties with constants that were read off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from nnspec.diagnosis.monomials import Monomial
from nnspec.mistakes.base import EPSILONS, Mistake
from nnspec.reference.values import Array, Network, Objective


class LossTimes(Mistake):
    """The cross-entropy times a constant."""

    clause = "losses.mean-and-sum"
    factor: ClassVar[Monomial]

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        """Times the constant."""
        symbols = {"N": float(len(labels)), "K": float(scores.shape[1])}
        return super().cross_entropy(scores, labels, reduction) * self.factor.value(symbols)


def loss_times(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """The loss of an example is a constant times the right one."""
    if factor := common_factor(measured):
        yield made(LossTimes, f"The loss of the examples {times(factor)}.", without(factor), factor=factor)


class BatchTimes(Mistake):
    """The loss of a batch times a constant, for some reductions."""

    clause = "losses.mean-and-sum"
    factors: ClassVar[Mapping[str, Monomial]]

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        """Times the constant."""
        right = super().cross_entropy(scores, labels, reduction)
        symbols = {"N": float(len(labels)), "K": float(scores.shape[1])}
        return right * self.factors[reduction].value(symbols) if reduction in self.factors else right


def batch_times(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """The loss of a batch is not the sum, or the mean, of the losses of its examples."""
    factors = {name: common_factor(some) for name, some in by_reduction(measured).items()}
    found = {name: factor for name, factor in factors.items() if factor is not None}
    said = [f"with the reduction {name}, {times(factor)}" for name, factor in found.items()]
    if found:
        yield made(
            BatchTimes,
            f"The loss of a batch, {'; '.join(said)}.",
            "Add the losses of the examples; for the mean, divide by their number.",
            factors=found,
        )


class LogOfAddedEpsilon(Mistake):
    """The logarithm of p + ε."""

    clause = "losses.cross-entropy"
    epsilon: ClassVar[float]

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        """−log(p + ε)."""
        p = self.softmax(scores)[np.arange(len(labels)), labels]
        total = -np.log(p + self.epsilon).sum()
        return total / len(labels) if reduction == "mean" else total


class LogOfGreaterEpsilon(Mistake):
    """The logarithm of max(p, ε)."""

    clause = "losses.cross-entropy"
    epsilon: ClassVar[float]

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        """−log max(p, ε)."""
        p = self.softmax(scores)[np.arange(len(labels)), labels]
        total = -np.log(np.maximum(p, self.epsilon)).sum()
        return total / len(labels) if reduction == "mean" else total


def epsilons(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """A small number in the logarithm, read off where the probability is tiny."""
    far = measured[-1].parts
    loss = max((float(part.got) for part in far.values()), default=np.inf)
    for epsilon in EPSILONS:
        if np.isfinite(loss) and abs(loss + np.log(epsilon)) < 0.1:
            text = f"{epsilon:g}".replace("e-0", "e-")
            fix = "Compute log p as f − log Σ exp f: it needs no ε."
            yield made(
                LogOfAddedEpsilon,
                f"The loss is −log(p + {text}): {text} is added to the probability.",
                fix,
                epsilon=epsilon,
            )
            yield made(
                LogOfGreaterEpsilon,
                f"The loss is −log max(p, {text}): probabilities below {text} are raised to it.",
                fix,
                epsilon=epsilon,
            )


# ---- penalties ----

NORMS: dict[str, tuple[Callable[[Array], Any], str]] = {
    "squares": (lambda a: 0.5 * (a * a).sum(), "½ Σ w²"),
    "magnitudes": (lambda a: np.abs(a).sum(), "Σ |w|"),
    "length": (lambda a: np.sqrt((a * a).sum()), "√Σ w²"),
    "mean": (lambda a: 0.5 * (a * a).mean(), "½ of the mean of w²"),
    "sum": (lambda a: a.sum(), "Σ w"),
}


class PenaltyOf(Mistake):
    """Another penalty in the loss: for each role a constant times a norm."""

    clause = "losses.penalty"
    norm: ClassVar[str]
    constants: ClassVar[Any]

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        """The cross-entropy plus this penalty."""
        rest = super().objective(network, scores, labels, {**objective, "l2": 0.0})
        l2, layers = objective["l2"], len(network["weights"])
        symbols = symbols_of(network, len(labels), l2)
        for kind in ("weights", "biases"):
            for place, array in enumerate(network[kind]):
                constant = self.constants.get(role_of(kind, place, layers))
                if constant is not None and l2:
                    rest = rest + constant.value(symbols) * NORMS[self.norm][0](array)
        return rest


def penalties(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """A norm of each array times a constant; the constants are read off."""
    for norm, (function, text) in NORMS.items():
        constants = _penalty_constants(measured, function)
        if constants is not None:
            said = _said_of_penalty(constants, norm)
            if said:
                yield made(
                    PenaltyOf,
                    f"The penalty in the loss {said}",
                    "Add λ/2 · Σ W² over the weights of all layers, and nothing for the biases.",
                    norm=norm,
                    constants=constants,
                    text=text,
                )


def _penalty_constants(
    measured: Sequence[Measured], function: Callable[[Array], Any]
) -> dict[Role, Monomial] | None:
    values: dict[Role, list[tuple[float, Mapping[str, float]]]] = {}
    for each in measured:
        network = each.network
        layers = len(network["weights"])
        for kind in ("weights", "biases"):
            for place, array in enumerate(network[kind]):
                got = float(each.parts[f"{kind}[{place}]"].got)
                value = got / function(array) if abs(got) > 1e-9 else 0.0
                values.setdefault(role_of(kind, place, layers), []).append((value, each.symbols))
    return read_all(values, near(measured), (RIGHT_PENALTY, Monomial(0.0)))


RIGHT_PENALTY = Monomial(1.0, (("λ", 1.0),))


def _said_of_penalty(constants: Constants, norm: str) -> str:
    """What is wrong with a penalty; "" if nothing is."""
    right = {"weights": RIGHT_PENALTY, "biases": Monomial(0.0)}
    groups: dict[tuple[str, Monomial], list[Role]] = {}
    for role, constant in constants.items():
        if norm != "squares" or constant != right[role[0]]:
            groups.setdefault((role[0], constant), []).append(role)
    text = {"squares": "½ Σ w²"}.get(norm, NORMS[norm][1])
    said = []
    for (kind, constant), roles in groups.items():
        every = [role for role in constants if role[0] == kind]
        where = f"the {kind}" if len(roles) == len(every) else layers_of(roles)
        if constant.number == 0:
            if kind == "weights":
                said.append(f"leaves out {where}")
        else:
            said.append(f"is {constant.text} · {text} for {where}{constant.glossary}")
    wrong = " and ".join(said)
    return f"{wrong}: it should be λ · ½ Σ w² for the weights alone." if wrong else ""
