"""The fixtures of the specification's tests.

Each module of the specification gets them as its own, so a conftest.py that has fixtures of the same names neither
changes them nor is changed by them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnspec import spec_tests
from nnspec.contract.support import ACTIVATIONS, METHODS, REDUCTIONS
from nnspec.judging import cases
from nnspec.judging.laws import assert_law as assert_subject_keeps
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.subject import assert_right as assert_subject_right
from nnspec.judging.subject import assert_right_twice as assert_subject_right_twice
from nnspec.reference.values import Objective, Optimizer
from nnspec.runs.traces import Traces
from nnspec.suite.plan import case_of
from nnspec.suite.run import Run

FIXTURES = (
    *("run", "subject", "exact", "assert_right", "assert_right_twice", "assert_law", "traces"),
    *("activation", "objective", "optimizer", "usual", "random"),
)


class Fixtures:
    """The pytest plugin that gives them to the specification's modules; ``given`` has them by name."""

    def __init__(self) -> None:
        """Another plugin may put others in their place."""
        self.given: dict[str, Any] = {name: globals()[name] for name in FIXTURES}

    @pytest.hookimpl(wrapper=True)
    def pytest_pycollect_makemodule(self, module_path: Path) -> Generator[None, pytest.Module, pytest.Module]:
        """Add the fixtures to a module of the specification."""
        module = yield
        if module_path.parent == Path(spec_tests.__file__).parent:
            for name, fixture in self.given.items():
                setattr(module.obj, name, fixture)
        return module


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The current run."""
    found = request.config.pluginmanager.get_plugin("nnspec-run")
    assert isinstance(found, Run)
    return found


@pytest.fixture(scope="session")
def subject(run: Run) -> Subject:
    """The implementation under test."""
    return _subject(run)


@pytest.fixture(scope="session")
def exact(subject: Subject) -> Exact:
    """The reference in exact arithmetic, with the tolerances of the subject's precision."""
    return Exact(Precision(subject.description.precision))


@pytest.fixture(scope="session")
def assert_right(subject: Subject, exact: Exact) -> Callable[..., Any]:
    """Calls the subject and the exact reference, and compares: assert_right("loss", network=…)."""
    return partial(assert_subject_right, subject, exact)


@pytest.fixture(scope="session")
def assert_right_twice(subject: Subject, exact: Exact) -> Callable[..., None]:
    """Compares twice, with another call between: assert_right_twice("loss", params, between)."""
    return partial(assert_subject_right_twice, subject, exact)


@pytest.fixture(scope="session")
def assert_law(subject: Subject, exact: Exact) -> Callable[..., None]:
    """An expression over operations has its value, 0 unless another is stated: assert_law(law, what, value)."""
    return partial(assert_subject_keeps, subject, exact)


@pytest.fixture(scope="session")
def traces(run: Run, subject: Subject) -> Traces:
    """Whole training runs of the subject, each run once."""
    return _traces(run, subject)


# Each module has fixtures of its own, and all of them the same subject and the same training runs.
@lru_cache(maxsize=1)
def _subject(run: Run) -> Subject:
    assert run.transport is not None
    return Subject(run.transport, run.transcripts.add)


@lru_cache(maxsize=1)
def _traces(run: Run, subject: Subject) -> Traces:
    return Traces(subject, run.ahead.result if run.ahead else lambda _: None)


@pytest.fixture(scope="session")
def activation(subject: Subject) -> str:
    """An activation that the subject supports, for clauses that hold for any."""
    return next(iter(subject.description.support.activations), ACTIVATIONS[0])


@pytest.fixture(scope="session")
def objective(subject: Subject) -> Objective:
    """An objective that the subject supports, without a penalty."""
    return cases.objective(next(iter(subject.description.support.reductions), REDUCTIONS[0]))


@pytest.fixture(scope="session")
def optimizer(subject: Subject) -> Optimizer:
    """An optimizer that the subject supports."""
    return cases.optimizer(next(iter(subject.description.support.methods), METHODS[0]))


@pytest.fixture(scope="session")
def usual(activation: str, objective: Objective, optimizer: Optimizer) -> dict[str, Any]:
    """Activation, objective and optimizer, as ``cases.call`` takes them."""
    return {"activation": activation, "objective": objective, "optimizer": optimizer}


@pytest.fixture
def random(run: Run, request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers for this test: the same in every run with the same --seed."""
    return drawn(run.options.seed, case_of(request.node))


def drawn(seed: int, case: str) -> np.random.Generator:
    """The random numbers of a case for a seed."""
    return np.random.default_rng([seed, zlib.crc32(case.encode())])
