"""What a program sends is bounded by what its call can need, before anything is made of it."""

from __future__ import annotations

import numpy as np
import pytest
from calls import softmax
from miniatures import miniature, program

from nnspec.contract import operations, wire
from nnspec.contract.bounds import MESSAGE, NAME, bounds_of
from nnspec.contract.errors import Garbled, ImplementationError, MalformedAnswer, NoAnswer, Unreachable
from nnspec.documents.experiments import MOONS_TANH, SPIRAL_RELU
from nnspec.reference import Reference

TOO_LONG = "it wrote a line longer than 466016 bytes, which this call cannot need"
TOO_MANY = "its answer has about [0-9]+ values; an answer to softmax may have 10012"
NO_MESSAGE = "expected a reply to this call, got the line"
NO_NUMBERS = "its numbers cannot be read"
NO_ARRAY = "it must be an array of numbers"


@pytest.mark.parametrize(
    ("what", "kind", "message"),
    [
        ("many numbers", Garbled, TOO_LONG),
        ("many short lists", Garbled, TOO_LONG),
        ("many objects", Garbled, TOO_MANY),
        ("lists in lists", Garbled, TOO_LONG),
        ("lists in lists, not so deep", Garbled, "its answer has lists in lists more than 16 deep"),
        ("a whole number", Garbled, TOO_LONG),
        ("a whole number, not so long", Garbled, NO_MESSAGE),
        ("a float", Garbled, TOO_LONG),
        ("keys", MalformedAnswer, NO_ARRAY),
        ("a key", MalformedAnswer, NO_ARRAY),
        ("a string", Garbled, TOO_LONG),
        ("a long string among short ones", MalformedAnswer, NO_ARRAY),
        ("base64", Garbled, TOO_LONG),
        ("base64 with a large shape", Garbled, NO_NUMBERS),
        ("base64 of nothing", Garbled, NO_NUMBERS),
        ("base64 with many sides", Garbled, NO_NUMBERS),
        ("a dtype", MalformedAnswer, NO_ARRAY),
        ("an error", Garbled, TOO_LONG),
        ("an error, not so long", ImplementationError, "no no no no"),
        ("a line without an end", Garbled, TOO_LONG),
    ],
)
def test_an_answer_that_is_too_large_is_refused_with_a_short_message(reach, what, kind, message):
    with pytest.raises(kind, match=message) as error:
        softmax(reach(program("sends_too_much", what, "calls")))

    assert len(str(error.value)) < MESSAGE + 100


@pytest.mark.parametrize(
    "what", ["many numbers", "keys", "a dtype", "base64 of nothing", "an error", "a key"]
)
def test_a_description_that_is_too_large_is_refused_with_a_short_message(reach, what):
    with pytest.raises(Unreachable) as error:
        reach(program("sends_too_much", what, "describe"))

    assert len(str(error.value)) < 2 * MESSAGE


def test_a_description_of_the_wrong_form_is_refused_with_a_short_message(reach):
    with pytest.raises(Unreachable, match="describe returned protocol") as error:
        reach(miniature("descriptions:LongProtocol"))

    assert len(str(error.value)) == MESSAGE


def test_the_words_of_a_description_are_cut(reach):
    description = reach(miniature("says_much")).description

    for words in (description.name, description.version, description.language):
        assert len(words) == NAME
        assert words.endswith("…")


@pytest.mark.parametrize(
    ("operation", "params", "words"),
    [
        ("softmax", {"scores": np.zeros((1, 2))}, "ValueError: scores"),
        ("predict", {"network": {}, "inputs": np.zeros((1, 2))}, "not today"),
    ],
)
def test_the_words_of_an_error_are_cut(reach, operation, params, words):
    transport = reach(miniature("says_much"))

    with pytest.raises(NoAnswer, match=words) as error:
        transport.call(operation, params)

    assert len(str(error.value)) < MESSAGE + 100
    assert "…" in str(error.value)


def test_a_worker_whose_answer_is_too_long_ends_without_a_traceback(reach):
    with pytest.raises(Garbled, match="a line longer than") as error:
        reach(miniature("says_much")).call("activation", {"name": "relu", "z": np.zeros(1)})

    assert "Traceback" not in str(error.value)
    assert "worker.py" not in str(error.value)


@pytest.mark.parametrize("experiment", [MOONS_TANH, SPIRAL_RELU], ids=str)
def test_what_a_call_needs_is_far_from_the_bounds(experiment):
    arguments = experiment.training(500)
    answers = {"train": Reference().train(**arguments)}
    examples = {name: arguments[name] for name in ("network", "inputs")}
    answers["forward"] = Reference().forward(**examples)

    for operation, answer in answers.items():
        bounds = bounds_of(operation, arguments)
        line = wire.result(1, wire.encode(answer))
        bounds.check(line)
        assert len(line) < bounds.line / 2
        decoded = wire.decode_answer(wire.read(line)["result"], bounds)
        assert operations.answer(operation, decoded).keys() == answer.keys() - {"velocity"}


def test_the_bounds_of_a_fit_are_those_of_its_network():
    recipe = MOONS_TANH.recipe()

    small = bounds_of("fit", {"experiment": recipe})
    large = bounds_of("fit", {"experiment": {**recipe, "sizes": [2, 1000, 2]}})

    assert small.values == bounds_of("fit", {}).values + 4 * 17
    assert large.values - small.values == 4 * (5 * 1000 + 2 - 17)


def test_a_handle_keeps_its_words(reach):
    transport = reach(miniature("says_much"))

    handle = transport.call("fit", {"inputs": np.zeros((1, 2)), "labels": [0], "experiment": {}, "seed": 0})

    assert len(handle["weights"]) == 50_000
