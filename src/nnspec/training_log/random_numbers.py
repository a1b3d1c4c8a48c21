"""Variants whose random numbers are others: from another place of the stream, from another seed or generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nnspec.documents.experiments import Experiment
from nnspec.documents.streams import Normals, NormalsAfterMoons
from nnspec.training_log.variant import Variant

#: Seeds that people choose.
SEEDS = (*range(10), 42, 100, 123, 1234, 12345)
#: Seeds of numpy's other generator that people choose.
NEW_SEEDS = (0, 1, 42)


@dataclass(frozen=True)
class NewGenerator(Normals):
    """The standard normals of ``default_rng(seed)``."""

    def generator(self) -> np.random.Generator:  # type: ignore[override]  # its standard_normal is called alike
        """A generator that draws them next."""
        return np.random.default_rng(self.seed)


def random_numbers(experiment: Experiment) -> Iterator[Variant]:
    """Initial parameters from other places of the stream, from other seeds and from numpy's other generator."""
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
    for seed in NEW_SEEDS:
        about = f"The initial weights come from default_rng({seed}), whose normals are others."
        yield Variant(f"default_rng({seed})", about, fix, replace(experiment, normals=NewGenerator(seed)))
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
        yield (
            "follow the data and a linear classifier, but the 18 normals in between are not thrown away",
            Normals(normals.seed, 306),
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
