"""Which mistakes of the catalogue explain a program's answers: one, or two together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from nnspec.diagnosis.network_form import Fit
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.work import Work, WorkSpent
from nnspec.mistakes import PAIRS, Mistake
from nnspec.mistakes.base import with_other_constants
from nnspec.reference import Reference

#: Mistakes that a program makes together.
Mistakes: TypeAlias = tuple[type[Mistake], ...]

#: An explanation of so many wrong answers may contradict right answers of other operations, which need not share code.
ENOUGH_ANSWERS = 8
#: Share of the time in which further mistakes are tried after one that explains the answers.
TIME_FOR_OTHERS = 0.6
#: Share of the remaining time in which pairs of mistakes are tried.
TIME_FOR_PAIRS = 0.5

#: Operations whose answers come from another one.
_AS = {"predict": "forward"}


@dataclass(frozen=True)
class Evidence:
    """What an explanation of the wrong answers of one operation is judged by.

    wrong: it must explain all of them; further_wrong: all of these too; known_mistakes: the program makes them as well;
    wrong_elsewhere: wrong answers of other operations: an explanation that covers more of them is preferred;
    settled: right answers, and wrong ones that are explained: it must contradict none; right_elsewhere: right answers
    of other operations: an explanation that contradicts fewer of them is preferred.
    """

    wrong: Sequence[Question]
    further_wrong: Iterable[Question]
    known_mistakes: Mistakes
    wrong_elsewhere: Sequence[Question]
    settled: Iterable[Question]
    right_elsewhere: Callable[[], Sequence[Question]]


@dataclass(frozen=True)
class Explanation:
    """Mistakes that explain the evidence, and other single mistakes that explain it as well."""

    mistakes: Mistakes
    others: Mistakes = ()


@cache
def program_with(mistakes: Mistakes) -> type[Reference] | None:
    """A program with these mistakes, the earlier ones first in the method resolution order; None if impossible."""
    try:
        return mistakes[0] if len(mistakes) == 1 else type("Together", mistakes, {})
    except TypeError:  # one is a base class of another, and stands before it
        return None


def chapter_of(clause: str) -> str:
    """The chapter of a clause."""
    return clause.partition(".")[0]


class Suspects:
    """The mistakes of a catalogue, as programs that answer the subject's calls."""

    def __init__(
        self, catalogue: Sequence[type[Mistake]], work: Work, broken_clauses: Collection[str] = ()
    ) -> None:
        """Try the mistakes of the clauses that the subject breaks first, then those of the same chapters."""
        chapters = {chapter_of(clause) for clause in broken_clauses}
        self._catalogue = sorted(
            catalogue, key=lambda m: (m.clause not in broken_clauses, chapter_of(m.clause) not in chapters)
        )
        self._variants = [other for mistake in self._catalogue for other in with_other_constants(mistake)]
        self._work = work
        self._results: dict[tuple[Mistakes, Question, Mistakes], bool] = {}
        self.programs: Mapping[str, Mistakes] = {}  # known of each operation

    def reproduce(
        self,
        mistakes: Mistakes,
        question: Question,
        work: Work | None = None,
        without: Mistakes = (),
    ) -> bool:
        """Whether a program with these mistakes, and those that are known, gives the subject's answers.

        without: known mistakes that it does not make.
        """
        key = (mistakes, question, without)
        if key not in self._results:
            (work or self._work).spend()
            self._results[key] = question.is_reproduced_by(
                lambda operation: self.program(operation, mistakes, without)
            )
        return self._results[key]

    def program(self, operation: str, mistakes: Mistakes = (), without: Mistakes = ()) -> type[Reference]:
        """The program that answers an operation; raises ValueError if its mistakes cannot be put together."""
        known = self.programs.get(operation) or self.programs.get(_AS.get(operation, operation), ())
        together = tuple(dict.fromkeys((*mistakes, *(one for one in known if one not in without))))
        program = program_with(together) if together else Reference
        if program is None:
            raise ValueError("mistakes that exclude each other")
        return program

    def reproduce_fits(self, mistakes: Mistakes, fits: Sequence[Fit]) -> bool:
        """Whether the fits of a program with these mistakes have the same forms."""
        self._work.spend()
        program = program_with(mistakes)
        return program is not None and all(fit.is_reproduced_by(program) for fit in fits)

    def explain_fits(
        self, fits: Sequence[Fit], known_mistakes: Mistakes, right: Sequence[Question]
    ) -> Mistakes:
        """The mistakes, each together with the known ones, whose fits have the same forms.

        They contradict none of the right answers.
        """
        new = [mistake for mistake in self._catalogue if mistake not in known_mistakes]
        candidates = [mistake for mistake in new if self.reproduce_fits((mistake, *known_mistakes), fits)]
        return tuple(
            mistake for mistake in candidates if not self.contradictions((mistake, *known_mistakes), right)
        )

    def explain(self, evidence: Evidence) -> Explanation | None:
        """The mistakes that explain the evidence best; None if none do."""
        known_mistakes = evidence.known_mistakes
        wrong = list(evidence.wrong)
        candidates = self._candidates(wrong, known_mistakes)
        for question in evidence.further_wrong if candidates else ():
            rest = self._reproducing(candidates, known_mistakes, question)
            wrong.append(question)
            candidates = rest or self._candidates(wrong, known_mistakes)
            if not candidates:
                return None
        for question in evidence.wrong_elsewhere:
            candidates = self._reproducing(candidates, known_mistakes, question) or candidates
        for question in evidence.settled:
            candidates = self._reproducing(candidates, known_mistakes, question)
        if not candidates:
            return None
        few = len(wrong) < ENOUGH_ANSWERS
        right = evidence.right_elsewhere() if len(candidates) > 1 or few or len(candidates[0]) > 1 else []
        contradictions = {
            mistakes: self.contradictions((*mistakes, *known_mistakes), right) for mistakes in candidates
        }
        candidates.sort(key=lambda mistakes: contradictions[mistakes])
        best, *rest = candidates
        if contradictions[best] and (few or len(best) > 1):
            return None
        return Explanation(best, tuple(mistakes[0] for mistakes in rest if len(mistakes) == 1 == len(best)))

    def _reproducing(
        self, candidates: Sequence[Mistakes], known_mistakes: Mistakes, question: Question
    ) -> list[Mistakes]:
        """The candidates that, together with the known mistakes, give the subject's answers."""
        return [mistakes for mistakes in candidates if self.reproduce((*mistakes, *known_mistakes), question)]

    def contradictions(self, mistakes: Mistakes, right: Sequence[Question]) -> int:
        """How many right answers a program with these mistakes does not give."""
        return sum(not self.reproduce(mistakes, question) for question in right)

    def _candidates(self, questions: Sequence[Question], known_mistakes: Mistakes) -> list[Mistakes]:
        """The single mistakes that explain all of these questions; if there are none, the first pair that does.

        Mistakes are tried with other constants only if none of the catalogue explains them with its own.
        """
        new = [mistake for mistake in self._catalogue if mistake not in known_mistakes]
        for mistakes in (new, self._variants):
            if singles := self._singles(mistakes, questions, known_mistakes):
                return singles
        if self.programs:  # asking has told apart mistakes that are made together
            return []
        work = self._work.share(TIME_FOR_PAIRS)
        try:
            return [next(self._pairs(new, questions, known_mistakes, work))]
        except StopIteration:
            return []
        except WorkSpent:
            self._work.spend()
            return []

    def _singles(
        self, mistakes: Sequence[type[Mistake]], questions: Sequence[Question], known_mistakes: Mistakes
    ) -> list[Mistakes]:
        """The mistakes that each explain all of the questions; after the first, as many as there is time for."""
        singles: list[Mistakes] = []
        work_for_others = self._work.share(TIME_FOR_OTHERS)
        try:
            for mistake in mistakes:
                work = work_for_others if singles else self._work
                if all(self.reproduce((mistake, *known_mistakes), question, work) for question in questions):
                    singles.append((mistake,))
        except WorkSpent:
            self._work.spend()
        return singles

    def _pairs(
        self,
        new: Sequence[type[Mistake]],
        questions: Sequence[Question],
        known_mistakes: Mistakes,
        work: Work,
    ) -> Iterator[Mistakes]:
        """Pairs that explain all of the questions: those of the catalogue, then any in which one explains some."""
        for pair in (pair.__bases__ for pair in PAIRS):
            if set(pair) <= set(new) and all(
                self.reproduce((*pair, *known_mistakes), question, work) for question in questions
            ):
                yield pair
        for one in new:
            explained = {
                question for question in questions if self.reproduce((one, *known_mistakes), question, work)
            }
            if not explained:
                continue
            rest = [question for question in questions if question not in explained]
            for pair in ((first, second) for other in new for first, second in [(one, other), (other, one)]):
                if pair[0] is not pair[1] and all(
                    self.reproduce((*pair, *known_mistakes), question, work)
                    for question in [*rest, *questions]
                ):
                    yield pair
