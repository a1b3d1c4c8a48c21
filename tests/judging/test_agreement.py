"""A wrong answer is refused with the first quantity that is wrong, and no other answer is."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest

from nnspec.judging.agreement import Disagreement, assert_within


def test_the_first_wrong_number_is_compared():
    got = np.array([[0.5, 0.25], [0.0, 1.0]])

    with pytest.raises(Disagreement) as raised:
        assert_within(got, np.array([[0.5, 0.5], [0.0, 1.0]]), 1e-16, "gradients.weights[1]")

    assert raised.value.parts() == {
        "first wrong": "gradients.weights[1][0, 1]",
        "got": "0.25",
        "expected": "0.5",
        "tolerance": "± 1.0e-16",
        "wrong": "1 of 4 numbers",
    }


def test_a_long_text_continues_under_its_own_beginning_and_no_index_is_broken():
    where = "gradients of every example twice less those of a correct program.weights[0][1, 2]"

    text = str(Disagreement(where, "0.1", "0", wrong="1 of 12 numbers"))

    assert text == textwrap.dedent("""\
        first wrong  gradients of every example twice less those of a correct
                     program.weights[0][1, 2]
        got          0.1
        expected     0
        wrong        1 of 12 numbers""")
    assert "weights[0][1, 2]" in str(Disagreement(f"{'long ' * 11}weights[0][1, 2]", "0.1", "0"))


def test_not_a_number_is_wrong():
    with pytest.raises(Disagreement, match="got          nan"):
        assert_within(np.array([np.nan]), np.array([1.0]), 1.0, "softmax")


def test_another_shape_is_wrong():
    with pytest.raises(Disagreement, match=r"an array of shape \(2,\)"):
        assert_within(np.ones(2), np.ones((2, 1)), 1.0, "softmax")


def test_a_tolerance_that_is_not_finite_is_a_bug_in_nnspec():
    with pytest.raises(RuntimeError, match="bug in nnspec"):
        assert_within(np.ones(1), np.ones(1), np.inf, "softmax")
