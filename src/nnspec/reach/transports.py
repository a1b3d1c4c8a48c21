"""Ways to reach an implementation: a process that speaks the protocol, or this one (for debugging)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from nnspec.contract import operations, wire
from nnspec.contract.errors import (
    BudgetSpent,
    Crashed,
    Garbled,
    ImplementationError,
    NoAnswer,
    TimedOut,
    Unreachable,
    Unsupported,
    WrongUse,
)
from nnspec.contract.operations import Description
from nnspec.reach import targets
from nnspec.reach.budget import Budget
from nnspec.reach.options import Options
from nnspec.reach.process import LineProcess
from nnspec.reach.server import Server, own_traceback

Answer = TypeVar("Answer")

#: After so many calls of one operation that did not come back, it is not called again. After so many
#: processes in the place of lost ones that could not be reached, no other is started.
PATIENCE = 2


class Transport(Protocol):
    """Answers calls; a call raises a NoAnswer where there is nothing to judge."""

    description: Description

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The decoded answer, not yet checked for its kind."""

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """Which arrays among its arguments a call changes; raises Unsupported where that cannot be seen."""

    def limit(self, budget: Budget) -> None:
        """All calls from now on have this time together, where anything can stop them."""

    def close(self) -> None:
        """Let go of the implementation."""


class InProcess:
    """Calls the object itself. Nothing here survives its crash or stops its endless loop."""

    def __init__(self, implementation: Any, name: str) -> None:
        """Raises Unreachable where it cannot describe itself."""
        self._server = Server(implementation, name)
        try:
            told = wire.decode(wire.encode(self._server.describe()))
        except (NoAnswer, TypeError) as error:
            raise Unreachable(f"{name} could not describe itself:\n{error}") from None
        self.description = Description.read(told)

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """On arguments as a process gets them, a copy: the implementation may do with them what it likes."""
        return wire.decode(self._ask(self._server.call, operation, params))

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """The same on a copy, which is then compared."""
        return self._ask(self._server.changed_arguments, operation, params)

    def _ask(
        self, ask: Callable[[str, dict[str, Any]], Answer], operation: str, params: dict[str, Any]
    ) -> Answer:
        told = operations.arguments(wire.decode(wire.encode(params, wire.TYPED)))
        try:
            return ask(operation, told)
        except SystemExit as stop:
            raise Crashed(f"{operation} left Python by sys.exit({stop.code!r})") from None

    def limit(self, budget: Budget) -> None:
        """Nothing stops a call here."""

    def close(self) -> None:
        """There is nothing to let go of."""


class OverProcess:
    """Calls a process over JSON-RPC; one that crashes, hangs or talks nonsense is replaced by a new one."""

    def __init__(
        self,
        command: list[str],
        timeout: float,
        memory_limit: int,
        *,
        python: bool = False,
        budget: Budget | None = None,
        process: LineProcess | None = None,
    ) -> None:
        """timeout: seconds a call may take; memory_limit: bytes the process may allocate, 0 for any.

        python: the process is nnspec.reach.worker, which understands more than the protocol; budget: of all calls;
        process: one of this command that runs already.
        """
        self._budget = budget or Budget(None)
        self._command = command
        self._python = python
        self._timeout = timeout
        self._memory_limit = memory_limit
        self._calls = 0
        self._hung: dict[str, int] = {}
        self._not_replaced = 0
        self._process = process
        self._numbers = "json"
        self.description = self._start()

    def _start(self) -> Description:
        """Start the process, where none runs, and ask it to describe itself."""
        self._process = self._process or LineProcess(self._command, self._memory_limit)
        self._numbers = "json"
        try:
            description = Description.read(self._ask("describe", {}))
        except NoAnswer as error:
            self.close()
            raise Unreachable(f"{' '.join(self._command)}\ndid not answer “describe”: {error}") from None
        except BaseException:  # Ctrl-C too
            self.close()
            raise
        self._numbers = wire.TYPED if self._python and description.numbers == "json" else description.numbers
        return description

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """Ask the process, starting a new one first if the last was lost."""
        if self._hung.get(operation, 0) >= PATIENCE:
            raise TimedOut(f"{operation} had not come back {PATIENCE} times, so it was not called again")
        if self._process is None:
            self._replace()
        try:
            return self._ask(operation, params)
        except TimedOut:
            if self._budget.is_spent:
                raise BudgetSpent("the time of the run was up during this call") from None
            self._hung[operation] = self._hung.get(operation, 0) + 1
            raise
        finally:
            if self._process is not None and self._process.lost:
                self.close()

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """Ask Python's worker, which holds what was passed in."""
        if not self._python:
            raise Unsupported("arguments reach it as text, so there is nothing of the caller's to change")
        changed: list[str] = self.call(wire.CHANGED_ARGUMENTS, {"operation": operation, "params": params})
        return changed

    def limit(self, budget: Budget) -> None:
        """All calls from now on, and new processes, have this time together."""
        self._budget = budget

    def _replace(self) -> None:
        """Start a new process for one that was lost."""
        if self._not_replaced >= PATIENCE:
            raise Crashed(f"no new process could be reached {PATIENCE} times, so no other was started")
        try:
            self._start()
        except Unreachable as error:
            self._not_replaced += 1
            raise Crashed(f"the last process was lost, and no new one could be reached:\n{error}") from None

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _ask(self, operation: str, params: dict[str, Any]) -> Any:
        assert self._process is not None
        self._calls += 1
        line = self._process.exchange(
            wire.request(self._calls, operation, params, self._numbers),
            min(self._timeout, self._budget.left()),
        )
        try:
            message = wire.read(line)
            answered = isinstance(message, dict) and message.get("id") == self._calls
            if answered and "result" in message:
                return wire.decode(message["result"])
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            answered = False
        if not answered or not isinstance(message.get("error"), dict):
            self._process.lost = True
            raise Garbled(self._process.with_stderr(f"instead of an answer came the line {_brief(line)}"))
        code, told = message["error"].get("code"), str(message["error"].get("message", ""))
        if code == wire.WRONG_TARGET and operation == "describe":
            raise WrongUse(told)
        if code == wire.METHOD_NOT_FOUND:
            raise Unsupported(told or f"there is no {operation}")
        raise ImplementationError(f"{operation} answered with an error:\n{told[-2000:]}")


def _brief(line: bytes) -> str:
    text = line.decode(errors="backslashreplace").rstrip("\n")
    return repr(text if len(text) <= 80 else text[:77] + "…")


def open_transport(
    options: Options, budget: Budget | None = None, process: LineProcess | None = None
) -> Transport:
    """Reach the implementation that the options name; raises Unreachable, or WrongUse for a name it lacks.

    budget: the time that all calls have together; process: the implementation's, where it runs already.
    """
    if options.in_process:
        try:
            implementation = targets.load(options.target)
        except WrongUse:
            raise
        except (Exception, SystemExit):  # a stranger's module may raise anything, and leave Python
            raise Unreachable(own_traceback()) from None
        return InProcess(implementation, options.target)
    return OverProcess(
        options.process,
        options.timeout,
        options.memory_bytes,
        python=not options.command,
        budget=budget,
        process=process,
    )
