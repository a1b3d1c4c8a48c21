"""What is measured of a program: numbers that are worked out from its answers to a few questions.

A measurement is a script that calls a program. It runs on the subject, on the reference, and on any program that might
be the subject, so a program explains the subject if the script gives the same numbers. What is wrong further up in the
program drops out where the script divides or subtracts it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np

from nnspec.diagnosis.asking import Ask, Asker, Unanswered
from nnspec.diagnosis.questions import TOLERANCES, Part
from nnspec.judging.rounding import Precision
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: Arrays by name.
Parts: TypeAlias = dict[str, Array]
#: Runs from which the reach of rounding is estimated, and how much further it may go in a run that was not made.
NOISY_RUNS, FURTHER = 3, 4.0
#: Numbers that are further apart than this share of the greatest are not parted by rounding alone.
NEARLY = 1e-6
#: How many times the reach of rounding two programs must differ by to be told apart.
CLEARLY = 100.0
#: Units of roundoff that an answer may lose, relative to its greatest number: what the error analysis of
#: ``judging.formulations`` gives for networks of the sizes that are asked about, at most.
ANSWER_UNITS = 64.0
#: Arguments that every program takes as they are: whole numbers, and numbers that scale everything.
_EXACT = ("labels", "batches", "optimizer", "objective", "iterations", "iteration", "activation", "name")


@dataclass(frozen=True, eq=False)
class Measurement:
    """``run`` works out the numbers from a program's answers.

    symbols: the sizes in its questions, by letter; network: the one that it asks about, if it is one; reduction: that
    of its questions, if it matters.
    """

    run: Callable[[Ask], Parts]
    symbols: Mapping[str, float] = field(default_factory=dict)
    network: Any = None
    reduction: str = ""


@dataclass(frozen=True)
class Measured:
    """A measurement of the subject; ``parts`` holds its numbers, the right ones and how near they are."""

    measurement: Measurement
    parts: dict[str, Part]
    precision: Precision

    @cached_property
    def is_wrong(self) -> bool:
        """Whether any number is wrong."""
        return any(part.is_wrong for part in self.parts.values())

    @property
    def symbols(self) -> Mapping[str, float]:
        """The sizes in the questions."""
        return self.measurement.symbols

    @property
    def network(self) -> Any:
        """The network of the questions."""
        return self.measurement.network

    def is_reproduced_by(self, program: type[Reference]) -> bool:
        """Whether a program gives the subject's numbers, up to rounding, which may take it further than a right one."""
        doubtful = self.doubtful(program)
        return doubtful is not None and self.is_within_reach(program, doubtful)

    def doubtful(self, program: type[Reference]) -> Sequence[str] | None:
        """The parts that a program gives only if its rounding reaches as far; None if it does not give the numbers."""
        parts = predicted(self.measurement, program)
        if parts is None:
            return None
        far = [name for name, part in self.parts.items() if not part.matches(parts[name])]
        return far if all(_is_near(self.parts[name].got, parts[name]) for name in far) else None

    def is_within_reach(self, program: type[Reference], names: Sequence[str]) -> bool:
        """Whether its rounding takes a program to the subject's numbers; costs NOISY_RUNS of it, if there are names."""
        parts = predicted(self.measurement, program) if names else None
        if parts is None:
            return not names
        reach = _reach(self.measurement, parts, self.precision, program)
        return all(
            np.all(np.abs(self.parts[name].got - parts[name]) <= TOLERANCES * FURTHER * reach[name])
            for name in names
        )

    def differs(self, one: type[Reference], other: type[Reference]) -> bool:
        """Whether two programs have clearly different numbers."""
        first, second = (predicted(self.measurement, program) for program in (one, other))
        if first is None or second is None:
            return first is not second
        return any(_is_far(part, first[name], second[name]) for name, part in self.parts.items())


def _is_near(one: Array, other: Array) -> bool:
    """Whether rounding might be all that parts these numbers."""
    if one.shape != other.shape or not np.isfinite(other).all():
        return False
    greatest = np.max(np.abs(one), initial=0.0)
    return bool(np.all(np.abs(one - other) <= NEARLY * greatest))


