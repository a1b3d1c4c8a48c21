"""Checks of mistakes, kept: how the tests of the specification ended, and what they asked. A pytest plugin, too."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from nnspec.diagnosis.transcript import Transcripts
from nnspec.record import Record
from nnspec.run import Run

#: Tells the plugin where to write what was asked.
TRANSCRIPTS = "TRANSCRIPTS"


def checked(name: str, folder: Path, *, quick: bool = False) -> tuple[Record, Transcripts]:
    """The check of the mistake of this name against the specification, or its quick tests; made once, then read."""
    stem = folder / f"{name}{'-quick' if quick else ''}"
    record, asked = stem.with_suffix(".jsonl"), stem.with_suffix(".pickle")
    if not asked.exists():
        folder.mkdir(parents=True, exist_ok=True)
        plugins = ["-p", "nnspec.pytest_plugin", "-p", Path(__file__).stem, "--pyargs", "nnspec.spec_tests"]
        target = [
            "--implementation",
            f"nnspec.mistakes:{name}",
            "--in-process",
            "--nnspec-record",
            str(record),
        ]
        isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--tb=no", "-q"]
        environment = {
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(Path(__file__).parent),
            TRANSCRIPTS: str(asked),
        }
        words = [*isolated, *plugins, *target, *(["--quick"] if quick else [])]
        subprocess.run(
            [sys.executable, "-m", "pytest", *words], env=environment, check=False, capture_output=True
        )
    told = Record.read(record)
    if not told.finished or told.errors or told.unreachable:
        raise RuntimeError(f"{name}: {told.errors} {told.unreachable}")
    transcripts: Transcripts = pickle.loads(asked.read_bytes())
    return told, transcripts


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what the tests of the run have asked."""
    run = session.config.pluginmanager.get_plugin("nnspec-run")
    assert isinstance(run, Run)
    Path(os.environ[TRANSCRIPTS]).write_bytes(pickle.dumps(run.transcripts))
