"""Variants of an experiment's program: with a mistake, a wrong constant, other random numbers or another log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnspec.documents.experiments import DATA, Experiment
from nnspec.documents.streams import Normals, NormalsAfterMoons
from nnspec.mistakes import catalogue
from nnspec.reference import Reference
from nnspec.reference.values import Array, Initialization
from nnspec.runs.printed_numbers import place, unit
from nnspec.specification.chapters import summary

#: The usual factors by which a learning rate or a penalty's strength is wrong.
FACTORS = (0.1, 10.0, 0.5, 2.0, 0.01, 100.0, 0.2, 5.0)
#: Hidden sizes that people choose.
HIDDEN_SIZES = (3, 4, 5, 10, 20, 50, 100, 200)
#: Seeds that people choose.
SEEDS = (*range(10), 42, 100, 123, 1234, 12345)
#: Usual values of momentum other than 0.9.
MOMENTA = (0.0, 0.5, 0.8, 0.95, 0.99)
#: Usual standard deviations of initial weights.
SCALES = (0.01, 0.1, 0.001, 1.0, 0.05, 0.02)


@dataclass(frozen=True)
class Variant:
    """A program for an experiment, and how it logs.

    name: its key in golden/training-logs.json; about: a sentence on what is different; shift: how many updates too late
    the loss is computed; scale: the factor of the printed loss; data_seed: the data's seed, None for the document's.
    """

    name: str
    about: str
    fix: str
    experiment: Experiment
    program: type[Reference] = Reference
    shift: int = 0
    scale: float = 1.0
    data_seed: int | None = None

    def losses(self, iterations: Iterable[int], noise: float = 0.0) -> dict[int, float]:
        """What it prints at these iterations, except those for which it computes no loss.

        noise: the relative error of the initial weights.
        """
        places = {iteration: place(self.experiment, iteration) + self.shift for iteration in iterations}
        losses = self._train(max(places.values()) + 1, noise) * (self.scale / unit(self.experiment))
        return {iteration: float(losses[at]) for iteration, at in places.items() if 0 <= at < len(losses)}

    def _train(self, iterations: int, noise: float) -> Array:
        """The objective before each update, from the program's own data, initial weights and batches."""
        program, experiment = self.program(), self.experiment
        seed = {} if self.data_seed is None else {"seed": self.data_seed}
        data = getattr(program, experiment.data)(**DATA[experiment.data](**seed))
        inputs, labels = (data[name][experiment.skip :] for name in ("inputs", "labels"))
        network = experiment.network(program)
        off = np.random.RandomState(0)
        network["weights"] = [w * (1 + noise * off.standard_normal(w.shape)) for w in network["weights"]]
        answer = program.train(
            network=network,
            inputs=inputs,
            labels=labels,
            objective=experiment.objective,
            optimizer=experiment.optimizer,
            iterations=iterations,
            batches=experiment.batches(iterations, program),
        )
        return np.asarray(answer["losses"], dtype=float)


def correct(experiment: Experiment) -> Variant:
    """The document's program."""
    return Variant("right", "", "", experiment)


def variants(experiment: Experiment) -> Iterator[Variant]:
    """All other variants, the most likely first."""
    yield from _logs(experiment)
    yield from _constants(experiment)
    yield from _initializations(experiment)
    for mistake in catalogue():
        yield Variant(mistake.__name__, summary(mistake), mistake.fix, experiment, program=mistake)
    yield from _random_numbers(experiment)


def _logs(experiment: Experiment) -> Iterator[Variant]:
    """The correct program with another log; two more such variants are mistakes of the catalogue."""
    examples = len(experiment.examples()[1])
    if experiment.document == "wildml":
        about, fix = (
            "The loss is computed before the update.",
            "Compute the loss after the update of its iteration.",
        )
        yield Variant("logged before the update", about, fix, experiment, shift=-1)
        about, fix = "The loss is not divided by N.", "Print the objective divided by N, as WildML does."
        yield Variant("loss not divided by N", about, fix, experiment, scale=float(examples))
        about, fix = "Each loss belongs to the next iteration.", "Compute the loss directly after the update."
        yield Variant("logged an iteration late", about, fix, experiment, shift=1)
    else:
        about = "Iterations are counted from 1, so each loss belongs to the iteration before."
        yield Variant("iterations counted from 1", about, "Count iterations from 0.", experiment, shift=-1)
        yield Variant(
            "loss divided by N",
            "The objective is divided by N.",
            "Print the objective itself.",
            experiment,
            scale=1 / examples,
        )
    scale = examples / (examples - 1)
    yield Variant(
        "loss over N − 1",
        "The loss is divided by N − 1 instead of N.",
        "Divide by N.",
        experiment,
        scale=scale,
    )


