"""What a loss is: a function of the outputs of a batch, with its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nnspec.mistakes.choices.outputs import Outputs
from nnspec.reference.values import Array


@dataclass(frozen=True)
class Loss:
    """From the outputs of a batch to the losses of its examples, (N,); clause: one that it breaks, of softmax."""

    name: str
    phrase: str
    formula: str
    function: Callable[[Outputs], Array] = field(compare=False, repr=False)
    clause: str = "losses.cross-entropy"
