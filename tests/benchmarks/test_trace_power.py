"""The mistakes that were seen in real programs leave a golden trace, if they change one, and by far.

docs/power.md (benchmarks/trace_power.py) has the whole catalogue on every experiment; these are quick.
"""

from __future__ import annotations

import numpy as np
import pytest

from nnspec import mistakes
from nnspec.documents.experiments import (
    CIRCLES_MOMENTUM,
    EXPERIMENTS,
    MOONS_TANH,
    REVEALING,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
)
from nnspec.runs.envelope import golden

#: The mistakes of the list that the catalogue was begun from, by their numbers there.
SEEN_IN_REAL_PROGRAMS = {
    1: ["LastLayerUpdatedFirst"],
    2: ["BiasesNeverUpdated", "BiasesUpdatedByThemselves"],
    3: ["FirstLayerFrozen"],
    4: ["MomentumAsAnAverage"],
    5: ["MomentumSignsMixed"],
    6: ["FirstVelocityWithoutTheRate"],
    7: ["PenaltyGradientOfTheGradient"],
    8: ["PenaltyGradientMissingOnTheLastLayer"],
    9: ["PenaltyGradientTwiceTooLarge", "PenaltyWithoutTheHalf"],
    10: ["BiasesPenalised", "BiasesPenalisedInTheLoss"],
    11: ["PenaltySubtractedInTheLoss"],
    12: ["PenaltyMissingInTheLoss"],
    13: ["PenaltyOfTheFirstLayerAlone"],
    14: ["LossDividedTwice", "LossNeverAveraged", "LossNegated"],
    15: ["LossesAccumulated"],
    16: ["BiasGradientOneNumber"],
    17: ["BiasGradientAveraged"],
    18: ["BiasGradientOfOneExample"],
    19: ["TanhDerivativeOfZ", "TanhDerivativeOfTheInput"],
    20: ["DerivativeOfAnotherActivation", "DerivativeOfTanhForAll"],
    21: ["ActivationDerivativeMissing"],
    22: ["ReLUPassesZero", "ReLUMaskLetsAllThrough", "ReLUMaskOfTheGradient", "ReLUDerivativeTurned"],
    23: ["HiddenOutputsOverwritten", "LabelSubtractedTwice", "SoftmaxInPlace"],
    24: [
        *("WeightGradientOfTheInputsWhereTheyFit", "WeightGradientReshaped"),
        *("WeightsReshapedInsteadOfTransposed", "WeightsNotTransposedWhereTheyFit"),
    ],
    25: ["SoftmaxAlongExamples", "SoftmaxOverTheMatrix"],
    26: ["SoftmaxOverflows"],
    27: ["TargetsOfSubtractedLabels", "LabelsAsFlatIndicesInTheirType"],
    28: ["LogisticWithTheWrongSign"],
    29: ["AllWeightsPositive", "InitialWeightsUnscaled"],
    30: ["ShortBatchDropped", "LastBatchDropped"],
    31: ["BinaryCrossEntropyReported"],
    32: ["LossAfterTheUpdate"],
}
#: Those that change no loss of a run, and why: other clauses refuse them.
NO_TRACE = {
    "SoftmaxInPlace": "the scores that it overwrites are not read again in training",
    "SoftmaxOverflows": "no run has scores that are so large",
    "TargetsOfSubtractedLabels": "the labels of the runs have a sign",
    "LabelsAsFlatIndicesInTheirType": "the labels of the runs have 64 bits",
    "AllWeightsPositive": "a run is handed its initial parameters",
    "InitialWeightsUnscaled": "a run is handed its initial parameters",
}
RUNS = [
    SPIRAL_LINEAR,
    MOONS_TANH,
    CIRCLES_MOMENTUM,
    SPIRAL_RELU,
    *REVEALING,
    EXPERIMENTS["moons-minibatch"],
    EXPERIMENTS["spiral-tanh"],
    EXPERIMENTS["moons-tanh-2"],  # the one with as many hidden units as inputs
]
ITERATIONS = 40


def worst(mistake, experiment, precision="float64"):
    """Its greatest distance from the golden trace, in tolerances."""
    with np.errstate(all="ignore"):
        losses = mistake().train(**experiment.training(ITERATIONS, precision))["losses"]
    if len(losses) != ITERATIONS:
        return np.inf
    return golden(experiment.name, precision).judge(np.array(losses, dtype=float)).worst


@pytest.mark.parametrize(("precision", "tolerances"), [("float64", 10), ("float32", 1)])
@pytest.mark.parametrize(
    "name", [name for names in SEEN_IN_REAL_PROGRAMS.values() for name in names if name not in NO_TRACE]
)
def test_a_mistake_is_refused_in_float64_by_ten_tolerances_and_more(name, precision, tolerances):
    assert any(worst(getattr(mistakes, name), experiment, precision) > tolerances for experiment in RUNS)


@pytest.mark.parametrize("name", NO_TRACE)
def test_what_is_said_to_change_no_loss_changes_none(name):
    for experiment in RUNS:
        assert worst(getattr(mistakes, name), experiment) <= 1


@pytest.mark.parametrize("experiment", [SPIRAL_RELU, SPIRAL_LINEAR], ids=lambda each: each.name)
def test_the_documents_runs_are_blind_where_the_others_see(experiment):
    assert worst(mistakes.ReLUPassesZero, experiment) <= 1
    assert worst(mistakes.ReLUPassesZero, REVEALING[0]) >= 10


def test_the_circles_without_a_penalty_are_blind_to_it():
    assert worst(mistakes.PenaltyGradientTwiceTooLarge, CIRCLES_MOMENTUM) <= 1
    assert worst(mistakes.PenaltyGradientTwiceTooLarge, REVEALING[2]) >= 10
