"""The work of a search: runs of variants, counted in iterations, so that it ends at the same place on any machine."""

from __future__ import annotations

import warnings

import numpy as np

from nnspec.reference.values import Array
from nnspec.training_log.variant import Variant

#: How many iterations the runs of a search may have in total.
ITERATIONS = 8_000
#: What making the data and the network of a run costs, in iterations.
START = 3
#: The relative error of the initial weights in a second run, which shows how certain the losses are.
NOISE = 1e-15
#: How much more than in this one run a rounding error may grow in another.
FACTOR = 4.0


class WorkIsDone(Exception):
    """The search has run as many iterations as it may."""


class Work:
    """The runs of a search, each of which is made once."""

    def __init__(self) -> None:
        """No run yet."""
        self._left = ITERATIONS
        self._runs: dict[tuple[str, float], Array] = {}

    def objectives(self, variant: Variant, iterations: int, noise: float = 0.0) -> Array:
        """The objectives of the first iterations, none if the program fails; raises WorkIsDone."""
        key = (variant.program_name, noise)
        if len(self._runs.get(key, ())) < iterations:
            if key in self._runs and not len(self._runs[key]):
                return self._runs[key]
            self._left -= iterations + START
            if self._left < 0:
                raise WorkIsDone
            self._runs[key] = _run(variant, iterations, noise)
        return self._runs[key]

    def losses(self, variant: Variant, iterations: list[int], noise: float = 0.0) -> dict[int, float]:
        """What the variant prints at these iterations, except those for which it computes no loss."""
        places = {iteration: variant.place(iteration) for iteration in iterations}
        run = self.objectives(variant, max(places.values(), default=0) + 1, noise) * variant.factor
        return {iteration: float(run[at]) for iteration, at in places.items() if 0 <= at < len(run)}

    def uncertain(self, variant: Variant, losses: dict[int, float]) -> dict[int, float]:
        """The share of each loss that rounding may change."""
        again = self.losses(variant, list(losses), NOISE)
        return {
            iteration: FACTOR * abs(loss - again.get(iteration, loss)) / abs(loss) if loss else 0.0
            for iteration, loss in losses.items()
        }


def _run(variant: Variant, iterations: int, noise: float) -> Array:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            run = variant.objectives(iterations, noise)
        except (IndexError, ValueError, FloatingPointError):  # this experiment crashes with the mistake
            return np.empty(0)
    return run if run.ndim == 1 else np.empty(0)