def _is_far(part: Part, one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return True
    with np.errstate(all="ignore"):
        near = np.abs(one - other) <= CLEARLY * np.maximum(part.tolerance, part.unit * np.abs(one))
    return not bool((near | (np.isnan(one) & np.isnan(other))).all())


def predicted(measurement: Measurement, program: type[Reference]) -> Parts | None:
    """The numbers of a program; None if it has none."""
    return _predicted(measurement, program)  # type: ignore[arg-type]  # mypy takes an instance's __hash__ for its class's


@lru_cache(maxsize=64)  # one program is compared with many
def _predicted(measurement: Measurement, program: type[Reference]) -> Parts | None:
    answering = _answering(program)

    def ask(operation: str, params: dict[str, Any]) -> Any:
        return getattr(answering(operation), operation)(**_copied(params))

    try:
        with np.errstate(all="ignore"):
            return {name: np.asarray(part, dtype=float) for name, part in measurement.run(ask).items()}
    except Exception:  # a mistake got arguments that it was not written for: no numbers
        return None


def with_others(program: type[Reference], others: tuple[tuple[str, type[Reference]], ...]) -> type[Reference]:
    """The program, where other programs answer some operations if a script asks them; inside it stays as it is."""
    return _with_others(program, others)  # type: ignore[arg-type]  # as in predicted


@lru_cache(maxsize=1024)
def _with_others(
    program: type[Reference], others: tuple[tuple[str, type[Reference]], ...]
) -> type[Reference]:
    return type(program.__name__, (program,), {"_others": dict(others)})


def _answering(program: type[Reference]) -> Callable[[str], Reference]:
    """The object that answers an operation."""
    instance, others = program(), {name: other() for name, other in getattr(program, "_others", {}).items()}
    return lambda operation: others.get(operation, instance)


def _copied(value: Any) -> Any:
    """A copy of arguments, which a program may change."""
    if isinstance(value, dict):
        return {name: _copied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_copied(part) for part in value]
    return value.copy() if isinstance(value, np.ndarray) else value


def measure(measurement: Measurement, asker: Asker, precision: Precision) -> Measured | None:
    """The subject's numbers; None if it has no answer."""
    try:
        with np.errstate(all="ignore"):
            got = {name: np.asarray(part, dtype=float) for name, part in measurement.run(asker).items()}
    except (Unanswered, ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError):
        return None
    right = predicted(measurement, Reference)
    assert right is not None
    least = {name: _least_reach(part, precision) for name, part in right.items()}
    parts = {name: Part(got[name], part, least[name], precision.unit) for name, part in right.items()}
    if any(part.is_wrong for part in parts.values()):
        for name, reach in _reach(measurement, right, precision).items():
            parts[name].tolerance = np.maximum(least[name], FURTHER * reach)
    return Measured(measurement, parts, precision)


def _least_reach(right: Array, precision: Precision) -> Array:
    """How far rounding can take the numbers of a part at least."""
    greatest = np.max(np.abs(right), initial=0.0, where=np.isfinite(right))
    return np.full(np.shape(right), FURTHER * ANSWER_UNITS * precision.unit * greatest)


def _reach(
    measurement: Measurement, right: Parts, precision: Precision, program: type[Reference] = Reference
) -> Parts:
    """How far rounding takes the numbers of a program."""
    reach = {name: np.zeros(np.shape(part)) for name, part in right.items()}
    for seed in range(NOISY_RUNS):
        with np.errstate(all="ignore"):
            noisy = measurement.run(_Noisy(precision, seed, program))
        for name, part in right.items():
            reach[name] = np.maximum(reach[name], np.abs(np.asarray(noisy[name]) - part))
    return reach


class _Noisy:
    """A program that rounds its arguments, and whose answers are off by as much as rounding can make them."""

    def __init__(self, precision: Precision, seed: int, program: type[Reference]) -> None:
        self._answering = _answering(program)
        self._unit, self._random = precision.unit, np.random.default_rng(seed)

    def __call__(self, operation: str, params: dict[str, Any]) -> Any:
        answer = getattr(self._answering(operation), operation)(**self._off(params, 1.0))
        return answer if operation == "predict" else self._off(answer, ANSWER_UNITS)

    def _off(self, value: Any, units: float) -> Any:
        if isinstance(value, dict):
            return {name: part if name in _EXACT else self._off(part, units) for name, part in value.items()}
        if isinstance(value, list):
            return [self._off(part, units) for part in value]
        array = np.asarray(value)
        if array.dtype.kind != "f":
            return value
        size = np.abs(array) if units == 1.0 else np.max(np.abs(array), initial=0.0)
        signs = np.copysign(1.0, self._random.random(array.shape) - 0.5)
        return array + signs * (units * self._unit * size)
