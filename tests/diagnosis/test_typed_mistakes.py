"""Mistakes are named in programs that share no code with the reference (benchmarks/slips.py has them)."""

from __future__ import annotations

from types import ModuleType

import pytest
from slips import SLIPS, Slip
from transcripts import findings
from typed_mistakes import typed

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
TYPED = [(folder, slip) for folder, slips in SLIPS.items() for slip in slips]


def program(folder: str, slip: Slip) -> ModuleType:
    """The implementation with the slip."""
    module = ModuleType(folder)
    exec(typed(folder, slip), vars(module))
    return module


def test_what_is_typed_has_a_place_and_makes_a_mistake_of_the_catalogue_or_none():
    for folder, slip in TYPED:
        compile(typed(folder, slip), folder, "exec")
        assert all(issubclass(getattr(mistakes, name), mistakes.Mistake) for name in slip.named)


@pytest.mark.parametrize(
    ("folder", "slip"), [pytest.param(*each, id="-".join([each[0], *each[1].named])) for each in TYPED]
)
def test_what_is_typed_is_named(folder, slip):
    named = {mistake.__name__ for found in findings(program(folder, slip)) for mistake in found.mistakes}

    assert named == set(slip.named) - UNSEEN
