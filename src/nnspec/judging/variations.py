"""Calls that differ in one argument alone, so that the answers of every correct program differ."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnspec.contract.support import Support, is_network
from nnspec.judging import cases
from nnspec.judging.ordinary import Choices, takes
from nnspec.judging.returned import joined
from nnspec.reference import Reference

Params = dict[str, Any]
#: Fields of describe: those that are true or false, and the one whose names a program may lack one by one.
SWITCHES, SCHEDULES = ("batches", "l2"), "schedules"
WITHOUT = "the answer is the same with and without it"
WHATEVER = "the answer is the same whatever it is"
#: Two choices of minibatches for three iterations on seven examples.
BATCHES = [[0, 1, 2], [3, 4, 5], [1, 3, 6]], [[4, 5, 6], [0, 2, 6], [2, 4, 5]]
#: Schedules by kind; each changes the rate of iteration 2, and again later.
_SCHEDULES = {one["kind"]: one for one in cases.SCHEDULES if one}
#: Iterations after which each schedule has changed the rate, even one that counts them in hundreds.
MANY = 202
#: Examples for predictions that differ for some of them, and more than most programs have in a minibatch.
MANY_EXAMPLES = 300


@dataclass(frozen=True)
class Variation:
    """A call, and others that differ from it in one argument.

    value, base: the first call; others: calls by the value of the argument; field: of describe, "" if it has none;
    read: the argument of a call, None or False if this call does not depend on it; exact: the same calls for the
    reference, where they differ; unless: the field of an argument without which this one does nothing.
    """

    argument: str
    value: Any
    base: Params
    others: Mapping[Any, Params]
    read: Callable[[Mapping[str, Any]], Any]
    field: str = ""
    how: str = WHATEVER
    exact: Mapping[Any, Params] | None = None
    unless: str = ""

    @property
    def calls(self) -> dict[Any, Params]:
        """All calls, as the reference gets them."""
        return {**(self.exact or {self.value: self.base, **self.others})}

    def is_ignored(self, same: Sequence[Any], asked: int) -> bool:
        """Whether the argument is ignored if these of the others have the answer of the base; a schedule may be one."""
        return bool(same) and (self.field == SCHEDULES or len(same) == asked)

    @property
    def is_choice(self) -> bool:
        """Whether describe has a list of names for it, of which a program may do one."""
        return self.field not in ("", SCHEDULES, *SWITCHES)

    def shown(self, same: Sequence[Any]) -> str:
        """The argument, with the values that are ignored if only some are."""
        if self.field == SCHEDULES and len(same) < len(self.others):
            return f"`{self.argument}` of the kind {joined([*map(str, same)])}"
        return f"`{self.argument}`"

    def says(self, same: Sequence[Any], done: Any) -> str:
        """What describe must name, as JSON."""
        if self.field in SWITCHES:
            return "false"
        if self.field == SCHEDULES:
            return json.dumps([value for value in self.others if value not in same])
        return json.dumps([done])

    def judged(self, same: Sequence[Any], done: Any) -> Callable[[Mapping[str, Any]], bool]:
        """Whether a call asks for what the program does."""
        if self.field == SCHEDULES:
            return lambda params: self.read(params) not in same
        if self.is_choice:
            return lambda params: self.read(params) in (None, done)
        return lambda params: not self.read(params)


def variations(
    operation: str, scope: Support, choices: Choices, velocity: Callable[[Params], Any]
) -> Iterator[Variation]:
    """What is varied in the calls of an operation, within the scope.

    velocity: the velocity that the program's own update returns for these arguments, None if it does not.
    """
    base = choices.params(operation)
    if operation == "predict":
        base = with_examples(base, MANY_EXAMPLES)
        base["network"]["weights"] = [3 * weights for weights in base["network"]["weights"]]
    yield from _of_examples(operation, base)
    yield from _of_network(operation, base, scope)
    yield from _of_objective(base, scope)
    if operation == "update":
        yield from _of_update(base, scope, velocity)
    elif takes(operation, "optimizer", "experiment"):
        yield from _of_method(base, scope)
    if takes(operation, "optimizer", "experiment"):
        yield from _of_rate(base, scope)
    yield from _of_run(operation, base, scope)


def changed(params: Params, path: str, value: Any) -> Params:
    """The arguments with another value at a path such as ``objective.l2``."""
    params = copy.deepcopy(params)
    *names, last = path.split(".")
    place = params
    for name in names:
        place = place[name]
    place[last] = value
    return params


def with_examples(params: Params, number: int) -> Params:
    """The same call with this many examples, further apart."""
    random = np.random.default_rng(0)
    inputs = random.normal(0, 3, (number, params["inputs"].shape[1]))
    labels = {"labels": np.resize(params["labels"], number)} if "labels" in params else {}
    return {**params, "inputs": inputs, **labels}


def later(params: Params) -> Params:
    """The same update or run after many iterations, at a rate at which no right run leaves the ordinary numbers."""
    path = _path(params, "optimizer.learning_rate")
    params = changed(params, path, _within(params)["optimizer"]["learning_rate"] / MANY)
    if "experiment" in params:
        return changed(params, "experiment.iterations", MANY)
    if "iteration" in params:
        return {**params, "iteration": MANY}
    return {**params, "iterations": MANY}


def with_iterations(params: Params, number: int) -> Params:
    """The same run with this many iterations."""
    return changed(params, _path(params, "iterations"), number)


def _within(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The objective, the optimizer and the activation, which a recipe holds."""
    return {**params, **params.get("experiment", {})}


