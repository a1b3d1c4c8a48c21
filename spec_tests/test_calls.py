"""Calls: what holds for every operation, whatever it computes.

Every operation but fit is a pure function: what it is given decides its answer, and nothing else is changed. No
document says so; their programs overwrite what they no longer need. Under the contract it shows in two ways.
"""

from __future__ import annotations

import pytest

from nnspec.contract.operations import METHODS, OPERATIONS
from nnspec.documents.clauses import SHOULD, clause
from nnspec.judging import cases
from nnspec.judging.agreement import assert_unchanged

PURE = [operation for operation in OPERATIONS if operation != "fit"]


@clause("calls.same-answer", level=SHOULD, operations=PURE)
class TestSameAnswer:
    """The same call gives the same answer, whatever was called between.

    A loss that is added up from call to call, a velocity that is kept in the object, an array that is remembered
    and overwritten: each gives another answer the second time.
    """

    @pytest.mark.parametrize("operation", PURE)
    def test_with_another_call_between(self, assert_right_twice, random, usual, operation):
        first, between = (cases.call(operation, random, **usual) for _ in range(2))
        assert_right_twice(operation, first, between)

    @pytest.mark.parametrize("operation", ["update", "train"])
    @pytest.mark.parametrize("method", METHODS)
    def test_with_every_method(self, assert_right_twice, random, usual, operation, method):
        told = {**usual, "optimizer": cases.optimizer(method)}
        first, between = (cases.call(operation, random, **told) for _ in range(2))
        assert_right_twice(operation, first, between)


@clause("calls.arguments-unchanged", level=SHOULD, operations=[*OPERATIONS])
class TestArgumentsUnchanged:
    """What was passed in is unchanged after a call.

    An update with ``+=`` writes into the caller's network, a softmax in place into its scores. Only a program in
    Python can be seen to do so; any other has copies of its own.
    """

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_of_every_operation(self, subject, random, usual, operation):
        params = cases.call(operation, random, **usual)
        assert_unchanged(subject.changed_arguments(operation, params), operation)
