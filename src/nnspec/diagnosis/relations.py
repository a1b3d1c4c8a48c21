"""How wrong answers relate to the right ones, where no mistake of the catalogue explains them.

A relation is named where it is true of every wrong answer that was looked at, up to rounding: so it may not be
all that is wrong, but it is never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.operations import ACTIVATIONS
from nnspec.diagnosis.clock import Clock
from nnspec.diagnosis.estimates import ESTIMATES, Estimate
from nnspec.diagnosis.probes import number_of_classes
from nnspec.diagnosis.questions import Part, Question, WrongPart, first_wrong, part_named
from nnspec.judging.transcript import Call
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: What an answer's part would be by a relation, from its call, its name and the right numbers; None where it has none.
Rule: TypeAlias = Callable[[Call, str, Array], Any]


@dataclass(frozen=True)
class Relation:
    """``told`` follows the name of the quantity: "…: twice what it should be"."""

    told: str
    rule: Rule

    def __call__(self, wrong: Sequence[WrongPart]) -> str:
        """What is told of these parts, where it is true of all."""
        return self.told if all(map(self._is_true_of, wrong)) else ""

    def _is_true_of(self, wrong: WrongPart) -> bool:
        told = self.rule(wrong.call, wrong.name, wrong.part.right)
        return told is not None and wrong.part.is_like(told)


def relation(questions: Sequence[Question], clock: Clock) -> str | None:
    """A sentence that is true of all the wrong answers of these questions, or None; raises TimeIsUp."""
    wrong = [found for question in questions for found in first_wrong(question)]
    if turned := _layers_turned(questions):
        return f"{turned}: its layers are listed from the last to the first"
    if not wrong or any(found.part.got.shape != found.part.right.shape for found in wrong):
        return None
    for parts, named in _together(wrong):
        for candidate in (*RELATIONS, *ESTIMATES):
            clock.check()
            with np.errstate(all="ignore"):
                told = candidate(parts)
            if told:
                return f"{named}: {told}"
    return None


def _layers_turned(questions: Sequence[Question]) -> str:
    """The quantity of which every wrong answer lists the layers in the wrong order; "" where there is none."""
    turned: list[set[str]] = []
    for question in questions:
        wrong = list(first_wrong(question))
        parts = question.parts[question.wrong[0]]
        layers: dict[str, list[Part]] = {}
        for name, part in parts.items():
            layers.setdefault(WrongPart(wrong[0].call, name, part).quantity, []).append(part)
        turned.append({found.quantity for found in wrong if _are_turned(layers[found.quantity])})
        if {found.quantity for found in wrong} != turned[-1]:
            return ""
    return f"{wrong[0].call.operation}.{' and '.join(sorted(set.union(*turned)))}" if turned else ""


def _are_turned(layers: list[Part]) -> bool:
    """Whether each layer's numbers are those that its counterpart from the other end should have."""
    counterparts = zip(layers, reversed(layers), strict=True)
    return len(layers) > 1 and not any(replace(there, got=here.got).wrong for here, there in counterparts)


def _together(wrong: list[WrongPart]) -> Iterator[tuple[list[WrongPart], str]]:
    """All that is wrong, and then quantity by quantity; each with its name."""
    quantities = list(dict.fromkeys(found.quantity for found in wrong))
    operation = wrong[0].call.operation
    for named in [quantities, *([name] for name in quantities if len(quantities) > 1)]:
        parts = [found for found in wrong if found.quantity in named]
        names = " and ".join(filter(None, named))
        yield parts, f"{operation}{'.' + names if names else ''}{_where(parts)}"


def _where(parts: list[WrongPart]) -> str:
    """Which layer, where it is one alone of several."""
    layers = {(found.name, len(found.call.params.get("network", {}).get("weights", []))) for found in parts}
    numbered = [
        (int(told.group(1)), count) for name, count in layers if (told := re.search(r"\[(\d+)\]", name))
    ]
    if not numbered or any(count < 2 for _, count in numbered):
        return ""
    if all(number == count - 1 for number, count in numbered):
        return " of the last layer"
    return " of the first layer" if all(number == 0 for number, _ in numbered) else ""


# ---- the relations ----


