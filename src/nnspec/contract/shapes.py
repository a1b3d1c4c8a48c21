"""The shape that each answer must have, from the arguments of its call."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np


def shapes_of(operation: str, params: dict[str, Any]) -> Any:
    """The shapes that the arguments determine.

    Returns a shape, or a list or dictionary of shapes; a part of an answer that is not in it may have any shape.
    """
    if operation in ("softmax", "score_gradient"):
        return params["scores"].shape
    if operation in ("activation", "activation_derivative"):
        return params["z"].shape
    if operation in ("spiral", "moons", "circles"):
        examples = params.get("examples") or params["examples_per_class"] * params["classes"]
        return {"inputs": (examples, 2), "labels": (examples,)}
    if operation == "initialize":
        sizes = params["sizes"]
        return _parameters([*itertools.pairwise(sizes)])
    if "network" not in params or operation == "loss":
        return {} if operation == "fit" else ()
    if operation in ("forward", "predict"):
        return _forward_shapes(operation, params)
    like = _parameters([np.shape(weights) for weights in params["network"]["weights"]])
    if operation == "gradients":
        return like
    return {"network": like} | ({"losses": (params["iterations"],)} if operation == "train" else {})


def _parameters(weights: list[tuple[int, ...]]) -> dict[str, Any]:
    return {"weights": weights, "biases": [shape[1:] for shape in weights]}


def _forward_shapes(operation: str, params: dict[str, Any]) -> Any:
    """A label per example, or the outputs of every layer. ``predict`` may get a handle, which has no sizes."""
    examples = len(params["inputs"])
    if operation == "predict":
        return (examples,)
    *hidden, scores = [(examples, np.shape(weights)[1]) for weights in params["network"]["weights"]]
    return {"hidden": hidden, "scores": scores}
