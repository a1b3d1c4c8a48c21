"""The formulas of backpropagation: each layer's, over the program's own answers further up.

For one example, the gradient on a layer's biases is the layer's δ, and the gradient on its weights is the product of
what goes into the layer and δ. So each formula is measured over the δ that the program itself has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import fitted_gradients, fitted_penalties, fixed_penalties, formulas, tables
from nnspec.diagnosis.asking import Ask, Unanswered
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.loss_formulas import BIASES, LABEL_SCORES, SCORES, scores_with_label, without_biases
from nnspec.diagnosis.measurements import Measurement, Parts
from nnspec.diagnosis.problems import Problem, each_reduction, problems, usual_activation
from nnspec.diagnosis.views import Gradients
from nnspec.reference.values import Array

SCORE_DELTA, LAST_DELTA, INPUT, DELTA, KINK, BATCH, PENALTY = (
    "δ of the last layer",
    "δ of the last layer, from the scores of one example",
    "what the gradient on the weights is multiplied by",
    "how δ goes back through a hidden layer",
    "the derivative at exactly 0",
    "the gradients of a batch, by those of its examples",
    "the gradients of the penalty",
)


def score_gradient_formulas(support: Support) -> Iterator[Formula]:
    """The formula of ``score_gradient``."""
    plain = list(problems(support, usual_activation(support)))
    yield Formula(
        "score_gradient",
        SCORE_DELTA,
        tuple(
            Measurement(
                partial(_score_gradient, problem, reduction, rows), problem.symbols(rows), reduction=reduction
            )
            for reduction in support.reductions
            for problem in plain
            for rows in (1, len(problem.labels))
        ),
        fits=(fitted_gradients.score_gradient_times,),
        choices=tables.score_gradients,
        pairs=tables.slips_of_score_gradients,
        hooks=formulas.DELTA,
    )


def gradient_formulas(gradients: Gradients, support: Support) -> Iterator[Formula]:
    """The formulas of an operation that gives gradients."""
    operation, usual = gradients.operation, usual_activation(support)
    plain = list(problems(support, usual))
    yield fixed_penalties.gradient_formula(gradients, support)
    yield Formula(
        operation,
        BIASES,
        (Measurement(partial(_biases_matter, gradients, plain)),),
        fits=(without_biases,),
        choices=tables.score_gradients_of_scores,
        hooks=formulas.DELTA | formulas.RUN,
    )
    yield Formula(
        operation,
        LAST_DELTA,
        tuple(
            Measurement(
                partial(_last_delta, gradients, problem, row, reduction),
                problem.symbols(1),
                reduction=reduction,
            )
            for reduction in support.reductions
            for row, problem in enumerate(plain)
        ),
        fits=(fitted_gradients.score_gradient_times, without_biases),
        choices=tables.score_gradients_of_scores,
        pairs=tables.slips_of_score_gradients,
        hooks=formulas.DELTA,
        needs=(BIASES,),
        whole=BATCH,
    )
    for activation in support.activations:
        deep = list(problems(support, activation, least=2))
        if not deep:
            continue
        yield Formula(
            operation,
            f"{INPUT} ({activation})",
            tuple(Measurement(partial(_inputs, gradients, p, 0), p.symbols(1), p.network) for p in deep),
            fits=(fitted_gradients.weight_gradient_times,),
            choices=partial(tables.weight_gradients, activation, support.activations),
            hooks=formulas.SCORES | formulas.BACKWARD,
            activation=activation,
        )
        yield Formula(
            operation,
            f"{DELTA} ({activation})",
            tuple(Measurement(partial(_slopes, gradients, p, 1), p.symbols(1), p.network) for p in deep),
            fits=(fitted_gradients.slopes,),
            choices=partial(tables.derivatives, activation),
            pairs=tables.backward_slips,
            hooks=formulas.FUNCTION | formulas.BACKWARD,
            needs=(f"{INPUT} ({activation})",),
            activation=activation,
        )
        if activation == "relu":
            yield Formula(
                operation,
                KINK,
                tuple(Measurement(partial(_kink, gradients, p), p.symbols(1)) for p in deep[:2]),
                fits=(fitted_gradients.kinks,),
                hooks=formulas.DERIVATIVE | formulas.BACKWARD,
                needs=(f"{DELTA} ({activation})",),
                activation=activation,
            )
    yield Formula(
        operation,
        BATCH,
        tuple(
            Measurement(
                partial(_shares, gradients, problem, reduction), problem.symbols(), reduction=reduction
            )
            for reduction in support.reductions
            for problem in plain
        ),
        fits=(fitted_gradients.batch_times,),
        choices=tables.gradients_of_batches,
        pairs=tables.slips_of_score_gradients,
        hooks=formulas.DELTA | {"weight_gradient"},
    )
    if support.l2:
        yield Formula(
            operation,
            PENALTY,
            tuple(
                Measurement(partial(_penalty, gradients, p, reduction), p.symbols(), p.network)
                for p, reduction in each_reduction(plain, support)
            ),
            fits=(fitted_penalties.penalty_gradients,),
            choices=tables.penalty_gradients,
            hooks=formulas.PENALTY_GRADIENT,
            spares="biases",
        )


def _score_gradient(problem: Problem, reduction: str, rows: int, ask: Ask) -> Parts:
    classes = len(problem.network["biases"][-1])
    scores = np.random.default_rng(rows).standard_normal((rows, classes))
    params = {"scores": scores, "labels": problem.labels[:rows], "reduction": reduction}
    return {"delta": ask("score_gradient", params)}


def _last_delta(gradients: Gradients, problem: Problem, row: int, reduction: str, ask: Ask) -> Parts:
    scores = np.array(SCORES[: len(problem.network["biases"][-1])]) + 0.3 * row
    network = {**problem.without_last_weights, "biases": [*problem.network["biases"][:-1], scores]}
    answer = gradients(ask, problem.params(reduction, rows=slice(row, row + 1), **network))
    return {"delta": _vector(answer["biases"][-1])}


def _biases_matter(gradients: Gradients, plain: Sequence[Problem], ask: Ask) -> Parts:
    """Whether any gradients on the last biases, of all examples, change with the biases of the last layer."""
    found: list[list[Array]] = []
    for score in LABEL_SCORES:
        found.append([])
        for problem in plain:
            scores = scores_with_label(problem, score)
            network = {**problem.without_last_weights, "biases": [*problem.network["biases"][:-1], scores]}
            answer = gradients(ask, problem.params(gradients.reduction, **network))
            found[-1].append(_vector(answer["biases"][-1]))
    differs = any(np.any(one != other) for one, other in zip(*found, strict=True))
    return {"differs": np.array(differs, dtype=float)}


def _vector(array: Any) -> Array:
    """A gradient on biases; raises Unanswered if it has a row an example."""
    array = np.asarray(array)
    if array.ndim != 1:
        raise Unanswered("not a vector")
    return array


def _one(gradients: Gradients, problem: Problem, row: int, ask: Ask) -> tuple[list[Array], list[Array]]:
    """The gradients for one example."""
    answer = gradients(ask, problem.params(gradients.reduction, rows=slice(row, row + 1)))
    return answer["weights"], [_vector(array) for array in answer["biases"]]


def _inputs(gradients: Gradients, problem: Problem, row: int, ask: Ask) -> Parts:
    """What goes into each layer: the gradient on its weights over its δ; where δ is 0, what goes into another unit."""
    weights, deltas = _one(gradients, problem, row, ask)
    found = {}
    for place, (gradient, delta) in enumerate(zip(weights, deltas, strict=True)):
        clear = np.abs(delta) > 1e-6 * np.max(np.abs(delta), initial=0)
        if not clear.any():
            raise Unanswered("δ is 0")
        ratios = np.where(clear, gradient / np.where(clear, delta, 1.0), 0.0)
        nothing = ~clear & ~np.any(gradient, axis=0)
        found[f"weights[{place}]"] = np.where(nothing, ratios[:, [np.argmax(np.abs(delta))]], ratios)
    of_all = gradients(ask, problem.params(gradients.reduction))[
        "weights"
    ]  # 0 for one example is not 0 for all
    return {
        **found,
        **{f"any of weights[{i}]": np.array(float(np.any(of_all[i]))) for i in range(len(of_all))},
    }


def _slopes(gradients: Gradients, problem: Problem, row: int, ask: Ask) -> Parts:
    """δ of each hidden layer over what comes back to it: the derivative that the program multiplies by."""
    _, deltas = _one(gradients, problem, row, ask)
    weights = problem.network["weights"]
    return {
        f"slope[{place}]": deltas[place] / (deltas[place + 1] @ weights[place + 1].T)
        for place in range(len(deltas) - 1)
    }


def _kink(gradients: Gradients, problem: Problem, ask: Ask) -> Parts:
    """As ``_slopes``, at inputs and biases of 0."""
    biases = [np.zeros_like(problem.network["biases"][0]), *problem.network["biases"][1:]]
    still = Problem(problem.number, {**problem.network, "biases": biases}, 0 * problem.inputs, problem.labels)
    _, deltas = _one(gradients, still, 0, ask)
    if len(deltas) != 2 and not np.any(deltas[1]):
        raise Unanswered("nothing comes back")
    return {"slope": deltas[0] / (deltas[1] @ problem.network["weights"][1].T)}


def _shares(gradients: Gradients, problem: Problem, reduction: str, ask: Ask) -> Parts:
    """The weight of each example in the gradients of a batch, and whether they leave nothing over."""
    rows = len(problem.labels)
    single = [
        _flat(gradients(ask, problem.params(reduction, rows=slice(row, row + 1)))) for row in range(rows)
    ]
    batch = _flat(gradients(ask, problem.params(reduction)))
    matrix = np.stack(single, axis=1)
    if matrix.shape[0] != batch.shape[0] or not np.isfinite(matrix).all() or not np.isfinite(batch).all():
        raise Unanswered("other shapes")
    shares = np.linalg.lstsq(matrix, batch, rcond=None)[0]
    left = np.linalg.norm(batch - matrix @ shares) / max(float(np.linalg.norm(batch)), 1e-300)
    return {"shares": shares, "left over": np.array(left if left > 1e-4 else 0.0)}


def _flat(answer: Any) -> Array:
    return np.concatenate([np.ravel(array) for kind in ("weights", "biases") for array in answer[kind]])


def _penalty(gradients: Gradients, problem: Problem, reduction: str, ask: Ask) -> Parts:
    """What a penalty adds to the gradients on each array."""
    with_penalty, plain = (gradients(ask, problem.params(reduction, on)) for on in (True, False))
    return {
        f"{kind}[{place}]": np.asarray(one) - np.asarray(other)
        for kind in ("weights", "biases")
        for place, (one, other) in enumerate(zip(with_penalty[kind], plain[kind], strict=True))
    }
