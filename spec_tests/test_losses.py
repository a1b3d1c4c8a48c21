"""Losses: the forward pass, predictions, cross-entropy and the penalty.

The forward pass goes from the inputs through the hidden layers to the scores. The cross-entropy measures how
little probability the scores give to the labels. Together with the penalty on the weights, it is the objective:
the one number that training minimises.

The documents differ in two conventions: whether the cross-entropy is averaged over the examples (CS231n) or summed
(WildML, Roelants), and whether there is a penalty. An objective names both, as ``reduction`` and ``l2``.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from nnspec.contract.support import ACTIVATIONS, REDUCTIONS
from nnspec.documents.clauses import SHOULD, clause
from nnspec.documents.experiments import SPIRAL_LINEAR, SPIRAL_RELU
from nnspec.judging import cases, ranges
from nnspec.judging.agreement import assert_predicts, assert_within
from nnspec.judging.boundaries import points_near_boundaries
from nnspec.spec_tests.sources import (
    CIRCLES,
    CLASS_SCORES,
    EXERCISES,
    HIDDEN,
    IMPLEMENTATION,
    LEARNING,
    LINEAR,
    LOSS,
    NETWORK,
    OUTPUT,
    OUTPUT_ERROR,
    PREDICTIONS,
    SPIRAL,
    VISUALIZATION,
)


@clause(
    "losses.scores",
    operations=["forward"],
    sources=[CLASS_SCORES, NETWORK, PREDICTIONS, OUTPUT],
    formula=r"f = x W + b",
)
class TestScores:
    """The scores are X W + b, where X is the input of the last layer, with no activation after it."""

    @pytest.mark.parametrize("sizes", [(3, 4), (2, 3), (3, 3), (1, 2)], ids=cases.name_sizes, indirect=True)
    @pytest.mark.parametrize("examples", [1, 7])
    def test_of_a_linear_classifier(self, assert_right, random, activation, sizes, examples):
        network = cases.network(random, sizes, activation)
        assert_right("forward", network=network, inputs=random.standard_normal((examples, sizes[0])))

    def test_without_biases(self, assert_right, random, sizes_like, activation):
        sizes = sizes_like(3, 4)
        network = cases.without_biases(cases.network(random, sizes, activation))
        assert_right("forward", network=network, inputs=random.standard_normal((7, sizes[0])))


@clause(
    "losses.hidden-outputs",
    operations=["forward"],
    sources=[NETWORK, PREDICTIONS, HIDDEN],
    formula=r"h^{(l)} = \varphi\left(h^{(l-1)} W^{(l)} + b^{(l)}\right), \quad h^{(0)} = x",
)
class TestHiddenOutputs:
    """The outputs of a hidden layer are φ(X W + b), where X, its input, is the output of the layer below.

    φ is the activation, the same in every hidden layer.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize(
        "sizes", cases.SIZES[1:] + cases.EQUAL_SIZES[1:], ids=cases.name_sizes, indirect=True
    )
    def test_of_every_layer(self, assert_right, random, activation, sizes):
        network = cases.network(random, sizes, activation)
        assert_right("forward", network=network, inputs=random.standard_normal((7, sizes[0])))

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    def test_of_one_example(self, assert_right, random, sizes, activation):
        network = cases.network(random, sizes, activation)
        assert_right("forward", network=network, inputs=random.standard_normal((1, sizes[0])))

    def test_of_500_units(self, assert_right, random, sizes_like, activation):
        network = cases.network(random, sizes_like(2, 500, 2, hidden=1), activation)
        assert_right("forward", network=network, inputs=random.standard_normal((3, 2)))


@clause(
    "losses.predictions",
    operations=["predict"],
    sources=[LINEAR, NETWORK, IMPLEMENTATION, VISUALIZATION],
    formula=r"\hat{y} = \operatorname{argmax}_k f_k",
)
class TestPredictions:
    """The predicted class of an example is the one with the highest score.

    It is also the one with the highest probability, because softmax keeps the order.
    """

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes, indirect=True)
    def test_of_random_networks(self, subject, exact, random, activation, sizes):
        network = cases.network(random, sizes, activation)
        inputs = random.standard_normal((30, sizes[0]))
        scores = exact.forward(network=network, inputs=inputs)["scores"]
        assert_predicts(subject.predict(network=network, inputs=inputs), scores, "predict")

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("like", [(2, 3), (2, 5, 3)], ids=cases.name_sizes)
    def test_near_boundaries(self, subject, exact, random, sizes_like, activation, like):
        network = cases.network(random, sizes_like(*like), activation)
        inputs = points_near_boundaries(network, random)
        scores = exact.forward(network=network, inputs=inputs)["scores"]
        assert_predicts(subject.predict(network=network, inputs=inputs), scores, "predict")

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("far", ranges.FAR_ACTIVATIONS)
    def test_of_far_activations(self, subject, exact, random, sizes_like, objective, activation, far):
        sizes = sizes_like(3, 5, 4, hidden=1)
        problem = ranges.far_activations(exact.precision, random, sizes, activation, objective, far)
        case = {"network": problem["network"], "inputs": problem["inputs"]}
        assert_predicts(subject.predict(**case), exact.forward(**case)["scores"], "predict")

    def test_of_one_example(self, subject, exact, random, sizes_like, activation):
        network, inputs = (
            cases.network(random, sizes_like(2, 5, 4), activation),
            random.standard_normal((1, 2)),
        )
        scores = exact.forward(network=network, inputs=inputs)["scores"]
        assert_predicts(subject.predict(network=network, inputs=inputs), scores, "predict")


