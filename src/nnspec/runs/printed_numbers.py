"""The numbers that the documents print, and whether what comes out agrees with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.reference.values import Array
from nnspec.runs.envelope import CYCLE, Point, golden

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


def unit(experiment: Experiment) -> int:
    """The objective over the loss that the document prints."""
    return len(experiment.examples()[1]) if experiment.document == "wildml" else 1


def place(experiment: Experiment, printed: int) -> int:
    """The update before which the objective is what is printed at this iteration: WildML prints it after one."""
    return printed + 1 if experiment.document == "wildml" else printed


def losses(experiment: Experiment, trace: Array, precision: str) -> list[Row]:
    """Every printed loss of the experiment beside that of a run; ``trace``: the objective before each update."""
    judgement = golden(experiment.name, precision).judge(trace)
    judged = {point.iteration: point for point in judgement.points}
    return [
        _loss_row(experiment, int(iteration), digits, trace, judged.get(place(experiment, int(iteration))))
        for iteration, digits in LOSSES.get(experiment.name, {}).items()
    ]


def accuracy(experiment: Experiment, got: float, precision: str) -> Row:
    """The training accuracy beside the printed one, or that of correct runs where the document prints none."""
    examples = len(experiment.examples()[1])
    limits = golden(experiment.name, precision).outcome.correct
    digits = ACCURACIES.get(experiment.name, "")
    shown = f"{got:.{decimals(digits) or 3}f}"
    if digits and shown == digits:
        return Row("training accuracy", digits, shown, AGREES)
    least, greatest = (f"{limit / examples:.3f}" for limit in limits)
    reason = f"correct runs end with {least}" + (f" to {greatest}" if greatest != least else "")
    inside = limits[0] <= round(got * examples) <= limits[1]
    verdict = WRONG if not inside else ROUNDING if digits else MEASURED
    return Row("training accuracy", digits, shown, verdict, reason, f"{got:.4f}")


def decimals(digits: str) -> int:
    """How many digits stand after the point."""
    return len(digits.partition(".")[2])


def _loss_row(experiment: Experiment, iteration: int, digits: str, trace: Array, point: Point | None) -> Row:
    """One printed loss; ``point``: how the golden trace judges it, None where it does not."""
    at, scale = place(experiment, iteration), unit(experiment)
    got = [float(loss) / scale for loss in trace[at : at + 2]]
    shown = f"{got[0]:.{decimals(digits)}f}"
    agrees = shown == digits
    if point is None:
        verdict = NOT_JUDGED if np.isfinite(got[0]) else WRONG
        reason = "correct programs differ here by as much as wrong ones would"
    elif point.kind == CYCLE:
        verdict = ROUNDING if point.accepted else WRONG
        shown = shown if agrees else " / ".join(f"{each:.{decimals(digits)}f}" for each in got)
        reason = "a cycle of period two, from one iteration to the next: rounding decides the phase"
    else:
        verdict = ROUNDING if point.accepted else WRONG
        right, wide = point.expected[0] / scale, point.tolerance / scale
        reason = f"correct runs lie within ± {wide:.1e} of {right:.7f}"
    verdict, reason = (AGREES, "") if agrees else (verdict, reason)
    return Row(f"iteration {iteration}", digits, shown, verdict, reason, f"{got[0]:.9g}")
