"""Further calls of the subject, for what the calls of the tests leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.work import Work
from nnspec.judging.agreement import Disagreement
from nnspec.judging.transcript import Call, Transcript

#: Calls the subject.
Ask: TypeAlias = Callable[[str, dict[str, Any]], Any]
#: Times that a wrong call is repeated with other numbers.
REDRAWS = 5
#: Times that a call is repeated with the same numbers.
REPEATS = 2


def with_random_numbers(question: Question, ask: Ask, precision: str, work: Work) -> Iterator[Question]:
    """The first call with a wrong answer, repeated with random numbers."""
    call = question.transcript.calls[question.wrong_places[0]]
    if call.changes:
        return
    for seed in range(REDRAWS):
        params = redraw(np.random.default_rng(seed), call.params)
        try:
            answer = ask(call.operation, params)
        except (NoAnswer, Disagreement):  # nothing to compare
            continue
        transcript = Transcript(question.case, [Call(call.operation, params, answer)])
        yield Question(transcript, precision, work)


def redraw(random: np.random.Generator, value: Any, name: str = "", classes: int = 1) -> Any:
    """The arguments with normals of the same mean size, labels of half of the classes, and a velocity of 0.

    Programs may choose the sign of the velocity, so another velocity cannot be drawn for them.
    """
    if name == "velocity":
        return {kind: [np.zeros_like(array) for array in arrays] for kind, arrays in value.items()}
    if isinstance(value, dict):
        classes = number_of_classes(value) or classes
        return {key: redraw(random, part, key, classes) for key, part in value.items()}
    if isinstance(value, list) and name != "batches":
        return [redraw(random, part, name) for part in value]
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        size = float(np.abs(value).mean()) if value.size else 0.0
        return random.standard_normal(value.shape) * (size or 1.0)
    if name == "labels":
        classes_drawn = random.permutation(classes)[: max(1, classes // 2)]
        return random.choice(classes_drawn, len(value)).astype(value.dtype)
    return value


def number_of_classes(params: dict[str, Any]) -> int:
    """The columns of the scores, or the units of the last layer; 0 if there are neither."""
    if "scores" in params:
        return int(params["scores"].shape[1])
    return len(params["network"]["biases"][-1]) if "network" in params else 0


def answers_vary(question: Question, ask: Ask) -> bool:
    """Whether the subject gives another answer when the first call with a wrong answer is repeated."""
    place = question.wrong_places[0]
    call = question.transcript.calls[place]
    if call.is_long or call.changes:
        return False
    for _ in range(REPEATS):
        try:
            answer = ask(call.operation, call.params)
        except (NoAnswer, Disagreement):
            return False
        if not question.matches(place, answer):
            return True
    return False
