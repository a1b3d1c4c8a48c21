"""A JSON reader that does not round correctly is found by the numbers that come back."""

from __future__ import annotations

import pytest
from miniatures import miniature, program, worker

from nnspec.contract.errors import ImplementationError
from nnspec.contract.operations import OPERATIONS
from nnspec.judging.reading import reading_error
from nnspec.judging.subject import Subject
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference

SHOWING = ("activation", "train", "update", "gradients", "initialize", "forward")
SIZES = (2, 100, 3)


def read_by(transport, operations=OPERATIONS, sizes=SIZES, **supported):
    return reading_error(Subject(transport).call, operations, sizes, **supported)


@pytest.mark.parametrize("sizes", [(2, 3), SIZES, (2, 8, 8, 2)], ids=str)
@pytest.mark.parametrize("activation", ["relu", "tanh", "logistic"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("method", ["gradient_descent", "momentum"])
def test_the_reference_returns_every_number(sizes, activation, reduction, method):
    reference = InProcess(Reference(), "reference")

    for operation in {*SHOWING} - ({"forward"} if activation != "relu" or len(sizes) == 2 else set()):
        reading = read_by(
            reference, [operation], sizes, activation=activation, reduction=reduction, method=method
        )
        assert reading is not None
        assert (reading.distance, str(reading)) == (0, "")


def test_the_reference_in_single_precision_returns_every_number(reach):
    assert read_by(reach(miniature("single_precision"))).distance == 0


@pytest.mark.parametrize("operation", SHOWING)
def test_a_reader_that_rounds_twice_is_told_through_whichever_operation_shows_it(reach, operation):
    careless = read_by(reach(program("copies_numbers", "by hand", "shortest")), [operation], (2, 100, 3))

    assert 1 <= careless.distance <= 2
    assert str(careless).startswith(f"its JSON reader changed {careless.sent!r} by {careless.distance} unit")
    assert "float_roundtrip" in str(careless)


def test_a_reader_that_rounds_correctly_is_right(reach):
    assert read_by(reach(program("copies_numbers", "exact", "%.17g"))).distance == 0


def test_python_s_own_worker_reads_every_number(reach):
    assert read_by(reach(worker("reference"))).distance == 0


@pytest.mark.parametrize("operations", [(), ("softmax", "loss", "predict")])
def test_operations_that_return_other_numbers_show_nothing(operations):
    assert read_by(InProcess(Reference(), "reference"), operations) is None


def test_an_operation_that_raises_shows_nothing():
    def refuse(operation, params):
        raise ImplementationError(f"{operation} of {len(params)} arguments")

    assert reading_error(refuse, OPERATIONS, SIZES) is None


@pytest.mark.parametrize("mistake", catalogue(), ids=lambda mistake: mistake.__name__)
def test_no_mistake_is_taken_for_a_reader_s(mistake):
    reading = read_by(InProcess(mistake(), mistake.__name__), sizes=(2, 5, 3))

    assert reading is None or reading.distance == 0
