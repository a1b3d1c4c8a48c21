"""Wrong answers that no mistake of the catalogue explains are told by how they relate to the right ones."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from asking import PLENTY, asked, findings, trained_on_minibatches

from nnspec import mistakes
from nnspec.diagnosis.findings import diagnose
from nnspec.mistakes import catalogue
from nnspec.reference import Reference


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("LossNegated", "cross_entropy: has the wrong sign"),
        ("PenaltyMissingInTheLoss", "loss: lacks the penalty"),
        ("PenaltyGradientTwiceTooLarge", "gradients.weights: has the penalty twice"),
        ("PenaltyGradientMissingOnTheLastLayer", "gradients.weights of the last layer: lacks the penalty"),
        ("BiasesPenalised", "gradients.biases: penalised, which biases are not"),
        ("BiasGradientDoubled", "gradients.biases: twice what it should be"),
        ("BiasesNeverUpdated", "update.network.biases: what was passed in: it is not updated"),
        (
            "DecayIgnored",
            "update.network.weights and network.biases: that of an optimizer without a schedule",
        ),
        ("LossInBits", "cross_entropy: 1.4427 times what it should be"),
        (
            "NetworkOfTheIterationBefore",
            "train.network.weights and network.biases: as it was before the last update",
        ),
        ("LossAfterTheUpdate", "train.losses: those after the update of each iteration"),
    ],
)
def test_what_is_not_in_the_catalogue_is_told_by_how_it_relates_to_what_is_right(name, relation):
    found = findings(getattr(mistakes, name)(), without=[getattr(mistakes, name)], seconds=4.0)

    assert found[0].mistakes == ()
    assert found[0].relation == relation


class ScoreGradientAThirdTooSmall(Reference):
    def score_gradient(self, scores, labels, reduction):
        return super().score_gradient(scores, labels, reduction) * (2 / 3)


class ScoresAHundredthTooGreat(Reference):
    def forward(self, network, inputs):
        right = super().forward(network, inputs)
        return {**right, "scores": right["scores"] + 0.01}


class RowsOfSoftmaxReversed(Reference):
    def softmax(self, scores):
        return super().softmax(scores)[::-1]


class ColumnsOfWeightGradientsReversed(Reference):
    def gradients(self, *told, **named):
        right = super().gradients(*told, **named)
        return {**right, "weights": [gradient[:, ::-1] for gradient in right["weights"]]}


class BiasGradientsReversed(Reference):
    def gradients(self, *told, **named):
        right = super().gradients(*told, **named)
        return {**right, "biases": [gradient[::-1] for gradient in right["biases"]]}


class FurtherThanAsked(Reference):
    """Each update goes so many times as far as it should."""

    def __init__(self, times):
        self.times = times

    def update(self, **told):
        after = super().update(**told)
        moved = {
            kind: [a + self.times * (b - a) for a, b in zip(told["network"][kind], parts, strict=True)]
            for kind, parts in after["network"].items()
            if kind != "activation"
        }
        return {**after, "network": {**after["network"], **moved}}


class LabelsMoved(Reference):
    def __init__(self, by):
        self.by = by

    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores, (labels.astype(int) + self.by) % scores.shape[1], reduction)


class SoftmaxInSinglePrecision(Reference):
    def softmax(self, scores):
        return super().softmax(scores.astype(np.float32)).astype(float)


@pytest.mark.parametrize(
    ("program", "relation"),
    [
        (ScoreGradientAThirdTooSmall, "score_gradient: 0.666667 times what it should be"),
        (ScoresAHundredthTooGreat, "forward.scores: 0.01 too great throughout"),
        (RowsOfSoftmaxReversed, "softmax: its rows are in another order"),
        (ColumnsOfWeightGradientsReversed, "gradients.weights: its columns are in another order"),
        (BiasGradientsReversed, "gradients.biases: its numbers are in another order"),
        (SoftmaxInSinglePrecision, "softmax: as float32 gives it, though float64 is declared"),
        (partial(LabelsMoved, 1), "cross_entropy: that of labels that are 1 greater"),
    ],
)
def test_an_unknown_that_is_the_same_in_all_wrong_answers_is_found(program, relation):
    found = findings(program(), seconds=4.0)

    assert [(finding.mistakes, finding.relation) for finding in found[:1]] == [((), relation)]


@pytest.mark.parametrize(
    ("times", "relation"), [(-1.0, "moved the wrong way"), (2.0, "moved twice as far as it should be")]
)
def test_a_step_that_is_a_factor_off_is_told(times, relation):
    transcripts = asked(FurtherThanAsked(times))

    (found, *_) = diagnose(transcripts, "float64", [], seconds=PLENTY)

    assert found.relation == f"update.network.weights and network.biases: {relation}"


def test_batches_that_are_ignored_are_told():
    suspects = [mistake for mistake in catalogue() if mistake is not mistakes.MinibatchesIgnored]
    transcripts = trained_on_minibatches(mistakes.MinibatchesIgnored())

    (found, *_) = diagnose(transcripts, "float64", suspects, seconds=PLENTY)

    assert found.relation.endswith("that of all examples at every iteration")


def test_layers_in_the_wrong_order_are_told():
    class Turned(Reference):
        def gradients(self, **told):
            return {kind: arrays[::-1] for kind, arrays in super().gradients(**told).items()}

    assert "its layers are listed from the last to the first" in findings(Turned())[0].relation
