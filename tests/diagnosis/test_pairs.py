"""Pairs of mistakes agree with, hide or undo each other, as the catalogue lists them."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.judging import cases
from nnspec.mistakes.pairs import AGREEING, CANCELLING, HIDING
from nnspec.reference import Reference

#: Half the width of a central difference, and its tolerance as a share of the greatest gradient.
STEP, TOLERANCE = 1e-5, 1e-6


def problem(activation="tanh", l2=0.3):
    """Seven examples: the last is a copy of the first, and none has the last class."""
    random = np.random.default_rng(0)
    inputs = random.standard_normal((6, 3))
    return {
        "network": cases.network(random, (3, 5, 4), activation),
        "inputs": np.concatenate([inputs, inputs[:1]]),
        "labels": np.array([1, 0, 2, 2, 1, 0, 1]),
        "objective": {"l2": l2, "reduction": "mean"},
    }


def passes_a_gradient_check(program):
    params = problem()
    network = params["network"]
    for kind, arrays in program.gradients(**params).items():
        for parameter, gradient in zip(network[kind], arrays, strict=True):
            differences = np.empty_like(gradient)
            for place in np.ndindex(parameter.shape):
                differences[place] = central_difference(program, params, parameter, place)
            if np.abs(differences - gradient).max() > TOLERANCE * max(1.0, np.abs(gradient).max()):
                return False
    return True


def central_difference(program, params, parameter, place):
    value, losses = parameter[place], []
    for step in (STEP, -STEP):
        parameter[place] = value + step
        losses.append(program.loss(**params))
    parameter[place] = value
    return (losses[0] - losses[1]) / (2 * STEP)


def losses(program, l2=0.3):
    """The losses of ten iterations with momentum and a schedule."""
    optimizer = {
        "method": "momentum",
        "learning_rate": 0.1,
        "momentum": 0.9,
        "schedule": {"kind": "exponential", "decay": 0.1},
    }
    return program.train(**problem(l2=l2), optimizer=optimizer, iterations=10, batches=None)["losses"]


@pytest.mark.parametrize("pair", AGREEING, ids=lambda pair: pair.__name__)
def test_a_loss_and_a_gradient_with_the_same_mistake_pass_a_gradient_check(pair):
    assert passes_a_gradient_check(pair())
    for one in pair.__bases__:
        assert not passes_a_gradient_check(one())


@pytest.mark.parametrize("pair", HIDING, ids=lambda pair: pair.__name__)
def test_a_hidden_mistake_does_not_show_in_training(pair):
    hidden, visible = pair.__bases__

    assert losses(pair()) == losses(visible())
    assert losses(hidden()) not in (losses(visible()), losses(Reference()))


@pytest.mark.parametrize("pair", CANCELLING, ids=lambda pair: pair.__name__)
def test_mistakes_that_undo_each_other_train_correctly_without_a_penalty(pair):
    assert losses(pair(), l2=0.0) == losses(Reference(), l2=0.0)
    for one in pair.__bases__:
        assert losses(one(), l2=0.0) != losses(Reference(), l2=0.0)
