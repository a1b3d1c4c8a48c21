"""Variants with two differences: two constants, or a constant or other random numbers beside anything else."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import fields
from typing import Any

from nnspec.documents.experiments import Experiment
from nnspec.reference import Reference
from nnspec.training_log.constants import constants, initializations
from nnspec.training_log.random_numbers import random_numbers
from nnspec.training_log.variant import Variant
from nnspec.training_log.variants import mistakes


def pairs(experiment: Experiment, same: Container[str]) -> Iterator[Variant]:
    """The pairs, the most likely first, without those of a variant that changes nothing; same: the names of these."""
    wrong = list(constants(experiment))
    starts = [*initializations(experiment), *random_numbers(experiment)]
    every = [mistake for mistake in mistakes(experiment) if mistake.name not in same]
    groups = [(wrong, wrong), (starts, wrong), (wrong, every), (starts, every)]
    for firsts, seconds in groups:
        for first in firsts:
            for second in seconds:
                if firsts is not seconds or first.name < second.name:
                    both = together(first, second, experiment)
                    if both is not None:
                        yield both


def together(first: Variant, second: Variant, experiment: Experiment) -> Variant | None:
    """A program with both differences; None if they contradict each other."""
    changes: dict[str, Any] = {}
    for field in fields(Experiment):
        values = [getattr(each.experiment, field.name) for each in (first, second)]
        merged = _merge(getattr(experiment, field.name), *values)
        if merged is None:
            return None
        changes[field.name] = merged[0]
    programs = [each.program for each in (first, second) if each.program is not Reference]
    seeds = {each.data_seed for each in (first, second) if each.data_seed is not None}
    if len(set(programs)) < len(programs) or len(seeds) > 1:
        return None
    program = (
        programs[0] if len(programs) == 1 else type("Both", tuple(programs), {}) if programs else Reference
    )
    return Variant(
        f"{first.name} and {second.name}",
        f"{first.about} {second.about}",
        f"{first.fix} {second.fix}",
        Experiment(**changes),
        program,
        first.shift + second.shift,
        first.scale * second.scale,
        seeds.pop() if seeds else None,
        parts=first.parts + second.parts,
    )


def _merge(usual: Any, first: Any, second: Any) -> tuple[Any] | None:
    """What two changes of one value give, in a tuple; None if they contradict each other."""
    if first in (usual, second):
        return (second,)
    if second == usual:
        return (first,)
    if isinstance(usual, dict):
        parts = {key: _merge(usual[key], first[key], second[key]) for key in usual}
        if all(part is not None for part in parts.values()):
            return ({key: part[0] for key, part in parts.items() if part is not None},)
    return None