def _times(told: str, factor: Callable[[dict[str, Any]], float | None]) -> Relation:
    """A constant factor."""

    def rule(call: Call, _: str, right: Array) -> Any:
        value = factor(call.params)
        return None if value is None or value == 1 else right * value

    return Relation(told, rule)


def _examples(params: dict[str, Any]) -> float | None:
    return float(len(params["labels"])) if "labels" in params else None


def _classes(params: dict[str, Any]) -> float | None:
    return float(number_of_classes(params)) or None


def _of(group: str, name: str) -> Callable[[dict[str, Any]], float | None]:
    """A number among the arguments."""
    return lambda params: params.get(group, {}).get(name) or None


def _inverse(factor: Callable[[dict[str, Any]], float | None]) -> Callable[[dict[str, Any]], float | None]:
    def inverse(params: dict[str, Any]) -> float | None:
        value = factor(params)
        return None if value is None else 1 / value

    return inverse


def _penalty(call: Call, name: str) -> Any:
    """The penalty's own part of a loss, or of the gradient on an array."""
    l2 = call.params.get("objective", {}).get("l2")
    if not l2:
        return None
    if call.operation == "loss":
        return Reference().penalty(call.params["network"], l2)
    kind, _, layer = name.partition("[")
    if call.operation == "gradients":
        return l2 * call.params["network"][kind][int(layer.rstrip("]"))]
    return None


def _with_penalty(told: str, times: float, *, biases: bool = False) -> Relation:
    """So many times the penalty's part more than right: on what is penalised, or on the biases."""

    def rule(call: Call, name: str, right: Array) -> Any:
        part = _penalty(call, name) if biases == name.startswith("biases") else None
        return None if part is None else right + times * part

    return Relation(told, rule)


