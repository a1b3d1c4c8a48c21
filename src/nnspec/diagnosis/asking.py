"""Questions to the subject, counted: a diagnosis is bounded by how much it asks, never by the clock."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.errors import BudgetSpent, NoAnswer, TimedOut
from nnspec.judging.agreement import Disagreement

#: Calls a program: the subject, or one with the mistakes that are tried.
Ask: TypeAlias = Callable[[str, dict[str, Any]], Any]


class Unanswered(Exception):
    """The program has no answer to a question: it lacks the operation, refuses the case, or crashes."""


class QuestionsSpent(Exception):
    """The subject was asked as often as it may be, or gives no answer in time."""


class Asker:
    """Asks the subject, and remembers its answers.

    asked: how many calls were made; work: how many iterations and other answers the questions took, repeated ones too.
    """

    def __init__(self, ask: Ask, limit: int) -> None:
        """ask: calls the subject; limit: of the calls."""
        self.asked = self.work = 0
        self._ask, self._limit = ask, limit
        self._answers: dict[bytes, Any] = {}
        self._first: dict[str, tuple[dict[str, Any], Any]] = {}

    def __call__(self, operation: str, params: dict[str, Any]) -> Any:
        """The subject's answer; raises Unanswered, or QuestionsSpent."""
        self.work += params.get("iterations", 1)
        key = pickle.dumps((operation, params))
        if key not in self._answers:
            self._answers[key] = self._asked_again(operation, params)
            self._first.setdefault(operation, (params, self._answers[key]))
        answer = self._answers[key]
        if isinstance(answer, Unanswered):
            raise answer
        return answer

    def varies(self, operation: str) -> bool:
        """Whether the answer to the first question of an operation is another one now."""
        if operation not in self._first:
            return False
        params, answer = self._first[operation]
        return bool(_numbers(self._asked_again(operation, params)) != _numbers(answer))

    def again(self, operation: str, params: dict[str, Any]) -> Any:
        """The subject's answer now, whatever it was before; raises Unanswered, or QuestionsSpent."""
        answer = self._asked_again(operation, params)
        if isinstance(answer, Unanswered):
            raise answer
        return answer

    def _asked_again(self, operation: str, params: dict[str, Any]) -> Any:
        if self.asked >= self._limit:
            raise QuestionsSpent
        self.asked += 1
        try:
            return self._ask(operation, params)
        except (BudgetSpent, TimedOut):
            raise QuestionsSpent from None
        except (NoAnswer, Disagreement) as error:
            return Unanswered(str(error))


def _numbers(answer: Any) -> bytes:
    """The numbers of an answer, to the last bit."""
    if isinstance(answer, Mapping):
        return b"".join(_numbers(part) for part in answer.values())
    if isinstance(answer, list):
        return b"".join(map(_numbers, answer))
    return b"" if isinstance(answer, (str, Unanswered)) or answer is None else np.asarray(answer).tobytes()