def _path(params: Params, path: str) -> str:
    return f"experiment.{path}" if "experiment" in params else path


def _vary(params: Params, path: str, field: str, value: Any, values: Sequence[Any], **more: Any) -> Variation:
    """The values of an argument at a path, each a name in a field of describe."""
    path = _path(params, path)
    return Variation(
        path,
        value,
        changed(params, path, value),
        {other: changed(params, path, other) for other in values},
        field=field,
        **more,
    )


def _always(_: Mapping[str, Any]) -> bool:
    return True


# ---- the arguments ----


def _of_examples(operation: str, base: Params) -> Iterator[Variation]:
    """Other inputs, other labels."""
    if operation == "fit":
        return
    if "inputs" in base:
        yield Variation("inputs", 0, base, {1: {**base, "inputs": -1.5 * base["inputs"] + 0.5}}, _always)
    if "labels" in base:
        labels = base["labels"]
        one_class = np.full_like(labels, labels.min())  # a program may use only which classes there are
        others = {1: {**base, "labels": labels.max() - labels}, 2: {**base, "labels": one_class}}
        yield Variation("labels", 0, base, others, _always)


def _of_network(operation: str, base: Params, scope: Support) -> Iterator[Variation]:
    """The activation of the hidden layers, and the biases."""
    first, *others = scope.activations
    if "name" in base and others:
        yield _vary(
            base,
            "name",
            "activations",
            first,
            others,
            read=lambda p: p["name"],
            how=_alike(scope.activations),
        )
    if operation in ("forward", "predict", "loss", "gradients", "train"):
        layers = len(base["network"]["weights"])
        if others and layers > 1:
            yield _vary(
                base,
                "network.activation",
                "activations",
                first,
                others,
                read=_hidden_activation,
                how=_alike(scope.activations),
            )
        if operation != "train":  # a run may begin with biases of 0, as those of the documents do
            biases = [-array for array in base["network"]["biases"]]
            yield Variation(
                "network.biases", 0, base, {1: changed(base, "network.biases", biases)}, _has_biases
            )
    if operation == "fit" and others and len(base["experiment"]["sizes"]) > 2:
        yield _vary(
            base,
            "activation",
            "activations",
            first,
            others,
            read=lambda p: p["experiment"]["activation"],
            how=_alike(scope.activations),
        )


def _hidden_activation(params: Mapping[str, Any]) -> Any:
    network = params["network"]
    return network["activation"] if is_network(network) and len(network["weights"]) > 1 else None


def _has_biases(params: Mapping[str, Any]) -> bool:
    network = params["network"]
    return not is_network(network) or any(np.any(array) for array in network["biases"])


def _of_objective(base: Params, scope: Support) -> Iterator[Variation]:
    """The reduction, and the penalty."""
    first, *others = scope.reductions
    how = _alike(scope.reductions)
    if "reduction" in base and others:
        yield _vary(base, "reduction", "reductions", first, others, read=lambda p: p["reduction"], how=how)
    if "objective" not in _within(base):
        return
    if others:
        yield _vary(
            base,
            "objective.reduction",
            "reductions",
            first,
            others,
            read=lambda p: _within(p)["objective"]["reduction"],
            how=how,
        )
    if scope.l2:
        yield _vary(
            base,
            "objective.l2",
            "l2",
            0.0,
            [0.3],
            read=lambda p: _within(p)["objective"]["l2"],
            how=WITHOUT,
        )


