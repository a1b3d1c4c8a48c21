"""Every variant of an experiment's program that a log is compared with."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cache

from nnspec.documents.experiments import Experiment
from nnspec.mistakes import Mistake, catalogue
from nnspec.mistakes.base import format_constant, with_other_constants
from nnspec.mistakes.choices import Choice, alone, choices
from nnspec.specification.chapters import summary
from nnspec.training_log.constants import constants, initializations
from nnspec.training_log.random_numbers import random_numbers
from nnspec.training_log.variant import Variant, correct, logged
from nnspec.training_log.ways import ways


def variants(experiment: Experiment) -> Iterator[Variant]:
    """All but the document's own, the most likely first: other logs of its program, then other programs."""
    for way in ways(experiment):
        yield logged(correct(experiment), way)
    yield from programs(experiment)


def programs(experiment: Experiment) -> Iterator[Variant]:
    """All other programs, which log as the document's does: a further kind of variant belongs into this list."""
    for kind in (constants, initializations, _other_constants, mistakes, _choices, random_numbers):
        yield from kind(experiment)


def mistakes(experiment: Experiment) -> Iterator[Variant]:
    """The catalogue."""
    yield from _programs(catalogue(), experiment)


def _other_constants(experiment: Experiment) -> Iterator[Variant]:
    """The mistakes of the catalogue that have a constant, with another one."""
    for mistake in catalogue():
        for other in with_other_constants(mistake):
            name = f"{mistake.__name__} {format_constant(other.constant)}"
            yield Variant(name, summary(other), other.fix, experiment, program=other)


def _choices(experiment: Experiment) -> Iterator[Variant]:
    """Other formulas than the document has, and such formulas on one side only: in the loss or in its gradient, say."""
    schedule = experiment.optimizer["schedule"]
    yield from _programs(
        _formulas(experiment.activation, schedule["kind"] if schedule else "constant"), experiment
    )


@cache
def _formulas(activation: str, schedule: str) -> list[type[Choice]]:
    return list(itertools.chain(choices([activation], [schedule]), alone([activation])))


def _programs(mistakes: Iterable[type[Mistake]], experiment: Experiment) -> Iterator[Variant]:
    for mistake in mistakes:
        yield Variant(mistake.__name__, summary(mistake), mistake.fix, experiment, program=mistake)
