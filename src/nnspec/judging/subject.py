"""The two sides of a test: the implementation under test, and the exact reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nnspec.contract import operations
from nnspec.contract.errors import MalformedAnswer, OutsideDocument, Unsupported
from nnspec.contract.operations import Description
from nnspec.contract.shapes import shapes_of
from nnspec.documents.scopes import Scope
from nnspec.judging.agreement import Disagreement, assert_agrees_with_one, assert_predicts, assert_shapes
from nnspec.judging.formulations import Formulations
from nnspec.judging.rounding import Bounded, Precision, as_array, bounded
from nnspec.judging.transcript import Call
from nnspec.reach.transports import Transport
from nnspec.reference import Reference
from nnspec.reference.values import Optimizer


class Subject:
    """The implementation under test: its operations are methods that take the contract's arguments."""

    def __init__(
        self,
        transport: Transport,
        on_call: Callable[[Call], None] = lambda _: None,
        scope: Scope | None = None,
        check: Callable[[str, Mapping[str, Any]], None] = lambda _operation, _params: None,
    ) -> None:
        """Calls go through ``transport``; ``on_call`` gets each call that was answered.

        scope: of the document that it is checked against; check: raises a NoAnswer for a call that was found to have no
        answer to judge.
        """
        self._transport = transport
        self._on_call = on_call
        self._scope = scope
        self._check_found = check

    @property
    def description(self) -> Description:
        """Its answer to ``describe``."""
        return self._transport.description

    @property
    def patience(self) -> float:
        """Seconds that a call may take."""
        return self._transport.timeout

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """The operation of this name."""
        if operation not in operations.OPERATIONS:
            raise AttributeError(f"the contract has no operation {operation!r}")
        return lambda **params: self.call(operation, params)

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The answer, with arrays of the right shapes; raises a NoAnswer if there is nothing to judge."""
        self.check(operation, params)
        try:
            answer = operations.answer(operation, self._transport.call(operation, params))
        except Unsupported as error:
            error.operation = operation  # the program itself says so
            raise
        if operation == "update":
            _check_velocity(answer["velocity"], params)
        self._on_call(Call(operation, _with_velocity(params), answer))
        try:
            assert_shapes(answer, shapes_of(operation, params), operation)
        except Disagreement as error:
            error.answer = answer
            raise
        if isinstance(answer, dict) and "network" in answer:
            answer["network"]["activation"] = params["network"]["activation"]
        elif operation == "initialize":
            answer["activation"] = params["activation"]
        return answer

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """The arrays among the arguments that a call changes."""
        self.check(operation, params)
        changed = self._transport.changed_arguments(operation, params)
        self._on_call(Call(operation, params, changed, changes=True))
        return changed

    def check_document(self, operation: str, params: Mapping[str, Any]) -> None:
        """Raise OutsideDocument for a call that asks for a case which the document's programs do not know."""
        if self._scope and (case := self._scope.missing(operation, params)):
            raise OutsideDocument(f"{self._scope.document} has no such case: {case}")

    def check(self, operation: str, params: Mapping[str, Any]) -> None:
        """Raise a NoAnswer for a call that has no answer to judge; the implementation is not asked."""
        self.check_document(operation, params)
        if missing := self.description.missing(operation, params):
            raise Unsupported(missing)
        self._check_found(operation, params)


def _check_velocity(velocity: Any, params: Mapping[str, Any]) -> None:
    """Momentum has a velocity, in any form; gradient descent may have none."""
    if velocity is None and params["optimizer"]["method"] == "momentum":
        raise MalformedAnswer("update.velocity is None; with momentum, it must have weights, biases.")


def _with_velocity(params: dict[str, Any]) -> dict[str, Any]:
    """The arguments as any implementation takes them: a velocity of 0 in place of none."""
    if "velocity" not in params or params["velocity"] is not None:
        return params
    return {**params, "velocity": Reference().zero_velocity(params["network"])}


class Exact:
    """The reference with error bounds: each number comes with the error that rounding in ``precision`` can cause."""

    def __init__(self, precision: Precision, *, rate_outside: bool = False) -> None:
        """precision: the one that the implementation under test computes in; rate_outside: of the velocity."""
        self.precision = precision
        self._reference = Formulations(precision, rate_outside=rate_outside)

    def conventions(self, optimizer: Optimizer | None) -> list[Exact]:
        """The reference by each convention between which no document decides; a program follows one of them.

        Under a schedule, momentum may have the rate inside of the velocity or outside.
        """
        if optimizer is None or optimizer["method"] != "momentum" or optimizer["schedule"] is None:
            return [self]
        return [self, Exact(self.precision, rate_outside=True)]

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """The operation of this name."""
        if operation not in operations.OPERATIONS:
            raise AttributeError(f"the contract has no operation {operation!r}")
        return lambda **params: self.call(operation, params)

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The right answer, its numbers Bounded."""
        answer = getattr(self._reference, operation)(**bounded(params, self.precision))
        if operation == "train":
            answer["losses"] = as_array(answer["losses"])
        return answer

    def constant(self, value: Any) -> Bounded:
        """A number or array from a document, rounded once."""
        return Bounded.from_input(value, self.precision)


def assert_right_twice(
    subject: Subject, exact: Exact, operation: str, params: dict[str, Any], between: dict[str, Any]
) -> None:
    """A call is right before and after another call of the same operation, with the arguments ``between``.

    Of an update only the network is compared: the velocity is the implementation's own.
    """
    __tracebackhide__ = True
    expected = _right_answers(exact, operation, params)
    for which in ("", " called again"):
        got = subject.call(operation, params)
        if operation == "predict":
            assert_predicts(got, exact.forward(**params)["scores"], operation + which)
        else:
            agreeing = assert_agrees_with_one(got, expected, operation + which)
            expected = [expected[place] for place in agreeing]
        subject.call(operation, between)


def assert_right(subject: Subject, exact: Exact, operation: str, **params: Any) -> Any:
    """The implementation's answer; asserts that it is as near to the exact one as every correct program's."""
    __tracebackhide__ = True
    got = subject.call(operation, params)
    assert_agrees_with_one(got, _right_answers(exact, operation, params), operation)
    return got


def _right_answers(exact: Exact, operation: str, params: dict[str, Any]) -> list[Any]:
    """The right answer by each convention; of an update only the network."""
    answers = [one.call(operation, params) for one in exact.conventions(params.get("optimizer"))]
    return [{"network": answer["network"]} for answer in answers] if operation == "update" else answers
