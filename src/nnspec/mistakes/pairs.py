"""Pairs of mistakes; some agree with each other, so that a check of one against the other passes.

A pair is a program that makes both mistakes, and is a mistake like any other.
"""

from __future__ import annotations

from nnspec.mistakes import (
    functions,
    gradients,
    hidden_gradients,
    initialization,
    labelled_losses,
    losses,
    runs,
    schedules,
    score_gradients,
    training,
    updates,
)
from nnspec.mistakes.base import Mistake


def pair(first: type[Mistake], second: type[Mistake]) -> type[Mistake]:
    """A program that makes both mistakes; if both override a method, the first one's is called first."""
    return type(
        f"{first.__name__}And{second.__name__}",
        (first, second),
        {
            "__doc__": f"{first.__doc__} {second.__doc__}",
            "__module__": __name__,
            "fix": f"{first.fix} {second.fix}",
        },
    )


#: The loss and its gradient are wrong in the same way: finite differences of the loss equal the gradient.
AGREEING = (
    pair(losses.LossNegated, score_gradients.ScoreGradientNegated),
    pair(losses.LossNeverAveraged, score_gradients.ScoreGradientNotDivided),
    pair(losses.MeanOverTheClassesToo, score_gradients.ScoreGradientDividedByTheClasses),
    pair(labelled_losses.LossOfTheClassesUpToTheGreatestLabel, score_gradients.TargetsOfTheClassesSeen),
    pair(labelled_losses.LossOfDistinctExamples, gradients.GradientsOfDistinctExamples),
    pair(losses.PenaltyWithoutTheHalf, gradients.PenaltyGradientTwiceTooLarge),
    pair(losses.PenaltyOfTheFirstLayerAlone, gradients.PenaltyGradientMissingOnTheLastLayer),
    pair(losses.PenaltyDividedByN, gradients.PenaltyGradientDividedByN),
    pair(losses.PenaltyFactorSquared, gradients.PenaltyGradientFactorSquared),
    pair(losses.BiasesPenalisedInTheLoss, gradients.BiasesPenalised),
)

#: The second keeps training from using what the first gets wrong, and the first shows only there.
HIDING = (
    pair(gradients.BiasGradientAveraged, updates.BiasesNeverUpdated),
    pair(losses.PenaltyWithoutTheHalf, training.LossesWithoutThePenalty),
    pair(schedules.DecayCountedFromOne, runs.ScheduleIgnoredInTraining),
)

#: The second undoes the first: without a penalty, training is right.
CANCELLING = (pair(score_gradients.ScoreGradientNegated, updates.StepUphill),)

#: Two unrelated mistakes, most of them common.
INDEPENDENT = (
    pair(functions.SoftmaxAlongExamples, gradients.BiasGradientOneNumber),
    pair(functions.SoftmaxOverflows, losses.LossOfProbabilityZero),
    pair(losses.LossDividedTwice, training.LastLayerUpdatedFirst),
    pair(losses.LossDividedTwice, gradients.BiasGradientAveraged),
    pair(losses.PenaltySubtractedInTheLoss, gradients.PenaltyGradientOfTheGradient),
    pair(hidden_gradients.TanhDerivativeOfTheInput, updates.BiasesNeverUpdated),
    pair(updates.MomentumAsAnAverage, updates.FirstVelocityWithoutTheRate),
    pair(initialization.FanInWithoutTheRoot, initialization.InitialBiasesAlwaysZero),
)

PAIRS = (*AGREEING, *HIDING, *CANCELLING, *INDEPENDENT)
