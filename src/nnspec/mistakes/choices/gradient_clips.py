"""Gradients that are made smaller before anybody gets them: by number, by array, or all together."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.reference.values import Array, Network, Parameters

#: The limits that people choose.
LIMITS = (1.0, 5.0, 0.5, 10.0, 0.1, 3.0, 2.0)
Arrays = list[Array]


def _by_number(limit: float, arrays: Arrays) -> Arrays:
    return [np.clip(array, -limit, limit) for array in arrays]


def _by_array(limit: float, arrays: Arrays) -> Arrays:
    return [_shortened(limit, [array])[0] for array in arrays]


def _shortened(limit: float, arrays: Arrays) -> Arrays:
    norm = _norm(arrays)
    return [array * (limit / norm) for array in arrays] if norm > limit else arrays


def _unit(arrays: Arrays) -> Arrays:
    return [array / (_norm(arrays) or 1.0) for array in arrays]


def _norm(arrays: Arrays) -> float:
    return math.sqrt(sum(float(np.sum(array * array)) for array in arrays))


@cache
def with_gradient_clips() -> tuple[type[Choice], ...]:
    """Gradients cut off at a limit, shortened to one, or divided by their norm."""
    rows: list[tuple[str, str, Callable[[Arrays], Arrays]]] = []
    for limit in LIMITS:
        text = f"{limit:g}"
        rows += [
            (
                f"clipped to {text}",
                f"Every number of the gradients is clipped to ±{text}",
                partial(_by_number, limit),
            ),
            (
                f"norm of each {text}",
                f"Each array of the gradients is shortened to a norm of {text} at most",
                partial(_by_array, limit),
            ),
            (
                f"norm of all {text}",
                f"The gradients are shortened to a norm of {text} at most, all together",
                partial(_shortened, limit),
            ),
        ]
    rows.append(("unit norm", "The gradients are divided by their norm, all together", _unit))
    return tuple(_clipped(*row) for row in rows)


def _clipped(name: str, said: str, change: Callable[[Arrays], Arrays]) -> type[Choice]:
    class Clipped(Choice):
        def backward(self, network: Network, *forward: Any) -> Parameters:
            answer = super().backward(network, *forward)
            layers = len(answer["weights"])
            changed = change([*answer["weights"], *answer["biases"]])
            return {"weights": changed[:layers], "biases": changed[layers:]}

    fix = "Return the gradients as they are: gradient clipping belongs to no document."
    return named(
        Clipped, f"gradients {name}", f"{said}.", fix, "gradients.linear-classifier", None, "gradients"
    )
