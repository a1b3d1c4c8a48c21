"""A run of the specification in pytest: which tests are planned, and how each one ends."""

from __future__ import annotations

import gc
import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from nnspec import spec_tests
from nnspec.contract.errors import BudgetSpent, NoAnswer, OutsideDocument, Unreachable, Unsupported, WrongUse
from nnspec.contract.support import Support
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.documents.scopes import SCOPES
from nnspec.judging import opening
from nnspec.judging.transcript import Call, Transcripts
from nnspec.reach import targets
from nnspec.reach.budget import Budget
from nnspec.reach.options import Options
from nnspec.reach.precision import HeldTo
from nnspec.reach.process import LineProcess
from nnspec.reach.transports import Transport, open_transport
from nnspec.report import failure
from nnspec.report.record import (
    CHAPTERS,
    EXPECTED,
    FAILURES,
    IGNORED,
    NOT_JUDGED,
    PASSED,
    SHOULD_FAILED,
    UNDECIDED,
    UNSUPPORTED,
    Header,
    Planned,
    Result,
)
from nnspec.report.recorder import Recorder
from nnspec.report.text import visible, visible_block
from nnspec.suite import order
from nnspec.suite.ahead import Ahead, SecondProcess
from nnspec.suite.endings import declined, ending
from nnspec.suite.explanations import explanations
from nnspec.suite.known import Known
from nnspec.suite.plan import (
    case_of,
    clause_of,
    names_of,
    nothing_named,
    operations_of,
    planned_case,
    whole_runs,
)
from nnspec.suite.pytest_reports import Failure, name_by_clause, skipped, without_frames
from nnspec.suite.stand_ins import StandIns

#: The folder of the modules of the specification.
SPEC_TESTS = Path(spec_tests.__file__).parent
#: The part of a budget's rest that a call may take before the first test.
SHARE = 1 / 8


