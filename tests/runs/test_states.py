"""The stored states are the reference's, and the steps of their reach cover every value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnspec.judging.agreement import Disagreement
from nnspec.reference import Reference
from nnspec.runs.states import State, assert_follows, from_steps, states, to_steps

GROWING = st.lists(st.floats(0, 1e6, allow_subnormal=False), min_size=1, max_size=40).map(
    np.maximum.accumulate
)


class InFloat64(Reference):
    """The reference as a Subject: called by keywords, with its description as an attribute."""

    class description:  # noqa: N801 (a Subject's name for it)
        precision = "float64"

    def check_document(self, operation, params):
        """There is none."""


@pytest.mark.parametrize("state", [state for state in states() if state.iteration == 0], ids=str)
def test_the_first_state_is_the_experiments_beginning(state):
    right = state.experiment.network()

    for kind in ("weights", "biases"):
        for array, expected in zip(state.network[kind], right[kind], strict=True):
            np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("state", [state for state in states() if 0 < state.iteration <= 300], ids=str)
def test_a_later_state_is_on_the_experiments_run(state):
    trained = Reference().train(**state.experiment.training(state.iteration))["network"]

    for array, expected in zip(state.network["weights"], trained["weights"], strict=True):
        np.testing.assert_allclose(array, expected, rtol=1e-8)


@pytest.mark.parametrize("state", states(), ids=str)
def test_the_reference_follows(state):
    assert_follows(InFloat64(), state)


@pytest.mark.parametrize("state", states(), ids=str)
def test_a_learning_rate_a_thousandth_too_small_does_not(state):
    class Slow(InFloat64):
        def learning_rate(self, optimizer, iteration):
            return 0.999 * super().learning_rate(optimizer, iteration)

    with pytest.raises(Disagreement, match=r"train\.losses"):
        assert_follows(Slow(), state)


@given(GROWING)
def test_steps_cover_every_value_and_little_more(values):
    covered = from_steps(to_steps(values), len(values))

    assert (covered >= values).all()
    assert (covered <= 1.0101 * values + np.finfo(float).tiny).all()


def test_the_name_of_a_state():
    assert str(states("spiral-relu")[1]) == "spiral-relu-100"
    assert isinstance(states()[0], State)
