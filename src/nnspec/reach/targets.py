"""TARGET: the name of an implementation on the command line, and how to get hold of what it names."""

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
    """Raise WrongUse where TARGET names nothing, without importing it."""
    place, _ = split(target)
    if place.endswith(".py"):
        if not Path(place).is_file():
            raise WrongUse(f"There is no file {place!r}. TARGET is a path relative to where you are now.")
        return
    try:
        found = importlib.util.find_spec(place) is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        close = difflib.get_close_matches(place, BUNDLED, n=1)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise WrongUse(
            f"TARGET {target!r} is no bundled implementation ({', '.join(BUNDLED)}), no Python file "
            f"(such as adapter.py) and no module that can be imported from here.{meant}"
        )


def split(target: str) -> tuple[str, str]:
    """The file or module, and the object in it (empty for the module itself)."""
    target = BUNDLED.get(target, target)
    place, colon, name = target.rpartition(":")
    if not colon or (len(place) == 1 and name.startswith(("\\", "/"))):  # C:\… is a drive, not an object
        return target, ""
    return place, name


def load(target: str) -> Any:
    """Import what TARGET names; a class is called to make an object of it."""
    place, name = split(target)
    found = _import_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    for part in filter(None, name.split(".")):
        if not hasattr(found, part):
            public = [known for known in vars(found) if not known.startswith("_")]
            close = difflib.get_close_matches(part, public, n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise WrongUse(f"{place} has no {part!r}, which {target!r} asks for.{meant}")
        found = getattr(found, part)
    return found() if isinstance(found, type) else found


def _import_file(path: Path) -> Any:
    """Import a file under its own name, with its folder on the path for what it imports itself."""
    path = path.resolve()
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise WrongUse(f"{path} cannot be imported as Python.")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return module
