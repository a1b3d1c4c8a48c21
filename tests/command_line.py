"""Helpers that run the command line and look at what it prints."""

from __future__ import annotations

import os
import subprocess
import sys


def nnspec(*words, command=(sys.executable, "-m", "nnspec"), **options):
    """Run the command line in 80 columns; ``options`` go to subprocess.run, ``environment`` adds to os.environ."""
    environment = {**os.environ, "COLUMNS": "80", **options.pop("environment", {})}
    return subprocess.run(
        [*command, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        check=False,
        **options,
    )


def one_line(text):
    """Text without its line breaks, which depend on the width."""
    return " ".join(text.split())


def assert_wrong_use(run, *, help_with):
    """The status is 2, and stderr says how to fix the call; nothing else is printed."""
    assert run.returncode == 2, run
    assert help_with in one_line(run.stderr)
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
