"""Errors, in the order in which a run can meet them: wrong use, no implementation, and a call without an answer."""

from __future__ import annotations


class WrongUse(Exception):
    """The command line names something that does not exist. Exit code 2."""


class Unreachable(Exception):
    """The implementation could not be started, or does not speak the protocol. Exit code 3."""


class NoAnswer(Exception):
    """A call returned no answer that can be judged; the verdict counts it under ``outcome``."""

    outcome = "failed"


class Unsupported(NoAnswer):
    """The implementation lacks this operation, or declares that it does not support this case.

    operation: the one that it refused itself, when it was called; "" if its describe leaves the case out.
    """

    outcome = "unsupported"
    operation = ""


class ImplementationError(NoAnswer):
    """The implementation raised an error of its own."""


class MalformedAnswer(NoAnswer):
    """An answer arrived, but it is not what the operation must return."""


class Garbled(NoAnswer):
    """The implementation wrote a line that is not a message of the protocol."""

    outcome = "invalid message"


class Crashed(NoAnswer):
    """The implementation's process ended during a call."""

    outcome = "crashed"


class OutOfMemory(Crashed):
    """The implementation's process ended because it needed more memory than it may use."""

    outcome = "out of memory"


class Inconsistent(NoAnswer):
    """Two processes of one implementation described themselves differently, so neither description counts."""


class NotJudged(NoAnswer):
    """The opening of the check found something that keeps this call from being judged; it is reported once."""

    outcome = "not judged"


class OutsideDocument(NoAnswer):
    """The call asks for something that the programs of the chosen document do not do: the case is not planned."""

    outcome = "outside the document"


class BudgetSpent(NoAnswer):
    """The time for the whole run was up during a call: this says nothing about the implementation."""


class TimedOut(NoAnswer):
    """The implementation did not answer in time and was stopped."""

    outcome = "timed out"
