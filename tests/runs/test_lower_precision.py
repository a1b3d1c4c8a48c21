"""A program that declares float64 but computes a part in float32 gets a finding; a mistake does not."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec import mistakes
from nnspec.documents.experiments import CIRCLES_MOMENTUM, MOONS_TANH, SPIRAL_LINEAR
from nnspec.judging.agreement import Disagreement, LowerPrecision
from nnspec.reference import Reference
from nnspec.runs import lower_precision
from nnspec.runs.envelope import golden
from nnspec.runs.lower_precision import FUNCTIONS
from nnspec.runs.traces import assert_inside

ITERATIONS = 60


def finding(experiment, implementation, **changes):
    """The finding for the losses of the beginning of a run."""
    training = {**experiment.training(ITERATIONS), **changes}
    losses = np.array(implementation.train(**training)["losses"], dtype=float)
    return lower_precision.finding(experiment, golden(experiment.name, "float64"), losses)


def single(value):
    return float(np.float32(value))


@pytest.mark.parametrize(
    ("experiment", "part", "name", "what"),
    [
        (MOONS_TANH, "objective", "l2", "the penalty's factor"),
        (CIRCLES_MOMENTUM, "optimizer", "momentum", "the momentum"),
        (CIRCLES_MOMENTUM, "optimizer", "learning_rate", "the learning rate"),
    ],
)
def test_a_constant_in_float32_is_named(experiment, part, name, what):
    values = getattr(experiment, part)

    text = finding(experiment, Reference(), **{part: {**values, name: single(values[name])}})

    assert text == f"float64, but {what} rounded to float32"


def test_all_constants_in_float32_are_named():
    optimizer = CIRCLES_MOMENTUM.optimizer
    both = {name: single(optimizer[name]) for name in ("momentum", "learning_rate")}

    text = finding(CIRCLES_MOMENTUM, Reference(), optimizer={**optimizer, **both})

    assert text == "float64, but its constants rounded to float32"


@pytest.mark.parametrize("method", FUNCTIONS)
@pytest.mark.parametrize("experiment", [MOONS_TANH, CIRCLES_MOMENTUM], ids=lambda each: each.name)
@pytest.mark.parametrize("seed", [None, 101])
def test_a_function_in_float32_is_named(experiment, method, seed):
    text = finding(experiment, lower_precision.with_function_in_float32(method, seed))

    functions = text.removeprefix("float64, but ").removesuffix(" computed in float32").split(" or ")
    assert FUNCTIONS[method] in functions
    assert len(functions) <= 2, "functions that are computed one after the other may give the same losses"


def test_a_penalty_in_float32_in_the_gradient_alone_is_named():
    text = finding(MOONS_TANH, mistakes.PenaltyInSinglePrecision())

    assert text == "float64, but the penalty's factor, in the gradient, rounded to float32"


def test_tanh_in_float32_is_named():
    assert "the activation" in finding(MOONS_TANH, mistakes.TanhInSinglePrecision())


@pytest.mark.parametrize(
    "mistake",
    [
        "BiasesPenalised",
        "LearningRateAThousandthOff",
        "GradientsAMillionthOff",
        "LastLayerUpdatedFirst",
        "WeightDecayInTheUpdate",
        "LossWithEpsilon",
        "PenaltyGradientTwiceTooLarge",
    ],
)
@pytest.mark.parametrize(
    "experiment", [SPIRAL_LINEAR, MOONS_TANH, CIRCLES_MOMENTUM], ids=lambda each: each.name
)
def test_a_mistake_is_not_taken_for_a_lower_precision(experiment, mistake):
    assert finding(experiment, getattr(mistakes, mistake)()) is None


def test_a_right_program_gets_no_finding():
    assert finding(MOONS_TANH, Reference()) is None


def test_a_lower_precision_is_an_error_of_its_own():
    optimizer = CIRCLES_MOMENTUM.optimizer
    training = {**CIRCLES_MOMENTUM.training(50), "optimizer": {**optimizer, "momentum": single(0.9)}}

    with pytest.raises(LowerPrecision, match=r"finding +float64, but the momentum rounded to float32"):
        assert_inside(CIRCLES_MOMENTUM, np.array(Reference().train(**training)["losses"]), "float64")


def test_any_other_wrong_trace_is_a_disagreement():
    losses = np.array(Reference().train(**CIRCLES_MOMENTUM.training(50))["losses"])
    losses[3] *= 1.1

    with pytest.raises(Disagreement) as refused:
        assert_inside(CIRCLES_MOMENTUM, losses, "float64")

    assert type(refused.value) is Disagreement
    assert refused.value.where == "train.losses[3]"
