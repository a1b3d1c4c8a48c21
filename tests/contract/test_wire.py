"""Numbers travel exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnspec.contract import operations, wire

FLOATS = hnp.arrays(np.float64, hnp.array_shapes(max_dims=2), elements=st.floats())


def journey(value, numbers="json"):
    return wire.decode(wire.read(wire.result(1, wire.encode(value, numbers)))["result"])


@pytest.mark.parametrize("numbers", ["json", "base64"])
@given(array=FLOATS)
def test_every_float_arrives_bit_for_bit(numbers, array):
    arrived = np.asarray(journey(array, numbers), dtype=float).reshape(array.shape)

    np.testing.assert_array_equal(arrived, array)
    assert (np.signbit(arrived) == np.signbit(array))[~np.isnan(array)].all()


@given(number=st.floats(allow_nan=False))
def test_a_single_number_arrives(number):
    assert journey(number) == number


def test_not_a_number_arrives_by_name():
    assert math.isnan(journey(math.nan))


def test_float32_arrives_as_the_same_number():
    assert journey(np.float32(0.1)) == float(np.float32(0.1))


def test_a_line_is_one_message():
    assert wire.request(1, "softmax", {"scores": np.ones((3, 3))}).count(b"\n") == 1


def test_arguments_become_arrays_by_their_names():
    told = operations.arguments(
        {"network": {"weights": [[[1, 2]]], "biases": [[3]]}, "labels": [0, 1], "batches": None}
    )

    assert told["network"]["weights"][0].shape == (1, 2)
    assert told["labels"].dtype.kind == "i"
    assert told["batches"] is None


def test_what_is_no_plain_value_does_not_travel():
    with pytest.raises(TypeError, match="is no plain value"):
        wire.encode(object())


@pytest.mark.parametrize("line", [b"[" * 100_000, b"{", b"\xff", b"loss 1.1"])
def test_what_is_no_json_is_refused(line):
    with pytest.raises(ValueError, match=r"nested too deeply|Expecting|decode"):
        wire.read(line)


@pytest.mark.parametrize("value", [np.longdouble(0.1), np.array([[0.1]], dtype=np.longdouble)])
def test_extended_precision_travels_as_float64(value):
    assert np.ravel(journey(value)).tolist() == [0.1]
