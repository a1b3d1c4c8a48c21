"""The numbers that the documents print, and whether what comes out agrees with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from nnspec.experiments import Experiment
from nnspec.reference.values import Array

AGREES = "agrees to the last digit"
ROUNDING = "inside what rounding allows"
WRONG = "wrong"


@dataclass(frozen=True)
class Row:
    """One printed number beside what comes out; ``reason``: why rounding allows another digit."""

    name: str
    printed: str
    got: float
    verdict: str
    reason: str = ""

    @property
    def shown(self) -> str:
        """What comes out, with as many digits as the document prints."""
        return f"{self.got:.{decimals(self.printed)}f}"


def _read(name: str) -> Any:
    return json.loads(resources.files("nnspec.golden").joinpath(name).read_text(encoding="utf-8"))["experiments"]


_PRINTED: dict[str, Any] = _read("printed.json")
#: For each experiment that prints any: the iteration and the digits.
LOSSES: dict[str, dict[str, str]] = {name: told["losses"] for name, told in _PRINTED.items()}
#: For each experiment that prints one: the training accuracy.
ACCURACIES: dict[str, str] = {name: told["accuracy"] for name, told in _PRINTED.items() if "accuracy" in told}


def view(experiment: Experiment, losses: Array) -> Array:
    """The losses as the experiment's document takes them.

    losses: the objective before each update. WildML reports it after the update and over the examples.
    """
    if experiment.document == "wildml":
        return np.asarray(losses)[1:] / len(experiment.examples()[1])
    return np.asarray(losses)


def losses(experiment: Experiment, trace: Array, precision: str) -> list[Row]:
    """Every printed loss of the experiment beside that of a run; ``trace``: the objective before each update."""
    seen = view(experiment, trace)
    limits = rounding(experiment.name, precision)["losses"]
    return [
        _loss_row(int(t), digits, seen[int(t) : int(t) + 2], limits[t])
        for t, digits in LOSSES.get(experiment.name, {}).items()
    ]


def accuracy(experiment: Experiment, got: float, precision: str) -> Row | None:
    """The printed accuracy beside that of a run, or the measured one where the document prints none."""
    limits = rounding(experiment.name, precision).get("accuracy")
    if limits is None:
        return None
    digits = ACCURACIES.get(experiment.name, "")
    name = "training accuracy"
    if digits and f"{got:.{decimals(digits)}f}" == digits:
        return Row(name, digits, got, AGREES)
    inside = limits["least"] <= got <= limits["greatest"]
    reason = f"correct runs end between {limits['least']:.3f} and {limits['greatest']:.3f}"
    return Row(name, digits, got, ROUNDING if inside else WRONG, reason)


def rounding(name: str, precision: str) -> dict[str, Any]:
    """What rounding allows in this experiment, measured (golden/rounding.json); empty where it was not."""
    limits: dict[str, Any] = _read("rounding.json").get(name, {}).get(precision, {"losses": {}})
    return limits


def decimals(digits: str) -> int:
    """How many digits stand after the point."""
    return len(digits.partition(".")[2])


def _loss_row(iteration: int, digits: str, got: Array, limits: dict[str, Any]) -> Row:
    """One printed loss; ``got`` holds the loss of this iteration and of the next."""
    name = f"iteration {iteration}"
    loss = float(got[0])
    half_digit = 0.5 * 10.0 ** -decimals(digits)
    if f"{loss:.{decimals(digits)}f}" == digits:
        return Row(name, digits, loss, AGREES)
    if limits["kind"] == "spread":
        inside = limits["least"] <= loss <= limits["greatest"]
        reason = f"spread: correct runs lie anywhere from {limits['least']:.6f} to {limits['greatest']:.6f}"
    elif limits["kind"] == "cycle":
        pair = np.array(limits["pair"])
        inside = bool((np.abs(np.sort(got) - pair) <= limits["tolerance"]).all())
        reason = f"cycle of period two, {pair[0]:.6f} and {pair[1]:.6f}: rounding decides the phase"
    else:
        inside = abs(loss - limits["loss"]) <= limits["tolerance"]
        reason = f"spread: correct runs lie within {limits['tolerance'] + half_digit:.1e} of each other"
    return Row(name, digits, loss, ROUNDING if inside else WRONG, reason)
