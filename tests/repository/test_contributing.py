"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import needs
import pytest
from checkout import ROOT, copy_to

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
#: A block, after the line that says where it goes, if there is one.
BLOCK = re.compile(r"(?:^(In `[^\n]*:)\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: Ends a command that must fail.
REFUSED = "  # exit status 1"
#: pip must need no network: what nnspec is built with and depends on is here already. (0 turns the isolation off.)
PIP = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}

pytestmark = needs.checkout


class Checkout:
    """A copy of this checkout, and an environment of its own that has what this one has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        copy_to(folder)
        environment = folder / ".venv"
        venv.create(environment, symlinks=True)
        (packages,) = environment.glob("lib/python*/site-packages")
        shared = [path for path in sys.path if Path(path).name in {"site-packages", "dist-packages"}]
        (packages / "shared.pth").write_text("\n".join(shared), encoding="utf-8")
        foreign = ("PYTHON", "PYTEST_", "PIP_", "COV_", "VIRTUAL_ENV")
        ours = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        path = os.pathsep.join([str(environment / "bin"), str(Path(sys.executable).parent), ours["PATH"]])
        self.environment = {**ours, **PIP, "PATH": path, "OPENBLAS_NUM_THREADS": "1"}

    def paste(self, where: str, block: str) -> None:
        """Put a block at the end of the file that is named first, or after the line that has the last of the marks."""
        name, *marks = re.findall(r"`([^`]*)`", where)
        text, place = (self.folder / name).read_text(encoding="utf-8"), 0  # where the next mark is looked for
        for mark in marks:
            assert mark in text[place:], f"{name} has no {mark}"
            place = text.index(mark, place) + len(mark)
        if marks:
            place = text.index("\n", place) + 1
            text = text[:place] + block + text[place:]
        else:
            text += f"\n\n{block}"
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, command: str) -> None:
        """Run a command, which must end as the recipe says."""
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == command.endswith(REFUSED), f"{command}\n{done.stdout}"


def blocks(recipe: str) -> list[tuple[str, str, str]]:
    """Where each block of a recipe goes, what language it has, and its text."""
    section = re.split(r"^##+ ", PAGE.partition(f"\n### {recipe}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return BLOCK.findall(section)


@pytest.mark.parametrize("recipe", ["Add a mistake", "Add a clause", "Add an implementation"])
def test_a_recipe_works_as_it_is_written(recipe, tmp_path):
    checkout = Checkout(tmp_path)
    steps = blocks(recipe)
    assert {bool(where) for where, _, _ in steps} == {True, False}, "it changes files, and runs commands"

    for where, language, text in steps:
        if where:
            checkout.paste(where, text)
        else:
            assert language == "sh", f"the line above this block does not say where it goes:\n{text}"
            for command in text.splitlines():
                checkout.run(command)
