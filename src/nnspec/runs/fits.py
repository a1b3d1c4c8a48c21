"""Outcomes of ``fit``: a program's own randomness, so its accuracy is judged as a distribution.

Each fit gets examples of its own, drawn by the reference's data operations, and a seed of its own. The fit
*hits* where its accuracy on those examples lies in the region of accuracies that ``OUTCOMES`` names, and
*misses* otherwise. How often the reference misses is measured (``golden/outcomes.json``, made by
``benchmarks/fit_outcomes.py``); a program that misses as rarely is accepted, one that misses half of the time
or more is refused (``nnspec.judging.sequential``).

**A correct program is refused with a probability of at most 1e-6**, by all of the clauses together. Correct
means here: its fits miss no more often than the reference's, whose probability of a miss, m, nobody knows.
There are 11 outcomes, and with each of them two things can go wrong:

1. The measuring. m₀ is the upper limit by Clopper and Pearson at a confidence of 1 − δ, from 2000 independent
   fits, so m > m₀ with a probability of at most δ. (With no miss in 2000, m₀ = 1 − δ^(1/2000) = 0.8 %.)
2. The judging. Where m ≤ m₀, the sequential test refuses with a probability of at most α.

With α = δ = 1e-6 / (2 · 11) = 4.5e-8 they add up to 1e-6, whatever m is. The regions and the iterations were
chosen by looking at other fits than the 2000 that are counted, and the tests draw from other random numbers
than either, so neither choice makes m₀ too small.

**A program that misses half of the time or more is accepted with a probability of at most 1/10** (by each
clause that it misses so often); one that misses always is never accepted. A program that never misses is
accepted after four fits, or five where m₀ is large.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
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

    A region is bounded above where a better accuracy is a mistake too: no straight line follows the moons.
    """

    experiment: Experiment
    iterations: int
    least: float
    greatest: float

    @property
    def recipe(self) -> Recipe:
        """What is fitted."""
        return {**self.experiment.recipe(), "iterations": self.iterations}

    def holds(self, accuracy: float) -> bool:
        """Whether a fit with this accuracy hits."""
        return self.least <= accuracy <= self.greatest


#: By the name of the experiment. Iterations: enough for the regions to stand apart, and no more.
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

#: The probability with which a correct program is refused, at most, by all outcomes together …
REFUSAL = 1e-6
#: … and what of it each outcome has for the measuring, δ, and as much again for the judging, α.
SHARE = REFUSAL / (2 * len(OUTCOMES))
#: A program that misses so often is wrong …
WRONG = 0.5
#: … and accepted with this probability at most.
PASSING = 0.1


def sequential_test(outcome: Outcome) -> SequentialTest:
    """The test of this outcome, with m₀ as measured."""
    return SequentialTest(measured()[outcome.experiment.name]["miss"], WRONG, SHARE, PASSING)


@cache
def measured() -> dict[str, Any]:
    """What fits of the reference came to, by the name of the experiment."""
    stored = resources.files("nnspec.golden").joinpath("outcomes.json").read_text(encoding="utf-8")
    experiments: dict[str, Any] = json.loads(stored)["experiments"]
    return experiments


def draw(experiment: Experiment, random: np.random.Generator) -> tuple[Array, Array, int]:
    """Inputs and labels like the experiment's, from other random numbers, and a seed."""
    told = DATA[experiment.data]()
    told["normals"] = random.standard_normal(np.shape(told["normals"]))
    if "order" in told:
        told["order"] = random.permutation(told["order"])
    made = getattr(Reference(), experiment.data)(**told)
    return made["inputs"], made["labels"], int(random.integers(2**31))


def assert_fits(subject: Subject, experiment: Experiment, random: np.random.Generator) -> None:
    """Fits hit the experiment's region often enough, each with data and a seed from ``random``."""
    __tracebackhide__ = True
    outcome = OUTCOMES[experiment.name]
    test = sequential_test(outcome)
    seen: list[float] = []
    accepted = None
    while accepted is None:
        seen.append(_accuracy(subject, outcome, random))
        hits = sum(map(outcome.holds, seen))
        accepted = test.verdict(hits, len(seen) - hits)
    if not accepted:
        raise _refused(outcome, test, seen)


def _accuracy(subject: Subject, outcome: Outcome, random: np.random.Generator) -> float:
    """The share of its own examples that a fit classifies as they are labelled."""
    inputs, labels, seed = draw(outcome.experiment, random)
    fitted = subject.fit(inputs=inputs, labels=labels, experiment=outcome.recipe, seed=seed)
    return float(np.mean(subject.predict(network=fitted, inputs=inputs) == labels))


def _refused(outcome: Outcome, test: SequentialTest, seen: list[float]) -> Disagreement:
    """What is said of a program whose fits missed too often."""
    missed = [f"{accuracy:.3f}" for accuracy in seen if not outcome.holds(accuracy)]
    region = f"{outcome.least:g}" + (f" to {outcome.greatest:g}" if outcome.greatest > outcome.least else "")
    return Disagreement(
        "accuracy after fit, on the examples that were fitted",
        ", ".join(missed[:10]) + (", …" if len(missed) > 10 else ""),
        region,
        f"of correct fits {test.allowed:.1%} miss it at the most; "
        f"a correct program is refused once in {1 / (2 * test.refusal):,.0f} times",
        f"{len(missed)} of {len(seen)} fits",
    )
