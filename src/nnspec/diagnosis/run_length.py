"""How long the runs of a program are: what a few runs say of one that returns fewer or more losses than iterations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nnspec.contract.errors import BudgetSpent, NoAnswer
from nnspec.contract.support import Support
from nnspec.diagnosis.probes import Ask
from nnspec.diagnosis.problems import usual_activation
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.stopping import Run, count, rule
from nnspec.judging import cases
from nnspec.judging.agreement import Disagreement
from nnspec.reference import Reference

#: Numbers of examples, with the sizes of minibatches, or 0 for all of them; the last minibatch is short.
_EXAMPLES = ((13, 0), (13, 4), (22, 6), (22, 0))
#: Rates at which the loss hardly falls, falls slowly, falls fast, and grows.
_RATES = (1e-6, 0.003, 0.03, 0.1, 0.3, 2.0, 12.0)
#: Iterations that are asked for, and how many times those of a run that ended early: long runs cost time.
_LEAST, _TIMES, _MOST = 40, 3, 240


def run_length(ask: Ask, support: Support, questions: Sequence[Question]) -> str:
    """A sentence on runs with fewer losses than iterations; "" if the questions have none, or nothing is to be said."""
    short = [length for question in questions for length in _lengths(question)]
    if not short:
        return ""
    iterations = int(min(max(_LEAST, _TIMES * max(short)), _MOST))
    try:
        runs = list(_runs(ask, support, _EXAMPLES, _RATES, iterations))
        for others in (iterations + 7, _MOST):
            runs += _runs(ask, support, _EXAMPLES[:2], _RATES[1:2], others)
    except (NoAnswer, Disagreement):
        return ""
    return (count(runs) or rule(runs)) if any(run.ended for run in runs) else ""


def ends_early(question: Question) -> bool:
    """Whether its first wrong answer is a run with fewer losses than iterations."""
    return question.operation == "train" and next(_lengths(question), None) is not None


def _lengths(question: Question) -> Iterator[int]:
    """How many losses the runs returned that returned too few."""
    for place in question.wrong_places[:1]:
        part = question.parts[place].get("losses")
        if part is not None and part.got.ndim == 1 and part.got.size < part.right.size:
            yield part.got.size


def _runs(
    ask: Ask, support: Support, examples: Any, rates: Sequence[float], iterations: int
) -> Iterator[Run]:
    """Runs with each number of examples and each rate."""
    for number, batch in examples:
        if batch and not support.batches:
            continue
        for rate in rates:
            params = _params(support, number, batch, rate, iterations)
            answer = _answer(ask, params)
            losses = np.ravel(np.asarray(answer["losses"], dtype=float))
            yield Run(
                losses,
                iterations,
                number,
                batch or number,
                _following(params, answer["network"], len(losses)),
            )


def _answer(ask: Ask, params: dict[str, Any]) -> Any:
    """The answer to a run, of any length; raises a NoAnswer if there is none."""
    try:
        return ask("train", params)
    except BudgetSpent:
        raise
    except Disagreement as error:
        if error.answer is None:
            raise
        return error.answer


def _params(support: Support, examples: int, batch: int, rate: float, iterations: int) -> dict[str, Any]:
    """The arguments of a run; its minibatches go through the examples in order, again and again."""
    random = np.random.default_rng(examples)
    sizes = cases.sizes_for(support, (3, 6, 3))
    objective = cases.objective_for(support, "mean")
    problem = cases.problem(random, sizes, usual_activation(support), objective, examples)
    scale = 1.0 if objective["reduction"] == "mean" else 1 / (batch or examples)
    method = support.methods[0] if support.methods else "gradient_descent"
    optimizer = {"method": method, "learning_rate": rate * scale, "momentum": 0.5, "schedule": None}
    rows = [np.arange(first, min(first + batch, examples)) for first in range(0, examples, batch or examples)]
    batches = [rows[t % len(rows)] for t in range(iterations)] if batch else None
    return {**problem, "optimizer": optimizer, "iterations": iterations, "batches": batches}


def _following(params: dict[str, Any], network: Any, place: int) -> float:
    """The loss of the network that a run returned, on the minibatch that would be next."""
    batches = params["batches"]
    if batches is not None and place >= len(batches):
        return math.nan
    rows = slice(None) if batches is None else batches[place]
    network = {**network, "activation": params["network"]["activation"]}
    with np.errstate(all="ignore"):
        return float(
            Reference().loss(network, params["inputs"][rows], params["labels"][rows], params["objective"])
        )
