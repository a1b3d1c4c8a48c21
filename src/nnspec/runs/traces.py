"""Whole training runs of the subject, each made once and looked at by several clauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.documents.experiments import Experiment
from nnspec.judging.agreement import Disagreement, LowerPrecision
from nnspec.judging.subject import Subject
from nnspec.reference import Reference
from nnspec.reference.values import Array, Network
from nnspec.runs.envelope import CYCLE, FACTOR, golden
from nnspec.runs.printed_numbers import WRONG, Row


@dataclass(frozen=True)
class Trace:
    """The objective before each update, and the network after the last."""

    losses: Array
    network: Network


#: Iterations of a run's beginning.
BEGINNING = 120

#: What comes of a run: its trace, or the error in its place.
Made: TypeAlias = Trace | NoAnswer | Disagreement


class Traces:
    """The runs that were asked for so far; one that failed fails again at once, in the same way."""

    def __init__(self, subject: Subject, ahead: Callable[[str], Made | None] = lambda _: None) -> None:
        """Runs of this subject; ``ahead`` gives those that were made before they were asked for, by name."""
        self._subject = subject
        self._ahead = ahead
        self._made: dict[str, Made] = {}

    def of(self, experiment: Experiment) -> Trace:
        """The experiment from beginning to end; raises what the call raised."""
        if experiment.name not in self._made:
            self._made[experiment.name] = self._ahead(experiment.name) or train(self._subject, experiment)
        made = self._made[experiment.name]
        if isinstance(made, Exception):
            raise made
        return made


def train(subject: Subject, experiment: Experiment) -> Made:
    """One run."""
    try:
        answer: dict[str, Any] = subject.train(**experiment.training())
    except (NoAnswer, Disagreement) as error:
        return error
    return Trace(answer["losses"], answer["network"])


def training_accuracy(subject: Subject, experiment: Experiment, network: Any) -> float:
    """The share of the experiment's examples that the network classifies as they are labelled."""
    inputs, labels = experiment.examples()
    return float(np.mean(subject.predict(network=network, inputs=inputs) == labels))


def assert_inside(experiment: Experiment, losses: Array, precision: str) -> None:
    """Every loss that can be judged is inside the envelope of correct programs, or in their cycle.

    losses: the objective before each update, of the whole run or of its beginning.
    """
    __tracebackhide__ = True
    golden_trace = golden(experiment.name, precision)
    judgement = golden_trace.judge(losses)
    first = judgement.first
    if first is None:
        return
    finding = None
    if precision == "float64" and first.kind != CYCLE:
        from nnspec.runs import lower_precision

        finding = lower_precision.finding(experiment, golden_trace, losses)
    wrong = sum(not point.accepted for point in judgement.points)
    kind = LowerPrecision if finding else Disagreement
    raise kind(
        f"train.losses[{first.iteration}]",
        " and ".join(f"{loss:.17g}" for loss in first.got),
        " and ".join(f"{loss:.17g}" for loss in first.expected)
        + (", in any order" if first.kind == CYCLE else ""),
        f"± {first.tolerance:.1e}, {FACTOR[precision]:g} times as far as an ensemble of correct runs comes",
        f"{wrong} of {len(judgement.points)} losses that are judged" if len(judgement.points) > 1 else "",
        finding or "",
    )


def assert_begins_right(subject: Subject, experiment: Experiment) -> None:
    """The losses of a run's beginning are inside the envelope."""
    __tracebackhide__ = True
    answer = subject.train(**experiment.training(min(BEGINNING, experiment.iterations)))
    assert_inside(experiment, answer["losses"], subject.description.precision)


def assert_ends_right(subject: Subject, experiment: Experiment, trace: Trace) -> None:
    """The network that the run ends with has a loss that correct runs end with."""
    __tracebackhide__ = True
    precision = subject.description.precision
    limits = golden(experiment.name, precision).outcome.loss
    inputs, labels = experiment.examples()
    loss = float(Reference().loss(trace.network, inputs, labels, experiment.objective))
    if limits is not None and not limits[0] <= loss <= limits[1]:
        raise Disagreement(
            "the loss of train.network",
            f"{loss:.17g}",
            f"from {limits[0]:.17g} to {limits[1]:.17g}, as correct runs end",
        )


def assert_prints(rows: list[Row]) -> None:
    """What a document prints comes out, to the last digit or inside what rounding allows."""
    __tracebackhide__ = True
    wrong = [row for row in rows if row.verdict == WRONG]
    if wrong:
        first = wrong[0]
        expected = (
            f"{first.printed}, as the document prints" if first.printed else "what correct runs end with"
        )
        count = f"{len(wrong)} of {len(rows)} numbers" if len(rows) > 1 else ""
        raise Disagreement(first.name, first.exactly, expected, first.reason, count)
