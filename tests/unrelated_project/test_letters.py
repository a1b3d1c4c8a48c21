"""Tests of something that has nothing to do with networks."""

import signal
import sys

import pytest

#: What the plugin of nnspec may import where no implementation is named: its options.
LIGHT = {
    "nnspec",
    "nnspec.pytest_plugin",
    "nnspec.reach",
    "nnspec.reach.budget",
    "nnspec.reach.options",
    "nnspec.suite",
    "nnspec.suite.pytest_plugin",
}


class TestContract:
    clause = "The letter arrives within three days."

    @pytest.mark.short
    def test_a_class_of_tests_may_have_a_clause(self):
        assert self.clause.endswith("days.")


def test_options_are_those_of_this_project(request):
    values = [request.config.getoption(name) for name in ("seed", "quick", "select", "document", "budget")]

    assert values == [3, True, "short", "letter", 2.0]


def test_fixtures_are_those_of_this_project(random, subject, traces, exact, objective, run):
    values = (random, subject, traces, exact, objective, run)

    assert values == (3, "a letter", ["footprints"], True, "to arrive", "a mile")


def test_nnspec_is_here(request):
    assert request.config.getoption("--nnspec-implementation") is None


def test_nnspec_imports_its_options_alone():
    assert {name for name in sys.modules if name.partition(".")[0] == "nnspec"} <= LIGHT
    assert not {"numpy", "rich", "click"} & set(sys.modules)


def test_nnspec_leaves_signals_alone():
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
