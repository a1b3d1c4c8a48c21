"""Outcomes: how well the trained networks classify, and fits from random numbers of their own."""

from __future__ import annotations

from nnspec import printed
from nnspec.clauses import clause
from nnspec.documents import cs231n, roelants, wildml
from nnspec.experiments import (
    CIRCLES_MOMENTUM,
    EXPERIMENTS,
    MOONS_TANH,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
)
from nnspec.fits import assert_fits
from nnspec.traces import assert_prints, training_accuracy


class AccuracyTests:
    """The tests of an experiment whose document states the accuracy that it ends with."""

    experiment: str

    def test_the_training_accuracy(self, subject, traces):
        experiment = EXPERIMENTS[self.experiment]
        accuracy = training_accuracy(subject, experiment, traces.of(experiment).network)
        assert_prints([printed.accuracy(experiment, accuracy, subject.description.precision)])


class FitTests(AccuracyTests):
    """The tests of an experiment that programs also run from their own initialisation."""

    def test_a_fit_of_its_own(self, subject):
        assert_fits(subject, EXPERIMENTS[self.experiment])


@clause(
    "outcomes.spiral-linear",
    operations=["train", "predict", "fit"],
    sources=[cs231n("Putting it all together: Training a Softmax Classifier")],
)
class TestSpiralLinear(FitTests):
    """The linear classifier ends with a training accuracy of 49 % on the spiral."""

    experiment = SPIRAL_LINEAR.name


@clause(
    "outcomes.spiral-relu",
    operations=["train", "predict", "fit"],
    sources=[cs231n("Training a Neural Network")],
)
class TestSpiralReLU(FitTests):
    """The network with 100 hidden units ends with a training accuracy of 98 % on the spiral."""

    experiment = SPIRAL_RELU.name


@clause(
    "outcomes.moons-tanh",
    operations=["train", "predict", "fit"],
    sources=[wildml("A network with a hidden layer of size 3")],
)
class TestMoonsTanh(FitTests):
    """Three hidden units separate the moons, as a straight line cannot."""

    experiment = MOONS_TANH.name


@clause(
    "outcomes.moons-straight-line",
    operations=["train", "predict"],
    sources=[wildml("Logistic Regression")],
)
class TestMoonsStraightLine(AccuracyTests):
    """A linear classifier cannot follow the moons: it ends with 85 %."""

    experiment = "moons-logistic-regression"


@clause(
    "outcomes.circles-momentum",
    operations=["train", "predict", "fit"],
    sources=[roelants("Visualization of the trained classifier")],
)
class TestCirclesMomentum(FitTests):
    """The network trained with momentum classifies every example of the circles correctly."""

    experiment = CIRCLES_MOMENTUM.name
