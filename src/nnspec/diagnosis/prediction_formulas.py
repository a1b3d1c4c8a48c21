"""The formula of the predictions: a label for each of many examples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import formulas, tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import Problem, problems

#: Examples that are predicted at a time, besides as many as there are classes.
_EXAMPLES = 40


def prediction_formulas(support: Support) -> Iterator[Formula]:
    """The formulas of ``predict``."""
    for activation in support.activations:
        asked = list(problems(support, activation))
        yield Formula(
            "predict",
            f"the predictions ({activation})",
            tuple(
                Measurement(partial(_labels, problem, count), problem.symbols(count))
                for problem in asked
                for count in (_EXAMPLES, int(problem.symbols()["K"]))
            ),
            choices=partial(tables.predictions, activation, support.activations),
            hooks=formulas.SCORES | {"predict"},
            activation=activation,
        )


def _labels(problem: Problem, count: int, ask: Ask) -> Parts:
    """The labels of examples whose mean is not 0, and whose columns are of different sizes."""
    columns = problem.inputs.shape[1]
    normals = np.random.default_rng([problem.number, count]).standard_normal((count, columns))
    inputs = 0.4 + (0.5 + np.arange(columns)) * normals
    return {"labels": ask("predict", {"network": problem.network, "inputs": inputs})}
