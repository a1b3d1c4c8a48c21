"""Taylor's remainder tells a right gradient from a wrong one without a tolerance."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact
from nnspec.judging.taylor import assert_of_second_order
from nnspec.reference import Reference

FLOAT64 = Exact(Precision("float64"))


class Scaled(Reference):
    """Multiplies the weight gradients by a factor."""

    def __init__(self, factor):
        self.factor = factor

    def weight_gradient(self, layer_inputs, delta):
        return self.factor * super().weight_gradient(layer_inputs, delta)


def assert_passes(program, seed, activation="tanh"):
    objective = cases.objective("sum", 0.3)
    assert_of_second_order(program, FLOAT64, np.random.default_rng(seed), (3, 5, 4), activation, objective)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("seed", range(20))
def test_a_right_gradient_leaves_a_remainder_of_second_order(seed, activation):
    assert_passes(Reference(), seed, activation)


@pytest.mark.parametrize("factor", [1.0001, 0.999, -1.0])
@pytest.mark.parametrize("seed", range(5))
def test_a_wrong_gradient_leaves_a_remainder_of_first_order(seed, factor):
    with pytest.raises(Disagreement, match=r"order of Taylor's remainder(.|\n)*got          [01]\.\d"):
        assert_passes(Scaled(factor), seed)


def test_a_loss_that_is_nan_is_wrong():
    broken = Reference()
    broken.loss = lambda **_: float("nan")

    with pytest.raises(Disagreement, match="nan"):
        assert_passes(broken, 0)
