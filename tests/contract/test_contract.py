"""Descriptions of implementations, and the kinds of their answers."""

from __future__ import annotations

import inspect
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnspec.contract.errors import MalformedAnswer, Unreachable
from nnspec.contract.operations import OPERATIONS, Description, answer
from nnspec.reference import Reference


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_reference_takes_the_contracts_arguments(operation):
    taken = tuple(inspect.signature(getattr(Reference(), operation)).parameters)

    assert taken == OPERATIONS[operation].takes


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_page_on_the_contract_lists_the_same_arguments(operation):
    page = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{operation}` |"))

    taken = re.sub(r"\([^)]*\)", "", row.split("|")[2])

    assert tuple(name.strip() for name in taken.split(",")) == OPERATIONS[operation].takes


def test_fields_left_out_of_a_description_mean_full_support_in_float64():
    description = Description.read({"name": "mine"})

    assert description.precision == "float64"
    assert "logistic" in description.support.activations


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"precision": 64}, "precision 64; it must be one of float64, float32"),
        ({"l2": 0}, "l2 0; it must be true or false"),
        ({"initialization": "mine"}, "initialization 'mine'; it must be one of given, own"),
        ({"depths": 2}, r"it must be a list of whole numbers, such as \[2\]"),
        ({"batches": "yes"}, "it must be true or false"),
        ({"reductions": "mean"}, "it must be a list of some of mean, sum"),
        ({"protocol": 2}, "this nnspec speaks protocol 1"),
        ({"precison": "float64"}, "did you mean 'precision'"),
        ([], "it must return an object"),
    ],
)
def test_a_description_outside_the_contract_is_refused(description, message):
    with pytest.raises(Unreachable, match=message):
        Description.read(description)


def test_names_that_no_document_knows_are_outside_and_the_others_supported():
    description = Description.read({"name": "mine", "methods": ["adam", "gradient_descent"]})

    assert description.outside == ("method 'adam'",)
    assert description.support.methods == ("gradient_descent",)


def test_numbers_of_layers_and_classes_without_tests_are_outside():
    description = Description.read({"depths": [2, 50], "classes": [1, 10, 1_000_000]})

    assert description.outside == ("depths 50", "classes 1", "classes 1000000")
    assert description.support.depths == (2,)
    assert description.support.classes == (10,)


@pytest.mark.parametrize("operation", ["softmax", "loss", "fit"])
def test_a_precision_that_no_document_knows_is_outside_and_nothing_can_be_judged_in_it(operation):
    description = Description.read({"name": "mine", "precision": "bfloat16"})

    assert description.outside == ("precision 'bfloat16'",)
    assert "--precision float32" in description.missing(operation, {})
    assert replace(description, precision="float32").missing("softmax", {"scores": np.zeros((1, 2))}) == ""


def test_a_program_without_a_penalty_may_say_so():
    description = Description.read({"name": "mine", "l2": False})

    assert description.missing("loss", {"objective": {"reduction": "mean", "l2": 0.1}}) == (
        "a penalty is unsupported"
    )
    assert description.missing("loss", {"objective": {"reduction": "mean", "l2": 0.0}}) == ""


def test_a_program_with_an_initialization_of_its_own_is_not_asked_for_another():
    sizes = {"sizes": [2, 3]}

    assert Description.read({"initialization": "own"}).missing("initialize", sizes)
    assert Description.read({}).missing("initialize", sizes) == ""


@pytest.mark.parametrize("velocity", [None, {"weights": [[[0.0]]], "biases": [[0.0]]}])
def test_an_update_may_have_no_velocity(velocity):
    parameters = {"weights": [[[1.0]]], "biases": [[2.0]]}

    parts = answer("update", {"network": parameters, "velocity": velocity})

    assert (parts["velocity"] is None) == (velocity is None)


def test_parts_may_come_in_the_contracts_order():
    parts = answer("train", ([0.5], {"weights": [[[1.0]]], "biases": [[2.0]]}))

    assert parts["losses"].tolist() == [0.5]
    assert parts["network"]["biases"][0].tolist() == [2.0]


def test_a_bias_may_be_a_row():
    parts = answer("gradients", {"weights": [[[1.0, 2.0]]], "biases": [[[3.0, 4.0]]]})

    assert parts["biases"][0].shape == (2,)


def test_a_number_may_be_an_array_of_one():
    assert answer("loss", [[0.5]]) == 0.5


def test_not_a_number_is_an_answer_that_can_be_judged():
    assert math.isnan(answer("loss", math.nan))


@pytest.mark.parametrize(
    ("operation", "value", "message"),
    [
        ("softmax", None, "softmax is None; it must be an array of numbers"),
        ("softmax", "0.5", "softmax is '0.5'"),
        ("softmax", [[1.0], [1.0, 2.0]], "it must be an array of numbers"),
        ("softmax", {"probabilities": []}, "it must be an array of numbers"),
        ("loss", [1.0, 2.0], r"loss has the shape \(2,\); it must be a number"),
        ("gradients", {"weights": []}, "gradients lacks 'biases'; it must have weights, biases"),
        ("gradients", [[]], "it must have weights, biases"),
        ("forward", {"hidden": 3.0, "scores": []}, "forward.hidden is 3.0; it must be a list of arrays"),
        ("train", {"losses": [1.0], "network": 7}, "train.network is 7"),
    ],
)
def test_an_answer_of_another_kind_is_refused_with_the_kind_expected(operation, value, message):
    with pytest.raises(MalformedAnswer, match=message):
        answer(operation, value)


def test_labels_are_whole_numbers():
    assert answer("predict", [0.0, 1.0]).dtype.kind == "i"
    assert answer("predict", np.array([0.5])).dtype.kind == "f"
