"""How an implementation is called: in a process that speaks the protocol, or in this process (for debugging)."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from nnspec.contract import operations, wire
from nnspec.contract.bounds import MESSAGE, TooLarge, beginning, bounds_of, end
from nnspec.contract.digits import Digits
from nnspec.contract.errors import (
    BudgetSpent,
    Crashed,
    Garbled,
    ImplementationError,
    Inconsistent,
    NoAnswer,
    OutOfMemory,
    TimedOut,
    Unreachable,
    Unsupported,
    WrongUse,
)
from nnspec.contract.operations import Description
from nnspec.reach import replies, targets
from nnspec.reach.budget import Budget
from nnspec.reach.options import Options
from nnspec.reach.process import LineProcess
from nnspec.reach.server import Server, own_traceback

Answer = TypeVar("Answer")

#: An operation that timed out this often is not called again. After this many failures to replace a lost process, no
#: other is started.
PATIENCE = 2
#: Between an operation and the error that a process answered with.
ERROR_FOLLOWS = " failed with an error:\n"
#: The end of what is said of a program whose answer came only when its stdin was closed.
FLUSH = "until stdin was closed: flush stdout after each line"
#: Seconds in which a program that does not flush answers, once its stdin is closed.
_LAST_WORDS = 1.0
#: What programs in many languages write when there is no memory left, or the system when it takes the process away.
#: Lines of a traceback's code are indented, and do not count.
_NO_MEMORY = re.compile(
    r"^(?!\s).*(MemoryError|bad_alloc|out of memory|OutOfMemory|cannot allocate|unable to allocate"
    r"|not enough memory|memory exhausted|memory allocation of \d+ bytes failed|ended by signal SIGKILL)",
    re.IGNORECASE | re.MULTILINE,
)

#: Characters of somebody's line, or of a field, in a message.
_WORDS = 80

#: Called before each call to a process, with the operation and the seconds that it may take.
Watch = Callable[[str, float], None]


class Transport(Protocol):
    """Calls an implementation; a call raises a NoAnswer if there is nothing to judge."""

    description: Description
    timeout: float
    """Seconds that a call may take."""
    digits: Digits
    """The digits of the numbers in its answers; empty where they are not text."""

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """The decoded answer, not yet checked for its kind."""

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """The arrays among its arguments that a call changes; raises Unsupported if that cannot be seen."""

    def limit(self, budget: Budget, share: float = 1.0) -> None:
        """From now on, all calls share this time, if they can be stopped; share: what a call may take of the rest."""

    def close(self) -> None:
        """Release the implementation."""


class InProcess:
    """Calls the object itself. Its crash ends this process, and nothing stops its endless loop."""

    timeout = math.inf

    def __init__(self, implementation: Any, name: str) -> None:
        """Raises Unreachable if it cannot describe itself."""
        self._server = Server(implementation, name)
        self.digits = Digits()
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
        except ImplementationError as error:
            if _NO_MEMORY.search(str(error)):
                raise OutOfMemory(str(error)) from None
            raise
        except SystemExit as stop:
            raise Crashed(f"{operation} called sys.exit({stop.code!r})") from None

    def limit(self, budget: Budget, share: float = 1.0) -> None:
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
        watch: Watch | None = None,
        described: Description | None = None,
    ) -> None:
        """timeout: seconds a call may take; memory_limit: bytes the process may allocate, 0 for no limit.

        python: the process is nnspec.reach.worker, which understands more than the protocol; budget: for all calls;
        process: a process of this command that already runs; described: what another process of it answered to
        ``describe``, which this one must answer too. Raises Unreachable, Inconsistent, or BudgetSpent.
        """
        self._budget, self._share = budget or Budget(None), 1.0
        self._command = command
        self._python = python
        self.timeout = timeout
        self.digits = Digits()
        self._memory_limit = memory_limit
        self._calls = 0
        self._timeouts: dict[str, int] = {}
        self._failed_starts = 0
        self._process = process
        self._watch = watch
        self._numbers = "json"
        self._described = described
        self._inconsistency = ""
        self.description = self._start()

    def _start(self) -> Description:
        """Start the process, unless it runs, and ask it to describe itself, as every other process of it did."""
        self._process = self._process or LineProcess(self._command, self._memory_limit)
        self._numbers = "json"
        try:
            description = Description.read(self._ask("describe", {}))
            self._assert_consistent(description)
        except (BudgetSpent, Inconsistent):
            self.close()
            raise
        except NoAnswer as error:
            self.close()
            named = self._command[-1] if self._python else " ".join(self._command)  # the worker's TARGET
            raise Unreachable(f"{named}\ndid not answer describe: {error}") from None
        except (Unreachable, WrongUse) as error:
            self.close()
            if isinstance(error, WrongUse) and self._described is None:
                raise  # nobody has met this TARGET before
            raise Unreachable(beginning(str(error), MESSAGE)) from None
        except BaseException:  # Ctrl-C too
            self.close()
            raise
        self._described = description
        self._numbers = wire.TYPED if self._python and description.numbers == "json" else description.numbers
        return description

    def _assert_consistent(self, description: Description) -> None:
        """Raise Inconsistent if another process of this implementation described itself differently."""
        if self._described is None:
            return
        later = _fields(description)
        for name, first in _fields(self._described).items():
            if first != later[name]:
                self._inconsistency = (
                    f"describe answered {name} {_words(first)} first and {_words(later[name])} later: "
                    "it must answer the same in every process"
                )
                raise Inconsistent(self._inconsistency)

    def call(self, operation: str, params: dict[str, Any]) -> Any:
        """Call the process; starts a new one first if the last one was lost."""
        named = _operation(operation, params)
        if self._timeouts.get(named, 0) >= PATIENCE:
            raise TimedOut(f"{named} timed out {PATIENCE} times, so it was not called again")
        if self._process is None:
            self._replace()
        try:
            return self._ask(operation, params)
        except TimedOut:
            self._timeouts[named] = self._timeouts.get(named, 0) + 1
            raise
        finally:
            if self._process is not None and self._process.unusable:
                self.close()

    def changed_arguments(self, operation: str, params: dict[str, Any]) -> list[str]:
        """Ask Python's worker, which has the arguments in memory."""
        if not self._python:
            raise Unsupported("it gets its arguments as text, so it cannot change the caller's")
        names = self.call(wire.CHANGED_ARGUMENTS, {"operation": operation, "params": params})
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise Garbled(f"expected the names of changed arguments, got {_words(names)}")
        return names

    def limit(self, budget: Budget, share: float = 1.0) -> None:
        """From now on, all calls and new processes share this time; share: what a call may take of the rest."""
        self._budget, self._share = budget, share

    def _replace(self) -> None:
        """Start a new process for one that was lost."""
        if self._inconsistency:
            raise Inconsistent(self._inconsistency)
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
        """The decoded answer of the process."""
        self._calls += 1
        named = _operation(operation, params)
        line = self._exchange(operation, named, params)
        bounds = bounds_of(operation, params)
        message: Any = replies.NO_JSON
        is_reply = False
        try:
            bounds.check(line)
            message = wire.read(line)
            is_reply = isinstance(message, dict) and message.get("id") == self._calls
            if is_reply and "result" in message:
                self.digits.add(line)
                return wire.decode_answer(message["result"], bounds, self._numbers)
        except TooLarge as error:
            raise self._garbled(str(error)) from None
        except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
            if is_reply:
                raise self._garbled(
                    f"its numbers cannot be read ({error}), in the line {_brief(line)}"
                ) from None
        if not is_reply or not isinstance(message.get("error"), dict):
            fault = replies.fault(message, self._calls)
            raise self._garbled(f"expected a reply to this call, got the line {_brief(line)}; {fault}")
        if self._python and operation == "describe" and message["error"].get("code") == wire.WRONG_TARGET:
            raise WrongUse(end(str(message["error"].get("message")), MESSAGE))
        raise _error(named, message["error"])

    def _exchange(self, operation: str, named: str, params: dict[str, Any]) -> bytes:
        """The line that the process answers with; raises what an end of the process or of its time means."""
        assert self._process is not None
        request = wire.request(self._calls, operation, params, self._numbers)
        seconds = min(self.timeout, self._budget.left())
        if self._share < 1 and operation != "describe":  # a start takes as long as it takes
            seconds = min(seconds, round(self._share * self._budget.left(), 1))
        if self._watch is not None:
            self._watch(named, seconds)
        try:
            return self._process.exchange(request, seconds, bounds_of(operation, params).line)
        except TimedOut as error:
            if self._budget.is_spent:
                raise BudgetSpent(f"the budget of {self._budget.seconds:g} s ended during {named}") from None
            if self._process.answers_at_the_end(_LAST_WORDS):
                raise TimedOut(f"nothing came within {seconds:g} s, {FLUSH}") from None
            raise TimedOut(f"{named}: {error}") from None
        except Crashed as error:
            if _NO_MEMORY.search(str(error)):
                raise OutOfMemory(str(error)) from None
            raise

    def _garbled(self, message: str) -> Garbled:
        """The error for a line that cannot be read; the process may be out of step, so it is given up."""
        assert self._process is not None
        self._process.unusable = True
        return Garbled(self._process.with_stderr(message))


