"""What is read off where no program explains the answers: weights, data and ends of runs, and fits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from nnspec.contract.errors import NoAnswer
from nnspec.contract.support import Support
from nnspec.diagnosis import training_data
from nnspec.diagnosis.controls import control_calls
from nnspec.diagnosis.examination import Examiner
from nnspec.diagnosis.fits import search, starts
from nnspec.diagnosis.initial_numbers import initial_numbers
from nnspec.diagnosis.particulars import particular
from nnspec.diagnosis.probes import Ask, answers_vary
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.relations import relation
from nnspec.diagnosis.run_length import run_length
from nnspec.diagnosis.training_words import VARIES
from nnspec.diagnosis.work import Work
from nnspec.judging.agreement import Disagreement
from nnspec.judging.transcript import Call, Transcript

#: Describes answers that are not the same when a call is repeated.
VARYING_ANSWERS = (
    "the answer differs when the call is repeated: the program draws at random, or keeps state between calls"
)


class ReadOff:
    """Asks further questions; ``data`` is what ``train`` makes of its examples, once that was asked."""

    def __init__(self, ask: Ask, support: Support, examiner: Examiner, own_start: bool = False) -> None:
        """ask: calls the subject; examiner: the one that has asked it; own_start: fits draw weights as they like."""
        self.data, self._own_start = "", own_start
        self._ask, self._support, self._examiner = ask, support, examiner

    def unexplained(self, questions: Sequence[Question], precision: str, work: Work) -> str:
        """What is said of wrong answers that nothing explains: of one operation, whose precision this is."""
        operation, result = questions[0].operation, self._examiner.result
        if said := self._sentence(questions[0]):
            return said
        if result.is_right(operation) and (said := particular(questions, self._ask, precision, work)):
            return said
        further = self._further_wrong(operation, precision, work)
        return relation([*questions, *further], work) or result.unexplained(operation)

    def _further_wrong(self, operation: str, precision: str, work: Work) -> Iterator[Question]:
        """Wrong answers to calls of other sizes than those of the tests, of which a relation must hold too."""
        for params in control_calls(operation, self._examiner.support):
            with contextlib.suppress(NoAnswer, Disagreement):
                call = Call(operation, params, self._ask(operation, params))
                question = Question(Transcript("", [call]), precision, work)
                if question.wrong_places:
                    yield question

    def _sentence(self, question: Question) -> str:
        """What is said of the operation of a wrong answer; "" if nothing."""
        operation = question.operation
        said = self._said(operation)
        if not said.endswith(VARIES) and answers_vary(question, self._ask):
            return f"{operation}: {VARYING_ANSWERS}. {said}".removesuffix(". ")
        return said

    def _said(self, operation: str) -> str:
        if operation == "initialize":
            return initial_numbers(self._ask, self._support)
        if operation == "train":
            self.data = self.data or self._training_data()
            return self.data
        return ""

    def _training_data(self) -> str:
        """What ``train`` makes of the examples that it is given."""
        examiner = self._examiner
        said = training_data.sentence(examiner.asker, examiner.support, examiner.precision, examiner.offered)
        examiner.result.asked = examiner.asker.asked
        return said

    def of_fits(self) -> str:
        """What fits do otherwise than they should; "" if their networks do not show it."""
        examiner = self._examiner
        said = search.sentences(examiner.asker, examiner.support, examiner.precision, examiner.catalogue)
        if not self._own_start:
            said += starts.sentences(examiner.asker, examiner.support)
        examiner.result.asked = examiner.asker.asked
        return " ".join(said)

    def length_of_runs(self, short: Sequence[Question]) -> str:
        """By what rule runs end that are shorter than they should be; "" if that cannot be read off."""
        return run_length(self._ask, self._support, short)