def _answer_to(told: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Relation:
    """The right answer to another question."""

    def rule(call: Call, name: str, _: Array) -> Any:
        params = change(call.params)
        if params is None:
            return None
        there, here = (getattr(Reference(), call.operation)(**asked) for asked in (params, call.params))
        told = part_named(there, name)
        return None if np.array_equal(told, part_named(here, name)) else told

    return Relation(told, rule)


def _in(params: dict[str, Any], group: str, **changes: Any) -> dict[str, Any] | None:
    """The arguments with others in one group of them; None where that changes nothing."""
    changed = {**params.get(group, {}), **changes}
    return {**params, group: changed} if group in params and changed != params[group] else None


def _without_biases(params: dict[str, Any]) -> dict[str, Any] | None:
    if "network" not in params:
        return None
    network = params["network"]
    return {**params, "network": {**network, "biases": [np.zeros_like(b) for b in network["biases"]]}}


def _activated_by(activation: str) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        if "name" in params:
            return {**params, "name": activation} if params["name"] != activation else None
        network = params.get("network", {})
        return (
            _in(params, "network", activation=activation) if network.get("activation") != activation else None
        )

    return change


def _reduced_otherwise(params: dict[str, Any]) -> dict[str, Any] | None:
    other = {"mean": "sum", "sum": "mean"}
    if "reduction" in params:
        return {**params, "reduction": other[params["reduction"]]}
    if "objective" in params:
        return _in(params, "objective", reduction=other[params["objective"]["reduction"]])
    return None


def _later(by: int) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        return {**params, "iteration": params["iteration"] + by} if "iteration" in params else None

    return change


def _on_all_examples(params: dict[str, Any]) -> dict[str, Any] | None:
    return None if params.get("batches") is None else {**params, "batches": None}


def _numbered_otherwise(by: int) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """Labels so many classes further on, and round from the last to the first."""

    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        classes = number_of_classes(params)
        if "labels" not in params or classes < 2:
            return None
        return {**params, "labels": (np.asarray(params["labels"], dtype=int) + by) % classes}

    return change


def _updates_more(by: int) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        batches = params.get("batches")
        if "iterations" not in params or params["iterations"] + by < 0 or (batches is not None and by > 0):
            return None
        kept = batches if batches is None else batches[: len(batches) + by]
        return {**params, "iterations": params["iterations"] + by, "batches": kept}

    return change


def _losses_after(call: Call, name: str, _: Array) -> Any:
    """The losses of a run, each after the update of its iteration."""
    longer = _updates_more(1)(call.params) if call.operation == "train" and name == "losses" else None
    return None if longer is None else np.array(Reference().train(**longer)["losses"][1:])


def _less_an_example(keep: slice) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def change(params: dict[str, Any]) -> dict[str, Any] | None:
        if len(params.get("labels", ())) < 2 or params.get("batches") is not None:
            return None
        rows: dict[str, Any] = {
            name: params[name][keep] for name in ("inputs", "scores", "labels") if name in params
        }
        return {**params, **rows}

    return change


def _transposed(_call: Call, _name: str, right: Array) -> Any:
    return right.T if right.ndim == 2 else None


def _reshaped(_call: Call, _name: str, right: Array) -> Any:
    return right.T.reshape(right.shape) if right.ndim == 2 else None


def _before(call: Call, name: str) -> Any:
    """What an update begins with, of a part that it moves; None of anything else."""
    moves = call.operation == "update" and name.startswith("network")
    return part_named(call.params, name) if moves else None


def _unchanged(call: Call, name: str, _: Array) -> Any:
    return _before(call, name)


def _steps(told: str, factor: Callable[[dict[str, Any]], float | None]) -> Relation:
    """A constant factor of the way that an update goes."""

    def rule(call: Call, name: str, right: Array) -> Any:
        value, before = factor(call.params), _before(call, name)
        return None if value is None or value == 1 or before is None else before + value * (right - before)

    return Relation(told, rule)


RELATIONS: tuple[Estimate, ...] = (
    _times("has the wrong sign", lambda _: -1.0),
    _times("0", lambda _: 0.0),
    _times("twice what it should be", lambda _: 2.0),
    _times("half of what it should be", lambda _: 0.5),
    _answer_to(
        "the sum over the examples where the mean is asked for, or the mean for the sum", _reduced_otherwise
    ),
    _times("N times what it should be, N being the number of examples", _examples),
    _times("1/N of what it should be, N being the number of examples", _inverse(_examples)),
    _times("K times what it should be, K being the number of classes", _classes),
    _times("1/K of what it should be, K being the number of classes", _inverse(_classes)),
    _times("λ times what it should be, λ being the penalty's factor", _of("objective", "l2")),
    _times("μ times what it should be, μ being the learning rate", _of("optimizer", "learning_rate")),
    _times(
        "1/μ of what it should be, μ being the learning rate", _inverse(_of("optimizer", "learning_rate"))
    ),
    _with_penalty("lacks the penalty", -1.0),
    _with_penalty("has the penalty twice", 1.0),
    _with_penalty("has the penalty with the wrong sign", -2.0),
    _with_penalty("has half of the penalty", -0.5),
    _with_penalty("penalised, which biases are not", 1.0, biases=True),
    Relation("transposed", _transposed),
    Relation("transposed and read row by row in the shape that it should have", _reshaped),
    Relation("what was passed in: it is not updated", _unchanged),
    _steps("moved the wrong way", lambda _: -1.0),
    _steps("moved twice as far as it should be", lambda _: 2.0),
    _steps(
        "moved μ times as far as it should be, μ being the learning rate", _of("optimizer", "learning_rate")
    ),
    _steps(
        "moved 1/μ times as far as it should be, μ being the learning rate",
        _inverse(_of("optimizer", "learning_rate")),
    ),
    _answer_to("as it was before the last update", _updates_more(-1)),
    _answer_to("updated once more than asked for", _updates_more(1)),
    Relation("those after the update of each iteration", _losses_after),
    _answer_to("that of a network without biases", _without_biases),
    *(_answer_to(f"that of the activation {name}", _activated_by(name)) for name in ACTIVATIONS),
    _answer_to("that of an optimizer without a schedule", lambda p: _in(p, "optimizer", schedule=None)),
    _answer_to("that of an optimizer without momentum", lambda p: _in(p, "optimizer", momentum=0.0)),
    _answer_to("that of the iteration after", _later(1)),
    _answer_to("that of the iteration before", _later(-1)),
    _answer_to("that of all examples at every iteration", _on_all_examples),
    _answer_to("that of labels that are 1 greater", _numbered_otherwise(1)),
    _answer_to("that of labels that are 1 less", _numbered_otherwise(-1)),
    _answer_to("that without the last example", _less_an_example(slice(None, -1))),
    _answer_to("that without the first example", _less_an_example(slice(1, None))),
)
