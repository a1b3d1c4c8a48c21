"""The numbers of layers and classes that a program is made for are found by asking."""

from __future__ import annotations

import networks
import pytest
import wrong_forms
from miniatures.of_one_shape import TwoLayersTenClasses, TwoLayersTwoClasses
from openings import opened

from nnspec.contract.errors import Unsupported
from nnspec.contract.support import Support
from nnspec.documents.scopes import SCOPES
from nnspec.judging.ordinary import usual
from nnspec.report.record import FORM, NOTE


class ThreeLayersTenClasses(TwoLayersTenClasses):
    depth = 3


LINEAR, DEEP, TWO_CLASSES = (
    usual(Support(depths=(1,))),
    usual(Support(depths=(3,))),
    usual(Support(classes=(2,))),
)


def test_a_program_made_for_two_layers_is_judged_with_two():
    found = opened(networks.TwoLayers())

    (note,) = found.observations
    assert (note.kind, note.operation, note.fix) == (NOTE, "forward", 'Say so in describe: "depths": [2].')
    assert note.message == (
        "forward, predict, loss, gradients and train answer for 2 layers alone (forward raised ValueError: "
        "not enough values to unpack (expected 2, got 1) for 1): judged with 2"
    )
    assert found.support == Support(depths=(2,))


def test_a_program_made_for_two_classes_is_judged_with_two():
    found = opened(networks.TwoClasses())

    (note,) = found.observations
    assert note.message == (
        "loss, gradients and train answer for 2 classes alone "
        "(loss raised ValueError: two classes for 3): judged with 2"
    )
    assert note.fix == 'Say so in describe: "classes": [2].'
    assert found.support == Support(classes=(2,))


@pytest.mark.parametrize(
    ("program", "depth", "classes"),
    [(TwoLayersTenClasses, 2, 10), (TwoLayersTwoClasses, 2, 2), (ThreeLayersTenClasses, 3, 10)],
)
def test_a_program_made_for_one_depth_and_one_number_of_classes_is_judged_with_them(program, depth, classes):
    class SaysNothing(program):
        def describe(self):
            return {"name": "made for digits"}

    found = opened(SaysNothing())

    assert {one.kind for one in found.observations} == {NOTE}
    assert (found.support.depths, found.support.classes) == ((depth,), (classes,))


def test_an_error_at_every_shape_that_is_tried_says_how_to_name_another():
    class SevenClasses(TwoLayersTenClasses):
        classes = 7

        def describe(self):
            return {"name": "made for seven"}

    assert {one.fix for one in opened(SevenClasses()).observations} == {
        'If it is made for one shape alone, say so in describe, such as "depths": [2] or "classes": [10].'
    }


def test_one_operation_alone_is_named_alone():
    class Loss:
        def loss(self, network, inputs, labels, objective):
            (_, _), right = network["weights"], networks.Right().loss(network, inputs, labels, objective)
            return right

    (note,) = opened(Loss()).observations
    assert note.message.startswith("loss answers for 2 layers alone (it raised ValueError: not enough values")


def test_an_error_where_other_operations_answer_is_left_to_the_clauses():
    class Train(networks.Right):
        def train(self, **run):
            (_,), right = run["network"]["weights"], super().train(**run)
            return right

    found = opened(Train())

    (note,) = found.observations
    assert note.message == (
        "train raised ValueError: too many values to unpack (expected 1) for 2 layers, for which forward, predict, "
        "loss and gradients answer"
    )
    assert note.fix == (
        'Fix this error. If the program is made for 1 layer alone, say so in describe: "depths": [1].'
    )
    found.check("train", usual(Support(depths=(2,))).params("train"))
    assert found.support == Support()


def test_other_shapes_are_unsupported_by_the_operations_that_failed_alone():
    found = opened(networks.TwoLayers())

    for other in (LINEAR, DEEP):
        with pytest.raises(Unsupported, match=r"number of layers \d is unsupported"):
            found.check("gradients", other.params("gradients"))
        found.check("update", other.params("update"))
    found.check("gradients", TWO_CLASSES.params("gradients"))


def test_the_form_of_a_program_made_for_one_shape_is_asked_in_that_shape():
    class Both(networks.TwoClasses, networks.TwoLayers):
        def gradients(self, **problem):
            return super().gradients(**problem)["weights"]

    found = opened(Both())
    assert [one.message for one in found.observations if one.kind == FORM] == [
        "gradients returned a list of 2 arrays of the shapes (3, 5), (5, 2)"
    ]


def test_an_error_at_all_shapes_is_a_wrong_form():
    (observation,) = opened(wrong_forms.AlwaysFails()).observations

    assert observation.kind == FORM


def test_wrong_numbers_at_a_shape_are_left_to_the_clauses():
    found = opened(networks.WrongAtThreeLayers())

    assert found.observations == []
    found.check("loss", DEEP.params("loss"))


def test_what_describe_says_is_not_asked():
    assert opened(networks.SaysTwoLayers()).observations == []


def test_an_error_at_a_shape_that_describe_names_is_left_to_the_clauses():
    found = opened(networks.SaysThreeLayersAndFails())

    assert found.observations == []
    found.check("loss", DEEP.params("loss"))


def test_a_document_is_asked_in_its_own_shapes():
    found = opened(networks.TwoLayers(), document=SCOPES["cs231n"])

    (note,) = [one for one in found.observations if one.kind == NOTE]
    assert "answer for 2 layers alone" in note.message
    assert found.support.depths == (2,)
