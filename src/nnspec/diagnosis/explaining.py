"""Finds the mistakes that explain what was measured of a formula."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nnspec.contract.support import METHODS, REDUCTIONS, Support
from nnspec.diagnosis import tables
from nnspec.diagnosis.asking import Ask, Asker
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.found import Examination, constant_of
from nnspec.diagnosis.measurements import Measured, Measurement, measure
from nnspec.diagnosis.suspects import Mistakes
from nnspec.diagnosis.trials import Trials, pairs_of_causes, pairs_of_choices
from nnspec.judging.rounding import Precision
from nnspec.mistakes.base import Mistake, with_other_constants

#: How many answers of programs that are tried go with a call of the subject, and how much of it one formula may take.
WORK_A_CALL, SHARE = 6, 0.3
#: How much of it is left for pairs of mistakes in one formula, and for pairs of choices.
PAIRS, PAIRS_OF_CHOICES = 0.1, 0.2
#: Pairs that explain a formula, of which the one that explains the rest of a run best is taken.
MOST_PAIRS = 6


class Explaining:
    """Measures formulas, and finds what explains them.

    result: what came of it; asker, support, precision, offered, catalogue: what it asks, and what it knows of it.
    """

    def __init__(
        self,
        ask: Ask,
        precision: str,
        support: Support,
        catalogue: Sequence[type[Mistake]],
        limit: int,
        offered: Iterable[str],
    ) -> None:
        """limit: of the calls of the subject; offered: the operations that it has."""
        self.asker = Asker(ask, limit)
        self.precision = Precision(precision)
        reductions, methods = support.reductions or REDUCTIONS, support.methods or METHODS
        self.support = replace(
            support, reductions=reductions, methods=methods
        )  # what it refuses has no answer
        self.offered = set(offered)
        self.catalogue = [*catalogue, *(other for m in catalogue for other in with_other_constants(m))]
        self.result = Examination()
        self._results: dict[Formula, list[Measured]] = {}
        self._withdrawn: set[type[Mistake]] = set()
        self._trials = Trials(WORK_A_CALL * limit)

    def _measured(self, formula: Formula) -> list[Measured]:
        if formula not in self._results:
            self._results[formula] = self._measure(formula)
        return self._results[formula]

    def _measure(self, formula: Formula) -> list[Measured]:
        measured = (self._measured_once(measurement) for measurement in formula.measurements)
        return [each for each in measured if each is not None]

    def _measured_once(self, measurement: Measurement) -> Measured | None:
        before = self.asker.work
        measured = measure(measurement, self.asker, self.precision)
        self._trials.costs[measurement] = self.asker.work - before
        return measured

    def _explanations(
        self,
        formula: Formula,
        measured: Sequence[Measured],
        known: Mistakes,
        rest: Sequence[Formula],
        held: Sequence[Measured],
    ) -> list[Mistakes]:
        """Mistakes that explain all that was measured: of the catalogue, then choices, then with constants."""
        if self._trials.is_spent:
            self._trials.is_complete = False
            return []
        sieve = self._sieve(formula)
        evidence = [*sieve, *measured]
        fits = [mistake for fit in formula.fits for mistake in fit(measured)]
        relevant = [mistake for mistake in self.catalogue if formula.concerns(mistake)]
        settled = [*self._settled(formula.operation, known), *self._right(rest, known), *held]
        constant = constant_of(measured)
        says_little = constant is not None and not abs(constant) > 0  # 0 or nan, which much gives
        of_run = () if formula.is_apart else [each for each in rest if each.operation == "train"]
        choices = formula.choices() if constant is None or says_little else ()
        earlier = list(dict.fromkeys(m for mistakes in self.result.programs.values() for m in mistakes))
        sides = (mistake for mistake in tables.other_sides(earlier) if formula.concerns(mistake))
        found: list[Mistakes] = []
        for candidates in (earlier, sides, relevant, choices, fits):
            possible = ((mistake,) for mistake in candidates if mistake not in self._withdrawn)
            if says_little and candidates is relevant:  # from here on all that is wrong counts
                settled += [each for one in rest for each in self._measured(one) if each.is_wrong]
            explanations = self._trials.explaining(possible, evidence, known, settled, SHARE)
            if candidates is choices:  # of those that fit, the first is the one that people type
                explanations = self._up_to_the_best(explanations, known, of_run)
            found += explanations
            if any(self._explains_the_run(mistakes, known, of_run) for mistakes in found):
                return found
        if says_little and not found:  # what was found of other operations may give the rest of it
            possible = ((mistake,) for mistake in relevant if mistake not in (*earlier, *self._withdrawn))
            together = (*known, *earlier)
            found = [
                *itertools.islice(self._trials.explaining(possible, evidence, together, settled, PAIRS), 1)
            ]
        if found or constant is not None:
            return found
        live = self._trials.live(relevant, sieve or measured, known)
        choices = self._trials.live(formula.pairs(), sieve or measured, known)
        for pairs, share in (
            (pairs_of_causes(live, earlier, formula.choices()), PAIRS),
            (pairs_of_choices(choices, live, of_loops=formula.sieve is not None), PAIRS_OF_CHOICES),
        ):
            explanations = self._trials.explaining(pairs, evidence, known, settled, share)
            best = self._up_to_the_best(explanations, known, of_run)
            if found := list(itertools.islice(best, MOST_PAIRS)):
                return found
        return []

    def _sieve(self, formula: Formula) -> list[Measured]:
        """What the sieve of a formula shows, if what it rests on is known, and something is wrong there."""
        if formula.sieve is None:
            return []
        measured = self._measured_once(formula.sieve)
        is_wrong = measured is not None and measured.is_wrong
        rests_on_unknown = self._unknown_operations() & {"loss", "gradients"}
        return [measured] if measured and is_wrong and not rests_on_unknown else []

    def _up_to_the_best(
        self, explanations: Iterator[Mistakes], known: Mistakes, of_run: Sequence[Formula]
    ) -> Iterator[Mistakes]:
        """The first; of a run, in which much follows from one mistake, up to one that explains the rest as well."""
        for mistakes in explanations:
            yield mistakes
            if self._explains_the_run(mistakes, known, of_run):
                return

    def _explains_the_run(self, mistakes: Mistakes, known: Mistakes, of_run: Sequence[Formula]) -> bool:
        """Whether they explain what else is wrong of a run."""
        further = [each for formula in of_run for each in self._measured(formula) if each.is_wrong]
        return self._trials.explains((*mistakes, *known), further)

    def _right(self, formulas: Sequence[Formula], known: Mistakes) -> list[Measured]:
        """What is right of these formulas, and would be with what is known."""
        measured = (each for formula in formulas for each in self._measured(formula))
        return [each for each in measured if not each.is_wrong and self._trials.reproduces(known, each)]

    def _settled(self, operation: str, known: Mistakes) -> list[Measured]:
        """What was measured of the operation before, and is right or explained."""
        before = [each for f in self.result.found if f.formula.operation == operation for each in f.measured]
        return [each for each in before if self._trials.reproduces(known, each)]

    def _unknown_operations(self) -> set[str]:
        return {each.formula.operation for each in self.result.found if not each.is_known}
