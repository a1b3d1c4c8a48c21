"""The figures of the documents, from what an implementation trained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from nnspec.contract.errors import NoAnswer
from nnspec.documents.experiments import (
    CIRCLES_MOMENTUM,
    EXPERIMENTS,
    HIDDEN_SIZES,
    MOONS_LOGISTIC_REGRESSION,
    MOONS_TANH,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
)
from nnspec.judging.subject import Subject
from nnspec.reference.values import Array
from nnspec.reproduce import plots
from nnspec.runs.traces import Trace

#: The experiments whose documents show the data, and those whose documents show a decision boundary.
DATA = [SPIRAL_LINEAR, MOONS_TANH, CIRCLES_MOMENTUM]
BOUNDARIES = [SPIRAL_LINEAR, SPIRAL_RELU, MOONS_LOGISTIC_REGRESSION, MOONS_TANH, CIRCLES_MOMENTUM]


def write(folder: Path, subject: Subject, traces: Mapping[str, Trace]) -> list[Path]:
    """Draw what these traces allow into ``folder``; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn: dict[str, Figure] = {}
    used = {EXPERIMENTS[name].data for name in traces}
    drawn |= {f"data-{shown.data}": plots.data(shown) for shown in DATA if shown.data in used}
    for shown in BOUNDARIES:
        if shown.name in traces:
            predict = predictor(subject, traces[shown.name])
            drawn[f"boundary-{shown.name}"] = plots.decision_boundary(shown, predict)
    sizes = [
        (shown, predictor(subject, traces[shown.name])) for shown in HIDDEN_SIZES if shown.name in traces
    ]
    if len(sizes) > 1:
        drawn["hidden-sizes"] = plots.hidden_sizes(sizes)
    if CIRCLES_MOMENTUM.name in traces:
        drawn |= _circles(subject, traces[CIRCLES_MOMENTUM.name])
    paths = []
    for name, figure in drawn.items():
        paths.append(folder / f"{name}.png")
        plots.save(figure, paths[-1])
    return paths


def predictor(subject: Subject, trace: Trace) -> Callable[[Array], Array]:
    """The classes that a trained network gives to points of the plane."""
    return lambda points: np.asarray(subject.predict(network=trace.network, inputs=points))


def _circles(subject: Subject, trace: Trace) -> dict[str, Figure]:
    """The loss before training and after every update, and the hidden layer's projection where it is offered."""
    inputs, labels = CIRCLES_MOMENTUM.examples()
    told = {"network": trace.network, "inputs": inputs}
    drawn: dict[str, Figure] = {}
    try:
        final = subject.loss(**told, labels=labels, objective=CIRCLES_MOMENTUM.objective)
        losses = np.append(trace.losses, final)
    except NoAnswer:
        losses = trace.losses
    drawn["loss-circles-momentum"] = plots.loss_curve(CIRCLES_MOMENTUM, losses)
    try:
        hidden = subject.forward(**told)["hidden"][0]
    except NoAnswer:
        return drawn
    drawn["hidden-projection"] = plots.hidden_projection(CIRCLES_MOMENTUM, hidden)
    return drawn
