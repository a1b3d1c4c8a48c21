"""Ways to log the losses of a program that differ from the document's."""

from __future__ import annotations

from collections.abc import Iterator

from nnspec.documents.experiments import Experiment
from nnspec.training_log.variant import Way

FROM_1 = Way(
    "iterations counted from 1",
    "Iterations are counted from 1, so each loss belongs to the iteration before.",
    "Count iterations from 0.",
    shift=-1,
)


def ways(experiment: Experiment) -> Iterator[Way]:
    """All of them, the most likely first; two more are mistakes of the catalogue."""
    examples = len(experiment.examples()[1])
    if experiment.document == "wildml":
        yield Way(
            "logged before the update",
            "The loss is computed before the update.",
            "Compute the loss after the update of its iteration.",
            shift=-1,
        )
        yield Way(
            "loss not divided by N",
            "The loss is not divided by N.",
            "Print the objective divided by N, as WildML does.",
            scale=float(examples),
        )
        yield Way(
            "logged an iteration late",
            "Each loss belongs to the next iteration.",
            "Compute the loss directly after the update.",
            shift=1,
        )
    else:
        yield FROM_1
        yield Way(
            "loss divided by N",
            "The objective is divided by N.",
            "Print the objective itself.",
            scale=1 / examples,
        )
        yield Way(
            "logged after the update",
            "The loss is computed after the update, so each belongs to the next iteration.",
            "Compute the loss before the update of its iteration.",
            shift=1,
        )
    yield Way(
        "loss over N − 1",
        "The loss is divided by N − 1 instead of N.",
        "Divide by N.",
        scale=examples / (examples - 1),
    )
