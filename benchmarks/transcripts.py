"""A pytest plugin that keeps what the tests of the specification have asked: a pickle in the file TRANSCRIPTS."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from nnspec.run import Run


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the transcripts of the run."""
    run = session.config.pluginmanager.get_plugin("nnspec-run")
    assert isinstance(run, Run)
    Path(os.environ["TRANSCRIPTS"]).write_bytes(pickle.dumps(run.transcripts))
