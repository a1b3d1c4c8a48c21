"""What every mistake has."""

from __future__ import annotations

from typing import Any, ClassVar

from nnspec.reference import Reference


class Mistake(Reference):
    """A program with one mistake, which its docstring tells in a sentence.

    clause: the id of a clause that it breaks; mend: a sentence that says how to mend it.
    """

    clause: ClassVar[str]
    mend: ClassVar[str]

    def describe(self) -> dict[str, Any]:
        """The reference's abilities, under the mistake's name."""
        return {**super().describe(), "name": type(self).__name__}
