"""Numbers arrive bit for bit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnspec.contract import operations, wire
from nnspec.contract.bounds import bounds_of

FLOATS = hnp.arrays(np.float64, hnp.array_shapes(max_dims=2), elements=st.floats())


def round_trip(value, numbers="json"):
    return wire.decode(wire.read(wire.result(1, wire.encode(value, numbers)))["result"])


@pytest.mark.parametrize("numbers", operations.NUMBERS)
@given(array=FLOATS)
def test_every_float_arrives_bit_for_bit(numbers, array):
    arrived = np.asarray(round_trip(array, numbers), dtype=float).reshape(array.shape)

    np.testing.assert_array_equal(arrived, array)
    assert (np.signbit(arrived) == np.signbit(array))[~np.isnan(array)].all()


@pytest.mark.parametrize("numbers", operations.NUMBERS)
@given(array=FLOATS)
def test_an_answer_within_its_bounds_arrives_as_any_other_value(numbers, array):
    line = wire.result(1, wire.encode(array, numbers))
    bounds = bounds_of("activation", {"z": array})

    bounds.check(line)
    arrived = np.asarray(wire.decode_answer(wire.read(line)["result"], bounds, numbers), dtype=float)

    assert len(line) <= bounds.line
    np.testing.assert_array_equal(arrived.reshape(array.shape), array)


def test_an_answer_brings_no_dtype():
    answer = {"integers": [1], "dtype": "S1000000000"}

    assert wire.decode_answer(answer, bounds_of("predict", {})) == answer
    assert wire.decode({"integers": [1], "dtype": "uint8"}).dtype == np.uint8


@given(number=st.floats(allow_nan=False))
def test_a_single_number_arrives(number):
    assert round_trip(number) == number


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_in_hex_is_what_c_reads(number):
    sent = wire.encode({"learning_rate": number, "iterations": 3}, "hex")

    assert float.fromhex(sent["learning_rate"]) == number
    assert sent["iterations"] == 3


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0x1.8p+1", 3.0),  # C, Lua, Perl, R
        ("-0x1.8p1", -3.0),  # Java
        ("0X1.8P+01", 3.0),  # Go
        ("0xc.p-2", 3.0),
        ("0x0p+0", 0.0),
    ],
)
def test_hex_is_read_as_any_language_prints_it(text, number):
    assert wire.decode_answer(text, bounds_of("loss", {}), "hex") == number


@pytest.mark.parametrize(
    ("text", "numbers"), [("0x1.8p+1", "json"), ("0x7f3a", "hex"), ("0x", "hex"), ("p1", "hex")]
)
def test_a_string_that_is_no_float_stays_one(text, numbers):
    assert wire.decode_answer(text, bounds_of("fit", {}), numbers) == text


def test_not_a_number_arrives_by_name():
    assert math.isnan(round_trip(math.nan))


def test_float32_arrives_as_the_same_number():
    assert round_trip(np.float32(0.1)) == float(np.float32(0.1))


def test_a_line_is_one_message():
    assert wire.request(1, "softmax", {"scores": np.ones((3, 3))}).count(b"\n") == 1


def test_arguments_become_arrays_by_their_names():
    arguments = operations.arguments(
        {"network": {"weights": [[[1, 2]]], "biases": [[3]]}, "labels": [0, 1], "batches": None}
    )

    assert arguments["network"]["weights"][0].shape == (1, 2)
    assert arguments["labels"].dtype.kind == "i"
    assert arguments["batches"] is None


def test_a_value_that_is_not_plain_cannot_be_sent():
    with pytest.raises(TypeError, match="is not a plain value"):
        wire.encode(object())


@pytest.mark.parametrize("line", [b"[" * 100_000, b"{", b"\xff", b"loss 1.1"])
def test_a_line_that_is_not_json_is_refused(line):
    with pytest.raises(ValueError, match=r"nested too deeply|Expecting|decode"):
        wire.read(line)


@pytest.mark.parametrize("value", [np.longdouble(0.1), np.array([[0.1]], dtype=np.longdouble)])
def test_extended_precision_is_sent_as_float64(value):
    assert np.ravel(round_trip(value)).tolist() == [0.1]


@pytest.mark.parametrize("weights", [[{"layer": 1}], [[1.0, 2.0], [[3.0], [4.0, 5.0]]], ["first"]], ids=str)
def test_a_handle_may_have_weights_that_are_no_arrays(weights):
    (first, *_) = operations.arguments({"network": {"weights": weights}})["network"]["weights"]

    assert np.array_equal(first, weights[0])
