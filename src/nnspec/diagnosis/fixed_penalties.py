"""Penalties that nobody asked for: they are there without λ, and their strengths are read off.

They are measured where the scores are 0 whatever the weights are: of a layer, with all other parameters 0; of the last
layer, with inputs of 0 too. The weights are taken once and twice, which tells Σ |w| from Σ w².
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import numpy as np

from nnspec.contract.support import Support
from nnspec.diagnosis import formulas, tables
from nnspec.diagnosis.asking import Ask, Unanswered
from nnspec.diagnosis.fitted import Role, layers_of, made, near, read_all, role_of, symbols_of
from nnspec.diagnosis.formulas import Formula
from nnspec.diagnosis.measurements import Measured, Measurement, Parts
from nnspec.diagnosis.monomials import Monomial
from nnspec.diagnosis.problems import Problem, problems
from nnspec.diagnosis.views import Gradients, Losses
from nnspec.mistakes.base import Mistake
from nnspec.reference.values import Array, Network, Objective, Parameters

LOSS, GRADIENTS = (
    f"the penalty in the {where} where λ is 0, and whether λ matters" for where in ("loss", "gradients")
)
DEPENDS = "depends on λ"
#: The weights are taken so many times.
TIMES = (1.0, 2.0)
#: The norms, and the names of the kinds of penalty.
KINDS = {"magnitudes": "Σ |w|", "squares": "½ Σ w²"}
NONE = Monomial(0.0)


def loss_formula(losses: Losses, support: Support) -> Formula:
    """The penalty in the loss without λ, and whether the loss depends on λ."""
    measure = partial(_of_loss, losses, support)
    return _formula(losses.operation, LOSS, measure, _read_losses, support, formulas.PENALTY)


def gradient_formula(gradients: Gradients, support: Support) -> Formula:
    """The gradients of the penalty without λ, and whether the gradients depend on λ."""
    measure = partial(_of_gradients, gradients, support)
    hooks = formulas.PENALTY_GRADIENT
    formula = _formula(gradients.operation, GRADIENTS, measure, _read_gradients, support, hooks)
    return replace(formula, choices=tables.orders_of_gradients)


def _formula(
    operation: str, name: str, measure: Any, fit: Any, support: Support, hooks: frozenset[str]
) -> Formula:
    usual = next((name for name in ("tanh", "relu", "logistic") if name in support.activations), "tanh")
    measurements = tuple(
        Measurement(partial(measure, problem, usual != "logistic"), problem.symbols(), problem.network)
        for problem in problems(support, usual)
    )
    return Formula(operation, name, measurements, fits=(fit,), hooks=hooks)


# ---- what is measured ----


def _questions(
    problem: Problem, reduction: str, l2: float, *, is_odd: bool
) -> Iterator[tuple[int, float, dict[str, Any]]]:
    """Of each layer whose weights can be asked about alone: its place, how often they are taken, and the arguments.

    is_odd: whether the activation is 0 at 0.
    """
    params = problem.params(reduction)
    network = problem.network
    zeros = {kind: [np.zeros_like(array) for array in network[kind]] for kind in ("weights", "biases")}
    last = len(network["weights"]) - 1
    for place, weights in enumerate(network["weights"]):
        if place == last > 0 and not is_odd:
            continue
        inputs = np.zeros_like(problem.inputs) if place == last else problem.inputs
        for times in (0.0, *TIMES):
            alone: Any = {**network, **zeros, "weights": [*zeros["weights"]]}
            alone["weights"][place] = times * weights
            objective = {**params["objective"], "l2": l2}
            yield place, times, {**params, "network": alone, "inputs": inputs, "objective": objective}


def _of_loss(losses: Losses, support: Support, problem: Problem, is_odd: bool, ask: Ask) -> Parts:
    def answers(l2: float) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for place, _, params in _questions(problem, losses.reduction, l2, is_odd=is_odd):
            found.setdefault(place, []).append(losses(ask, params))
        return found

    without = answers(0.0)
    parts = {f"weights[{place}]": np.array(rest) - first for place, (first, *rest) in without.items()}
    _assert_finite(parts)
    return {**parts, **_depends(answers, without, support, problem)}


def _of_gradients(gradients: Gradients, support: Support, problem: Problem, is_odd: bool, ask: Ask) -> Parts:
    def answers(l2: float) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for place, times, params in _questions(problem, gradients.reduction, l2, is_odd=is_odd):
            if times:
                found.setdefault(place, []).append(gradients(ask, params)["weights"][place])
        return found

    without = answers(0.0)
    parts = {f"weights[{place}]": np.stack(both) for place, both in without.items()}
    _assert_finite(parts)
    return {**parts, **_depends(answers, without, support, problem)}


def _assert_finite(parts: Parts) -> None:
    """Raise Unanswered if scores of 0 have no loss, as with outputs that are divided by their sum."""
    if not all(np.isfinite(part).all() for part in parts.values()):
        raise Unanswered("not finite")


def _depends(answers: Any, without: dict[int, list[Any]], support: Support, problem: Problem) -> Parts:
    """Whether any answer changes with λ; not of a linear classifier, if there are others: its layer may have none."""
    has_others = any(depth > 1 for depth in support.depths or (2,))
    if not support.l2 or (problem.layers == 1 and has_others):
        return {}
    changed = any(np.any(np.asarray(a) != without[place]) for place, a in answers(0.5).items())
    return {DEPENDS: np.array(float(changed))}


# ---- what is read off ----


class FixedPenalty(Mistake):
    """Penalties without λ: of each role, a strength for each kind; perhaps on one side only, and instead of λ's."""

    clause = "losses.penalty"
    strengths: ClassVar[Mapping[str, Mapping[Role, Monomial]]]
    in_loss: ClassVar[bool] = True
    is_instead: ClassVar[bool] = False

    def objective(self, network: Network, scores: Array, labels: Array, objective: Objective) -> float:
        """The objective plus these penalties."""
        if not self.in_loss:
            return super().objective(network, scores, labels, objective)
        rest = super().objective(network, scores, labels, self._given(objective))
        symbols = symbols_of(network, len(labels), objective["l2"])
        for place, weights in enumerate(network["weights"]):
            magnitude, square = self._of(place, network, symbols)
            rest = rest + magnitude * np.abs(weights).sum() + square * 0.5 * (weights * weights).sum()
        return rest

    def backward(self, network: Network, *forward: Any) -> Parameters:
        """The gradients plus those of these penalties."""
        *others, objective = forward
        changed: list[Any] = [*others, self._given(objective)]
        gradients = super().backward(network, *changed)
        symbols = symbols_of(network, len(others[0]), objective["l2"])
        for place, weights in enumerate(network["weights"]):
            magnitude, square = self._of(place, network, symbols)
            added = magnitude * np.sign(weights) + square * weights
            gradients["weights"][place] = gradients["weights"][place] + added
        return gradients

    def _given(self, objective: Objective) -> Objective:
        return {**objective, "l2": 0.0} if self.is_instead else objective

    def _of(self, place: int, network: Network, symbols: Mapping[str, float]) -> list[float]:
        """The strengths of a layer."""
        role = role_of("weights", place, len(network["weights"]))
        return [self.strengths[kind].get(role, NONE).value(symbols) for kind in KINDS]


