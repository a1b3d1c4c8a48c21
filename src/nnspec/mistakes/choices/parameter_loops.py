"""Programs whose loop computes its gradients elsewhere, or updates other parameters, than the reference's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice
from nnspec.reference.values import Array, Network, Objective, Parameters


def combined(first: Parameters, factor: float, second: Parameters) -> Parameters:
    """First + factor · second, array by array."""
    return {
        "weights": [a + factor * b for a, b in zip(first["weights"], second["weights"], strict=True)],
        "biases": [a + factor * b for a, b in zip(first["biases"], second["biases"], strict=True)],
    }


def _scaled(parameters: Parameters, factor: float) -> Parameters:
    return {
        "weights": [factor * array for array in parameters["weights"]],
        "biases": [factor * array for array in parameters["biases"]],
    }


def on_the_way(last_alone: bool) -> type[Choice]:
    """The class that updates a layer before the error goes back through it: every one, or the last alone."""

    class OnTheWay(Choice):
        """The error goes back through updated weights."""

        __rate, __momentum, __l2, __iteration = 0.0, 0.0, 0.0, 0
        __optimizer: Any = None
        __velocity: dict[int, Array] | None = None
        __left = 0

        def train(self, **arguments: Any) -> dict[str, Any]:
            self.__optimizer, self.__iteration, self.__velocity = arguments["optimizer"], 0, {}
            try:
                return super().train(**arguments)
            finally:
                self.__velocity = None

        def backward(self, network: Network, *forward: Any) -> Parameters:
            if self.__velocity is not None:
                self.__rate = self.learning_rate(self.__optimizer, self.__iteration)
                with_momentum = self.__optimizer["method"] == "momentum"
                self.__momentum = self.__optimizer["momentum"] if with_momentum else 0.0
            self.__l2 = forward[-1]["l2"]
            self.__left = 1 if last_alone else len(network["weights"])
            return super().backward(network, *forward)

        def hidden_gradient(self, delta: Array, weights: Array, hidden: Array, activation: str) -> Array:
            if self.__velocity is not None and self.__left:
                self.__left -= 1
                gradient = self.weight_gradient(hidden, delta) + self.penalty_gradient(weights, self.__l2)
                old = self.__velocity.get(id(weights), 0.0)
                weights = weights + self.__momentum * old - self.__rate * gradient
            return super().hidden_gradient(delta, weights, hidden, activation)

        def update(self, **arguments: Any) -> dict[str, Any]:
            after = super().update(**arguments)
            if self.__velocity is not None:
                self.__iteration = arguments["iteration"] + 1
                pairs = zip(after["network"]["weights"], after["velocity"]["weights"], strict=True)
                self.__velocity = {id(weights): velocity for weights, velocity in pairs}
            return after

    return OnTheWay


def frozen(kinds: tuple[str, ...], layers: slice) -> type[Choice]:
    """The class that never updates these parameters; a network of one layer learns all the same if a layer is named."""

    class Frozen(Choice):
        def update(self, **arguments: Any) -> dict[str, Any]:
            after = super().update(**arguments)
            before, network = arguments["network"], dict(after["network"])
            depth = len(before["weights"])
            chosen = range(depth)[layers] if depth > 1 or layers == slice(None) else range(0)
            for kind in kinds:
                network[kind] = [
                    (before if layer in chosen else network)[kind][layer] for layer in range(depth)
                ]
            return {**after, "network": network}

    return Frozen


class OneTooFew(Choice):
    """The last update of a training is left out."""

    __left: int | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__left = arguments["iterations"]
        try:
            return super().train(**arguments)
        finally:
            self.__left = None

    def update(self, **arguments: Any) -> dict[str, Any]:
        if self.__left is not None:
            self.__left -= 1
            if self.__left == 0:
                return {"network": arguments["network"], "velocity": arguments["velocity"]}
        return super().update(**arguments)


def summed(mean: bool) -> type[Choice]:
    """The class whose gradients are the sum or the mean of those of all iterations so far."""

    class Summed(Choice):
        __total: Parameters | None = None
        __count = 0

        def train(self, **arguments: Any) -> dict[str, Any]:
            self.__total, self.__count = self.zero_velocity(arguments["network"]), 0
            try:
                return super().train(**arguments)
            finally:
                self.__total = None

        def update(self, **arguments: Any) -> dict[str, Any]:
            if self.__total is not None:
                self.__total = combined(self.__total, 1.0, arguments["gradients"])
                self.__count += 1
                gradients = _scaled(self.__total, 1 / self.__count) if mean else self.__total
                arguments = {**arguments, "gradients": gradients}
            return super().update(**arguments)

    return Summed


class TwoIterations(Choice):
    """An update takes the sum of its gradients and of the last iteration's."""

    __last: Parameters | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__last = self.zero_velocity(arguments["network"])
        try:
            return super().train(**arguments)
        finally:
            self.__last = None

    def update(self, **arguments: Any) -> dict[str, Any]:
        if self.__last is not None:
            both = combined(arguments["gradients"], 1.0, self.__last)
            self.__last = arguments["gradients"]
            arguments = {**arguments, "gradients": both}
        return super().update(**arguments)


def stale(first: bool) -> type[Choice]:
    """The class whose gradients are those at the parameters of the iteration before, or at the initial ones."""

    class Stale(Choice):
        __training = False
        __network: Network | None = None

        def train(self, **arguments: Any) -> dict[str, Any]:
            self.__training, self.__network = True, None
            try:
                return super().train(**arguments)
            finally:
                self.__training = False

        def backward(
            self, network: Network, inputs: Array, hidden: list[Array], scores: Array, *rest: Any
        ) -> Parameters:
            if not self.__training:
                return super().backward(network, inputs, hidden, scores, *rest)
            used = self.__network or network
            self.__network = used if first else network
            forward = self.forward(used, inputs)
            return super().backward(used, inputs, forward["hidden"], forward["scores"], *rest)

    return Stale


