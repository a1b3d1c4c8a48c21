"""The catalogue of mistakes: each is the reference with one thing wrong, in the file of its chapter.

A mistake's docstring says what is wrong, ``clause`` names a clause that it breaks, and ``fix`` says how to
fix it. Each can be checked as an implementation: ``nnspec check nnspec.mistakes:BiasesPenalised``. PAIRS are
programs that make two mistakes.

In: nothing.
Out: the catalogue, classes of programs with one mistake each.
May use: ``nnspec.reference``.
"""

from __future__ import annotations

from nnspec.mistakes import (
    calls,
    data,
    functions,
    gradients,
    hidden_gradients,
    initialization,
    labelled_losses,
    losses,
    outcomes,
    runs,
    schedules,
    score_gradients,
    training,
    updates,
)
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.pairs import PAIRS

__all__ = ["PAIRS", "Mistake", "catalogue"]

#: In the order of the specification.
_CHAPTERS = (
    *(data, functions, losses, labelled_losses, score_gradients, gradients, hidden_gradients),
    *(updates, schedules, initialization, training, runs, outcomes, calls),
)


def catalogue() -> list[type[Mistake]]:
    """Every mistake, chapter by chapter."""
    return [
        member
        for chapter in _CHAPTERS
        for member in vars(chapter).values()
        if isinstance(member, type) and issubclass(member, Mistake) and member is not Mistake
    ]


# Each is a TARGET by its name alone, without its chapter.
globals().update({mistake.__name__: mistake for mistake in (*catalogue(), *PAIRS)})
