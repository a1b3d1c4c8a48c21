"""The wheel holds what the checkout holds, in one import package."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from importlib import resources
from pathlib import Path

import needs
import pytest
from checkout import ROOT, copy_to, file_names

SOURCE = ROOT / "src" / "nnspec"
ROOMS = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists())
MAPPED = {
    "nnspec": "src/nnspec",
    "nnspec.golden": "golden",
    "nnspec.diagnosis.fits": "src/nnspec/diagnosis/fits",
    "nnspec.mistakes.choices": "src/nnspec/mistakes/choices",
    "nnspec.reference": "reference",
    "nnspec.spec_tests": "spec_tests",
    **{f"nnspec.{room}": f"src/nnspec/{room}" for room in ROOMS},
}


@needs.checkout
def test_the_source_distribution_has_every_file_of_the_checkout(tmp_path):
    copy_to(tmp_path / "checkout")
    build = "from setuptools import build_meta; print(build_meta.build_sdist('..'))"

    made = subprocess.run(
        [sys.executable, "-c", build], cwd=tmp_path / "checkout", capture_output=True, text=True, check=True
    )

    with tarfile.open(tmp_path / made.stdout.split()[-1]) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert set(file_names()) - {".gitignore"} <= packed


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.suffix in {".py", ".json", ".typed", ".html", ".ini"}
    }


@pytest.mark.parametrize(("package", "folder"), MAPPED.items())
def test_a_package_has_the_files_of_its_folder(package, folder):
    installed = files(Path(str(resources.files(package).joinpath(""))))

    assert installed == files(ROOT / folder)


@pytest.mark.parametrize("folder", MAPPED.values())
def test_below_a_folder_there_are_packages_alone(folder):
    below = [path for path in (ROOT / folder).iterdir() if path.is_dir() and path.name != "__pycache__"]

    assert {path.relative_to(ROOT).as_posix() for path in below} <= set(MAPPED.values())


def test_few_modules_stand_outside_the_rooms():
    assert sorted(path.name for path in SOURCE.glob("*.py")) == [
        *("__init__.py", "__main__.py"),
        *("experiments.py", "pytest_plugin.py"),  # public names
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_comes_in_what_goes_out_and_what_it_may_use(room):
    page = (SOURCE / room / "__init__.py").read_text(encoding="utf-8")

    assert all(f"\n{part}: " in page for part in ("In", "Out", "May use"))


@pytest.mark.parametrize(("folder", "foreign"), [("reference", "spec_tests"), ("spec_tests", "reference")])
def test_the_reference_and_the_specification_do_not_import_each_other(folder, foreign):
    imports = [
        line
        for path in (ROOT / folder).glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from ")) and foreign in line and "reference.values" not in line
    ]

    assert imports == []


def test_the_reference_imports_nothing_but_numpy_and_the_standard_library():
    allowed = ("from __future__", "from typing", "import itertools", "import math", "import numpy", "from .")
    imports = [
        line
        for path in (ROOT / "reference").glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    ]

    assert [line for line in imports if not line.startswith(allowed)] == []
