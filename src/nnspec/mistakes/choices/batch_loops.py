"""Programs that train on other batches than those that are given."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nnspec.mistakes.choices.base import Choice
from nnspec.reference.values import Array, Network, Objective, Parameters

Batches = list[Array]
#: From the batches, the number of examples and that of iterations: other batches; None is all examples every time.
Other = Callable[[Batches, int, int], Batches | None]


def on_batches(other: Other, of_all: Other | None = None) -> type[Choice]:
    """The class that trains on other batches; of_all: what it takes where all examples are to be used every time."""

    class OnBatches(Choice):
        def train(self, **arguments: Any) -> dict[str, Any]:
            batches, iterations = arguments["batches"], arguments["iterations"]
            examples = len(arguments["labels"])
            if batches is not None and iterations:
                batches = other(list(batches[:iterations]), examples, iterations)
            elif of_all is not None and iterations:
                batches = of_all([], examples, iterations)
            return super().train(**{**arguments, "batches": batches})

    return OnBatches


def _passes(examples: int, size: int, shuffled: bool) -> Iterator[Array]:
    """Batches for ever, the last of each pass perhaps shorter."""
    random = np.random.RandomState(0)
    while True:
        order = random.permutation(examples) if shuffled else np.arange(examples)
        yield from np.split(order, range(size, examples, size))


def _first(batches: Iterator[Array], iterations: int) -> Batches:
    return list(itertools.islice(batches, iterations))


def own(size: int, shuffled: bool) -> type[Choice]:
    """Batches of its own size, whatever is given."""

    def other(batches: Batches, examples: int, iterations: int) -> Batches:
        return _first(_passes(examples, size, shuffled), iterations)

    return on_batches(other, other)


def _short_dropped(batches: Batches, examples: int, iterations: int) -> Batches:
    full = [batch for batch in batches if len(batch) >= len(batches[0])]
    return _first(itertools.cycle(full), iterations)


def _shuffled(batches: Batches, examples: int, iterations: int) -> Batches:
    return [batches[index] for index in np.random.RandomState(0).permutation(len(batches))]


def _all_but_last(batches: Batches, examples: int, iterations: int) -> Batches:
    given = batches or [np.arange(examples)] * iterations
    return [batch[:-1] if len(batch) > 1 else batch for batch in given]


ShortDropped = on_batches(_short_dropped)
AllExamples = on_batches(lambda batches, examples, iterations: None)
FirstBatch = on_batches(lambda batches, examples, iterations: batches[:1] * iterations)
Shuffled = on_batches(_shuffled)
Reversed = on_batches(lambda batches, examples, iterations: batches[::-1])
Twice = on_batches(lambda batches, examples, iterations: [b for b in batches for _ in range(2)][:iterations])
InSequence = on_batches(
    lambda batches, examples, iterations: _first(_passes(examples, len(batches[0]), False), iterations)
)
LastExampleDropped = on_batches(_all_but_last, _all_but_last)


class OneAtATime(Choice):
    """Every example of a batch has an update of its own; the loss is the sum or the mean of theirs."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        iterations = arguments["iterations"]
        batches = arguments["batches"] or [np.arange(len(arguments["labels"]))] * iterations
        singles = [batch[at : at + 1] for batch in batches[:iterations] for at in range(len(batch))]
        trained = super().train(**{**arguments, "batches": singles, "iterations": len(singles)})
        ends = np.cumsum([len(batch) for batch in batches[:iterations]])
        groups = np.split(np.asarray(trained["losses"]), ends[:-1])
        mean = arguments["objective"]["reduction"] == "mean"
        return {**trained, "losses": [float(g.mean() if mean else g.sum()) for g in groups[:iterations]]}


class OverTheDataSet(Choice):
    """The gradient of a batch's mean is divided by the number of all examples."""

    __examples = 0
    __share = 1.0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__examples = len(arguments["labels"])
        try:
            return super().train(**arguments)
        finally:
            self.__examples, self.__share = 0, 1.0

    def backward(self, network: Network, inputs: Array, *forward: Any) -> Parameters:
        if self.__examples and forward[-1]["reduction"] == "mean":
            self.__share = len(inputs) / self.__examples
        return super().backward(network, inputs, *forward)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        return self.__share * super().weight_gradient(layer_inputs, delta)

    def bias_gradient(self, delta: Array) -> Array:
        return self.__share * super().bias_gradient(delta)


