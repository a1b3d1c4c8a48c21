"""Fits from initial weights of nearly 0: the start that the reference assumes, and the programs that are refused."""

from __future__ import annotations

import numpy as np
import pytest
from miniatures import single_precision

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.fits_from_zero import DEVIATIONS, assert_fits_from_zero, nearly_zero, values

ACTIVATIONS = pytest.mark.parametrize("activation", ["relu", "tanh", "logistic"])
FLOAT64 = Exact(Precision("float64"))


class OfItsOwn(Reference):
    def describe(self):
        return {"name": "of its own", "initialization": "own"}


def fits(
    program,
    activation,
    layers=2,
    *,
    exact=FLOAT64,
    l2=0.0,
    method="gradient_descent",
    classes=3,
    seed=0,
    **longer,
):
    subject, random = Subject(InProcess(program, "program")), np.random.default_rng(seed)
    objective = cases.objective("mean", l2)
    assert_fits_from_zero(subject, exact, random, activation, objective, method, layers, classes, **longer)


@ACTIVATIONS
@pytest.mark.parametrize("layers", [2, 3, 4])
@pytest.mark.parametrize("method", ["gradient_descent", "momentum"])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_correct_program_is_accepted(activation, layers, method, classes):
    for seed in range(3):
        fits(Reference(), activation, layers, l2=0.1, method=method, classes=classes, seed=seed)


@ACTIVATIONS
def test_a_correct_program_in_single_precision_is_accepted(activation):
    for seed in range(3):
        fits(single_precision, activation, exact=Exact(Precision("float32")), seed=seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("mistake", "activation", "layers"),
    [
        (mistakes.WeightGradientOfTheInputsWhereTheyFit, "logistic", 2),
        (mistakes.WeightGradientOfTheInputsWhereTheyFit, "tanh", 3),
        (mistakes.LogisticBiasesOfZeroStay, "logistic", 2),
        (mistakes.BiasesOfZeroStayInDeeperNetworks, "tanh", 3),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_mistake_that_shows_with_hidden_layers_alone_is_refused(mistake, activation, layers, seed):
    with pytest.raises(Disagreement, match="predict after fit"):
        fits(mistake(), activation, layers, seed=seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["DerivativeOfTheTopLayerAlone", "TwoLayersLearn"])
def test_two_hidden_layers_of_logistic_units_show_more_in_a_few_iterations_more(name, seed):
    fits(Reference(), "logistic", 3, seed=seed, longer=True)

    with pytest.raises(Disagreement, match="predict after fit"):
        fits(getattr(mistakes, name)(), "logistic", 3, seed=seed, longer=True)


def test_a_fit_with_an_initialization_of_its_own_is_not_asked():
    with pytest.raises(Unsupported, match="does not begin near 0"):
        fits(OfItsOwn(), "tanh")


def test_the_start_is_0_give_or_take_seven_standard_deviations():
    start = nearly_zero((3, 3, 2), "tanh", FLOAT64)

    assert [array.error.max() for array in start["weights"]] == [DEVIATIONS * 1e-8] * 2
    assert [array.error.max() for array in start["biases"]] == [0, 0]
    assert not any(array.any() for array in [*values(start)["weights"], *values(start)["biases"]])


@pytest.mark.parametrize("activation", ["relu", "logistic"])
def test_a_fit_that_takes_no_notice_of_the_scale_is_told_how_to_say_so(activation):
    class FromLargerWeights(Reference):
        def initialize(self, normals, sizes, activation, initialization):
            return super().initialize(normals, sizes, activation, {**initialization, "scale": 1.0})

    with pytest.raises(Disagreement, match="predict after fit") as refused:
        fits(FromLargerWeights(), activation)

    assert "of scale 1e-08" in refused.value.finding
    assert 'say so in describe: "initialization": "own"' in refused.value.finding


@pytest.mark.parametrize("activation", ["tanh", "logistic"])
def test_nothing_is_said_of_the_start_if_the_seed_changes_nothing(activation):
    with pytest.raises(Disagreement) as refused:
        fits(
            mistakes.WeightGradientOfTheInputsWhereTheyFit(),
            activation,
            layers=2 if activation == "logistic" else 3,
        )

    assert refused.value.finding == ""
