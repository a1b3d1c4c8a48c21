"""A first look at a program: what it offers, and what is wrong with its messages and with the form of its answers.

It is what every check begins with, on its own: each operation is called once with ordinary arguments, and a few times
with others. No clause is judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from nnspec.contract.errors import (
    BudgetSpent,
    Crashed,
    Garbled,
    ImplementationError,
    NoAnswer,
    TimedOut,
    Unreachable,
    Unsupported,
)
from nnspec.contract.operations import OPERATIONS, Description
from nnspec.judging import opening
from nnspec.reach.options import Options
from nnspec.reach.process import STDERR_FOLLOWS
from nnspec.reach.transports import Transport, open_transport
from nnspec.report.record import FORM, IGNORED, UNCALLABLE, UNREADABLE, Observation

#: How an operation answered.
ANSWERED, FAULTY, MISSING, DECLINED = "answered", "faulty", "missing", "declined"
LOST, UNASKED = "lost", "not asked"
#: What loses a call, and how many operations may be lost by it before no further one is asked.
LOSSES, MOST_LOST = (TimedOut, Crashed, Garbled), 3
#: Kinds of observations that are faults.
FAULTS = (FORM, IGNORED, UNCALLABLE, UNREADABLE)


@dataclass
class Look:
    """What was found.

    operations: how each answered; lost: operations, and what came in place of their answers; declined: why operations
    declined what they were asked; digits: the most digits of a number that a program printed, 0 for a Python object,
    whose numbers need none; unreachable: why it did not even describe itself.
    """

    description: Description | None = None
    operations: dict[str, str] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    lost: list[tuple[list[str], str]] = field(default_factory=list)
    declined: dict[str, str] = field(default_factory=dict)
    digits: int = 0
    unreachable: str = ""

    @property
    def faults(self) -> int:
        """How many things are wrong."""
        return sum(one.kind in FAULTS for one in self.observations) + len(self.lost) + bool(self.unreachable)

    def that(self, how: str) -> list[str]:
        """The operations that answered so."""
        return [name for name, answered in self.operations.items() if answered == how]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is wrong, and something can be checked."""
        return not self.faults and bool(self.that(ANSWERED))


def look(options: Options) -> Look:
    """Look at the program that the options name; raises WrongUse if there is none."""
    try:
        transport = open_transport(options)
    except (NoAnswer, Unreachable) as error:
        return Look(unreachable=str(error))
    try:
        return _look(transport, is_program=bool(options.command))
    finally:
        transport.close()


def _look(transport: Transport, *, is_program: bool) -> Look:
    found = Look(transport.description)
    errors: dict[str, NoAnswer] = {}

    def ask(operation: str, params: dict[str, Any]) -> Any:
        if sum(isinstance(error, LOSSES) for error in errors.values()) >= MOST_LOST:
            raise BudgetSpent("too many calls were lost")
        try:
            return transport.call(operation, params)
        except NoAnswer as error:
            errors.setdefault(operation, error)
            raise

    digits = transport.digits if is_program else None
    opened = opening.begin(ask, transport.description, digits=digits)
    found.digits = digits.most if digits else 0
    faulty = {one.operation for one in opened.observations if one.kind in (FORM, UNCALLABLE)}
    for operation in OPERATIONS:
        how = FAULTY if operation in faulty else ANSWERED if operation in opened.answered else MISSING
        found.operations[operation] = how
        if how == MISSING:
            _note(found, operation, errors.get(operation), is_cut=bool(opened.cut))
    lost = {name for names, _ in found.lost for name in names}
    found.observations = [one for one in opened.observations if one.operation not in lost]
    return found


def _note(found: Look, operation: str, error: NoAnswer | None, *, is_cut: bool) -> None:
    """Why an operation has no answer."""
    message = str(error)
    if error is None or isinstance(error, ImplementationError):
        found.operations[operation] = UNASKED if is_cut else MISSING
    elif isinstance(error, Unsupported):
        if message != f"operation {operation} is missing":
            found.operations[operation], found.declined[operation] = DECLINED, message
    else:
        found.operations[operation] = LOST
        said = message.removeprefix(f"{operation}: ").partition(STDERR_FOLLOWS)[0]
        for operations, before in found.lost:
            if _kind(said) == _kind(before):
                operations.append(operation)
                return
        found.lost.append(([operation], said))


def _kind(message: str) -> str:
    """What came of a call, without the line and the numbers that are of this call alone."""
    return re.sub(r"the line .*; |\d", "", message)
