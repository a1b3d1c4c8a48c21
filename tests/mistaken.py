"""A pytest plugin that runs each mistake of ``--mistakes`` through the tests of the clause that it breaks.

A process for every mistake would take most of the time to start. Here all mistakes share one process: each test of the
specification has the mistake as a parameter, and it stands in for the implementation under test. Once a test has
refused a mistake, no other test runs it.
"""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from nnspec import mistakes
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.report.record import FAILED
from nnspec.suite import order
from nnspec.suite.plan import case_of
from nnspec.suite.run import Run

#: The start of the parameter in the name of a test.
MARK = "mistake="


def pytest_addoption(parser):
    parser.addoption("--mistakes", default="", metavar="NAMES")


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Put the fixtures that differ in the place of nnspec's."""
    config.pluginmanager.get_plugin("nnspec-fixtures").given.update(FIXTURES)


@pytest.fixture(scope="session")
def mistake(request):
    return request.param


@pytest.fixture(scope="session")
def subject(mistake):
    return Subject(InProcess(mistake(), mistake.__name__))


@pytest.fixture
def random(request):
    """The random numbers that the test has without the parameter."""
    case, _ = split_case(case_of(request.node))
    return np.random.default_rng([0, zlib.crc32(case.encode())])


#: The fixtures that differ from a run on one implementation.
FIXTURES = {"mistake": mistake, "subject": subject, "random": random}


def split_case(case: str) -> tuple[str, str]:
    """The name of the case without the parameter, and the name of the mistake."""
    test, _, parameters = case.partition("[")
    parts = parameters.removesuffix("]").split("-")
    (mistake,) = (part for part in parts if part.startswith(MARK))
    others = "-".join(part for part in parts if part != mistake)
    return (f"{test}[{others}]" if others else test), mistake.removeprefix(MARK)


def pytest_generate_tests(metafunc):
    """Parametrize each test with the mistakes that break its clause."""
    if "mistake" in metafunc.fixturenames:
        selected = metafunc.config.getoption("mistakes").split(",")
        chosen = [getattr(mistakes, name) for name in selected]
        relevant = [mistake for mistake in chosen if mistake.clause == metafunc.cls.clause.id]
        names = [MARK + mistake.__name__ for mistake in relevant]
        metafunc.parametrize("mistake", relevant, ids=names, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Sort by mistake, and within a mistake the cheapest and most discriminating case first."""
    yield
    items[:] = [item for item in items if MARK in item.name]
    items.sort(key=lambda item: order.place(split_case(case_of(item))[0]))
    items.sort(key=lambda item: split_case(case_of(item))[1])


#: The mistakes that a test has refused.
REFUSED = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    """Run no further test of a mistake that has been refused."""
    if split_case(case_of(item))[1] not in REFUSED:
        return None
    item.session._setupstate.teardown_exact(nextitem)  # what this class shares
    return True


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """Note whether it has been refused."""
    run, case = item.config.pluginmanager.get_plugin("nnspec-run"), case_of(item)
    assert isinstance(run, Run)
    if case in run.results and run.results[case].outcome == FAILED:
        REFUSED.add(split_case(case)[1])
