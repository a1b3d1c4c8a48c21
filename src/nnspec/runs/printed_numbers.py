"""The numbers that the documents print, and whether a run agrees with them."""

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
ROUNDING = "within rounding error"
MEASURED = "as in correct runs"
CONFIRMED = "confirmed"
NOT_JUDGED = "not judged"
WRONG = "wrong"


@dataclass(frozen=True)
class Row:
    """One number of a document and the same number of a run.

    printed: the document's digits, empty if it prints none; got: the run's number, in as many digits; got_in_full: with
    enough digits to see a difference; reason: why rounding allows another digit.
    """

    name: str
    printed: str
    got: str
    verdict: str
    reason: str = ""
    got_in_full: str = ""


def _read(name: str) -> Any:
    return json.loads(resources.files("nnspec.golden").joinpath(name).read_text(encoding="utf-8"))[
        "experiments"
    ]


_PRINTED: dict[str, Any] = _read("printed.json")
#: The printed losses of each experiment that has any: the iteration and the digits.
LOSSES: dict[str, dict[str, str]] = {name: numbers["losses"] for name, numbers in _PRINTED.items()}
#: The printed training accuracy of each experiment that has one.
ACCURACIES: dict[str, str] = {
    name: numbers["accuracy"] for name, numbers in _PRINTED.items() if "accuracy" in numbers
}


def unit(experiment: Experiment) -> int:
    """The ratio of the objective to the loss that the document prints."""
    return len(experiment.examples()[1]) if experiment.document == "wildml" else 1


def place(experiment: Experiment, printed: int) -> int:
    """The iteration before whose update the printed loss is taken: WildML prints the loss after the update."""
    return printed + 1 if experiment.document == "wildml" else printed


def losses(experiment: Experiment, trace: Array, precision: str) -> list[Row]:
    """Every printed loss of the experiment and the run's; ``trace``: the objective before each update."""
    judgement = golden(experiment.name, precision).judge(trace)
    judged = {point.iteration: point for point in judgement.points}
    return [
        _loss_row(experiment, int(iteration), digits, trace, judged.get(place(experiment, int(iteration))))
        for iteration, digits in LOSSES.get(experiment.name, {}).items()
    ]


def accuracy(experiment: Experiment, value: float, precision: str) -> Row:
    """The training accuracy and the printed one, or that of correct runs if the document prints none."""
    examples = len(experiment.examples()[1])
    limits = golden(experiment.name, precision).outcome.correct
    digits = ACCURACIES.get(experiment.name, "")
    got = f"{value:.{decimals(digits) or 3}f}"
    if digits and got == digits:
        return Row("training accuracy", digits, got, AGREES)
    least, greatest = (f"{limit / examples:.3f}" for limit in limits)
    reason = f"correct runs end with {least}" + (f" to {greatest}" if greatest != least else "")
    inside = limits[0] <= round(value * examples) <= limits[1]
    verdict = WRONG if not inside else ROUNDING if digits else MEASURED
    return Row("training accuracy", digits, got, verdict, reason, f"{value:.4f}")


def decimals(digits: str) -> int:
    """The number of digits after the point."""
    return len(digits.partition(".")[2])


def _loss_row(experiment: Experiment, iteration: int, digits: str, trace: Array, point: Point | None) -> Row:
    """One printed loss; ``point``: the golden trace's judgement of it, None if it is not judged."""
    at, scale = place(experiment, iteration), unit(experiment)
    losses = [float(loss) / scale for loss in trace[at : at + 2]]
    got = f"{losses[0]:.{decimals(digits)}f}"
    agrees = got == digits
    if point is None:
        verdict = NOT_JUDGED if np.isfinite(losses[0]) else WRONG
        reason = "correct programs differ here as much as wrong ones would"
    elif point.kind == CYCLE:
        verdict = ROUNDING if point.accepted else WRONG
        got = got if agrees else " / ".join(f"{each:.{decimals(digits)}f}" for each in losses)
        reason = "the losses alternate in a cycle of period two, whose phase is decided by rounding"
    else:
        verdict = ROUNDING if point.accepted else WRONG
        right, wide = point.expected[0] / scale, point.tolerance / scale
        reason = f"correct runs lie within ± {wide:.1e} of {right:.7f}"
    verdict, reason = (AGREES, "") if agrees else (verdict, reason)
    return Row(f"iteration {iteration}", digits, got, verdict, reason, f"{losses[0]:.9g}")
