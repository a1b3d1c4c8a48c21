"""The base class of every mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from nnspec.reference import Reference


class Mistake(Reference):
    """A program with one mistake, which its docstring describes in one sentence.

    clause: the id of a clause that it breaks; fix: a sentence that says how to fix it; constant: a number in
    the docstring, for which other programs use one of ``constants``.
    """

    clause: ClassVar[str]
    fix: ClassVar[str]
    constant: ClassVar[float]
    constants: ClassVar[tuple[float, ...]] = ()

    def describe(self) -> dict[str, Any]:
        """The reference's abilities, under the mistake's name."""
        return {**super().describe(), "name": type(self).__name__}


def with_other_constants(mistake: type[Mistake]) -> Iterator[type[Mistake]]:
    """The mistake with each of its other constants; name, clause and fix stay the same."""
    for constant in mistake.constants:
        if constant != mistake.constant:
            old, new = format_constant(mistake.constant), format_constant(constant)
            sentence = (mistake.__doc__ or "").replace(old, new)
            yield type(mistake.__name__, (mistake,), {"constant": constant, "__doc__": sentence})


def format_constant(constant: float) -> str:
    """The constant as docstrings write it, such as 0.01 or 1e-9."""
    return f"{constant:g}".replace("e-0", "e-")


#: Small numbers that programs add to avoid dividing by 0 or taking the logarithm of 0.
EPSILONS = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-15, 1e-16, 1e-20)
#: Slopes of a leaky ReLU for negative inputs.
SLOPES = (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3)
