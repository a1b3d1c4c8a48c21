"""Outcomes of ``fit``: it has randomness of its own, so its accuracy is judged as a distribution.

Each fit gets its own examples and its own seed. The examples are drawn by the reference's data operations, or they are
a few that show the same faster (nnspec.runs.few_examples). A fit *hits* if its accuracy on those examples lies in the
region of the outcome in ``OUTCOMES``, and *misses* otherwise. Where one fit shows little, a trial is several of them,
and its accuracy is their mean. The miss rate of the reference was measured (``golden/outcomes.json``, made by
``benchmarks/fit_outcomes.py``); a program with at most that rate is accepted, one that misses half of the time or more
is refused (``nnspec.judging.sequential``).

**A correct program is refused with a probability of at most 1e-6** by all of the clauses together. Correct
means here that its fits miss no more often than the reference's, whose probability of a miss, m, is unknown.
There are 15 outcomes, and for each of them two things can go wrong:

1. The measurement. m₀ is the upper limit by Clopper and Pearson at a confidence of 1 − δ, from 2000 independent
   fits, so m > m₀ with a probability of at most δ. (With no miss in 2000, m₀ = 1 − δ^(1/2000) = 0.8 %.)
2. The judging. If m ≤ m₀, the sequential test refuses with a probability of at most α.

With α = δ = 1e-6 / (2 · 15) = 3.3e-8 they add up to 1e-6, whatever m is. The regions and the iterations were
chosen on fits other than the 2000 that are counted, and the tests draw different random numbers again, so neither
choice makes m₀ too small.

**A program that misses half of the time or more is accepted with a probability of at most 1/10** (by each
clause that it misses so often); one that always misses is never accepted. A program that never misses is
accepted after four fits, or after five if m₀ is large.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib import resources
from typing import Any

import numpy as np

from nnspec.contract.errors import Unsupported
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
from nnspec.runs import few_examples

#: Inputs and labels.
Examples = tuple[Array, Array]


@dataclass(frozen=True)
class Outcome:
    """Fits of this recipe end with an accuracy from ``least`` to ``greatest``, both included.

    draw: new examples; fits: how many make a trial. A region has an upper bound if a better accuracy is a mistake too:
    a straight line cannot follow the moons. It has none for a fit with an initialization of its own, which may learn
    faster than the experiment's.
    """

    name: str
    recipe: Recipe
    draw: Callable[[np.random.Generator], Examples]
    least: float = 1.0
    greatest: float = 1.0
    fits: int = 1

    def for_initialization(self, initialization: str) -> Outcome:
        """What is right for a fit with the given initialization, or with its own."""
        return self if initialization == "given" else replace(self, greatest=1.0)

    def with_reduction(self, reduction: str) -> Outcome:
        """The same of few examples, whose steps are those of the sum over them, for a sum or a mean."""
        return replace(self, recipe=few_examples.with_reduction(self.recipe, reduction))

    def holds(self, accuracy: float) -> bool:
        """Whether a trial with this accuracy hits."""
        return self.least <= accuracy <= self.greatest


def like(experiment: Experiment, random: np.random.Generator) -> Examples:
    """Inputs and labels like the experiment's, from new random numbers."""
    arguments = DATA[experiment.data]()
    arguments["normals"] = random.standard_normal(np.shape(arguments["normals"]))
    if "order" in arguments:
        arguments["order"] = random.permutation(arguments["order"])
    data = getattr(Reference(), experiment.data)(**arguments)
    return data["inputs"], data["labels"]


def beginning(experiment: Experiment, iterations: int, least: float, greatest: float) -> Outcome:
    """What the first iterations of an experiment end with."""
    recipe: Recipe = {**experiment.recipe(), "iterations": iterations}
    return Outcome(experiment.name, recipe, partial(like, experiment), least, greatest)


