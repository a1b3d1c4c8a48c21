"""Ordinary calls of a program before the first clause, and what came of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnspec.contract.errors import (
    BudgetSpent,
    Garbled,
    ImplementationError,
    NoAnswer,
    TimedOut,
    Unsupported,
)
from nnspec.contract.operations import OPERATIONS, Description
from nnspec.contract.support import Support
from nnspec.documents.experiments import SMALL
from nnspec.documents.scopes import Scope
from nnspec.judging import cases
from nnspec.reach.process import STDERR_FOLLOWS
from nnspec.reach.replies import alike
from nnspec.reach.transports import ERROR_FOLLOWS, FLUSH
from nnspec.reference.values import Initialization, Objective, Optimizer

#: An operation's answer as it came, not yet read; raises a NoAnswer.
Ask = Callable[[str, dict[str, Any]], Any]
#: The numbers of layers and of classes that are asked for where describe names none.
DEPTHS, CLASSES = (2, 1, 3, 4), (4, 3, 2)
#: Operations that lose their reply in the same way before it is a fault of every message.
ENOUGH_LOST = 3
#: The numbers of classes that a program for one number is most often made for: two, and ten digits.
FEW_AND_TEN = (2, 10)


@dataclass(frozen=True)
class Choices:
    """What an ordinary call leaves open."""

    sizes: tuple[int, ...]
    activation: str
    objective: Objective
    optimizer: Optimizer
    initialization: Initialization

    def params(self, operation: str) -> dict[str, Any]:
        """The arguments of the call; the same numbers each time."""
        random = np.random.default_rng([zlib.crc32(operation.encode())])
        params = cases.call(operation, random, self.activation, self.objective, self.optimizer, self.sizes)
        if "initialization" in params:
            params["initialization"] = self.initialization
        if "experiment" in params:
            params["experiment"]["initialization"] = self.initialization
        return params

    def with_shape(self, depth: int, classes: int) -> Choices:
        """The same with another number of layers and of classes."""
        return replace(self, sizes=cases.sizes_for(Support(depths=(depth,), classes=(classes,))))

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.sizes) - 1

    @property
    def classes(self) -> int:
        """The number of classes."""
        return self.sizes[-1]


def usual(scope: Support, document: Scope | None = None) -> Choices | None:
    """The first choice in each field of the scope, without a penalty; None if the scope has none for a field."""
    if not (scope.activations and scope.reductions and scope.methods):
        return None
    return Choices(
        cases.sizes_for(scope),
        scope.activations[0],
        cases.objective(scope.reductions[0]),
        cases.optimizer(scope.methods[0]),
        document.initialization if document else SMALL,
    )


def shapes_in(scope: Support, choices: Choices) -> Iterator[Choices]:
    """The choices with every other number of layers, and with every other number of classes."""
    for depth in DEPTHS if scope.depths is None else scope.depths:
        if depth != choices.depth:
            yield choices.with_shape(depth, choices.classes)
    for classes in CLASSES if scope.classes is None else scope.classes:
        if classes != choices.classes:
            yield choices.with_shape(choices.depth, classes)


def others(scope: Support, choices: Choices) -> Iterator[Choices]:
    """Other choices in the scope, one at a time: a program may decline the usual ones."""
    yield from shapes_in(scope, choices)
    for activation in scope.activations[1:]:
        yield replace(choices, activation=activation)
    for reduction in scope.reductions[1:]:
        yield replace(choices, objective=cases.objective(reduction))
    for method in scope.methods[1:]:
        yield replace(choices, optimizer=cases.optimizer(method))
    if scope.classes is None:
        for depth in DEPTHS if scope.depths is None else scope.depths:
            for classes in FEW_AND_TEN:
                yield choices.with_shape(depth, classes)


@dataclass(frozen=True)
class Reply:
    """What came of a call: an answer, or why there is none.

    error: what the program raised; unsupported: it declined; lost: it crashed, hung or wrote garbage.
    """

    answer: Any = None
    error: str = ""
    unsupported: bool = False
    lost: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether there is an answer."""
        return not (self.error or self.unsupported or self.lost)


@dataclass
class Asking:
    """Calls a program, for what it says that it does and for what a document does, if there is one.

    lost: operations by which it crashed, hung or wrote garbage, which are not called again; slow: those of them that
    gave no answer in time, and what was said of it; no_replies: what came in place of replies; replied: whether a reply
    ever came.
    """

    ask: Ask
    description: Description
    document: Scope | None = None
    lost: set[str] = field(default_factory=set)
    slow: dict[str, str] = field(default_factory=dict)
    no_replies: list[str] = field(default_factory=list)
    replied: bool = False

    @property
    def fault(self) -> str:
        """What keeps every message from being read; "" if some can be, or if that is not known yet."""
        if self.replied or not self.no_replies:
            return ""
        first, *others = self.no_replies
        is_certain = FLUSH in first or len(others) >= ENOUGH_LOST - 1
        return first if is_certain and {*map(alike, others)} <= {alike(first)} else ""

    def __call__(self, operation: str, params: dict[str, Any]) -> Reply:
        """One call; raises BudgetSpent."""
        if operation in self.lost:
            return Reply(lost=True)
        if self.description.missing(operation, params):
            return Reply(unsupported=True)
        if self.document and self.document.missing(operation, params):
            return Reply(unsupported=True)
        try:
            answer = self.ask(operation, params)
            self.replied = True
            return Reply(answer)
        except BudgetSpent:
            raise
        except Unsupported:
            self.replied = True
            return Reply(unsupported=True)
        except ImplementationError as error:
            self.replied = True
            said = str(error).removeprefix(f"{operation}{ERROR_FOLLOWS}")
            return Reply(error=said or "an error without a message")
        except NoAnswer as error:
            self.lost.add(operation)
            message = str(error).partition(STDERR_FOLLOWS)[0]
            if isinstance(error, TimedOut):
                self.slow[operation] = message
            if isinstance(error, Garbled) or FLUSH in message:
                self.no_replies.append(message)
            return Reply(lost=True)


def takes(operation: str, *names: str) -> bool:
    """Whether the operation takes any of these arguments."""
    return bool({*names} & {*OPERATIONS[operation].takes})


def last_line(error: str) -> str:
    """What an error says, in one line: the type of an exception and its message, which may have several lines."""
    lines = error.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith('  File "')]
    if places:
        ends = (number for number in range(places[-1], len(lines)) if lines[number][:1].strip())
        return " ".join(line.strip() for line in lines[next(ends, len(lines)) :] if line.strip())
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
