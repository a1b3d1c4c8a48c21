"""Long runs are made ahead, and nothing depends on it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from nnspec.contract.errors import Crashed, Unreachable
from nnspec.documents.experiments import CIRCLES_MOMENTUM
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.traces import Trace, Traces
from nnspec.suite import ahead
from nnspec.suite.ahead import Ahead

NAME = CIRCLES_MOMENTUM.name


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(ahead, "cores", lambda: 2)


class Waiting(InProcess):
    """Answers nothing until it is closed."""

    def __init__(self):
        super().__init__(Reference(), "reference")
        self.closed = threading.Event()

    def call(self, *_call):
        self.closed.wait(20)
        raise Crashed("it was closed")

    def close(self):
        self.closed.set()


def reference():
    return InProcess(Reference(), "reference")


def nobody():
    raise Unreachable("nobody is there")


def test_a_run_that_is_made_ahead_is_the_run():
    made = Ahead(reference, [NAME]).result(NAME)

    assert isinstance(made, Trace)
    np.testing.assert_array_equal(made.losses, Reference().train(**CIRCLES_MOMENTUM.training())["losses"])


def test_other_runs_are_made_when_they_are_needed():
    assert Ahead(reference, []).result(NAME) is None


def test_without_a_second_process_runs_are_made_when_they_are_needed():
    assert Ahead(nobody, [NAME]).result(NAME) is None


def test_on_one_core_nothing_is_made_ahead(monkeypatch):
    monkeypatch.setattr(ahead, "cores", lambda: 1)

    assert Ahead(reference, [NAME]).result(NAME) is None


def test_an_error_of_a_run_made_ahead_is_raised_when_the_run_is_needed():
    transport = Waiting()
    transport.close()

    with pytest.raises(Crashed, match="it was closed"):
        Traces(None, Ahead(lambda: transport, [NAME]).result).of(CIRCLES_MOMENTUM)


def test_closing_ends_an_unfinished_run():
    transport = Waiting()
    runs = Ahead(lambda: transport, [NAME, "moons-tanh"])
    while runs._transport is None:
        pass

    runs.close()

    assert transport.closed.is_set()
