"""Inputs for the tests: networks, examples and optimisers that do not hide mistakes.

Default values hide mistakes (zero biases, a learning rate of 1, no penalty, D = H = K), so none are used here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nnspec.contract.operations import OPERATIONS
from nnspec.contract.support import METHODS, Support
from nnspec.documents.experiments import SMALL, schedule
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters, Recipe, Schedule

#: Sizes [D, H, …, K] of networks with one to four layers, with different sizes next to each other.
SIZES = [(3, 4), (2, 5, 3), (4, 3, 6, 2), (3, 6, 4, 5, 2)]
#: Networks with equal sizes, so that the shape of an array does not tell which array it is.
EQUAL_SIZES = [(3, 3), (2, 2, 2), (4, 4, 4, 4)]


#: The number of layers from which on a test is for networks of any depth.
DEEP = 3
#: Layers of more units than this take long.
MANY = 20
#: The sizes of an ordinary network.
ORDINARY = (3, 5, 4)


def sizes_for(support: Support, like: Sequence[int] = ORDINARY, hidden: int = 0) -> tuple[int, ...]:
    """The sizes ``like`` these, with a number of layers and of classes that is supported: the nearest.

    hidden: the least number of hidden layers. A network that is too deep loses its last hidden layers, one that is
    not deep enough gets more of them. Equal sizes stay equal. If nothing is supported, the sizes stay.
    """
    depths = None if support.depths is None else [depth for depth in support.depths if depth > hidden]
    units, classes = [*like[1:-1]], classes_for(support, like[-1])
    wanted = _nearest(len(like) - 1, depths) - 1
    if _are_equal(like):
        return _equal(like, wanted + 1, classes)
    while len(units) < wanted:
        units.append(next(size for size in (5, 6, 7) if size not in [*(units or like[:1])[-1:], classes]))
    return like[0], *units[:wanted], classes


def classes_for(support: Support, like: int) -> int:
    """A number of classes that is supported: the nearest."""
    return _nearest(like, support.classes)


def sizes_among(support: Support, like: Sequence[int], others: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """The sizes with a number of classes that is supported, and the layers that they have; equal sizes stay equal.

    others: the sizes that a test is for. A program for deeper networks alone gets as many layers as it needs from the
    deepest of them, if that has hidden layers to add to, and from the deepest of equal sizes.
    """
    deepest = max(len(sizes) - 1 for sizes in others if _are_equal(sizes) == _are_equal(like))
    if support.depths and min(support.depths) > deepest >= DEEP and len(like) - 1 == deepest:
        return sizes_for(support, like)
    classes = classes_for(support, like[-1])
    return _equal(like, len(like) - 1, classes) if _are_equal(like) else (*like[:-1], classes)


def _are_equal(sizes: Sequence[int]) -> bool:
    return len(set(sizes)) == 1


def _equal(like: Sequence[int], layers: int, classes: int) -> tuple[int, ...]:
    """As many equal sizes as there are classes; of many classes, all others are equal."""
    return *[classes if classes <= MANY else like[0]] * layers, classes


def _nearest(like: int, supported: Sequence[int] | None) -> int:
    return min(supported, key=lambda number: abs(number - like)) if supported else like


def objective(reduction: str, l2: float = 0.0) -> Objective:
    """The mean or the sum of the cross-entropies, with or without a penalty."""
    return {"reduction": reduction, "l2": l2}


def objective_for(support: Support, reduction: str, l2: float = 0.0) -> Objective:
    """An objective with this reduction if it is supported, otherwise with one that is."""
    known = reduction in support.reductions or not support.reductions
    return objective(reduction if known else support.reductions[0], l2)


#: Both reductions, without a penalty and with one large enough to show.
OBJECTIVES = [objective(reduction, l2) for reduction in ("mean", "sum") for l2 in (0.0, 0.3)]


def objectives_for(support: Support) -> list[Objective]:
    """Those of OBJECTIVES that are supported; all if none is."""
    return [one for one in OBJECTIVES if not support.missing({"objective": one})] or OBJECTIVES


def optimizer(method: str, schedule: Schedule | None = None) -> Optimizer:
    """A learning rate and a momentum that are not 1 and that no document uses."""
    return {"method": method, "learning_rate": 0.37, "momentum": 0.8, "schedule": schedule}


#: No schedule, and one of each kind that decays fast enough to show within three iterations.
SCHEDULES = [
    None,
    schedule("step", 0.7, every=2),
    schedule("exponential", 0.13),
    schedule("inverse_time", 0.29),
]
#: Schedules that do not decay.
STILL_SCHEDULES = [
    schedule("step", 1.0, every=2),
    schedule("exponential", 0.0),
    schedule("inverse_time", 0.0),
]
#: Both methods with every schedule.
OPTIMIZERS = [optimizer(method, rate_schedule) for method in METHODS for rate_schedule in SCHEDULES]


def network(random: np.random.Generator, sizes: Sequence[int], activation: str) -> Network:
    """Weights N(0, 1/fan_in) and biases N(0, 1), none of them 0."""
    parameters = like(random, sizes)
    weights = [array / np.sqrt(len(array)) for array in parameters["weights"]]
    return {"weights": weights, "biases": parameters["biases"], "activation": activation}


def like(random: np.random.Generator, sizes: Sequence[int]) -> Parameters:
    """Standard normals shaped like the parameters of a network, for gradients and velocities."""
    return {
        "weights": [random.standard_normal(shape) for shape in itertools.pairwise(sizes)],
        "biases": [random.standard_normal(size) for size in sizes[1:]],
    }


def labels(random: np.random.Generator, examples: int, classes: int) -> Array:
    """Labels in random order, with every class at least once if there are enough examples."""
    return random.permutation(np.arange(examples) % classes)


def lacking(labels: Sequence[int], classes: int) -> Array:
    """Labels like these, which are of four classes and lack some, of this many classes; they lack some too."""
    if classes >= 4:
        return np.array(labels)
    missing = next(label for label in range(4) if label not in labels) * (classes - 1) // 3
    present = [label for label in range(classes) if label != missing]
    return np.array([present[label % len(present)] for label in labels])


def another_order(classes: int) -> Array:
    """The classes in another order, the two halves in turns: 2, 0, 3, 1."""
    half = classes // 2
    return np.append(np.arange(2 * half).reshape(2, half)[::-1].T, np.arange(2 * half, classes))


def with_columns(array: Array, columns: int) -> Array:
    """The matrix with this many of its columns; if it has fewer, they start again."""
    return array[:, np.arange(columns) % array.shape[1]]


def without_biases(network: Network) -> Network:
    """The network with every bias 0, as most initial networks have it."""
    return {**network, "biases": [np.zeros_like(biases) for biases in network["biases"]]}


#: Integer types of labels; CS231n's are unsigned bytes.
INTEGERS = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64"]
#: Labels of four classes without examples of some: the last, the first, all but one, one in the middle.
LACKING_CLASSES = [(0, 1, 2, 1, 0), (3, 1, 2, 2), (2, 2, 2), (0, 3, 1, 0)]


def problem(
    random: np.random.Generator,
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
    examples: int = 7,
) -> dict[str, Any]:
    """The arguments of ``loss`` and ``gradients``."""
    return {
        "network": network(random, sizes, activation),
        "inputs": random.standard_normal((examples, sizes[0])),
        "labels": labels(random, examples, sizes[-1]),
        "objective": objective,
    }


def zero_velocity(sizes: Sequence[int]) -> Parameters:
    """The velocity before the first update."""
    return {
        "weights": [np.zeros(shape) for shape in itertools.pairwise(sizes)],
        "biases": [np.zeros(size) for size in sizes[1:]],
    }


def call(
    operation: str,
    random: np.random.Generator,
    activation: str,
    objective: Objective,
    optimizer: Optimizer,
    sizes: Sequence[int] = ORDINARY,
) -> dict[str, Any]:
    """The arguments of an ordinary call of this operation, with this activation, objective, optimizer and sizes."""
    arguments = {
        **problem(random, sizes, activation, objective),
        "scores": random.standard_normal((7, sizes[-1])),
        "reduction": objective["reduction"],
        "name": activation,
        "z": random.standard_normal((7, 5)),
        "gradients": like(random, sizes),
        "velocity": zero_velocity(sizes),
        "optimizer": optimizer,
        "iteration": 2,
        "iterations": 3,
        "batches": None,
        "sizes": list(sizes),
        "activation": activation,
        "initialization": SMALL,
        "normals": like(random, sizes),
        "seed": 1,
        "experiment": recipe(sizes, activation, objective, optimizer),
        **data_set(operation, random),
    }
    return {name: arguments[name] for name in OPERATIONS[operation].takes}


def recipe(
    sizes: Sequence[int],
    activation: str,
    objective: Objective,
    optimizer: Optimizer,
    batch_size: int | None = None,
) -> Recipe:
    """A fit of a few iterations."""
    return {
        "sizes": list(sizes),
        "activation": activation,
        "initialization": SMALL,
        "objective": objective,
        "optimizer": optimizer,
        "iterations": 3,
        "batch_size": batch_size,
    }


def far_apart(random: np.random.Generator) -> tuple[Array, Array]:
    """Ten examples of two classes, near (−4, −4) and near (4, 4), in random order: inputs (10, 2), labels (10,)."""
    classes = labels(random, 10, 2)
    return 8.0 * classes[:, None] - 4 + random.uniform(-0.5, 0.5, (10, 2)), classes


def at_right_angles(random: np.random.Generator, classes: int) -> tuple[Array, Array]:
    """An example of each class, in random order: inputs (K, K), labels (K,).

    With the 1 that a bias sees, each is at right angles to all others, and of length 4; longer for over 16 classes.
    """
    order, square = random.permutation(classes), max(16, classes)
    below = (np.sqrt(square) - np.sqrt(square - classes)) / classes
    return (np.sqrt(square) * np.eye(classes) - below)[order], order


def data_set(operation: str, random: np.random.Generator) -> dict[str, Any]:
    """The arguments of an operation that makes a data set; empty for any other operation."""
    two_dimensional = random.standard_normal((12, 2))
    return {
        "spiral": {"normals": random.standard_normal(12), "examples_per_class": 4, "classes": 3},
        "moons": {"normals": two_dimensional, "order": random.permutation(12), "examples": 12, "noise": 0.2},
        "circles": {"normals": two_dimensional, "examples": 12, "factor": 0.3, "noise": 0.1},
    }.get(operation, {})


def name_objective(objective: Objective) -> str:
    """An objective in the name of a test."""
    return f"{objective['reduction']}-l2-{objective['l2']:g}"


def name_optimizer(optimizer: Optimizer) -> str:
    """An optimizer in the name of a test."""
    return optimizer["method"] + (f"-{optimizer['schedule']['kind']}" if optimizer["schedule"] else "")


def name_labels(labels: Sequence[int]) -> str:
    """Labels in the name of a test."""
    return "".join(map(str, labels))


def name_sizes(sizes: Sequence[int]) -> str:
    """The sizes of a network in the name of a test."""
    return "-".join(map(str, sizes))


def circle(radius: float, points: int = 100) -> Array:
    """Points (N, 2) at equal distances on the circle around the origin."""
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
