"""All runs of an experiment that differ only in rounding, in both precisions, and the run in quadruple precision."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from nnspec.contract.operations import PRECISIONS
from nnspec.documents.experiments import HIDDEN_SIZES, MOONS_TANH, TRACED, Experiment
from nnspec.ensemble import kernels, noise, quadruple
from nnspec.ensemble.members import Members
from nnspec.reference.values import Array

#: The share of members of each kind. Only noise at every step covers real programs, so most members have it.
SHARES = {"steps": 1.0, "intermediates": 1.0, "initial": 0.25, "examples": 0.25, "units": 0.25}
MEMBERS = 64
#: Fewer members for WildML's other hidden sizes, which have long runs and no printed number.
MEMBERS_OF = {experiment.name: 16 for experiment in HIDDEN_SIZES if experiment is not MOONS_TANH}
#: The bytes of hidden units of the members that run at once: they fit into a processor's second-level cache.
BATCH_BYTES = 1 << 20
KERNELS = "kernels"
QUADRUPLE = "quadruple"


@dataclass(frozen=True)
class Task:
    """Some members of one kind; ``seed`` fixes their noise."""

    experiment: str
    precision: str
    kind: str
    members: int
    seed: int


@dataclass
class Ensemble:
    """The results of the runs of an experiment.

    quadruple: the losses in quadruple precision, as far as they go; runs: for each precision and kind the losses
    (members, iterations + 1), with the final network's last; correct: how many examples the final network of
    each member classifies correctly, (members,).
    """

    experiment: Experiment
    quadruple: Array = field(default_factory=lambda: np.zeros(0))
    runs: dict[str, dict[str, Array]] = field(default_factory=lambda: {name: {} for name in PRECISIONS})
    correct: dict[str, dict[str, Array]] = field(default_factory=lambda: {name: {} for name in PRECISIONS})

    def add(self, task: Task, losses: Array, correct: Array) -> None:
        """Add the members of a task."""
        if task.kind == QUADRUPLE:
            self.quadruple = losses[0]
            return
        for arrays, new in [(self.runs, losses), (self.correct, correct)]:
            of_kind = arrays[task.precision]
            of_kind[task.kind] = np.concatenate([of_kind[task.kind], new]) if task.kind in of_kind else new


def members(experiment: Experiment, requested: int | None) -> dict[str, int]:
    """The number of members of each kind; requested: of those with noise at every step, None for the default."""
    requested = requested or MEMBERS_OF.get(experiment.name, MEMBERS)
    return {
        **{kind: max(2, round(requested * share)) for kind, share in SHARES.items()},
        KERNELS: len(kernels.usable()),
    }


def tasks(experiment: Experiment, requested: int | None) -> list[Task]:
    """The tasks of an experiment."""
    hidden = max([*experiment.sizes[1:-1], experiment.sizes[-1]])
    together = max(1, BATCH_BYTES // (8 * hidden * len(experiment.examples()[1])))
    todo = [Task(experiment.name, "float64", QUADRUPLE, 1, 0)]
    for precision in PRECISIONS:
        for kind, number in members(experiment, requested).items():
            at_once = number if kind == KERNELS else together
            todo += [
                Task(experiment.name, precision, kind, min(at_once, number - first), first)
                for first in range(0, number, at_once)
            ]
    return todo


def perform(task: Task) -> tuple[Task, Array, Array]:
    """The losses (members, iterations + 1) of a task, and how many examples end up right (members,)."""
    experiment = TRACED[task.experiment]
    if task.kind == KERNELS:
        results = [kernels.losses(task.experiment, task.precision, kernel) for kernel in kernels.usable()]
        return (
            task,
            np.array([losses for losses, _ in results]),
            np.array([correct for _, correct in results]),
        )
    training = experiment.training()
    if task.kind == QUADRUPLE:
        float64, _ = noise.run("units", training, "float64", 1, 0)
        return task, np.array([quadruple.losses(training, float64[0])]), np.zeros(0)
    losses, network = noise.run(task.kind, training, task.precision, task.members, task.seed)
    predicted = Members().predict(network, training["inputs"].astype(task.precision))
    return task, losses, np.sum(predicted == training["labels"], axis=-1)


def gather(
    experiments: list[Experiment], requested: int | None, progress: Callable[[int, int, str], None]
) -> Iterator[Ensemble]:
    """The ensemble of each experiment, as soon as all of its members have run; one process per core.

    requested: members with noise at every step, None for the default; progress: called with the number of finished
    tasks, the number of all tasks, and the experiment of the last one.
    """
    todo = [task for experiment in experiments for task in tasks(experiment, requested)]
    ensembles = {experiment.name: Ensemble(experiment) for experiment in experiments}
    left = {name: sum(task.experiment == name for task in todo) for name in ensembles}
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes below: each has its own core
    with multiprocessing.get_context("spawn").Pool() as pool:
        for done, (task, losses, correct) in enumerate(pool.imap(perform, todo), start=1):
            ensembles[task.experiment].add(task, losses, correct)
            progress(done, len(todo), task.experiment)
            left[task.experiment] -= 1
            if left[task.experiment] == 0:
                yield ensembles.pop(task.experiment)
