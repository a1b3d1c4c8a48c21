"""Inputs are drawn for what a program supports."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nnspec.contract.support import Support
from nnspec.judging import cases

EVERYTHING = Support()


@pytest.mark.parametrize("like", [*cases.SIZES, *cases.EQUAL_SIZES, (2, 500, 2)], ids=cases.name_sizes)
def test_a_program_that_supports_everything_gets_the_sizes_as_they_are(like):
    assert cases.sizes_for(EVERYTHING, like) == cases.sizes_among(EVERYTHING, like, [like]) == like


@pytest.mark.parametrize(
    ("depths", "sizes"),
    [
        ((1,), (3, 4)),
        ((2,), (3, 5, 4)),
        ((3,), (3, 5, 6, 4)),
        ((1, 3), (3, 4)),
        ((4, 6), (3, 5, 6, 5, 4)),
        ((), (3, 5, 4)),
    ],
    ids=str,
)
def test_the_nearest_number_of_layers_is_drawn(depths, sizes):
    assert cases.sizes_for(Support(depths=depths)) == sizes


@pytest.mark.parametrize(("classes", "drawn"), [((2,), 2), ((10,), 10), ((2, 3), 3), ((), 4)], ids=str)
def test_the_nearest_number_of_classes_is_drawn(classes, drawn):
    support = Support(classes=classes)

    assert cases.sizes_for(support) == (3, 5, drawn)
    assert cases.sizes_among(support, (3, 6, 4, 5, 4), [(3, 6, 4, 5, 4)]) == (3, 6, 4, 5, drawn)


@pytest.mark.parametrize(
    ("classes", "sizes"), [(2, (2, 2, 2)), (10, (10, 10, 10)), (1000, (3, 3, 1000))], ids=str
)
def test_equal_sizes_stay_equal(classes, sizes):
    support = Support(classes=(classes,), depths=(2,))

    assert cases.sizes_for(support, (3, 3)) == sizes
    assert cases.sizes_among(support, (3, 3, 3), [(3, 3, 3)]) == sizes


def test_a_program_for_deeper_networks_gets_the_deepest_of_each_kind_made_deeper():
    asked = [*cases.SIZES, *cases.EQUAL_SIZES]
    found = [cases.sizes_among(Support(depths=(5,)), like, asked) for like in asked]

    assert found == [*cases.SIZES[:3], (3, 6, 4, 5, 6, 2), *cases.EQUAL_SIZES[:2], (4, 4, 4, 4, 4, 4)]


@pytest.mark.parametrize("asked", [[(3, 4), (2, 3)], [(3, 5, 4), (2, 3, 2)]], ids=["no hidden layer", "one"])
def test_tests_of_a_number_of_layers_are_for_no_other(asked):
    assert [cases.sizes_among(Support(depths=(5,)), like, asked) for like in asked] == asked


@pytest.mark.parametrize("classes", range(2, 12))
@pytest.mark.parametrize("depth", range(3, 7))
def test_added_layers_have_other_sizes_than_the_layers_beside_them(depth, classes):
    sizes = cases.sizes_for(Support(depths=(depth,), classes=(classes,)))

    assert len(sizes) == depth + 1
    assert all(one != other for one, other in itertools.pairwise(sizes[2:]))


@pytest.mark.parametrize(("depths", "depth"), [((1, 2), 2), ((1, 4), 4), ((1,), 2)], ids=str)
def test_a_test_of_hidden_layers_gets_some_even_if_that_is_unsupported(depths, depth):
    assert len(cases.sizes_for(Support(depths=depths), (3, 5, 4), hidden=1)) == depth + 1


@pytest.mark.parametrize("classes", range(2, 12))
@pytest.mark.parametrize("labels", cases.LACKING_CLASSES, ids=cases.name_labels)
def test_labels_that_lack_a_class_lack_one_of_any_number_of_classes(labels, classes):
    adapted = cases.lacking(labels, classes)

    assert len(adapted) == len(labels)
    assert 0 <= adapted.min() <= adapted.max() < classes
    assert len(set(adapted)) < classes


@pytest.mark.parametrize("classes", range(2, 12))
def test_another_order_moves_classes(classes):
    order = cases.another_order(classes)

    assert sorted(order) == list(range(classes))
    assert (order != np.arange(classes)).any()


def test_an_objective_has_the_reduction_that_is_supported():
    assert cases.objective_for(EVERYTHING, "sum", 0.3) == {"reduction": "sum", "l2": 0.3}
    assert cases.objective_for(Support(reductions=("mean",)), "sum") == {"reduction": "mean", "l2": 0.0}


def test_objectives_are_those_that_are_supported():
    assert cases.objectives_for(EVERYTHING) == cases.OBJECTIVES
    assert cases.objectives_for(Support(reductions=("sum",), l2=False)) == [cases.objective("sum")]


@pytest.mark.parametrize("sizes", [(3, 4), (3, 5, 6, 2)], ids=cases.name_sizes)
def test_an_ordinary_call_has_the_sizes_that_are_asked_for(sizes):
    usual = {"activation": "tanh", "objective": cases.objective("mean")}
    usual["optimizer"] = cases.optimizer("momentum")

    for operation in ("softmax", "initialize", "train", "fit", "update"):
        call = cases.call(operation, np.random.default_rng(0), **usual, sizes=sizes)
        assert Support(depths=(len(sizes) - 1,), classes=(sizes[-1],)).missing(call) == ""
