"""Other optimisers with a learning rate of their own, whatever rate the caller asks for.

The first step of an optimiser is in proportion to its rate, so the rate is the factor between a program's first step
and that of the optimiser with the rate that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nnspec.diagnosis.measurements import Measured, predicted
from nnspec.diagnosis.monomials import read
from nnspec.mistakes.base import Mistake
from nnspec.mistakes.choices import Choice, with_optimizer
from nnspec.mistakes.choices.optimizers import OPTIMIZERS
from nnspec.mistakes.choices.update_classes import with_optimizer_at

#: How near the rates of several questions must be: relative.
NEAR = 1e-6


def fixed_rates(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Every optimiser whose first step differs from the program's by a factor alone."""
    for row in (row for row in OPTIMIZERS if not row.before):
        program = with_optimizer(row)
        rates = [_rate(each, program) for each in measured]
        found = None if None in rates else read([rate or 0.0 for rate in rates], [{} for _ in rates], NEAR)
        if found is not None and found.number > 0:
            yield with_optimizer_at(row, found.number)


def _rate(measured: Measured, program: type[Choice]) -> float | None:
    """The rate with which the optimiser makes the first of these steps; None if there is none."""
    parts = predicted(measured.measurement, program)
    if parts is None:
        return None
    names = [name for name in parts if name.startswith(("weights", "biases"))]
    with np.errstate(all="ignore"):
        factors = np.array([measured.parts[name].got[0] / parts[name][0] for name in names])
    if not np.isfinite(factors).all() or not np.allclose(factors, factors[0], rtol=NEAR, atol=0):
        return None
    return float(factors[0] * measured.symbols["μ"])
