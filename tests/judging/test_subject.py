"""The implementation under test, as the tests call it."""

from __future__ import annotations

import numpy as np
import pytest

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
    ],
    ids=repr,
)
def test_a_handle_that_a_fit_returned_may_be_anything(handle):
    program = Fits()

    labels = Subject(InProcess(program, "fits")).predict(network=handle, inputs=np.zeros((3, 2)))

    assert labels.tolist() == [0, 0, 0]
    assert program.handle == handle
