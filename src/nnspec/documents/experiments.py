"""The documents' experiments as data: data set, network, objective, optimiser, iterations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from nnspec.documents import streams
from nnspec.documents.streams import Normals
from nnspec.reference import Reference
from nnspec.reference.values import Array, Initialization, Network, Objective, Optimizer, Recipe, Schedule

#: The documents' data sets: the name of the operation that makes each, and its arguments for a seed.
DATA: dict[str, Callable[..., dict[str, Any]]] = {
    "spiral": streams.spiral_arguments,
    "moons": streams.moons_arguments,
    "circles": streams.circles_arguments,
}


@dataclass(frozen=True)
class Experiment:
    """One experiment; ``sizes`` are the sizes of its layers, [D, H, …, K].

    skip: how many examples at the start of the data set are left out; sees: for a run that no document makes,
    the mistakes that it is there to show.
    """

    name: str
    document: str
    about: str
    data: str
    sizes: tuple[int, ...]
    activation: str
    initialization: Initialization
    normals: Normals
    objective: Objective
    optimizer: Optimizer
    iterations: int
    batch_size: int | None = None
    skip: int = 0
    sees: str = ""

    def examples(self) -> tuple[Array, Array]:
        """Inputs (N, 2) and labels (N,)."""
        inputs, labels = data_set(self.data)
        return inputs[self.skip :].copy(), labels[self.skip :].copy()

    def network(self, program: Reference | None = None) -> Network:
        """The initial network, as the reference or another program makes it."""
        biases = self.initialization["biases"] == "normals"
        normals = self.normals.parameters(self.sizes, biases)
        program = program or Reference()
        return program.initialize(normals, list(self.sizes), self.activation, self.initialization)

    def batches(self, iterations: int, program: Reference | None = None) -> list[Array] | None:
        """The indices of each iteration's examples; None to use all examples every time."""
        if self.batch_size is None:
            return None
        random, examples = np.random.RandomState(0), len(self.examples()[1])
        program = program or Reference()
        return program.shuffled_batches(random, examples, self.batch_size, iterations)

    def training(self, iterations: int | None = None, precision: str = "float64") -> dict[str, Any]:
        """The arguments of the operation ``train`` for this experiment, or for its first iterations.

        precision: the precision that the initial parameters and the inputs are rounded to, "float64" or "float32".
        """
        iterations = self.iterations if iterations is None else iterations
        inputs, labels = self.examples()
        network = self.network()
        return {
            "network": {
                "weights": [weights.astype(precision) for weights in network["weights"]],
                "biases": [biases.astype(precision) for biases in network["biases"]],
                "activation": network["activation"],
            },
            "inputs": inputs.astype(precision),
            "labels": labels,
            "objective": self.objective,
            "optimizer": self.optimizer,
            "iterations": iterations,
            "batches": self.batches(iterations),
        }

    def recipe(self) -> Recipe:
        """The argument ``experiment`` of the operation ``fit``."""
        return {
            "sizes": list(self.sizes),
            "activation": self.activation,
            "initialization": self.initialization,
            "objective": self.objective,
            "optimizer": self.optimizer,
            "iterations": self.iterations,
            "batch_size": self.batch_size,
        }


@cache
def data_set(name: str) -> tuple[Array, Array]:
    """Inputs and labels of one of the documents' data sets."""
    data = getattr(Reference(), name)(**DATA[name]())
    return data["inputs"], data["labels"]


def gradient_descent(rate: float, schedule: Schedule | None = None) -> Optimizer:
    """θ ← θ − μ∇."""
    return {"method": "gradient_descent", "learning_rate": rate, "momentum": 0.0, "schedule": schedule}


def momentum(rate: float, factor: float) -> Optimizer:
    """V ← λV − μ∇; θ ← θ + V."""
    return {"method": "momentum", "learning_rate": rate, "momentum": factor, "schedule": None}


def schedule(kind: str, decay: float, every: int = 1) -> Schedule:
    """A schedule by which the learning rate falls."""
    return {"kind": kind, "decay": decay, "every": every}


SMALL: Initialization = {"scale": 0.01, "fan_in": False, "biases": "zeros"}
FAN_IN: Initialization = {"scale": 1.0, "fan_in": True, "biases": "zeros"}
SMALL_WITH_BIASES: Initialization = {"scale": 0.1, "fan_in": False, "biases": "normals"}

