"""The formulas of a loss: of one example, of a batch, of what comes before the scores, and of the penalty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import fitted_losses, fitted_penalties, fixed_penalties, formulas, tables
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measured, Measurement, Parts
from nnspec.diagnosis.problems import Problem, each_reduction, problems, usual_activation
from nnspec.diagnosis.views import Losses
from nnspec.mistakes.base import Mistake

#: Scores of one example, from which the loss differs by little and by much.
SCORES = (0.0, -1.3, 0.7, 1.9, -0.4)
#: Two scores of the label that any loss tells apart.
LABEL_SCORES = (1.1, 2.3)
#: How far the label's score lies below the others where its probability is tiny.
FAR = (14.0, 30.0, 44.0)
#: The score of the label where its probability is 1 − 5e-9 at least.
CERTAIN = 22.0

BIASES, EACH, BATCH, SCORES_OF, PENALTY = (
    "whether the last biases are used",
    "the loss of one example",
    "the loss of a batch, by those of its examples",
    "the scores in the loss",
    "the penalty in the loss",
)


def loss_formulas(losses: Losses, support: Support) -> Iterator[Formula]:
    """The formulas of an operation that gives losses."""
    usual = usual_activation(support)
    operation = losses.operation
    if operation == "cross_entropy":
        plain = list(problems(support, usual))
        yield _each(losses, plain, support)
        yield _batch(losses, plain, support)
        return
    plain = list(problems(support, usual))
    yield fixed_penalties.loss_formula(losses, support)
    yield Formula(
        operation,
        BIASES,
        (Measurement(partial(_biases_matter, losses, plain)),),
        fits=(without_biases,),
        choices=tables.losses_of_scores,
        hooks=formulas.LOSS | formulas.RUN,
    )
    yield _each(losses, plain, support)
    for activation in support.activations:
        deep = list(problems(support, activation, least=2))
        if deep:
            yield Formula(
                operation,
                f"{SCORES_OF} ({activation})",
                tuple(
                    Measurement(partial(_one_loss, losses, problem, row), problem.symbols(1))
                    for row, problem in enumerate(deep)
                ),
                needs=(EACH,),
                choices=partial(tables.hidden_scores, activation, support.activations),
                activation=activation,
                hooks=formulas.SCORES | {"loss"},
            )
    linear = [problem for problem in problems(support, usual) if problem.layers == 1]
    if not support.activations or linear:
        yield Formula(
            operation,
            SCORES_OF,
            tuple(Measurement(partial(_one_loss, losses, p, 0), p.symbols(1)) for p in linear),
            needs=(EACH,),
            choices=tables.biases,
            hooks=formulas.SCORES | {"loss"},
        )
    yield _batch(losses, plain, support)
    if support.l2:
        yield Formula(
            operation,
            PENALTY,
            tuple(
                Measurement(
                    partial(_penalties, losses, problem, reduction), problem.symbols(), problem.network
                )
                for problem, reduction in each_reduction(plain, support)
            ),
            fits=(fitted_penalties.penalties,),
            choices=tables.penalties,
            hooks=formulas.PENALTY,
        )


def _each(losses: Losses, plain: list[Problem], support: Support) -> Formula:
    measurements = [
        Measurement(partial(_loss_of_scores, losses, problem, row, reduction), problem.symbols(1))
        for row, problem in enumerate(plain)
        for reduction in support.reductions
    ]
    measurements.append(Measurement(partial(_far_losses, losses, plain[0]), plain[0].symbols(1)))
    return Formula(
        losses.operation,
        EACH,
        tuple(measurements),
        fits=(fitted_losses.loss_times, fitted_losses.epsilons),
        choices=tables.losses_of_scores if losses.operation != "cross_entropy" else tables.losses,
        pairs=partial(tables.slips, "loss"),
        needs=(BIASES,),
        hooks=formulas.LOSS | formulas.RUN,
        whole=BATCH,
    )


def _batch(losses: Losses, plain: list[Problem], support: Support) -> Formula:
    """Over own answers to its examples, so that it holds whatever the loss of an example is."""
    return Formula(
        losses.operation,
        BATCH,
        tuple(
            Measurement(
                partial(_batch_over_examples, losses, problem, reduction, rows),
                problem.symbols(rows),
                reduction=reduction,
            )
            for reduction in support.reductions
            for problem in plain
            for rows in (len(problem.labels), len(problem.labels) - 3)
        ),
        fits=(fitted_losses.batch_times,),
        choices=partial(tables.slips, "loss"),
        pairs=partial(tables.slips, "loss"),
        hooks=formulas.LOSS | formulas.RUN,
    )


def _biases(problem: Problem, scores: Any) -> dict[str, Any]:
    return {**problem.without_last_weights, "biases": [*problem.network["biases"][:-1], scores]}


def without_biases(_: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Layers without biases: the numbers that were measured are too few to read off which."""
    yield from tables.biases()


