"""A program that is made for one shape is judged by tests made for that shape."""

from __future__ import annotations

import pytest
from miniatures import target

from nnspec.reach.options import Options
from nnspec.report.record import FAILED, PASSED, UNSUPPORTED
from nnspec.suite.check import check

#: Chapters, and the clauses on steps: what such a program is judged by, without the documents' whole runs.
SELECT = ("losses", "gradients", "training.steps", "training.losses", "training.full-minibatch")


def checked(name):
    return check(Options(target=target(f"of_one_shape:{name}"), select=SELECT), lambda _: None)


@pytest.mark.parametrize(
    ("name", "least"),
    [("TwoLayersTwoClasses", 200), ("ThreeLayers", 160), ("OneLayer", 140), ("TwoLayersTenClasses", 180)],
)
def test_a_program_of_one_shape_is_judged_by_many_tests_and_refused_by_none(name, least):
    record = checked(name)

    assert set(record.counts) == {PASSED, UNSUPPORTED}
    assert record.counts[PASSED] >= least


def test_a_mistake_in_a_program_of_one_shape_is_refused():
    record = checked("WithoutTheLastBias")
    wrong = {result.case for result in record.results if result.outcome == FAILED}

    assert "gradients.sum-and-mean:of_random_networks[2-relu]" not in wrong  # 0 is N times 0
    assert "gradients.label-types:on_the_parameters[uint8]" in wrong
    assert "gradients.hidden-layers:of_one_hidden_layer[3-5-4-7-mean-tanh]" in wrong
