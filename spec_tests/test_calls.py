"""Calls: rules for every operation.

Every operation except fit is a pure function: its arguments decide its answer, and it changes nothing else. No
document says so; the documents' programs overwrite what they no longer need. Under the contract, this shows in two
ways.
"""

from __future__ import annotations

import pytest

from nnspec.contract.operations import OPERATIONS
from nnspec.contract.support import METHODS
from nnspec.documents.clauses import SHOULD, clause
from nnspec.judging import cases
from nnspec.judging.agreement import assert_unchanged

PURE = [operation for operation in OPERATIONS if operation != "fit"]


@clause("calls.same-answer", level=SHOULD, operations=PURE)
class TestSameAnswer:
    """The same call gives the same answer, no matter which calls come in between.

    A loss that accumulates from call to call, a velocity that is kept in the object, an array that is reused and
    overwritten: each gives a different answer the second time.
    """

    @pytest.mark.parametrize("operation", PURE)
    def test_with_another_call_between(self, assert_right_twice, random, usual, operation):
        first, between = (cases.call(operation, random, **usual) for _ in range(2))
        assert_right_twice(operation, first, between)

    @pytest.mark.parametrize("operation", ["update", "train"])
    @pytest.mark.parametrize("method", METHODS)
    def test_with_every_method(self, assert_right_twice, random, usual, operation, method):
        arguments = {**usual, "optimizer": cases.optimizer(method)}
        first, between = (cases.call(operation, random, **arguments) for _ in range(2))
        assert_right_twice(operation, first, between)


@clause("calls.arguments-unchanged", level=SHOULD, operations=[*OPERATIONS])
class TestArgumentsUnchanged:
    """A call does not change its arguments.

    An update with ``+=`` writes into the caller's network; a softmax in place overwrites the caller's scores. Only
    programs in Python can be seen to do this: a program in another language works on its own copies.
    """

    @pytest.mark.parametrize("operation", OPERATIONS)
    def test_of_every_operation(self, subject, random, usual, operation):
        params = cases.call(operation, random, **usual)
        assert_unchanged(subject.changed_arguments(operation, params), operation)
