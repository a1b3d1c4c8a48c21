"""The plots show what the documents show. Rules stand in for trained networks."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from nnspec.documents.experiments import CIRCLES_MOMENTUM, HIDDEN_SIZES, MOONS_TANH, SPIRAL_RELU
from nnspec.documents.places import DOCUMENTS
from nnspec.reproduce import plots

ONE_OF_EACH_DOCUMENT = [SPIRAL_RELU, MOONS_TANH, CIRCLES_MOMENTUM]

each_document = pytest.mark.parametrize("experiment", ONE_OF_EACH_DOCUMENT, ids=lambda e: e.document)


def thirds(inputs):
    """Three classes, by the angle of the point."""
    angle = np.arctan2(inputs[:, 1], inputs[:, 0])
    return np.digitize(angle, [-np.pi / 3, np.pi / 3])


def halves(inputs):
    """Two classes, left and right of x₁ = 0.5, a line that crosses every data set."""
    return (inputs[:, 0] > 0.5).astype(int)


def words(figure):
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def region_colors(axes):
    (image,) = axes.images
    labels = np.unique(np.asarray(image.get_array()))
    return [tuple(image.cmap(image.norm(label))) for label in labels]


def point_colors(axes):
    return [tuple(points.get_facecolor()[0]) for points in axes.collections]


def all_plots(experiment):
    hidden = np.random.default_rng(0).random((len(experiment.examples()[1]), 3))
    return [
        plots.data(experiment),
        plots.decision_boundary(experiment, halves),
        plots.loss_curve(experiment, np.array([3.0, 2.0, 1.0])),
        plots.hidden_projection(experiment, hidden),
    ]


@each_document
def test_every_plot_names_its_experiment_and_document(experiment):
    for figure in all_plots(experiment):
        assert experiment.name in words(figure)
        assert DOCUMENTS[experiment.document].title in words(figure)


@each_document
def test_the_data_shows_every_example_once(experiment):
    (axes,) = plots.data(experiment).axes

    shown = np.concatenate([points.get_offsets() for points in axes.collections])

    assert sorted(shown.tolist()) == sorted(experiment.examples()[0].tolist())


def test_the_legend_names_every_class():
    (axes,) = plots.data(SPIRAL_RELU).axes

    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["class 0", "class 1", "class 2"]


def test_the_decision_boundary_colours_a_region_for_every_class():
    (axes,) = plots.decision_boundary(SPIRAL_RELU, thirds).axes

    assert region_colors(axes) == [to_rgba(color) for color in plots.COLORS]


def test_a_region_has_the_colour_of_its_points():
    (axes,) = plots.decision_boundary(CIRCLES_MOMENTUM, halves).axes

    assert region_colors(axes) == point_colors(axes)


def test_a_region_lies_where_it_is_predicted():
    def predict(inputs):
        return (inputs[:, 1] > inputs[:, 0]).astype(int)

    inputs, _ = MOONS_TANH.examples()
    (axes,) = plots.decision_boundary(MOONS_TANH, predict).axes
    (image,) = axes.images
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_size()
    row = ((inputs[:, 1] - bottom) / (top - bottom) * rows).astype(int)
    column = ((inputs[:, 0] - left) / (right - left) * columns).astype(int)

    assert image.origin == "lower"
    # A cell on the boundary may go with the middle of the cell rather than with the example in it.
    assert np.mean(image.get_array()[row, column] == predict(inputs)) > 0.98


def test_a_prediction_that_is_no_class_is_left_white():
    (axes,) = plots.decision_boundary(CIRCLES_MOMENTUM, lambda inputs: np.full(len(inputs), 7)).axes

    assert region_colors(axes) == [to_rgba("white")]


@pytest.mark.parametrize(
    ("experiment", "margin", "step"),
    [(SPIRAL_RELU, 1.0, 0.02), (MOONS_TANH, 0.5, 0.01)],
    ids=["cs231n", "wildml"],
)
def test_the_grid_surrounds_the_data_as_in_the_document(experiment, margin, step):
    coordinates = experiment.examples()[0][:, 0]

    line = plots.grid_line(experiment, coordinates)

    assert line[0] == coordinates.min() - margin
    assert line[-1] == pytest.approx(coordinates.max() + margin, abs=step)
    np.testing.assert_allclose(np.diff(line), step)


def test_the_grid_of_roelants_is_the_square_from_minus_2_to_2():
    line = plots.grid_line(CIRCLES_MOMENTUM, CIRCLES_MOMENTUM.examples()[0][:, 0])

    assert (line[0], line[-1]) == (-2, 2)


@each_document
def test_the_whole_grid_is_predicted_in_one_call(experiment):
    calls = []

    def predict(inputs):
        calls.append(inputs.shape)
        return halves(inputs)

    (axes,) = plots.decision_boundary(experiment, predict).axes

    rows, columns = axes.images[0].get_size()
    assert calls == [(rows * columns, 2)]


def test_hidden_sizes_has_one_panel_per_run_which_names_its_size():
    figure = plots.hidden_sizes([(experiment, halves) for experiment in HIDDEN_SIZES])

    assert [axes.get_title() for axes in figure.axes] == [
        f"Hidden layer size {size}" for size in (1, 2, 3, 4, 5, 20, 50)
    ]
    assert DOCUMENTS["wildml"].title in words(figure)


def test_hidden_sizes_fit_in_one_row_when_they_are_few():
    figure = plots.hidden_sizes([(MOONS_TANH, halves)])

    assert len(figure.axes) == 1


def test_the_loss_curve_shows_as_many_points_as_losses():
    losses = np.geomspace(69.5, 0.4, 301)

    (axes,) = plots.loss_curve(CIRCLES_MOMENTUM, losses).axes

    np.testing.assert_array_equal(axes.lines[-1].get_xydata(), np.stack([np.arange(301), losses], axis=1))


def test_a_loss_curve_that_diverges_can_still_be_drawn(tmp_path):
    figure = plots.loss_curve(CIRCLES_MOMENTUM, np.array([1.0, 5.0, np.inf, np.nan]))

    plots.save(figure, tmp_path / "loss.png")


def test_the_hidden_projection_is_three_dimensional():
    hidden = np.random.default_rng(0).random((100, 3))

    (axes,) = plots.hidden_projection(CIRCLES_MOMENTUM, hidden).axes

    assert axes.name == "3d"
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()) == ("$h_1$", "$h_2$", "$h_3$")
    assert len(axes.collections) == 2


def test_save_writes_a_png_of_every_plot(tmp_path):
    path = tmp_path / "plot.png"

    for figure in all_plots(CIRCLES_MOMENTUM):
        plots.save(figure, path)

        assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        path.unlink()
