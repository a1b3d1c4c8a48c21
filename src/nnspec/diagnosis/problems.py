"""Problems to ask about: sizes that differ from each other, so that no two formulas agree by chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.judging import cases
from nnspec.reference.values import Array, Network

#: The factors of the penalty, the learning rates and the momenta of the questions, in turn.
PENALTIES = (0.37, 0.83, 0.61)
RATES = (0.31, 0.73, 0.47)
MOMENTA = (0.6, 0.85, 0.7)
#: Numbers of inputs, units, classes and examples, in turn; the classes may be two throughout.
_INPUTS, _UNITS, _CLASSES, _EXAMPLES = (3, 4, 6), (5, 7, 8), (4, 3, 5), (7, 9, 8)
#: A usual number of layers, a greater one, and a linear classifier.
_DEPTHS = (2, 3, 1)


@dataclass(frozen=True)
class Problem:
    """A network, examples, and what its letters are; ``number`` is its place among the problems."""

    number: int
    network: Network
    inputs: Array
    labels: Array

    @property
    def layers(self) -> int:
        """The number of layers."""
        return len(self.network["weights"])

    def objective(self, reduction: str, penalised: bool = False) -> dict[str, Any]:
        """With this reduction, and perhaps with a penalty."""
        return {"reduction": reduction, "l2": PENALTIES[self.number] if penalised else 0.0}

    def optimizer(self, method: str, schedule: Any = None) -> dict[str, Any]:
        """With this method and this problem's rate and momentum."""
        rate, momentum = RATES[self.number], MOMENTA[self.number]
        return {"method": method, "learning_rate": rate, "momentum": momentum, "schedule": schedule}

    def params(
        self, reduction: str, penalised: bool = False, rows: Any = slice(None), **network: Any
    ) -> dict[str, Any]:
        """The arguments of ``loss`` and ``gradients`` for some of the examples."""
        return {
            "network": {**self.network, **network},
            "inputs": self.inputs[rows],
            "labels": self.labels[rows],
            "objective": self.objective(reduction, penalised),
        }

    def symbols(self, examples: int | None = None) -> Mapping[str, float]:
        """What the letters stand for in its questions."""
        weights = self.network["weights"]
        found = {
            "N": len(self.labels) if examples is None else examples,
            "K": weights[-1].shape[1],
            "D": weights[0].shape[0],
            "λ": PENALTIES[self.number],
            "μ": RATES[self.number],
            "m": MOMENTA[self.number],
        }
        if len(weights) > 1:
            found["H"] = weights[0].shape[1]
        return {name: float(value) for name, value in found.items()}

    @property
    def without_last_weights(self) -> dict[str, Any]:
        """Weights with zeros in the last layer: its biases are the scores then, whatever comes before it."""
        *first, last = self.network["weights"]
        return {"weights": [*first, np.zeros_like(last)]}


def problems(support: Support, activation: str, least: int = 1, count: int = 3) -> Iterator[Problem]:
    """Problems of other sizes that are supported; least: the least number of layers."""
    depths = [depth for depth in support.depths or _DEPTHS if depth >= least]
    for number in range(count if depths else 0):
        random = np.random.default_rng(number)
        allowed = support.classes
        classes = (
            _CLASSES[number] if not allowed or _CLASSES[number] in allowed else allowed[number % len(allowed)]
        )
        depth = depths[number % len(depths)]
        sizes = [_INPUTS[number], *(_UNITS[number] + 2 * layer for layer in range(depth - 1)), classes]
        made = cases.problem(random, sizes, activation, cases.objective("sum"), _EXAMPLES[number])
        yield Problem(number, made["network"], 1.3 * made["inputs"], made["labels"])


def usual_activation(support: Support) -> str:
    """One that is supported, smooth if possible."""
    return next((name for name in ("tanh", "logistic", "relu") if name in support.activations), "tanh")


def each_reduction(plain: Sequence[Problem], support: Support) -> list[tuple[Problem, str]]:
    """Every problem with a reduction, and the first of them with each of the others too."""
    first, *others = support.reductions
    return [*((problem, first) for problem in plain), *((plain[0], other) for other in others)]
