"""The options of a run, which the command line and the pytest plugin share."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

#: Seconds that one call may take.
TIMEOUT = 60.0
#: GiB that the implementation's process may allocate.
MEMORY_LIMIT = 4.0
#: The documents by name, as in ``nnspec.documents.places``.
DOCUMENT_NAMES = ("cs231n", "wildml", "roelants")
#: The precisions that a program may be held to.
PRECISION_NAMES = ("float64", "float32")
#: How much is asked and computed to explain failures.
DIAGNOSES = ("none", "quick", "full")
#: In place of the name of an operation, every one.
ALL = "all"
#: The placeholder for a case in a command.
CASE = "CASE"


@dataclass(frozen=True)
class Options:
    """The implementation to check (``target`` or ``command``), and how to check it.

    require: operations that must be judged; strict: SHOULD clauses count; precision: what the program is held to, None
    for what it says; diagnose: how much is done to explain failures; budget: seconds for the whole run, counted from
    ``started`` (in time.time()'s seconds; None for the run's start).
    """

    target: str = ""
    command: tuple[str, ...] = ()
    in_process: bool = False
    document: str | None = None
    select: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    strict: bool = False
    precision: str | None = None
    known_failures: str | None = None
    timeout: float = TIMEOUT
    memory_limit: float = MEMORY_LIMIT
    seed: int = 0
    quick: bool = False
    diagnose: str = DIAGNOSES[1]
    budget: float | None = None
    started: float | None = None

    @property
    def implementation(self) -> str:
        """The target or the command, as it was typed."""
        return self.target or shlex.join(self.command)

    @property
    def process(self) -> list[str]:
        """The command of the implementation's process."""
        from nnspec.reach import isolation, targets

        if self.command:
            return [*self.command]
        path = isolation.worker_path(str(targets.folder(self.target)))
        return isolation.command("nnspec.reach.worker", path, self.target)

    @property
    def memory_bytes(self) -> int:
        """Bytes that the process may allocate, 0 for no limit."""
        return int(self.memory_limit * 2**30)

    @property
    def _shared(self) -> list[tuple[str, str]]:
        """The options that differ from their defaults, by name and value; "" for an option without a value."""
        values: list[tuple[str, str | None]] = [
            ("in-process", "" if self.in_process else None),
            ("document", self.document),
            ("precision", self.precision),
            ("strict", "" if self.strict else None),
            ("known-failures", self.known_failures),
            ("call-timeout", f"{self.timeout:g}" if self.timeout != TIMEOUT else None),
            ("memory-limit", f"{self.memory_limit:g}" if self.memory_limit != MEMORY_LIMIT else None),
            ("seed", str(self.seed) if self.seed else None),
            ("diagnose", self.diagnose if self.diagnose != DIAGNOSES[1] else None),
        ]
        return [(name, value) for name, value in values if value is not None]

    @property
    def replay(self) -> tuple[str, ...]:
        """The words of the command that runs one case alone; CASE stands for the case, after --select."""
        named = (self.target,) if self.target else ()
        command = ("--", *self.command) if self.command else ()
        shared = [word for name, value in self._shared for word in (f"--{name}", value) if word]
        return ("nnspec", "check", *named, *shared, "--select", CASE, *command)

    def pytest_arguments(self) -> list[str]:
        """The same run, as options of pytest."""
        values = [*self._shared, *(("select", name) for name in self.select)]
        values += [("require", name) for name in self.require]
        if self.command:
            values.append(("command", shlex.join(self.command)))
        else:
            values.append(("implementation", self.target))
        if self.quick:
            values.append(("quick", ""))
        if self.budget is not None:
            values.append(("budget", f"{self.budget:.6f}"))
        if self.started is not None:
            values.append(("started", str(self.started)))
        return [f"--nnspec-{name}" + (f"={value}" if value else "") for name, value in values]


def operations_named(texts: Iterable[str]) -> tuple[str, ...]:
    """The operations in texts such as ``train,fit``; ``all`` stands for each. Raises ValueError for any other name."""
    names = [name.strip() for text in texts for name in text.split(",")]
    if not names:
        return ()
    from nnspec.contract.operations import OPERATIONS

    for name in names:
        if name not in (ALL, *OPERATIONS):
            close = difflib.get_close_matches(name, OPERATIONS, n=1, cutoff=0.5)
            suggestion = f" Did you mean {close[0]}?" if close else ""
            raise ValueError(
                f"There is no operation named {name!r}.{suggestion} "
                f"The operations are {', '.join(OPERATIONS)}; all stands for each of them."
            )
    return tuple(OPERATIONS) if ALL in names else tuple(dict.fromkeys(names))
