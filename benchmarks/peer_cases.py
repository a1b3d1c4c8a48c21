"""The inputs on which the peers' checks run, and what a check of gradients sees of a program.

Every case makes its arrays anew from its seed, so a program that changes its arguments changes no other check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.reference.values import Array, Network, Optimizer

#: What a program is to a check: an object with the operations of the contract that it offers.
Program = Any
#: What a check looks at, a number that grows with what is wrong or the names of warnings.
Measure = Callable[[Program], Any]

#: The rate of the one step that shows the gradients of a program with nothing but ``train``.
STEP = 0.1


@dataclass(frozen=True)
class Check:
    """A check of a peer.

    about: what it is run on, in a few words; needs: the operations that it calls; fails: whether what it measures is
    wrong; without: it is left out where a program offers any of these.
    """

    peer: str
    about: str
    needs: tuple[str, ...]
    measure: Measure
    fails: Callable[[Any], bool]
    without: tuple[str, ...] = ()

    def applies(self, operations: tuple[str, ...]) -> bool:
        """Whether it applies to a program with these operations."""
        return set(self.needs) <= {*operations} and not {*self.without} & {*operations}


def above(limit: float) -> Callable[[Any], bool]:
    """Whether a number is above the limit, or no number."""
    return lambda value: not value <= limit


@dataclass(frozen=True)
class Case:
    """A network, a batch and an objective; scale: the weights are scale · N(0, 1/fan-in)."""

    sizes: tuple[int, ...]
    activation: str
    reduction: str = "mean"
    l2: float = 0.0
    examples: int = 7
    seed: int = 0
    scale: float = 1.0
    biases: float = 0.5
    inputs: float = 1.0

    @property
    def has_kinks(self) -> bool:
        """Whether the objective has kinks."""
        return self.activation == "relu" and len(self.sizes) > 2

    @property
    def rate(self) -> float:
        """A step size that trains: smaller where the losses are summed."""
        return STEP if self.reduction == "mean" else STEP / self.examples

    def __str__(self) -> str:
        """In a few words."""
        return (
            f"{'-'.join(map(str, self.sizes))} {self.activation}, {self.reduction}, λ {self.l2:g}, "
            f"{self.examples} examples, seed {self.seed}"
        )

    def arguments(self) -> dict[str, Any]:
        """The arguments of ``loss`` and ``gradients``."""
        random = np.random.default_rng(self.seed)
        network = self.network(random)
        return {
            "network": network,
            "inputs": self.inputs * random.standard_normal((self.examples, self.sizes[0])),
            "labels": random.integers(self.sizes[-1], size=self.examples),
            "objective": {"reduction": self.reduction, "l2": self.l2},
        }

    def network(self, random: np.random.Generator) -> Network:
        """Its network."""
        pairs = zip(self.sizes[:-1], self.sizes[1:], strict=True)
        return {
            "weights": [self.scale * random.standard_normal(pair) / np.sqrt(pair[0]) for pair in pairs],
            "biases": [self.biases * random.standard_normal(size) for size in self.sizes[1:]],
            "activation": self.activation,
        }


def gradient_descent(rate: float) -> Optimizer:
    """θ ← θ − μ∇."""
    return {"method": "gradient_descent", "learning_rate": rate, "momentum": 0.0, "schedule": None}


def momentum(rate: float) -> Optimizer:
    """V ← 0.9 V − μ∇; θ ← θ + V."""
    return {"method": "momentum", "learning_rate": rate, "momentum": 0.9, "schedule": None}


#: Without a hidden layer, with one and with two, and for two classes.
NETWORKS = [
    Case((4, 3), "relu"),
    *(
        Case(sizes, activation)
        for activation in ("relu", "tanh", "logistic")
        for sizes in ((3, 4, 3), (3, 4, 4, 3), (2, 5, 2))
    ),
]
#: The reduction, the penalty (none first, then a strong one) and the number of examples.
OBJECTIVES = [
    ("mean", 0.0, 3),
    ("sum", 0.0, 2),
    ("sum", 0.5, 3),
    ("mean", 0.5, 7),
    ("mean", 0.5, 1),
    ("sum", 0.0, 20),
]


def gradient_cases() -> Iterator[Case]:
    """Every network with half of the objectives, the next one with the other half; each with a seed of its own."""
    for place, network in enumerate(NETWORKS):
        for seed, (reduction, l2, examples) in enumerate(OBJECTIVES[place % 2 :: 2], 3 * place):
            yield Case(network.sizes, network.activation, reduction, l2, examples, seed)


# ---- what a check of gradients sees ----


@dataclass(frozen=True)
class View:
    """A function of some arrays, and its gradient as the program computes it.

    arrays: the arguments, which a check changes in place, as each of the peers does; weights: how many of them, the
    first ones, are weights.
    """

    arrays: list[Array]
    value: Callable[[], float]
    gradient: Callable[[], list[Array]]
    weights: int = 0


Look = Callable[[Program, Case], View]


def objective_view(program: Program, case: Case) -> View:
    """``loss`` and ``gradients`` as functions of the parameters."""
    return _objective_view(program, case.arguments())


def warm_view(program: Program, case: Case) -> View:
    """The same after ten steps of the program's own training on 32 examples."""
    return _objective_view(program, warmed(program, case))


