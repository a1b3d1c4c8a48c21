"""Whole training runs of the subject, each made once and looked at by several clauses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nnspec.errors import NoAnswer
from nnspec.experiments import Experiment
from nnspec.judging import Disagreement
from nnspec.printed import WRONG, Row
from nnspec.reference.values import Array, Network
from nnspec.subject import Subject


@dataclass(frozen=True)
class Trace:
    """The objective before each update, and the network after the last."""

    losses: Array
    network: Network


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


def assert_prints(rows: list[Row]) -> None:
    """What a document prints comes out, to the last digit or inside what rounding allows."""
    __tracebackhide__ = True
    wrong = [row for row in rows if row.verdict == WRONG]
    if wrong:
        first = wrong[0]
        wanted = f"{first.printed}, as the document prints" if first.printed else "what correct runs end with"
        count = f"{len(wrong)} of {len(rows)} numbers" if len(rows) > 1 else ""
        raise Disagreement(first.name, first.exactly, wanted, first.reason, count)
