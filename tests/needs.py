"""What a test needs that some machines lack: there it is skipped, and says so."""

from __future__ import annotations

import shutil
import sys

import pytest

#: Signals, sessions and fork.
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals, sessions and fork are POSIX's")
#: Another process's memory, bounded and shown.
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds and shows another's process")
#: Runs in quadruple precision, which make golden traces; reading them needs nothing.
quadruple = pytest.mark.skipif(sys.version_info < (3, 11), reason="numpy-quaddtype needs Python 3.11")


def program(name: str) -> pytest.MarkDecorator:
    """A compiler or an interpreter of another language; without it the other languages are still tried."""
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"there is no {name} here")
