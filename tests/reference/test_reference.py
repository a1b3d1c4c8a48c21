"""The reference compared with scikit-learn and with known properties."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets

from nnspec.documents.experiments import CIRCLES_MOMENTUM, EXPERIMENTS, SPIRAL_RELU, data_set
from nnspec.reference import Reference

REFERENCE = Reference()


def test_the_moons_are_scikit_learns():
    np.random.seed(0)
    inputs, labels = datasets.make_moons(200, noise=0.20)

    got = data_set("moons")

    np.testing.assert_array_equal(got[0], inputs)
    np.testing.assert_array_equal(got[1], labels)


def test_the_circles_are_scikit_learns():
    np.random.seed(1)
    inputs, labels = datasets.make_circles(n_samples=100, shuffle=False, factor=0.3, noise=0.1)

    got = data_set("circles")

    np.testing.assert_array_equal(got[0], inputs)
    np.testing.assert_array_equal(got[1], labels)


def test_the_network_of_the_circles_comes_after_the_gradient_check():
    random = np.random.RandomState(1)
    random.randn(200 + 17)
    biases_hidden, weights_hidden = 0.1 * random.randn(1, 3), 0.1 * random.randn(2, 3)

    network = CIRCLES_MOMENTUM.network()

    np.testing.assert_array_equal(network["biases"][0], biases_hidden[0])
    np.testing.assert_array_equal(network["weights"][0], weights_hidden)


def test_labels_of_8_bits_do_not_wrap_around():
    scores = np.random.default_rng(0).standard_normal((6, 3))
    labels = np.array([0, 1, 2, 2, 1, 0])

    narrow = REFERENCE.score_gradient(scores, labels.astype(np.uint8), "mean")

    np.testing.assert_array_equal(narrow, REFERENCE.score_gradient(scores, labels, "mean"))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_it_computes_in_the_precision_of_its_arguments(name):
    training = EXPERIMENTS[name].training(2, "float32")
    trained = REFERENCE.train(**training)

    assert {array.dtype for array in trained["network"]["weights"]} == {np.dtype("float32")}
    assert {loss.dtype for loss in trained["losses"]} == {np.dtype("float32")}


def test_it_leaves_its_arguments_alone():
    training = SPIRAL_RELU.training(3)
    before = [array.copy() for array in training["network"]["weights"]]

    REFERENCE.train(**training)

    for array, expected in zip(training["network"]["weights"], before, strict=True):
        np.testing.assert_array_equal(array, expected)


def test_fits_agree_for_the_same_seed_and_differ_for_another():
    inputs, labels = CIRCLES_MOMENTUM.examples()
    recipe = {**CIRCLES_MOMENTUM.recipe(), "iterations": 5, "batch_size": 30}

    first, again, other = (REFERENCE.fit(inputs, labels, recipe, seed)["weights"][0] for seed in [1, 1, 2])

    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
