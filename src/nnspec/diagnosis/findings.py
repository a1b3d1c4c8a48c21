"""What is wrong with a program, from its answers alone: the first quantity first."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nnspec.diagnosis import fitted
from nnspec.diagnosis.clock import Clock, TimeIsUp
from nnspec.diagnosis.probes import Ask, answers_otherwise, with_other_numbers
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.relations import relation
from nnspec.diagnosis.suspects import Explanation, Mistakes, Suspects
from nnspec.judging.transcript import Transcript, Transcripts
from nnspec.mistakes import Mistake
from nnspec.report.record import FAILED, Explained
from nnspec.specification.chapters import summary

#: Seconds that a diagnosis may take: 2, less what one step may go on for after that.
SECONDS = 1.6
#: What to say of a program that has randomness or a memory.
OTHERWISE = (
    "another answer when the same is asked again: it draws at random, or keeps something from call to call"
)
#: Failed tests of a clause that are looked at first.
OF_A_CLAUSE = 2
#: Of all clauses together, the first chapters first.
FIRST = 24
#: Tests that failed, and that passed, by which an explanation is tried.
TRIED = 40
#: Tests of each other operation that passed, by which explanations are told apart.
BESIDE = 6
#: Long runs that are looked at, where nothing shorter is wrong.
RUNS = 3
#: Long runs by which what explains a few iterations is tried.
RUNS_BESIDE = 2

_FUNCTIONS = ("softmax", "activation", "activation_derivative")
#: Operations, each after those that it rests on: the first that is wrong is explained first.
RESTS_ON: dict[str, tuple[str, ...]] = {
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
ORDER = tuple(RESTS_ON)
#: Operations in which a mistake may concern one activation alone.
OF_AN_ACTIVATION = ("activation", "activation_derivative", "gradients")
#: What is wrong with the first is no mistake in the second where that is right, however often the first is wrong.
INSEPARABLE = {"activation_derivative": ("activation",)}


@dataclass
class Finding:
    """What explains wrong answers of an operation; nothing where there are neither mistakes nor a relation.

    operation: "" where the time was up before anything could be said of what is left;
    cases: the tests that it explains; mistakes: of the catalogue; others: mistakes that fit as well; relation:
    a sentence on how the answers relate to the right ones; activation: the only one with which it is so, or "";
    right_elsewhere: other operations have right answers that a program with these mistakes would not give.
    """

    operation: str
    cases: list[str]
    mistakes: Mistakes = ()
    others: Mistakes = ()
    relation: str = ""
    activation: str = ""
    right_elsewhere: bool = False

    def told(self) -> Explained:
        """In words, for the record."""
        where = f" So it is with {self.activation} alone." if self.activation else ""
        where += f" So it is in {self.operation}; another operation is right." if self.right_elsewhere else ""
        return Explained(
            operation=self.operation,
            cases=tuple(self.cases),
            names=tuple(mistake.__name__ for mistake in self.mistakes),
            wrong=tuple(summary(mistake) + where for mistake in self.mistakes)
            or tuple(filter(None, [self.relation])),
            fix=tuple(mistake.fix for mistake in self.mistakes),
            others=tuple(summary(mistake) for mistake in self.others),
        )


def diagnose(
    transcripts: Transcripts,
    precision: str,
    catalogue: Sequence[type[Mistake]],
    ask: Ask | None = None,
    seconds: float = SECONDS,
) -> list[Finding]:
    """What explains the wrong answers of a run; ``ask`` calls the subject.

    A last finding of no operation says that the time was up before all were explained.
    """
    inquiry = Inquiry(transcripts, precision, catalogue, Clock(seconds), ask)
    try:
        inquiry.conduct()
    except TimeIsUp:
        inquiry.findings.append(Finding("", []))
    with contextlib.suppress(TimeIsUp):  # what is explained is, wherever it holds
        inquiry.widen()
    return inquiry.findings


@dataclass(frozen=True)
class Part:
    """Wrong answers of an operation: all, the finite ones alone, or all of which are of one activation.

    activation: the only one of which right answers are looked at, too; "" for all.
    """

    questions: list[Question]
    only_finite: bool = False
    activation: str = ""


def _with(activation: str) -> Callable[[Question], bool]:
    """Whether a question is of no other activation; of "" all are."""
    return lambda question: not activation or question.activations <= {activation}


@dataclass
class Inquiry:
    """A diagnosis at work; its findings so far."""

    transcripts: Transcripts
    precision: str
    catalogue: Sequence[type[Mistake]]
    clock: Clock
    ask: Ask | None = None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The catalogue becomes suspects."""
        broken = {transcript.clause for transcript in self.transcripts.failed}
        self._suspects = Suspects(self.catalogue, self.clock, broken)
        self._questions: dict[int, Question] = {}
        self._looked_at: set[str] = set()
        self._blocked: set[str] = set()
        self._explained: list[Question] = []
        self._passed = sorted(self.transcripts.passed, key=lambda transcript: transcript.cost)
        self._failed = sorted(
            self.transcripts.failed, key=lambda transcript: (transcript.chapter, transcript.cost)
        )

    def conduct(self) -> None:
        """Explain the wrong answers, those of the first chapters first, and of long runs only what is left then."""
        short = [transcript for transcript in self._failed if not transcript.is_long]
        runs = [transcript for transcript in self._failed if transcript.is_long]
        for transcripts, of_a_clause, most in [
            (short, OF_A_CLAUSE, FIRST),
            (short, TRIED, FIRST),
            (runs, TRIED, RUNS),
        ]:
            wrong = self._wrong(transcripts, of_a_clause)
            while left := list(itertools.islice(self._unexplained(wrong), most)):
                while left:
                    left = self._explain_first(left)
        self._explain_fits()

    def widen(self) -> None:
        """Take back that another operation is right where it is so because of all mistakes that were found."""
        for finding in self.findings:
            if finding.right_elsewhere:
                finding.right_elsewhere = self._is_right_elsewhere(finding, self._found())

    def _is_right_elsewhere(self, finding: Finding, mistakes: Mistakes) -> bool:
        """Whether other operations have right answers that a program with these mistakes would not give."""
        right = filter(_with(finding.activation), self._beside(finding.operation))
        return not all(self._suspects.explain(mistakes, question) for question in right)

    def _explain_fits(self) -> None:
        """Explain fits that failed by the form of their networks."""
        failed, passed = fitted.fits(self._failed), fitted.fits(self._passed)
        given = self._mistakes()
        if wrong := [fit for fit in failed if fit.form != fit.expected]:
            cases = [fit.case for fit in wrong]
            if given and self._suspects.fit_alike(given, wrong):
                self._everywhere()[0].cases += cases
                return
            likewise = self._suspects.fitting_so([*failed, *passed], given, self._beside("fit"))
            relation = "" if likewise else fitted.told(wrong)
            self.findings.append(Finding("fit", cases, likewise[:1], likewise[1:], relation))
        elif not self.findings:
            missed = [t.case for t in self._failed if t.outcome == FAILED and t.asks("fit")]
            self.findings += [Finding("fit", missed)] if missed else []

    def _unexplained(self, wrong: Iterator[Question]) -> Iterator[Question]:
        """What the findings so far do not explain; what they do is added to the one that does."""
        for question in wrong:
            if question.case in self._looked_at:
                continue
            self._looked_at.add(question.case)
            explained = self._explaining(question)
            if explained is not None:
                explained.cases.append(question.case)
            elif question.operation not in self._blocked and self._is_open(question):
                yield question

    def _explaining(self, question: Question) -> Finding | None:
        """The first of what explains it all together, or what does so of an operation alone."""
        if self._everywhere() and self._suspects.explain(self._mistakes(), question):
            return self._everywhere()[0]
        alone = (finding for finding in self.findings if finding.right_elsewhere)
        return next((found for found in alone if self._suspects.explain(found.mistakes, question)), None)

    def _is_open(self, question: Question) -> bool:
        """Whether it rests on nothing that is unexplained, or explained in one operation alone."""
        return not self._blocked.intersection(RESTS_ON[question.operation])

    def _explain_first(self, left: list[Question]) -> list[Question]:
        """Explain the wrong answers of the first operation that has any; gives the questions that are left."""
        first = min((question.operation for question in left), key=ORDER.index)
        here = [question for question in left if question.operation == first]
        elsewhere = [question for question in left if question.operation != first]
        for given, part in itertools.product(self._known(), list(self._parts(first, here))):
            explanation = self._explanation(part, elsewhere, given)
            if explanation is not None:
                elsewhere += [question for question in here if question not in part.questions]
                here = part.questions
                break
        else:
            self.findings.append(
                Finding(first, [question.case for question in here], relation=self._relation(here))
            )
            self._blocked.add(first)
            return list(filter(self._is_open, elsewhere))
        together = (*explanation.mistakes, *given)
        others = [question for question in elsewhere if self._suspects.explain(together, question)]
        self._explained += [*here, *others]
        cases = [question.case for question in [*here, *others]]
        found = Finding(first, cases, explanation.mistakes, explanation.others, activation=part.activation)
        self.findings.append(found)
        found.right_elsewhere = self._is_right_elsewhere(found, together)
        if found.right_elsewhere:
            self._blocked.add(first)
        return [question for question in elsewhere if question not in others and self._is_open(question)]

    def _parts(self, operation: str, here: list[Question]) -> Iterator[Part]:
        """All wrong answers of an operation; then those that may have a reason of their own."""
        yield Part(here)
        finite = [question for question in here if question.is_finite]
        if 0 < len(finite) < len(here):
            yield Part(finite, only_finite=True)
        activations = set.union(*(question.activations for question in here))
        others = {call.activation for t in self._passed if t.asks(operation) for call in t.calls} - {""}
        if operation in OF_AN_ACTIVATION and len(activations) == 1 and others - activations:
            yield Part(here, activation=activations.pop())

    def _explanation(self, part: Part, elsewhere: list[Question], given: Mistakes) -> Explanation | None:
        """What explains these wrong answers of one operation."""
        operation, is_so = part.questions[0].operation, _with(part.activation)
        more = self._more(operation, part.questions)
        return self._suspects.explanation(
            part.questions,
            given,
            (
                question
                for question in more
                if is_so(question) and (question.is_finite or not part.only_finite)
            ),
            elsewhere,
            filter(is_so, itertools.chain(self._explained, self._controls(operation))),
            lambda: list(filter(is_so, self._beside(operation))),
        )

    def _relation(self, here: list[Question]) -> str:
        """How the wrong answers relate to the right ones, or to each other."""
        if self.ask is not None and answers_otherwise(here[0], self.ask):
            return f"{here[0].operation}: {OTHERWISE}"
        return relation(here, self.clock) or ""

    def _mistakes(self) -> Mistakes:
        """All that were found and hold of every operation."""
        return tuple(mistake for finding in self._everywhere() for mistake in finding.mistakes)

    def _known(self) -> list[Mistakes]:
        """What may be wrong besides: what holds of every operation, or all that was found, which may undo itself."""
        return list(dict.fromkeys([self._mistakes(), self._found()]))

    def _found(self) -> Mistakes:
        """All that were found."""
        return tuple(mistake for finding in self.findings for mistake in finding.mistakes)

    def _everywhere(self) -> list[Finding]:
        """The findings of mistakes that hold of every operation."""
        return [finding for finding in self.findings if finding.mistakes and not finding.right_elsewhere]

    def _wrong(self, transcripts: Sequence[Transcript], of_a_clause: int = TRIED) -> Iterator[Question]:
        """Those that have a wrong answer, so many of a clause at the most."""
        taken: Counter[str] = Counter()
        for transcript in transcripts:
            if taken[transcript.clause] < of_a_clause:
                question = self._question(transcript)
                if question.wrong:
                    taken[transcript.clause] += 1
                    yield question

    def _more(self, operation: str, known: Sequence[Question]) -> Iterator[Question]:
        """Other tests that failed by a wrong answer of this operation, and questions that no test has asked.

        Of training two long runs too: what a few iterations have in common may part there.
        """
        asking = [t for t in self._failed if t.asks(operation)]
        short = [transcript for transcript in asking if not transcript.is_long]
        runs = [transcript for transcript in asking if transcript.is_long]
        for question in itertools.chain(self._wrong(short[:TRIED]), self._wrong(runs[:RUNS_BESIDE])):
            if question.operation == operation and question not in known:
                yield question
        greatest = max(known, key=lambda question: question.calls.cost)
        if self.ask is not None and not greatest.calls.is_long:
            yield from with_other_numbers(greatest, self.ask, self.precision, self.clock)

    def _controls(self, operation: str) -> Iterator[Question]:
        """Tests of the operation that passed, and of what it cannot be right without."""
        for each in (operation, *INSEPARABLE.get(operation, ())):
            asking = [t for t in self._passed if t.asks(each) and not t.is_long]
            yield from self._right(asking[:TRIED])

    def _beside(self, operation: str) -> list[Question]:
        """Tests of other operations that passed."""
        chosen: dict[str, Transcript] = {}
        for each in ORDER:
            of_it = [t for t in self._passed if t.asks(each) and not t.asks(operation) and not t.is_long]
            chosen |= {transcript.case: transcript for transcript in of_it[:BESIDE]}
        return list(self._right(chosen.values()))

    def _right(self, transcripts: Iterable[Transcript]) -> Iterator[Question]:
        """Those without a wrong answer: where two mistakes agree with each other, a test can pass by both."""
        for transcript in transcripts:
            question = self._question(transcript)
            if not question.wrong:
                yield question

    def _question(self, transcript: Transcript) -> Question:
        if id(transcript) not in self._questions:
            self._questions[id(transcript)] = Question(transcript, self.precision, self.clock)
        return self._questions[id(transcript)]
