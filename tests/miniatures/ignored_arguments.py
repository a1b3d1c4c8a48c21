"""Programs that do not look at one of their arguments, and programs that only seem not to."""

import numpy as np
from networks import Right


class AlwaysTheMean(Right):
    def count(self, labels, reduction):
        return len(labels)


class LossIsAlwaysTheSum(Right):
    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, {**objective, "reduction": "sum"})


class NoPenalty(Right):
    def loss(self, network, inputs, labels, objective):
        return super().loss(network, inputs, labels, {**objective, "l2": 0})

    def gradients(self, network, inputs, labels, objective):
        return super().gradients(network, inputs, labels, {**objective, "l2": 0})

    def train(self, **run):
        return super().train(**{**run, "objective": {**run["objective"], "l2": 0}})


class AlwaysTanh(Right):
    def activation(self, name, z):
        return super().activation("tanh", z)

    def activation_derivative(self, name, z):
        return super().activation_derivative("tanh", z)


class NoSchedule(Right):
    def rate(self, optimizer, t):
        return optimizer["learning_rate"]


class NoStepDecay(Right):
    def rate(self, optimizer, t):
        schedule = optimizer["schedule"]
        steps = schedule is not None and schedule["kind"] == "step"
        return optimizer["learning_rate"] if steps else super().rate(optimizer, t)


class StepEveryHundred(Right):
    def rate(self, optimizer, t):
        schedule = optimizer["schedule"]
        return super().rate({**optimizer, "schedule": schedule and {**schedule, "every": 100}}, t)


class NoSchedules(NoSchedule):
    def describe(self):
        return {"name": "constant rate", "schedules": []}


class RefusesSchedules(Right):
    def rate(self, optimizer, t):
        if optimizer["schedule"]:
            raise NotImplementedError("constant rate")
        return optimizer["learning_rate"]


class NoMomentum(Right):
    def update(self, **step):
        return super().update(**{**step, "optimizer": {**step["optimizer"], "method": "gradient_descent"}})

    def train(self, **run):
        return super().train(**{**run, "optimizer": {**run["optimizer"], "method": "gradient_descent"}})


class OwnMomentum(Right):
    def train(self, **run):
        return super().train(**{**run, "optimizer": {**run["optimizer"], "momentum": 0.9}})


class OwnRate(Right):
    def rate(self, optimizer, t):
        return super().rate({**optimizer, "learning_rate": 0.1}, t)


class AlwaysIterationFive(Right):
    def update(self, **step):
        return super().update(**{**step, "iteration": 5})


class NoBatches(Right):
    def train(self, **run):
        return super().train(**{**run, "batches": None})


class OwnBatches(Right):
    def train(self, **run):
        random, size = np.random.default_rng(1), 2 if run["batches"] is None else len(run["batches"][0])
        batches = [random.permutation(len(run["labels"]))[:size] for _ in range(run["iterations"])]
        return super().train(**{**run, "batches": batches})


class RandomBatches(Right):
    def train(self, **run):
        if run["batches"] is None:
            return super().train(**run)
        random, size = np.random.default_rng(), len(run["batches"][0])
        batches = [random.permutation(len(run["labels"]))[:size] for _ in range(run["iterations"])]
        return super().train(**{**run, "batches": batches})


class WithoutBiases(Right):
    def layers(self, network, inputs):
        return super().layers({**network, "biases": [0 * array for array in network["biases"]]}, inputs)


class Constant(Right):
    def loss(self, network, inputs, labels, objective):
        return 1.0


class RemembersItsLayers(Right):
    kept = None

    def layers(self, network, inputs):
        shapes = [np.shape(inputs), *map(np.shape, network["weights"])]
        if self.kept is None or self.kept[0] != shapes:
            self.kept = shapes, super().layers(network, inputs)
        return self.kept[1]


class NotANumber(Right):
    def loss(self, network, inputs, labels, objective):
        return float("nan")


class StandsStill(Right):
    """A first step after which no gradient is left, as with a loss in percent: the rest of a run cannot show."""

    def train(self, **run):
        once = super().train(**{**run, "iterations": min(run["iterations"], 1)})
        losses = [super(StandsStill, self).loss(**self.at(network, run)) for network in (run, once)]
        return {"losses": losses[:1] + losses[1:] * (run["iterations"] - 1), "network": once["network"]}

    def at(self, has_network, run):
        """The arguments of a loss on all examples."""
        return {
            "network": has_network["network"],
            **{name: run[name] for name in ("inputs", "labels", "objective")},
        }
