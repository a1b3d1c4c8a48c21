"""Marks for tests that need what some machines lack; such tests are skipped with a reason."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

#: Signals, sessions and fork.
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, sessions and fork are POSIX's")
#: Another process's memory, limited and read.
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux limits and shows another process's memory"
)
#: Runs in quadruple precision, which golden traces are made from. Reading the traces needs nothing.
quadruple = pytest.mark.skipif(sys.version_info < (3, 11), reason="numpy-quaddtype needs Python 3.11")


#: The list of the files that belong to the project.
checkout = pytest.mark.skipif(
    not (Path(__file__).parents[1] / ".git").exists() or shutil.which("git") is None,
    reason="only git knows which files belong to the project",
)


def program(name: str) -> pytest.MarkDecorator:
    """A compiler or an interpreter of another language; the other languages are tested without it."""
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"{name} is not installed")
