"""The parts of answers that are wrong, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nnspec.diagnosis.questions import Part, Question
from nnspec.judging.transcript import Call


@dataclass(frozen=True)
class Wrong:
    """A part of an answer that is wrong."""

    call: Call
    name: str
    part: Part

    @property
    def quantity(self) -> str:
        """Its name without the layer's number."""
        return re.sub(r"\[\d+\]", "", self.name)


def first_wrong(question: Question) -> Iterator[Wrong]:
    """The wrong parts of its first answer that is wrong."""
    place = question.wrong[0]
    for name, part in question.parts[place].items():
        if part.wrong:
            yield Wrong(question.calls.calls[place], name, part)


def part_named(answer: Any, name: str) -> Any:
    """The part of an answer that bears a name such as network.weights[1]."""
    for key, layer in re.findall(r"([a-z_]+)|\[(\d+)\]", name):
        answer = answer[key] if key else answer[int(layer)]
    return answer
