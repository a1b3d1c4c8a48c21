"""Changes of a call's arguments: a wrong answer may be the right one for other arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from nnspec.diagnosis.probes import number_of_classes

#: Other arguments for a call, from its own; None if the change does not apply to them or changes nothing.
Change: TypeAlias = Callable[[dict[str, Any]], dict[str, Any] | None]


def _in_group(params: dict[str, Any], group: str, **values: Any) -> dict[str, Any] | None:
    """The arguments with other values in one group."""
    changed = {**params.get(group, {}), **values}
    return {**params, group: changed} if group in params and changed != params[group] else None


def optimizer(**values: Any) -> Change:
    """An optimizer with other values."""
    return lambda params: _in_group(params, "optimizer", **values)


def reduction(params: dict[str, Any]) -> dict[str, Any] | None:
    """The sum instead of the mean, or the mean instead of the sum."""
    other = {"mean": "sum", "sum": "mean"}
    if "reduction" in params:
        return {**params, "reduction": other[params["reduction"]]}
    if "objective" in params:
        return _in_group(params, "objective", reduction=other[params["objective"]["reduction"]])
    return None


def activation(name: str) -> Change:
    """Another activation, of the call itself or of its network."""

    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        if "name" in params:
            return {**params, "name": name} if params["name"] != name else None
        if params.get("network", {}).get("activation") == name:
            return None
        return _in_group(params, "network", activation=name)

    return change


def without_biases(params: dict[str, Any]) -> dict[str, Any] | None:
    """A network with biases 0."""
    if "network" not in params:
        return None
    network = params["network"]
    return {**params, "network": {**network, "biases": [np.zeros_like(b) for b in network["biases"]]}}


def iteration(by: int) -> Change:
    """An iteration that is ``by`` later."""

    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        return {**params, "iteration": params["iteration"] + by} if "iteration" in params else None

    return change


def more_updates(by: int) -> Change:
    """``by`` iterations more, or fewer if it is negative."""

    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        batches = params.get("batches")
        if "iterations" not in params or params["iterations"] + by < 0 or (batches is not None and by > 0):
            return None
        batches = batches if batches is None else batches[: len(batches) + by]
        return {**params, "iterations": params["iterations"] + by, "batches": batches}

    return change


def without_batches(params: dict[str, Any]) -> dict[str, Any] | None:
    """All examples instead of minibatches."""
    return None if params.get("batches") is None else {**params, "batches": None}


def labels(by: int) -> Change:
    """Labels that are ``by`` greater, modulo the number of classes."""

    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        classes = number_of_classes(params)
        if "labels" not in params or classes < 2:
            return None
        return {**params, "labels": (np.asarray(params["labels"], dtype=int) + by) % classes}

    return change


def examples(selection: slice) -> Change:
    """Only the selected examples."""

    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        if len(params.get("labels", ())) < 2 or params.get("batches") is not None:
            return None
        rows: dict[str, Any] = {
            name: params[name][selection] for name in ("inputs", "scores", "labels") if name in params
        }
        return {**params, **rows}

    return change
