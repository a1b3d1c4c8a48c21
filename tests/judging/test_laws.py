"""A law judges by the value that it states; the exact reference supplies only the tolerance."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.judging.agreement import Disagreement
from nnspec.judging.laws import assert_law
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference

FLOAT64 = Precision("float64")
SCORES = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])


def row_sums(implementation):
    return implementation.softmax(scores=SCORES).sum(axis=1)


class Sigmoids(Reference):
    """Returns the logistic function of every score, so that rows do not sum to 1."""

    def softmax(self, scores):
        return self.logistic(scores)


class SigmoidExact(Exact):
    """A reference that makes the same mistake."""

    def call(self, operation, params):
        return Bounded(getattr(Sigmoids(), operation)(**params), 1e-15, self.precision)


def test_a_correct_program_obeys_a_law():
    assert_law(Subject(InProcess(Reference(), "right")), Exact(FLOAT64), row_sums, "sum of a row", 1.0)


@pytest.mark.parametrize("exact", [Exact(FLOAT64), SigmoidExact(FLOAT64)])
def test_a_mistake_breaks_a_law_even_if_the_reference_makes_it_too(exact):
    with pytest.raises(Disagreement) as raised:
        assert_law(Subject(InProcess(Sigmoids(), "wrong")), exact, row_sums, "sum of a row", 1.0)

    assert raised.value.parts()["expected"] == "1"
