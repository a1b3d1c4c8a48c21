"""Find the variants of an experiment's program that print the losses of a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nnspec.documents.experiments import Experiment
from nnspec.mistakes.choices import Choice
from nnspec.runs.envelope import Judgement
from nnspec.training_log import beside_losses, fitted_constants, pairs, variant_losses
from nnspec.training_log.comparison import Comparison, Fit, judge
from nnspec.training_log.log import Log
from nnspec.training_log.variant import Variant, logged
from nnspec.training_log.variants import programs, variants
from nnspec.training_log.ways import ways
from nnspec.training_log.work import WorkIsDone

#: As many fits are compared at late losses too.
MOST = 8


@dataclass(frozen=True)
class Search:
    """The result of a search.

    variants: how many were compared; losses: how many losses of the log they could be compared at; complete: False if
    the work was done before all variants were compared.
    """

    fits: list[Fit]
    variants: int
    losses: int
    complete: bool


def is_float32(log: Log, experiment: Experiment, judgement: Judgement, shift: int = 0) -> bool:
    """Whether a program in float32 may print every loss that this judgement does not accept."""
    single = {point.iteration: point.accepted for point in judge(log, experiment, "float32", shift).points}
    return all(single.get(point.iteration, False) for point in judgement.points if not point.accepted)


def search(log: Log, experiment: Experiment, precision: str) -> Search:
    """The variants that print this log, first those that are simpler, more usual, and compared at more losses."""
    searcher = Comparison(log, experiment, precision)
    complete, fits = True, list[Fit]()
    for stage in _stages(searcher):
        try:
            for variant in stage:
                if searcher.is_far(variant) and any(fit.sure for fit in fits):
                    continue
                fit = searcher.fit(variant)
                fits += [] if fit is None else [fit]
        except WorkIsDone:
            complete = False
        if len(fits) <= MOST:
            fits = [fit for each in fits if (fit := searcher.confirm(each)) is not None]
        fits = [fit for fit in fits if fit.tells]
        if fits:
            break
    most = max((fit.losses for fit in fits), default=0)
    fits = [fit for fit in fits if 2 * fit.losses >= most]
    fits.sort(key=lambda fit: (not fit.sure, -fit.losses, fit.variant.parts, _is_choice(fit), -fit.digits))
    return Search(
        beside_losses.agreeing(_distinct(fits), log), searcher.count, len(searcher.iterations), complete
    )


def _distinct(fits: list[Fit]) -> list[Fit]:
    """The fits without the choices that this run does not tell from another of them, and that log in the same way."""
    kept: list[Fit] = []
    for fit in sorted(fits, key=_is_choice):
        if not (_is_choice(fit) and any(_agree(fit.variant, other.variant) for other in kept)):
            kept.append(fit)
    return [fit for fit in fits if fit in kept]


def _is_choice(fit: Fit) -> bool:
    return issubclass(fit.variant.program, Choice)


def _agree(first: Variant, second: Variant) -> bool:
    same_way = (first.shift, first.scale) == (second.shift, second.scale)
    return same_way and variant_losses.agree(first.experiment.name, first.program_name, second.program_name)


def _stages(comparison: Comparison) -> Iterator[Iterable[Variant]]:
    """What is compared, the simplest first: a stage follows only if none before it explains the log."""
    log, experiment, work = comparison.log, comparison.experiment, comparison.work
    same = variant_losses.same(experiment.name)
    known = [variant for variant in variants(experiment) if comparison.knows(variant)]
    unknown = [variant for variant in variants(experiment) if not comparison.knows(variant)]
    yield sorted(comparison.as_counted([*known, *unknown]), key=comparison.is_far)
    yield fitted_constants.fitted(log, experiment, work, shift=0)
    if comparison.from_1:
        yield fitted_constants.fitted(log, experiment, work, shift=-1)
    yield (
        logged(variant, way)
        for way in ways(experiment)
        if (way.shift >= 0 or 0 not in log) and not (comparison.from_1 and way.shift)
        for variant in programs(experiment)
        if variant.name not in same
    )
    yield comparison.as_counted(pairs.pairs(experiment, same))
