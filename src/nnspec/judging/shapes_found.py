"""The numbers of layers and classes that a program is made for, found by asking where describe names none.

A program that raises an error at some and answers at others is made for the others. One that answers at all is judged
at all, right or wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nnspec.contract.support import Support
from nnspec.judging.ordinary import CLASSES, DEPTHS, Asking, Choices, Reply, last_line, takes
from nnspec.judging.returned import joined
from nnspec.report.record import NOTE, Observation

#: The numbers that are asked for, by the field of describe.
Asked = Mapping[str, Sequence[int]]
#: The arguments that have a number of layers, and of classes.
_ARGUMENTS = {
    "depths": ("network", "sizes", "experiment"),
    "classes": ("network", "sizes", "experiment", "scores"),
}
_ONE, _MANY = {"depths": "layer", "classes": "class"}, {"depths": "layers", "classes": "classes"}


@dataclass(frozen=True)
class Found:
    """The numbers of layers or of classes (``field``) for which an operation answers.

    error: what it raised for the number ``at``.
    """

    operation: str
    field: str
    numbers: tuple[int, ...]
    error: str
    at: int

    def narrow(self, support: Support) -> Support:
        """The support, with these numbers alone."""
        return support & Support(**{self.field: self.numbers})  # type: ignore[arg-type]


def left_open(said: Support, scope: Support) -> Asked:
    """The numbers to ask for: of each field that describe leaves out, those in the scope."""
    known = {"depths": DEPTHS, "classes": CLASSES}
    return {
        field: getattr(scope, field) or numbers
        for field, numbers in known.items()
        if getattr(said, field) is None
    }


def shapes_found(
    asking: Asking, operation: str, choices: Choices, asked: Asked, tried: Sequence[tuple[Choices, Reply]]
) -> list[Found]:
    """What an operation that answers these choices is made for; ``tried``: calls of it that were made before."""
    found = []
    for field, numbers in asked.items():
        if not takes(operation, *_ARGUMENTS[field]):
            continue
        replies = {
            number: _reply(asking, operation, _with(choices, field, number), tried)
            for number in sorted(numbers)
        }
        errors = {number: reply.error for number, reply in replies.items() if reply.error}
        if errors and operation not in asking.lost:
            at = min(errors)
            answered = tuple(number for number, reply in replies.items() if reply.is_answer)
            found.append(Found(operation, field, answered, last_line(errors[at]), at))
    return found


def _with(choices: Choices, field: str, number: int) -> Choices:
    if field == "depths":
        return choices.with_shape(number, choices.classes)
    return choices.with_shape(choices.depth, number)


def _reply(asking: Asking, operation: str, choices: Choices, tried: Sequence[tuple[Choices, Reply]]) -> Reply:
    before = next((reply for asked, reply in tried if asked == choices), None)
    return before or asking(operation, choices.params(operation))


def notes(found: Sequence[Found]) -> list[Observation]:
    """A note for each set of numbers, with all of its operations."""
    grouped: dict[tuple[str, tuple[int, ...]], list[Found]] = {}
    for one in found:
        grouped.setdefault((one.field, one.numbers), []).append(one)
    return [_note(field, numbers, alike) for (field, numbers), alike in grouped.items()]


def _note(field: str, numbers: tuple[int, ...], found: Sequence[Found]) -> Observation:
    operations = joined([one.operation for one in found])
    verb = "answers" if len(found) == 1 else "answer"
    first, text = found[0], joined([str(number) for number in numbers])
    who = "it" if len(found) == 1 else first.operation
    message = (
        f"{operations} {verb} for {text} {_counted(field, numbers[-1])} alone "
        f"({who} raised {first.error} for {first.at}): judged with {text}"
    )
    return Observation(NOTE, first.operation, message, f'Say so in describe: "{field}": {[*numbers]}.')


def _counted(field: str, number: int) -> str:
    return _ONE[field] if number == 1 else _MANY[field]


def narrowed(scope: Support, found: Sequence[Found]) -> Support:
    """The scope, with what is left for the inputs of every test; a field stays as it is if nothing is left."""
    for one in found:
        smaller = one.narrow(scope)
        if getattr(smaller, one.field):
            scope = replace(scope, **{one.field: getattr(smaller, one.field)})
    return scope
