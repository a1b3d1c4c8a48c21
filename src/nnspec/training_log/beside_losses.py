"""Tells variants apart by what a log has beside its losses: accuracies and norms of the gradient.

An accuracy is that of all examples, with the network of the loss or with that of the next one. A norm is the length of
all gradients, or of those on the weights alone.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from nnspec.reference.values import Array, Network
from nnspec.training_log.comparison import Fit
from nnspec.training_log.log import Log, Loss
from nnspec.training_log.variant import Variant

#: So many numbers of a log are compared, of early iterations.
MOST, LATEST = 4, 60
#: How near they must be beside the half of their last digit: relative.
NEAR = 1e-6


def agreeing(fits: list[Fit], log: Log) -> list[Fit]:
    """The fits that have the log's accuracies and norms too; all of them if none has, or if the log has none."""
    if len(fits) < 2 or not (log.accuracies or log.gradient_norms):
        return fits
    return [fit for fit in fits if _agrees(fit.variant, log)] or fits


def _agrees(variant: Variant, log: Log) -> bool:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return _agrees_in(log.accuracies, variant, _accuracies) and (
            variant.experiment.batch_size is not None or _agrees_in(log.gradient_norms, variant, _norms)
        )


def _agrees_in(
    printed: Mapping[int, Loss], variant: Variant, numbers: Callable[[Variant, int], Iterator[float]]
) -> bool:
    """Whether one way to compute these numbers gives all that are printed."""
    early = [iteration for iteration in sorted(printed) if 0 <= variant.place(iteration) <= LATEST][:MOST]
    ways = [list(numbers(variant, variant.place(iteration))) for iteration in early]
    return not ways or any(
        all(_is_near(printed[iteration], number) for iteration, number in zip(early, way, strict=True))
        for way in zip(*ways, strict=True)
    )


def _is_near(printed: Loss, number: float) -> bool:
    return abs(printed.value - number) <= printed.half + NEAR * abs(number)


def _accuracies(variant: Variant, place: int) -> Iterator[float]:
    """With the network before an update, and after it."""
    for updates in (place, place + 1):
        program = variant.program()
        arguments, network = _state(variant, updates)
        yield float(np.mean(program.predict(network, arguments["inputs"]) == arguments["labels"]))


def _norms(variant: Variant, place: int) -> Iterator[float]:
    """Of all gradients, and of those on the weights."""
    arguments, network = _state(variant, place)
    given = {name: arguments[name] for name in ("inputs", "labels", "objective")}
    gradients = variant.program().gradients(network, **given)
    yield _length(itertools.chain(gradients["weights"], gradients["biases"]))
    yield _length(gradients["weights"])


def _length(arrays: Iterable[Array]) -> float:
    return float(np.sqrt(sum(float((array * array).sum()) for array in arrays)))


def _state(variant: Variant, updates: int) -> tuple[dict[str, Any], Network]:
    """The arguments of ``train``, and the network after so many updates."""
    program = variant.program()
    arguments = variant.training(program, updates)
    network: Network = program.train(**arguments)["network"] if updates else arguments["network"]
    return arguments, network
