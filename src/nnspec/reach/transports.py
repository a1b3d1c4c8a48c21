"""How an implementation is called: in a process that speaks the protocol, or in this process (for debugging)."""

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

#: An operation that timed out this often is not called again. After this many failures to replace a lost process, no
#: other is started.
PATIENCE = 2


class Transport(Protocol):
    """Calls an implementation; a call raises a NoAnswer if there is nothing to judge."""

    description: Description

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The decoded answer, not yet checked for its kind."""

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """The arrays among its arguments that a call changes; raises Unsupported if that cannot be seen."""

    def limit(self, budget: Budget) -> None:
        """From now on, all calls share this time, if they can be stopped at all."""

    def close(self) -> None:
        """Release the implementation."""


class InProcess:
    """Calls the object itself. Its crash ends this process, and nothing stops its endless loop."""

    def __init__(self, implementation: Any, name: str) -> None:
        """Raises Unreachable if it cannot describe itself."""
        self._server = Server(implementation, name)
        try:
            description = wire.decode(wire.encode(self._server.describe()))
        except (NoAnswer, TypeError) as error:
            raise Unreachable(f"describe failed in {name}:\n{error}") from None
        self.description = Description.read(description)

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """Call it on a copy of the arguments, as a process gets them, so it may change them."""
        return wire.decode(self._ask(self._server.call, operation, params))

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """Call it on a copy of the arguments, and compare the copy afterwards."""
        return self._ask(self._server.changed_arguments, operation, params)

    def _ask(
        self, method: Callable[[str, dict[str, Any]], Answer], operation: str, params: dict[str, Any]
    ) -> Answer:
        arguments = operations.arguments(wire.decode(wire.encode(params, wire.TYPED)))
        try:
            return method(operation, arguments)
        except SystemExit as stop:
            raise Crashed(f"{operation} called sys.exit({stop.code!r})") from None

    def limit(self, budget: Budget) -> None:
        """Do nothing: a call in this process cannot be stopped."""

    def close(self) -> None:
        """Do nothing: there is no process to end."""


class OverProcess:
    """Calls a process over JSON-RPC; a process that crashes, hangs or sends garbage is replaced by a new one."""

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
        """timeout: seconds a call may take; memory_limit: bytes the process may allocate, 0 for no limit.

        python: the process is nnspec.reach.worker, which understands more than the protocol; budget: for all calls;
        process: a process of this command that already runs.
        """
        self._budget = budget or Budget(None)
        self._command = command
        self._python = python
        self._timeout = timeout
        self._memory_limit = memory_limit
        self._calls = 0
        self._timeouts: dict[str, int] = {}
        self._failed_starts = 0
        self._process = process
        self._numbers = "json"
        self.description = self._start()

    def _start(self) -> Description:
        """Start the process, unless it runs, and ask it to describe itself."""
        self._process = self._process or LineProcess(self._command, self._memory_limit)
        self._numbers = "json"
        try:
            description = Description.read(self._ask("describe", {}))
        except NoAnswer as error:
            self.close()
            named = self._command[-1] if self._python else " ".join(self._command)  # the worker's TARGET
            raise Unreachable(f"{named}\ndid not answer describe: {error}") from None
        except BaseException:  # Ctrl-C too
            self.close()
            raise
        self._numbers = wire.TYPED if self._python and description.numbers == "json" else description.numbers
        return description

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """Call the process; starts a new one first if the last one was lost."""
        if self._timeouts.get(operation, 0) >= PATIENCE:
            raise TimedOut(f"{operation} timed out {PATIENCE} times, so it was not called again")
        if self._process is None:
            self._replace()
        try:
            return self._ask(operation, params)
        except TimedOut:
            if self._budget.is_spent:
                raise BudgetSpent("the time for the run was up during this call") from None
            self._timeouts[operation] = self._timeouts.get(operation, 0) + 1
            raise
        finally:
            if self._process is not None and self._process.unusable:
                self.close()

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """Ask Python's worker, which has the arguments in memory."""
        if not self._python:
            raise Unsupported("it gets its arguments as text, so it cannot change the caller's")
        names: list[str] = self.call(wire.CHANGED_ARGUMENTS, {"operation": operation, "params": params})
        return names

    def limit(self, budget: Budget) -> None:
        """From now on, all calls and new processes share this time."""
        self._budget = budget

    def _replace(self) -> None:
        """Start a new process for one that was lost."""
        if self._failed_starts >= PATIENCE:
            raise Crashed(f"{PATIENCE} new processes did not answer describe, so no other was started")
        try:
            self._start()
        except Unreachable as error:
            self._failed_starts += 1
            raise Crashed(f"the last process was lost, and its replacement failed:\n{error}") from None

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
            is_reply = isinstance(message, dict) and message.get("id") == self._calls
            if is_reply and "result" in message:
                return wire.decode(message["result"])
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
            is_reply = False
        if not is_reply or not isinstance(message.get("error"), dict):
            self._process.unusable = True
            raise Garbled(
                self._process.with_stderr(f"expected a reply to this call, got the line {_brief(line)}")
            )
        if operation == wire.CHANGED_ARGUMENTS:
            operation = params["operation"]
        code, text = message["error"].get("code"), str(message["error"].get("message", ""))
        if code == wire.WRONG_TARGET and operation == "describe":
            raise WrongUse(text)
        if code == wire.METHOD_NOT_FOUND:
            raise Unsupported(text or f"operation {operation} is missing")
        raise ImplementationError(f"{operation} failed with an error:\n{text[-2000:]}")


def _brief(line: bytes) -> str:
    text = line.decode(errors="backslashreplace").rstrip("\n")
    return repr(text if len(text) <= 80 else text[:77] + "…")


def open_transport(
    options: Options, budget: Budget | None = None, process: LineProcess | None = None
) -> Transport:
    """A transport to the implementation that the options name; raises Unreachable, or WrongUse for an unknown name.

    budget: the time that all calls share; process: the implementation's process, if it already runs.
    """
    if options.in_process:
        try:
            implementation = targets.load(options.target)
        except WrongUse:
            raise
        except (Exception, SystemExit):  # foreign code may raise anything, and exit
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
