"""Python processes of nnspec's that import nothing from the current folder, or from the one that is checked.

This module imports nothing from a path that is not safe yet, not even ``__future__``.
"""

import os
import sys
from _frozen_importlib_external import PathFinder

#: What nnspec imports. Where PYTHONPATH alone has one of these, its folders stay on the path, as the last ones.
NEEDED = ("click", "numpy", "pytest", "rich")
#: The folder that holds the package nnspec.
HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 (pathlib comes later)
_BOOT = "import os, sys; sys.path[:] = sys.argv.pop(1).split(os.pathsep); from {} import main; main()"


def command(module: str, path: list[str], *words: str) -> list[str]:
    """A process that runs main() of one of nnspec's modules with these words; it imports from ``path`` alone.

    Python's own variables and start-up files do not count: -I, because Python 3.10 has no -P.
    """
    return [sys.executable, "-I", "-c", _BOOT.format(module), os.pathsep.join(path), *words]


def safe_path(folder: str = "") -> list[str]:
    """sys.path without the current folder, ``folder``, and what PYTHONPATH adds to it and nnspec does not need."""
    unsafe = {_real(""), _real(folder)}
    kept = [entry for entry in sys.path if entry and _real(entry) not in unsafe]
    added = {_real(entry) for entry in python_path()}
    safe = [entry for entry in kept if _real(entry) not in added]
    if not all(PathFinder.find_spec(name, safe) for name in NEEDED):
        safe += [entry for entry in kept if entry not in safe]
    return safe if HOME in safe else [*safe, HOME]


def worker_path(folder: str) -> list[str]:
    """sys.path of a process for a program in ``folder``, before that folder and the current one are added."""
    unsafe = {_real(""), _real(folder)}
    users = [entry for entry in python_path() if _real(entry) not in unsafe]
    return [*users, *(entry for entry in safe_path(folder) if entry not in users)]


def python_path() -> list[str]:
    """The folders in the environment variable PYTHONPATH, in which nothing stands for the current one."""
    folders = os.environ.get("PYTHONPATH", "")
    return [os.path.abspath(entry) for entry in folders.split(os.pathsep)] if folders else []  # noqa: PTH100 (the same)


def _real(entry: str) -> str:
    """A folder without links; a folder that was removed stays as it is."""
    try:
        return os.path.realpath(entry)
    except OSError:
        return entry
