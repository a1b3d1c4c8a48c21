"""How wrong answers relate to the right ones, if no mistake of the catalogue explains them.

A relation is reported only if it holds for every wrong answer that is compared, up to rounding. The program may have
other errors too, but a reported relation is never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nnspec.diagnosis.estimates import ESTIMATES
from nnspec.diagnosis.questions import Part, Question, WrongPart, first_wrong_parts
from nnspec.diagnosis.rules import RELATIONS
from nnspec.diagnosis.work import Work


def relation(questions: Sequence[Question], work: Work) -> str | None:
    """A description that is true of all wrong answers of these questions, or None; raises WorkSpent."""
    wrong_parts = [wrong for question in questions for wrong in first_wrong_parts(question)]
    if quantities := _reversed_quantities(questions):
        return f"{quantities}: the layers are in reverse order"
    if not wrong_parts or any(wrong.part.got.shape != wrong.part.right.shape for wrong in wrong_parts):
        return None
    for parts, name in _groups(wrong_parts):
        for candidate in (*RELATIONS, *ESTIMATES):
            work.spend()
            with np.errstate(all="ignore"):
                description = candidate(parts)
            if description:
                return f"{name}: {description}"
    return None


def _reversed_quantities(questions: Sequence[Question]) -> str:
    """The names of the wrong quantities, if each lists its layers in reverse order wherever it is wrong; else ""."""
    reversed_quantities: set[str] = set()
    operation = ""
    for question in questions:
        wrong_parts = list(first_wrong_parts(question))
        call = wrong_parts[0].call
        layers: dict[str, list[Part]] = {}
        for name, part in question.parts[question.wrong_places[0]].items():
            layers.setdefault(WrongPart(call, name, part).quantity, []).append(part)
        quantities = {wrong.quantity for wrong in wrong_parts}
        if not all(_are_reversed(layers[quantity]) for quantity in quantities):
            return ""
        reversed_quantities |= quantities
        operation = call.operation
    return f"{operation}.{' and '.join(sorted(reversed_quantities))}" if operation else ""


def _are_reversed(layers: list[Part]) -> bool:
    """Whether each layer has the right numbers of its counterpart from the other end."""
    counterparts = zip(layers, reversed(layers), strict=True)
    return len(layers) > 1 and not any(replace(there, got=here.got).is_wrong for here, there in counterparts)


def _groups(wrong_parts: list[WrongPart]) -> Iterator[tuple[list[WrongPart], str]]:
    """All wrong parts, then those of each quantity; each group with its name."""
    quantities = list(dict.fromkeys(wrong.quantity for wrong in wrong_parts))
    operation = wrong_parts[0].call.operation
    for group in [quantities, *([name] for name in quantities if len(quantities) > 1)]:
        parts = [wrong for wrong in wrong_parts if wrong.quantity in group]
        names = " and ".join(filter(None, group))
        yield parts, f"{operation}{'.' + names if names else ''}{_layer(parts)}"


def _layer(parts: list[WrongPart]) -> str:
    """`` of the last layer`` or `` of the first``, if all of these parts are; else `` of some`` if others are right."""
    layers = {(wrong.name, len(wrong.call.params.get("network", {}).get("weights", []))) for wrong in parts}
    numbered = [
        (int(match.group(1)), count) for name, count in layers if (match := re.search(r"\[(\d+)\]", name))
    ]
    if all(count < 2 for _, count in numbered):
        return ""
    if all(number == count - 1 for number, count in numbered):
        return " of the last layer"
    if all(number == 0 for number, _ in numbered):
        return " of the first layer"
    return " of some layers" if _are_some_right(parts) else ""


def _are_some_right(parts: list[WrongPart]) -> bool:
    """Whether an answer has a right part of a quantity that is wrong in another layer."""
    wrong: dict[tuple[int, str], int] = {}
    for each in parts:
        place = (id(each.call), each.quantity)
        wrong[place] = wrong.get(place, 0) + 1
    layers = {id(each.call): len(each.call.params["network"]["weights"]) for each in parts}
    return any(count < layers[call] for (call, _), count in wrong.items())
