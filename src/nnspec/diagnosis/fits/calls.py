"""Fits of a program whose first network is known, so that the one they return can be foretold."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Asker, Unanswered
from nnspec.diagnosis.fits.guesses import Case, Slip, far
from nnspec.diagnosis.problems import usual_activation
from nnspec.documents.experiments import FAN_IN, SMALL, SMALL_WITH_BIASES
from nnspec.judging import cases
from nnspec.judging.rounding import Precision
from nnspec.reference import Reference
from nnspec.reference.values import Initialization, Network

#: A rate that moves no parameter.
STILL = 1e-30
#: Initial weights that are nearly 0.
_ZERO: Initialization = {"scale": 1e-30, "fan_in": False, "biases": "zeros"}
ONE_WITH_BIASES: Initialization = {"scale": 1.0, "fan_in": False, "biases": "normals"}
#: Units of roundoff, of the greatest parameter, that a few updates may lose.
_NEAR = 4096
#: How many inputs there are, where they lie and how far they spread.
_INPUTS, _CENTRE, _SPREAD = 4, (0.3, -0.5, 0.8, 0.1), (0.7, 1.6, 0.4, 1.1)


#: How the first network is known: from a fit without iterations, from one at a rate of 0, or as 0.
WAYS = ("none", "still", "zeros")
#: Initializations of which a program takes one at least.
_RECIPES = (FAN_IN, SMALL, SMALL_WITH_BIASES, ONE_WITH_BIASES)


@dataclass(frozen=True)
class Setting:
    """An activation and an initialization that the program takes."""

    activation: str
    initialization: Initialization


def settings(support: Support) -> Iterator[Setting]:
    """Those that a program may take, a usual one first."""
    usual = usual_activation(support)
    for activation in dict.fromkeys((usual, *support.activations)):
        for recipe in _RECIPES:
            yield Setting(activation, recipe)


class Fits:
    """Fits of the program, the first networks of which are known in one way."""

    def __init__(
        self, ask: Asker, support: Support, precision: Precision, setting: Setting, way: str
    ) -> None:
        """ask: calls the program; way: one of WAYS."""
        self._ask, self.support, self._way = ask, support, way
        self._activation = setting.activation
        self._initialization = _ZERO if way == "zeros" else setting.initialization
        self.near = _NEAR * precision.unit
        like = (_INPUTS, 3) if way == "zeros" else (_INPUTS, 5, 3)
        self._sizes = cases.sizes_for(support, like)

    @property
    def is_answered(self) -> bool:
        """Whether the program takes such a fit."""
        with contextlib.suppress(Unanswered):
            self._ask("fit", self._params(1, 6, 0.31))
            return True
        return False

    @property
    def is_possible(self) -> bool:
        """Whether the first network is known so; not if it differs with the same seed."""
        if self._way == "zeros":
            return len(self._sizes) == 2
        params = self._params(1, 6, 0.31)
        start = self._start(params)
        again = network_from(self._ask.again("fit", self._still(params)), self._sizes)
        return far(start, again) == 0

    def case(self, iterations: int, examples: int, rate: float, **changes: Any) -> Case:
        """A fit; changes: of the data, the seed, the objective, the optimizer and the size of minibatches."""
        params = self._params(iterations, examples, rate, **changes)
        got = network_from(self._ask("fit", params), self._sizes)
        return Case(params["inputs"], params["labels"], params["experiment"], self._start(params), got)

    def stay(self) -> bool:
        """Whether a fit from weights of nearly 0 ends with these."""
        params = self._params(5, 7, 0.31)
        params["experiment"] = {**params["experiment"], "initialization": _ZERO}
        got = network_from(self._ask("fit", params), self._sizes)
        return all(np.max(np.abs(array)) < self.near for array in (*got["weights"], *got["biases"]))

    def predicts_plainly(self, case: Case, data: Slip) -> bool:
        """Whether predictions of the network that was returned are those of inputs as they are."""
        points = np.random.default_rng(5).standard_normal((60, _INPUTS)) * 2 + _CENTRE
        try:
            got = np.asarray(self._ask("predict", {"network": case.got, "inputs": points})).ravel()
        except Unanswered:
            return False
        plain, changed = (
            Reference().predict(case.got, x) for x in (points, data.of(points, np.zeros(len(points)))[0])
        )
        return np.array_equal(got, plain) and not np.array_equal(plain, changed)

    def _params(
        self,
        iterations: int,
        examples: int,
        rate: float,
        *,
        seed: int = 1,
        equal: bool = False,
        size: int | None = None,
        objective: Mapping[str, Any] | None = None,
        optimizer: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        random, classes = np.random.default_rng(examples), self._sizes[-1]
        inputs = random.standard_normal((examples, _INPUTS)) * _SPREAD + _CENTRE
        labels = np.arange(examples) % min(classes, 3)
        if equal:
            inputs, labels = np.repeat(inputs[:1], examples, axis=0), np.full(examples, classes - 1)
        plain = cases.objective_for(self.support, "mean")
        scale = 1.0 if plain["reduction"] == "mean" else 1 / (size or examples)
        method = self.support.methods[0]
        optimizer = {"method": method, "momentum": 0.6, "schedule": None, **(optimizer or {})}
        experiment = {
            "sizes": list(self._sizes),
            "activation": self._activation,
            "initialization": self._initialization,
            "objective": {**plain, **(objective or {})},
            "optimizer": {**optimizer, "learning_rate": rate * scale},
            "iterations": iterations,
            "batch_size": size,
        }
        return {"inputs": inputs, "labels": labels, "experiment": experiment, "seed": seed}

    def _still(self, params: dict[str, Any]) -> dict[str, Any]:
        """A fit that returns its first network."""
        experiment = params["experiment"]
        experiment = {**experiment, "optimizer": {**experiment["optimizer"], "learning_rate": STILL}}
        if self._way == "none":
            experiment["iterations"] = 0
        return {**params, "experiment": experiment}

    def _start(self, params: dict[str, Any]) -> Network:
        activation = params["experiment"]["activation"]
        if self._way == "zeros":
            return {**cases.zero_velocity(self._sizes), "activation": activation}
        return {**network_from(self._ask("fit", self._still(params)), self._sizes), "activation": activation}


def network_from(answer: Any, sizes: Sequence[int]) -> Network:
    """The network that a fit returned; raises Unanswered for a handle, and for a network of another form."""
    if not isinstance(answer, Mapping) or not {"weights", "biases"} <= set(answer):
        raise Unanswered("a handle")
    weights = [np.asarray(array, dtype=float) for array in answer["weights"]]
    biases = [np.asarray(array, dtype=float).ravel() for array in answer["biases"]]
    shapes = [array.shape for array in weights], [array.shape for array in biases]
    if shapes != (list(itertools.pairwise(sizes)), [(size,) for size in sizes[1:]]):
        raise Unanswered("another form")
    return {"weights": weights, "biases": biases, "activation": str(answer.get("activation"))}
