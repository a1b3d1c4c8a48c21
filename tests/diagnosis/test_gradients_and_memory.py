"""Gradients that are clipped or divided again, arrays in one memory, and momentum where there is none are named."""

from __future__ import annotations

import numpy as np
import pytest
from asked_programs import Right, core, examined, sentences


class Clipped(Right):
    """Every number of the gradients is clipped."""

    def gradients(self, network, inputs, labels, objective):
        found = super().gradients(network, inputs, labels, objective)
        return {kind: [np.clip(array, -1, 1) for array in arrays] for kind, arrays in found.items()}


class Shortened(Right):
    """The gradients are shortened to a norm of 1, all together."""

    def gradients(self, network, inputs, labels, objective):
        found = super().gradients(network, inputs, labels, objective)
        norm = np.sqrt(sum(np.sum(array**2) for arrays in found.values() for array in arrays))
        return {kind: [array / max(1.0, norm) for array in arrays] for kind, arrays in found.items()}


class MirroredLogistic(Right):
    """1 / (1 + exp(−|z|)), without another formula where z is negative."""

    def forward(self, network, inputs):
        if network["activation"] != "logistic":
            return super().forward(network, inputs)
        hidden, now = [], inputs
        *below, (w, b) = zip(network["weights"], network["biases"], strict=True)
        for weights, biases in below:
            now = 1 / (1 + np.exp(-np.abs(now @ weights + biases)))
            hidden.append(now)
        return {"hidden": hidden, "scores": now @ w + b}


class OwnMemory(Right):
    """The first velocity is the array of the gradient, where the next ones come too."""

    def train(self, network, inputs, labels, objective, optimizer, iterations, batches):
        found = {"losses": [], "network": network}
        velocity = None
        for t in range(iterations):
            rows = slice(None) if batches is None else np.asarray(batches[t])
            now = found["network"]
            found["losses"].append(self.loss(now, inputs[rows], labels[rows], objective))
            slopes = self.gradients(now, inputs[rows], labels[rows], objective)
            factor = 1.0
            if optimizer["method"] == "momentum":
                factor = 1.0 if velocity is None else 2 * optimizer["momentum"]
                velocity = slopes
            rate = self.rate(optimizer, t) * factor
            moved = {
                kind: [p - rate * g for p, g in zip(now[kind], slopes[kind], strict=True)]
                for kind in ("weights", "biases")
            }
            found["network"] = {**now, **moved}
        return found


class WeightsOverN(Right):
    """1/m · Xᵀδ, although δ has the reduction."""

    def gradients(self, network, inputs, labels, objective):
        data = super().gradients(network, inputs, labels, {**objective, "l2": 0.0})
        pairs = zip(data["weights"], network["weights"], strict=True)
        return {**data, "weights": [g / len(labels) + objective["l2"] * w for g, w in pairs]}


class SubtractedAfterDivision(Right):
    def score_gradient(self, scores, labels, reduction):
        error = self.softmax(scores) / (len(labels) if reduction == "mean" else 1)
        error[np.arange(len(labels)), labels] -= 1
        return error


class MomentumAnyway(Right):
    def update(self, network, gradients, velocity, optimizer, iteration):
        return super().update(network, gradients, velocity, {**optimizer, "method": "momentum"}, iteration)


class ProbabilitiesInARun(Right):
    """Softmax in the scores' own memory: the losses of a run are those of the probabilities; all else is right."""

    running = False

    def train(self, **arguments):
        self.running = True
        try:
            return super().train(**arguments)
        finally:
            self.running = False

    def cross_entropy(self, scores, labels, reduction):
        return super().cross_entropy(self.softmax(scores) if self.running else scores, labels, reduction)


NAMED = {
    MomentumAnyway: "Gradient descent uses the optimizer's momentum, which it should ignore.",
    ProbabilitiesInARun: (
        "The loss of an example is the cross-entropy of softmax applied twice instead of the cross-entropy of softmax."
    ),
    WeightsOverN: (
        "Every gradient on weights is divided by N once more, as by 1/m · Xᵀδ, where N is the number of examples."
    ),
    SubtractedAfterDivision: (
        "For the mean, 1 is subtracted at the label after the probabilities were divided by N: p/N − t."
    ),
    Clipped: "Every number of the gradients is clipped to ±1.",
    Shortened: "The gradients are shortened to a norm of 1 at most, all together.",
    MirroredLogistic: "The hidden layer's function is σ(|z|) instead of the logistic function.",
    OwnMemory: (
        "The velocity is the gradient's own array, which the next gradient overwrites: V ← ∇, then 2λ∇; θ ← θ − μV."
    ),
}


@pytest.mark.parametrize(("program", "said"), NAMED.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_it_is_named_in_three_operations_of_training(program, said):
    assert sentences(examined(core(program()))) == {said}
