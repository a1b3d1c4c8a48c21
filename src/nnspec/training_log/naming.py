"""Which variants of an experiment's program print just these losses."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from nnspec.diagnosis.clock import Clock, TimeIsUp
from nnspec.documents.experiments import Experiment
from nnspec.runs.envelope import GoldenTrace, Judgement, golden
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log import stored
from nnspec.training_log.reading import Loss
from nnspec.training_log.variants import Variant, variants

#: Seconds of work in which variants are looked for.
SECONDS = 1.5
#: The last iteration to which variants are run where no file has what they print.
LIVE = 60
#: So many digits of two losses or more, which a correct program prints otherwise, make sure of a variant: by chance one
#: of some hundreds would give them once in thousands of logs.
SURE = 6.0


@dataclass(frozen=True)
class Fit:
    """A variant that prints what was printed.

    compared: so many losses; telling: those of them that a correct program does not print; digits: of these, by which
    they differ from what it prints.
    """

    variant: Variant
    compared: int
    telling: int
    digits: float

    @property
    def sure(self) -> bool:
        """Whether chance is out of the question."""
        return self.telling >= 2 and self.digits >= SURE


@dataclass(frozen=True)
class Search:
    """What came of a search.

    tried: so many variants; known: so many losses of the log that they could be held to; whole: none was left out for
    lack of time.
    """

    fits: list[Fit]
    tried: int
    known: int
    whole: bool


def judge(log: Mapping[int, Loss], experiment: Experiment, precision: str) -> Judgement:
    """Hold the losses to the golden trace, each with what its last digit leaves open."""
    per = unit(experiment)
    losses = {place(experiment, iteration): loss.value * per for iteration, loss in log.items()}
    slack = {place(experiment, iteration): loss.half * per for iteration, loss in log.items()}
    return golden(experiment.name, precision).judge(losses, slack)


def is_float32(log: Mapping[int, Loss], experiment: Experiment, judgement: Judgement) -> bool:
    """Whether all losses that are wrong by this judgement are right for a program in float32."""
    single = {point.iteration: point.accepted for point in judge(log, experiment, "float32").points}
    return all(single.get(point.iteration, False) for point in judgement.points if not point.accepted)


def search(log: Mapping[int, Loss], experiment: Experiment, precision: str) -> Search:
    """The variants that print this log, those first that more of its digits tell from the right program."""
    limits = _Limits(golden(experiment.name, precision), experiment)
    fits: list[Fit] = []
    known: set[int] = set()
    tried, whole = 0, True
    try:
        for variant, printed in _runs(log, experiment):
            tried += 1
            common = [iteration for iteration in log if iteration in printed]
            known.update(common)
            if all(limits.allow(log[i], printed[i], i) for i in common):
                digits = [limits.digits(log[i], printed[i], i) for i in common]
                fits.append(Fit(variant, len(common), sum(each > 0 for each in digits), sum(digits)))
    except TimeIsUp:
        whole = False
    telling = [fit for fit in fits if fit.telling]
    return Search(sorted(telling, key=lambda fit: -fit.digits), tried, len(known), whole)


def _runs(log: Mapping[int, Loss], experiment: Experiment) -> Iterator[tuple[Variant, dict[int, float]]]:
    """Every variant and what it prints; raises TimeIsUp."""
    known = stored.losses(experiment.name)
    if known:
        for variant in variants(experiment):
            if variant.name in known:
                yield variant, known[variant.name]
        return
    clock, early = Clock(SECONDS), [iteration for iteration in log if iteration <= LIVE]
    for variant in variants(experiment) if early else ():
        clock.check()
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                yield variant, variant.losses(early)
            except (
                IndexError,
                ValueError,
                FloatingPointError,
            ):  # a mistake that this experiment does not survive
                continue


class _Limits:
    """How far a printed loss may be from that of a variant, and how far that has to be from the right one to tell."""

    def __init__(self, trace: GoldenTrace, experiment: Experiment) -> None:
        self._trace, self._experiment = trace, experiment
        self._right = {
            int(at): float(loss) / unit(experiment)
            for at, loss in zip(trace.iterations, trace.losses, strict=True)
        }

    def allow(self, loss: Loss, expected: float, iteration: int) -> bool:
        """Whether a loss may have been this one before it was rounded and printed."""
        if not (np.isfinite(loss.value) and np.isfinite(expected)):
            return bool(np.array_equal(loss.value, expected, equal_nan=True))
        return abs(loss.value - expected) <= self._width(loss, expected, iteration)

    def digits(self, loss: Loss, expected: float, iteration: int) -> float:
        """How many digits of this loss the right program prints otherwise; what is no number tells nothing."""
        right = self._right.get(place(self._experiment, iteration))
        if right is None or not np.isfinite(expected):
            return 0.0
        widths = abs(expected - right) / self._width(loss, expected, iteration)
        return float(np.log10(widths)) if widths > 2 else 0.0

    def _width(self, loss: Loss, expected: float, iteration: int) -> float:
        """Half a unit of the last digit, and what rounding makes of a run of this precision."""
        share = stored.CERTAIN + stored.CUT
        if self._trace.precision == "float32":
            at = np.searchsorted(self._trace.iterations, place(self._experiment, iteration))
            reach = self._trace.reach[min(int(at), len(self._trace.reach) - 1)]
            share += float(self._trace.tolerance(1.0, reach))
        return loss.half + share * abs(expected)
