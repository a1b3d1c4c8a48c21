"""A run of the specification in pytest: which tests are planned, and how each one ends."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from nnspec.contract.errors import BudgetSpent, NoAnswer, OutsideDocument, Unreachable, WrongUse
from nnspec.contract.support import Support
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.documents.scopes import SCOPES
from nnspec.judging.agreement import Disagreement, LowerPrecision
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.reach import targets
from nnspec.reach.budget import Budget
from nnspec.reach.options import Options
from nnspec.reach.process import LineProcess
from nnspec.reach.transports import Transport, open_transport
from nnspec.report.record import (
    CHAPTERS,
    EXPECTED,
    FAILED,
    FAILURES,
    LOWER_PRECISION,
    PASSED,
    UNSUPPORTED,
    Header,
    Planned,
    Recorder,
    Result,
)
from nnspec.suite import order
from nnspec.suite.ahead import Ahead, SecondProcess
from nnspec.suite.plan import (
    case_of,
    clause_of,
    names_of,
    nothing_named,
    planned_case,
    read_known_failures,
    whole_runs,
)


class Run:
    """One implementation, the cases planned for it, and the record of what came of them."""

    def __init__(self, options: Options, record: Path | None, process: LineProcess | None = None) -> None:
        """process: the implementation's. Raises WrongUse if the options name something that does not exist."""
        if options.target:
            targets.check(options.target)
        self.options = options
        self.process = process
        self.budget = Budget(options.budget, options.started)
        self.known_failures = read_known_failures(options.known_failures)
        self.recorder = Recorder(record)
        self.transport: Transport | None = None
        self.scope = SCOPES.get(options.document or "")
        self.support = Support()  # the cases to ask for, once the implementation is reached
        self.ahead: Ahead | None = None
        self.transcripts = Transcripts()
        self.planned: dict[str, Planned] = {}
        self.results: dict[str, Result] = {}

    # ---- the plan ----

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the tests that were selected, reach the implementation, and record the plan."""
        clauses = [item for item in items if clause_of(item) is not None]
        self._check_names(clauses)
        selected = [item for item in clauses if self._is_selected(item)]
        if not selected and self.options.quick:
            raise pytest.UsageError("--quick runs none of the selected tests: leave it out, or select more.")
        selected.sort(key=lambda item: CHAPTERS.index(case_of(item).partition(".")[0]))
        selected.sort(key=lambda item: order.place(case_of(item)))
        self.planned = {case_of(item): planned_case(item) for item in selected}
        config.hook.pytest_deselected(items=[item for item in items if item not in set(selected)])
        items[:] = selected
        try:
            self.transport = open_transport(self.options, self.budget, self.process)
        except WrongUse as error:
            raise pytest.UsageError(str(error)) from None
        except Unreachable as error:
            self.recorder.unreachable(str(error))
            pytest.exit(f"{self.options.implementation} could not be reached.\n{error}", returncode=3)
        self.support = self.transport.description.support & (self.scope.support if self.scope else Support())
        header = Header.of(self.options, self.transport.description)
        self.recorder.start(header, self.planned.values())
        if not self.options.in_process:
            second = SecondProcess(self.options, self.budget)
            self.ahead = Ahead(second.reach, filter(self._is_in_scope, whole_runs(selected)), second.kill)

    def _check_names(self, items: list[pytest.Item]) -> None:
        """Refuse names that no chapter, clause or case has."""
        known = {name for item in items for name in names_of(item)}
        for name in self.options.select:
            if name not in known:
                raise pytest.UsageError(f"--select {name}: {nothing_named(name, known)}")
        for name in self.known_failures:
            if name not in known:
                raise pytest.UsageError(
                    f"{self.options.known_failures} names {name}: {nothing_named(name, known)}"
                )

    def _is_selected(self, item: pytest.Item) -> bool:
        clause = clause_of(item)
        assert clause is not None
        if self.options.document and self.options.document not in clause.documents:
            return False
        if self.options.quick and not order.is_quick(case_of(item)):
            return False
        return not self.options.select or bool(names_of(item) & set(self.options.select))

    def _is_in_scope(self, experiment: str) -> bool:
        recipe = EXPERIMENTS[experiment].recipe()
        return not self.scope or not self.scope.missing("fit", {"experiment": recipe})

    # ---- the results ----

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Run no further test once the budget is spent."""
        if not self.budget.is_spent:
            return None
        item.session.shouldstop = "the budget is spent"
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Make a result of how a test ended, and let pytest's report say the same."""
        report = yield
        if call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
            return report
        case = case_of(item)
        if call.excinfo is not None and isinstance(call.excinfo.value, BudgetSpent):
            item.session.shouldstop = report.longrepr = str(call.excinfo.value)
            return report
        result = Result(case, *self._outcome(case, call, report), round(call.duration, 3))
        self.transcripts.close(case, result.outcome)
        self.results[case] = result
        self.recorder.result(result)
        if result.outcome == UNSUPPORTED:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.reportinfo()[1] or 0, f"unsupported: {result.message}")
        elif result.outcome == EXPECTED:
            report.outcome = "skipped"
            report.wasxfail = self._reason(case) or ""
        elif result.outcome != PASSED:
            from nnspec.report import terminal  # rich, which a run without a failure does not wait for

            width = shutil.get_terminal_size().columns
            report.longrepr = terminal.failure(self.recorder.record, case, width)
        return report

    def _outcome(
        self, case: str, call: pytest.CallInfo[None], report: pytest.TestReport
    ) -> tuple[str, str, dict[str, str]]:
        """The outcome, and why: a message, or what was compared."""
        if call.excinfo is None:
            return PASSED, "", {}
        error = call.excinfo.value
        message, comparison = str(error), {}
        if isinstance(error, NoAnswer):
            outcome = UNSUPPORTED if isinstance(error, OutsideDocument) else error.outcome
        elif isinstance(error, Disagreement):
            outcome = LOWER_PRECISION if isinstance(error, LowerPrecision) else FAILED
            message, comparison = "", error.parts()
        elif call.when == "call" and isinstance(error, AssertionError):
            outcome = FAILED
        else:
            outcome = FAILED
            message = f"nnspec itself failed here, so nothing was judged:\n{report.longreprtext}"
        known = outcome in FAILURES and self._reason(case) is not None
        return EXPECTED if known else outcome, message, comparison

    def _reason(self, case: str) -> str | None:
        """Why this case is known to fail; None if it is not."""
        names = self.planned[case].names
        return next((self.known_failures[name] for name in names if name in self.known_failures), None)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the record; pytest's exit status is no better than the verdict's."""
        if self.transport is None:
            return
        interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED and not self.budget.is_spent
        if self.transcripts.failed and not (interrupted or self.budget.is_spent):
            self._diagnose(self.transport)
        self.transport.close()
        if self.ahead is not None:
            self.ahead.close()
        if interrupted:  # the record stays without an end
            self.recorder.record.interrupted = "a signal"
            return
        for name in self.known_failures:
            outcomes = {
                result.outcome for case, result in self.results.items() if name in self.planned[case].names
            }
            if outcomes and outcomes <= {PASSED, UNSUPPORTED} and PASSED in outcomes:
                self.recorder.error(
                    f"{name} is a known failure, but passes: remove it from the known failures"
                )
        self.recorder.end(self.options.budget if self.budget.is_spent else None)
        if self.budget.is_spent or (self.recorder.record.exit_code and session.exitstatus in (0, 5)):
            session.exitstatus = self.recorder.record.exit_code

    def pytest_unconfigure(self) -> None:
        """End a process whose tests never began."""
        if self.transport is None and self.process is not None:
            self.process.kill()

    def _diagnose(self, transport: Transport) -> None:
        """Find out what explains the wrong answers; the verdict stands even if this fails."""
        from nnspec.diagnosis.inquiry import SECONDS, diagnose
        from nnspec.mistakes import catalogue

        seconds = min(SECONDS, self.budget.left())
        transport.limit(Budget(seconds))
        try:
            ask = Subject(transport, scope=self.scope).call
            found = diagnose(self.transcripts, transport.description.precision, catalogue(), ask, seconds)
            self.recorder.findings(finding.as_record() for finding in found)
        except Exception as error:  # a stranger's answers may lead to anything: the verdict stands
            self.recorder.error(f"nnspec itself failed to diagnose this: {error!r}")

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