@clause(
    "losses.cross-entropy",
    operations=["cross_entropy"],
    sources=[LOSS, LEARNING, OUTPUT_ERROR],
    formula=r"L = \sum_i -\log p_{y_i} \quad\text{or}\quad L = \frac{1}{N} \sum_i -\log p_{y_i}",
)
class TestCrossEntropy:
    """The cross-entropy of an example with label y is −log p_y; it is summed or averaged over the examples.

    The logarithm is the natural logarithm.
    """

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("shape", [(1, 3), (7, 4), (5, 2), (4, 4)], ids=str, indirect=True)
    def test_of_random_scores(self, assert_right, random, reduction, shape):
        scores, labels = 2 * random.standard_normal(shape), cases.labels(random, *shape)
        assert_right("cross_entropy", scores=scores, labels=labels, reduction=reduction)

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_of_tiny_scores(self, assert_right, random, classes_like, reduction):
        scores = 1e-12 * random.standard_normal((5, classes_like(3)))
        labels = np.arange(5) % classes_like(3)
        assert_right("cross_entropy", scores=scores, labels=labels, reduction=reduction)

    @pytest.mark.parametrize("label", [0, 2])
    def test_of_one_example(self, assert_right, random, classes_like, objective_like, label):
        scores, reduction = random.standard_normal((1, classes_like(3))), objective_like("sum")["reduction"]
        labels = np.array([min(label, classes_like(3) - 1)])
        assert_right("cross_entropy", scores=scores, labels=labels, reduction=reduction)


@clause(
    "losses.cross-entropy-range",
    operations=["cross_entropy"],
    sources=[LOSS, LEARNING],
    formula=r"0 \le -\log p_y < \infty",
)
class TestCrossEntropyRange:
    """The cross-entropy is 0 if the label is certain, and grows without bound as the label's probability goes to 0."""

    def test_of_a_certain_label_is_0(self, assert_right, objective_like):
        scores, reduction = (
            np.array([[60.0, 0.0, -3.0], [0.0, 0.0, 70.0]]),
            objective_like("sum")["reduction"],
        )
        assert_right("cross_entropy", scores=scores, labels=np.array([0, 2]), reduction=reduction)

    @pytest.mark.parametrize("apart", [2.0, 10.0, 30.0, 60.0])
    def test_of_an_unlikely_label_grows(self, assert_right, objective_like, apart):
        scores, reduction = np.array([[apart, 0.0], [0.0, apart]]), objective_like("mean")["reduction"]
        assert_right("cross_entropy", scores=scores, labels=np.array([1, 0]), reduction=reduction)


@clause("losses.cross-entropy-large-scores", level=SHOULD, operations=["cross_entropy"])
class TestCrossEntropyLargeScores:
    """Scores that are far apart give a finite cross-entropy, however small the label's probability is."""

    def test_of_a_label_without_probability(self, assert_right):
        scores = np.array([[1000.0, 0.0, -5.0], [3.0, 900.0, 0.0]])
        assert_right("cross_entropy", scores=scores, labels=np.array([1, 0]), reduction="mean")


@clause(
    "losses.penalty",
    operations=["loss"],
    sources=[LOSS, NETWORK, IMPLEMENTATION],
    formula=r"\frac{\lambda}{2} \sum_l \sum_{i,j} \left(W^{(l)}_{ij}\right)^2",
)
class TestPenalty:
    """The objective adds λ/2 · Σ‖W‖² over the weights of all layers, and no bias.

    The penalty is added once and undivided, to the mean as well as to the sum.
    """

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    @pytest.mark.parametrize("sizes", cases.SIZES, ids=cases.name_sizes, indirect=True)
    def test_where_it_outweighs_the_data(self, assert_right, random, activation, sizes, reduction):
        assert_right("loss", **cases.problem(random, sizes, activation, cases.objective(reduction, 3.0)))


