"""Checks of mistakes, kept: how the tests of the specification ended, and what they asked. A pytest plugin, too."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from nnspec.judging.transcript import Transcripts
from nnspec.report.record import Record
from nnspec.suite.run import Run

#: Tells the plugin where to write what was asked.
TRANSCRIPTS = "TRANSCRIPTS"


def checked(
    name: str, folder: Path, *, quick: bool = False, select: Iterable[str] = ()
) -> tuple[Record, Transcripts]:
    """The check of the mistake of this name against the specification, its quick tests or some of its clauses.

    It is made once in a folder, then read.
    """
    stem = folder / f"{name}{'-quick' if quick else ''}"
    record, asked = stem.with_suffix(".jsonl"), stem.with_suffix(".pickle")
    if not asked.exists():
        folder.mkdir(parents=True, exist_ok=True)
        words = [*(["--quick"] if quick else []), *(f"--select={clause}" for clause in select)]
        run(name, record, Path(__file__).stem, {TRANSCRIPTS: str(asked)}, words)
    transcripts: Transcripts = pickle.loads(asked.read_bytes())
    return read(name, record), transcripts


def run(name: str, record: Path, plugin: str, environment: Mapping[str, str], words: Iterable[str]) -> None:
    """Check a mistake in a process of its own, with another plugin and what that looks for in the environment."""
    plugins = ["-p", "nnspec.suite.pytest_plugin", "-p", plugin, "--pyargs", "nnspec.spec_tests"]
    target = ["--implementation", f"nnspec.mistakes:{name}", "--in-process", "--nnspec-record", str(record)]
    isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--tb=no", "-q"]
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(Path(__file__).parent)}
    subprocess.run(
        [sys.executable, "-m", "pytest", *isolated, *plugins, *target, *words],
        env={**os.environ, **ours, **environment},
        check=False,
        capture_output=True,
    )


def read(name: str, record: Path) -> Record:
    """The record of a mistake's check; raises RuntimeError where it did not come to its end."""
    told = Record.read(record)
    if not told.finished or told.errors or told.unreachable:
        raise RuntimeError(f"{name}: {told.errors} {told.unreachable}")
    return told


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what the tests of the run have asked."""
    run = session.config.pluginmanager.get_plugin("nnspec-run")
    assert isinstance(run, Run)
    Path(os.environ[TRANSCRIPTS]).write_bytes(pickle.dumps(run.transcripts))
