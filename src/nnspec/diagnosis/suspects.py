"""Which mistakes of the catalogue explain what a program answered: one, or two together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from nnspec.diagnosis.clock import Clock, TimeIsUp
from nnspec.diagnosis.fitted import Fit
from nnspec.diagnosis.questions import Question
from nnspec.mistakes import PAIRS, Mistake
from nnspec.mistakes.base import with_other_constants
from nnspec.reference import Reference

#: Mistakes that a program makes together.
Mistakes: TypeAlias = tuple[type[Mistake], ...]


#: An explanation of so many wrong answers may contradict right ones of other operations, which need not share its code.
ENOUGH = 8
#: Share of the time after which mistakes that fit as well as one that was found are looked for no longer.
FOR_OTHERS = 0.6
#: Share of the time that is left which two mistakes together are looked for.
FOR_TWO = 0.5


@dataclass(frozen=True)
class Explanation:
    """Mistakes that explain what was answered, and others that would have answered all of it alike."""

    mistakes: Mistakes
    others: Mistakes = ()


@cache
def together(mistakes: Mistakes) -> type[Reference] | None:
    """A program that makes these mistakes, an earlier one before a later one where they meet; None if none can."""
    try:
        return mistakes[0] if len(mistakes) == 1 else type("Together", mistakes, {})
    except TypeError:  # two that rest on each other, in the wrong order
        return None


def chapter_of(clause: str) -> str:
    """The chapter that a clause stands in."""
    return clause.partition(".")[0]


class Suspects:
    """The mistakes of a catalogue, asked what the subject was asked."""

    def __init__(
        self, catalogue: Sequence[type[Mistake]], clock: Clock, broken: Collection[str] = ()
    ) -> None:
        """``clock`` says when to give up; broken: the clauses that the subject breaks.

        Their mistakes come first, and then those of their chapters.
        """
        chapters = {chapter_of(clause) for clause in broken}
        self._catalogue = sorted(
            catalogue, key=lambda m: (m.clause not in broken, chapter_of(m.clause) not in chapters)
        )
        self._otherwise = [other for mistake in self._catalogue for other in with_other_constants(mistake)]
        self._clock = clock
        self._known: dict[tuple[Mistakes, int], bool] = {}

    def explain(self, mistakes: Mistakes, question: Question, clock: Clock | None = None) -> bool:
        """Whether a program with these mistakes gives the subject's answers."""
        key = (mistakes, id(question))
        if key not in self._known:
            (clock or self._clock).check()
            program = together(mistakes)
            self._known[key] = program is not None and question.is_answered_by(program)
        return self._known[key]

    def fit_alike(self, mistakes: Mistakes, fits: Sequence[Fit]) -> bool:
        """Whether the fits of a program with these mistakes come out in the same form."""
        self._clock.check()
        program = together(mistakes)
        return program is not None and all(fit.is_made_by(program) for fit in fits)

    def fitting_so(self, fits: Sequence[Fit], given: Mistakes, right: Sequence[Question]) -> Mistakes:
        """The mistakes whose fits come out in the same form and that contradict no right answer."""
        new = [mistake for mistake in self._catalogue if mistake not in given]
        alike = [mistake for mistake in new if self.fit_alike((mistake, *given), fits)]
        return tuple(mistake for mistake in alike if not self._contradicts((mistake, *given), right))

    def explanation(
        self,
        questions: Sequence[Question],
        given: Mistakes,
        more: Iterable[Question],
        elsewhere: Sequence[Question],
        controls: Iterable[Question],
        beside: Callable[[], Sequence[Question]],
    ) -> Explanation | None:
        """What explains all of these questions, beside mistakes that are known already.

        more: other questions of the kind, which it has to explain too; elsewhere: wrong answers of other
        operations, of which the better explanation explains more; controls: right or explained answers, of which it
        contradicts none; beside: right answers of other operations, of which the better contradicts fewer.
        """
        asked = list(questions)
        fitting = self._fitting(asked, given)
        for question in more if fitting else ():
            left = [mistakes for mistakes in fitting if self.explain((*mistakes, *given), question)]
            asked.append(question)
            fitting = left or self._fitting(asked, given)
            if not fitting:
                return None
        for question in elsewhere:
            left = [mistakes for mistakes in fitting if self.explain((*mistakes, *given), question)]
            fitting = left or fitting
        for question in controls:
            fitting = [mistakes for mistakes in fitting if self.explain((*mistakes, *given), question)]
        if not fitting:
            return None
        right = beside() if len(fitting) > 1 or len(asked) < ENOUGH or len(fitting[0]) > 1 else []
        contradicted = {mistakes: self._contradicts((*mistakes, *given), right) for mistakes in fitting}
        fitting.sort(key=lambda mistakes: contradicted[mistakes])
        best, *rest = fitting
        if contradicted[best] and (len(asked) < ENOUGH or len(best) > 1):
            return None
        return Explanation(best, tuple(mistakes[0] for mistakes in rest if len(mistakes) == 1 == len(best)))

    def _contradicts(self, mistakes: Mistakes, right: Sequence[Question]) -> int:
        """How many right answers a program with these mistakes would not have given."""
        return sum(not self.explain(mistakes, question) for question in right)

    def _fitting(self, questions: Sequence[Question], given: Mistakes) -> list[Mistakes]:
        """The mistakes that explain all of these, each alone; where none does, the first two that do together.

        With another constant than that of the catalogue a mistake explains what it does not with its own.
        """
        new = [mistake for mistake in self._catalogue if mistake not in given]
        if alone := self._alone(new, questions, given) or self._alone(self._otherwise, questions, given):
            return alone
        clock = self._clock.share(FOR_TWO)
        try:
            return [next(self._pairs(new, questions, given, clock))]
        except StopIteration:
            return []
        except TimeIsUp:
            self._clock.check()
            return []

    def _alone(
        self, suspects: Sequence[type[Mistake]], questions: Sequence[Question], given: Mistakes
    ) -> list[Mistakes]:
        """Those that explain all of the questions, each alone; after the first as many as there is time for."""
        alone: list[Mistakes] = []
        enough = self._clock.share(FOR_OTHERS)
        try:
            for mistake in suspects:
                clock = enough if alone else self._clock
                if all(self.explain((mistake, *given), asked, clock) for asked in questions):
                    alone.append((mistake,))
        except TimeIsUp:
            self._clock.check()
        return alone

    def _pairs(
        self, new: Sequence[type[Mistake]], questions: Sequence[Question], given: Mistakes, clock: Clock
    ) -> Iterator[Mistakes]:
        """Two mistakes that explain all of the questions: known pairs, then any of which one alone explains some."""
        for known_pair in (known.__bases__ for known in PAIRS):
            if set(known_pair) <= set(new) and all(
                self.explain((*known_pair, *given), asked, clock) for asked in questions
            ):
                yield known_pair
        for one in new:
            known = {id(asked) for asked in questions if self.explain((one, *given), asked, clock)}
            left = [asked for asked in questions if id(asked) not in known]
            if not known:
                continue
            for pair in ((first, second) for other in new for first, second in [(one, other), (other, one)]):
                if pair[0] is not pair[1] and all(
                    self.explain((*pair, *given), asked, clock) for asked in [*left, *questions]
                ):
                    yield pair
