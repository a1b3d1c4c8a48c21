"""The losses that variants of the documents' own runs print, from golden/training-logs.json.

benchmarks/training_logs.py makes the file. It stores a loss if rounding leaves half of its digits certain, and omits
variants that print what a correct program prints.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from nnspec.contract import wire

FILE = "training-logs.json"
#: How far a stored loss may be from another machine's, and what rounding to 7 digits adds, both as a share of the loss.
CERTAIN, ROUNDING = 1e-7, 5e-7


@cache
def _experiments() -> dict[str, Any]:
    text = resources.files("nnspec.golden").joinpath(FILE).read_text(encoding="utf-8")
    experiments: dict[str, Any] = json.loads(text)["experiments"]
    return experiments


def losses(experiment: str) -> dict[str, dict[int, float]]:
    """The certain losses of each variant by name and iteration; empty if the file has no such experiment."""
    if experiment not in _experiments():
        return {}
    entry = _experiments()[experiment]
    return {
        name: {
            iteration: float(wire.decode(loss))
            for iteration, loss in zip(entry["iterations"], column, strict=True)
            if loss is not None
        }
        for name, column in entry["variants"].items()
    }
