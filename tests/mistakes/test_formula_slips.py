"""Formulas with a slip of the hand are written as in a book, and computed as they are written."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nnspec.mistakes.choices.formula_slips import slips
from nnspec.mistakes.choices.slipped_rows import (
    slipped_derivatives,
    slipped_functions,
    slipped_losses,
    slipped_schedules,
)


def computed(formula, *names):
    """By what is written: the function of each slip."""
    return {each.formula: each.function for each in slips(formula, *names)}


@pytest.mark.parametrize(
    ("formula", "written", "value"),
    [
        ("1 - h ** 2", "1 + h²", 1.09),
        ("1 - h ** 2", "1 − h", 0.7),
        ("1 - h ** 2", "2 − h²", 1.91),
        ("1 - h ** 2", "1 − h · 2", 0.4),
        ("h * (1 - h)", "h · 1 − h", 0.0),
        ("h * (1 - h)", "h + 1 − h", 1.0),
        ("1 / (1 + exp(-h))", "1 / (1 + exp(h))", 1 / (1 + math.exp(0.3))),
        ("1 / (1 + exp(-h))", "1 / 1 + exp(−h)", 1 + math.exp(-0.3)),
        ("1 / (1 + exp(-h))", "1 / (1 − exp(−h))", 1 / (1 - math.exp(-0.3))),
        ("floor(h / 2) * h", "h / 2 · h", 0.045),
    ],
)
def test_a_slip_is_computed_as_it_is_written(formula, written, value):
    assert computed(formula, "h")[written](np.array(0.3)) == pytest.approx(value)


@pytest.mark.parametrize("formula", ["1 - h ** 2", "h * (1 - h)", "1 / (1 + exp(-h))", "4 * (h + 1)"])
def test_every_slip_is_another_formula_in_print(formula):
    found = slips(formula, "h")

    assert len(found) == len({each.formula for each in found}) > 10
    assert all(np.shape(each.function(np.ones(3))) in ((), (3,)) for each in found)


def test_names_stand_for_each_other_and_are_printed_as_they_are_known():
    found = slips("mu / (1 + decay * t)", "mu", "decay", "t", greek=(("mu", "μ"),))

    assert {"μ / (1 + μ · t)", "μ / (1 + decay)", "decay / (1 + decay · t)"} <= {e.formula for e in found}


def test_whole_numbers_are_no_reason_to_fail():
    rates = computed("mu * decay ** floor(t / every)", "mu", "decay", "every", "t")

    assert rates["mu · decay^(−⌊t / every⌋)"](1, 2, 1, 3) == 0.125


@pytest.mark.parametrize("kind", ["step", "exponential", "inverse_time"])
def test_the_rows_of_a_schedule_have_a_rate(kind):
    rows = slipped_schedules(kind)

    assert len(rows) > 20
    assert all(isinstance(row.rate(0.3, 0.5, 2, 5, None), float) for row in rows)


def test_the_rows_of_other_tables_give_a_number_for_each_input():
    x = np.array([[0.3, -0.4], [1.2, 0.1]])
    rows = [
        *slipped_derivatives("tanh", "h"),
        *slipped_derivatives("logistic", "z"),
        *slipped_functions("tanh"),
    ]

    assert all(np.shape(row.function(x)) == x.shape for row in rows)
    assert {row.formula for row in slipped_functions("relu")} >= {"ReLU(|z|)", "−ReLU(z)", "ReLU(z)/2"}
    assert all(form.each(x, np.array([0, 1])).shape == (2,) for form in slipped_losses())