def _constants(experiment: Experiment) -> Iterator[Variant]:
    """A wrong learning rate, penalty, momentum, hidden size or activation."""
    optimizer, objective, sizes = experiment.optimizer, experiment.objective, experiment.sizes
    rate, momentum, l2 = optimizer["learning_rate"], optimizer["momentum"], objective["l2"]
    for value in (rate * factor for factor in FACTORS):
        yield _with(
            experiment,
            "learning rate",
            f"{value:g}",
            f"{rate:g}",
            optimizer={**optimizer, "learning_rate": value},
        )
    for value in [0.0, *(l2 * factor for factor in FACTORS)] if l2 else [1e-3, 1e-2, 0.1]:
        yield _with(
            experiment,
            "strength of the penalty",
            f"{value:g}",
            f"{l2:g}",
            objective={**objective, "l2": value},
        )
    for value in MOMENTA if optimizer["method"] == "momentum" else ():
        yield _with(
            experiment, "momentum", f"{value:g}", f"{momentum:g}", optimizer={**optimizer, "momentum": value}
        )
    if optimizer["method"] == "gradient_descent":
        used = {**optimizer, "method": "momentum", "momentum": 0.9}
        yield _with(experiment, "momentum", "0.9", "0 (plain gradient descent)", optimizer=used)
    for hidden in HIDDEN_SIZES if len(sizes) > 2 else ():
        if hidden != sizes[1]:
            changed = (sizes[0], hidden, *sizes[2:])
            yield _with(experiment, "number of hidden units", str(hidden), str(sizes[1]), sizes=changed)
    for activation in ("relu", "tanh", "logistic") if len(sizes) > 2 else ():
        if activation != experiment.activation:
            yield _with(experiment, "activation", activation, experiment.activation, activation=activation)


def _initializations(experiment: Experiment) -> Iterator[Variant]:
    """Initial weights of another size."""
    initialization = experiment.initialization
    he = [] if initialization["fan_in"] else [(2**0.5, True)]  # with fan_in it is a mistake of the catalogue
    sizes = [*((scale, False) for scale in SCALES), (1.0, True), *he, (0.0, False)]
    for scale, fan_in in sizes:
        changed: Initialization = {**initialization, "scale": scale, "fan_in": fan_in}
        if changed != initialization:
            size, expected = _size(changed), _size(initialization)
            yield _with(experiment, "initial weights", size, expected, initialization=changed)


def _size(initialization: Initialization) -> str:
    """The distribution of initial weights."""
    return f"{initialization['scale']:.4g} · N(0, 1){'/√fan_in' if initialization['fan_in'] else ''}"


def _random_numbers(experiment: Experiment) -> Iterator[Variant]:
    """Initial parameters from other places of the stream, and from other seeds."""
    normals = experiment.normals
    fix = f"Use the normals of RandomState({normals.seed}) after the first {normals.skip}."
    for about, other in _places(experiment):
        if other != normals:
            name = f"{type(other).__name__} from {other.skip}"
            changed = replace(experiment, normals=other)
            yield Variant(name, f"The normals of the initial weights {about}.", fix, changed)
    for seed in SEEDS:
        if Normals(seed) != normals:
            about = f"The initial weights come from a separate stream, with seed {seed}."
            yield Variant(f"seed {seed}", about, fix, replace(experiment, normals=Normals(seed)))
    for seed in SEEDS:
        if seed != normals.seed:
            about = f"Data and initial weights come from seed {seed}, not {normals.seed}."
            changed = replace(experiment, normals=replace(normals, seed=seed))
            yield Variant(f"seed {seed} for all", about, f"Use seed {normals.seed}.", changed, data_seed=seed)


def _places(experiment: Experiment) -> Iterator[tuple[str, Normals]]:
    """Places in the document's stream that initial weights may come from by mistake."""
    normals = experiment.normals
    if experiment.data == "spiral":
        yield (
            "directly follow the data: the 18 normals after it are not thrown away",
            Normals(normals.seed, 300),
        )
        yield "follow the data and the 18 normals after it", Normals(normals.seed, 318)
        yield "follow the data, the 18 normals after it and a linear classifier", Normals(normals.seed, 324)
    elif experiment.data == "moons":
        yield "follow the data in its stream: the seed is not set again", NormalsAfterMoons(0)
    else:
        yield (
            "directly follow the data, without the normals of the gradient check in between",
            Normals(normals.seed, 200),
        )
    if normals.skip:
        yield "are the first of the stream, like the data's", Normals(normals.seed)


def _with(experiment: Experiment, what: str, value: str, expected: str, **changes: Any) -> Variant:
    """The correct program with another constant."""
    verb = "are" if what.endswith("s") else "is"
    about, fix = f"The {what} {verb} {value}, not {expected}.", f"Use {expected}."
    return Variant(f"{what} {value}", about, fix, replace(experiment, **changes))
