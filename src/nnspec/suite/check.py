"""``nnspec check``: runs the specification in a pytest process and follows its record."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from nnspec.contract.errors import WrongUse
from nnspec.reach.options import Options
from nnspec.reach.process import kill_children
from nnspec.report.record import Header, Record

#: How often the record is read, in seconds.
_INTERVAL = 0.05
#: How long the tests may take to end by themselves, and after SIGTERM, in seconds.
_NOTICE, _GRACE = 1.0, 30.0
#: Plugins of pytest that the specification does not use, and that would take time.
_UNUSED = (
    *("cacheprovider", "doctest", "junitxml", "legacypath", "logging", "pastebin", "recwarn"),
    *("setuponly", "setupplan", "stepwise", "threadexception", "tmpdir", "unraisableexception"),
)
#: pytest's exit status for wrong options, and what it prints before the reason.
_WRONG_USE, _REASON = 4, "ERROR: "


class Interruption(BaseException):
    """A signal asked this process to end; ``name`` is the signal's, and ``status`` what to exit with."""

    def __init__(self, number: int) -> None:
        """number: of the signal."""
        super().__init__(number)
        self.name, self.status = signal.Signals(number).name, 128 + number


def check(
    options: Options, progress: Callable[[Record], None], report: Callable[[Record], None] = lambda _: None
) -> Record:
    """Run what the options ask for; ``progress`` is called with every new result, ``report`` once, at the end.

    At SIGINT, SIGTERM or SIGHUP, ``report`` gets the record as far as it goes, then the tests are stopped, and
    Interruption is raised; at a second signal they are killed. Raises WrongUse if the options name something that
    does not exist.
    """
    with tempfile.TemporaryDirectory(prefix="nnspec-") as folder, Signals() as signals:
        path = Path(folder) / "record.jsonl"
        output = Path(folder) / "output.txt"
        configuration = Path(folder) / "pytest.ini"  # nobody else's configuration applies
        configuration.write_text("[pytest]\n", encoding="utf-8")
        command = _command(options, configuration, path)
        record = Record(Header.of(options))
        with output.open("wb") as stream:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=_environment()
            )
        try:
            with contextlib.closing(_Lines(path)) as lines:
                _follow(record, lines, process, progress)
        except Interruption as interruption:
            record.interrupted = interruption.name
            with signals.held():
                report(record)
            _stop(process, signals)
            raise
        except BaseException:
            _stop(process, signals)
            raise
        if not (record.finished or record.unreachable):
            words = output.read_text(encoding="utf-8", errors="backslashreplace").strip()
            if process.returncode == _WRONG_USE and not record.planned and _REASON in words:
                raise WrongUse(words.partition(_REASON)[2])
            record.errors.append(_ended_early(process.returncode, words))
        with signals.held():
            report(record)
        return record


def _follow(
    record: Record,
    lines: _Lines,
    process: subprocess.Popen[bytes],
    progress: Callable[[Record], None],
) -> None:
    """Add the lines of the record as they are written, until the process has ended."""
    try:
        ended = False
        while not ended:
            ended = process.poll() is not None
            for event in lines.read():
                record.add(json.loads(event))
                progress(record)
            if not ended:
                time.sleep(_INTERVAL)  # a file that another process writes sends no signal to wait for
    except Interruption:
        for event in lines.read():
            record.add(json.loads(event))
        raise


class _Lines:
    """The lines of a file that another process writes."""

    def __init__(self, path: Path) -> None:
        """The file need not exist yet."""
        self._path = path
        self._stack = contextlib.ExitStack()
        self._pending = ""
        self._file: TextIO | None = None

    def read(self) -> list[str]:
        """The lines that were completed since the last call."""
        if self._file is None:
            if not self._path.exists():
                return []
            self._file = self._stack.enter_context(self._path.open(encoding="utf-8"))
        *lines, self._pending = (self._pending + self._file.read()).split("\n")
        return lines

    def close(self) -> None:
        """Close the file."""
        self._stack.close()


class Signals:
    """Turns the signals that end a program into Interruption; only the main thread may, and only it needs to."""

    def __init__(self) -> None:
        """No signal has come."""
        self.count = 0
        self._held = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Signals:
        with contextlib.suppress(ValueError):  # not the main thread
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
                if number := getattr(signal, name, None):
                    self._before[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Only count signals, up to a third, while a report is printed: it takes no time, and is what they ask for."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def _interrupt(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if not self._held or self.count > 2:
            raise Interruption(number)


def _command(options: Options, configuration: Path, record: Path) -> list[str]:
    """The pytest process: its own configuration, nobody's conftest, and our plugin alone."""
    isolated = ["-c", str(configuration), "--noconftest", *(f"-pno:{name}" for name in _UNUSED)]
    quiet = ["-q", "--no-header", "--no-summary", "--tb=native"]  # its own tracebacks take pytest long
    quiet += ["--assert=plain"]  # so does rewriting assertions, of which the specification has none
    plugin = ["-p", "nnspec.pytest_plugin", "--pyargs", "nnspec.spec_tests", "--nnspec-record", str(record)]
    return [sys.executable, "-m", "pytest", *isolated, *quiet, *plugin, *options.pytest_arguments()]


def _environment() -> dict[str, str]:
    """The environment, without what would change how pytest works."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    return {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _stop(process: subprocess.Popen[bytes], signals: Signals) -> None:
    """End the tests in a way that lets them end the implementation's process; kill them at a second signal."""
    # Ctrl-C has reached the tests too. A job in the background ignores it, so then comes SIGTERM, which the plugin
    # handles in the same way.
    ends: list[tuple[Callable[[], object], float]] = [
        (process.poll, _NOTICE),
        (process.terminate, _GRACE),
        (lambda: _kill(process), _GRACE),
    ]
    try:
        for end, seconds in ends if signals.count < 2 else ends[-1:]:
            end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
                return
    except Interruption:  # the second signal
        _kill(process)
        raise


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the tests, and the implementation's processes, which they can no longer end."""
    kill_children(process.pid)
    process.kill()


def _ended_early(status: int, words: str) -> str:
    """What to say about a pytest process that left no end of the record."""
    how = f"by signal {-status}" if status < 0 else f"with exit status {status}"
    return f"the process that runs the tests ended {how} before they were done\n{words[-3000:]}"