class Run:
    """One implementation, the cases planned for it, and the record of what came of them."""

    def __init__(
        self, options: Options, record: Path | int | None, process: LineProcess | None = None
    ) -> None:
        """record: where it is written, a file or the pipe to ``nnspec check``; process: the implementation's.

        Raises WrongUse if the options name something that does not exist.
        """
        if options.target:
            targets.check(options.target)
        self.options = options
        self.process = process
        self.budget = Budget(options.budget, options.started)
        self.known = Known(options.known_failures)
        self.recorder = Recorder(record)
        self.is_judge = isinstance(record, int)
        #: nnspec check is told of each call, so that it can tell a long one from a hang of this process.
        self.watch = self.recorder.calling if self.is_judge else None
        self.transport: Transport | None = None
        self.scope = SCOPES.get(options.document or "")
        self.opening = opening.Opening()
        self.ahead: Ahead | None = None
        self.transcripts = Transcripts()
        self.planned: dict[str, Planned] = {}
        self.results: dict[str, Result] = {}
        self._answered: dict[str, None] = {}  # the operations that were answered in the current test
        self._cut = ""
        self._stand_ins = StandIns([])
        self._raised = False
        self._chapters = self._chapters_needed()

    # ---- the plan ----

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out the modules of the chapters that nothing selects: collecting all takes half a second."""
        if not self._chapters or collection_path.parent != SPEC_TESTS:
            return None
        chapter = collection_path.stem.removeprefix("test_").partition("_")[0]
        return (chapter in CHAPTERS and chapter not in self._chapters) or None

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Name a test by its clause."""
        name_by_clause(item)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the tests that were selected, reach the implementation, and record the plan.

        With --collect-only the tests are listed, and nothing is reached.
        """
        clauses = [item for item in items if clause_of(item) is not None]
        self._check_names(clauses)
        selected = [item for item in clauses if self._is_selected(item)]
        if not selected and self.options.quick:
            raise pytest.UsageError("--quick runs none of the selected tests: leave it out, or select more.")
        if self.options.quick:
            self._stand_ins = StandIns(filter(self._is_chosen, clauses))
        for listed in (selected, self._stand_ins.items):
            listed.sort(key=lambda item: CHAPTERS.index(case_of(item).partition(".")[0]))
            listed.sort(key=lambda item: order.place(case_of(item)))
        self.planned = {case_of(item): planned_case(item) for item in selected}
        kept = {*selected, *self._stand_ins.items}
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = selected
        if config.option.collectonly:
            return
        items += self._stand_ins.items
        try:
            self.transport = open_transport(self.options, self.budget, self.process, self.watch)
        except WrongUse as error:
            raise pytest.UsageError(visible_block(str(error))) from None
        except (Unreachable, BudgetSpent) as error:
            self.recorder.unreachable(str(error))
            what = visible(self.options.implementation)
            pytest.exit(f"{what} could not be reached.\n  {visible_block(str(error))}", returncode=3)
        header = Header.of(self.options, self.transport.description)
        header = replace(header, known_failures=self.known.reasons)
        self.recorder.start(header, self.planned.values())
        if not self.options.in_process:
            second = SecondProcess(self.options, self.budget, self.transport.description, self.watch)
            self.ahead = Ahead(second.reach, filter(self._is_in_scope, whole_runs(selected)), second.kill)
        if self.options.precision:
            self.transport = cast(Transport, HeldTo(self.transport, self.options.precision))
        self._open(self.transport, items)
        if self.is_judge:  # no search for garbage looks at all that was imported again
            gc.freeze()

    @property
    def support(self) -> Support:
        """The cases to ask for: what the implementation supports and, under --document, its programs do."""
        return self.opening.support

    def _open(self, transport: Transport, items: list[pytest.Item]) -> None:
        """Ask the implementation about the operations that are to be judged, and record what was found.

        The tests of an operation that gave no answer in time come last: no other waits for them.
        """
        planned = [item for item in items if item not in self._stand_ins]
        operations = {name for item in planned for name in operations_of(item)}
        digits = transport.digits if self.options.command else None
        transport.limit(self.budget, SHARE)
        self.opening = opening.begin(transport.call, transport.description, self.scope, operations, digits)
        transport.limit(self.budget)
        for observation in self.opening.observations:
            self.recorder.observation(observation)
        self.recorder.absent(self.opening.absent)
        if later := {item for item in items if operations_of(item).intersection(self.opening.slow)}:
            items.sort(key=later.__contains__)
            self.recorder.later(map(case_of, later))
        self._cut = self.opening.cut

    def _check_names(self, items: list[pytest.Item]) -> None:
        """Refuse names that no chapter, clause or case has."""
        known = {name for item in items for name in names_of(item)}
        for name in self.options.select:
            if name not in known:
                raise pytest.UsageError(f"--select {visible(name)}: {nothing_named(name, known)}")
        self.known.check(known | order.names() if self._chapters else known)
        for item in filter(self._is_of_document, items):
            self.known.add(planned_case(item))

    def _chapters_needed(self) -> set[str]:
        """The chapters of what ``nnspec check`` selects; none if all are needed, to say what a wrong name may mean."""
        select = self.options.select
        if not self.is_judge or not order.names().issuperset({*select, *self.known.tests}):
            return set()
        return {name.partition(":")[0].partition(".")[0] for name in select}

    def _is_of_document(self, item: pytest.Item) -> bool:
        clause = clause_of(item)
        assert clause is not None
        return not self.options.document or self.options.document in clause.documents

    def _is_selected(self, item: pytest.Item) -> bool:
        return self._is_chosen(item) and (not self.options.quick or order.is_quick(case_of(item)))

    def _is_chosen(self, item: pytest.Item) -> bool:
        """Whether the document and --select leave it in."""
        if not self._is_of_document(item):
            return False
        return not self.options.select or bool(names_of(item) & set(self.options.select))

    def _is_in_scope(self, experiment: str) -> bool:
        recipe = EXPERIMENTS[experiment].recipe()
        return not self.scope or not self.scope.missing("fit", {"experiment": recipe})

    # ---- the results ----

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
        """Run no further test once the budget is spent, and no test in place of another that is not needed."""
        self._answered = {}
        if item in self._stand_ins:
            if not self._stand_ins.is_needed(item, self.opening.answered):
                item.session._setupstate.teardown_exact(nextitem)  # what this class shares
                return True
            self.planned[case_of(item)] = planned_case(item)
            self.recorder.also_planned(self.planned[case_of(item)])
        if self.is_judge and self._raised:  # an error and its frames hold each other, and an answer
            gc.collect()
            self._raised = False
        if not self.budget.is_spent:
            return None
        item.session.shouldstop = "the budget is spent"
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport | None:
        """Make a result of how a test ended, and let pytest's report say the same."""
        if call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
            return None
        report = without_frames(item, call)
        case = case_of(item)
        error = call.excinfo.value if call.excinfo is not None else None
        self._raised = error is not None and not isinstance(error, Unsupported)
        if isinstance(error, BudgetSpent):
            self._cut = item.session.shouldstop = report.longrepr = str(error)
            return report
        if isinstance(error, OutsideDocument) or (isinstance(error, Unsupported) and item in self._stand_ins):
            self._drop(case, error)
            return skipped(report, item, f"{error.outcome}: {error}")
        result = self._result(item, call)
        self.transcripts.close(case, result.outcome)
        self.results[case] = result
        self._stand_ins.add(item, unsupported=result.outcome == UNSUPPORTED)
        self.recorder.result(result)
        return self._reported(item, report, result)

    def _drop(self, case: str, error: NoAnswer) -> None:
        """Plan a case no more."""
        self.recorder.outside(case)
        self.transcripts.close(case, error.outcome)
        del self.planned[case]
        self.known.drop(case)

    def add_call(self, call: Call) -> None:
        """A call of the current test was answered."""
        self._answered[call.operation] = None
        self.transcripts.add(call)

    def _result(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Result:
        """How a test ended, and which operations were answered in it."""
        case, error = case_of(item), call.excinfo.value if call.excinfo is not None else None
        outcome, message, comparison = self._outcome(case, error, call)
        if outcome == PASSED and whole_runs([item]):
            self._answered["train"] = None  # in an earlier test, or by the second process
        return Result(
            case,
            outcome,
            message,
            comparison,
            round(call.duration, 3),
            operations=tuple(self._answered),
            declined=declined(error),
        )

    def _outcome(
        self, case: str, error: BaseException | None, call: pytest.CallInfo[None]
    ) -> tuple[str, str, dict[str, str]]:
        """The outcome, and why: a message, or what was compared; a known failure is an expected one."""
        outcome, message, comparison = ending(error, call.when)
        if outcome == NOT_JUDGED and error is not None and not isinstance(error, NoAnswer):
            self.recorder.failed(f"{failure.describe(error)}, in the test {case}")
        known = outcome in (*FAILURES, *UNDECIDED) and self.known.reason(self.planned[case]) is not None
        return EXPECTED if known else outcome, message, comparison

    def _reported(self, item: pytest.Item, report: pytest.TestReport, result: Result) -> pytest.TestReport:
        """pytest's report, which says the same as the result: what decides nothing is no failure."""
        if result.outcome == PASSED:
            return report
        if result.outcome in (UNSUPPORTED, NOT_JUDGED):
            return skipped(report, item, f"{result.outcome}: {result.message}")
        planned = self.planned[result.case]
        if result.outcome == EXPECTED:
            report.outcome = "skipped"
            report.wasxfail = visible(self.known.reason(planned) or "")
        elif result.outcome in FAILURES and not self.recorder.record.decides(planned):
            report.outcome = "skipped"
            report.wasxfail = f"{SHOULD_FAILED}: it decides nothing"
        elif self.is_judge:  # the report is printed from the record
            report.longrepr = result.outcome
        else:
            from nnspec.report import terminal  # rich, which a run without a failure does not wait for

            width = shutil.get_terminal_size().columns
            text = terminal.failure(self.recorder.record.header, planned, result, width)
            report.longrepr = Failure.of(result, text)  # type: ignore[assignment] # it has all that pytest asks for
        return report

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """A bug of nnspec, or of another plugin, ends the run."""
        self.recorder.failed(f"{failure.details(excinfo.value)}, outside of the tests")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the record; pytest's exit status is no better than the verdict's."""
        if session.exitstatus == pytest.ExitCode.INTERNAL_ERROR:
            session.exitstatus = self.recorder.record.exit_code
        if self.transport is None:
            return
        spent = self.budget.is_spent or bool(self._cut)
        interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED and not spent
        if (
            (self.transcripts.failed or self._ignoring)
            and self.options.diagnose != "none"
            and not (interrupted or spent)
        ):
            self._diagnose(self.transport)
        self.transport.close()
        if self.ahead is not None:
            self.ahead.close()
        if interrupted:  # the record stays without an end
            self.recorder.record.interrupted = "a signal"
            return
        for complaint in self.known.complaints(self.results, self.opening.absent):
            self.recorder.error(complaint)
        self.recorder.end(self.options.budget if spent else None, self._cut)
        status = self.recorder.record.exit_code
        if self.is_judge or (status and (session.exitstatus in _OWN_STATUSES or spent)):
            session.exitstatus = status

    def pytest_unconfigure(self) -> None:
        """End a process whose tests never began."""
        if self.transport is None and self.process is not None:
            self.process.kill()

    @property
    def _ignoring(self) -> list[str]:
        """The operations that ignore an argument."""
        return [observation.operation for observation in self.recorder.record.observed(IGNORED)]

    def _diagnose(self, transport: Transport) -> None:
        """Find out what explains the wrong answers; if that fails, nnspec has failed, and the verdict says so."""
        extent = self.options.diagnose
        asked = self.scope, self.support, extent, self._ignoring, self.budget
        try:
            self.recorder.findings(explanations(self.transcripts, transport, *asked))
        except Exception as error:  # a bug of nnspec, whatever a stranger's answers led to
            self.recorder.failed(f"{failure.describe(error)}, in the diagnosis")

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Print the report after pytest's failures, unless --no-summary is given."""
        record = self.recorder.record
        if (record.finished or record.interrupted) and not config.getoption("no_summary"):
            from nnspec.report import terminal

            terminalreporter.section("verdict")
            width = shutil.get_terminal_size().columns
            terminalreporter.write(f"{terminal.render(record, width=width)}\n")


#: What pytest ends with when its tests passed, failed, or were none: the verdict knows better.
_OWN_STATUSES = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
