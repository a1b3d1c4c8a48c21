"""Programs with one other formula each, which share no code with the reference, and how they are examined."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

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
