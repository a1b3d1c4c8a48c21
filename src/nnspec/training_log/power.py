"""How many of the known mistakes a correct log would not have shown, because it has too few digits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nnspec.documents.experiments import Experiment
from nnspec.runs.envelope import golden
from nnspec.training_log import variant_losses
from nnspec.training_log.limits import Limits
from nnspec.training_log.log import Log, Loss


@dataclass(frozen=True)
class Hidden:
    """known: variants that print other losses at these iterations; hidden: those that print the same digits."""

    known: int
    hidden: int


def hidden(log: Log, experiment: Experiment, precision: str, shift: int = 0) -> Hidden:
    """How many variants print a log that is accepted as well; shift: −1 if the log counts from 1."""
    limits = Limits(golden(experiment.name, precision), experiment, shift)
    known = missed = 0
    for losses in variant_losses.losses(experiment.name).values():
        common = {i: losses[i + shift] for i in log if i + shift in losses and limits.correct(i) is not None}
        if any(not _prints(limits, Loss(math.nan, 0.0), loss, i) for i, loss in common.items()):
            known += 1
            missed += all(_prints(limits, log[i], loss, i) for i, loss in common.items())
    return Hidden(known, missed)


def _prints(limits: Limits, printed: Loss, loss: float, iteration: int) -> bool:
    """Whether a program with this loss prints digits that a correct one may print."""
    correct = limits.correct(iteration)
    assert correct is not None
    if not math.isfinite(loss):
        return False
    digit = 2 * printed.half
    rounded = round(loss / digit) * digit if digit else loss
    return limits.allow(Loss(rounded, printed.half), correct, iteration)
