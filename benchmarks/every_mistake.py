"""Checks of every mistake of the catalogue against a few clauses, in one process. A pytest plugin, too."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from checks import read_record, run

from nnspec.mistakes import catalogue
from nnspec.report.record import Record
from nnspec.suite.plan import case_of

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from mistaken import FIXTURES, MARK, split_case  # noqa: E402 (tests/ is on the path only now)

#: Tells the plugin which clauses.
CLAUSES = "CLAUSES"


def check(clauses: Iterable[str]) -> Record:
    """The record of these clauses' tests, each with every mistake; ``split_case`` separates the two names."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.jsonl"
        selected = [f"--nnspec-select={clause}" for clause in clauses]
        # Mistake itself is the program without a mistake; the fixtures put another in its place.
        run("Mistake", path, Path(__file__).stem, {CLAUSES: " ".join(clauses)}, selected)
        return read_record("the catalogue", path)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the fixtures that differ in the place of nnspec's."""
    config.pluginmanager.get_plugin("nnspec-fixtures").given.update(FIXTURES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test of the clauses once for every mistake."""
    if "mistake" in metafunc.fixturenames:
        asked = metafunc.cls.clause.id in os.environ[CLAUSES].split()
        tried = catalogue() if asked else []
        names = [MARK + mistake.__name__ for mistake in tried]
        metafunc.parametrize("mistake", tried, ids=names, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]):
    """One mistake after the other, so that a run which several tests look at is made once."""
    yield
    items[:] = [item for item in items if MARK in item.name]
    items.sort(key=lambda item: split_case(case_of(item))[1])
