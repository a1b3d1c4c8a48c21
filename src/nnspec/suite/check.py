"""``nnspec check``: runs the specification in a process of its own, and comes to a verdict on what it records."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from nnspec.contract.errors import WrongUse
from nnspec.reach import guard, isolation, targets
from nnspec.reach.options import Options
from nnspec.reach.process import how_it_ended
from nnspec.report import failure
from nnspec.report.record import Header, Record
from nnspec.suite.front import Clock, Judge, Limits, catch_up, follow
from nnspec.suite.signals import Interruption, Signals

#: Plugins of pytest that the specification does not use, and that would take time.
_UNUSED = (
    *("cacheprovider", "doctest", "junitxml", "legacypath", "logging", "pastebin", "recwarn"),
    *("setuponly", "setupplan", "stepwise", "threadexception", "tmpdir", "unraisableexception"),
)
#: How the names of variables begin that change how pytest works; it fills lines of as many COLUMNS.
_KEPT_OUT = ("PYTEST_", "COV_", "COLUMNS")
#: pytest's exit status for wrong options, and what it prints before the reason.
_WRONG_USE, _REASON = 4, "ERROR: "
#: What pytest prints before each line of a traceback of its own.
_INTERNAL = "INTERNALERROR> "


def check(
    options: Options,
    progress: Callable[[Record], None],
    report: Callable[[Record], None] = lambda _: None,
    limits: Limits | None = None,
) -> Record:
    """Run what the options ask for; ``progress`` is called with every new result, ``report`` once, at the end.

    At a signal that ends a program, ``report`` gets the record as far as it goes, then the tests are stopped, and
    Interruption is raised; at a second signal they are killed. Raises WrongUse if the options name something that
    does not exist.
    """
    limits = limits or (Limits.of_debugging() if options.in_process else Limits())
    left = None if options.budget is None else options.budget - time.time() + (options.started or time.time())
    record = Record(Header.of(options))
    with Signals() as signals:
        judge = Judge(_command(options), _environment())
        guard.protect()
        try:
            killed = follow(record, judge, Clock(limits, options.timeout, left), progress, limits)
        except Interruption as interruption:
            catch_up(record, judge)
            record.interrupted = interruption.name
            try:
                with signals.held():
                    report(record)
            finally:
                _stop(judge, signals, limits)
            raise
        except BaseException:
            _stop(judge, signals, limits)
            raise
        record.failed = record.failed or killed or _contradiction(record, judge)
        with signals.held():
            report(record)
        return record


def _command(options: Options) -> list[str]:
    """The pytest process: its own configuration, nobody's conftest, and our plugin alone."""
    folder = Path(__file__).parent
    isolated = ["-c", str(folder / "pytest.ini"), "--rootdir", str(folder), "--noconftest"]
    isolated += [f"-pno:{name}" for name in _UNUSED]
    quiet = ["-q", "--no-header", "--no-summary", "--tb=native"]  # its own tracebacks take pytest long
    quiet += ["--assert=plain"]  # so does rewriting assertions, of which the specification has none
    plugin = ["-p", "nnspec.pytest_plugin", "--pyargs", "nnspec.spec_tests"]
    path = isolation.safe_path(str(targets.folder(options.target)))
    return isolation.command(
        "nnspec.suite.judge", path, *isolated, *quiet, *plugin, *options.pytest_arguments()
    )


def _environment() -> dict[str, str]:
    """The environment, without what would change how pytest works; Python's own variables do not reach it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(_KEPT_OUT)}
    return {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _stop(judge: Judge, signals: Signals, limits: Limits) -> None:
    """End the tests; kill them at a second signal."""
    if signals.count > 1:
        judge.kill()
    try:
        judge.end(limits.end)
    except Interruption:  # the second signal
        judge.kill()
        raise


def _contradiction(record: Record, judge: Judge) -> str:
    """How the process ended, if that does not fit its record; raises WrongUse if it refused the options."""
    status, words = judge.process.returncode, judge.words()
    if status == _WRONG_USE and not record.planned and _REASON in words:
        raise WrongUse(words.partition(_REASON)[2].partition("\n\n")[0].strip())
    if not (record.finished or record.unreachable):
        contradiction = "before they were done"
    elif status != record.exit_code:
        contradiction = f"though its record says {record.exit_code}"
    else:
        return ""
    return f"the process that runs the tests ended {how_it_ended(status)} {contradiction}{_details(words)}"


def _details(words: str) -> str:
    """The error among the words that pytest prints of an error within itself; all words if they are asked for."""
    if failure.is_asked_for():
        return f"\n{words}"
    errors = [line.removeprefix(_INTERNAL) for line in words.splitlines() if line.startswith(_INTERNAL)]
    return f": {errors[-1].strip()}" if errors else ""