def _of_method(base: Params, scope: Support) -> Iterator[Variation]:
    """The method of a run, and the factor of its momentum."""
    first, *others = scope.methods
    if others:
        how = _alike_methods(scope, _within(base)["optimizer"])
        yield _vary(base, "optimizer.method", "methods", first, others, read=_method, how=how)
    if "momentum" in scope.methods:
        with_momentum = changed(base, _path(base, "optimizer.method"), "momentum")
        yield _vary(with_momentum, "optimizer.momentum", "", 0.8, [0.5], read=_has_momentum, unless="methods")


def _of_update(base: Params, scope: Support, velocity: Callable[[Params], Any]) -> Iterator[Variation]:
    """The method of a second update, and the factor of its momentum: the first begins without a velocity."""
    if "momentum" not in scope.methods:
        return
    first = changed(base, "optimizer.method", "momentum")
    kept = velocity(first)
    if kept is None:
        return
    second = {**first, "velocity": kept}
    exact = {**first, "velocity": Reference().update(**first)["velocity"]}
    if len(scope.methods) > 1:
        name = "gradient_descent"
        plain = velocity(
            base if base["optimizer"]["method"] == name else changed(base, "optimizer.method", name)
        )
        yield Variation(
            "optimizer.method",
            "momentum",
            second,
            {name: {**changed(first, "optimizer.method", name), "velocity": plain}},
            _method,
            "methods",
            _alike_methods(scope, first["optimizer"]),
            exact={"momentum": exact, name: changed(exact, "optimizer.method", name)},
        )
    yield Variation(
        "optimizer.momentum",
        0.8,
        second,
        {0.5: changed(second, "optimizer.momentum", 0.5)},
        _has_momentum,
        exact={0.8: exact, 0.5: changed(exact, "optimizer.momentum", 0.5)},
        unless="methods",
    )


def _method(params: Mapping[str, Any]) -> Any:
    return _within(params)["optimizer"]["method"]


def _has_momentum(params: Mapping[str, Any]) -> bool:
    return bool(_method(params) == "momentum")


def _of_rate(base: Params, scope: Support) -> Iterator[Variation]:
    """The learning rate, and its schedule."""
    yield _vary(base, "optimizer.learning_rate", "", 0.37, [0.21], read=_always)
    if not scope.schedules:
        return
    path = _path(base, "optimizer.schedule")
    yield Variation(
        path,
        None,
        base,
        {kind: changed(base, path, _SCHEDULES[kind]) for kind in scope.schedules},
        _schedule,
        SCHEDULES,
        WITHOUT,
    )
    if "iteration" in base:
        falling = changed(base, path, _SCHEDULES[scope.schedules[0]])
        yield _vary(
            falling, "iteration", "", 2, [MANY], read=lambda p: _schedule(p) is not None, unless=SCHEDULES
        )


def _schedule(params: Mapping[str, Any]) -> Any:
    chosen = _within(params)["optimizer"]["schedule"]
    return chosen["kind"] if chosen else None


def _of_run(operation: str, base: Params, scope: Support) -> Iterator[Variation]:
    """Minibatches, and how many iterations a fit makes."""
    if operation == "train" and scope.batches:
        batches = [np.array(rows) for rows in BATCHES[0]]
        yield Variation(
            "batches",
            None,
            base,
            {"minibatches": {**base, "batches": batches}},
            lambda p: p["batches"] is not None,
            "batches",
            WITHOUT,
        )
    if operation == "fit":
        if scope.batches:
            yield _vary(
                base,
                "batch_size",
                "batches",
                None,
                [3],
                read=lambda p: p["experiment"]["batch_size"] is not None,
                how=WITHOUT,
            )
        yield _vary(base, "iterations", "", 3, [6], read=_always)


def _alike_methods(scope: Support, optimizer: Mapping[str, Any]) -> str:
    return f"{_alike(scope.methods)}, with a momentum of {optimizer['momentum']:g} in both"


def _alike(names: Sequence[str]) -> str:
    return f"the answer is the same for {joined([*names])}"
