"""What is said of an exception of nnspec's own: one line, unless somebody asks for the traceback."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

#: The environment variable that asks for tracebacks.
TRACEBACK = "NNSPEC_TRACEBACK"
#: The longest text of an exception that is shown.
_LONGEST = 300


def describe(error: BaseException) -> str:
    """``KeyError: 'x' (in file.py, line 12)``, in one line."""
    text = " ".join("".join(traceback.format_exception_only(type(error), error)).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{text} (in {Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else text


def details(error: BaseException) -> str:
    """The traceback if the environment asks for it, or the line that describes the error."""
    return "".join(traceback.format_exception(error)) if is_asked_for() else describe(error)


def is_asked_for() -> bool:
    """Whether tracebacks are shown."""
    return bool(os.environ.get(TRACEBACK))
