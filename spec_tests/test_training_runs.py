"""The runs of training: the documents' experiments, their exercises, and some that show what those hide."""

from __future__ import annotations

import pytest

from nnspec.documents.clauses import clause
from nnspec.documents.experiments import (
    CIRCLES_MOMENTUM,
    EXPERIMENTS,
    MOONS_TANH,
    REVEALING,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
    Experiment,
    gradient_descent,
)
from nnspec.judging import cases
from nnspec.judging.agreement import assert_agrees
from nnspec.runs import printed_numbers
from nnspec.runs.traces import assert_begins_right, assert_ends_right, assert_inside, assert_prints
from nnspec.spec_tests.sources import (
    EXERCISES,
    IMPLEMENTATION,
    LINEAR,
    MOMENTUM,
    NETWORK,
    SIZE_3,
)


class WholeRunTests:
    """The tests of an experiment that a document makes."""

    experiment: Experiment

    def test_the_losses(self, subject, traces):
        assert_inside(self.experiment, traces.of(self.experiment).losses, subject.description.precision)

    def test_the_final_loss(self, subject, traces):
        assert_ends_right(subject, self.experiment, traces.of(self.experiment))


class PrintedTests(WholeRunTests):
    """The tests of one whose document prints losses."""

    def test_the_printed_losses(self, subject, traces):
        losses = traces.of(self.experiment).losses
        assert_prints(printed_numbers.losses(self.experiment, losses, subject.description.precision))


class BeginningTests:
    """The tests of an experiment that a document sets as an exercise."""

    experiment: Experiment

    def test_the_first_iterations(self, subject):
        assert_begins_right(subject, self.experiment)


@clause("training.spiral-linear", operations=["train"], sources=[LINEAR])
class TestSpiralLinear(PrintedTests):
    """The linear classifier on the spiral has the losses that the case study prints.

    200 iterations of gradient descent with a learning rate of 1 and λ = 0.001; the loss falls from 1.096956 to
    0.786302. Every one of the twenty printed losses can be had to its last digit.
    """

    experiment = SPIRAL_LINEAR


@clause("training.spiral-relu", operations=["train"], sources=[NETWORK])
class TestSpiralReLU(PrintedTests):
    """The network on the spiral has the losses that the case study prints.

    100 hidden units with ReLU, 10 000 iterations; the loss falls from 1.098744 to 0.245292. The last two printed losses
    are beyond what rounding leaves certain, and are held to its spread.
    """

    experiment = SPIRAL_RELU


@clause("training.moons-tanh", operations=["train"], sources=[SIZE_3, IMPLEMENTATION])
class TestMoonsTanh(PrintedTests):
    """The network on the moons has the losses that WildML's notebook prints, after the update and over N.

    3 hidden units with tanh, 20 000 iterations on the summed cross-entropy with a learning rate of 0.01. The run
    ends in a cycle of period two, whose phase rounding decides: there the pair of two consecutive losses is held.
    """

    experiment = MOONS_TANH


@clause("training.circles-momentum", operations=["train"], sources=[MOMENTUM])
class TestCirclesMomentum(WholeRunTests):
    """The network on the circles, trained with momentum, has these losses for all of its 300 iterations.

    The document prints none; they come from its data, its initial parameters, λ = 0.9 and μ = 0.02.
    """

    experiment = CIRCLES_MOMENTUM


@clause("training.minibatches", operations=["train", "fit", "predict"], sources=[EXERCISES])
class TestMinibatches(BeginningTests):
    """An iteration on a minibatch uses its examples alone, a last and shorter one too (WildML's exercise 1).

    Which examples a fit puts into its minibatches is its own affair. Two classes far apart it separates
    whatever it puts there: a single step on any of them moves a linear classifier more than its biases.
    """

    experiment = EXPERIMENTS["moons-minibatch"]

    def test_a_fit_separates_classes_that_are_far_apart(self, subject, random, activation, objective):
        inputs, labels = cases.far_apart(random)
        recipe = cases.recipe((2, 2), activation, objective, gradient_descent(0.1), batch_size=4)
        fitted = subject.fit(inputs=inputs, labels=labels, experiment=recipe, seed=1)
        assert_agrees(subject.predict(network=fitted, inputs=inputs), labels, "predict")


@clause("training.annealing", operations=["train"], sources=[EXERCISES])
class TestAnnealing:
    """A schedule lowers the learning rate as training goes on (WildML's exercise 2)."""

    @pytest.mark.parametrize("kind", ["step", "exponential", "inverse-time"])
    def test_the_first_iterations(self, subject, kind):
        assert_begins_right(subject, EXPERIMENTS[f"moons-annealing-{kind}"])


@clause("training.other-activations", operations=["train"], sources=[EXERCISES])
class TestOtherActivations:
    """Other hidden activations train with their own derivatives (WildML's exercise 3)."""

    @pytest.mark.parametrize("activation", ["logistic", "relu"])
    def test_the_first_iterations(self, subject, activation):
        assert_begins_right(subject, EXPERIMENTS[f"moons-{activation}"])


@clause("training.three-classes", operations=["train"], sources=[EXERCISES])
class TestThreeClasses(BeginningTests):
    """Three classes need a third score and nothing else (WildML's exercise 4)."""

    experiment = EXPERIMENTS["spiral-tanh"]


@clause("training.four-layers", operations=["train"], sources=[EXERCISES])
class TestFourLayers(BeginningTests):
    """A second hidden layer trains like the first (WildML's exercise 5, which counts the inputs as a layer)."""

    experiment = EXPERIMENTS["moons-four-layers"]


@clause("training.revealing-runs", operations=["train"], sources=[LINEAR, NETWORK, MOMENTUM, EXERCISES])
class TestRevealingRuns:
    """Runs that are changed so that mistakes show have the right losses, too.

    The documents' own runs hide mistakes: with biases of 0 none sees that they are penalised, with a learning rate of 1
    none misses it where it belongs, and the gradients of the spiral's points at the origin cancel. So the first example
    is left out, biases and rates are others, the circles have a penalty, and a mean is taken over minibatches.
    """

    @pytest.mark.parametrize("experiment", REVEALING, ids=lambda experiment: experiment.name)
    def test_the_losses(self, subject, experiment):
        assert_begins_right(subject, experiment)
