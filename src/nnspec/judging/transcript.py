"""The calls of the tests and the subject's answers: all that a diagnosis knows of a program."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nnspec.report.record import CHAPTERS, FAILURES, PASSED

#: Calls that are kept of one test. A gradient check makes hundreds, and the first show what the others do.
MAX_CALLS = 12
#: A run with more iterations, or with more products in all of its forward passes, is long.
SHORT_RUN, SMALL_RUN = 5, 100_000


@dataclass(frozen=True)
class Call:
    """One call; ``params`` and ``answer`` as in ``Subject.call``.

    changes: the call was made to see which arguments it changes, and the answer is their names.
    """

    operation: str
    params: dict[str, Any]
    answer: Any
    changes: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it is a run with so many iterations, or so large a network, that only its losses are compared."""
        if self.operation != "train":
            return False
        return self.params["iterations"] > SHORT_RUN or self.params["iterations"] * self.products > SMALL_RUN

    @property
    def activation(self) -> str:
        """The activation that is called by name, or the network's; "" if there is none."""
        network = self.params.get("network")
        name = self.params.get("name") or (network.get("activation") if isinstance(network, dict) else None)
        return str(name or "")

    @property
    def products(self) -> int:
        """Products of a weight and an input in a forward pass; without a network, how many numbers the input has."""
        network = self.params.get("network")
        arrays = [
            self.params[name] for name in ("inputs", "scores", "z") if hasattr(self.params.get(name), "shape")
        ]
        numbers = math.prod(arrays[0].shape) if arrays else 1
        if not isinstance(network, dict) or not arrays:
            return numbers
        shapes = (getattr(array, "shape", ()) for array in network.get("weights", []))
        return len(arrays[0]) * sum(map(math.prod, shapes))


@dataclass
class Transcript:
    """The calls of one test, in order; ``case`` is its name, and ``outcome`` how it ended."""

    case: str
    calls: list[Call] = field(default_factory=list)
    outcome: str = ""

    @property
    def clause(self) -> str:
        """The id of the test's clause."""
        return self.case.partition(":")[0]

    @property
    def chapter(self) -> int:
        """The place of the test's chapter in the specification."""
        return CHAPTERS.index(self.case.partition(".")[0])

    @property
    def is_long(self) -> bool:
        """Whether any of its calls is a long run."""
        return any(call.is_long for call in self.calls)

    @cached_property
    def cost(self) -> int:
        """Roughly the work of a replay: products of a weight and an input, and a constant for each call."""
        return sum(call.products * call.params.get("iterations", 1) + 100 for call in self.calls)

    def has_call(self, operation: str) -> bool:
        """Whether it calls the operation."""
        return any(call.operation == operation for call in self.calls)

    def replay(self, ask: Callable[[Call], Any]) -> list[Any]:
        """The answers of another program to the same calls.

        If the test passed an answer, or a part of it, to a later call (the velocity, from update to update), the
        other program gets its own answer there.
        """
        replacements: dict[int, Any] = {}
        answers = []
        for call in self.calls:
            params = {name: replacements.get(id(value), value) for name, value in call.params.items()}
            answer = ask(replace(call, params=params))
            replacements[id(call.answer)] = answer
            if isinstance(call.answer, dict):
                replacements |= {
                    id(part): answer[name] for name, part in call.answer.items() if isinstance(part, dict)
                }
            answers.append(answer)
        return answers


class Transcripts:
    """The transcripts of a run: of the tests that failed, and of the tests that passed."""

    def __init__(self) -> None:
        """Start without any."""
        self.failed: list[Transcript] = []
        self.passed: list[Transcript] = []
        self._calls: list[Call] = []

    def add(self, call: Call) -> None:
        """Add a call of the current test."""
        if len(self._calls) < MAX_CALLS:
            self._calls.append(call)

    def close(self, case: str, outcome: str) -> None:
        """End the current test with this outcome."""
        if self._calls and outcome == PASSED:
            self.passed.append(Transcript(case, self._calls, outcome))
        elif self._calls and outcome in FAILURES:
            self.failed.append(Transcript(case, self._calls, outcome))
        self._calls = []
