"""Tries programs with mistakes on what was measured of the subject, as many as the work allows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from nnspec.diagnosis.measurements import NOISY_RUNS, Measured, Measurement, with_others
from nnspec.diagnosis.suspects import Mistakes, program_with
from nnspec.mistakes.base import Mistake
from nnspec.reference import Reference


class Trials:
    """Tries programs; a trial costs what its measurement cost the subject.

    costs: of the measurements, in calls and iterations; is_complete: whether the work sufficed; others: the programs
    that answer other operations than the one whose mistakes are tried.
    """

    def __init__(self, work: int) -> None:
        """work: what all trials may cost together."""
        self.costs: dict[Measurement, int] = {}
        self.is_complete = True
        self.others: tuple[tuple[str, type[Reference]], ...] = ()
        self._left = work

    @property
    def is_spent(self) -> bool:
        """Whether no work is left."""
        return self._left < 0

    def program(self, mistakes: Mistakes) -> type[Reference]:
        """The program with these mistakes; the reference if they exclude each other."""
        return self._possible(mistakes) or self._possible(()) or Reference

    def _possible(self, mistakes: Mistakes) -> type[Reference] | None:
        """The program with these mistakes; None if they exclude each other."""
        program = program_with(mistakes) if mistakes else Reference
        return with_others(program, self.others) if program and self.others else program

    def reproduces(self, mistakes: Mistakes, measured: Measured) -> bool:
        """Whether a program with these mistakes has these numbers."""
        program, cost = self._possible(mistakes), self.costs[measured.measurement]
        self._left -= cost
        doubtful = None if program is None else measured.doubtful(program)
        if program is None or doubtful is None:
            return False
        self._left -= NOISY_RUNS * cost if doubtful else 0
        return measured.is_within_reach(program, doubtful)

    def explains(self, mistakes: Mistakes, measured: Sequence[Measured]) -> bool:
        """Whether they explain all; the wrong ones are tried first."""
        ordered = sorted(measured, key=lambda each: not each.is_wrong)
        return all(self.reproduces(mistakes, each) for each in ordered)

    def _is_needed(self, mistake: type[Mistake], mistakes: Mistakes, measured: Sequence[Measured]) -> bool:
        """Whether one of the mistakes makes a clear difference to what was measured."""
        return self.clearly((mistake,), tuple(one for one in mistakes if one is not mistake), measured)

    def clearly(self, mistakes: Mistakes, known: Mistakes, measured: Sequence[Measured]) -> bool:
        """Whether the mistakes make a clear difference to what was measured."""
        programs = self.program((*mistakes, *known)), self.program(known)
        return any(each.differs(*programs) for each in measured)

    def live(
        self, mistakes: Iterable[type[Mistake]], evidence: Sequence[Measured], known: Mistakes
    ) -> list[type[Mistake]]:
        """The mistakes that change what is wrong."""
        wrong = [each for each in evidence if each.is_wrong]
        return [mistake for mistake in mistakes if self.clearly((mistake,), known, wrong)]

    def explaining(
        self,
        candidates: Iterable[Mistakes],
        measured: Sequence[Measured],
        known: Mistakes,
        settled: Sequence[Measured],
        share: float,
    ) -> Iterator[Mistakes]:
        """The candidates that, together with what is known, explain what was measured and leave the rest as it is."""
        least = self._left * (1 - share)
        for candidate in candidates:
            if self._left < least:
                self.is_complete = False
                return
            together = (*candidate, *known)
            is_possible = self.explains(together, measured) and self.explains(together, settled)
            if is_possible and all(self._is_needed(one, together, measured) for one in candidate):
                yield candidate


def pairs_of_causes(
    live: Sequence[type[Mistake]], earlier: Sequence[type[Mistake]], choices: Iterable[type[Mistake]]
) -> Iterator[Mistakes]:
    """A cause that was found before and another; two of the catalogue, in either order: one may replace the other.

    choices: others, each tried with a cause that was found before.
    """
    yield from itertools.product(live, earlier)
    yield from itertools.combinations(live, 2)
    yield from itertools.combinations(reversed(live), 2)
    yield from itertools.product(choices, earlier)


def pairs_of_choices(
    choices: Sequence[type[Mistake]], live: Sequence[type[Mistake]], of_loops: bool
) -> Iterator[Mistakes]:
    """Two choices; a cause of the catalogue and a choice, which loops have more rarely; a choice and a cause."""
    if of_loops:
        yield from _by_rank(choices)
    yield from ((cause, choice) for choice in choices for cause in live)
    if not of_loops:
        yield from _by_rank(choices)
    yield from itertools.product(choices, live)


def _by_rank(mistakes: Sequence[type[Mistake]]) -> Iterator[Mistakes]:
    """All pairs in both orders; those of the likeliest mistakes first, as they come in the sequence."""
    places = sorted(itertools.permutations(range(len(mistakes)), 2), key=sum)
    return ((mistakes[first], mistakes[second]) for first, second in places)
