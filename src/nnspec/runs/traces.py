"""Training runs of the subject, each made once and used by several clauses."""

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
from nnspec.runs.pieces import train_in_pieces
from nnspec.runs.printed_numbers import WRONG, Row


@dataclass(frozen=True)
class Trace:
    """The objective before each update, and the network after the last."""

    losses: Array
    network: Network


#: How many iterations count as the beginning of a run.
BEGINNING = 120

#: The result of a run: its trace, or the error that it ended with.
RunResult: TypeAlias = Trace | NoAnswer | Disagreement


class Traces:
    """A cache of runs; a run that failed raises the same error again."""

    def __init__(self, subject: Subject, lookup: Callable[[str], RunResult | None] = lambda _: None) -> None:
        """Runs of this subject; ``lookup``: returns a run that was already made, by the experiment's name."""
        self._subject = subject
        self._lookup = lookup
        self._results: dict[str, RunResult] = {}

    def of(self, experiment: Experiment) -> Trace:
        """The experiment from beginning to end; raises what the call raised."""
        if experiment.name not in self._results:
            self._results[experiment.name] = self._lookup(experiment.name) or train(self._subject, experiment)
        result = self._results[experiment.name]
        if isinstance(result, Exception):
            raise result
        return result


def train(subject: Subject, experiment: Experiment) -> RunResult:
    """Make one run."""
    try:
        return Trace(*train_in_pieces(subject, experiment.training()))
    except (NoAnswer, Disagreement) as error:
        return error


def training_accuracy(subject: Subject, experiment: Experiment, network: Any) -> float:
    """The share of the experiment's examples that the network classifies correctly."""
    inputs, labels = experiment.examples()
    return float(np.mean(subject.predict(network=network, inputs=inputs) == labels))


def assert_inside(experiment: Experiment, losses: Array, precision: str) -> None:
    """Every loss that can be judged is within the envelope of correct programs, or in their cycle.

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
        f"± {first.tolerance:.1e} ({FACTOR[precision]:g} times the greatest deviation of correct runs)",
        f"{wrong} of {len(judgement.points)} judged losses" if len(judgement.points) > 1 else "",
        finding or "",
    )


def assert_begins_right(subject: Subject, experiment: Experiment) -> None:
    """The losses of the beginning of a run are within the envelope."""
    __tracebackhide__ = True
    subject.check_document("fit", {"experiment": experiment.recipe()})  # what it starts from too
    answer = subject.train(**experiment.training(min(BEGINNING, experiment.iterations)))
    assert_inside(experiment, answer["losses"], subject.description.precision)


def assert_ends_right(subject: Subject, experiment: Experiment, trace: Trace) -> None:
    """The loss of the run's final network is one that correct runs end with."""
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
    """The run has the numbers that the document prints, to the last digit or within rounding error."""
    __tracebackhide__ = True
    wrong = [row for row in rows if row.verdict == WRONG]
    if wrong:
        first = wrong[0]
        expected = (
            f"{first.printed}, as the document prints" if first.printed else "the accuracy of correct runs"
        )
        count = f"{len(wrong)} of {len(rows)} numbers" if len(rows) > 1 else ""
        raise Disagreement(first.name, first.got_in_full, expected, first.reason, count)
