"""The points on which trained classifiers are tested: their place, and their distance from the boundary."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.documents.experiments import CIRCLES_MOMENTUM
from nnspec.judging.cases import circle
from nnspec.reference import Reference


def test_a_circle_has_its_radius_and_centre():
    np.testing.assert_allclose(np.hypot(*circle(0.3).T), 0.3, rtol=1e-15)
    np.testing.assert_allclose(circle(0.3).mean(axis=0), 0, atol=1e-16)


@pytest.fixture(scope="module")
def network():
    return Reference().train(**CIRCLES_MOMENTUM.training())["network"]


@pytest.mark.parametrize(("radius", "label"), [(0.1, 1), (0.3, 1), (1.0, 0), (1.5, 0), (2.0, 0), (2.8, 0)])
def test_the_circles_are_too_far_from_the_boundary_for_rounding_to_turn_them(network, radius, label):
    scores = Reference().forward(network, circle(radius))["scores"]

    assert (scores[:, label] - scores[:, 1 - label]).min() > 3.88


def test_the_hidden_layer_separates_the_examples_by_a_plane(network):
    inputs, labels = CIRCLES_MOMENTUM.examples()
    (hidden,) = Reference().forward(network, inputs)["hidden"]
    across = network["weights"][1] @ [-1, 1]

    distance = hidden @ across + network["biases"][1] @ [-1, 1]

    assert distance[labels == 1].min() > 2.9
    assert distance[labels == 0].max() < -2.9
