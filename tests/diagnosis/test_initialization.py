"""What initial parameters are is said: by a named program, by constants, or as numbers of the program's own."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.draws import FAMILIES, NORMAL, TRUNCATED, UNIFORM, Draws, family
from nnspec.diagnosis.examination import Examiner
from nnspec.diagnosis.findings import sentence, together
from nnspec.diagnosis.initial_numbers import initial_numbers
from nnspec.diagnosis.inquiry import diagnose
from nnspec.diagnosis.read_off import VARYING_ANSWERS
from nnspec.documents.experiments import FAN_IN, SMALL, SMALL_WITH_BIASES
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess


class Starts:
    """Initial parameters as the contract has them, unless these functions make others.

    weights: of the place of a layer, the normals, what is right, and the activation; biases: of what is right.
    """

    def __init__(self, weights=None, biases=None, **described):
        self.weights, self.biases, self.described = weights, biases, described

    def describe(self):
        return {"name": "starts", **self.described}

    def initialize(self, normals, sizes, activation, initialization):  # noqa: ARG002 (the normals have the sizes)
        weights, biases = [], []
        for place, (n, b) in enumerate(zip(normals["weights"], normals["biases"], strict=True)):
            right = n * initialization["scale"]
            if initialization["fan_in"]:
                right = right * len(n) ** -0.5
            weights.append(self.weights(place, n, right, activation) if self.weights else right)
            still = b * (initialization["scale"] if initialization["biases"] == "normals" else 0.0)
            biases.append(self.biases(still) if self.biases else still)
        return {"weights": weights, "biases": biases}


def dice(place=0):
    return np.random.default_rng(place + 5)


def he(n):
    return np.sqrt(2 / n.shape[0])


def reflection(size):
    """An orthogonal matrix (size, size)."""
    across = dice().standard_normal(size)
    return np.eye(size) - 2 * np.outer(across, across) / (across @ across)


def first_only(make):
    return lambda place, n, right, _activation: right if place else make(n)


def asked(program):
    """What is said of a program that is asked formula by formula."""
    transport = InProcess(program, "a program")
    ask, described = Subject(transport).call, transport.description
    examiner = Examiner(ask, described.precision, described.support, catalogue(), 200, ["initialize"])
    found = examiner.examine(["initialize"]).found
    return {sentence(mistake) for each in found for mistake in together(each.mistakes)}


NAMED = {
    "he": (lambda _p, n, _r, _a: n * he(n), "The initial weights are N(0, 1) · √(2 / fan_in)."),
    "he in the first layer": (
        first_only(lambda n: n * he(n)),
        "The initial weights of the first layer are N(0, 1) · √(2 / fan_in).",
    ),
    "twice": (lambda _p, _n, right, _a: 2 * right, "The initial weights are 2 times what they should be."),
    "a number": (
        first_only(lambda n: 0.03 * n),
        "The initial weights of the first layer are 0.03 times the normals.",
    ),
    "all alike": (
        lambda _p, n, _r, _a: np.full(n.shape, 0.2),
        "All initial weights are 0.2, so all hidden units stay alike.",
    ),
    "identity": (lambda _p, n, _r, _a: np.eye(*n.shape), "The initial weights are an identity matrix."),
    "he with relu": (
        lambda _p, n, right, activation: n * he(n) if activation == "relu" else right,
        "With relu: the initial weights are N(0, 1) · √(2 / fan_in).",
    ),
}


def test_zeros_in_the_last_layer_are_named():
    class ZerosLast(Starts):
        def initialize(self, **arguments):
            network = super().initialize(**arguments)
            network["weights"][-1] *= 0
            return network

    assert asked(ZerosLast()) == {
        "All initial weights of the last layer are 0, so all hidden units stay alike."
    }


@pytest.mark.parametrize(("weights", "said"), NAMED.values(), ids=NAMED)
def test_weights_that_are_made_from_the_normals_are_named(weights, said):
    assert asked(Starts(weights)) == {said}


def test_biases_are_named():
    assert asked(Starts(biases=lambda right: right if right.any() else right + 0.3)) == {
        "Initial biases that should be 0 are 0.3."
    }


def test_weights_are_named_in_single_precision():
    single = Starts(lambda _p, n, _r, _a: np.float32(n) * np.float32(he(n)), precision="float32")

    assert asked(single) == {"The initial weights are N(0, 1) · √(2 / fan_in)."}


@pytest.mark.parametrize("described", [{}, {"depths": [1], "classes": [2]}, {"activations": ["relu"]}])
def test_nothing_is_said_of_right_parameters(described):
    program = Starts(**described)
    transport = InProcess(program, "a program")

    assert asked(program) == set()
    assert initial_numbers(Subject(transport).call, transport.description.support) == ""


OWN = "initialize() does not use the normal numbers that it is given for the weights"
READ_OFF = {
    "uniform of glorot": (
        lambda place, n, _r, _a: np.sqrt(6 / sum(n.shape)) * dice(place).uniform(-1, 1, n.shape),
        f"{OWN}: they are uniform between ±√(6 / (fan_in + fan_out)), which is Glorot's.",
    ),
    "normal of he in the first layer": (
        first_only(lambda n: he(n) * dice().standard_normal(n.shape)),
        f"{OWN} of the first layer: they are normal with a standard deviation of √(2 / fan_in), which is He's.",
    ),
    "normal as asked": (
        lambda place, n, right, _a: dice(place).standard_normal(n.shape) * np.round(right[0, 0] / n[0, 0], 9),
        f"{OWN}: they are normal with a standard deviation of the size that is asked for.",
    ),
    "uniform of a number": (
        lambda place, n, _r, _a: dice(place).uniform(-0.05, 0.05, n.shape),
        f"{OWN}: they are uniform between about ±0.05.",
    ),
    "uniform from 0": (
        lambda place, n, _r, _a: dice(place).random(n.shape),
        f"{OWN}: they are uniform between 0 and about 1.",
    ),
    "orthogonal": (
        lambda _p, n, _r, _a: reflection(max(n.shape))[: n.shape[0], : n.shape[1]],
        f"{OWN}: they are orthogonal.",
    ),
    "laplace": (
        lambda place, n, _r, _a: dice(place).laplace(0, 0.1, n.shape),
        f"{OWN}: they are other numbers, with a standard deviation of about 0.14.",
    ),
    "cut off": (
        lambda _p, n, _r, _a: 0.05 * np.clip(n, -2, 2),
        "initialize() does not multiply its normal numbers for the weights: "
        "they are 0.05 times them, but those beyond ±2 are set to that.",
    ),
}


@pytest.mark.parametrize(("weights", "said"), READ_OFF.values(), ids=READ_OFF)
def test_weights_that_are_no_multiples_of_the_normals_are_described(weights, said):
    transport = InProcess(Starts(weights), "a program")

    assert initial_numbers(Subject(transport).call, transport.description.support) == said


@pytest.mark.parametrize("drawn", FAMILIES, ids=lambda one: one.name)
def test_one_distribution_is_never_taken_for_another(drawn):
    make = {
        UNIFORM: lambda random: random.uniform(-1, 1, (100, 96)),
        NORMAL: lambda random: random.standard_normal((100, 96)),
        TRUNCATED: lambda random: cut(random, (100, 96)),
    }[drawn]
    found = [family([Draws(make(np.random.default_rng(seed)), (100, 96), SMALL)]) for seed in range(40)]

    assert found == [drawn] * 40


def test_too_few_numbers_are_of_no_distribution():
    few = [Draws(np.random.default_rng(seed).uniform(-1, 1, (3, 4)), (3, 4), SMALL) for seed in range(2)]

    assert family(few) is None


def cut(random, shape):
    numbers = random.standard_normal(shape)
    while (far := np.abs(numbers) > 2).any():
        numbers[far] = random.standard_normal(far.sum())
    return numbers


def failed_tests(program):
    """Transcripts of a test for each initialization, all of them failed."""
    transcripts, random = Transcripts(), np.random.default_rng(0)
    subject = Subject(InProcess(program, ""), transcripts.add)
    for number, recipe in enumerate((SMALL, FAN_IN, SMALL_WITH_BIASES)):
        params = {"normals": cases.like(random, (3, 5, 4)), "sizes": [3, 5, 4], "activation": "tanh"}
        with contextlib.suppress(NoAnswer, Disagreement):
            subject.initialize(**params, initialization=recipe)
        transcripts.close(f"training.clause{number}:test", "failed")
    return transcripts


def test_a_named_program_is_the_cause_of_the_failed_tests():
    program = Starts(lambda _p, n, _r, _a: n * he(n))

    (found,) = diagnose(failed_tests(program), "float64", catalogue(), Subject(InProcess(program, "")).call)

    assert sentence(found.mistakes[0]) == "The initial weights are N(0, 1) · √(2 / fan_in)."
    assert len(found.cases) == 3


def test_numbers_that_differ_from_call_to_call_are_described_too():
    random = np.random.default_rng(1)
    program = Starts(lambda _p, n, _r, _a: random.uniform(-0.1, 0.1, n.shape))

    (found,) = diagnose(failed_tests(program), "float64", catalogue(), Subject(InProcess(program, "")).call)

    said = f"initialize: {VARYING_ANSWERS}. {OWN}: they are uniform between about ±0.1."
    assert found.relation == said


def test_initialize_is_not_asked_if_none_of_its_tests_failed():
    program, calls = Starts(), []

    def ask(operation, params):
        calls.append(operation)
        return Subject(InProcess(program, "")).call(operation, params)

    assert diagnose(Transcripts(), "float64", catalogue(), ask) == []
    assert calls == []
