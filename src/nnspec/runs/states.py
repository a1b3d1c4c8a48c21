"""States of the experiments' runs, early and late, from which an implementation makes a step and a short run.

Training amplifies rounding, so a long run cannot tell a late mistake from rounding. In a short run from a stored state
rounding has no time to accumulate, and a mistake shows in the first wrong quantity. For each state, golden/states.json
has the network of the reference's run at that iteration, the losses of a run from it, and the reach of an ensemble of
correct runs that differ only in rounding, as a share of the loss. benchmarks/golden_states.py makes the file.
Runs from the beginning are judged by the golden traces (nnspec.runs.envelope).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nnspec.documents.experiments import EXPERIMENTS, Experiment
from nnspec.judging.agreement import assert_within
from nnspec.judging.subject import Subject
from nnspec.reference.values import Array, Network
from nnspec.runs import envelope

#: A sequence as a list of steps [iteration, value]; each value holds until the next step.
Steps = list[tuple[int, float]]


@dataclass(frozen=True)
class State:
    """The network of an experiment before the update of ``iteration``, and a short run from it.

    losses: the objective before each of its updates; reach: of an ensemble, for each precision.
    """

    experiment: Experiment
    iteration: int
    network: Network
    losses: Array
    reach: dict[str, Steps]

    def __str__(self) -> str:
        """The name of the state in the name of a test."""
        return f"{self.experiment.name}-{self.iteration}"

    def training(self) -> dict[str, Any]:
        """The arguments of ``train`` for the short run. Velocity and schedule start from zero."""
        return training(self.experiment, self.iteration, self.network, len(self.losses))

    def tolerance(self, precision: str) -> Array:
        """The tolerance of each loss."""
        reach = from_steps(self.reach[precision], len(self.losses))
        return np.asarray(envelope.tolerance(self.losses, reach, precision))


def training(experiment: Experiment, iteration: int, network: Network, iterations: int) -> dict[str, Any]:
    """The arguments of ``train`` from this network on, with the minibatches of its iterations."""
    batches = experiment.batches(iteration + iterations)
    return {
        **experiment.training(0),
        "network": network,
        "iterations": iterations,
        "batches": None if batches is None else batches[iteration:],
    }


@cache
def _stored() -> dict[str, Any]:
    text = resources.files("nnspec.golden").joinpath("states.json").read_text(encoding="utf-8")
    stored: dict[str, Any] = json.loads(text)["experiments"]
    return stored


def states(*names: str) -> list[State]:
    """The states of these experiments, or of all, in the order of their iterations."""
    return [_read(name, state) for name in names or _stored() for state in _stored()[name]]


def _read(name: str, stored: dict[str, Any]) -> State:
    experiment = EXPERIMENTS[name]
    network: Network = {
        "weights": [np.array(weights) for weights in stored["weights"]],
        "biases": [np.array(biases) for biases in stored["biases"]],
        "activation": experiment.activation,
    }
    return State(experiment, stored["iteration"], network, np.array(stored["losses"]), stored["reach"])


def to_steps(values: Array, digits: int = 3) -> Steps:
    """A growing sequence as steps, each rounded up to a few digits."""
    steps: Steps = []
    for place, value in enumerate(values):
        if value > 0 and (not steps or value > steps[-1][1]):
            steps.append((place, _round_up(float(value), digits)))
    return steps


def from_steps(steps: Steps, length: int) -> Array:
    """The sequence from its steps; 0 before the first."""
    values = np.zeros(length)
    for place, value in steps:
        values[place:] = value
    return values


def _round_up(value: float, digits: int) -> float:
    unit = 10.0 ** (np.floor(np.log10(value)) - digits + 1)
    return float(f"{np.ceil(value / unit) * unit:.{digits}g}")


def assert_follows(subject: Subject, state: State) -> None:
    """The losses of the run from this state are within the envelope of correct runs, at every iteration."""
    __tracebackhide__ = True
    subject.check_document("fit", {"experiment": state.experiment.recipe()})  # what its run started from too
    got = subject.train(**state.training())["losses"]
    where = f"(from the state at iteration {state.iteration}) train.losses"
    assert_within(got, state.losses, state.tolerance(subject.description.precision), where)