def _operation(method: str, params: dict[str, Any]) -> str:
    """The operation that a call is for; nnspec's own method names it among its params."""
    name: str = params["operation"] if method == wire.CHANGED_ARGUMENTS else method
    return name


def _error(operation: str, error: dict[str, Any]) -> Exception:
    """What an error in place of an answer means."""
    code, text = error.get("code"), end(str(error.get("message") or ""), MESSAGE)
    if code == wire.METHOD_NOT_FOUND:
        return Unsupported(text or f"operation {operation} is missing")
    kind = OutOfMemory if _NO_MEMORY.search(text) else ImplementationError
    return kind(f"{operation}{ERROR_FOLLOWS}{text or 'an error without a message'}")


def _brief(line: bytes) -> str:
    return repr(beginning(line[:200].decode(errors="backslashreplace").rstrip("\n"), _WORDS))


def _fields(description: Description) -> dict[str, Any]:
    """The fields of a description by name."""
    fields: dict[str, Any] = dataclasses.asdict(description)
    support: dict[str, Any] = fields.pop("support")
    return fields | support


def _words(value: Any) -> str:
    """A field of a description, as a message names it."""
    return beginning(", ".join(map(str, value)) if isinstance(value, tuple) else repr(value), _WORDS)


def open_transport(
    options: Options,
    budget: Budget | None = None,
    process: LineProcess | None = None,
    watch: Watch | None = None,
    described: Description | None = None,
) -> Transport:
    """A transport to the implementation that the options name, as OverProcess takes its arguments.

    Raises WrongUse for an unknown name, Unreachable, Inconsistent, or BudgetSpent during ``describe``.
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
        watch=watch,
        described=described,
    )
