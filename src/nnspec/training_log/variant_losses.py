"""The losses that variants of the experiments print, from golden/training-logs.json.

benchmarks/training_logs.py makes the file. It stores a loss if rounding leaves half of its digits certain.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nnspec.contract import wire

FILE = "training-logs.json"
#: How far a stored loss may be from another machine's, and what rounding to 7 digits adds, both as a share of the loss.
CERTAIN, ROUNDING = 1e-7, 5e-7


@cache
def contents() -> dict[str, Any]:
    """The entry of each experiment.

    iterations; variants: a list of losses, or the name of a variant with the same ones; same: the names of those that
    print what a correct program prints, or nothing that is certain.
    """
    text = resources.files("nnspec.golden").joinpath(FILE).read_text(encoding="utf-8")
    experiments: dict[str, Any] = json.loads(text)["experiments"]
    return experiments


@cache
def losses(experiment: str) -> dict[str, dict[int, float]]:
    """The certain losses by iteration of each variant that differs from a correct program, by its name."""
    if experiment not in contents():
        return {}
    entry = contents()[experiment]
    columns: dict[str, list[Any]] = {}
    for name, column in entry["variants"].items():
        columns[name] = columns[column] if isinstance(column, str) else column
    return {
        name: {
            iteration: float(wire.decode(loss))
            for iteration, loss in zip(entry["iterations"], column, strict=True)
            if loss is not None
        }
        for name, column in columns.items()
    }


def same(experiment: str) -> frozenset[str]:
    """The names of the variants that the losses of this run do not distinguish from a correct program."""
    return frozenset(contents().get(experiment, {}).get("same", ()))


def agree(experiment: str, first: str, second: str) -> bool:
    """Whether two variants print the same losses in a run, up to rounding, wherever both are stored."""
    run = losses(experiment)
    shared = run.get(first, {}).keys() & run.get(second, {}).keys()
    if not shared:
        return False
    one, other = ([run[name][iteration] for iteration in shared] for name in (first, second))
    return bool(np.allclose(one, other, rtol=2 * ROUNDING, atol=0, equal_nan=True))
