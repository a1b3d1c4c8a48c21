"""A program that prints too few digits is found by the text of its numbers, and no correct printer is."""

from __future__ import annotations

import json

import numpy as np
import pytest
from miniatures import program

from nnspec.contract.digits import Digits, significant_digits


def counted(texts):
    digits = Digits()
    for text in texts:
        digits.add(f'{{"id":1,"result":[{text}]}}'.encode())
    return digits


def normals(count, seed=0):
    return np.random.default_rng(seed).standard_normal(count).tolist()


@pytest.mark.parametrize(
    ("line", "digits"),
    [
        (b'{"result": 0.1}', 1),
        (b'{"result": [-12.50, 0.00012345, 1e3]}', 5),
        (b'{"result": [1.2345678901234567e-300]}', 17),
        (b'{"id": 1234567, "result": [1234567890123]}', 0),
        (b'{"result": {"base64": "1.23456789", "a \\" 1.234": 0.25}}', 2),
        (b"[]", 0),
    ],
)
def test_significant_digits_are_those_of_the_longest_float(line, digits):
    assert significant_digits(line) == digits


@pytest.mark.parametrize(
    "line", [b'"\\' * 300_000, b"1" * 1_000_000, b"1." * 500_000, b"1e" * 500_000, b'"' * 300_001]
)
def test_every_character_of_a_line_is_read_once(line):
    assert significant_digits(line) <= 2


@pytest.mark.parametrize("digits", [6, 7, 9, 12, 14, 15])
def test_twenty_numbers_show_a_printer_with_too_few_digits(digits):
    printed = counted(f"{number:.{digits}g}" for number in normals(24))

    assert printed.too_few()
    assert printed.message().startswith(f"its numbers have {digits} digits: print 17 (%.17g)")


def test_sixteen_digits_are_too_few_as_well():
    assert counted(f"{number:.16g}" for number in normals(200)).too_few()


@pytest.mark.parametrize(
    "printer", [json.dumps, lambda number: f"{number:.17g}", lambda number: f"{number:.20f}"]
)
@pytest.mark.parametrize("seed", range(50))
def test_no_correct_printer_is_blamed(printer, seed):
    for count in (20, 100):
        assert not counted(map(printer, normals(count, seed))).too_few()


@pytest.mark.parametrize("seed", range(20))
def test_numbers_of_any_size_are_no_fault(seed):
    wide = np.exp(200 * np.random.default_rng(seed).standard_normal(30)).tolist()
    halves = np.random.default_rng(seed).uniform(0.5, 1.0, 400).tolist()

    assert not counted(map(repr, wide)).too_few()
    assert not counted(f"{number:.16g}" for number in halves).too_few(), (
        "all of them have a text of 16 digits"
    )


def test_few_numbers_and_the_same_ones_again_are_no_evidence():
    assert not counted(f"{number:.15g}" for number in normals(19)).too_few()
    assert not counted(["0.123456789"] * 1000).too_few()


def test_numbers_that_are_short_by_nature_are_no_evidence():
    short = [f"{number / 8}" for number in range(100)]

    assert not counted([*short, "0.12345678901234567"]).too_few()
    assert not counted([*short, "0.123456789012345"]).too_few()


def test_single_precision_needs_nine_digits():
    singles = np.float32(normals(60)).tolist()

    assert not counted(f"{number:.9g}" for number in singles).too_few("float32")
    assert not counted(map(repr, singles)).too_few("float32")
    assert counted(f"{number:.6g}" for number in singles).too_few("float32")
    assert "print 9 (%.9g)" in counted(f"{number:.6g}" for number in singles).message("float32")


def test_nine_digits_may_be_those_of_single_precision():
    printed = counted(f"{number:.9g}" for number in normals(30))

    assert 'if it computes in float32, answer "precision": "float32"' in printed.message()


@pytest.mark.parametrize(("printer", "too_few"), [("%.15g", True), ("%.17g", False), ("shortest", False)])
def test_a_transport_counts_the_digits_of_its_answers(reach, printer, too_few):
    transport = reach(program("copies_numbers", "exact", printer))

    transport.call("softmax", {"scores": np.zeros((10, 4))})

    assert transport.digits.too_few() == too_few
