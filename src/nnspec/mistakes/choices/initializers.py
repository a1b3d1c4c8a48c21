"""Initial parameters that people choose, from the contract's standard normals, or from numbers drawn with a seed.

Where a formula takes uniform numbers, Φ(n) of a standard normal n is one: Φ is its distribution function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from nnspec.mistakes.choices.activations import erf
from nnspec.reference.values import Array


class Draw(NamedTuple):
    """What one layer's parameters are made from: its numbers, its sizes, and the deviation that is asked for.

    numbers: standard normals, or uniform from 0 to 1, shaped like the parameters; first: those of the first layer.
    """

    numbers: Array
    fan_in: int
    fan_out: int
    scale: float
    first: Array


@dataclass(frozen=True)
class Initializer:
    """How initial parameters are made; its phrase is a sentence without its stop.

    weights, biases: None where the contract's own stay; uniform: whether the numbers are uniform from 0 to 1 instead of
    standard normals; documents: those in which it is right; clause: one that it breaks.
    """

    name: str
    phrase: str
    formula: str
    weights: Callable[[Draw], Array] | None = field(default=None, compare=False, repr=False)
    biases: Callable[[Draw], Array] | None = field(default=None, compare=False, repr=False)
    uniform: bool = False
    documents: tuple[str, ...] = ()
    clause: str = "training.small-initialization"


def uniform_of(normals: Array) -> Array:
    """Φ(n): numbers uniform from 0 to 1."""
    return (1 + erf(normals / math.sqrt(2))) / 2


def _normal(
    name: str, formula: str, deviation: Callable[[int, int], float], documents: tuple[str, ...] = ()
) -> Initializer:
    """Normals with a standard deviation that depends on fan_in and fan_out."""
    phrase = f"The initial weights are {formula}"
    return Initializer(
        name, phrase, formula, lambda d: deviation(d.fan_in, d.fan_out) * d.numbers, documents=documents
    )


def _uniform(name: str, formula: str, limit: Callable[[int, int], float]) -> Initializer:
    """Numbers uniform from −limit to limit."""
    return Initializer(
        name,
        f"The initial weights are {formula}",
        formula,
        lambda d: limit(d.fan_in, d.fan_out) * (2 * d.numbers - 1),
        uniform=True,
    )


def constant_deviation(deviation: float) -> Initializer:
    """Normals with this standard deviation in every layer."""
    formula = f"{deviation:g} · N(0, 1)" if deviation != 1 else "N(0, 1)"
    return _normal(f"normal {deviation:g}", formula, lambda fan_in, fan_out: deviation)


def constant_limit(limit: float) -> Initializer:
    """Uniform numbers between ± this limit in every layer."""
    return _uniform(f"uniform {limit:g}", f"U(−{limit:g}, {limit:g})", lambda fan_in, fan_out: limit)


def constant_weights(value: float) -> Initializer:
    """The same number for every weight."""
    phrase = f"All initial weights are {value:g}, so all hidden units stay alike"
    return Initializer(f"constant {value:g}", phrase, f"{value:g}", lambda d: np.full_like(d.numbers, value))


def constant_biases(value: float) -> Initializer:
    """The same number for every bias."""
    phrase = f"All initial biases are {value:g}"
    return Initializer(
        f"biases {value:g}", phrase, f"b = {value:g}", biases=lambda d: np.full_like(d.numbers, value)
    )


def _orthogonal(d: Draw) -> Array:
    tall = d.numbers if d.fan_in >= d.fan_out else d.numbers.T
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)
    return q if d.fan_in >= d.fan_out else q.T


def _torch(d: Draw) -> Array:
    return (2 * d.numbers - 1) / math.sqrt(d.fan_in)


def _like_the_first(d: Draw) -> Array:
    return d.scale * np.resize(d.first, d.numbers.shape)


#: Every way to make initial parameters, the most likely first.
INITIALIZERS = (
    replace(constant_deviation(0.01), documents=("cs231n",), clause="training.fan-in-initialization"),
    _normal("lecun normal", "N(0, 1) / √fan_in", lambda fan_in, fan_out: 1 / math.sqrt(fan_in), ("wildml",)),
    constant_deviation(1.0),
    replace(constant_deviation(0.1), documents=("roelants",)),
    _normal("he normal", "N(0, 1) · √(2 / fan_in)", lambda fan_in, fan_out: math.sqrt(2 / fan_in)),
    _uniform(
        "glorot uniform",
        "U(±√(6 / (fan_in + fan_out)))",
        lambda fan_in, fan_out: math.sqrt(6 / (fan_in + fan_out)),
    ),
    Initializer(
        "torch",
        "The initial weights and biases are U(±1/√fan_in), as PyTorch has them",
        "U(±1/√fan_in), biases too",
        _torch,
        _torch,
        uniform=True,
    ),
    _uniform("fan in uniform", "U(±1/√fan_in)", lambda fan_in, fan_out: 1 / math.sqrt(fan_in)),
    constant_weights(0.0),
    constant_limit(1.0),
    Initializer(
        "uniform positive",
        "The initial weights are U(0, 1)",
        "U(0, 1)",
        lambda d: 1 * d.numbers,
        uniform=True,
    ),
    Initializer(
        "small uniform positive",
        "The initial weights are 0.01 · U(0, 1)",
        "0.01 · U(0, 1)",
        lambda d: 0.01 * d.numbers,
        uniform=True,
    ),
    _normal(
        "glorot normal",
        "N(0, 1) · √(2 / (fan_in + fan_out))",
        lambda fan_in, fan_out: math.sqrt(2 / (fan_in + fan_out)),
    ),
    _uniform("he uniform", "U(±√(6 / fan_in))", lambda fan_in, fan_out: math.sqrt(6 / fan_in)),
    _uniform("lecun uniform", "U(±√(3 / fan_in))", lambda fan_in, fan_out: math.sqrt(3 / fan_in)),
    _normal("over fan in", "N(0, 1) / fan_in", lambda fan_in, fan_out: 1 / fan_in),
    _normal("over root of fan out", "N(0, 1) / √fan_out", lambda fan_in, fan_out: 1 / math.sqrt(fan_out)),
    _normal("times root of fan in", "N(0, 1) · √fan_in", lambda fan_in, fan_out: math.sqrt(fan_in)),
    _normal(
        "root of 2 over fan out", "N(0, 1) · √(2 / fan_out)", lambda fan_in, fan_out: math.sqrt(2 / fan_out)
    ),
    *(constant_deviation(value) for value in (0.001, 0.05, 0.02, 0.5)),
    *(constant_limit(value) for value in (0.5, 0.1, 0.01, 0.05)),
    *(constant_weights(value) for value in (1.0, 0.01, 0.1, 0.5)),
    *(constant_biases(value) for value in (1.0, 0.1, 0.01)),
    Initializer(
        "biases normal", "The initial biases are N(0, 1)", "b = N(0, 1)", biases=lambda d: 1 * d.numbers
    ),
    Initializer(
        "biases zero",
        "The initial biases are 0",
        "b = 0",
        biases=lambda d: 0 * d.numbers,
        documents=("cs231n", "wildml"),
        clause="training.initialization-with-biases",
    ),
    Initializer("orthogonal", "The initial weights are orthogonal", "Q of N(0, 1) = QR", _orthogonal),
    Initializer(
        "magnitudes",
        "The initial weights have no negative values",
        "scale · |N(0, 1)|",
        lambda d: d.scale * np.abs(d.numbers),
    ),
    Initializer(
        "root of the scale",
        "The scale is taken for a variance",
        "√scale · N(0, 1)",
        lambda d: math.sqrt(d.scale) * d.numbers,
    ),
    Initializer(
        "the scale squared",
        "The scale multiplies the initial weights twice",
        "scale² · N(0, 1)",
        lambda d: d.scale**2 * d.numbers,
    ),
    Initializer(
        "the same normals",
        "Every layer begins with the normals of the first, as if the seed were set again for each",
        "scale · the normals of layer 1",
        _like_the_first,
    ),
    Initializer(
        "units alike",
        "All units of a layer have the same initial weights, so they stay alike",
        "scale · N(0, 1), the same in every column",
        lambda d: d.scale * np.repeat(d.numbers[:, :1], d.fan_out, axis=1),
    ),
)
