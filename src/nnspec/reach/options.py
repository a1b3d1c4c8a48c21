"""The options of a run, which the command line and the pytest plugin share."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass

#: Seconds that one call may take.
TIMEOUT = 60.0
#: GiB that the implementation's process may allocate.
MEMORY_LIMIT = 4.0
#: The documents by name, as in ``nnspec.documents.places``.
DOCUMENT_NAMES = ("cs231n", "wildml", "roelants")
#: The placeholder for a case in a command.
CASE = "CASE"


@dataclass(frozen=True)
class Options:
    """The implementation to check (``target`` or ``command``), and how to check it.

    budget: seconds for the whole run, counted from ``started`` (in time.time()'s seconds; None for the run's start).
    """

    target: str = ""
    command: tuple[str, ...] = ()
    in_process: bool = False
    document: str | None = None
    select: tuple[str, ...] = ()
    known_failures: str | None = None
    timeout: float = TIMEOUT
    memory_limit: float = MEMORY_LIMIT
    seed: int = 0
    quick: bool = False
    budget: float | None = None
    started: float | None = None

    @property
    def implementation(self) -> str:
        """The target or the command, as it was typed."""
        return self.target or shlex.join(self.command)

    @property
    def process(self) -> list[str]:
        """The command of the implementation's process."""
        return [*self.command] or [sys.executable, "-m", "nnspec.reach.worker", self.target]

    @property
    def memory_bytes(self) -> int:
        """Bytes that the process may allocate, 0 for no limit."""
        return int(self.memory_limit * 2**30)

    @property
    def shared(self) -> list[str]:
        """The options that differ from their defaults, as both command lines accept them."""
        arguments: list[str] = []
        if self.in_process:
            arguments += ["--in-process"]
        if self.document:
            arguments += ["--document", self.document]
        if self.known_failures:
            arguments += ["--known-failures", self.known_failures]
        if self.timeout != TIMEOUT:
            arguments += ["--call-timeout", f"{self.timeout:g}"]
        if self.memory_limit != MEMORY_LIMIT:
            arguments += ["--memory-limit", f"{self.memory_limit:g}"]
        if self.seed:
            arguments += ["--seed", str(self.seed)]
        return arguments

    @property
    def replay(self) -> tuple[str, ...]:
        """The words of the command that runs one case alone; CASE stands for the case, after --select."""
        named = (self.target,) if self.target else ()
        command = ("--", *self.command) if self.command else ()
        return ("nnspec", "check", *named, *self.shared, "--select", CASE, *command)

    def pytest_arguments(self) -> list[str]:
        """The same run, as options of pytest."""
        arguments = ["--implementation", self.target] if self.target else []
        if self.command:
            arguments = [f"--implementation-command={shlex.join(self.command)}"]
        if self.quick:
            arguments += ["--quick"]
        if self.budget is not None:
            arguments += ["--budget", f"{self.budget:.6f}"]
        if self.started is not None:
            arguments += ["--nnspec-started", str(self.started)]
        return [*arguments, *self.shared, *(word for name in self.select for word in ("--select", name))]
