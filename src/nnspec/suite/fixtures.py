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
from nnspec.contract.operations import PRECISIONS
from nnspec.contract.support import ACTIVATIONS, METHODS, REDUCTIONS, Support
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.judging import cases, ranges
from nnspec.judging.laws import assert_law as assert_subject_keeps
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.judging.subject import assert_right as assert_subject_right
from nnspec.judging.subject import assert_right_twice as assert_subject_right_twice
from nnspec.reference.values import Objective, Optimizer
from nnspec.runs.traces import RunResult, Traces
from nnspec.suite.plan import case_of
from nnspec.suite.run import Run

FIXTURES = (
    *("run", "subject", "exact", "assert_right", "assert_right_twice", "assert_law", "traces"),
    *("support", "activation", "objective", "objective_like", "optimizer", "usual"),
    *("shape", "sizes", "sizes_like", "classes_like", "problem_to_train", "to_train", "random"),
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
    precision = subject.description.precision
    return Exact(Precision(precision if precision in PRECISIONS else PRECISIONS[0]))


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
    return Subject(run.transport, run.add_call, run.scope, run.opening.check)


@lru_cache(maxsize=1)
def _traces(run: Run, subject: Subject) -> Traces:

    def made_ahead(experiment: str) -> RunResult | None:
        subject.check("train", EXPERIMENTS[experiment].training(1))
        return run.ahead.result(experiment) if run.ahead else None

    return Traces(subject, made_ahead)


@pytest.fixture(scope="session")
def support(run: Run) -> Support:
    """The cases to ask for: what the subject supports and, under --document, the document's programs do."""
    return run.support


@pytest.fixture(scope="session")
def activation(support: Support) -> str:
    """An activation that is supported, for clauses that hold for any."""
    return next(iter(support.activations), ACTIVATIONS[0])


@pytest.fixture(scope="session")
def objective(support: Support) -> Objective:
    """An objective that is supported, without a penalty."""
    return cases.objective(next(iter(support.reductions), REDUCTIONS[0]))


@pytest.fixture(scope="session")
def objective_like(support: Support) -> Callable[..., Objective]:
    """An objective with this reduction if that is supported, otherwise with another: objective_like("sum", 0.3)."""
    return partial(cases.objective_for, support)


@pytest.fixture(scope="session")
def optimizer(support: Support) -> Optimizer:
    """An optimizer that is supported, without a schedule."""
    return cases.optimizer(next(iter(support.methods), METHODS[0]))


@pytest.fixture(scope="session")
def usual(activation: str, objective: Objective, optimizer: Optimizer) -> dict[str, Any]:
    """Activation, objective and optimizer, as ``cases.call`` takes them."""
    return {"activation": activation, "objective": objective, "optimizer": optimizer}


@pytest.fixture
def shape(request: pytest.FixtureRequest, support: Support) -> tuple[int, int]:
    """The test's shape of scores (N, K), with a number of classes that is supported."""
    examples, classes = request.param
    return examples, cases.classes_for(support, classes)


@pytest.fixture
def sizes(request: pytest.FixtureRequest, support: Support) -> tuple[int, ...]:
    """(3, 5, 4), with a number of layers and of classes that is supported; or the test's sizes, with such classes."""
    if like := getattr(request, "param", None):
        marks = request.node.iter_markers("parametrize")
        return cases.sizes_among(
            support, like, next(mark.args[1] for mark in marks if mark.args[0] == "sizes")
        )
    return cases.sizes_for(support)


@pytest.fixture(scope="session")
def sizes_like(support: Support) -> Callable[..., tuple[int, ...]]:
    """Sizes like these, with a number of layers and of classes that is supported: sizes_like(2, 20, hidden=1)."""
    return lambda *like, hidden=0: cases.sizes_for(support, like, hidden)


@pytest.fixture(scope="session")
def classes_like(support: Support) -> Callable[[int], int]:
    """A number of classes like this one that is supported: classes_like(20)."""
    return partial(cases.classes_for, support)


@pytest.fixture(scope="session")
def problem_to_train(run: Run) -> Callable[..., dict[str, Any]]:
    """A problem to train on, as ``cases.problem`` draws it; with biases of 0 if the document starts from those."""

    def problem(*arguments: Any, **named: Any) -> dict[str, Any]:
        drawn = cases.problem(*arguments, **named)
        if run.scope and run.scope.biases_from_0:
            drawn["network"] = cases.without_biases(drawn["network"])
        return drawn

    return problem


@pytest.fixture(scope="session")
def to_train(run: Run) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A problem to train on: an equal one with biases of 0 if the document starts from those."""
    from_0 = run.scope is not None and run.scope.biases_from_0
    return ranges.with_biases_as_weights if from_0 else lambda problem: problem


@pytest.fixture
def random(run: Run, request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers for this test: the same in every run with the same --seed."""
    return drawn(run.options.seed, case_of(request.node))


def drawn(seed: int, case: str) -> np.random.Generator:
    """The random numbers of a case for a seed."""
    return np.random.default_rng([seed, zlib.crc32(case.encode())])
