"""The subject's wrong and right answers by operation, with limits on how many of each are compared."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from nnspec.diagnosis.probes import Ask, with_random_numbers
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.work import Work
from nnspec.judging.transcript import Transcript, Transcripts

#: Tests with wrong answers, and tests with right answers of the same operation, by which an explanation is tried.
MAX_TESTS = 40
#: Tests of each other operation with right answers, which rank the explanations.
MAX_TESTS_ELSEWHERE = 6
#: Long runs by which an explanation of a few iterations is tried.
MAX_RUNS = 2

_FUNCTIONS = ("softmax", "activation", "activation_derivative")
#: The operations on which each operation rests, in an order in which each comes after them.
DEPENDENCIES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("spiral", "moons", "circles", "initialize", "softmax", "activation"), ()),
    "activation_derivative": ("activation",),
    "forward": ("activation",),
    "predict": ("activation", "forward"),
    "cross_entropy": ("softmax",),
    "loss": ("softmax", "activation", "forward", "cross_entropy"),
    "score_gradient": ("softmax",),
    "gradients": (*_FUNCTIONS, "forward", "score_gradient"),
    "update": (),
    "train": (*_FUNCTIONS, "forward", "cross_entropy", "loss", "score_gradient", "gradients", "update"),
}
ORDER = tuple(DEPENDENCIES)
#: Right answers of these operations exclude a mistake as the explanation of the first operation's wrong answers, too.
CONTROLS = {"activation_derivative": ("activation",)}


class Answers:
    """The answers of a run, as questions."""

    def __init__(self, transcripts: Transcripts, precision: str, work: Work, ask: Ask | None = None) -> None:
        """precision: the subject's; ``ask`` calls the subject."""
        self._precision, self._work, self._ask = precision, work, ask
        self._questions: dict[int, Question] = {}
        self.passed = sorted(transcripts.passed, key=lambda transcript: transcript.cost)
        self.failed = sorted(transcripts.failed, key=lambda transcript: (transcript.chapter, transcript.cost))

    def wrong(self, transcripts: Sequence[Transcript], per_clause: int = MAX_TESTS) -> Iterator[Question]:
        """Those of the transcripts that have a wrong answer, at most so many of a clause."""
        counts: Counter[str] = Counter()
        for transcript in transcripts:
            if counts[transcript.clause] < per_clause:
                question = self._question(transcript)
                if question.wrong_places:
                    counts[transcript.clause] += 1
                    yield question

    def further_wrong(self, operation: str, known: Sequence[Question]) -> Iterator[Question]:
        """Other failed tests with a wrong answer of this operation, and further calls of the subject.

        For training they include two long runs, which may differ where a few iterations do not.
        """
        transcripts = [transcript for transcript in self.failed if transcript.has_call(operation)]
        short = [transcript for transcript in transcripts if not transcript.is_long]
        runs = [transcript for transcript in transcripts if transcript.is_long]
        for question in itertools.chain(self.wrong(short[:MAX_TESTS]), self.wrong(runs[:MAX_RUNS])):
            if question.operation == operation and question not in known:
                yield question
        costliest = max(known, key=lambda question: question.transcript.cost)
        if self._ask is not None and not costliest.transcript.is_long:
            yield from with_random_numbers(costliest, self._ask, self._precision, self._work)

    def right(self, operation: str) -> Iterator[Question]:
        """Passed tests of the operation and of its controls."""
        for name in (operation, *CONTROLS.get(operation, ())):
            transcripts = [t for t in self.passed if t.has_call(name) and not t.is_long]
            yield from self._without_errors(transcripts[:MAX_TESTS])

    def right_elsewhere(self, operation: str) -> list[Question]:
        """Passed tests of the other operations."""
        chosen: dict[str, Transcript] = {}
        for name in ORDER:
            transcripts = [
                t for t in self.passed if t.has_call(name) and not t.has_call(operation) and not t.is_long
            ]
            chosen |= {transcript.case: transcript for transcript in transcripts[:MAX_TESTS_ELSEWHERE]}
        return list(self._without_errors(chosen.values()))

    def _without_errors(self, transcripts: Iterable[Transcript]) -> Iterator[Question]:
        """The transcripts without a wrong answer: a test can pass because two mistakes agree with each other."""
        for transcript in transcripts:
            question = self._question(transcript)
            if not question.wrong_places:
                yield question

    def _question(self, transcript: Transcript) -> Question:
        if id(transcript) not in self._questions:
            self._questions[id(transcript)] = Question(transcript, self._precision, self._work)
        return self._questions[id(transcript)]
