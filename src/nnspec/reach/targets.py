"""TARGET, the name of an implementation on the command line, and how to import it."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from nnspec.contract.errors import WrongUse
from nnspec.reach import isolation

#: Implementations that come with nnspec, by name.
BUNDLED = {"reference": "nnspec.reference:Reference"}


def check(target: str) -> None:
    """Raise WrongUse if TARGET names a file that does not exist, or nothing at all; looks for no module."""
    place, _ = split(target)
    if place.endswith(".py"):
        if not _is_file(place):
            raise WrongUse(f"There is no file {place!r}. TARGET is a path relative to the current directory.")
    elif not all(part.isidentifier() for part in place.split(".")):
        raise WrongUse(_nothing_named(target))


def _is_file(path: str) -> bool:
    """Whether there is such a file, and this user may know."""
    try:
        return Path(path).is_file()
    except OSError:  # too long a name, or a folder that is somebody else's
        return False


def _nothing_named(target: str) -> str:
    """What to say about a TARGET that is neither a bundled implementation nor a module."""
    close = difflib.get_close_matches(split(target)[0], BUNDLED, n=1)
    suggestion = f" Did you mean {close[0]!r}?" if close else ""
    return (
        f"There is no implementation named {target!r}.{suggestion} TARGET is a Python file (adapter.py), a module "
        f"that can be imported from here, or a bundled implementation ({', '.join(BUNDLED)})."
    )


def split(target: str) -> tuple[str, str]:
    """The file or module, and the object in it (empty for the module itself)."""
    target = BUNDLED.get(target, target)
    place, colon, name = target.rpartition(":")
    if not colon or (len(place) == 1 and name.startswith(("\\", "/"))):  # C:\… is a drive, not an object
        return target, ""
    return place, name


def folder(target: str) -> Path:
    """The folder that TARGET's own imports come from: the file's, or the current one for a module."""
    place, _ = split(target)
    try:
        return Path(place).resolve().parent if place.endswith(".py") else Path.cwd()
    except FileNotFoundError:
        raise WrongUse("The current folder does not exist any more: go to another one.") from None


def load(target: str) -> Any:
    """The object that TARGET names, imported; a class is instantiated. Raises WrongUse if there is none.

    From now on, its folder is the first on the path, and the current folder the last.
    """
    place, name = split(target)
    users = [entry for entry in isolation.python_path() if entry not in sys.path]
    sys.path[:] = [str(folder(target)), *users, *sys.path, str(Path.cwd())]
    value = _import_file(Path(place)) if place.endswith(".py") else _import_module(place, target)
    for part in filter(None, name.split(".")):
        if not hasattr(value, part):
            public = [known for known in dir(value) if not known.startswith("_")]
            close = difflib.get_close_matches(part, public, n=1)
            suggestion = f" Did you mean {close[0]!r}?" if close else ""
            raise WrongUse(f"TARGET {target!r}: {place} has no {part!r}.{suggestion}")
        value = getattr(value, part)
    return value() if isinstance(value, type) else value


def _import_module(name: str, target: str) -> Any:
    """Import a module; one in the current folder may have the name of one that nnspec has imported."""
    file = Path(f"{name}.py")
    if name in sys.modules and file.is_file():
        return _import_file(file)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise WrongUse(_nothing_named(target)) from None
        raise  # a module that it imports


def _import_file(path: Path) -> Any:
    """Import a file under its own name, or under another one if a module has that name already."""
    name = path.stem if path.stem not in sys.modules else f"{path.stem} ({path.resolve()})"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise WrongUse(f"{path} is not a Python file that can be imported.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
