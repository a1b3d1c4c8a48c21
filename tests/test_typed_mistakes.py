"""Mistakes are named in programs that share no code with the reference, and none in what they do right."""

from __future__ import annotations

import pytest
from slips import SLIPS
from typed_mistakes import checked, outcome_of, typed

from nnspec import mistakes

TYPED = [(folder, slip) for folder, slips in SLIPS.items() for slip in slips]


def test_what_is_typed_has_a_place_and_is_python():
    for folder, slip in TYPED:
        compile(typed(folder, slip), folder, "exec")
        assert all(issubclass(getattr(mistakes, name), mistakes.Mistake) for name in slip.named)
