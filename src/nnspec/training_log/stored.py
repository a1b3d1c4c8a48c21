"""What variants of the documents' own runs print, as golden/training-logs.json has it.

benchmarks/training_logs.py makes it. A loss is stored where rounding leaves it certain to half of its digits. A variant
that prints what the right program prints, as far as it is stored, is not there.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from nnspec.contract import wire

FILE = "training-logs.json"
#: How far a stored loss may be from that of another machine, and what is cut off it, as a share of it.
CERTAIN, CUT = 1e-7, 5e-7


@cache
def _experiments() -> dict[str, Any]:
    text = resources.files("nnspec.golden").joinpath(FILE).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["experiments"]
    return found


def losses(experiment: str) -> dict[str, dict[int, float]]:
    """What each variant prints by iteration, where that is certain, by its name; nothing of another experiment."""
    if experiment not in _experiments():
        return {}
    told = _experiments()[experiment]
    return {
        name: {
            iteration: float(wire.decode(loss))
            for iteration, loss in zip(told["iterations"], stored, strict=True)
            if loss is not None
        }
        for name, stored in told["variants"].items()
    }
