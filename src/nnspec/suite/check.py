"""``nnspec check``: runs the specification in a pytest process and follows its record."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from nnspec.contract.errors import WrongUse
from nnspec.reach.options import Options
from nnspec.report.record import Record

#: How often the record is looked at, in seconds.
_GLANCE = 0.05
#: How long the tests may take to end of themselves, and once they are told to, in seconds.
_NOTICE, _GRACE = 1.0, 30.0
#: Plugins of pytest that the specification has no use for, and that would take time.
_UNUSED = (
    *("cacheprovider", "doctest", "junitxml", "legacypath", "logging", "pastebin", "recwarn"),
    *("setuponly", "setupplan", "stepwise", "threadexception", "tmpdir", "unraisableexception"),
)
#: What pytest exits with where its options are wrong, and what it then puts before the reason.
_WRONG_USE, _REASON = 4, "ERROR: "


def check(options: Options, progress: Callable[[Record], None]) -> Record:
    """Run what the options ask for; ``progress`` is called whenever something new is known.

    Raises WrongUse where they name what does not exist.
    """
    with tempfile.TemporaryDirectory(prefix="nnspec-") as folder:
        path = Path(folder) / "record.jsonl"
        output = Path(folder) / "output.txt"
        configuration = Path(folder) / "pytest.ini"  # nobody else's configuration applies
        configuration.write_text("[pytest]\n", encoding="utf-8")
        command = _command(options, configuration, path)
        record = Record(target=options.implementation)
        with output.open("wb") as stream:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=_environment()
            )
            try:
                for event in _follow(path, process):
                    record.add(json.loads(event))
                    progress(record)
            except BaseException:  # Ctrl-C too: the tests would go on
                _stop(process)
                raise
            process.wait()
        if not (record.finished or record.unreachable):
            told = output.read_text(encoding="utf-8", errors="backslashreplace").strip()
            if process.returncode == _WRONG_USE and not record.planned and _REASON in told:
                raise WrongUse(told.partition(_REASON)[2])
            record.errors.append(_ended_early(process.returncode, told))
        return record


def _command(options: Options, configuration: Path, record: Path) -> list[str]:
    """The pytest process: its own configuration, nobody's conftest, and our plugin alone."""
    isolated = ["-c", str(configuration), "--noconftest", *(f"-pno:{name}" for name in _UNUSED)]
    quiet = ["-q", "--no-header", "--no-summary", "--tb=native"]  # its own tracebacks take pytest long
    quiet += ["--assert=plain"]  # and so does rewriting assertions, of which the specification has none
    ours = [
        "-p",
        "nnspec.suite.pytest_plugin",
        "--pyargs",
        "nnspec.spec_tests",
        "--nnspec-record",
        str(record),
    ]
    return [sys.executable, "-m", "pytest", *isolated, *quiet, *ours, *options.pytest_arguments()]


def _environment() -> dict[str, str]:
    """The environment, without what would change how pytest works."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    return {**ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the tests in a way that lets them end the implementation's process, by force only at last."""
    # Ctrl-C has reached the tests too. A job in the background is deaf to it, so then comes SIGTERM, which
    # the plugin takes for the same.
    ends: list[tuple[Callable[[], object], float]] = [
        (process.poll, _NOTICE),
        (process.terminate, _GRACE),
        (process.kill, _GRACE),
    ]
    for end, seconds in ends:
        end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return


def _follow(path: Path, process: subprocess.Popen[bytes]) -> Iterator[str]:
    """The lines of the record, as they are written, until the process has ended."""
    while not path.exists() and process.poll() is None:
        time.sleep(_GLANCE)  # a file that another process makes sends no signal to wait for
    if not path.exists():
        return
    pending = ""
    with path.open(encoding="utf-8") as record:
        while True:
            ended = process.poll() is not None
            *lines, pending = (pending + record.read()).split("\n")
            yield from lines
            if ended:
                return
            time.sleep(_GLANCE)  # nor does one that grows


def _ended_early(status: int, told: str) -> str:
    """What to say of a pytest process that left no end of the record."""
    how = f"by signal {-status}" if status < 0 else f"with exit status {status}"
    return f"the process that runs the tests ended {how} before they were done\n{told[-3000:]}"
