"""Checks of mistakes, stored in files: the outcomes of the tests and the transcripts. Also a pytest plugin."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from nnspec.contract.operations import OPERATIONS
from nnspec.judging import opening
from nnspec.judging.transcript import Transcripts
from nnspec.report.record import Record
from nnspec.suite.run import Run

#: The environment variable that tells the plugin where to write the transcripts.
TRANSCRIPTS = "TRANSCRIPTS"
#: Set if every case is to be judged.
EVERY_CASE = "EVERY_CASE"


def stored_check(
    name: str, folder: Path, *, quick: bool = False, select: Iterable[str] = (), every_case: bool = False
) -> tuple[Record, Transcripts]:
    """The check of this mistake by all tests, the quick ones, or those of some clauses.

    every_case: judge what ``nnspec check`` does not judge since it found an ignored argument before the first test. It
    is run the first time, then read from the folder.
    """
    stem = folder / f"{name}{'-quick' if quick else ''}"
    record, transcript_file = stem.with_suffix(".jsonl"), stem.with_suffix(".pickle")
    if not transcript_file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = [
            *(["--nnspec-quick"] if quick else []),
            *(f"--nnspec-select={clause}" for clause in select),
        ]
        environment = {TRANSCRIPTS: str(transcript_file), **({EVERY_CASE: "1"} if every_case else {})}
        run(name, record, Path(__file__).stem, environment, options)
    transcripts: Transcripts = pickle.loads(transcript_file.read_bytes())
    return read_record(name, record), transcripts


def run(name: str, record: Path, plugin: str, environment: Mapping[str, str], options: Iterable[str]) -> None:
    """Check a mistake in a process of its own, with a further plugin and the environment that the plugin reads."""
    plugins = ["-p", "nnspec.suite.pytest_plugin", "-p", plugin, "--pyargs", "nnspec.spec_tests"]
    target = [f"--nnspec-implementation=nnspec.mistakes:{name}", "--nnspec-in-process", "--nnspec-strict"]
    isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--tb=no", "-q"]
    pytest_environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(Path(__file__).parent)}
    subprocess.run(
        [sys.executable, "-m", "pytest", *isolated, *plugins, *target, f"--nnspec-record={record}", *options],
        env={**os.environ, **pytest_environment, **environment},
        check=False,
        capture_output=True,
    )


def read_record(name: str, path: Path) -> Record:
    """The record of a mistake's check; raises RuntimeError if the check did not finish."""
    record = Record.read(path)
    if not record.finished or record.errors or record.unreachable:
        raise RuntimeError(f"{name}: {record.errors} {record.unreachable}")
    return record


def pytest_configure() -> None:
    """Leave out what comes before the first test."""
    if EVERY_CASE in os.environ:
        opening.begin = lambda *_, **__: opening.Opening(answered=[*OPERATIONS])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the transcripts of the run."""
    run = session.config.pluginmanager.get_plugin("nnspec-run")
    assert isinstance(run, Run)
    Path(os.environ[TRANSCRIPTS]).write_bytes(pickle.dumps(run.transcripts))
