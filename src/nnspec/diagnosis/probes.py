"""Further questions to the subject, where what its tests have asked leaves too much open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.clock import Clock
from nnspec.diagnosis.questions import Question
from nnspec.judging.agreement import Disagreement
from nnspec.judging.transcript import Call, Transcript

#: Calls the subject.
Ask: TypeAlias = Callable[[str, dict[str, Any]], Any]
#: Questions with other numbers for each that was wrong.
AGAIN = 5


def with_other_numbers(question: Question, ask: Ask, precision: str, clock: Clock) -> Iterator[Question]:
    """The first call that was answered wrongly, with random numbers in the place of its own."""
    call = question.calls.calls[question.wrong[0]]
    if call.changes:
        return
    for seed in range(AGAIN):
        params = redrawn(np.random.default_rng(seed), call.params)
        try:
            answer = ask(call.operation, params)
        except (NoAnswer, Disagreement):  # then this tells nothing
            continue
        asked = Transcript(question.case, [Call(call.operation, params, answer)])
        yield Question(asked, precision, clock)


def redrawn(random: np.random.Generator, value: Any, name: str = "", classes: int = 1) -> Any:
    """Arguments with normals as large as their numbers were, labels of half of the classes, and no velocity yet.

    The sign of a velocity is the program's own affair, so none can be made for it.
    """
    if name == "velocity":
        return {kind: [np.zeros_like(array) for array in arrays] for kind, arrays in value.items()}
    if isinstance(value, dict):
        classes = number_of_classes(value) or classes
        return {key: redrawn(random, part, key, classes) for key, part in value.items()}
    if isinstance(value, list) and name != "batches":
        return [redrawn(random, part, name) for part in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        size = float(np.abs(value).mean()) if value.size else 0.0
        return random.standard_normal(value.shape) * (size or 1.0)
    if name == "labels":
        drawn = random.permutation(classes)[: max(1, classes // 2)]
        return random.choice(drawn, len(value)).astype(value.dtype)
    return value


def number_of_classes(params: dict[str, Any]) -> int:
    """As the scores have it, or the last layer; 0 where there are neither."""
    if "scores" in params:
        return int(params["scores"].shape[1])
    return len(params["network"]["biases"][-1]) if "network" in params else 0


def answers_otherwise(question: Question, ask: Ask) -> bool:
    """Whether the subject gives another answer when it is asked the very same again."""
    place = question.wrong[0]
    call = question.calls.calls[place]
    if call.is_long or call.changes:
        return False
    for _ in range(2):
        try:
            answer = ask(call.operation, call.params)
        except (NoAnswer, Disagreement):
            return False
        if not question.is_like(place, answer):
            return True
    return False
