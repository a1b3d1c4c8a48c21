"""TARGET, the name of an implementation on the command line, and how to import it."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from nnspec.contract.errors import WrongUse

#: Implementations that come with nnspec, by name.
BUNDLED = {"reference": "nnspec.reference:Reference"}


def check(target: str) -> None:
    """Raise WrongUse if TARGET names nothing; imports nothing."""
    place, _ = split(target)
    if place.endswith(".py"):
        if not Path(place).is_file():
            raise WrongUse(f"There is no file {place!r}. TARGET is a path relative to the current directory.")
        return
    try:
        exists = importlib.util.find_spec(place) is not None
    except (ImportError, ValueError):
        exists = False
    if not exists:
        close = difflib.get_close_matches(place, BUNDLED, n=1)
        suggestion = f" Did you mean {close[0]!r}?" if close else ""
        raise WrongUse(
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


def load(target: str) -> Any:
    """The object that TARGET names, imported; a class is instantiated."""
    place, name = split(target)
    value = _import_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    for part in filter(None, name.split(".")):
        if not hasattr(value, part):
            public = [known for known in vars(value) if not known.startswith("_")]
            close = difflib.get_close_matches(part, public, n=1)
            suggestion = f" Did you mean {close[0]!r}?" if close else ""
            raise WrongUse(f"TARGET {target!r}: {place} has no {part!r}.{suggestion}")
        value = getattr(value, part)
    return value() if isinstance(value, type) else value


def _import_file(path: Path) -> Any:
    """Import a file under its own name, with its folder on the path for its own imports."""
    path = path.resolve()
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise WrongUse(f"{path} is not a Python file that can be imported.")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return module
