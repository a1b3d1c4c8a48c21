"""An implementation in this process, for debugging: the same answers and errors as far as possible."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from calls import SCORES, assert_answers_right, softmax
from miniatures import target

from nnspec.contract.errors import Crashed, ImplementationError, Unreachable
from nnspec.reach import targets
from nnspec.reach.options import Options
from nnspec.reach.transports import InProcess, open_transport


def in_process(name):
    return InProcess(targets.load(target(name)), name)


@pytest.fixture(autouse=True)
def _imports_as_before(monkeypatch):
    """Restore what a miniature in this process changes in the import system."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", sys.modules.copy())


def test_an_implementation_answers():
    assert_answers_right(in_process("right"))


def test_arguments_are_not_changed_by_an_implementation_that_overwrites_them():
    scores = SCORES.copy()

    softmax(in_process("mutates"), scores)

    np.testing.assert_array_equal(scores, SCORES)


def test_arguments_are_arrays_as_a_process_gets_them():
    assert_answers_right(in_process("right"), SCORES.tolist())


def test_sys_exit_is_a_crash():
    with pytest.raises(Crashed, match=r"softmax called sys.exit\(0\)"):
        softmax(in_process("calls_sys_exit"))


@pytest.mark.parametrize("name", ["raises", "answers:Endless", "answers:Complex"])
def test_an_error_is_the_implementations(name):
    with pytest.raises(ImplementationError):
        softmax(in_process(name))


@pytest.mark.parametrize("name", ["raises_at_import", "exits_at_import", "descriptions:NoObject"])
def test_an_implementation_without_an_import_or_a_description_is_unreachable(name):
    with pytest.raises(Unreachable):
        open_transport(Options(target=target(name), in_process=True))
