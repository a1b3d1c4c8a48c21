"""A JSON reader that does not round correctly is found by the numbers that come back."""

from __future__ import annotations

import numpy as np
import pytest
from miniatures import miniature, program, worker

from nnspec.contract.errors import ImplementationError
from nnspec.contract.operations import OPERATIONS
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement, assert_agrees
from nnspec.judging.reading import reading_error
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
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


@pytest.mark.parametrize("operation", SHOWING)
@pytest.mark.parametrize("habit", ["rounds", "cuts"])
@pytest.mark.parametrize("digits", [9, 14, 15])
def test_a_reader_that_keeps_few_digits_is_told_through_whichever_operation_shows_it(
    reach, operation, habit, digits
):
    reader = read_by(reach(program("copies_numbers", f"{habit} to {digits}", "shortest")), [operation])

    assert reader.distance > 16
    assert str(reader).startswith(
        f"its JSON reader keeps {digits} digits of {reader.sent!r} ({operation} ret"
    )


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


class ATrifleOff(Reference):
    """What it copies is a trifle off, as with a small number added in a division or under a root."""

    def __init__(self, share):
        self.share = share

    def off(self, parameters):
        parts = {part: [(1 + self.share) * p for p in parameters[part]] for part in ("weights", "biases")}
        return {**parameters, **parts}

    def initialize(self, *arguments, **named):
        return self.off(super().initialize(*arguments, **named))

    def update(self, **arguments):
        after = super().update(**arguments)
        return {**after, "network": self.off(after["network"])}

    def penalty_gradient(self, weights, l2):
        return (1 + self.share) * super().penalty_gradient(weights, l2)

    def relu(self, z):
        return (z + np.sqrt(z * z + self.share / 10)) / 2


#: As far off as numbers of 15, 14, 13 and 9 digits, upwards and downwards.
TRIFLES = [sign * share for share in (5e-15, 1e-14, 5e-14, 5e-13, 5e-9) for sign in (1, -1)]


@pytest.mark.parametrize("operation", SHOWING)
@pytest.mark.parametrize("share", TRIFLES)
def test_a_mistake_of_the_size_of_lost_digits_is_no_reader_s(operation, share):
    reading = read_by(InProcess(ATrifleOff(share), "a trifle off"), [operation])

    assert reading is None, str(reading)


@pytest.mark.parametrize("share", TRIFLES)
def test_a_mistake_of_the_size_of_lost_digits_is_refused(share):
    random, program, exact = np.random.default_rng(1), ATrifleOff(share), Exact(Precision("float64"))
    problem = cases.problem(random, SIZES, "relu", cases.objective("mean", 0.3))
    arguments = {**problem, "optimizer": cases.optimizer("momentum"), "iterations": 3, "batches": None}

    for operation, params in (("gradients", problem), ("train", arguments)):
        with pytest.raises(Disagreement):
            assert_agrees(getattr(program, operation)(**params), exact.call(operation, params), operation)
