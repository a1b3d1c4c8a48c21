"""Mistakes in the training loop."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters

# ---- an iteration ----


class LastLayerUpdatedFirst(Mistake):
    """The last layer is updated before the gradient goes through it to the hidden layer."""

    clause = "training.one-step"
    fix = "Compute all gradients first, and update all parameters then."
    rate = 0.0

    def train(self, **told: Any) -> dict[str, Any]:
        self.rate = told["optimizer"]["learning_rate"]
        trained = super().train(**told)
        self.rate = 0.0
        return trained

    def backward(self, network: Network, *forward: Any) -> Parameters:
        right = super().backward(network, *forward)
        updated = network["weights"][-1] - self.rate * right["weights"][-1]
        moved: Network = {**network, "weights": [*network["weights"][:-1], updated]}
        wrong = super().backward(moved, *forward)
        return {
            "weights": [*wrong["weights"][:-1], right["weights"][-1]],
            "biases": [*wrong["biases"][:-1], right["biases"][-1]],
        }


class NetworkOfTheIterationBefore(Mistake):
    """The network that comes out of training lacks the last update."""

    clause = "training.steps"
    fix = "Hand back the network after the last update."

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        earlier = super().train(**{**told, "iterations": told["iterations"] - 1})
        return {**trained, "network": earlier["network"]}


class NetworkAveraged(Mistake):
    """The network that comes out of training is the mean of those after the last two updates."""

    clause = "training.two-halves"
    fix = "Hand back the network after the last update as it is."

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        network: Network = trained["network"]
        earlier = super().train(**{**told, "iterations": told["iterations"] - 1})["network"]
        for kind in ("weights", "biases"):
            pairs = zip(network[kind], earlier[kind], strict=True)
            network[kind] = [(last + before) / 2 for last, before in pairs]
        return trained


class FirstStepWarmsUp(Mistake):
    """The first iteration of a run has a tenth of the learning rate."""

    clause = "training.two-halves"
    fix = "Use the same rate from the first iteration on, unless a schedule says otherwise."
    factor = 1.0

    def train(self, **told: Any) -> dict[str, Any]:
        self.factor = 0.1
        return super().train(**told)

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        factor, self.factor = self.factor, 1.0
        return factor * super().learning_rate(optimizer, iteration)


class VelocityKeptFromCallToCall(Mistake):
    """Training begins with the velocity that the last training of such a network ended with."""

    clause = "training.steps"
    fix = "Begin every training with a velocity of 0."
    training = False
    last: Parameters | None = None

    def zero_velocity(self, network: Network) -> Parameters:
        zero = super().zero_velocity(network)
        if self.last is None or [w.shape for w in self.last["weights"]] != [w.shape for w in zero["weights"]]:
            return zero
        return self.last

    def train(self, **told: Any) -> dict[str, Any]:
        self.training = True
        trained = super().train(**told)
        self.training = False
        return trained

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        if self.training:
            self.last = after["velocity"]
        return after


# ---- the losses ----


class LossAfterTheUpdate(Mistake):
    """The loss of an iteration is taken after its update, on its own batch."""

    clause = "training.losses"
    fix = "Take the loss from the forward pass that the gradients come from, before the update."
    losses: list[float] | None = None

    def train(self, **told: Any) -> dict[str, Any]:
        losses = self.losses = []
        trained = super().train(**told)
        self.losses = None
        return {**trained, "losses": losses}

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.asked = (inputs, *forward[-2:])
        return super().backward(network, inputs, *forward)

    def update(self, **named: Any) -> dict[str, Any]:
        after = super().update(**named)
        if self.losses is not None:
            self.losses.append(self.loss(after["network"], *self.asked))
        return after


class LossesOneTooMany(Mistake):
    """There is one loss more than there were updates, that of the final network."""

    clause = "training.losses"
    fix = "Keep one loss an iteration, that before its update."

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        final = self.loss(trained["network"], told["inputs"], told["labels"], told["objective"])
        return {**trained, "losses": [*trained["losses"], final]}


class LossesAccumulated(Mistake):
    """The losses are added up from iteration to iteration."""

    clause = "training.losses"
    fix = "Set the loss to 0 at the beginning of every iteration."

    def train(self, **told: Any) -> dict[str, Any]:
        trained = super().train(**told)
        return {**trained, "losses": np.cumsum(trained["losses"])}


class LossesWithoutThePenalty(Mistake):
    """The losses of a run are the cross-entropy alone, though the penalty is trained against."""

    clause = "training.one-step"
    fix = "Record the objective, the cross-entropy plus the penalty."
    recording = False

    def train(self, **told: Any) -> dict[str, Any]:
        self.recording = True
        trained = super().train(**told)
        self.recording = False
        return trained

    def penalty(self, network: Network, l2: float) -> float:
        return super().penalty(network, 0.0 if self.recording else l2)


# ---- minibatches ----


class ShortBatchDropped(Mistake):
    """An iteration whose batch is shorter than the first is left out."""

    clause = "training.minibatches"
    fix = "Train on the last batch of a pass too, however short."

    def train(self, **told: Any) -> dict[str, Any]:
        if told["batches"]:
            full = [batch for batch in told["batches"] if len(batch) >= len(told["batches"][0])]
            told = {**told, "batches": list(itertools.islice(itertools.cycle(full), told["iterations"]))}
        return super().train(**told)


class LastBatchDropped(Mistake):
    """The loop over the batches ends one too early, and the last iteration uses the batch before."""

    clause = "training.minibatches"
    fix = "Let the loop run to the last batch, a full one too."

    def train(self, **told: Any) -> dict[str, Any]:
        if told["batches"] is not None and told["iterations"] > 1:
            batches = told["batches"][: told["iterations"]]
            told = {**told, "batches": [*batches[:-1], batches[-2]]}
        return super().train(**told)


class GradientsNeverZeroed(Mistake):
    """The gradients of all iterations are added up, as by a framework that is never told to set them to 0."""

    clause = "training.steps"
    fix = "Set the gradients to 0 before every backward pass, as in optimizer.zero_grad()."

    summed: Parameters | None = None

    def train(self, **told: Any) -> dict[str, Any]:
        self.summed = self.zero_velocity(told["network"])
        trained = super().train(**told)
        self.summed = None
        return trained

    def backward(self, network: Network, *forward: Any) -> Parameters:
        gradients = super().backward(network, *forward)
        if self.summed is None:
            return gradients
        self.summed = {
            "weights": list(map(np.add, self.summed["weights"], gradients["weights"])),
            "biases": list(map(np.add, self.summed["biases"], gradients["biases"])),
        }
        return self.summed


class MinibatchesIgnored(Mistake):
    """Every iteration uses all examples, whatever its batch is."""

    clause = "training.minibatches"
    fix = "Take the forward pass, the loss and the gradients of the iteration's own batch."

    def train(self, **told: Any) -> dict[str, Any]:
        return super().train(**{**told, "batches": None})


class FirstBatchEveryTime(Mistake):
    """Every iteration uses the batch of the first."""

    clause = "training.minibatches"
    fix = "Take the batch of the iteration."

    def train(self, **told: Any) -> dict[str, Any]:
        if told["batches"]:
            told = {**told, "batches": [told["batches"][0]] * told["iterations"]}
        return super().train(**told)


class MinibatchLossOfAllExamples(Mistake):
    """The loss of an iteration on a minibatch is that of all examples."""

    clause = "training.minibatches"
    fix = "Take the loss of the batch that the gradients come from."
    examples: tuple[Array, Array] | None = None

    def train(self, **told: Any) -> dict[str, Any]:
        self.examples = told["inputs"], told["labels"]
        trained = super().train(**told)
        self.examples = None
        return trained

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        if self.examples is not None:
            inputs, labels = self.examples
            scores = self.forward(network, inputs)["scores"]
        return super().objective(network, scores, labels, objective)


class MinibatchesAveraged(Mistake):
    """Where there are minibatches, the mean over the batch is trained against also where the sum is asked for."""

    clause = "training.full-minibatch"
    fix = "Use the objective as it is asked for, on the examples of the batch."

    def train(self, **told: Any) -> dict[str, Any]:
        if told["batches"] is not None:
            told = {**told, "objective": {**told["objective"], "reduction": "mean"}}
        return super().train(**told)


class LastExampleOfABatchDropped(Mistake):
    """A batch ends one example too early."""

    clause = "training.full-minibatch"
    fix = "Use all the examples of a batch: the end of a slice is one past the last."

    def batch(self, inputs: Array, labels: Array, indices: Array) -> tuple[Array, Array]:
        kept = indices[:-1] if len(indices) > 1 else indices
        return super().batch(inputs, labels, kept)
