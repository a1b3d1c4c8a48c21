"""What an implementation in Python is given: labels of their own dtype, and arguments that it should leave alone."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from calls import SCORES
from miniatures import program, target

from nnspec.contract.errors import Unsupported
from nnspec.reach import targets
from nnspec.reach.transports import InProcess, OverProcess


@pytest.fixture(params=["in this process", "in a worker"])
def reach(request, monkeypatch):
    """Reaches a miniature in Python."""
    reached = []
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", sys.modules.copy())

    def to(name):
        if request.param == "in this process":
            return InProcess(targets.load(target(name)), name)
        command = [sys.executable, "-m", "nnspec.reach.worker", target(name)]
        reached.append(OverProcess(command, 10.0, 0, python=True))
        return reached[-1]

    yield to
    for transport in reached:
        transport.close()


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32", "uint64", "int64"])
def test_labels_arrive_in_their_dtype(reach, dtype):
    labels = np.array([0, 1], dtype)

    told = reach("tells_its_labels").call(
        "cross_entropy", {"scores": np.zeros((2, 2)), "labels": labels, "reduction": "sum"}
    )

    assert abs(told) == 8 * labels.dtype.itemsize
    assert (told < 0) == (labels.dtype.kind == "i")


def test_an_argument_that_is_overwritten_is_named(reach):
    assert reach("mutates").changed_arguments("softmax", {"scores": SCORES}) == ["scores"]


def test_arguments_that_are_left_alone_are_not_named(reach):
    assert reach("right").changed_arguments("softmax", {"scores": SCORES}) == []


def test_the_parts_of_an_argument_are_named(reach):
    network = {"weights": [np.ones((1, 2))], "biases": [np.zeros(2)], "activation": "relu"}

    changed = reach("trains_in_place").changed_arguments(
        "predict", {"network": network, "inputs": np.ones((1, 1))}
    )

    assert changed == ["network.weights[0]", "network.biases"]


def test_what_a_program_does_to_its_own_copies_is_not_seen():
    transport = OverProcess(program("speaks_json"), 10.0, 0)

    with pytest.raises(Unsupported, match="arguments reach it as text"):
        transport.changed_arguments("softmax", {"scores": SCORES})

    transport.close()
