"""Programs that offer only a part of the contract: some operations, and of these only what a document's programs do."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from nnspec.contract.support import Support
from nnspec.documents.scopes import SCOPES, Scope
from nnspec.reference import Reference


@dataclass(frozen=True)
class Part:
    """A part of the contract; document: the name of the document whose programs offer this part, or ""."""

    name: str
    operations: tuple[str, ...]
    document: str = ""

    @property
    def scope(self) -> Scope | None:
        """What the document's programs do; None if there is no document."""
        return SCOPES.get(self.document)

    @property
    def support(self) -> Support:
        """The cases of its operations."""
        return self.scope.support if self.scope else Support()

    @property
    def identifier(self) -> str:
        """The name as Python would have it."""
        return self.name.replace(", ", "_")


class Partial:
    """A program that answers for a part of the contract, and has nothing else."""

    def __init__(self, program: Any, part: Part) -> None:
        """program: an implementation of the whole contract."""
        self._program, self._part = program, part

    def describe(self) -> dict[str, Any]:
        """The program's own description, with what the part holds."""
        support = self._part.support
        return {
            **self._program.describe(),
            **{
                name: list(getattr(support, name))
                for name in ("activations", "reductions", "methods", "schedules")
            },
            **{name: getattr(support, name) for name in ("batches", "l2")},
            **{name: list(some) for name in ("depths", "classes") if (some := getattr(support, name))},
        }

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        """The program's operation, if the part has it."""
        if operation not in self._part.operations:
            raise AttributeError(operation)
        return getattr(self._program, operation)


#: What the examples' adapters offer, whichever document they follow.
EXAMPLE = (
    *("softmax", "activation", "cross_entropy", "score_gradient", "forward", "predict"),
    *("loss", "gradients", "update", "train", "fit"),
)

#: The parts whose power is measured.
PARTS = [
    Part("loss, gradients, train", ("loss", "gradients", "train")),
    Part("loss, gradients", ("loss", "gradients")),
    Part("train", ("train",)),
    Part("forward, gradients", ("forward", "gradients")),
    Part("fit, predict", ("fit", "predict")),
    Part("CS231n", EXAMPLE, "cs231n"),
    Part("WildML", (*EXAMPLE, "activation_derivative"), "wildml"),
    Part("Roelants", (*EXAMPLE, "activation_derivative"), "roelants"),
]
#: The reference of each part: a TARGET is this file and references.NAME.
references = SimpleNamespace(**{part.identifier: Partial(Reference(), part) for part in PARTS})


def part_named(name: str, parts: Collection[Part] = PARTS) -> Part:
    """The part of this name."""
    return next(part for part in parts if part.name == name)
