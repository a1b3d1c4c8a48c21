"""The figures of the three documents: data, decision boundaries, loss curves, the hidden projection.

Figures are made without pyplot: no window, no display, and no state shared between figures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from nnspec.documents.experiments import Experiment
from nnspec.documents.places import DOCUMENTS
from nnspec.reference.values import Array

#: Inputs (M, 2) to labels (M,).
Predict: TypeAlias = Callable[[Array], Array]

# Paul Tol's high-contrast scheme, by class: readable by the colour-blind and in black and white.
COLORS = ["#004488", "#DDAA33", "#BB5566"]
MARKERS = ["o", "s", "^"]
PANELS_A_ROW = 4


def data(experiment: Experiment) -> Figure:
    """The data set, coloured by class."""
    figure, axes = single_panel()
    inputs, labels = experiment.examples()
    heading(axes, f"The {experiment.data}", f"data of {experiment.name}", document(experiment))
    plane(axes)
    scatter(axes, inputs, labels)
    legend(axes)
    return figure


def decision_boundary(experiment: Experiment, predict: Predict) -> Figure:
    """The predicted class in every part of the plane, and the data."""
    figure, axes = single_panel()
    heading(axes, f"Decision boundary of {experiment.name}", experiment.about, document(experiment))
    plane(axes)
    regions(axes, experiment, predict)
    legend(axes)
    return figure


def hidden_sizes(runs: list[tuple[Experiment, Predict]]) -> Figure:
    """Decision boundaries, a panel for each run, all of one document and data set.

    Source: WildML, "Varying the hidden layer size".
    """
    columns = min(len(runs), PANELS_A_ROW)
    rows = math.ceil(len(runs) / columns)
    layout = ConstrainedLayoutEngine(compress=True, h_pad=0.1)
    figure = Figure(figsize=(3.2 * columns, 2.7 * rows + 0.9), layout=layout)
    first = runs[0][0]
    figure.suptitle(f"Hidden layer sizes on the {first.data}\n{document(first)}", weight="bold")
    for place, (experiment, predict) in enumerate(runs, start=1):
        axes = figure.add_subplot(rows, columns, place)
        axes.set_title(f"Hidden layer size {experiment.sizes[1]}")
        plane(axes)
        regions(axes, experiment, predict, size=9)
    handles, names = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False, markerscale=2)
    return figure


def loss_curve(experiment: Experiment, losses: Array) -> Figure:
    """The objective against the iteration; losses (T,), the first before any update."""
    figure, axes = single_panel()
    heading(axes, f"Training of {experiment.name}", experiment.about, document(experiment))
    # A line at zero shows how far the loss was from it, and keeps zero in view.
    axes.axhline(0, color="0.75", linewidth=0.8)
    axes.plot(np.arange(len(losses)), losses, color=COLORS[0], linewidth=1.8)
    axes.set(xlabel="iteration", ylabel="objective")
    axes.margins(x=0.02)
    axes.grid(color="0.92")
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def hidden_projection(experiment: Experiment, hidden: Array) -> Figure:
    """The outputs (N, 3) of three hidden units, coloured by class.

    Source: Roelants, "Transformation of the input domain".
    """
    figure = Figure(figsize=(6, 5.2), layout="constrained")
    axes = figure.add_subplot(projection="3d")
    heading(axes, f"Hidden projection of {experiment.name}", experiment.about, document(experiment))
    axes.set(xlabel="$h_1$", ylabel="$h_2$", zlabel="$h_3$")
    scatter(axes, hidden, experiment.examples()[1])
    axes.set_aspect("equal")
    legend(axes)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write the figure as PNG, without the margins that equal aspect leaves empty."""
    figure.savefig(path, format="png", dpi=150, bbox_inches="tight", pad_inches=0.15)


def single_panel() -> tuple[Figure, Axes]:
    """A figure that holds one plot."""
    figure = Figure(figsize=(6, 5), layout="constrained")
    return figure, figure.add_subplot()


def document(experiment: Experiment) -> str:
    """The title of the document that an experiment is from."""
    return DOCUMENTS[experiment.document].title


def heading(axes: Axes, title: str, *subtitle: str) -> None:
    """A title above smaller lines with its description and source."""
    axes.set_title(title, loc="left", weight="bold", pad=14 + 11 * len(subtitle))
    axes.annotate(
        "\n".join(subtitle),
        xy=(0, 1),
        xycoords="axes fraction",
        xytext=(0, 8),
        textcoords="offset points",
        color="0.4",
        size=9,
    )


def legend(axes: Axes) -> None:
    """The classes, beside the plot so that they hide no point."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0, frameon=False)


def plane(axes: Axes) -> None:
    """The plane of the inputs, with the same scale on both axes."""
    axes.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")


def scatter(axes: Axes, points: Array, labels: Array, size: float = 26) -> None:
    """Points (N, 2) or (N, 3), a colour and a marker for each class."""
    for k in np.unique(labels):
        axes.scatter(*points[labels == k].T, **marks(k, size))


def marks(k: int, size: float) -> dict[str, Any]:
    """The style of the points of class k; the white edge separates neighbours."""
    return {
        "s": size,
        "color": COLORS[k],
        "marker": MARKERS[k],
        "edgecolors": "white",
        "linewidths": 0.5,
        "label": f"class {k}",
    }


def regions(axes: Axes, experiment: Experiment, predict: Predict, size: float = 26) -> None:
    """The predicted class on the document's grid as a paler colour, under the data."""
    inputs, labels = experiment.examples()
    across, up = (grid_line(experiment, coordinates) for coordinates in inputs.T)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    predicted = predict(grid.reshape(-1, 2)).reshape(grid.shape[:2])
    classes = experiment.sizes[-1]
    axes.imshow(
        predicted,
        extent=(*ends(across), *ends(up)),
        origin="lower",
        # A label outside the classes is white, not the colour of the nearest class.
        cmap=ListedColormap(COLORS[:classes]).with_extremes(under="white", over="white"),
        vmin=-0.5,
        vmax=classes - 0.5,
        alpha=0.35,
        # There is no class 1 between classes 0 and 2: blend colours, not labels.
        interpolation="bicubic",
        interpolation_stage="rgba",
    )
    scatter(axes, inputs, labels, size)


def grid_line(experiment: Experiment, coordinates: Array) -> Array:
    """One side of the grid that the experiment's document predicts on, from the data's coordinates (N,)."""
    if experiment.document == "roelants":
        return np.linspace(-2, 2, 200)
    margin, step = {"cs231n": (1.0, 0.02), "wildml": (0.5, 0.01)}[experiment.document]
    return np.arange(coordinates.min() - margin, coordinates.max() + margin, step)


def ends(line: Array) -> tuple[float, float]:
    """The outer edges of the cells centred on these evenly spaced coordinates."""
    half = (line[1] - line[0]) / 2
    return line[0] - half, line[-1] + half
