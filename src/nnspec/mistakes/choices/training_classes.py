"""Programs with other initial parameters, another training loop or other data."""

from __future__ import annotations

import itertools
import math
from functools import cache
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice, named
from nnspec.mistakes.choices.data import DataChoice
from nnspec.mistakes.choices.initializers import Draw, Initializer, uniform_of
from nnspec.mistakes.choices.loop import Loop
from nnspec.reference.values import Array, Initialization, Network, Parameters

#: How initial parameters are made right.
FIX = (
    "Use the document's: scale · N(0, 1), divided by √fan_in if it says so; biases of 0 unless it draws them."
)


@cache
def with_initializer(choice: Initializer, seed: int | None = None) -> type[Choice]:
    """The program that begins with these parameters, from the normals that it is given, or from its own with a seed.

    With a seed the numbers are those of numpy.random.RandomState(seed): the weights of each layer, then the biases.
    """

    class WithInitializer(Choice):
        def initialize(
            self, normals: Parameters, sizes: list[int], activation: str, initialization: Initialization
        ) -> Network:
            network = super().initialize(normals, sizes, activation, initialization)
            random = None if seed is None else np.random.RandomState(seed)
            shapes = list(itertools.pairwise(sizes))
            for kind, make in (("weights", choice.weights), ("biases", choice.biases)):
                if make is None:
                    continue
                arrays: list[Array] = []
                for layer, (fan_in, fan_out) in enumerate(shapes):
                    given = normals[kind][layer] if kind in normals else None  # type: ignore[literal-required]
                    shape = (fan_in, fan_out) if kind == "weights" else (fan_out,)
                    arrays.append(_numbers(given, shape, random, choice.uniform))
                draws = [
                    Draw(numbers, *shape, _scale(initialization, shape[0]), arrays[0])
                    for numbers, shape in zip(arrays, shapes, strict=True)
                ]
                network[kind] = [make(draw) for draw in draws]  # type: ignore[literal-required]
            return network

    return named(
        WithInitializer,
        f"initially {choice.name}" + ("" if seed is None else f" seed {seed}"),
        f"{choice.phrase}" + ("." if seed is None else f", from seed {seed}."),
        FIX,
        choice.clause,
        choice,
        "initializers",
    )


def _scale(initialization: Initialization, fan_in: int) -> float:
    """The standard deviation that is asked for."""
    return initialization["scale"] / (math.sqrt(fan_in) if initialization["fan_in"] else 1.0)


def _numbers(
    given: Array | None, shape: tuple[int, ...], random: np.random.RandomState | None, uniform: bool
) -> Array:
    """Uniform numbers or normals for one array."""
    if random is None:
        normals = np.zeros(shape) if given is None else np.asarray(given)
        return uniform_of(normals) if uniform else normals
    return random.random_sample(shape) if uniform else random.standard_normal(shape)


@cache
def with_loop(choice: Loop) -> type[Choice]:
    """The program with this training loop."""
    program = type("", (choice.program,), {})
    return named(
        program, f"loop {choice.name}", f"{choice.phrase}.", choice.fix, choice.clause, choice, "loops"
    )


@cache
def with_data(choice: DataChoice) -> type[Choice]:
    """The program that changes its examples so before it trains on them."""

    class WithData(Choice):
        def train(self, **arguments: Any) -> dict[str, Any]:
            inputs, labels = arguments["inputs"], np.asarray(arguments["labels"])
            classes = len(arguments["network"]["biases"][-1])
            batches = arguments["batches"]
            if choice.change is not None:
                inputs, labels = choice.change(inputs, labels, classes)
            if choice.select is not None:
                chosen = choice.select(labels, classes)
                if batches is None:
                    inputs, labels = inputs[chosen], labels[chosen]
                else:
                    times = np.bincount(chosen, minlength=len(labels))
                    batches = [_of_batch(batch, times) for batch in batches]
            return super().train(**{**arguments, "inputs": inputs, "labels": labels, "batches": batches})

    return named(
        WithData, f"data {choice.name}", f"{choice.phrase}.", choice.fix, "training.steps", choice, "data"
    )


def _of_batch(batch: Array, times: Array) -> Array:
    """The examples of a batch, each as often as it is chosen; the first if none is."""
    chosen = np.repeat(batch, times[batch])
    return chosen if len(chosen) else batch[:1]
