"""A pytest plugin that holds the mistakes that ``--mistakes`` names to the tests of the clause that each of them names.

A process for every mistake would spend its time on starting. Here they share one: a test of the specification has
the mistake for a parameter, which takes the place of the implementation under test. Once a test has refused a
mistake, the others pass it over.
"""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess
from nnspec.report.record import FAILED
from nnspec.suite import order
from nnspec.suite.plan import case_of
from nnspec.suite.run import Run

#: Begins the parameter in the name of a test.
MARK = "mistake="


def pytest_addoption(parser):
    parser.addoption("--mistakes", default="", metavar="NAMES")


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    """Come after the fixtures of nnspec, to stand before them."""
    config.pluginmanager.register(Fixtures(), "mistaken-fixtures")


class Fixtures:
    """What differs from a run on one implementation."""

    @pytest.fixture(scope="session")
    def mistake(self, request):
        return request.param

    @pytest.fixture(scope="session")
    def subject(self, mistake):
        return Subject(InProcess(mistake(), mistake.__name__))

    @pytest.fixture
    def random(self, request):
        """The numbers that the test has without the parameter."""
        case, _ = parted(case_of(request.node))
        return np.random.default_rng([0, zlib.crc32(case.encode())])


def parted(case: str) -> tuple[str, str]:
    """The case as it is named without the parameter, and the mistake's name."""
    test, _, told = case.partition("[")
    parts = told.removesuffix("]").split("-")
    (mistake,) = (part for part in parts if part.startswith(MARK))
    others = "-".join(part for part in parts if part != mistake)
    return (f"{test}[{others}]" if others else test), mistake.removeprefix(MARK)


def pytest_generate_tests(metafunc):
    """Each test once for every mistake that names its clause."""
    if "mistake" in metafunc.fixturenames:
        selected = metafunc.config.getoption("mistakes").split(",")
        named = [getattr(mistakes, name) for name in selected]
        here = [mistake for mistake in named if mistake.clause == metafunc.cls.clause.id]
        names = [MARK + mistake.__name__ for mistake in here]
        metafunc.parametrize("mistake", here, ids=names, indirect=True, scope="session")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """One mistake after the other, the cheapest and most discriminating case first."""
    yield
    items[:] = [item for item in items if MARK in item.name]
    items.sort(key=lambda item: order.place(parted(case_of(item))[0]))
    items.sort(key=lambda item: parted(case_of(item))[1])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Pass over a mistake that has been refused."""
    run = item.config.pluginmanager.get_plugin("nnspec-run")
    assert isinstance(run, Run)
    of = parted(case_of(item))[1]
    if of in {parted(case)[1] for case, result in run.results.items() if result.outcome == FAILED}:
        raise Unsupported("another test has refused this mistake")
