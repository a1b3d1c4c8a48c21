"""Explains the wrong answers of a program, starting with the first wrong quantity."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence

from nnspec.contract.support import Support
from nnspec.diagnosis import network_form
from nnspec.diagnosis.answers import DEPENDENCIES, MAX_TESTS, ORDER, Answers
from nnspec.diagnosis.credits import Credits
from nnspec.diagnosis.examination import Examiner
from nnspec.diagnosis.findings import Finding, joined
from nnspec.diagnosis.found import Found
from nnspec.diagnosis.probes import Ask
from nnspec.diagnosis.questions import Group, Question, uses_only
from nnspec.diagnosis.read_off import ReadOff
from nnspec.diagnosis.relations import relation
from nnspec.diagnosis.run_length import ends_early
from nnspec.diagnosis.suspects import Evidence, Explanation, Mistakes, Suspects
from nnspec.diagnosis.work import Work, WorkSpent
from nnspec.judging.transcript import Transcript, Transcripts
from nnspec.mistakes import Mistake
from nnspec.report.record import FAILED

#: What a diagnosis may compute and ask, by its name on the command line: units of work, and calls of the subject.
LIMITS = {"quick": (20_000, 1_500), "full": (400_000, 20_000)}
#: Mistakes that only ignore an argument.
IGNORING = frozenset(
    ("DecayIgnored", "ScheduleIgnoredInTraining", "MomentumIgnored", "MomentumNone", "MinibatchesIgnored")
)
#: Right answers that what was found by asking must give.
RIGHT_ANSWERS = 12
#: Failed tests of one clause that are explained first.
TESTS_PER_CLAUSE = 2
#: Failed tests that are explained at a time, from the first chapters on.
TESTS_AT_A_TIME = 24
#: Long runs that are explained at a time, if nothing shorter is wrong.
RUNS_AT_A_TIME = 3

#: Operations in which a mistake may concern only one activation.
OPERATIONS_PER_ACTIVATION = ("activation", "activation_derivative", "gradients")


def diagnose(
    transcripts: Transcripts,
    precision: str,
    catalogue: Sequence[type[Mistake]],
    ask: Ask | None = None,
    support: Support | None = None,
    extent: str = "full",
    operations: Iterable[str] = (),
    own_start: bool = False,
) -> list[Finding]:
    """Explain the wrong answers of a run; ``ask`` calls the subject, which supports what ``support`` says.

    operations: further ones to ask about; extent: how much may be asked and computed, quick or full; own_start: fits
    have an initialization of their own. If that is spent before all are explained, the last finding has no operation.
    """
    work, questions = LIMITS[extent]
    inquiry = Inquiry(transcripts, precision, catalogue, Work(work), ask)
    try:
        if ask is not None:
            inquiry.examine(ask, support or Support(), questions, operations, own_start)
        inquiry.conduct()
    except WorkSpent:
        inquiry.findings.append(Finding("", []))
    if inquiry.is_cut and all(finding.operation for finding in inquiry.findings):
        inquiry.findings.append(Finding("", []))
    with contextlib.suppress(WorkSpent):  # the explanations stand without it
        inquiry.recheck_local_findings()
        inquiry.leave_out_what_was_told()
    return inquiry.findings


class Inquiry:
    """A diagnosis; ``findings`` holds what it has explained so far."""

    def __init__(
        self,
        transcripts: Transcripts,
        precision: str,
        catalogue: Sequence[type[Mistake]],
        work: Work,
        ask: Ask | None = None,
    ) -> None:
        """``ask`` calls the subject."""
        self.findings: list[Finding] = []
        self._early: Finding | None = None  # what is said of runs that end early
        self.is_cut = False  # whether not all could be asked
        self.asked: list[Finding] = []  # those of them that come from asking the program
        self._work, self._ask = work, ask
        self._examiner: Examiner | None = None
        self._read_off: ReadOff | None = None
        self._precision, self._catalogue = precision, catalogue
        self._answers = Answers(transcripts, precision, work, ask)
        self._suspects = Suspects(catalogue, work, {transcript.clause for transcript in transcripts.failed})
        self._credits = Credits(
            precision, work, lambda name, without: self._suspects.program(name, without=without)
        )
        self._seen_cases: set[str] = set()
        self._credited: list[Transcript] = []  # tests that were put to what was found by asking
        self._blocked_operations: set[str] = set()
        self._explained: list[Question] = []

    def conduct(self) -> None:
        """Explain the wrong answers, from the first chapters on; long runs come last."""
        short = [transcript for transcript in self._answers.failed if not transcript.is_long]
        runs = [transcript for transcript in self._answers.failed if transcript.is_long]
        for transcript in (*short, *runs) if self.asked else ():
            self._credit(transcript)
        for transcripts, per_clause, at_a_time in [
            (short, TESTS_PER_CLAUSE, TESTS_AT_A_TIME),
            (short, MAX_TESTS, TESTS_AT_A_TIME),
            (runs, MAX_TESTS, RUNS_AT_A_TIME),
        ]:
            left = [transcript for transcript in transcripts if transcript.case not in self._seen_cases]
            wrong = self._answers.wrong(left, per_clause)
            while questions := list(itertools.islice(self._unexplained(wrong), at_a_time)):
                while questions:
                    questions = self._explain_first_operation(questions)
        self._explain_fits()

    def _credit(self, transcript: Transcript) -> None:
        """Put a test to what was found by asking, if that gives all of its answers."""
        if finding := self._credits.cause(transcript, self.asked):
            finding.cases.append(transcript.case)
            self._seen_cases.add(transcript.case)
            self._credited.append(transcript)

    def leave_out_what_was_told(self) -> None:
        """Leave out the arguments that are ignored and fail no test: they were told before the tests."""
        self.findings = [finding for finding in self.findings if not self._is_told(finding)]

    def _is_told(self, finding: Finding) -> bool:
        names = {mistake.__name__ for mistake in finding.mistakes}
        if finding.cases or not names or not names <= IGNORING:
            return False
        general = self._general_mistakes()
        return not any(self._credits.is_needed(finding, transcript) for transcript in self._credited) and all(
            self._suspects.reproduce(general, question, without=finding.mistakes)
            for question in self._explained
        )

    def examine(
        self, ask: Ask, support: Support, questions: int, operations: Iterable[str], own_start: bool = False
    ) -> None:
        """Ask the program, formula by formula, what it computes in these operations and those of the failed tests.

        own_start: its fits have an initialization of their own.
        """
        called = set(operations) | {
            call.operation for t in self._answers.failed for call in t.calls if not call.changes
        }
        answered = called | {call.operation for t in self._answers.passed for call in t.calls}
        self._examiner = Examiner(ask, self._precision, support, self._catalogue, questions, answered)
        self._read_off = ReadOff(ask, support, self._examiner, own_start)
        result = self._examiner.examine(called)
        self.is_cut = not result.is_complete
        programs = {name: mistakes for name, mistakes in result.programs.items() if mistakes}
        self._suspects.programs = programs
        for operation in ORDER:
            if operation in programs and not self._keeps_what_is_right(operation):
                programs[operation] = ()
        for found in result.found:
            of_operation = programs.get(found.formula.operation, ())
            if found.mistakes and set(found.mistakes) <= set(of_operation):
                self._asked(found)
        self.asked = joined(self.asked)
        self.findings += self.asked

    def _keeps_what_is_right(self, operation: str) -> bool:
        """Whether what was found gives the right answers of the tests that passed."""
        right = itertools.islice(self._answers.right(operation), RIGHT_ANSWERS)
        return all(self._suspects.reproduce((), question) for question in right)

    def _asked(self, found: Found) -> None:
        """Add what was found of a formula, unless it was found of another operation already."""
        if any(set(found.mistakes) <= set(finding.mistakes) for finding in self.asked):
            return
        operation = found.formula.operation
        mistakes, others = self._least_contradicted(found)
        if mistakes != found.mistakes:
            known = self._suspects.programs[operation]
            kept = tuple(mistake for mistake in known if mistake not in found.mistakes)
            programs = {**self._suspects.programs, operation: (*mistakes, *kept)}
            if operation == "forward" and programs.get("predict") == known:  # it comes from the scores
                programs["predict"] = programs["forward"]
            self._suspects.programs = programs
        finding = Finding(operation, [], mistakes, others)
        finding.is_local = self._is_local(finding, mistakes)
        if finding.is_local:
            self._take_what_is_so_elsewhere(finding, found)
        self.asked.append(finding)

    def _take_what_is_so_elsewhere(self, finding: Finding, found: Found) -> None:
        """Take a choice that says nothing of other operations in the place of a mistake that is made in one alone."""
        assert self._examiner is not None
        other = self._examiner.alternative(found)
        if other and not self._is_local(Finding(finding.operation, [], other), other):
            known = self._suspects.programs[finding.operation]
            kept = tuple(mistake for mistake in known if mistake not in finding.mistakes)
            self._suspects.programs = {**self._suspects.programs, finding.operation: (*other, *kept)}
            finding.mistakes, finding.others, finding.is_local = other, (), False

    def _least_contradicted(self, found: Found) -> tuple[Mistakes, Mistakes]:
        """Of the explanations of a formula, those that contradict the fewest right answers of other operations."""
        candidates = [found.mistakes, *((other,) for other in found.others)]
        if len(candidates) > 1:
            right = self._answers.right_elsewhere(found.formula.operation)
            counts = [self._suspects.contradictions(mistakes, right) for mistakes in candidates]
            candidates = [m for m, count in zip(candidates, counts, strict=True) if count == min(counts)]
        best, *rest = candidates
        return best, tuple(mistakes[0] for mistakes in rest)

    def recheck_local_findings(self) -> None:
        """Withdraw ``is_local`` if all mistakes together explain why the other operations are right."""
        for finding in self.findings:
            if finding.is_local and finding not in self.asked:
                finding.is_local = self._is_local(finding, self._all_mistakes())

    def _is_local(self, finding: Finding, mistakes: Mistakes) -> bool:
        """Whether other operations, which are right, have answers that a program with these mistakes would not give."""
        wrong = self._examiner.result.wrong_operations() if self._examiner else set()
        elsewhere = filter(uses_only(finding.activation), self._answers.right_elsewhere(finding.operation))
        right = (q for q in elsewhere if wrong.isdisjoint(call.operation for call in q.transcript.calls))
        return not all(self._suspects.reproduce(mistakes, question) for question in right)

    def _explain_fits(self) -> None:
        """Explain failed fits by the forms of their networks."""
        failed, passed = (network_form.fits(ts) for ts in (self._answers.failed, self._answers.passed))
        known_mistakes = self._general_mistakes()
        if wrong := [fit for fit in failed if fit.form != fit.expected]:
            cases = [fit.case for fit in wrong]
            if known_mistakes and self._suspects.reproduce_fits(known_mistakes, wrong):
                self._general_findings()[0].cases += cases
                return
            right = self._answers.right_elsewhere("fit")
            mistakes = self._suspects.explain_fits([*failed, *passed], known_mistakes, right)
            is_trained_right = self._blocked_operations.isdisjoint(("gradients", "update", "train"))
            description = network_form.description(wrong, is_trained_right=is_trained_right)
            said = "" if mistakes else description
            self.findings.append(Finding("fit", cases, mistakes[:1], mistakes[1:], said))
        elif not self.findings:
            cases = [t.case for t in self._answers.failed if t.outcome == FAILED and t.has_call("fit")]
            if cases:
                said = self._read_off.of_fits() if self._read_off is not None else ""
                self.findings.append(Finding("fit", cases, relation=said))

    def _unexplained(self, wrong: Iterator[Question]) -> Iterator[Question]:
        """The questions that no finding explains; the others are added to the finding that does."""
        for question in wrong:
            if question.case in self._seen_cases:
                continue
            self._seen_cases.add(question.case)
            finding = self._finding_for(question)
            if finding is not None:
                finding.cases.append(question.case)
            elif question.operation not in self._blocked_operations and self._is_open(question):
                yield question

    def _finding_for(self, question: Question) -> Finding | None:
        """The finding that explains the question: one from asking, the first general one, or a local one."""
        general = self._general_findings()
        if (general or self.asked) and self._suspects.reproduce(self._general_mistakes(), question):
            return self._needed_for(question) or (general or self.asked)[0]
        if question.operation == "train" and self._read_off is not None and (data := self._read_off.data):
            return next(
                (f for f in self.findings if data in f.relation), None
            )  # that holds for all of its runs
        local = (finding for finding in self.findings if finding.is_local and finding not in self.asked)
        return next((f for f in local if self._suspects.reproduce(f.mistakes, question)), None)

    def _needed_for(self, question: Question) -> Finding | None:
        """The first finding from asking without which the answers would be others."""
        general = self._general_mistakes()
        return next(
            (f for f in self.asked if not self._suspects.reproduce(general, question, without=f.mistakes)),
            None,
        )

    def _is_open(self, question: Question) -> bool:
        """Whether it rests on no operation that is unexplained or has a local finding."""
        return not self._blocked_operations.intersection(DEPENDENCIES[question.operation])

    def _explain_first_operation(self, questions: list[Question]) -> list[Question]:
        """Explain the wrong answers of the first operation that has any; return the remaining questions."""
        operation = min((question.operation for question in questions), key=ORDER.index)
        if operation == "train" and (short := self._runs_that_end_early(questions)):
            return [question for question in questions if question not in short]
        wrong_here = [question for question in questions if question.operation == operation]
        wrong_elsewhere = [question for question in questions if question.operation != operation]
        groups = list(self._groups(operation, wrong_here))
        for known_mistakes, group in itertools.product(self._known_mistakes(), groups):
            explanation = self._explain(group, wrong_elsewhere, known_mistakes)
            if explanation is not None:
                wrong_elsewhere += [question for question in wrong_here if question not in group.questions]
                wrong_here = group.questions
                break
        else:
            cases = [question.case for question in wrong_here]
            self.findings.append(Finding(operation, cases, relation=self._relation(wrong_here)))
            if not self._examiner or not self._examiner.result.is_right(operation):
                self._blocked_operations.add(operation)
            return list(filter(self._is_open, wrong_elsewhere))
        mistakes = (*explanation.mistakes, *known_mistakes)
        also_explained = [
            question for question in wrong_elsewhere if self._suspects.reproduce(mistakes, question)
        ]
        self._explained += [*wrong_here, *also_explained]
        cases = [question.case for question in [*wrong_here, *also_explained]]
        finding = Finding(
            operation, cases, explanation.mistakes, explanation.others, activation=group.activation
        )
        self.findings.append(finding)
        finding.is_local = self._is_local(finding, mistakes)
        if finding.is_local:
            self._blocked_operations.add(operation)
        return [
            question
            for question in wrong_elsewhere
            if question not in also_explained and self._is_open(question)
        ]

    def _groups(self, operation: str, questions: list[Question]) -> Iterator[Group]:
        """All wrong answers of an operation; then those that may have an explanation of their own."""
        yield Group(questions)
        finite = [question for question in questions if question.is_finite]
        if 0 < len(finite) < len(questions):
            yield Group(finite, only_finite=True)
        activations = set.union(*(question.activations for question in questions))
        passed = [transcript for transcript in self._answers.passed if transcript.has_call(operation)]
        others = {call.activation for transcript in passed for call in transcript.calls} - {""}
        if operation in OPERATIONS_PER_ACTIVATION and len(activations) == 1 and others - activations:
            yield Group(questions, activation=activations.pop())

    def _explain(
        self, group: Group, wrong_elsewhere: list[Question], known_mistakes: Mistakes
    ) -> Explanation | None:
        """The mistakes that explain these wrong answers of one operation."""
        operation, is_relevant = group.questions[0].operation, uses_only(group.activation)
        further_wrong = filter(is_relevant, self._answers.further_wrong(operation, group.questions))
        settled = itertools.chain(self._explained, self._answers.right(operation))
        evidence = Evidence(
            wrong=group.questions,
            further_wrong=(q for q in further_wrong if q.is_finite or not group.only_finite),
            known_mistakes=known_mistakes,
            wrong_elsewhere=wrong_elsewhere,
            settled=filter(is_relevant, settled),
            right_elsewhere=lambda: list(filter(is_relevant, self._answers.right_elsewhere(operation))),
        )
        return self._suspects.explain(evidence)

    def _relation(self, questions: list[Question]) -> str:
        """What was read off; or how the wrong answers relate to the right ones, or to each other; or what is right."""
        if self._read_off is None:
            return relation(questions, self._work) or ""
        return self._read_off.unexplained(questions, self._precision, self._work)

    def _runs_that_end_early(self, questions: list[Question]) -> list[Question]:
        """The questions with runs that end early, if it is read off when they do: they have a finding then."""
        short = [question for question in questions if ends_early(question)]
        if not short or self._read_off is None:
            return []
        if self._early is None:
            self._early = Finding("train", [], relation=self._read_off.length_of_runs(short))
            self.findings += [self._early] if self._early.relation else []
        self._early.cases += [question.case for question in short]
        return short if self._early.relation else []

    def _known_mistakes(self) -> list[Mistakes]:
        """Mistakes that the program may make as well: the general ones, or all, which may undo each other."""
        return list(dict.fromkeys([self._general_mistakes(), self._all_mistakes()]))

    def _all_mistakes(self) -> Mistakes:
        """The mistakes of all findings."""
        findings = [finding for finding in self.findings if finding not in self.asked]
        return tuple(mistake for finding in findings for mistake in finding.mistakes)

    def _general_mistakes(self) -> Mistakes:
        """The mistakes of the general findings."""
        return tuple(mistake for finding in self._general_findings() for mistake in finding.mistakes)

    def _general_findings(self) -> list[Finding]:
        """The findings of mistakes that are made in every operation."""
        return [f for f in self.findings if f.mistakes and not f.is_local and f not in self.asked]
