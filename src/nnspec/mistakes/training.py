"""Mistakes in the training loop."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Optimizer, Parameters

# ---- an iteration ----


class LastLayerUpdatedFirst(Mistake):
    """The last layer is updated before the gradient goes back through it to the hidden layer."""

    clause = "training.one-step"
    fix = "Compute all gradients before updating any parameter."
    rate = 0.0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.rate = arguments["optimizer"]["learning_rate"]
        trained = super().train(**arguments)
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
    """Training returns the network before the last update."""

    clause = "training.steps"
    fix = "Return the network after the last update."

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        earlier = super().train(**{**arguments, "iterations": arguments["iterations"] - 1})
        return {**trained, "network": earlier["network"]}


class NetworkAveraged(Mistake):
    """Training returns the mean of the networks after the last two updates."""

    clause = "training.two-halves"
    fix = "Return the network after the last update, not an average."

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        network: Network = trained["network"]
        earlier = super().train(**{**arguments, "iterations": arguments["iterations"] - 1})["network"]
        for kind in ("weights", "biases"):
            pairs = zip(network[kind], earlier[kind], strict=True)
            network[kind] = [(last + before) / 2 for last, before in pairs]
        return trained


class FirstStepWarmsUp(Mistake):
    """The first iteration of a run uses a tenth of the learning rate."""

    clause = "training.two-halves"
    fix = "Use the same rate from the first iteration on, unless a schedule says otherwise."
    factor = 1.0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.factor = 0.1
        return super().train(**arguments)

    def learning_rate(self, optimizer: Optimizer, iteration: int) -> float:
        factor, self.factor = self.factor, 1.0
        return factor * super().learning_rate(optimizer, iteration)


class VelocityKeptFromCallToCall(Mistake):
    """Training starts with the final velocity of the last training of a network of that shape."""

    clause = "training.steps"
    fix = "Start every training with a velocity of 0."
    training = False
    last: Parameters | None = None

    def zero_velocity(self, network: Network) -> Parameters:
        zero = super().zero_velocity(network)
        if self.last is None or [w.shape for w in self.last["weights"]] != [w.shape for w in zero["weights"]]:
            return zero
        return self.last

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.training = True
        trained = super().train(**arguments)
        self.training = False
        return trained

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if self.training:
            self.last = after["velocity"]
        return after


# ---- the losses ----


class LossAfterTheUpdate(Mistake):
    """The loss of an iteration is computed after its update, on the same batch."""

    clause = "training.losses"
    fix = "Compute the loss in the forward pass that the gradients come from, before the update."
    losses: list[float] | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        losses = self.losses = []
        trained = super().train(**arguments)
        self.losses = None
        return {**trained, "losses": losses}

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        self.loss_arguments = (inputs, *forward[-2:])
        return super().backward(network, inputs, *forward)

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if self.losses is not None:
            self.losses.append(self.loss(after["network"], *self.loss_arguments))
        return after


class LossesOneTooMany(Mistake):
    """There is one loss too many, the loss of the final network."""

    clause = "training.losses"
    fix = "Record one loss per iteration, before its update."

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        final = self.loss(
            trained["network"], arguments["inputs"], arguments["labels"], arguments["objective"]
        )
        return {**trained, "losses": [*trained["losses"], final]}


class LossesAccumulated(Mistake):
    """The losses are added up from iteration to iteration."""

    clause = "training.losses"
    fix = "Reset the loss to 0 at the start of every iteration."

    def train(self, **arguments: Any) -> dict[str, Any]:
        trained = super().train(**arguments)
        return {**trained, "losses": np.cumsum(trained["losses"])}


class LossesWithoutThePenalty(Mistake):
    """The losses of a run are the cross-entropy alone, although training minimises the penalty too."""

    clause = "training.one-step"
    fix = "Record the objective, the cross-entropy plus the penalty."
    recording = False

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.recording = True
        trained = super().train(**arguments)
        self.recording = False
        return trained

    def penalty(self, network: Network, l2: float) -> float:
        return super().penalty(network, 0.0 if self.recording else l2)


# ---- minibatches ----


class ShortBatchDropped(Mistake):
    """Batches that are shorter than the first are skipped."""

    clause = "training.minibatches"
    fix = "Train on the last batch of a pass too, however short."

    def train(self, **arguments: Any) -> dict[str, Any]:
        if arguments["batches"]:
            full = [batch for batch in arguments["batches"] if len(batch) >= len(arguments["batches"][0])]
            arguments = {
                **arguments,
                "batches": list(itertools.islice(itertools.cycle(full), arguments["iterations"])),
            }
        return super().train(**arguments)


class LastBatchDropped(Mistake):
    """The loop over the batches stops one too early, and the last iteration reuses the batch before."""

    clause = "training.minibatches"
    fix = "Run the loop to the last batch, full or not."

    def train(self, **arguments: Any) -> dict[str, Any]:
        if arguments["batches"] is not None and arguments["iterations"] > 1:
            batches = arguments["batches"][: arguments["iterations"]]
            arguments = {**arguments, "batches": [*batches[:-1], batches[-2]]}
        return super().train(**arguments)


class RepeatedExamplesCountOnce(Mistake):
    """An example that a batch names twice counts once, as if the batch were a set or a mask."""

    clause = "training.steps"
    fix = "Take the examples by their indices, each as often as the batch names it."

    def train(self, **arguments: Any) -> dict[str, Any]:
        if arguments["batches"] is not None:
            batches = [
                np.array(list(dict.fromkeys(np.ravel(batch).tolist()))) for batch in arguments["batches"]
            ]
            arguments = {**arguments, "batches": batches}
        return super().train(**arguments)


class GradientsNeverZeroed(Mistake):
    """The gradients of all iterations are added up, as if zero_grad() were never called."""

    clause = "training.steps"
    fix = "Set the gradients to 0 before every backward pass, as with optimizer.zero_grad()."

    summed: Parameters | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.summed = self.zero_velocity(arguments["network"])
        trained = super().train(**arguments)
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
    """Every iteration uses all examples instead of its batch."""

    clause = "training.minibatches"
    fix = "Compute the scores, the loss and the gradients on the iteration's own batch."

    def train(self, **arguments: Any) -> dict[str, Any]:
        return super().train(**{**arguments, "batches": None})


class FirstBatchEveryTime(Mistake):
    """Every iteration uses the first batch."""

    clause = "outcomes.every-minibatch"
    fix = "Use the iteration's own batch."

    def train(self, **arguments: Any) -> dict[str, Any]:
        if arguments["batches"]:
            arguments = {**arguments, "batches": [arguments["batches"][0]] * arguments["iterations"]}
        return super().train(**arguments)


class MinibatchLossOfAllExamples(Mistake):
    """The loss of an iteration is computed on all examples instead of its minibatch."""

    clause = "training.minibatches"
    fix = "Compute the loss on the batch that the gradients come from."
    examples: tuple[Array, Array] | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.examples = arguments["inputs"], arguments["labels"]
        trained = super().train(**arguments)
        self.examples = None
        return trained

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        if self.examples is not None:
            inputs, labels = self.examples
            scores = self.forward(network, inputs)["scores"]
        return super().objective(network, scores, labels, objective)


class MinibatchesAveraged(Mistake):
    """With minibatches, training minimises the mean over the batch even if the sum is requested."""

    clause = "training.full-minibatch"
    fix = "Use the requested reduction on the examples of the batch."

    def train(self, **arguments: Any) -> dict[str, Any]:
        if arguments["batches"] is not None:
            arguments = {**arguments, "objective": {**arguments["objective"], "reduction": "mean"}}
        return super().train(**arguments)


class LastExampleOfABatchDropped(Mistake):
    """The last example of a batch is left out."""

    clause = "training.full-minibatch"
    fix = "Use all examples of a batch: the end of a slice is one past the last."

    def batch(self, inputs: Array, labels: Array, indices: Array) -> tuple[Array, Array]:
        rest = indices[:-1] if len(indices) > 1 else indices
        return super().batch(inputs, labels, rest)
