"""An implementation is what it says first: no process of it may say something else later."""

from __future__ import annotations

import pytest
from calls import softmax
from miniatures import miniature, program

from nnspec.contract.errors import Crashed, Inconsistent
from nnspec.contract.operations import Description
from nnspec.contract.support import Support
from nnspec.reach.options import Options
from nnspec.reach.transports import OverProcess
from nnspec.suite.check import check

CHANGED = "describe answered precision 'float64' first and 'float32' later"


def test_a_process_that_describes_itself_anew_is_inconsistent(reach, tmp_path):
    transport = reach(program("describes_itself_anew", tmp_path / "seen"))
    with pytest.raises(Crashed):
        softmax(transport)

    for _ in range(2):
        with pytest.raises(Inconsistent, match=CHANGED):
            softmax(transport)

    assert transport.description.precision == "float64"


def test_a_second_process_must_describe_itself_as_the_first():
    first = Description("mine", precision="float64")

    with pytest.raises(Inconsistent, match="describe answered name 'mine' first and '"):
        OverProcess(miniature("right"), 10.0, 0, python=True, described=first)


def test_a_check_of_a_program_that_describes_itself_anew_is_no_pass(tmp_path):
    command = tuple(program("describes_itself_anew", tmp_path / "seen"))

    record = check(Options(command=command, select=("functions.softmax",)), lambda _: None)

    assert record.exit_code in (1, 3)
    assert any(CHANGED in result.message for result in record.results)


def test_the_first_field_that_differs_is_named():
    command = miniature("right")
    first = Description(command[-1], language="Python", support=Support(activations=("relu",), l2=False))

    with pytest.raises(
        Inconsistent, match="describe answered activations relu first and relu, tanh, logistic later"
    ):
        OverProcess(command, 10.0, 0, python=True, described=first)


def test_a_process_that_describes_itself_as_before_answers(reach):
    transport = reach(miniature("crashes_on_one_example"))
    with pytest.raises(Crashed):
        softmax(transport)

    with pytest.raises(Crashed, match="the process ended"):
        softmax(transport)
