"""Tiny implementations, most of which misbehave, and the targets and commands that run them.

None of them imports nnspec, except the reference in single precision and of one shape.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def target(name):
    """The TARGET of a miniature in Python: a module, or module:Class."""
    module, colon, part = name.partition(":")
    return f"{FOLDER / module}.py{colon}{part}"


def program(name, *words):
    """The COMMAND of a miniature that speaks the protocol itself."""
    return [sys.executable, str(FOLDER / "programs" / f"{name}.py"), *map(str, words)]


def worker(place):
    """The command that serves an implementation in Python."""
    return [sys.executable, "-m", "nnspec.reach.worker", str(place)]


def miniature(name):
    """The command that serves a miniature in Python: a module, or module:Class."""
    return worker(target(name))
