"""Gradients are compared with central differences of the program's own loss, whatever that is."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.differences import assert_matches_differences
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact
from nnspec.reference import Reference


@pytest.mark.parametrize(("losses", "got"), [([np.nan], "nan"), ([1.7e308, -1.7e308], "inf")])
def test_losses_whose_differences_are_no_numbers_are_wrong(losses, got):
    class Lost(Reference):
        calls = 0

        def loss(self, **_problem):
            self.calls += 1
            return losses[(self.calls - 1) % len(losses)]

    problem = cases.problem(np.random.default_rng(0), (3, 4), "tanh", cases.objective("mean"))

    with pytest.raises(Disagreement) as error:
        assert_matches_differences(Lost(), Exact(Precision("float64")), problem)

    assert error.value.where == "central differences of loss in weights[0][0, 0]"
    assert error.value.got == got
