"""Variants are told apart by the accuracies and the norms of gradients of a log."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.documents.experiments import TRACED
from nnspec.training_log.beside_losses import agreeing
from nnspec.training_log.comparison import Fit
from nnspec.training_log.constants import constants, initializations
from nnspec.training_log.log import Log, Loss

EXPERIMENT = TRACED["spiral-linear"]
VARIANTS = [*constants(EXPERIMENT), *initializations(EXPERIMENT)]
FITS = [Fit(variant, 5, 5, 9.0) for variant in VARIANTS[:6]]
ITERATIONS = (0, 10, 20)


def states(variant):
    """The arguments of a training, and the network before each of these iterations."""
    for iteration in ITERATIONS:
        program = variant.program()
        arguments = variant.training(program, iteration)
        network = program.train(**arguments)["network"] if iteration else arguments["network"]
        yield iteration, program, arguments, network


def accuracies(variant):
    return {
        iteration: Loss.read(f"{np.mean(program.predict(network, given['inputs']) == given['labels']):.4f}")
        for iteration, program, given, network in states(variant)
    }


def norms(variant, kinds):
    found = {}
    for iteration, program, given, network in states(variant):
        gradients = program.gradients(network, given["inputs"], given["labels"], given["objective"])
        flat = np.concatenate([array.ravel() for kind in kinds for array in gradients[kind]])
        found[iteration] = Loss.read(f"{np.linalg.norm(flat):.5f}")
    return found


LOSSES = {iteration: Loss.read("1.0") for iteration in ITERATIONS}


@pytest.mark.parametrize("place", range(3))
def test_accuracies_leave_the_variant_that_has_them(place):
    log = Log(LOSSES, accuracies=accuracies(VARIANTS[place]))

    left = agreeing(FITS, log)

    assert FITS[place] in left
    assert len(left) < len(FITS)


@pytest.mark.parametrize("kinds", [("weights", "biases"), ("weights",)])
def test_norms_of_all_gradients_or_of_those_on_the_weights_leave_the_variant_that_has_them(kinds):
    log = Log(LOSSES, gradient_norms=norms(VARIANTS[1], kinds))

    assert agreeing(FITS, log) == [FITS[1]]


def test_all_are_left_if_none_agrees_or_if_the_log_has_neither():
    strange = Log(LOSSES, accuracies={0: Loss.read("0.01234"), 10: Loss.read("0.01234")})

    assert agreeing(FITS, strange) == FITS
    assert agreeing(FITS, Log(LOSSES)) == FITS
