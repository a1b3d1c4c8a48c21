"""The mistakes that the specification's tests refuse through a part of the contract. Also a pytest plugin.

All mistakes share one process: each test is run for one mistake after the other, without pytest's reports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from partial_programs import Part, Partial, part_named

from nnspec import mistakes
from nnspec.contract.errors import OutsideDocument, Unsupported
from nnspec.documents.clauses import MUST
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.runs.traces import Traces
from nnspec.suite.plan import case_of, clause_of

#: The environment variable that tells the plugin what to do, as JSON.
TASK = "PARTIAL_POWER"
PROGRAMS = Path(__file__).parent / "partial_programs.py"
#: The program without a mistake.
NONE = "Mistake"


@dataclass(frozen=True)
class Refusals:
    """cases: the cases that apply to the part; first: for each mistake that is refused, the first case that does."""

    cases: list[str]
    first: Mapping[str, str]


def refusals(part: Part, names: Iterable[str], among: Sequence[str] | None = None) -> Refusals:
    """The first case of level MUST that refuses each of these mistakes through a part.

    among: the cases that are tried, in order; None for all, the cheapest first.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "refusals.json"
        task = {"part": part.name, "names": [*names], "among": among, "path": str(path)}
        plugins = [
            "-p",
            "nnspec.suite.pytest_plugin",
            "-p",
            Path(__file__).stem,
            "--pyargs",
            "nnspec.spec_tests",
        ]
        isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--tb=no", "-q"]
        program = f"{PROGRAMS}:references.{part.identifier}"
        target = [f"--nnspec-implementation={program}", "--nnspec-in-process"]
        target += [f"--nnspec-document={part.document}"] if part.document else []
        environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(Path(__file__).parent)}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *isolated, *plugins, *target],
            env={**os.environ, **environment, TASK: json.dumps(task)},
            check=False,
            capture_output=True,
            text=True,
        )
        if not path.exists():
            raise RuntimeError(f"{part.name}: the tests did not run:\n{done.stdout}{done.stderr}")
        return Refusals(**json.loads(path.read_text(encoding="utf-8")))


class Programs:
    """The fixtures, for the program that is being tried, and the loop over the programs."""

    def __init__(self, task: Mapping[str, Any]) -> None:
        """task: the arguments of ``refusals``."""
        self.task, self.part = task, part_named(task["part"])
        self.program: Any = None

    @pytest.fixture(scope="session")
    def subject(self) -> Subject:
        """The program under test."""
        return Subject(InProcess(Partial(self.program, self.part), self.part.name), scope=self.part.scope)

    @pytest.fixture(scope="session")
    def traces(self, subject: Subject) -> Traces:
        """Its whole runs."""
        return Traces(subject)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try the reference, then each mistake by the tests that apply to the part."""
        warnings.simplefilter("ignore")  # numbers overflow in some programs
        items = [item for item in session.items if level(item) == MUST]
        if (among := self.task["among"]) is not None:
            places = {case: place for place, case in enumerate(among)}
            items = [item for item in items if case_of(item) in places]
        seconds: dict[str, float] = {}
        for item in items:
            started = time.perf_counter()
            passed = self.passes(item, NONE)
            if passed is False:
                raise RuntimeError(f"{case_of(item)} refuses the reference through {self.part.name}")
            if passed:
                seconds[case_of(item)] = time.perf_counter() - started
        items = [item for item in items if case_of(item) in seconds]
        if among is None:
            items.sort(key=lambda item: (needs_whole_run(item), seconds[case_of(item)]))
        else:
            items.sort(key=lambda item: places[case_of(item)])
        first = {name: self.first_refusing(items, name) for name in self.task["names"]}
        refused = {name: case for name, case in first.items() if case}
        content = {"cases": [*seconds], "first": refused}
        Path(self.task["path"]).write_text(json.dumps(content), encoding="utf-8")
        return True

    def first_refusing(self, items: list[pytest.Item], name: str) -> str | None:
        """The first of these cases that refuses this mistake."""
        return next((case_of(item) for item in items if self.passes(item, name) is False), None)

    def passes(self, item: Any, name: str) -> bool | None:
        """Whether a test passes for this program; None if the program does not support the case."""
        state = item.session._setupstate
        if type(self.program).__name__ != name:
            state.teardown_exact(None)
            self.program = getattr(mistakes, name)()
        item._initrequest()
        try:
            state.setup(item)
            item.runtest()
        except (Unsupported, OutsideDocument):
            return None
        except Exception as error:  # a mistake may raise anything: that is no pass
            if isinstance(error, RuntimeError) and "a bug in nnspec" in str(error):
                raise
            return False
        finally:
            state.teardown_exact(item.session)
        return True


def level(item: pytest.Item) -> str:
    """The level of a test's clause."""
    found = clause_of(item)
    return found.level if found else ""


def needs_whole_run(item: pytest.Item) -> bool:
    """Whether a test looks at a whole run, whose time is counted with the first such test alone."""
    return "traces" in getattr(item, "fixturenames", [])


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the fixtures that differ in the place of nnspec's."""
    if TASK in os.environ:
        programs = Programs(json.loads(os.environ[TASK]))
        config.pluginmanager.register(programs, "partial-programs")
        given = config.pluginmanager.get_plugin("nnspec-fixtures").given
        given.update({"subject": programs.subject, "traces": programs.traces})
