"""A variant of an experiment's program: with a mistake, a wrong constant, other random numbers or another log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnspec.documents.experiments import DATA, Experiment
from nnspec.reference import Reference
from nnspec.reference.values import Array
from nnspec.runs.printed_numbers import place, unit

#: The name of the document's own program.
RIGHT = "right"


@dataclass(frozen=True)
class Way:
    """A way to log the losses of a program.

    shift: how many updates too late the loss is computed; scale: the factor of the printed loss.
    """

    name: str
    about: str
    fix: str
    shift: int = 0
    scale: float = 1.0


@dataclass(frozen=True)
class Variant:
    """A program for an experiment, and how it logs.

    name: its key in golden/training-logs.json; about: a sentence on what is different; data_seed: the data's seed, None
    for the document's; logged: the name of the program, if the name is that of the way to log its losses; parts: how
    many things are different.
    """

    name: str
    about: str
    fix: str
    experiment: Experiment
    program: type[Reference] = Reference
    shift: int = 0
    scale: float = 1.0
    data_seed: int | None = None
    logged: str = ""
    parts: int = 1

    @property
    def program_name(self) -> str:
        """The name of the program, however it logs."""
        return self.logged or self.name

    def place(self, iteration: int) -> int:
        """The iteration before whose update the loss is computed that is printed for this one."""
        return place(self.experiment, iteration) + self.shift

    @property
    def factor(self) -> float:
        """The printed loss, as a multiple of the objective."""
        return self.scale / unit(self.experiment)

    def losses(self, iterations: Iterable[int], noise: float = 0.0) -> dict[int, float]:
        """What it prints at these iterations, except those for which it computes no loss.

        noise: the relative error of the initial weights.
        """
        places = {iteration: self.place(iteration) for iteration in iterations}
        losses = self.objectives(max(places.values()) + 1, noise) * self.factor
        return {iteration: float(losses[at]) for iteration, at in places.items() if 0 <= at < len(losses)}

    def objectives(self, iterations: int, noise: float = 0.0) -> Array:
        """The objective before each update, from the program's own data, initial weights and batches."""
        program = self.program()
        return np.asarray(program.train(**self.training(program, iterations, noise))["losses"], dtype=float)

    def training(self, program: Reference, iterations: int, noise: float = 0.0) -> dict[str, Any]:
        """The arguments of ``train``."""
        experiment = self.experiment
        seed = {} if self.data_seed is None else {"seed": self.data_seed}
        data = getattr(program, experiment.data)(**DATA[experiment.data](**seed))
        inputs, labels = (data[name][experiment.skip :] for name in ("inputs", "labels"))
        network = experiment.network(program)
        off = np.random.RandomState(0)
        network["weights"] = [w * (1 + noise * off.standard_normal(w.shape)) for w in network["weights"]]
        return {
            "network": network,
            "inputs": inputs,
            "labels": labels,
            "objective": experiment.objective,
            "optimizer": experiment.optimizer,
            "iterations": iterations,
            "batches": experiment.batches(iterations, program),
        }


def correct(experiment: Experiment) -> Variant:
    """The document's program."""
    return Variant(RIGHT, "", "", experiment, parts=0)


def logged(variant: Variant, way: Way) -> Variant:
    """The same program, which logs its losses in this way."""
    alone = variant.name == RIGHT
    return replace(
        variant,
        name=way.name if alone else f"{way.name} and {variant.name}",
        about=f"{way.about} {variant.about}".strip(),
        fix=f"{way.fix} {variant.fix}".strip(),
        shift=variant.shift + way.shift,
        scale=variant.scale * way.scale,
        logged=variant.program_name,
        parts=variant.parts + 1,
    )