def _read_losses(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Strengths from the loss with the weights once and twice."""

    def split(got: Array, weights: Array) -> tuple[float, float]:
        once, twice = got
        square = (twice - 2 * once) / 2
        return (once - square) / np.abs(weights).sum(), square / (0.5 * (weights * weights).sum())

    yield from _read(measured, split, "The loss adds")


def _read_gradients(measured: Sequence[Measured]) -> Iterator[type[Mistake]]:
    """Strengths from the gradients with the weights once and twice."""

    def split(got: Array, weights: Array) -> tuple[float, float]:
        once, twice = got
        signs = np.sign(weights)
        magnitude = ((2 * once - twice) * signs).sum() / (signs * signs).sum()
        return magnitude, ((twice - once) * weights).sum() / (weights * weights).sum()

    yield from _read(measured, split, "The gradients have that of", in_loss=False)


def _read(
    measured: Sequence[Measured], split: Any, says: str, *, in_loss: bool = True
) -> Iterator[type[Mistake]]:
    values: dict[str, dict[Role, list[tuple[float, Mapping[str, float]]]]] = {kind: {} for kind in KINDS}
    for each in measured:
        layers = len(each.network["weights"])
        for place, weights in enumerate(each.network["weights"]):
            if (part := each.parts.get(f"weights[{place}]")) is None or not np.isfinite(part.got).all():
                continue
            found = split(part.got, weights)
            size = max(map(abs, found))
            for kind, value in zip(KINDS, found, strict=True):
                clear = 0.0 if abs(value) <= 1e-6 * size else float(value)
                values[kind].setdefault(role_of("weights", place, layers), []).append((clear, each.symbols))
    strengths = {kind: read_all(of, near(measured), (NONE,)) for kind, of in values.items()}
    if any(found is None for found in strengths.values()):
        return
    is_instead = any(DEPENDS in each.parts and not each.parts[DEPENDS].got for each in measured)
    whether = "whatever λ is" if is_instead else "whether a penalty is asked for or not"
    said = _said({kind: found or {} for kind, found in strengths.items()})
    if said:
        yield made(
            FixedPenalty,
            f"{says} {said}, {whether}.",
            "Add λ/2 · Σ W² over the weights of all layers, with the λ that is asked for, and nothing else.",
            strengths=strengths,
            in_loss=in_loss,
            is_instead=is_instead,
        )


def _said(strengths: Mapping[str, Mapping[Role, Monomial]]) -> str:
    """Such as "0.01 · Σ |w| for the weights of the first layer"; "" if there is none."""
    by_terms: dict[tuple[tuple[str, Monomial], ...], list[Role]] = {}
    roles = list(next(iter(strengths.values())))
    for role in roles:
        terms = tuple((kind, found[role]) for kind, found in strengths.items() if found[role].number)
        by_terms.setdefault(terms, []).append(role)
    said = []
    for terms, those in by_terms.items():
        if terms:
            total = " + ".join(f"{strength.text} · {KINDS[kind]}" for kind, strength in terms)
            where = "the weights" if len(those) == len(roles) else layers_of(those)
            said.append(f"{total} for {where}{terms[0][1].glossary}")
    return " and ".join(said)