def _objective_view(program: Program, arguments: dict[str, Any]) -> View:
    network = arguments["network"]

    def gradient() -> list[Array]:
        gradients = program.gradients(**arguments)
        return [*gradients["weights"], *gradients["biases"]]

    arrays = [*network["weights"], *network["biases"]]
    return View(arrays, lambda: float(program.loss(**arguments)), gradient, len(network["weights"]))


def step_view(program: Program, case: Case) -> View:
    """The first loss that ``train`` lists, and the gradients from one step: (θ − θ′)/μ."""
    return _step_view(program, case.arguments())


def warm_step_view(program: Program, case: Case) -> View:
    """The same after ten steps of training on 32 examples."""
    return _step_view(program, warmed(program, case))


def _step_view(program: Program, arguments: dict[str, Any]) -> View:
    arguments = {**arguments, "optimizer": gradient_descent(STEP), "iterations": 1, "batches": None}
    network = arguments["network"]
    arrays = [*network["weights"], *network["biases"]]

    def gradient() -> list[Array]:
        before = [array.copy() for array in arrays]
        after = program.train(**arguments)["network"]
        pairs = zip(before, [*after["weights"], *after["biases"]], strict=True)
        return [(old - new) / STEP for old, new in pairs]

    return View(
        arrays, lambda: float(program.train(**arguments)["losses"][0]), gradient, len(network["weights"])
    )


def warmed(program: Program, case: Case) -> dict[str, Any]:
    """The case's arguments with the network after ten steps on 32 other examples."""
    arguments = case.arguments()
    random = np.random.default_rng(1000 + case.seed)
    trained = program.train(
        network=arguments["network"],
        inputs=random.standard_normal((32, case.sizes[0])),
        labels=random.integers(case.sizes[-1], size=32),
        objective=arguments["objective"],
        optimizer=gradient_descent(STEP if case.reduction == "mean" else STEP / 32),
        iterations=10,
        batches=None,
    )["network"]
    parameters = {kind: [np.array(a, float) for a in trained[kind]] for kind in ("weights", "biases")}
    return {**arguments, "network": {**parameters, "activation": case.activation}}


def score_view(program: Program, case: Case) -> View:
    """``cross_entropy`` and ``score_gradient`` as functions of the scores."""
    arguments = case.arguments()
    random = np.random.default_rng(case.seed)
    scores = random.standard_normal((case.examples, case.sizes[-1]))
    rest = {"scores": scores, "labels": arguments["labels"], "reduction": case.reduction}
    return View(
        [scores], lambda: float(program.cross_entropy(**rest)), lambda: [program.score_gradient(**rest)], 1
    )


def activation_view(program: Program, case: Case) -> View:
    """The sum of ``activation`` over an array, and ``activation_derivative``."""
    z = np.random.default_rng(case.seed).standard_normal((case.examples, case.sizes[0]))
    rest = {"name": case.activation, "z": z}
    return View(
        [z],
        lambda: float(np.sum(program.activation(**rest))),
        lambda: [np.asarray(program.activation_derivative(**rest), float)],
        1,
    )