class AtTheInitialParameters(Choice):
    """Losses and gradients of every iteration are those of the initial network."""

    __first: Network | None = None

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__first = arguments["network"]
        try:
            return super().train(**arguments)
        finally:
            self.__first = None

    def forward(self, network: Network, inputs: Array) -> dict[str, Any]:
        return super().forward(self.__first or network, inputs)

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        return super().objective(self.__first or network, scores, labels, objective)

    def backward(self, network: Network, *forward: Any) -> Parameters:
        return super().backward(self.__first or network, *forward)


def every(count: int) -> type[Choice]:
    """The class that makes an update every ``count`` iterations, with the sum of their gradients."""

    class Every(Choice):
        __total: Parameters | None = None
        __count: int | None = None

        def train(self, **arguments: Any) -> dict[str, Any]:
            self.__total, self.__count = None, 0
            try:
                return super().train(**arguments)
            finally:
                self.__count = None

        def update(self, **arguments: Any) -> dict[str, Any]:
            if self.__count is None:
                return super().update(**arguments)
            gradients = arguments["gradients"]
            self.__total = gradients if self.__total is None else combined(self.__total, 1.0, gradients)
            self.__count += 1
            if self.__count % count:
                return {"network": arguments["network"], "velocity": arguments["velocity"]}
            total, self.__total = self.__total, None
            return super().update(**{**arguments, "gradients": total})

    return Every


class StepTwice(Choice):
    """The step of every update in a training is made twice."""

    __training = False

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__training = True
        try:
            return super().train(**arguments)
        finally:
            self.__training = False

    def update(self, **arguments: Any) -> dict[str, Any]:
        after = super().update(**arguments)
        if not self.__training:
            return after
        network, before = after["network"], arguments["network"]
        doubled = combined(_scaled(network, 2.0), -1.0, before)
        return {**after, "network": {**doubled, "activation": network["activation"]}}


def stops(limit: float | None) -> type[Choice]:
    """The class that makes no more updates once the loss changes by less than the limit, or, without one, rises."""

    class Stops(Choice):
        __last = math.inf
        __training, __stopped = False, False

        def train(self, **arguments: Any) -> dict[str, Any]:
            self.__training, self.__stopped, self.__last = True, False, math.inf
            try:
                return super().train(**arguments)
            finally:
                self.__training = False

        def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
            loss = super().objective(network, scores, labels, objective)
            if self.__training:
                change = loss - self.__last
                self.__stopped |= bool(abs(change) < limit if limit is not None else change > 0)
                self.__last = loss
            return loss

        def update(self, **arguments: Any) -> dict[str, Any]:
            if self.__training and self.__stopped:
                return {"network": arguments["network"], "velocity": arguments["velocity"]}
            return super().update(**arguments)

    return Stops


def best_network(after: bool) -> type[Choice]:
    """The class that returns the network of the least loss; after: after the update of its iteration, not before."""

    class BestNetwork(Choice):
        def train(self, **arguments: Any) -> dict[str, Any]:
            trained = super().train(**arguments)
            losses = np.asarray(trained["losses"], dtype=float)
            if not losses.size or np.isnan(losses).any():
                return trained
            best = losses.size - 1 - int(np.argmin(losses[::-1])) + after
            return {**trained, "network": super().train(**{**arguments, "iterations": best})["network"]}

    return BestNetwork


class OldVelocity(Choice):
    """The parameters move by the velocity of the iteration before."""

    def update(self, **arguments: Any) -> dict[str, Any]:
        network, velocity = arguments["network"], arguments["velocity"]
        after = super().update(**arguments)
        moved = {
            kind: [old + step for old, step in zip(network[kind], velocity[kind], strict=True)]
            for kind in ("weights", "biases")
        }
        return {**after, "network": {**network, **moved}}


def decay_beside_momentum(after: bool, twice: bool = False, initial: bool = False) -> type[Choice]:
    """The class whose penalty shrinks the weights by the rate and never enters the velocity.

    after: it shrinks the moved weights; twice: the penalty's gradient enters the velocity all the same; initial: the
    rate is that of the first iteration throughout.
    """

    class DecayBesideMomentum(Choice):
        __l2: float | None = None

        def train(self, **arguments: Any) -> dict[str, Any]:
            self.__l2 = arguments["objective"]["l2"]
            try:
                return super().train(**arguments)
            finally:
                self.__l2 = None

        def backward(self, network: Network, *forward: Any) -> Parameters:
            if self.__l2 is None or twice:
                return super().backward(network, *forward)
            *others, objective = forward
            changed: list[Any] = [*others, {**objective, "l2": 0.0}]
            return super().backward(network, *changed)

        def update(self, **arguments: Any) -> dict[str, Any]:
            answer = super().update(**arguments)
            if not self.__l2:
                return answer
            iteration = 0 if initial else arguments["iteration"]
            share = self.learning_rate(arguments["optimizer"], iteration) * self.__l2
            moved = answer["network"]
            shrunk = (moved if after else arguments["network"])["weights"]
            pairs = zip(moved["weights"], shrunk, strict=True)
            return {**answer, "network": {**moved, "weights": [new - share * old for new, old in pairs]}}

    return DecayBesideMomentum