#: A class between two groups of another, with ReLU, and with tanh on minibatches.
BETWEEN = Outcome("between-relu", few_examples.BETWEEN_RELU, few_examples.three_in_a_row)
BETWEEN_ON_MINIBATCHES = Outcome(
    "between-tanh-minibatches", few_examples.BETWEEN_MINIBATCHES, few_examples.three_in_a_row
)
#: One class, after one iteration from small parameters.
FROM_SMALL_PARAMETERS = Outcome(
    "one-class-logistic", few_examples.FROM_SMALL_PARAMETERS, few_examples.one_class, fits=10
)
#: One class, of which one iteration from weights N(0, 1/fan-in) decides most examples.
FROM_FAN_IN = Outcome(
    "one-class-tanh",
    few_examples.FROM_FAN_IN,
    partial(few_examples.one_class, size=few_examples.MANY_INPUTS),
    least=0.825,
    greatest=0.95,
    fits=40,
)

#: By name. The iterations are just enough to keep the regions apart.
OUTCOMES = {
    outcome.name: outcome
    for outcome in [
        beginning(SPIRAL_LINEAR, 200, 0.45, 0.60),
        beginning(SPIRAL_RELU, 500, 0.78, 0.92),
        beginning(MOONS_LOGISTIC_REGRESSION, 200, 0.80, 0.92),
        beginning(moons(1), 200, 0.80, 0.92),
        beginning(moons(2), 300, 0.78, 0.95),
        beginning(MOONS_TANH, 600, 0.92, 1.0),
        beginning(moons(4), 400, 0.92, 1.0),
        beginning(moons(5), 300, 0.92, 1.0),
        beginning(moons(20), 150, 0.92, 1.0),
        beginning(moons(50), 150, 0.92, 1.0),
        beginning(CIRCLES_MOMENTUM, 300, 1.0, 1.0),
        BETWEEN,
        BETWEEN_ON_MINIBATCHES,
        FROM_SMALL_PARAMETERS,
        FROM_FAN_IN,
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
    return SequentialTest(fit_records()[outcome.name]["miss"], WRONG_RATE, SHARE, ACCEPTANCE)


@cache
def fit_records() -> dict[str, Any]:
    """The measured fits of the reference, by the name of the outcome."""
    stored = resources.files("nnspec.golden").joinpath("outcomes.json").read_text(encoding="utf-8")
    experiments: dict[str, Any] = json.loads(stored)["experiments"]
    return experiments


def assert_fits(subject: Subject, experiment: Experiment, random: np.random.Generator) -> None:
    """Fits hit the experiment's region often enough, each with data and a seed from ``random``."""
    __tracebackhide__ = True
    outcome = OUTCOMES[experiment.name]
    assert_outcome(subject, outcome.for_initialization(subject.description.initialization), random)


def assert_fits_few(subject: Subject, outcome: Outcome, reduction: str, random: np.random.Generator) -> None:
    """Fits of few examples end as they should often enough; those with an initialization of their own are not asked."""
    __tracebackhide__ = True
    if subject.description.initialization == "own":
        raise Unsupported("with an initialization of its own, a fit may need more iterations")
    assert_outcome(subject, outcome.with_reduction(reduction), random)


def assert_outcome(subject: Subject, outcome: Outcome, random: np.random.Generator) -> None:
    """Trials hit often enough."""
    __tracebackhide__ = True
    test = sequential_test(outcome)
    accuracies: list[float] = []
    accepted = None
    while accepted is None:
        accuracies.append(accuracy(subject, outcome, random))
        hits = sum(map(outcome.holds, accuracies))
        accepted = test.verdict(hits, len(accuracies) - hits)
    if not accepted:
        raise _refusal(outcome, test, accuracies)


def accuracy(program: Reference | Subject, outcome: Outcome, random: np.random.Generator) -> float:
    """The share of their own examples that the fits of a trial classify correctly."""
    right = []
    for _ in range(outcome.fits):
        inputs, labels = outcome.draw(random)
        seed = int(random.integers(2**31))
        fitted = program.fit(inputs=inputs, labels=labels, experiment=outcome.recipe, seed=seed)
        right.append(program.predict(network=fitted, inputs=inputs) == labels)
    return float(np.mean(right))


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
