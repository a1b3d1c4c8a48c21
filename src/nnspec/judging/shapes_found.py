"""The numbers of layers and classes that a program is made for, found by asking where describe names none.

A program that raises an error at some and answers at others is made for the others. One that answers at all is judged
at all, right or wrong; and so is an operation that raises an error where another one of the same program answers.
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
#: Operations of a program that are made for the same numbers.
_ALIKE = {
    "depths": (("forward", "predict", "loss", "gradients", "train"),),
    "classes": (("forward", "predict"), ("loss", "gradients", "train")),
}
_ONE, _MANY = {"depths": "layer", "classes": "class"}, {"depths": "layers", "classes": "classes"}


@dataclass(frozen=True)
class Found:
    """The numbers of layers or of classes (``field``) for which an operation answers.

    errors: what it raised for others, by their number.
    """

    operation: str
    field: str
    numbers: tuple[int, ...]
    errors: Mapping[int, str]

    @property
    def at(self) -> int:
        """The first number for which it raised an error."""
        return min(self.errors)

    @property
    def error(self) -> str:
        """What it raised for this number."""
        return self.errors[self.at]

    def alike(self, found: Sequence[Found], number: int) -> list[str]:
        """Operations that answer for this number, and are made for the same as this one."""
        group: tuple[str, ...] = next((group for group in _ALIKE[self.field] if self.operation in group), ())
        return [
            one.operation
            for one in found
            if one.field == self.field and one.operation in group and number in one.numbers
        ]

    def narrow(self, support: Support) -> Support:
        """The support, with these numbers alone."""
        return support & Support(**{self.field: self.numbers})  # type: ignore[arg-type] # depths or classes


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
        own = choices.depth if field == "depths" else choices.classes
        replies = {
            number: _reply(asking, operation, _with(choices, field, number), tried)
            for number in sorted({*numbers, own})
        }
        if operation not in asking.lost:
            answered = tuple(number for number, reply in replies.items() if reply.is_answer)
            errors = {number: last_line(reply.error) for number, reply in replies.items() if reply.error}
            found.append(Found(operation, field, answered, errors))
    return found


def _with(choices: Choices, field: str, number: int) -> Choices:
    if field == "depths":
        return choices.with_shape(number, choices.classes)
    return choices.with_shape(choices.depth, number)


def _reply(asking: Asking, operation: str, choices: Choices, tried: Sequence[tuple[Choices, Reply]]) -> Reply:
    before = next((reply for asked, reply in tried if asked == choices), None)
    return before or asking(operation, choices.params(operation))


def made_for(found: Sequence[Found]) -> list[Found]:
    """Operations that raise an error for some numbers, as all others of their kind do that the program has."""
    return [one for one in found if one.errors and not _contradicted(one, found)]


def _contradicted(one: Found, found: Sequence[Found]) -> int | None:
    """The first number for which an operation raised an error, and another one answers."""
    return next((number for number in one.errors if one.alike(found, number)), None)


def notes(found: Sequence[Found]) -> list[Observation]:
    """A note for each set of numbers, with all of its operations; and for each operation that differs from others."""
    grouped: dict[tuple[str, tuple[int, ...]], list[Found]] = {}
    for one in made_for(found):
        grouped.setdefault((one.field, one.numbers), []).append(one)
    alike = [_note(field, numbers, alike) for (field, numbers), alike in grouped.items()]
    return alike + [
        _difference(one, found, number) for one in found if (number := _contradicted(one, found)) is not None
    ]


def _difference(one: Found, found: Sequence[Found], number: int) -> Observation:
    others = one.alike(found, number)
    verb = "answers" if len(others) == 1 else "answer"
    message = (
        f"{one.operation} raised {one.errors[number]} for {number} {_counted(one.field, number)}, "
        f"for which {joined(others)} {verb}"
    )
    return Observation(
        NOTE,
        one.operation,
        message,
        f"Fix this error. If the program is made for {_alone(one.field, one.numbers)}, "
        f'say so in describe: "{one.field}": {[*one.numbers]}.',
    )


def _note(field: str, numbers: tuple[int, ...], found: Sequence[Found]) -> Observation:
    operations = joined([one.operation for one in found])
    verb = "answers" if len(found) == 1 else "answer"
    first, text = found[0], joined([str(number) for number in numbers])
    who = "it" if len(found) == 1 else first.operation
    message = (
        f"{operations} {verb} for {_alone(field, numbers)} "
        f"({who} raised {first.error} for {first.at}): judged with {text}"
    )
    return Observation(NOTE, first.operation, message, f'Say so in describe: "{field}": {[*numbers]}.')


def _alone(field: str, numbers: Sequence[int]) -> str:
    return f"{joined([str(number) for number in numbers])} {_counted(field, numbers[-1])} alone"


def _counted(field: str, number: int) -> str:
    return _ONE[field] if number == 1 else _MANY[field]


def narrowed(scope: Support, found: Sequence[Found]) -> Support:
    """The scope, with what is left for the inputs of every test; a field stays as it is if nothing is left."""
    for one in found:
        smaller = one.narrow(scope)
        if getattr(smaller, one.field):
            scope = replace(scope, **{one.field: getattr(smaller, one.field)})
    return scope
