"""Simple relations between a wrong answer and the right one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.support import ACTIVATIONS
from nnspec.diagnosis import changes
from nnspec.diagnosis.changes import Change
from nnspec.diagnosis.estimates import Estimate
from nnspec.diagnosis.probes import number_of_classes
from nnspec.diagnosis.questions import WrongPart, select
from nnspec.judging.transcript import Call
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: What a relation predicts for a part of an answer, from its call, its name and the right numbers; None if it does not
#: apply.
Rule: TypeAlias = Callable[[Call, str, Array], Any]
#: A factor that depends on the arguments; None if they have no such number.
Factor: TypeAlias = Callable[[dict[str, Any]], float | None]


@dataclass(frozen=True)
class Relation:
    """``description`` follows the name of the quantity, as in "cross_entropy: twice the correct value"."""

    description: str
    rule: Rule

    def __call__(self, wrong_parts: Sequence[WrongPart]) -> str:
        """The description if it is true of all of these parts; otherwise ""."""
        return self.description if all(map(self._is_true_of, wrong_parts)) else ""

    def _is_true_of(self, wrong: WrongPart) -> bool:
        prediction = self.rule(wrong.call, wrong.name, wrong.part.right)
        return prediction is not None and wrong.part.matches(prediction)


# ---- factors ----


def _times(description: str, factor: Factor) -> Relation:
    """The right numbers times a factor."""

    def rule(call: Call, _: str, right: Array) -> Any:
        value = factor(call.params)
        return None if value is None or value == 1 else right * value

    return Relation(description, rule)


def _examples(params: dict[str, Any]) -> float | None:
    return float(len(params["labels"])) if "labels" in params else None


def _classes(params: dict[str, Any]) -> float | None:
    return float(number_of_classes(params)) or None


def _argument(group: str, name: str) -> Factor:
    """A number among the arguments."""
    return lambda params: params.get(group, {}).get(name) or None


def _inverse(factor: Factor) -> Factor:
    def inverse(params: dict[str, Any]) -> float | None:
        value = factor(params)
        return None if value is None else 1 / value

    return inverse


# ---- the penalty ----


def _penalty(call: Call, name: str) -> Any:
    """The penalty's share of a loss, or of the gradient on an array."""
    l2 = call.params.get("objective", {}).get("l2")
    if not l2:
        return None
    if call.operation == "loss":
        return Reference().penalty(call.params["network"], l2)
    kind, _, layer = name.partition("[")
    if call.operation == "gradients":
        return l2 * call.params["network"][kind][int(layer.rstrip("]"))]
    return None


def _with_penalty(description: str, times: float, *, biases: bool = False) -> Relation:
    """The penalty is added this many times: to the loss and to the gradients on weights, or to those on biases."""

    def rule(call: Call, name: str, right: Array) -> Any:
        share = _penalty(call, name) if biases == name.startswith("biases") else None
        return None if share is None else right + times * share

    return Relation(description, rule)


# ---- shapes ----


def _transposed(_call: Call, _name: str, right: Array) -> Any:
    return right.T if right.ndim == 2 else None


def _reshaped(_call: Call, _name: str, right: Array) -> Any:
    return right.T.reshape(right.shape) if right.ndim == 2 else None


# ---- updates ----


def _start(call: Call, name: str) -> Any:
    """The value of a parameter before an update; None for any other part."""
    is_parameter = call.operation == "update" and name.startswith("network")
    return select(call.params, name) if is_parameter else None


def _unchanged(call: Call, name: str, _: Array) -> Any:
    return _start(call, name)


def _step_times(description: str, factor: Factor) -> Relation:
    """The step of an update times a factor."""

    def rule(call: Call, name: str, right: Array) -> Any:
        value, start = factor(call.params), _start(call, name)
        return None if value is None or value == 1 or start is None else start + value * (right - start)

    return Relation(description, rule)


def _losses_after_updates(call: Call, name: str, _: Array) -> Any:
    """The losses of a run, each after the update of its iteration."""
    longer = changes.more_updates(1)(call.params) if call.operation == "train" and name == "losses" else None
    return None if longer is None else np.array(Reference().train(**longer)["losses"][1:])


# ---- other arguments ----


def _answer_for(description: str, change: Change) -> Relation:
    """The right answer for other arguments."""

    def rule(call: Call, name: str, _: Array) -> Any:
        params = change(call.params)
        if params is None:
            return None
        other, same = (getattr(Reference(), call.operation)(**each) for each in (params, call.params))
        prediction = select(other, name)
        return None if np.array_equal(prediction, select(same, name)) else prediction

    return Relation(description, rule)


_LEARNING_RATE = _argument("optimizer", "learning_rate")

RELATIONS: tuple[Estimate, ...] = (
    _times("has the wrong sign", lambda _: -1.0),
    _times("zero", lambda _: 0.0),
    _times("twice the correct value", lambda _: 2.0),
    _times("half the correct value", lambda _: 0.5),
    _answer_for(
        "the sum over the examples instead of the mean, or the mean instead of the sum", changes.reduction
    ),
    _times("N times the correct value (N is the number of examples)", _examples),
    _times("1/N of the correct value (N is the number of examples)", _inverse(_examples)),
    _times("K times the correct value (K is the number of classes)", _classes),
    _times("1/K of the correct value (K is the number of classes)", _inverse(_classes)),
    _times("λ times the correct value (λ is the factor of the penalty)", _argument("objective", "l2")),
    _times("μ times the correct value (μ is the learning rate)", _LEARNING_RATE),
    _times("1/μ of the correct value (μ is the learning rate)", _inverse(_LEARNING_RATE)),
    _with_penalty("lacks the penalty", -1.0),
    _with_penalty("has the penalty twice", 1.0),
    _with_penalty("has the penalty with the wrong sign", -2.0),
    _with_penalty("has half of the penalty", -0.5),
    _with_penalty("has a penalty, but biases are not penalised", 1.0, biases=True),
    Relation("transposed", _transposed),
    Relation("transposed, then reshaped to the correct shape", _reshaped),
    Relation("not updated: still the value that was passed in", _unchanged),
    _step_times("moved the wrong way", lambda _: -1.0),
    _step_times("moved twice the correct distance", lambda _: 2.0),
    _step_times("moved μ times the correct distance (μ is the learning rate)", _LEARNING_RATE),
    _step_times("moved 1/μ of the correct distance (μ is the learning rate)", _inverse(_LEARNING_RATE)),
    _answer_for("one update too few", changes.more_updates(-1)),
    _answer_for("one update too many", changes.more_updates(1)),
    Relation("computed after the update of each iteration instead of before it", _losses_after_updates),
    _answer_for("the answer for a network without biases", changes.without_biases),
    *(_answer_for(f"the answer for the activation {name}", changes.activation(name)) for name in ACTIVATIONS),
    _answer_for("the answer for an optimizer without a schedule", changes.optimizer(schedule=None)),
    _answer_for("the answer for an optimizer without momentum", changes.optimizer(momentum=0.0)),
    _answer_for("the answer for the next iteration", changes.iteration(1)),
    _answer_for("the answer for the previous iteration", changes.iteration(-1)),
    _answer_for("the answer for all examples at every iteration", changes.without_batches),
    _answer_for("the answer for labels that are 1 greater", changes.labels(1)),
    _answer_for("the answer for labels that are 1 less", changes.labels(-1)),
    _answer_for("the answer without the last example", changes.examples(slice(None, -1))),
    _answer_for("the answer without the first example", changes.examples(slice(1, None))),
)