@clause(
    "losses.objective",
    operations=["loss"],
    sources=[LOSS, IMPLEMENTATION, OUTPUT_ERROR],
    formula=r"L = \text{cross-entropy} + \frac{\lambda}{2} \sum_l \lVert W^{(l)} \rVert^2",
)
class TestObjective:
    """The objective is the cross-entropy of the network's scores, reduced as requested, plus the penalty."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    @pytest.mark.parametrize("sizes", cases.SIZES + cases.EQUAL_SIZES, ids=cases.name_sizes, indirect=True)
    def test_at_every_combination(self, assert_right, random, activation, objective, sizes):
        assert_right("loss", **cases.problem(random, sizes, activation, objective))

    @pytest.mark.parametrize("objective", cases.OBJECTIVES, ids=cases.name_objective)
    def test_of_one_example(self, assert_right, random, sizes, activation, objective):
        assert_right("loss", **cases.problem(random, sizes, activation, objective, examples=1))

    def test_without_biases(self, assert_right, random, sizes, activation, objective):
        problem = cases.problem(random, sizes, activation, objective)
        assert_right("loss", **{**problem, "network": cases.without_biases(problem["network"])})


@clause(
    "losses.initial",
    operations=["loss"],
    sources=[LOSS],
    formula=r"L \approx -\log \frac{1}{K} = \ln K",
)
class TestInitialLoss:
    """With small initial weights, the loss starts near ln K (here ln 3 = 1.0986), as every class is equally likely.

    The document prints 1.1 and calls it log(1/3), which has the opposite sign.
    """

    @pytest.mark.parametrize("experiment", [SPIRAL_LINEAR, SPIRAL_RELU], ids=lambda e: e.name)
    def test_of_the_documents_networks(self, subject, exact, experiment):
        training = experiment.training(0)
        case = {name: training[name] for name in ["network", "inputs", "labels"]}
        scores = exact.forward(network=case["network"], inputs=case["inputs"])["scores"]
        loss = subject.loss(**case, objective=cases.objective("mean", 0.0))
        # |log p_y + log K| is at most twice the greatest score
        assert_within(loss, math.log(3), 2 * float(np.abs(scores.value).max()), "loss")


@clause("losses.label-types", operations=["cross_entropy", "loss"], sources=[SPIRAL])
class TestLabelTypes:
    """Labels of any integer type mean the same, including unsigned bytes, which CS231n uses.

    Arithmetic on unsigned bytes wraps around: −1 becomes 255, and 20 · 19 becomes 124. As a signed byte, 128 is −128:
    the labels of many classes need more than 8 bits, and so do the row numbers of many examples.
    """

    @pytest.mark.parametrize("dtype", cases.INTEGERS)
    def test_in_the_cross_entropy(self, assert_right, random, classes_like, objective_like, dtype):
        classes, reduction = classes_like(20), objective_like("sum")["reduction"]
        scores = random.standard_normal((40, classes))
        labels = cases.labels(random, 40, classes).astype(dtype)
        assert_right("cross_entropy", scores=scores, labels=labels, reduction=reduction)

    @pytest.mark.parametrize("dtype", cases.INTEGERS)
    def test_in_the_loss(self, assert_right, random, sizes_like, activation, objective, dtype):
        problem = cases.problem(random, sizes_like(2, 20), activation, objective, examples=40)
        assert_right("loss", **{**problem, "labels": problem["labels"].astype(dtype)})

    @pytest.mark.parametrize(("examples", "classes"), [(260, 260), (300, 3)])
    def test_of_many(self, assert_right, random, classes_like, objective_like, examples, classes):
        classes, reduction = classes_like(classes), objective_like("sum")["reduction"]
        scores = random.standard_normal((examples, classes))
        labels = (classes - 1 - np.arange(examples) % classes).astype(np.min_scalar_type(classes))
        assert_right("cross_entropy", scores=scores, labels=labels, reduction=reduction)

    @pytest.mark.parametrize(("examples", "classes"), [(260, 260), (300, 3)])
    def test_of_many_in_the_loss(
        self, assert_right, random, sizes_like, activation, objective, examples, classes
    ):
        problem = cases.problem(random, sizes_like(2, classes), activation, objective, examples)
        classes = len(problem["network"]["biases"][-1])
        labels = (classes - 1 - np.arange(examples) % classes).astype(np.min_scalar_type(classes))
        assert_right("loss", **{**problem, "labels": labels})


@clause("losses.missing-classes", operations=["cross_entropy"], sources=[CIRCLES, EXERCISES])
class TestMissingClasses:
    """A class counts even if no example has its label, and even if it is the last class.

    The scores decide how many classes there are, not the labels: a minibatch may lack any of them.
    """

    @pytest.mark.parametrize("labels", cases.LACKING_CLASSES, ids=cases.name_labels)
    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_in_the_cross_entropy(self, assert_right, random, classes_like, labels, reduction):
        classes = classes_like(4)
        scores, labels = random.standard_normal((len(labels), classes)), cases.lacking(labels, classes)
        assert_right("cross_entropy", scores=scores, labels=labels, reduction=reduction)
