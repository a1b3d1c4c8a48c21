"""The formulas of the data sets: the radii and points without noise, the labels, the order, and the noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from nnspec.diagnosis import tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts

#: The operations.
DATA_SETS = ("spiral", "moons", "circles")
#: Sizes of the questions: examples of a class and classes of the spiral, examples and noise of the moons, and of the
#: circles also the factor.
_SPIRALS = ((7, 4), (6, 3), (9, 2))
_MOONS = ((10, 0.3), (13, 0.15), (16, 0.45))
_CIRCLES = ((10, 0.6, 0.3), (13, 0.3, 0.15), (16, 0.75, 0.45))

Arguments = Callable[[], Iterator[dict[str, Any]]]


def data_formulas(operation: str) -> Iterator[Formula]:
    """The formulas of a data set."""
    plain, ordered, noisy = (
        partial(_arguments, operation, *kind) for kind in ((False, False), (True, False), (True, True))
    )
    radii, points, order = "the radii", "the points without noise", "the order of the examples"
    if operation != "moons":
        yield _formula(operation, radii, plain, ("radii",))
    yield _formula(operation, points, plain, ("inputs",), (radii,))
    yield _formula(operation, "the labels", plain, ("labels",))
    if operation == "moons":
        yield _formula(operation, order, ordered, ("inputs", "labels"), (points, "the labels"))
    # what is added to moons and circles shows by itself, so that unknown noise says nothing against known points
    noise = ("inputs",) if operation == "spiral" else ("added",)
    yield _formula(operation, "the noise", noisy, noise, (radii, points, order))


def _formula(
    operation: str, name: str, arguments: Arguments, parts: tuple[str, ...], needs: tuple[str, ...] = ()
) -> Formula:
    measurements = tuple(Measurement(partial(_asked, operation, each, parts)) for each in arguments())
    return Formula(
        operation,
        name,
        measurements,
        choices=partial(tables.generators, operation),
        needs=needs,
        hooks=frozenset((operation,)),
        pairs=partial(tables.generators_of_pairs, operation),
        sieve=measurements[1],  # of an odd number of moons or circles
    )


def _arguments(operation: str, ordered: bool, noisy: bool) -> Iterator[dict[str, Any]]:
    """The arguments of each question; ordered: in another order than their own."""
    random = np.random.default_rng(len(operation))
    if operation == "spiral":
        for count, classes in _SPIRALS:
            normals = random.standard_normal(count * classes) * noisy
            yield {"normals": normals, "examples_per_class": count, "classes": classes}
    elif operation == "moons":
        for examples, noise in _MOONS:
            normals, order = random.standard_normal((examples, 2)), random.permutation(examples)
            order = order if ordered else np.arange(examples)
            yield {"normals": normals * noisy, "order": order, "examples": examples, "noise": noise}
    else:
        for examples, factor, noise in _CIRCLES:
            normals = random.standard_normal((examples, 2)) * noisy
            yield {"normals": normals, "examples": examples, "factor": factor, "noise": noise}


def _asked(operation: str, arguments: Mapping[str, Any], parts: tuple[str, ...], ask: Ask) -> Parts:
    answer = dict(ask(operation, dict(arguments)))
    radii = np.hypot(*np.transpose(answer["inputs"]))
    answer["radii"] = radii * (1 + np.arange(len(radii)))  # so that equal radii are not one number alone
    if "added" in parts:
        plain = ask(operation, {**arguments, "normals": 0 * arguments["normals"]})
        answer["added"] = answer["inputs"] - plain["inputs"]
    return {name: answer[name] for name in parts}
