"""The formula of the predictions: a label for each of many examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import formulas, tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import Problem, problems, usual_activation
from nnspec.reference.values import Array

#: Examples that are predicted at a time, besides as many as there are classes.
_EXAMPLES = 200


def prediction_formulas(support: Support) -> Iterator[Formula]:
    """The formulas of ``predict``."""
    smooth = usual_activation(support)
    # ReLU comes later: of its networks, ReLU of the scores and their own activation are the same
    for activation in sorted(support.activations, key=lambda name: name != smooth):
        asked = list(problems(support, activation))
        if all(problem.symbols()["K"] != 2 for problem in asked):
            asked += _of_two_classes(support, activation)
        measurements = tuple(
            _measurement(problem, count)
            for problem in asked
            for count in (_EXAMPLES, int(problem.symbols()["K"]))
        )
        yield Formula(
            "predict",
            f"the predictions ({activation})",
            measurements,
            choices=partial(tables.predictions, activation, support.activations),
            hooks=formulas.SCORES | {"predict"},
            activation=activation,
            pairs=partial(tables.predictions_of_pairs, activation),
            sieve=measurements[0] if measurements else None,
        )


def _of_two_classes(support: Support, activation: str) -> Iterator[Problem]:
    """A problem of two classes, if they are supported."""
    if not support.classes or 2 in support.classes:
        yield from problems(replace(support, classes=(2,)), activation, count=1)


def _measurement(problem: Problem, count: int) -> Measurement:
    """The labels of examples whose mean is not 0, and whose columns are of different sizes."""
    columns = problem.inputs.shape[1]
    normals = np.random.default_rng([problem.number, count]).standard_normal((count, columns))
    inputs = 0.4 + (0.5 + np.arange(columns)) * normals
    return Measurement(partial(_labels, problem, inputs), problem.symbols(count))


def _labels(problem: Problem, inputs: Array, ask: Ask) -> Parts:
    return {"labels": ask("predict", {"network": problem.network, "inputs": inputs})}
