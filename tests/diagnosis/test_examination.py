"""Asking a program, formula by formula, finds out what it computes where no mistake is listed.

The programs share no code with the reference; most are asked with ``loss``, ``gradients`` and ``train`` alone.
"""

from __future__ import annotations

import numpy as np
import pytest
from asked_programs import (
    Adam,
    AdamOfItsOwnRate,
    BiasesShrink,
    Clipped,
    FixedDecay,
    GradientsOfTheSum,
    LossesAfterTheUpdate,
    LossOverTheClasses,
    MomentumOfThreeTenths,
    NoOutputBiases,
    OutputBiasesFrozen,
    OwnRate,
    PenaltyGradientOverN,
    PenaltyOfMagnitudes,
    RateOnTheVelocityToo,
    RateOverTheSquareRoot,
    RateTimesATenth,
    Right,
    ScoresThroughSoftsign,
    Softplus,
    SquaredError,
    TanhFirst,
    WeightsDecay,
    core,
    examined,
    sentences,
)

from nnspec.diagnosis.asking import Asker, QuestionsSpent

NAMED = [
    (TanhFirst, "The activation of the first hidden layer is tanh, whatever activation is asked for."),
    (
        ScoresThroughSoftsign,
        "An activation is applied to the scores, before softmax: softsign, z / (1 + |z|).",
    ),
    (FixedDecay, "The loss adds 0.01 · ½ Σ w² for the weights, whether a penalty is asked for or not."),
    (OwnRate, "The learning rate is 0.05, whatever the caller asks for."),
    (
        WeightsDecay,
        "Each step also subtracts 0.0005 · μ times the weights (μ is the learning rate), which nobody",
    ),
    (BiasesShrink, "Each step also subtracts 0.01 times the biases, which nobody asked for: weight decay."),
    (Clipped, "Before the step, every number of the gradients is clipped to ±0.05."),
    (SquaredError, "The loss of an example is the squared error, ½ Σ_k (p_k − t_k)², where p is softmax"),
    (LossOverTheClasses, "The loss of an example is the cross-entropy divided by K"),
    (Softplus, "ReLU is replaced by softplus, log(1 + exp z)."),
    (PenaltyOfMagnitudes, "The loss adds λ · Σ|w|, over the weights of all layers."),
    (
        PenaltyGradientOverN,
        "The gradient of the penalty is that of λ/N · ½ Σw², over the weights of all layers.",
    ),
    (GradientsOfTheSum, "The gradient of the mean cross-entropy is not divided by N."),
    (RateTimesATenth, "The parameters move 0.1 times as far as they should."),
    (OutputBiasesFrozen, "The biases of the last layer never move by their gradients."),
    (RateOnTheVelocityToo, "The learning rate multiplies the old velocity too: V ← μ(λV − ∇); θ ← θ + V."),
    (MomentumOfThreeTenths, "With momentum, each step is −μ · ∇ + 0.3 · m · the last step"),
    (RateOverTheSquareRoot, "1/t decay divides by √(1 + decay · t)."),
    (Adam, "The optimiser is Adam (β1 = 0.9, β2 = 0.999, ε = 1e-8)"),
    (LossesAfterTheUpdate, "The loss of an iteration is computed after its update, on the same batch."),
]


@pytest.mark.parametrize(("program", "said"), NAMED, ids=lambda value: getattr(value, "__name__", ""))
def test_what_a_program_computes_is_said_of_its_three_operations_of_training(program, said):
    examination = examined(core(program()))

    assert len(sentences(examination)) == 1, sentences(examination)
    assert sentences(examination).pop().startswith(said)


def test_of_a_layer_without_biases_the_loss_and_the_gradients_say_it():
    assert sentences(examined(core(NoOutputBiases()))) == {
        "The biases of the last layer are left out of the scores.",
        "The gradients on the biases of the last layer are 0.",
    }


@pytest.mark.parametrize("few", [False, True])
def test_nothing_is_said_of_a_right_program(few):
    examination = examined(core(Right()) if few else Right())

    assert len(examination.found) > (15 if few else 30)
    assert all(found.is_known and not found.mistakes for found in examination.found)