def scores_with_label(problem: Problem, score: float) -> Any:
    """Positive scores of an example, with this one of the first example's label."""
    scores = np.abs(SCORES[: len(problem.network["biases"][-1])]) + 0.2
    scores[problem.labels[0]] = score
    return scores


def _loss_of_scores(losses: Losses, problem: Problem, row: int, reduction: str, ask: Ask) -> Parts:
    classes = len(problem.network["biases"][-1])
    scores = np.array(SCORES[:classes]) + 0.3 * row
    return {"loss": losses(ask, _at(problem, row, reduction, scores))}


def _biases_matter(losses: Losses, plain: Sequence[Problem], ask: Ask) -> Parts:
    """Whether any loss of all examples changes with the biases of the last layer."""
    found = [
        [
            losses(
                ask, problem.params(losses.reduction, **_biases(problem, scores_with_label(problem, score)))
            )
            for problem in plain
        ]
        for score in LABEL_SCORES
    ]
    return {"differs": np.array(found[0] != found[1], dtype=float)}


def _far_losses(losses: Losses, problem: Problem, ask: Ask) -> Parts:
    found = {}
    for far in FAR:
        scores = np.array(SCORES[: len(problem.network["biases"][-1])])
        scores[problem.labels[0]] = -far
        found[f"loss at {far:g}"] = losses(ask, _at(problem, 0, losses.reduction, scores))
    scores[problem.labels[0]] = CERTAIN
    # added to another, since a right program may compute the logarithm of a number that is nearly 1
    certain = losses(ask, _at(problem, 0, losses.reduction, scores))
    return {**found, "with one that is certain": found[f"loss at {FAR[0]:g}"] + certain}


def _at(problem: Problem, row: int, reduction: str, scores: Any) -> dict[str, Any]:
    return problem.params(reduction, rows=slice(row, row + 1), **_biases(problem, scores))


def _one_loss(losses: Losses, problem: Problem, row: int, ask: Ask) -> Parts:
    return {"loss": losses(ask, problem.params(losses.reduction, rows=slice(row, row + 1)))}


def _batch_over_examples(losses: Losses, problem: Problem, reduction: str, rows: int, ask: Ask) -> Parts:
    single = [losses(ask, problem.params(reduction, rows=slice(row, row + 1))) for row in range(rows)]
    batch = losses(ask, problem.params(reduction, rows=slice(0, rows)))
    return {"share": batch / (sum(single) or 1.0)}  # of losses that are 0 for each example, the loss itself


def _penalties(losses: Losses, problem: Problem, reduction: str, ask: Ask) -> Parts:
    """Of each array alone, the others being 0; and of all."""
    found = {"all": _penalty(losses, problem, reduction, problem.network, ask)}
    zeros = {kind: [np.zeros_like(a) for a in problem.network[kind]] for kind in ("weights", "biases")}
    for kind in ("weights", "biases"):
        for place, array in enumerate(problem.network[kind]):
            alone: Any = {**problem.network, **zeros, kind: [*zeros[kind]]}
            alone[kind][place] = array
            found[f"{kind}[{place}]"] = _penalty(losses, problem, reduction, alone, ask)
    return found


def _penalty(losses: Losses, problem: Problem, reduction: str, network: Any, ask: Ask) -> Any:
    with_and_without = (
        losses(ask, problem.params(reduction, penalised, **network)) for penalised in (True, False)
    )
    with_penalty, without = with_and_without
    return with_penalty - without
