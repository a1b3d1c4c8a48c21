"""The formulas of the operations that give a function's values: softmax, activations and their derivatives, scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import formulas, tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import Problem, problems, usual_activation


def softmax_formulas(support: Support) -> Iterator[Formula]:
    """The formula of ``softmax``."""
    plain = list(problems(support, usual_activation(support)))
    yield Formula(
        "softmax",
        "the probabilities",
        tuple(Measurement(partial(_softmax, problem, rows)) for problem in plain for rows in (1, 4)),
        choices=tables.outputs,
        hooks=formulas.OUTPUT,
    )


def activation_formulas(operation: str, support: Support) -> Iterator[Formula]:
    """The formulas of ``activation`` or ``activation_derivative``."""

    def choices(activation: str) -> Callable[[], tables.Choices]:
        if operation == "activation":
            return partial(tables.functions, activation, ())
        return partial(tables.derivatives, activation)

    name = "the function" if operation == "activation" else "the derivative"
    for activation in support.activations:
        yield Formula(
            operation,
            f"{name} ({activation})",
            tuple(Measurement(partial(_values, operation, activation, seed)) for seed in range(3)),
            choices=choices(activation),
            hooks=formulas.FUNCTION if operation == "activation" else formulas.FUNCTION | formulas.DERIVATIVE,
            activation=activation,
        )


def forward_formulas(support: Support) -> Iterator[Formula]:
    """The formulas of ``forward``."""
    for activation in support.activations:
        yield Formula(
            "forward",
            f"the scores ({activation})",
            tuple(
                Measurement(partial(_forward, problem), problem.symbols())
                for problem in problems(support, activation)
            ),
            choices=partial(tables.scores, activation, support.activations),
            hooks=formulas.SCORES,
            activation=activation,
        )


def _softmax(problem: Problem, rows: int, ask: Ask) -> Parts:
    classes = len(problem.network["biases"][-1])
    return {
        "probabilities": ask("softmax", {"scores": np.random.default_rng(rows).normal(size=(rows, classes))})
    }


def _values(operation: str, name: str, seed: int, ask: Ask) -> Parts:
    z = (seed + 0.5) * np.random.default_rng(seed).standard_normal((4, 3))
    return {"values": ask(operation, {"name": name, "z": z})}


def _forward(problem: Problem, ask: Ask) -> Parts:
    answer = ask("forward", {"network": problem.network, "inputs": problem.inputs})
    return {"scores": answer["scores"], **{f"hidden[{i}]": h for i, h in enumerate(answer["hidden"])}}
