"""What all choices share: the base class of their programs, their names, and outputs that remember their inputs."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeVar

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array


class Choice(Mistake):
    """A program with another formula than the documents have.

    table: the name of the table that its row is from; row: the row, or rows; documents: those in which it is right.
    """

    table: ClassVar[str] = ""
    row: ClassVar[Any] = None
    documents: ClassVar[tuple[str, ...]] = ()

    def update(self, **arguments: Any) -> dict[str, Any]:
        """The step: what loops do to an update, in ``update``, holds whatever optimiser is chosen, in ``step``."""
        return self.step(**arguments)

    def step(self, **arguments: Any) -> dict[str, Any]:
        """The reference's update, which another optimiser replaces."""
        return super().update(**arguments)

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        """What an activation does to the scores, in ``through_scores``, holds whatever the loss is."""
        return self.through_scores(scores, self.loss_gradient(scores, labels, reduction))

    def loss_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        """The reference's gradient on what the loss takes, which another loss replaces."""
        return super().score_gradient(scores, labels, reduction)

    def through_scores(self, scores: Array, delta: Array) -> Array:
        """Back from what the loss takes to what the last layer gives: the same, unless it has an activation."""
        del scores
        return delta


Program = TypeVar("Program", bound=type[Choice])


def named(program: Program, name: str, sentence: str, fix: str, clause: str, row: Any, table: str) -> Program:
    """The class under its own name, with its sentence as its docstring."""
    program.__name__ = program.__qualname__ = identifier(name)
    program.__doc__ = sentence
    program.fix, program.clause, program.row, program.table = fix, clause, row, table
    program.documents = getattr(row, "documents", ())
    return program


def instead(phrase: str, right: str) -> str:
    """The phrase, then what is right, with a comma between them if the phrase has one."""
    return f"{phrase}{',' if ',' in phrase else ''} instead of {right}"


def identifier(words: str) -> str:
    """A class's name from words: "leaky relu 0.01" gives LeakyRelu0_01."""
    parts = re.findall(r"[A-Za-z0-9.+-]+", words)
    name = "".join(f" {part[:1].upper()}{part[1:]}" for part in parts)
    return re.sub(r"\W", "_", re.sub(r"(?<!\d) | (?!\d)", "", name)).strip("_")


class Output(np.ndarray[Any, np.dtype[Any]]):
    """The output h of a hidden layer that remembers its input z; whatever is computed from it is a plain array.

    The reference hands only h to the backward pass, as the documents do, and there a derivative may need z.
    """

    z: Array | None = None
    #: The output itself, if these numbers stand in for it in a formula of the derivative.
    h: Array | None = None

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        plain = np.asarray(array)
        return plain[()] if plain.ndim == 0 else plain


def output(h: Array, z: Array, given: Array | None = None) -> Output:
    """The output h of a layer with the inputs z; given: what the layer hands on, if that is not h."""
    remembering = np.asarray(h).view(Output)
    remembering.z = np.asarray(z)
    remembering.h = np.asarray(h if given is None else given)
    return remembering


def input_of(h: Array) -> Array | None:
    """The inputs z that these outputs are from, or None if they do not remember."""
    return h.z if isinstance(h, Output) else None
