"""What the tests have asked an implementation, and what it answered: all that a diagnosis goes by."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nnspec.report.record import CHAPTERS, FAILURES, PASSED

#: Calls of one test that are kept. A gradient check makes hundreds, and the first tell what the others do.
KEPT = 12
#: Iterations of a run that are told apart number by number, and products that such a run may form.
SHORT, SMALL = 5, 100_000


@dataclass(frozen=True)
class Call:
    """One call; ``params`` and ``answer`` as ``Subject.call`` has them.

    changes: the question was which arguments the call changes, and the answer is their names.
    """

    operation: str
    params: dict[str, Any]
    answer: Any
    changes: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it is a run of so many iterations, or of so large a network, that its losses alone are compared."""
        if self.operation != "train":
            return False
        return self.params["iterations"] > SHORT or self.params["iterations"] * self.products > SMALL

    @property
    def activation(self) -> str:
        """That of the function or of the network; "" where there is none."""
        network = self.params.get("network")
        told = self.params.get("name") or (network.get("activation") if isinstance(network, dict) else None)
        return str(told or "")

    @property
    def products(self) -> int:
        """Products of a weight and an input in a forward pass, where there is one; otherwise the inputs' numbers."""
        network = self.params.get("network")
        given = [
            self.params[name] for name in ("inputs", "scores", "z") if hasattr(self.params.get(name), "shape")
        ]
        numbers = math.prod(given[0].shape) if given else 1
        if not isinstance(network, dict) or not given:
            return numbers
        weights = (getattr(array, "shape", ()) for array in network.get("weights", []))
        return len(given[0]) * sum(map(math.prod, weights))


@dataclass
class Transcript:
    """The calls of one test, in order; ``case`` is its name, and ``outcome`` how it ended."""

    case: str
    calls: list[Call] = field(default_factory=list)
    outcome: str = ""

    @property
    def clause(self) -> str:
        """The clause of the test."""
        return self.case.partition(":")[0]

    @property
    def chapter(self) -> int:
        """The place of the test's chapter in the specification."""
        return CHAPTERS.index(self.case.partition(".")[0])

    @property
    def is_long(self) -> bool:
        """Whether it has a long run of training."""
        return any(call.is_long for call in self.calls)

    @cached_property
    def cost(self) -> int:
        """What it takes to ask all of this again, roughly: products of a weight and an input, and other numbers."""
        return sum(call.products * call.params.get("iterations", 1) + 100 for call in self.calls)

    def asks(self, operation: str) -> bool:
        """Whether it calls the operation."""
        return any(call.operation == operation for call in self.calls)

    def replayed(self, ask: Callable[[Call], Any]) -> list[Any]:
        """What another program answers to the same calls.

        Where an answer, or a part of it, was an argument of a later call (the velocity, from update to update),
        the other program gets its own.
        """
        own: dict[int, Any] = {}
        answers = []
        for call in self.calls:
            params = {name: own.get(id(value), value) for name, value in call.params.items()}
            answer = ask(replace(call, params=params))
            own[id(call.answer)] = answer
            if isinstance(call.answer, dict):
                own |= {
                    id(part): answer[name] for name, part in call.answer.items() if isinstance(part, dict)
                }
            answers.append(answer)
        return answers


class Transcripts:
    """Those of a run: of the tests that failed, and of those that passed."""

    def __init__(self) -> None:
        """Nothing has been asked."""
        self.failed: list[Transcript] = []
        self.passed: list[Transcript] = []
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """A call of the test that is on."""
        if len(self._calls) < KEPT:
            self._calls.append(call)

    def close(self, case: str, outcome: str) -> None:
        """The test that was on has ended so."""
        if self._calls and outcome == PASSED:
            self.passed.append(Transcript(case, self._calls, outcome))
        elif self._calls and outcome in FAILURES:
            self.failed.append(Transcript(case, self._calls, outcome))
        self._calls = []
