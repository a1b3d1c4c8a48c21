"""How far a printed loss may be from a variant's, and how far the variant's must be from the correct one to count."""

from __future__ import annotations

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.runs.envelope import GoldenTrace
from nnspec.runs.printed_numbers import place, unit
from nnspec.training_log import variant_losses
from nnspec.training_log.log import Loss

#: The error of a stored loss, as a share of it: another machine's rounding, and that to a few digits.
STORED = variant_losses.CERTAIN + variant_losses.ROUNDING
#: The least error of a loss that was computed just now, as a share of it.
COMPUTED = 1e-13


class Limits:
    """The limits for one experiment and precision."""

    def __init__(self, trace: GoldenTrace, experiment: Experiment, shift: int = 0) -> None:
        """Limits by the experiment's golden trace, which knows the precision; shift: −1 if a log counts from 1."""
        self._trace, self._experiment, self._shift = trace, experiment, shift
        self._correct = {
            int(at): float(loss) / unit(experiment)
            for at, loss in zip(trace.iterations, trace.losses, strict=True)
        }

    def at(self, place: int) -> float | None:
        """The loss that the document's program prints before this update; None if it is not known."""
        return self._correct.get(place)

    def correct(self, iteration: int) -> float | None:
        """The loss that the document's program prints for this iteration of the log; None if it is not known."""
        return self._correct.get(place(self._experiment, iteration) + self._shift)

    def allow(self, loss: Loss, expected: float, iteration: int, share: float = STORED) -> bool:
        """Whether the expected loss, of which this share is uncertain, may be printed as this one."""
        if not (np.isfinite(loss.value) and np.isfinite(expected)):
            return bool(np.array_equal(loss.value, expected, equal_nan=True))
        return abs(loss.value - expected) <= self._width(loss, expected, iteration, share)

    def digits(self, loss: Loss, expected: float, iteration: int, share: float = STORED) -> float:
        """How many digits of this loss a correct program prints differently; 0 if it is not a number."""
        correct = self.correct(iteration)
        if correct is None or not np.isfinite(expected):
            return 0.0
        widths = abs(expected - correct) / self._width(loss, expected, iteration, share)
        return float(np.log10(widths)) if widths > 2 else 0.0

    def _width(self, loss: Loss, expected: float, iteration: int, share: float) -> float:
        """Half a unit of the last digit, plus the rounding errors of a run in this precision."""
        if self._trace.precision == "float32":
            at = np.searchsorted(self._trace.iterations, place(self._experiment, iteration) + self._shift)
            reach = self._trace.reach[min(int(at), len(self._trace.reach) - 1)]
            share += float(self._trace.tolerance(1.0, reach))
        return loss.half + share * abs(expected)
