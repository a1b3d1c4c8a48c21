"""Whether a program reads the numbers that it is sent: some calls return numbers that they were given, unchanged.

Some JSON readers are off by 1 or 2 units in the last place (serde_json without ``float_roundtrip``, Octave's). Every
answer then begins elsewhere than the right one, and the clause that shows it is blamed. So a program is asked what it
read: ReLU returns positive numbers, an update at a learning rate of 0 returns its network, and so on, without an
operation that rounds. Others keep 14 digits, say: then every number that comes back is one of the two numbers of 14
digits next to what was sent. What is further off, and is no such number, is a mistake of the program, and says nothing
here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Context
from typing import Any

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.reference.values import Array, Network

#: A call, and what to pick from its answer: (operation, params, numbers that were sent, pick).
Probe = tuple[str, dict[str, Any], Array, Callable[[Any], Array]]

#: How far off a reader of all digits may be, in units in the last place.
FAR = 16
#: How many digits another may keep, the most first; with 16, it is no further off than a reader of all.
KEPT = range(15, 5, -1)
#: How far off a reader may be from the number of so many digits.
SLIP = 4
#: Numbers that one call sends, where their count is free.
COUNT = 300


@dataclass(frozen=True)
class Reading:
    """The number that changed the most on its way through an operation, by ``distance`` units in the last place.

    digits: how many of every number were kept; 0 if all, and it is the rounding that is off.
    """

    operation: str
    sent: float
    got: float
    distance: int
    digits: int = 0

    def __str__(self) -> str:
        """What is wrong and how to fix it; empty if every number was read."""
        if not self.distance:
            return ""
        if self.digits:
            what, reader = f"keeps {self.digits} digits of {self.sent!r}", "reads 17 digits"
        else:
            units = "1 unit" if self.distance == 1 else f"{self.distance} units"
            what, reader = f"changed {self.sent!r} by {units} in the last place", "rounds correctly"
        return (
            f"its JSON reader {what} ({self.operation} returned {self.got!r}): use a reader that {reader} "
            '(serde_json: the feature float_roundtrip), or answer "numbers": "hex" or "base64" in describe'
        )


def reading_error(
    ask: Callable[[str, dict[str, Any]], Any],
    operations: Collection[str],
    sizes: Sequence[int],
    activation: str = "relu",
    reduction: str = "mean",
    method: str = "gradient_descent",
    random: np.random.Generator | None = None,
) -> Reading | None:
    """The worst that its reader does, through whichever of ``operations`` show it; None if none of them does.

    ask: calls it, as Subject.call; sizes, activation, reduction, method: what it supports. All numbers that are sent
    are exact in float32 too. A program that prints too few digits looks the same, so ask nnspec.contract.digits first.
    """
    readings = []
    random = random or np.random.default_rng(0)
    for operation, params, sent, pick in _probes(random, sizes, activation, reduction, method):
        if operation in operations:
            try:
                got = np.asarray(pick(ask(operation, params)), dtype=float)
            except (NoAnswer, Disagreement):
                continue
            readings += _readings(operation, sent, got)
    return max(readings, key=lambda reading: reading.distance, default=None)


def _readings(operation: str, sent: Array, got: Array) -> list[Reading]:
    """The worst of one call; none if it did something else than to return what it was sent."""
    if got.shape != sent.shape or not np.isfinite(got).all():
        return []
    distances = _units(got, sent)
    worst = np.unravel_index(np.argmax(distances), sent.shape)
    digits = _digits_kept(sent, got) if distances[worst] > FAR else 0
    if distances[worst] > FAR and not digits:
        return []
    return [Reading(operation, float(sent[worst]), float(got[worst]), int(distances[worst]), digits)]


def _units(got: Array, sent: Array) -> Array:
    """How far apart they are, in units in the last place of what was sent."""
    distances: Array = np.rint(np.abs(got - sent) / np.spacing(np.abs(sent)))
    return distances


def _digits_kept(sent: Array, got: Array) -> int:
    """The digits of every number that were kept, rounded up or down; 0 if something else changed the numbers."""
    texts = [repr(number) for number in sent.ravel().tolist()]
    for digits in KEPT:
        contexts = Context(digits, ROUND_DOWN), Context(digits, ROUND_UP)
        below, above = (np.array([float(one.create_decimal(text)) for text in texts]) for one in contexts)
        off = np.minimum(_units(got.ravel(), below), _units(got.ravel(), above))
        if (off <= SLIP).all():
            return digits
    return 0


def _probes(
    random: np.random.Generator, sizes: Sequence[int], activation: str, reduction: str, method: str
) -> Iterator[Probe]:
    """Calls that return numbers unchanged: θ − 0 · ∇, 0ᵀδ + 1 · W, 1 · n, max(0, z), and max(0, x · I)."""
    network: Network = {
        "weights": [_numbers(random, shape) for shape in itertools.pairwise(sizes)],
        "biases": [_numbers(random, (size,)) for size in sizes[1:]],
        "activation": activation,
    }
    inputs, labels = _numbers(random, (6, sizes[0])), cases.labels(random, 6, sizes[-1])
    still = {"method": method, "learning_rate": 0.0, "momentum": 0.0, "schedule": None}
    objective = cases.objective(reduction)
    parameters = {name: network[name] for name in ("weights", "biases")}
    zeros = {name: [np.zeros_like(array) for array in arrays] for name, arrays in parameters.items()}

    z = np.abs(_numbers(random, (3, COUNT // 3)))
    yield "activation", {"name": "relu", "z": z}, z, lambda answer: answer
    yield (
        "train",
        {
            "network": network,
            "inputs": inputs,
            "labels": labels,
            "objective": objective,
            "optimizer": still,
            "iterations": 1,
            "batches": None,
        },
        _flat(network),
        lambda answer: _flat(answer["network"]),
    )
    yield (
        "update",
        {"network": network, "gradients": parameters, "velocity": zeros, "optimizer": still, "iteration": 0},
        _flat(network),
        lambda answer: _flat(answer["network"]),
    )
    yield (
        "gradients",
        {"network": network, "inputs": 0 * inputs, "labels": labels, "objective": {**objective, "l2": 1.0}},
        network["weights"][0],
        lambda answer: answer["weights"][0],
    )
    yield (
        "initialize",
        {
            "normals": parameters,
            "sizes": [*sizes],
            "activation": activation,
            "initialization": {"scale": 1.0, "fan_in": False, "biases": "normals"},
        },
        _flat(parameters),
        _flat,
    )
    if len(sizes) > 2 and sizes[1] >= sizes[0] and activation == "relu":
        identity = np.eye(sizes[0], sizes[1])
        passing = {**network, "weights": [identity, *network["weights"][1:]], "biases": zeros["biases"]}
        x = np.abs(_numbers(random, (COUNT // sizes[0], sizes[0])))
        yield (
            "forward",
            {"network": passing, "inputs": x},
            x,
            lambda answer: answer["hidden"][0][:, : sizes[0]],
        )


def _numbers(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Numbers of either sign and of all mantissas, small enough that no network overflows; none is 0."""
    size = 0.1 * np.exp(random.standard_normal(shape))
    return np.float32(random.choice([-1.0, 1.0], shape) * size).astype(float)


def _flat(parameters: Any) -> Array:
    """All parameters in one row."""
    arrays = [*parameters["weights"], *parameters["biases"]]
    return np.concatenate([np.ravel(array) for array in arrays])
