"""Fits with lasting momentum: the bound on how far two of them are apart, and the programs that are refused."""

from __future__ import annotations

import numpy as np
import pytest
from miniatures import single_precision

from nnspec import mistakes
from nnspec.contract.errors import Unsupported
from nnspec.documents.experiments import momentum
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.judging.rounding import Precision
from nnspec.judging.subject import Exact, Subject
from nnspec.reach.transports import InProcess
from nnspec.reference import Reference
from nnspec.runs.linear_fits import gentle_rate, labels_of, random_inputs
from nnspec.runs.momentum_fits import FACTOR, ITERATIONS, RATE, apart, assert_fits_with_lasting_momentum

REDUCTIONS = pytest.mark.parametrize("reduction", ["mean", "sum"])


class OfItsOwn(Reference):
    def describe(self):
        return {"name": "of its own", "initialization": "own"}


class ForgetsHalfOfTheVelocity(Reference):
    def update(self, velocity, iteration, **arguments):
        if iteration == 60:
            velocity = {name: [array / 2 for array in arrays] for name, arrays in velocity.items()}
        return super().update(velocity=velocity, iteration=iteration, **arguments)


def fits(program, reduction="mean", *, precision="float64", classes=3, seed=0):
    subject, exact = Subject(InProcess(program, "program")), Exact(Precision(precision))
    random, objective = np.random.default_rng(seed), cases.objective(reduction)
    assert_fits_with_lasting_momentum(subject, exact, random, "tanh", objective, classes)


@REDUCTIONS
@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize(
    ("program", "precision"), [(Reference(), "float64"), (single_precision, "float32")], ids=["64", "32"]
)
def test_a_correct_program_is_accepted(program, precision, classes, reduction):
    for seed in range(5):
        fits(program, reduction, precision=precision, classes=classes, seed=seed)


@REDUCTIONS
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "program", [mistakes.VelocityForgottenEvery100Iterations(), ForgetsHalfOfTheVelocity()]
)
def test_a_velocity_that_is_not_kept_is_refused(program, reduction, seed):
    with pytest.raises(Disagreement, match="predict after fit"):
        fits(program, reduction, seed=seed)


def test_a_fit_with_an_initialization_of_its_own_is_not_asked():
    with pytest.raises(Unsupported, match="elsewhere on the way"):
        fits(OfItsOwn())


@pytest.mark.parametrize("seed", range(5))
def test_no_two_fits_get_further_apart_than_the_bound(seed):
    random, objective = np.random.default_rng(seed), cases.objective("mean")
    labels = random.permutation(labels_of(3))
    inputs = random_inputs(len(labels), random)
    optimizer = momentum(RATE * gentle_rate(inputs, objective), FACTOR)
    zeros = cases.zero_velocity((2, 3))
    start = {**zeros, "weights": [0.01 * random.standard_normal((2, 3))]}

    ends = [
        Reference().train(
            {**network, "activation": "tanh"}, inputs, labels, objective, optimizer, ITERATIONS, None
        )
        for network in (zeros, start)
    ]
    distance = norm_of_difference(*(end["network"] for end in ends))

    assert distance < apart(norm_of_difference(zeros, start), 0.0, 0.0)


def norm_of_difference(one, other):
    return np.sqrt(sum(((one[name][0] - other[name][0]) ** 2).sum() for name in ("weights", "biases")))


def test_what_is_rounded_adds_to_the_bound():
    assert apart(1.0, 0.0, 0.0) == pytest.approx(942, abs=1)
    assert apart(0.0, 0.0, 1.0) > ITERATIONS
    assert apart(0.0, 1.0, 0.0) > apart(0.0, 0.0, 1.0)
