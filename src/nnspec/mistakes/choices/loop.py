"""What a row of the table of loops has, and the clauses and fixes that several rows share."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnspec.mistakes.choices.base import Choice


@dataclass(frozen=True)
class Loop:
    """A loop; its phrase is a sentence without its stop; documents: those in which it is right."""

    name: str
    phrase: str
    fix: str
    clause: str
    program: type[Choice] = field(compare=False, repr=False)
    documents: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """A loop has no formula but its sentence."""
        return self.phrase


STEPS, LOSSES, BATCHES = "training.steps", "training.losses", "training.minibatches"
ONE_STEP, STATES = "training.one-step", "training.stored-states"
BEFORE = "Log the loss of the forward pass that the gradients come from, before the update."
OWN = "Use the batches that are given, each for one iteration, in their order."
SPOILT = (
    "Without minibatches, the one-hot targets become t − p in each iteration, computed in their own memory"
)
OWN_ARRAY = "Compute p − t in an array of its own."
ALL = "Update every parameter in every iteration."
FRESH = "Compute each iteration's gradients at its own parameters, on its own batch alone."
