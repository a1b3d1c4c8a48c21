"""Compare variants with a log: by the losses that are stored of them, then by those of a run."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nnspec.documents.experiments import Experiment
from nnspec.runs.envelope import Judgement, golden
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log import variant_losses
from nnspec.training_log.limits import COMPUTED, STORED, Limits
from nnspec.training_log.log import Log
from nnspec.training_log.variant import RIGHT, Variant
from nnspec.training_log.variant_losses import CERTAIN
from nnspec.training_log.work import Work, WorkIsDone

#: Variants are run up to this iteration, where the log has enough losses up to it.
EARLY = 60
#: The last iteration to which a variant is run if neither the log nor the file has enough early losses.
FAR = 3_000
#: A variant that fits is run up to this iteration.
LATE = 300
#: Fewer losses tell too little.
ENOUGH = 3
#: By how many digits, in two losses or more, a variant must differ from a correct program to be sure: by chance, one of
#: some hundreds of variants matches so many digits once in thousands of logs. For each thing that is different.
SURE_DIGITS = 6.0

#: A loss and the share of it that is uncertain, by iteration.
Losses = dict[int, tuple[float, float]]


@dataclass(frozen=True)
class Fit:
    """A variant that prints the losses of a log.

    losses: how many losses were compared; evidence: how many of these are finite and no correct program's; digits: by
    how many digits these differ from a correct program's.
    """

    variant: Variant
    losses: int
    evidence: int
    digits: float

    @property
    def tells(self) -> bool:
        """Whether it explains more than the last digits of one or two losses."""
        return self.digits > 0 or self.evidence >= ENOUGH

    @property
    def sure(self) -> bool:
        """Whether a match by chance can be ruled out."""
        return self.evidence > self.variant.parts and self.digits >= SURE_DIGITS * self.variant.parts


def judge(log: Log, experiment: Experiment, precision: str, shift: int = 0) -> Judgement:
    """Judge the losses by the golden trace, each to within half a unit of its last digit; shift: of the iterations."""
    per = unit(experiment)
    losses = {place(experiment, iteration) + shift: loss.value * per for iteration, loss in log.items()}
    slack = {place(experiment, iteration) + shift: loss.half * per for iteration, loss in log.items()}
    return golden(experiment.name, precision).judge(losses, slack)


def counts_from_1(log: Log, experiment: Experiment) -> bool:
    """Whether the log itself shows that it counts iterations from 1: it starts with 1, or ends with the last one."""
    return 0 not in log and (min(log) == 1 or max(log) in (log.total, experiment.iterations))


class Comparison:
    """Compares variants with one log.

    from_1: whether the log counts from 1; count: how many variants were compared; iterations: at which losses.
    """

    def __init__(self, log: Log, experiment: Experiment, precision: str) -> None:
        """Look up what is known."""
        self.log, self.experiment, self.work, self.late_work = log, experiment, Work(), Work()
        self.from_1 = counts_from_1(log, experiment)
        self.count, self.iterations = 0, set[int]()
        shift = -1 if self.from_1 else 0
        self._limits = Limits(golden(experiment.name, precision), experiment, shift)
        self._stored = variant_losses.losses(experiment.name)
        self._same = variant_losses.same(experiment.name)
        points = judge(log, experiment, precision, shift).points
        wrong = {point.iteration for point in points if not point.accepted}
        self._wrong = {i for i in log if place(experiment, i) + shift in wrong}

    def knows(self, variant: Variant) -> bool:
        """Whether losses of this program are stored."""
        return variant.program_name in self._stored or self._is_right(variant)

    def is_far(self, variant: Variant) -> bool:
        """Whether telling it takes a long run: its stored losses allow it, and the log has no early ones."""
        losses = self._look_up(variant)
        late = any(variant.place(i) > EARLY for i in self._early(variant, len(losses)))
        return late and self._allow(losses)

    def _is_right(self, variant: Variant) -> bool:
        """Whether the program prints what a correct one prints."""
        return variant.program_name == RIGHT or variant.program_name in self._same

    def as_counted(self, variants: Iterable[Variant]) -> Iterator[Variant]:
        """These variants, and the same counted from 1 if the log shows that it counts so."""
        for variant in variants:
            yield variant
            if self.from_1 and variant.program_name != RIGHT:
                yield replace(variant, logged=variant.program_name, shift=variant.shift - 1)

    def fit(self, variant: Variant) -> Fit | None:
        """The variant as a fit, if it prints the losses of the log that are known for it; raises WorkIsDone."""
        losses = self._look_up(variant)
        if not self._allow(losses):
            self._note(losses)
            return None
        try:
            run = self._run(variant, losses)
        except WorkIsDone:
            if len(losses) < ENOUGH:
                raise
            run = {}
        if run is None:
            return None
        losses = {**losses, **run}
        self._note(losses)
        fit = self._weigh(variant, losses)
        if not run and not fit.digits and not self._is_right(variant):
            return None  # to the rounding of what is stored, but nothing was run
        return fit if fit.evidence and fit.losses >= variant.parts else None

    def confirm(self, fit: Fit) -> Fit | None:
        """The fit by later losses too, as far as they are certain and work is left; None if it does not print them."""
        later = [i for i in self.log if EARLY < fit.variant.place(i) <= LATE]
        if not later:
            return fit
        try:
            losses = self._certain(fit.variant, list(self.log))
        except WorkIsDone:
            return fit
        if not self._allow(losses):
            return None
        return self._weigh(fit.variant, {**self._look_up(fit.variant), **losses})

    def _certain(self, variant: Variant, iterations: list[int]) -> Losses:
        """The losses of a run before rounding makes them uncertain."""
        run = self.late_work.losses(variant, [i for i in iterations if variant.place(i) <= LATE])
        shares = self.late_work.uncertain(variant, run)
        end = min((i for i, share in shares.items() if not share <= CERTAIN), default=math.inf)
        return {i: (loss, COMPUTED + shares[i]) for i, loss in run.items() if i < end}

    def _weigh(self, variant: Variant, losses: Losses) -> Fit:
        """A variant that prints these losses of the log, and how many of them a correct program does not print."""
        evidence = sum(i in self._wrong and math.isfinite(self.log[i].value) for i in losses)
        digits = sum(self._limits.digits(self.log[i], loss, i, share) for i, (loss, share) in losses.items())
        return Fit(variant, len(losses), evidence, digits)

    def _note(self, losses: Losses) -> None:
        if losses:
            self.count += 1
            self.iterations.update(losses)

    def _look_up(self, variant: Variant) -> Losses:
        """The stored losses of a variant at the iterations of the log."""
        if self._is_right(variant):
            known = {i: self._limits.at(variant.place(i)) for i in self.log}
            return {i: (loss * variant.scale, COMPUTED) for i, loss in known.items() if loss is not None}
        stored = self._stored.get(variant.program_name, {})
        shift = variant.shift
        return {i: (stored[i + shift] * variant.scale, STORED) for i in self.log if i + shift in stored}

    def _run(self, variant: Variant, known: Losses) -> Losses | None:
        """Early losses of a run, as far as they are needed; None if they are not those of the log."""
        iterations = self._early(variant, len(known))
        if not iterations or self._is_right(variant):
            return {}
        for upto in (iterations[:1], iterations[:2], iterations):
            losses = self.work.losses(variant, upto)
            if not self._allow({i: (loss, STORED) for i, loss in losses.items()}):
                self._note({i: (loss, STORED) for i, loss in losses.items()})
                return None
        shares = self.work.uncertain(variant, losses)
        run = {i: (loss, COMPUTED + shares[i]) for i, loss in losses.items()}
        return run if self._allow(run) else None

    def _early(self, variant: Variant, known: int) -> list[int]:
        """The iterations of the log to which a variant is run."""
        ordered = sorted(i for i in self.log if variant.place(i) >= 0)
        early = [i for i in ordered if variant.place(i) <= EARLY]
        if len(early) >= ENOUGH or known >= ENOUGH:
            return early
        return [i for i in ordered[:ENOUGH] if variant.place(i) <= FAR]

    def _allow(self, losses: Losses) -> bool:
        return all(self._limits.allow(self.log[i], loss, i, share) for i, (loss, share) in losses.items())
