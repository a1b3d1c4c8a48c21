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
MEASURED = "as correct runs have it"
CONFIRMED = "confirmed"
NOT_JUDGED = "not judged"
WRONG = "wrong"


@dataclass(frozen=True)
class Row:
    """One number of a document beside what comes out.

    printed: the document's digits, empty where it prints none; shown: what comes out, in as many digits;
    exactly: the same in enough digits to tell; reason: why rounding allows another digit.
    """

    name: str
    printed: str
    shown: str
    verdict: str
    reason: str = ""
    exactly: str = ""


def _read(name: str) -> Any:
    return json.loads(resources.files("nnspec.golden").joinpath(name).read_text(encoding="utf-8"))[
        "experiments"
    ]


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


def accuracy(experiment: Experiment, got: float, precision: str) -> Row:
    """The training accuracy beside the printed one, or the measured one where the document prints none."""
    limits = rounding(experiment.name, precision)["accuracy"]
    digits = ACCURACIES.get(experiment.name, "")
    shown = f"{got:.{decimals(digits) or 3}f}"
    if digits and shown == digits:
        return Row("training accuracy", digits, shown, AGREES)
    least, greatest = f"{limits['least']:.3f}", f"{limits['greatest']:.3f}"
    reason = f"correct runs end with {least}" + (f" to {greatest}" if greatest != least else "")
    inside = limits["least"] <= got <= limits["greatest"]
    verdict = WRONG if not inside else ROUNDING if digits else MEASURED
    return Row("training accuracy", digits, shown, verdict, reason, f"{got:.4f}")


def rounding(name: str, precision: str) -> dict[str, Any]:
    """What rounding allows in this experiment, measured (golden/rounding.json)."""
    limits: dict[str, Any] = _read("rounding.json")[name][precision]
    return limits


def decimals(digits: str) -> int:
    """How many digits stand after the point."""
    return len(digits.partition(".")[2])


def _loss_row(iteration: int, digits: str, got: Array, limits: dict[str, Any]) -> Row:
    """One printed loss; ``got`` holds the loss of this iteration and of the next."""
    loss = float(got[0])
    shown = f"{loss:.{decimals(digits)}f}"
    agrees = shown == digits
    if limits["kind"] == "spread":
        inside = limits["least"] <= loss <= limits["greatest"]
        reason = f"a spread: correct runs lie anywhere from {limits['least']:.6f} to {limits['greatest']:.6f}"
    elif limits["kind"] == "cycle":
        pair = np.array(limits["pair"])
        inside = bool((np.abs(np.sort(got) - pair) <= limits["tolerance"]).all())
        shown = shown if agrees else " / ".join(f"{each:.{decimals(digits)}f}" for each in got)
        reason = "a cycle of period two, from one iteration to the next: rounding decides the phase"
    else:
        inside = abs(loss - limits["loss"]) <= limits["tolerance"]
        reason = f"a spread: correct runs lie within ± {limits['tolerance']:.1e} of {limits['loss']:.7f}"
    blind = limits["kind"] == "point" and limits["tolerance"] >= limits["loss"]
    allowed = (
        NOT_JUDGED if blind else ROUNDING
    )  # where correct runs differ by the number itself, it says nothing
    verdict = AGREES if agrees else allowed if inside else WRONG
    return Row(f"iteration {iteration}", digits, shown, verdict, "" if agrees else reason, f"{loss:.9g}")
