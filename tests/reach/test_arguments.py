"""The arguments of an implementation in Python: labels keep their dtype, and overwritten arguments are reported."""

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
    """Opens a transport to a miniature in Python."""
    opened = []
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "modules", sys.modules.copy())

    def to(name):
        if request.param == "in this process":
            return InProcess(targets.load(target(name)), name)
        command = [sys.executable, "-m", "nnspec.reach.worker", target(name)]
        opened.append(OverProcess(command, 10.0, 0, python=True))
        return opened[-1]

    yield to
    for transport in opened:
        transport.close()


@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int32", "uint64", "int64"])
def test_labels_arrive_in_their_dtype(reach, dtype):
    labels = np.array([0, 1], dtype)

    answer = reach("returns_its_labels_dtype").call(
        "cross_entropy", {"scores": np.zeros((2, 2)), "labels": labels, "reduction": "sum"}
    )

    assert abs(answer) == 8 * labels.dtype.itemsize
    assert (answer < 0) == (labels.dtype.kind == "i")


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


def test_a_program_that_gets_its_arguments_as_text_cannot_change_them():
    transport = OverProcess(program("speaks_json"), 10.0, 0)

    with pytest.raises(Unsupported, match="it gets its arguments as text"):
        transport.changed_arguments("softmax", {"scores": SCORES})

    transport.close()