def test_another_optimiser_with_a_rate_of_its_own_and_without_a_schedule_is_named():
    found = sentences(examined(core(AdamOfItsOwnRate())))

    assert any(
        said.startswith(
            "The optimiser is Adam (β1 = 0.9, β2 = 0.999, ε = 1e-8), with the learning rate 0.001"
        )
        for said in found
    ), found
    assert all("Adam" in said or "schedule" in said or "initial learning rate" in said for said in found)


def test_of_an_unknown_formula_it_is_said_what_is_right_beside_it():
    class Odd(Right):
        """The loss of a batch is like nothing that anybody types."""

        def loss(self, network, inputs, labels, objective):
            return super().loss(network, inputs, labels, objective) * (1 + 0.1 * np.sin(7.3 * len(labels)))

    said = examined(core(Odd())).unexplained("loss")

    assert said.startswith("loss: ")
    assert " first: no formula that nnspec knows gives these numbers. Right: " in said


def test_two_mistakes_in_one_formula_and_one_in_another_are_all_named():
    class Three(OutputBiasesFrozen):
        """The loss is in bits and lacks the penalty of the last layer."""

        def cross_entropy(self, scores, labels, reduction):
            return super().cross_entropy(scores, labels, reduction) / np.log(2)

        def loss(self, network, inputs, labels, objective):
            last = 0.5 * objective["l2"] * np.sum(network["weights"][-1] ** 2)
            return super().loss(network, inputs, labels, objective) - last

    found = sentences(examined(core(Three())))

    assert [
        any(word in said for said in found) for word in ("base 2", "all layers but the last", "never")
    ] == [True] * 3, found
    assert len(found) == 3


def test_a_program_of_one_depth_and_two_classes_is_asked_too():
    described = {"depths": [2], "classes": [2], "activations": ["tanh"], "reductions": ["mean"]}
    program = core(OutputBiasesFrozen(), **described)

    assert sentences(examined(program)) == {"The last layer's biases are never updated."}


def test_a_program_whose_method_no_document_knows_is_asked_about_the_rest():
    program = core(LossOverTheClasses(), methods=["adam"], schedules=[])

    (said,) = sentences(examined(program))

    assert said.startswith("The loss of an example is the cross-entropy divided by K")


def test_a_mistake_is_named_in_single_precision():
    class Single(LossOverTheClasses):
        def loss(self, network, inputs, labels, objective):
            low = {
                **network,
                **{kind: [np.float32(a) for a in network[kind]] for kind in ("weights", "biases")},
            }
            return np.float32(super().loss(low, np.float32(inputs), labels, objective))

        def gradients(self, network, inputs, labels, objective):
            right = super().gradients(network, inputs, labels, objective)
            return {kind: [np.float32(a) for a in arrays] for kind, arrays in right.items()}

    (said,) = sentences(examined(core(Single(), precision="float32")))

    assert said.startswith("The loss of an example is the cross-entropy divided by K")


def test_an_operation_whose_answers_vary_is_not_explained():
    class Drops(Right):
        def gradients(self, network, inputs, labels, objective):
            right = super().gradients(network, inputs, labels, objective)
            drop = np.random.default_rng().integers(0, 2, right["weights"][-1].shape)
            return {**right, "weights": [*right["weights"][:-1], right["weights"][-1] * drop]}

    examination = examined(core(Drops()))

    assert "gradients" in examination.varying
    assert not sentences(examination)


def test_a_program_is_asked_no_more_than_it_may_be():
    calls = []

    class Counted(Right):
        def loss(self, *arguments, **named):
            calls.append("loss")
            return super().loss(*arguments, **named)

    examination = examined(core(Counted()), limit=30)

    assert not examination.is_complete
    assert examination.asked == 30
    assert len(calls) <= 30


def test_a_question_is_asked_once():
    asked = []
    asker = Asker(lambda *question: asked.append(question), limit=2)

    asker("loss", {"scores": np.ones(2)})
    asker("loss", {"scores": np.ones(2)})
    asker("loss", {"scores": np.zeros(2)})

    assert len(asked) == 2
    with pytest.raises(QuestionsSpent):
        asker("loss", {"scores": np.full(2, 3.0)})
