"""Outcomes of ``fit``: a program's own randomness, so its accuracy is judged against a distribution.

golden/outcomes.json holds, for each experiment, an interval of accuracies and the greatest probability (at
99 % confidence, by Clopper and Pearson) with which one fit of the reference misses it. A program is refused
when as many fits in a row miss it as bring that probability to the given power below one in a million. Nearly
every correct program needs one fit.
"""

from __future__ import annotations

import json
import math
from importlib import resources
from typing import Any

from nnspec.experiments import Experiment
from nnspec.judging import Disagreement
from nnspec.reference.values import Recipe
from nnspec.subject import Subject
from nnspec.traces import training_accuracy

#: Iterations of a fit at the most: enough to tell a network that learns from one that does not.
ITERATIONS = 2_000
#: The chance of refusing a correct implementation, at most.
REFUSAL = 1e-6


def distribution(experiment: Experiment) -> dict[str, Any]:
    """Least and greatest accuracy, and ``miss``, the probability of a fit outside of them."""
    stored = json.loads(
        resources.files("nnspec.golden").joinpath("outcomes.json").read_text(encoding="utf-8")
    )
    measured: dict[str, Any] = stored["experiments"][experiment.name]
    return measured


def recipe(experiment: Experiment) -> Recipe:
    """What is fitted: the experiment, or its beginning."""
    whole = experiment.recipe()
    return {**whole, "iterations": min(whole["iterations"], ITERATIONS)}


def tries(miss: float) -> int:
    """How many fits in a row have to miss before a program is refused."""
    return math.ceil(math.log(REFUSAL) / math.log(miss))


def assert_fits(subject: Subject, experiment: Experiment) -> None:
    """One of the fits with the seeds 0, 1, 2, … ends inside the interval."""
    __tracebackhide__ = True
    measured = distribution(experiment)
    inputs, labels = experiment.examples()
    seen = []
    for seed in range(tries(measured["miss"])):
        told = {"inputs": inputs, "labels": labels, "experiment": recipe(experiment), "seed": seed}
        accuracy = training_accuracy(subject, experiment, subject.fit(**told))
        if measured["least"] <= accuracy <= measured["greatest"]:
            return
        seen.append(f"{accuracy:.3f}")
    raise Disagreement(
        "training accuracy after fit",
        ", ".join(seen),
        f"one of them from {measured['least']:.3f} to {measured['greatest']:.3f}",
        f"a correct program misses all with a probability of at most {REFUSAL:g}",
    )