SPIRAL_LINEAR = Experiment(
    name="spiral-linear",
    document="cs231n",
    about="a linear classifier on the spiral",
    data="spiral",
    sizes=(2, 3),
    activation="relu",
    initialization=SMALL,
    normals=Normals(seed=0, skip=318),
    objective={"reduction": "mean", "l2": 1e-3},
    optimizer=gradient_descent(1.0),
    iterations=200,
)
SPIRAL_RELU = replace(
    SPIRAL_LINEAR,
    name="spiral-relu",
    about="100 hidden units with ReLU on the spiral",
    sizes=(2, 100, 3),
    normals=Normals(seed=0, skip=324),
    iterations=10_000,
)
MOONS_TANH = Experiment(
    name="moons-tanh",
    document="wildml",
    about="3 hidden units with tanh on the moons",
    data="moons",
    sizes=(2, 3, 2),
    activation="tanh",
    initialization=FAN_IN,
    normals=Normals(seed=0),
    objective={"reduction": "sum", "l2": 0.01},
    optimizer=gradient_descent(0.01),
    iterations=20_000,
)
CIRCLES_MOMENTUM = Experiment(
    name="circles-momentum",
    document="roelants",
    about="3 hidden logistic units, trained with momentum on the circles",
    data="circles",
    sizes=(2, 3, 2),
    activation="logistic",
    initialization=SMALL_WITH_BIASES,
    normals=Normals(seed=1, skip=217),
    objective={"reduction": "sum", "l2": 0.0},
    optimizer=momentum(0.02, 0.9),
    iterations=300,
)
#: Roelants' gradient check: the circles at N(0, 1) parameters.
CIRCLES_GRADIENT_CHECK = replace(
    CIRCLES_MOMENTUM,
    name="circles-gradient-check",
    about="the parameters at which Roelants checks the gradients",
    initialization={"scale": 1.0, "fan_in": False, "biases": "normals"},
    normals=Normals(seed=1, skip=200),
    iterations=0,
)
#: The strength is the one that five-fold cross-validation picks from scikit-learn's ten: C = 10^(4/9).
#: A penalty of C⁻¹/2 · ‖w‖² on one weight vector w = w₁ − w₀ equals a penalty of 2C⁻¹/2 · ‖W‖² on both columns.
MOONS_LOGISTIC_REGRESSION = replace(
    MOONS_TANH,
    name="moons-logistic-regression",
    about="WildML's baseline: a straight line on the moons",
    sizes=(2, 2),
    objective={"reduction": "sum", "l2": 2 * 10 ** (-4 / 9)},
    iterations=2_000,
)


def moons(hidden: int) -> Experiment:
    """WildML's network with another hidden size."""
    return replace(
        MOONS_TANH,
        name=f"moons-tanh-{hidden}",
        about=f"{hidden} hidden unit{'s' if hidden > 1 else ''} with tanh on the moons",
        sizes=(2, hidden, 2),
    )


def exercise(name: str, about: str, **changes: Any) -> Experiment:
    """WildML's network changed as one of the article's exercises asks."""
    return replace(MOONS_TANH, name=name, about=about, **{"iterations": 2_000, **changes})


HIDDEN_SIZES = [moons(1), moons(2), MOONS_TANH, moons(4), moons(5), moons(20), moons(50)]

EXERCISES = [
    exercise(
        "moons-minibatch",
        "exercise 1: minibatches of 30, the last of each pass 20",
        batch_size=30,
    ),
    exercise(
        "moons-annealing-step",
        "exercise 2: the learning rate falls by a fifth every 100 iterations",
        optimizer=gradient_descent(0.01, schedule("step", 0.8, every=100)),
    ),
    exercise(
        "moons-annealing-exponential",
        "exercise 2: the learning rate decays exponentially",
        optimizer=gradient_descent(0.01, schedule("exponential", 0.001)),
    ),
    exercise(
        "moons-annealing-inverse-time",
        "exercise 2: the learning rate decays as 1/t",
        optimizer=gradient_descent(0.01, schedule("inverse_time", 0.001)),
    ),
    exercise("moons-logistic", "exercise 3: logistic hidden units", activation="logistic"),
    exercise("moons-relu", "exercise 3: hidden units with ReLU", activation="relu"),
    exercise("spiral-tanh", "exercise 4: three classes", data="spiral", sizes=(2, 10, 3)),
    exercise("moons-four-layers", "exercise 5: a second hidden layer", sizes=(2, 5, 4, 2)),
]

#: Runs that no document makes, each changed to show mistakes that the documents' own runs hide.
REVEALING = [
    replace(
        SPIRAL_RELU,
        name="spiral-relu-without-origin",
        about="the network on the spiral without its first example",
        iterations=200,
        skip=1,
        sees="the derivative of ReLU at exactly 0: the spiral's three points at the origin, one of each class, "
        "give z = 0, and their gradients cancel unless one is left out",
    ),
    replace(
        SPIRAL_RELU,
        name="spiral-relu-biases",
        about="10 hidden units with ReLU on the spiral, from biases other than 0",
        sizes=(2, 10, 3),
        initialization={"scale": 0.5, "fan_in": False, "biases": "normals"},
        normals=Normals(seed=2),
        objective={"reduction": "mean", "l2": 0.1},
        optimizer=gradient_descent(0.3),
        iterations=200,
        sees="mistakes in the penalty and in the learning rate: with biases of 0, a small λ and a rate of 1, "
        "a penalty on the biases or a decay that lacks the rate changes next to nothing",
    ),
    replace(
        CIRCLES_MOMENTUM,
        name="circles-momentum-penalty",
        about="the network on the circles with a penalty",
        objective={"reduction": "sum", "l2": 0.1},
        sees="mistakes in the penalty under momentum, which Roelants' own run, with none, cannot show",
    ),
    replace(
        SPIRAL_RELU,
        name="spiral-minibatch",
        about="10 hidden units with tanh on the spiral, minibatches of 64, the last of each pass 44",
        sizes=(2, 10, 3),
        activation="tanh",
        initialization=FAN_IN,
        normals=Normals(seed=3),
        optimizer=gradient_descent(0.5),
        iterations=200,
        batch_size=64,
        sees="a mean that is taken over the size of a full minibatch, or of the data set, where the last is shorter",
    ),
]

#: The documents' experiments and their exercises.
EXPERIMENTS = {
    experiment.name: experiment
    for experiment in [
        SPIRAL_LINEAR,
        SPIRAL_RELU,
        MOONS_LOGISTIC_REGRESSION,
        *HIDDEN_SIZES,
        CIRCLES_MOMENTUM,
        *EXERCISES,
    ]
}

#: Every experiment that has a golden trace.
TRACED = {**EXPERIMENTS, **{experiment.name: experiment for experiment in REVEALING}}
