"""Outcomes of ``fit``: it has randomness of its own, so its accuracy is judged as a distribution.

Each fit gets its own examples, drawn by the reference's data operations, and its own seed. A fit *hits* if its
accuracy on those examples lies in the region of the experiment in ``OUTCOMES``, and *misses* otherwise. The miss rate
of the reference was measured (``golden/outcomes.json``, made by ``benchmarks/fit_outcomes.py``); a program with at
most that rate is accepted, one that misses half of the time or more is refused (``nnspec.judging.sequential``).

**A correct program is refused with a probability of at most 1e-6** by all of the clauses together. Correct
means here that its fits miss no more often than the reference's, whose probability of a miss, m, is unknown.
There are 11 outcomes, and for each of them two things can go wrong:

1. The measurement. m₀ is the upper limit by Clopper and Pearson at a confidence of 1 − δ, from 2000 independent
   fits, so m > m₀ with a probability of at most δ. (With no miss in 2000, m₀ = 1 − δ^(1/2000) = 0.8 %.)
2. The judging. If m ≤ m₀, the sequential test refuses with a probability of at most α.

With α = δ = 1e-6 / (2 · 11) = 4.5e-8 they add up to 1e-6, whatever m is. The regions and the iterations were
chosen on fits other than the 2000 that are counted, and the tests draw different random numbers again, so neither
choice makes m₀ too small.

**A program that misses half of the time or more is accepted with a probability of at most 1/10** (by each
clause that it misses so often); one that always misses is never accepted. A program that never misses is
accepted after four fits, or after five if m₀ is large.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nnspec.documents.experiments import (
    CIRCLES_MOMENTUM,
    DATA,
    MOONS_LOGISTIC_REGRESSION,
    MOONS_TANH,
    SPIRAL_LINEAR,
    SPIRAL_RELU,
    Experiment,
    moons,
)
from nnspec.judging.agreement import Disagreement
from nnspec.judging.sequential import SequentialTest
from nnspec.judging.subject import Subject
from nnspec.reference import Reference
from nnspec.reference.values import Array, Recipe


@dataclass(frozen=True)
class Outcome:
    """The experiment's first ``iterations`` end with an accuracy from ``least`` to ``greatest``, both included.

    A region has an upper bound if a better accuracy is a mistake too: a straight line cannot follow the moons. It has
    none for a fit with an initialization of its own, which may learn faster than the experiment's.
    """

    experiment: Experiment
    iterations: int
    least: float
    greatest: float

    @property
    def recipe(self) -> Recipe:
        """The arguments of the fit."""
        return {**self.experiment.recipe(), "iterations": self.iterations}

    def for_initialization(self, initialization: str) -> Outcome:
        """What is right for a fit with the given initialization, or with its own."""
        return self if initialization == "given" else replace(self, greatest=1.0)

    def holds(self, accuracy: float) -> bool:
        """Whether a fit with this accuracy hits."""
        return self.least <= accuracy <= self.greatest


#: By the name of the experiment. The iterations are just enough to keep the regions apart.
OUTCOMES = {
    outcome.experiment.name: outcome
    for outcome in [
        Outcome(SPIRAL_LINEAR, 200, 0.45, 0.60),
        Outcome(SPIRAL_RELU, 500, 0.78, 0.92),
        Outcome(MOONS_LOGISTIC_REGRESSION, 200, 0.80, 0.92),
        Outcome(moons(1), 200, 0.80, 0.92),
        Outcome(moons(2), 300, 0.78, 0.95),
        Outcome(MOONS_TANH, 600, 0.92, 1.0),
        Outcome(moons(4), 400, 0.92, 1.0),
        Outcome(moons(5), 300, 0.92, 1.0),
        Outcome(moons(20), 150, 0.92, 1.0),
        Outcome(moons(50), 150, 0.92, 1.0),
        Outcome(CIRCLES_MOMENTUM, 300, 1.0, 1.0),
    ]
}

#: The greatest probability that a correct program is refused, for all outcomes together.
REFUSAL = 1e-6
#: The share of each outcome: once for the measurement, δ, and once for the judging, α.
SHARE = REFUSAL / (2 * len(OUTCOMES))
#: The miss rate from which a program is wrong, m₁.
WRONG_RATE = 0.5
#: The greatest probability that such a program is accepted, β.
ACCEPTANCE = 0.1


def sequential_test(outcome: Outcome) -> SequentialTest:
    """The sequential test of this outcome, with the measured m₀."""
    return SequentialTest(fit_records()[outcome.experiment.name]["miss"], WRONG_RATE, SHARE, ACCEPTANCE)


@cache
def fit_records() -> dict[str, Any]:
    """The measured fits of the reference, by the name of the experiment."""
    stored = resources.files("nnspec.golden").joinpath("outcomes.json").read_text(encoding="utf-8")
    experiments: dict[str, Any] = json.loads(stored)["experiments"]
    return experiments


def draw(experiment: Experiment, random: np.random.Generator) -> tuple[Array, Array, int]:
    """Inputs and labels like the experiment's, from new random numbers, and a seed."""
    arguments = DATA[experiment.data]()
    arguments["normals"] = random.standard_normal(np.shape(arguments["normals"]))
    if "order" in arguments:
        arguments["order"] = random.permutation(arguments["order"])
    data = getattr(Reference(), experiment.data)(**arguments)
    return data["inputs"], data["labels"], int(random.integers(2**31))


def assert_fits(subject: Subject, experiment: Experiment, random: np.random.Generator) -> None:
    """Fits hit the experiment's region often enough, each with data and a seed from ``random``."""
    __tracebackhide__ = True
    outcome = OUTCOMES[experiment.name].for_initialization(subject.description.initialization)
    test = sequential_test(outcome)
    accuracies: list[float] = []
    accepted = None
    while accepted is None:
        accuracies.append(_accuracy(subject, outcome, random))
        hits = sum(map(outcome.holds, accuracies))
        accepted = test.verdict(hits, len(accuracies) - hits)
    if not accepted:
        raise _refusal(outcome, test, accuracies)


def _accuracy(subject: Subject, outcome: Outcome, random: np.random.Generator) -> float:
    """The share of its own examples that a fit classifies correctly."""
    inputs, labels, seed = draw(outcome.experiment, random)
    fitted = subject.fit(inputs=inputs, labels=labels, experiment=outcome.recipe, seed=seed)
    return float(np.mean(subject.predict(network=fitted, inputs=inputs) == labels))


def _refusal(outcome: Outcome, test: SequentialTest, accuracies: list[float]) -> Disagreement:
    """The error for a program whose fits missed too often."""
    misses = [f"{accuracy:.3f}" for accuracy in accuracies if not outcome.holds(accuracy)]
    region = f"{outcome.least:g}" + (f" to {outcome.greatest:g}" if outcome.greatest > outcome.least else "")
    return Disagreement(
        "accuracy after fit, on the examples that were fitted",
        ", ".join(misses[:10]) + (", …" if len(misses) > 10 else ""),
        region,
        f"at most {test.m0:.1%} of correct fits miss it; "
        f"a correct program is refused once in {1 / (2 * test.alpha):,.0f} times",
        f"{len(misses)} of {len(accuracies)} fits",
    )
