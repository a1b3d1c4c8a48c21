"""The implementation under test, as the tests call it."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.contract.errors import NotJudged, Unsupported
from nnspec.judging.subject import Subject
from nnspec.reach.transports import InProcess


class Fits:
    """A fit whose handle may be anything."""

    def predict(self, network, inputs):
        self.handle = network
        return np.zeros(len(inputs), dtype=int)


@pytest.mark.parametrize(
    "handle",
    [
        7,
        "model.bin",
        [1, 2],
        None,
        {"weights": None},
        {"weights": 5},
        {"weights": [1, [2]]},
        {"weights": [[[1.0]], [[2.0]]]},
        {"id": 3},
    ],
    ids=repr,
)
def test_a_handle_that_a_fit_returned_may_be_anything(handle):
    program = Fits()

    labels = Subject(InProcess(program, "fits")).predict(network=handle, inputs=np.zeros((3, 2)))

    assert labels.tolist() == [0, 0, 0]
    assert program.handle == handle


def test_a_fit_may_return_a_network_without_its_activation():
    network = {"weights": [np.ones((2, 2))] * 2, "biases": [np.ones(2)] * 2}

    labels = Subject(InProcess(Fits(), "fits")).predict(network=network, inputs=np.zeros((3, 2)))

    assert labels.tolist() == [0, 0, 0]


class InAPrecisionOfItsOwn(Fits):
    def describe(self):
        return {"name": "own", "precision": "bfloat16"}

    def predict(self, **_):
        raise AssertionError("it was asked")


def test_nothing_is_asked_of_a_precision_that_no_document_knows():
    subject = Subject(InProcess(InAPrecisionOfItsOwn(), "own"))

    with pytest.raises(Unsupported, match="precision 'bfloat16' is outside of the documents"):
        subject.predict(network=1, inputs=np.zeros((3, 2)))


def test_what_was_found_by_asking_may_keep_a_call_from_being_judged():
    def found(operation, params):
        raise NotJudged(f"{operation} of {len(params['inputs'])} examples")

    subject = Subject(InProcess(Fits(), "fits"), check=found)

    with pytest.raises(NotJudged, match="predict of 3 examples"):
        subject.predict(network=1, inputs=np.zeros((3, 2)))
