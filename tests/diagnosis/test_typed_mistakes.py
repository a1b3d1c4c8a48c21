"""Mistakes are named in programs that share no code with the reference (they are in benchmarks/slips.py)."""

from __future__ import annotations

from types import ModuleType

import pytest
from slips import SLIPS, Slip
from transcripts import findings
from typed_mistakes import source_with_slip

from nnspec import mistakes

#: Mistakes that the calls of transcripts.py do not show: with large scores, minibatches or the schedule of a run,
#: and one of two that a single slip makes.
UNSEEN = {
    "LossOverflows",
    "SoftmaxOverflows",
    "SoftmaxShiftedByTheGreatestOfAll",
    "LastExampleWithoutGradient",
}
UNSEEN |= {"DecayCountedFromOne", "StepDecayWithoutTheFloor", "MinibatchesIgnored"}
ALL_SLIPS = [(folder, slip) for folder, slips in SLIPS.items() for slip in slips]


def one_program_each() -> list[tuple[str, Slip]]:
    """Each slip in one of its programs, which take turns; benchmarks/typed_mistakes.py tries all."""
    by_mistakes: dict[tuple[str, ...], list[tuple[str, Slip]]] = {}
    for folder, slip in ALL_SLIPS:
        by_mistakes.setdefault(tuple(slip.mistakes), []).append((folder, slip))
    return [where[turn % len(where)] for turn, where in enumerate(by_mistakes.values())]


def program(folder: str, slip: Slip) -> ModuleType:
    """The implementation with the slip."""
    module = ModuleType(folder)
    exec(source_with_slip(folder, slip), vars(module))
    return module


def test_every_slip_compiles_and_its_mistakes_are_in_the_catalogue():
    for folder, slip in ALL_SLIPS:
        compile(source_with_slip(folder, slip), folder, "exec")
        assert all(issubclass(getattr(mistakes, name), mistakes.Mistake) for name in slip.mistakes)


@pytest.mark.parametrize(
    ("folder", "slip"),
    [pytest.param(*each, id="-".join([each[0], *each[1].mistakes])) for each in one_program_each()],
)
def test_the_mistake_of_a_slip_is_named(folder, slip):
    found = findings(program(folder, slip))
    named = {name for finding in found for name in finding.as_record().names}

    assert named == set(slip.mistakes) - UNSEEN
