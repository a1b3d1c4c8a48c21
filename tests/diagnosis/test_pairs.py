"""Pairs of mistakes agree with each other, hide each other or undo each other as they are said to."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.judging import cases
from nnspec.mistakes.pairs import AGREEING, CANCELLING, HIDING
from nnspec.reference import Reference

#: Half the width of a central difference, and how far one may be off as a share of the greatest gradient.
STEP, NEAR = 1e-5, 1e-6


def problem(activation="tanh", l2=0.3):
    """Seven examples, the first twice, and none of the last class."""
    random = np.random.default_rng(0)
    inputs = random.standard_normal((6, 3))
    return {
        "network": cases.network(random, (3, 5, 4), activation),
        "inputs": np.concatenate([inputs, inputs[:1]]),
        "labels": np.array([1, 0, 2, 2, 1, 0, 1]),
        "objective": {"l2": l2, "reduction": "mean"},
    }


def passes_a_gradient_check(program):
    told = problem()
    network = told["network"]
    for kind, arrays in program.gradients(**told).items():
        for parameter, gradient in zip(network[kind], arrays, strict=True):
            differences = np.empty_like(gradient)
            for place in np.ndindex(parameter.shape):
                differences[place] = central_difference(program, told, parameter, place)
            if np.abs(differences - gradient).max() > NEAR * max(1.0, np.abs(gradient).max()):
                return False
    return True


def central_difference(program, told, parameter, place):
    kept, losses = parameter[place], []
    for step in (STEP, -STEP):
        parameter[place] = kept + step
        losses.append(program.loss(**told))
    parameter[place] = kept
    return (losses[0] - losses[1]) / (2 * STEP)


def losses(program, l2=0.3):
    """Those of ten iterations with momentum and a schedule."""
    optimizer = {
        "method": "momentum",
        "learning_rate": 0.1,
        "momentum": 0.9,
        "schedule": {"kind": "exponential", "decay": 0.1},
    }
    return program.train(**problem(l2=l2), optimizer=optimizer, iterations=10, batches=None)["losses"]


@pytest.mark.parametrize("pair", AGREEING, ids=lambda pair: pair.__name__)
def test_a_loss_and_a_gradient_that_are_wrong_alike_pass_a_gradient_check(pair):
    assert passes_a_gradient_check(pair())
    for one in pair.__bases__:
        assert not passes_a_gradient_check(one())


@pytest.mark.parametrize("pair", HIDING, ids=lambda pair: pair.__name__)
def test_a_mistake_that_another_hides_does_not_show_in_training(pair):
    hidden, shown = pair.__bases__

    assert losses(pair()) == losses(shown())
    assert losses(hidden()) not in (losses(shown()), losses(Reference()))


@pytest.mark.parametrize("pair", CANCELLING, ids=lambda pair: pair.__name__)
def test_mistakes_that_undo_each_other_train_right_without_a_penalty(pair):
    assert losses(pair(), l2=0.0) == losses(Reference(), l2=0.0)
    for one in pair.__bases__:
        assert losses(one(), l2=0.0) != losses(Reference(), l2=0.0)
