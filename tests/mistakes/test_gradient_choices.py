"""Choices of the backward pass alone: each changes gradients, keeps losses, and says which clause has it right."""

from __future__ import annotations

import numpy as np
import pytest

from nnspec.judging import cases
from nnspec.mistakes.choices import with_error_of
from nnspec.mistakes.choices.backward_classes import with_backward_slips
from nnspec.mistakes.choices.batch_gradients import with_batch_gradients
from nnspec.mistakes.choices.gradient_clips import with_gradient_clips
from nnspec.mistakes.choices.outputs import OUTPUT_FUNCTIONS
from nnspec.reference import Reference
from nnspec.specification.chapters import entries

ERRORS = tuple(map(with_error_of, OUTPUT_FUNCTIONS[1:]))
PROGRAMS = [*with_backward_slips(), *with_batch_gradients(), *with_gradient_clips(), *ERRORS]


def problems():
    random = np.random.default_rng(0)
    for activation, sizes in (
        ("relu", (4, 3, 6, 2)),
        ("tanh", (2, 5, 3)),
        ("logistic", (3, 4, 2)),
        ("tanh", (3, 4)),
    ):
        problem = cases.problem(random, sizes, activation, cases.objective("sum", 0.3))
        yield {**problem, "inputs": 20 * problem["inputs"]}  # so that every limit cuts something off


def flat(gradients):
    return np.concatenate([np.ravel(array) for kind in ("weights", "biases") for array in gradients[kind]])


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_it_changes_gradients_and_no_loss(program):
    with np.errstate(all="ignore"):
        pairs = [
            (flat(program().gradients(**params)), flat(Reference().gradients(**params)))
            for params in problems()
        ]
        losses = [(program().loss(**params), Reference().loss(**params)) for params in problems()]

    assert any(not np.allclose(got, right, rtol=1e-9, atol=0) for got, right in pairs)
    assert all(got == right for got, right in losses)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_it_says_what_is_wrong_how_to_mend_it_and_which_clause_it_breaks(program):
    assert program.__doc__.endswith(".")
    assert program.fix.endswith(".")
    assert program.clause in {entry.clause.id for entry in entries()}


def test_their_names_differ():
    assert len({program.__name__ for program in PROGRAMS}) == len(PROGRAMS)
