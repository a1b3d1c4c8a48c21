"""The figures of the documents, from networks that an implementation trained."""

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
    """Draw all figures that these traces suffice for into ``folder``; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    figures: dict[str, Figure] = {}
    used = {EXPERIMENTS[name].data for name in traces}
    figures |= {
        f"data-{experiment.data}": plots.data(experiment) for experiment in DATA if experiment.data in used
    }
    for experiment in BOUNDARIES:
        if experiment.name in traces:
            predict = predictor(subject, traces[experiment.name])
            figures[f"boundary-{experiment.name}"] = plots.decision_boundary(experiment, predict)
    sizes = [
        (experiment, predictor(subject, traces[experiment.name]))
        for experiment in HIDDEN_SIZES
        if experiment.name in traces
    ]
    if len(sizes) > 1:
        figures["hidden-sizes"] = plots.hidden_sizes(sizes)
    if CIRCLES_MOMENTUM.name in traces:
        figures |= _circles(subject, traces[CIRCLES_MOMENTUM.name])
    paths = []
    for name, figure in figures.items():
        paths.append(folder / f"{name}.png")
        plots.save(figure, paths[-1])
    return paths


def predictor(subject: Subject, trace: Trace) -> Callable[[Array], Array]:
    """A function from points of the plane to the classes that a trained network predicts."""
    return lambda points: np.asarray(subject.predict(network=trace.network, inputs=points))


def _circles(subject: Subject, trace: Trace) -> dict[str, Figure]:
    """The loss before training and after every update, and the hidden layer's projection if it has ``forward``."""
    inputs, labels = CIRCLES_MOMENTUM.examples()
    arguments = {"network": trace.network, "inputs": inputs}
    figures: dict[str, Figure] = {}
    try:
        final = subject.loss(**arguments, labels=labels, objective=CIRCLES_MOMENTUM.objective)
        losses = np.append(trace.losses, final)
    except NoAnswer:
        losses = trace.losses
    figures["loss-circles-momentum"] = plots.loss_curve(CIRCLES_MOMENTUM, losses)
    try:
        hidden = subject.forward(**arguments)["hidden"][0]
    except NoAnswer:
        return figures
    figures["hidden-projection"] = plots.hidden_projection(CIRCLES_MOMENTUM, hidden)
    return figures
