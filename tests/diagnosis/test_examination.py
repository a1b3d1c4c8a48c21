"""Asking a program, formula by formula, finds out what it computes where no mistake is listed.

The programs share no code with the reference; most are asked with ``loss``, ``gradients`` and ``train`` alone.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from nnspec.diagnosis.asking import Asker, QuestionsSpent
from nnspec.diagnosis.examination import ORDER, Examiner
from nnspec.diagnosis.findings import sentence, together
from nnspec.judging.subject import Subject
from nnspec.mistakes import catalogue
from nnspec.reach.transports import InProcess


def strangers():
    """The programs of the acceptance tests, from their file: another module has its name."""
    path = Path(__file__).parents[1] / "acceptance" / "programs.py"
    spec = importlib.util.spec_from_file_location("strangers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STRANGERS = strangers()
Right, core = STRANGERS.Right, STRANGERS.core


def examined(program, suspects=None, limit=2000):
    """What is found of a program."""
    transport = InProcess(program, "a program")
    offered = [name for name in ORDER if callable(getattr(program, name, None))]
    description = transport.description
    suspects = catalogue() if suspects is None else suspects
    ask = Subject(transport).call
    examiner = Examiner(ask, description.precision, description.support, suspects, limit, offered)
    return examiner.examine(ORDER)


def sentences(examination):
    """What is said of a program."""
    return {sentence(mistake) for found in examination.found for mistake in together(found.mistakes)}


class SquaredError(Right):
    def cross_entropy(self, scores, labels, reduction):
        error = self.softmax(scores) - np.eye(scores.shape[1])[labels]
        losses = 0.5 * np.sum(error**2, axis=1)
        return np.mean(losses) if reduction == "mean" else np.sum(losses)


class LossOverTheClasses(Right):
    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(scores, labels, reduction) / scores.shape[1]


class Softplus(Right):
    def forward(self, network, inputs):
        if network["activation"] != "relu":
            return super().forward(network, inputs)
        hidden, now = [], inputs
        *below, (w, b) = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in below:
            now = np.log1p(np.exp(now @ weights + biases))
            hidden.append(now)
        return {"hidden": hidden, "scores": now @ w + b}


class PenaltyOfMagnitudes(Right):
    def loss(self, network, inputs, labels, objective):
        plain = super().loss(network, inputs, labels, {**objective, "l2": 0.0})
        return plain + objective["l2"] * sum(np.sum(np.abs(w)) for w in network["weights"])


class PenaltyGradientOverN(Right):
    def gradients(self, network, inputs, labels, objective):
        return super().gradients(network, inputs, labels, {**objective, "l2": objective["l2"] / len(labels)})


class GradientsOfTheSum(Right):
    def score_gradient(self, scores, labels, reduction):
        return super().score_gradient(scores, labels, reduction and "sum")


class RateTimesATenth(Right):
    def rate(self, optimizer, t):
        return 0.1 * super().rate(optimizer, t)


class OutputBiasesFrozen(Right):
    def update(self, network, gradients, velocity, optimizer, iteration):
        answer = super().update(network, gradients, velocity, optimizer, iteration)
        answer["network"]["biases"][-1] = network["biases"][-1]
        return answer


class RateOnTheVelocityToo(Right):
    def update(self, network, gradients, velocity, optimizer, iteration):
        rate = self.rate(optimizer, iteration)
        return super().update(
            network, gradients, velocity, {**optimizer, "momentum": rate * optimizer["momentum"]}, iteration
        )


class MomentumOfThreeTenths(Right):
    """Like nothing that is listed: the momentum is three tenths of what is asked for."""

    def update(self, network, gradients, velocity, optimizer, iteration):
        less = {**optimizer, "momentum": 0.3 * optimizer["momentum"]}
        return super().update(network, gradients, velocity, less, iteration)


class RateOverTheSquareRoot(Right):
    def rate(self, optimizer, t):
        if not optimizer["schedule"] or optimizer["schedule"]["kind"] != "inverse_time":
            return super().rate(optimizer, t)
        return optimizer["learning_rate"] / np.sqrt(1 + optimizer["schedule"]["decay"] * t)


class Adam(Right):
    def update(self, network, gradients, velocity, optimizer, iteration):
        t = iteration + 1
        new, kept = {"activation": network.get("activation")}, {}
        for part in ("weights", "biases"):
            old = velocity.get("adam", {}).get(part) or [(0 * p, 0 * p) for p in network[part]]
            both = zip(old, gradients[part], strict=True)
            kept[part] = [(0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g) for (m, v), g in both]
            new[part] = [
                p
                - self.rate(optimizer, iteration) * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
                for p, (m, v) in zip(network[part], kept[part], strict=True)
            ]
        return {"network": new, "velocity": {**velocity, "adam": kept}}


class LossesAfterTheUpdate(Right):
    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        losses, velocity = [], STRANGERS.without(network)
        for t in range(iterations):
            rows = slice(None) if batches is None else batches[t]
            x, y = inputs[rows], labels[rows]
            slopes = self.gradients(network, x, y, objective)
            answer = self.update(network, slopes, velocity, optimizer, t)
            network, velocity = answer["network"], answer["velocity"]
            losses.append(self.loss(network, x, y, objective))
        return {"losses": losses, "network": network}


class TanhFirst(Right):
    """The first hidden layer is always tanh."""

    def forward(self, network, inputs):
        (first, *weights), (bias, *biases) = network["weights"], network["biases"]
        if not weights:
            return super().forward(network, inputs)
        now = np.tanh(inputs @ first + bias)
        rest = super().forward({**network, "weights": weights, "biases": biases}, now)
        return {**rest, "hidden": [now, *rest["hidden"]]}

    def gradients(self, network, inputs, labels, objective):
        (first, *weights), (_, *biases) = network["weights"], network["biases"]
        if not weights:
            return super().gradients(network, inputs, labels, objective)
        now = self.forward(network, inputs)["hidden"][0]
        above = {**network, "weights": weights, "biases": biases}
        rest = super().gradients(above, now, labels, objective)
        answer, error = self.forward(network, inputs), None
        for layer in range(len(weights), 0, -1):
            scores, reduction = answer["scores"], objective["reduction"]
            error = self.score_gradient(scores, labels, reduction) if error is None else error
            error = error @ network["weights"][layer].T
            below = answer["hidden"][layer - 1]
            slope = STRANGERS.ACTIVATIONS["tanh" if layer == 1 else network["activation"]][1]
            error = error * slope(below)
        grown = inputs.T @ error + objective["l2"] * first
        return {
            "weights": [grown, *rest["weights"]],
            "biases": [np.sum(error, axis=0), *rest["biases"]],
        }


class NoOutputBiases(Right):
    """The last layer has no biases."""

    def forward(self, network, inputs):
        kept = [*network["biases"][:-1], 0 * network["biases"][-1]]
        return super().forward({**network, "biases": kept}, inputs)

    def gradients(self, network, inputs, labels, objective):
        answer = super().gradients(network, inputs, labels, objective)
        return {**answer, "biases": [*answer["biases"][:-1], 0 * answer["biases"][-1]]}


class ScoresThroughSoftsign(Right):
    def forward(self, network, inputs):
        answer = super().forward(network, inputs)
        return {**answer, "scores": answer["scores"] / (1 + np.abs(answer["scores"]))}

    def score_gradient(self, scores, labels, reduction):
        return super().score_gradient(scores, labels, reduction) * (1 - np.abs(scores)) ** 2


class FixedDecay(Right):
    """Weights are penalised by 0.01/2 · W², whether one asks for it or not."""

    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, {**objective, "l2": objective["l2"] + 0.01})

    def gradients(self, network, inputs, labels, objective):
        return super().gradients(network, inputs, labels, {**objective, "l2": objective["l2"] + 0.01})


class OwnRate(Right):
    def rate(self, optimizer, t):
        return super().rate({**optimizer, "learning_rate": 0.05}, t)


class WeightsDecay(Right):
    """The optimiser decays the weights, as it was left by an earlier project."""

    def update(self, network, gradients, velocity, optimizer, iteration):
        answer = super().update(network, gradients, velocity, optimizer, iteration)
        share = 5e-4 * self.rate(optimizer, iteration)
        pairs = zip(answer["network"]["weights"], network["weights"], strict=True)
        return {
            **answer,
            "network": {**answer["network"], "weights": [new - share * old for new, old in pairs]},
        }


class BiasesShrink(Right):
    def update(self, network, gradients, velocity, optimizer, iteration):
        answer = super().update(network, gradients, velocity, optimizer, iteration)
        pairs = zip(answer["network"]["biases"], network["biases"], strict=True)
        return {
            **answer,
            "network": {**answer["network"], "biases": [new - 0.01 * old for new, old in pairs]},
        }


class Clipped(Right):
    """Gradients are clipped before momentum sees them."""

    def update(self, network, gradients, velocity, optimizer, iteration):
        clipped = {kind: [np.clip(g, -0.05, 0.05) for g in of] for kind, of in gradients.items()}
        return super().update(network, clipped, velocity, optimizer, iteration)


class AdamOfItsOwnRate(Adam):
    def rate(self, *_):
        return 0.001


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
    (OutputBiasesFrozen, "The biases of the last layer are never updated."),
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
        "The biases of the last layer are not added.",
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
