"""Errors, in the order of a run's life: wrong use, nobody there, and what may come instead of an answer."""

from __future__ import annotations


class WrongUse(Exception):
    """The command line asks for something that does not exist. Exit code 2."""


class Unreachable(Exception):
    """The implementation could not be started, or does not speak the protocol. Exit code 3."""


class NoAnswer(Exception):
    """A call that brought no answer to judge; ``outcome`` is what the verdict counts it as."""

    outcome = "failed"


class Unsupported(NoAnswer):
    """The implementation lacks this operation, or says that it does not do this case of it."""

    outcome = "unsupported"


class ImplementationError(NoAnswer):
    """The implementation answered with an error of its own."""


class MalformedAnswer(NoAnswer):
    """An answer arrived, but it is not of the kind that the operation gives."""


class Garbled(NoAnswer):
    """What the implementation wrote is no message of the protocol."""

    outcome = "invalid message"


class Crashed(NoAnswer):
    """The implementation ended while it was called."""

    outcome = "crashed"


class BudgetSpent(NoAnswer):
    """The time of the whole run was up while the implementation was at work: nothing is to be said of it."""


class TimedOut(NoAnswer):
    """The implementation did not answer in time and was stopped."""

    outcome = "timed out"
