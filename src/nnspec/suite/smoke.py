"""A first look at a program: what it offers, and what is wrong with its messages and with the form of its answers.

It is what every check begins with, on its own: each operation is called once with ordinary arguments, and a few times
with others. No clause is judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nnspec.contract.errors import (
    ImplementationError,
    NoAnswer,
    Unreachable,
    Unsupported,
)
from nnspec.contract.operations import OPERATIONS, Description
from nnspec.judging import opening
from nnspec.reach.options import Options
from nnspec.reach.process import STDERR_FOLLOWS
from nnspec.reach.replies import alike
from nnspec.reach.transports import Transport, open_transport
from nnspec.report.record import FORM, IGNORED, UNCALLABLE, UNREADABLE, Observation

#: How an operation answered.
ANSWERED, FAULTY, MISSING, DECLINED = "answered", "faulty", "missing", "declined"
LOST, UNASKED = "lost", "not asked"
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
            _note(found, operation, errors.get(operation))
    lost = {name for names, _ in found.lost for name in names}
    found.observations = [one for one in opened.observations if one.operation not in lost]
    found.lost = [
        one for one in found.lost if alike(one[1]) != alike(opened.unreadable)
    ]  # said of every message
    return found


def _note(found: Look, operation: str, error: NoAnswer | None) -> None:
    """Why an operation has no answer."""
    message = str(error)
    if error is None:
        found.operations[operation] = UNASKED
    elif isinstance(error, Unsupported):
        if message != f"operation {operation} is missing":
            found.operations[operation], found.declined[operation] = DECLINED, message
    elif not isinstance(error, ImplementationError):
        found.operations[operation] = LOST
        said = message.removeprefix(f"{operation}: ").partition(STDERR_FOLLOWS)[0]
        for operations, before in found.lost:
            if alike(said) == alike(before):
                operations.append(operation)
                return
        found.lost.append(([operation], said))