class LossAndGradientOverTheDataSet(OverTheDataSet):
    """The mean of a batch is divided by the number of all examples, in the loss and in its gradient."""

    __examples = 0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__examples = len(arguments["labels"])
        try:
            return super().train(**arguments)
        finally:
            self.__examples = 0

    def cross_entropy(self, scores: Array, labels: Array, reduction: str) -> float:
        mean = super().cross_entropy(scores, labels, reduction)
        return mean * len(labels) / self.__examples if self.__examples and reduction == "mean" else mean


class OverTheUsualSize(Choice):
    """The gradient of a short batch's mean is divided by the size of the first batch."""

    __usual = 0

    def train(self, **arguments: Any) -> dict[str, Any]:
        batches = arguments["batches"]
        self.__usual = len(batches[0]) if batches else 0
        try:
            return super().train(**arguments)
        finally:
            self.__usual = 0

    def score_gradient(self, scores: Array, labels: Array, reduction: str) -> Array:
        gradient = super().score_gradient(scores, labels, reduction)
        share = len(labels) / self.__usual if self.__usual and reduction == "mean" else 1.0
        return gradient * share


class OneTooMany(Choice):
    """There is an update more than iterations, on the first batch again, and its loss is not logged."""

    def train(self, **arguments: Any) -> dict[str, Any]:
        batches, iterations = arguments["batches"], arguments["iterations"]
        more = batches if batches is None else [*batches[:iterations], *batches[:1]]
        trained = super().train(**{**arguments, "batches": more, "iterations": iterations + 1})
        return {**trained, "losses": trained["losses"][:iterations]}


class LabelsOfTheFirst(Choice):
    """A batch has its inputs, and as many labels from the beginning of the data."""

    def batch(self, inputs: Array, labels: Array, indices: Array) -> tuple[Array, Array]:
        return super().batch(inputs, labels, indices)[0], labels[: len(indices)]


class InputsOfTheFirst(Choice):
    """A batch has its labels, and as many inputs from the beginning of the data."""

    def batch(self, inputs: Array, labels: Array, indices: Array) -> tuple[Array, Array]:
        return inputs[: len(indices)], super().batch(inputs, labels, indices)[1]


class _KnowsTheShare(Choice):
    """Knows in a training which share of the examples a batch has."""

    _examples = 0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self._examples = len(arguments["labels"])
        try:
            return super().train(**arguments)
        finally:
            self._examples = 0

    def _share(self, labels: Array) -> float:
        return len(labels) / self._examples if self._examples else 1.0


def penalty_by_share(in_loss: bool, in_gradients: bool) -> type[Choice]:
    """The class whose penalty of a batch is multiplied by the batch's share of the examples."""

    class PenaltyByShare(_KnowsTheShare):
        def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
            given = self._shared(objective, labels) if in_loss else objective
            return super().objective(network, scores, labels, given)

        def backward(self, network: Network, *forward: Any) -> Parameters:
            *others, labels, objective = forward
            given = self._shared(objective, labels) if in_gradients else objective
            changed: list[Any] = [*others, labels, given]
            return super().backward(network, *changed)

        def _shared(self, objective: Objective, labels: Array) -> Objective:
            return {**objective, "l2": objective["l2"] * self._share(labels)}

    return PenaltyByShare


def objective_by_share(in_loss: bool) -> type[Choice]:
    """The class whose gradients of a batch are multiplied by its share of the examples; in_loss: the loss too."""

    class ObjectiveByShare(_KnowsTheShare):
        def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
            loss = super().objective(network, scores, labels, objective)
            return loss * self._share(labels) if in_loss else loss

        def backward(self, network: Network, *forward: Any) -> Parameters:
            gradients, share = super().backward(network, *forward), self._share(forward[-2])
            return {
                "weights": [share * array for array in gradients["weights"]],
                "biases": [share * array for array in gradients["biases"]],
            }

    return ObjectiveByShare


class StaleInputs(Choice):
    """A layer keeps its input until one of another shape comes, and its gradients take the one that it keeps."""

    __kept: dict[int, Array] | None = None
    __layer = 0

    def train(self, **arguments: Any) -> dict[str, Any]:
        self.__kept = {}
        try:
            return super().train(**arguments)
        finally:
            self.__kept = None

    def backward(self, network: Network, *forward: Any) -> Parameters:
        self.__layer = len(network["weights"])
        return super().backward(network, *forward)

    def weight_gradient(self, layer_inputs: Array, delta: Array) -> Array:
        self.__layer -= 1
        if self.__kept is not None:
            kept = self.__kept.get(self.__layer)
            if kept is None or kept.shape != layer_inputs.shape:
                kept = self.__kept[self.__layer] = np.asarray(layer_inputs)
            layer_inputs = kept
        return super().weight_gradient(layer_inputs, delta)
