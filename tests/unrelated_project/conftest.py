"""Options and fixtures whose names somebody else may have too."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=0)
    parser.addoption("--quick", action="store_true")
    parser.addoption("--select", default="")
    parser.addoption("--document", default="")
    parser.addoption("--budget", type=float, default=0.0)
    parser.addini("implementation", "what is tested")


@pytest.fixture
def random(request):
    return request.config.getoption("--seed")


@pytest.fixture
def subject():
    return "a letter"


@pytest.fixture
def traces():
    return ["footprints"]


@pytest.fixture
def exact():
    return True


@pytest.fixture
def objective():
    return "to arrive"


@pytest.fixture(scope="session")
def run():
    return "a mile"
