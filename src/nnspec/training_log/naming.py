"""Find the variants of an experiment's program that print the losses of a log."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nnspec.diagnosis.clock import Clock, TimeIsUp
from nnspec.documents.experiments import Experiment
from nnspec.runs.envelope import GoldenTrace, Judgement, golden
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log import variant_losses
from nnspec.training_log.reading import Loss
from nnspec.training_log.variants import Variant, variants

#: How many seconds a search may take.
SECONDS = 1.5
#: The last iteration to which variants are run if no file stores their losses.
LAST_ITERATION = 60
#: By how many digits, in two losses or more, a variant must differ from a correct program to be sure: by chance, one of
#: some hundreds of variants matches so many digits once in thousands of logs.
SURE_DIGITS = 6.0


@dataclass(frozen=True)
class Fit:
    """A variant that prints the losses of a log.

    losses: how many losses were compared; evidence: how many of these a correct program does not print; digits: by how
    many digits these differ from a correct program's.
    """

    variant: Variant
    losses: int
    evidence: int
    digits: float

    @property
    def sure(self) -> bool:
        """Whether a match by chance can be ruled out."""
        return self.evidence >= 2 and self.digits >= SURE_DIGITS


@dataclass(frozen=True)
class Search:
    """The result of a search.

    variants: how many were compared; losses: how many losses of the log they could be compared at; complete: False if
    the time ran out before all variants were compared.
    """

    fits: list[Fit]
    variants: int
    losses: int
    complete: bool


def judge(log: Mapping[int, Loss], experiment: Experiment, precision: str) -> Judgement:
    """Judge the losses by the golden trace, each to within half a unit of its last digit."""
    per = unit(experiment)
    losses = {place(experiment, iteration): loss.value * per for iteration, loss in log.items()}
    slack = {place(experiment, iteration): loss.half * per for iteration, loss in log.items()}
    return golden(experiment.name, precision).judge(losses, slack)


def is_float32(log: Mapping[int, Loss], experiment: Experiment, judgement: Judgement) -> bool:
    """Whether a program in float32 may print every loss that this judgement does not accept."""
    single = {point.iteration: point.accepted for point in judge(log, experiment, "float32").points}
    return all(single.get(point.iteration, False) for point in judgement.points if not point.accepted)


def search(log: Mapping[int, Loss], experiment: Experiment, precision: str) -> Search:
    """The variants that print this log, first the one that differs from a correct program by most digits."""
    limits = _Limits(golden(experiment.name, precision), experiment)
    fits: list[Fit] = []
    iterations: set[int] = set()
    count, complete = 0, True
    try:
        for variant, losses in _runs(log, experiment):
            count += 1
            common = [iteration for iteration in log if iteration in losses]
            iterations.update(common)
            if all(limits.allow(log[i], losses[i], i) for i in common):
                digits = [limits.digits(log[i], losses[i], i) for i in common]
                fits.append(Fit(variant, len(common), sum(each > 0 for each in digits), sum(digits)))
    except TimeIsUp:
        complete = False
    fits = [fit for fit in fits if fit.evidence]
    return Search(sorted(fits, key=lambda fit: -fit.digits), count, len(iterations), complete)


def _runs(log: Mapping[int, Loss], experiment: Experiment) -> Iterator[tuple[Variant, dict[int, float]]]:
    """Every variant with its losses; raises TimeIsUp."""
    losses = variant_losses.losses(experiment.name)
    if losses:
        for variant in variants(experiment):
            if variant.name in losses:
                yield variant, losses[variant.name]
        return
    clock, early = Clock(SECONDS), [iteration for iteration in log if iteration <= LAST_ITERATION]
    for variant in variants(experiment) if early else ():
        clock.check()
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                yield variant, variant.losses(early)
            except (IndexError, ValueError, FloatingPointError):  # this experiment crashes with the mistake
                continue


class _Limits:
    """How far a loss may be from a variant's, and how far the variant's must be from the correct one to count."""

    def __init__(self, trace: GoldenTrace, experiment: Experiment) -> None:
        self._trace, self._experiment = trace, experiment
        self._correct = {
            int(at): float(loss) / unit(experiment)
            for at, loss in zip(trace.iterations, trace.losses, strict=True)
        }

    def allow(self, loss: Loss, expected: float, iteration: int) -> bool:
        """Whether the expected loss may be printed as this one."""
        if not (np.isfinite(loss.value) and np.isfinite(expected)):
            return bool(np.array_equal(loss.value, expected, equal_nan=True))
        return abs(loss.value - expected) <= self._width(loss, expected, iteration)

    def digits(self, loss: Loss, expected: float, iteration: int) -> float:
        """How many digits of this loss a correct program prints differently; 0 if it is not a number."""
        correct = self._correct.get(place(self._experiment, iteration))
        if correct is None or not np.isfinite(expected):
            return 0.0
        widths = abs(expected - correct) / self._width(loss, expected, iteration)
        return float(np.log10(widths)) if widths > 2 else 0.0

    def _width(self, loss: Loss, expected: float, iteration: int) -> float:
        """Half a unit of the last digit, plus the rounding errors of a run in this precision."""
        share = variant_losses.CERTAIN + variant_losses.ROUNDING
        if self._trace.precision == "float32":
            at = np.searchsorted(self._trace.iterations, place(self._experiment, iteration))
            reach = self._trace.reach[min(int(at), len(self._trace.reach) - 1)]
            share += float(self._trace.tolerance(1.0, reach))
        return loss.half + share * abs(expected)
