"""Losses and penalties with constants that were read off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np

from nnspec.diagnosis.fitted import (
    by_reduction,
    common_factor,
    made,
    times,
    without,
)
from nnspec.diagnosis.measurements import Measured
from nnspec.diagnosis.monomials import Monomial
from nnspec.mistakes.base import EPSILONS, Mistake
from nnspec.reference.values import Array


class LossTimes(Mistake):
    """The cross-entropy times a constant."""

    clause = "losses.sum-and-mean"
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

    clause = "losses.sum-and-mean"
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
            f"The data loss of a batch, {'; '.join(said)}.",
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
    loss = max((float(part.got) for name, part in far.items() if name.startswith("loss at")), default=np.inf)
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
