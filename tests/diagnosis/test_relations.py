"""Wrong answers that no mistake of the catalogue explains are described by their relation to the right ones."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from transcripts import findings, minibatch_transcripts, transcripts_of

from nnspec import mistakes
from nnspec.diagnosis.inquiry import diagnose
from nnspec.mistakes import catalogue
from nnspec.reference import Reference


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("LossNegated", "cross_entropy: has the wrong sign"),
        ("PenaltyMissingInTheLoss", "loss: lacks the penalty"),
        ("PenaltyGradientTwiceTooLarge", "gradients.weights: has the penalty twice"),
        ("PenaltyGradientMissingOnTheLastLayer", "gradients.weights of the last layer: lacks the penalty"),
        ("BiasesPenalised", "gradients.biases: has a penalty, but biases are not penalised"),
        ("BiasGradientDoubled", "gradients.biases: twice the correct value"),
        ("BiasesNeverUpdated", "update.network.biases: not updated: still the value that was passed in"),
        (
            "DecayIgnored",
            "update.network.weights and network.biases: the answer for an optimizer without a schedule",
        ),
        ("LossInBits", "cross_entropy: 1.4427 times the correct value"),
        (
            "NetworkOfTheIterationBefore",
            "train.network.weights and network.biases: one update too few",
        ),
        (
            "LossAfterTheUpdate",
            "train.losses: computed after the update of each iteration instead of before it",
        ),
    ],
)
def test_wrong_answers_are_described_by_their_relation_to_the_right_ones(name, relation):
    found = findings(getattr(mistakes, name)(), without=[getattr(mistakes, name)], asked=False)

    assert found[0].mistakes == ()
    assert found[0].relation == relation


class ScoreGradientAThirdTooSmall(Reference):
    def score_gradient(self, scores, labels, reduction):
        return super().score_gradient(scores, labels, reduction) * (2 / 3)


class ScoresAHundredthTooLarge(Reference):
    def forward(self, network, inputs):
        right = super().forward(network, inputs)
        return {**right, "scores": right["scores"] + 0.01}


class RowsOfSoftmaxReversed(Reference):
    def softmax(self, scores):
        return super().softmax(scores)[::-1]


class ColumnsOfWeightGradientsReversed(Reference):
    def gradients(self, *args, **kwargs):
        right = super().gradients(*args, **kwargs)
        return {**right, "weights": [gradient[:, ::-1] for gradient in right["weights"]]}


class BiasGradientsReversed(Reference):
    def gradients(self, *args, **kwargs):
        right = super().gradients(*args, **kwargs)
        return {**right, "biases": [gradient[::-1] for gradient in right["biases"]]}


class StepTimes(Reference):
    """Each update moves a number of times the correct distance."""

    def __init__(self, times):
        self.times = times

    def update(self, **params):
        after = super().update(**params)
        moved = {
            kind: [a + self.times * (b - a) for a, b in zip(params["network"][kind], parts, strict=True)]
            for kind, parts in after["network"].items()
            if kind != "activation"
        }
        return {**after, "network": {**after["network"], **moved}}


class LabelsShifted(Reference):
    def __init__(self, by):
        self.by = by

    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores, (labels.astype(int) + self.by) % scores.shape[1], reduction)


class SoftmaxInSinglePrecision(Reference):
    def softmax(self, scores):
        return super().softmax(scores.astype(np.float32)).astype(float)


class DeltasInSinglePrecision(Reference):
    def weight_gradient(self, layer_inputs, delta):
        return super().weight_gradient(layer_inputs, delta.astype(np.float32).astype(float))


@pytest.mark.parametrize(
    ("program", "relation"),
    [
        (ScoreGradientAThirdTooSmall, "score_gradient: 0.666667 times the correct value"),
        (ScoresAHundredthTooLarge, "forward.scores: every number is 0.01 too large"),
        (RowsOfSoftmaxReversed, "softmax: the rows are in the wrong order"),
        (ColumnsOfWeightGradientsReversed, "gradients.weights: the columns are in the wrong order"),
        (BiasGradientsReversed, "gradients.biases: the numbers are in the wrong order"),
        (SoftmaxInSinglePrecision, "softmax: computed in float32, though float64 is declared"),
        (partial(LabelsShifted, 1), "cross_entropy: the answer for labels that are 1 greater"),
    ],
)
def test_an_unknown_that_is_the_same_in_all_wrong_answers_is_estimated(program, relation):
    found = findings(program(), asked=False)

    assert [(finding.mistakes, finding.relation) for finding in found[:1]] == [((), relation)]


@pytest.mark.parametrize(
    ("times", "relation"), [(-1.0, "moved the wrong way"), (2.0, "moved twice the correct distance")]
)
def test_a_step_with_a_wrong_factor_is_described(times, relation):
    transcripts = transcripts_of(StepTimes(times))

    (found, *_) = diagnose(transcripts, "float64", [])

    assert found.relation == f"update.network.weights and network.biases: {relation}"


def test_a_part_in_single_precision_is_described():
    relations = {finding.relation for finding in findings(DeltasInSinglePrecision(), asked=False)}

    assert (
        "gradients.weights: right to about 8 digits: look for a part in float32, a difference quotient or a small "
        "constant such as 1e-8"
    ) in relations


def test_ignored_batches_are_described():
    suspects = [mistake for mistake in catalogue() if mistake is not mistakes.MinibatchesIgnored]
    transcripts = minibatch_transcripts(mistakes.MinibatchesIgnored())

    (found, *_) = diagnose(transcripts, "float64", suspects)

    assert found.relation.endswith("the answer for all examples at every iteration")


def test_layers_in_reverse_order_are_described():
    class Reversed(Reference):
        def gradients(self, **params):
            return {kind: arrays[::-1] for kind, arrays in super().gradients(**params).items()}

    assert "the layers are in reverse order" in findings(Reversed(), asked=False)[0].relation
