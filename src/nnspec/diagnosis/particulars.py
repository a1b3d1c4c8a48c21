"""What is particular in the calls that go wrong, where everything that is asked is right.

A call that went wrong is made again without one thing that is particular in it. If the answer is right then, in every
call that is tried, that thing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.diagnosis.asking import Ask
from nnspec.diagnosis.questions import Question
from nnspec.diagnosis.work import Work
from nnspec.judging.agreement import Disagreement
from nnspec.judging.transcript import Call, Transcript
from nnspec.reference import Reference
from nnspec.reference.values import Array

Params: TypeAlias = dict[str, Any]
#: Calls that went wrong of which what is told must hold.
CALLS = 6
#: The greatest score that is ordinary, the greatest labels that fit into a byte, and as many rows as a byte counts.
ORDINARY, SIGNED_BYTE, UNSIGNED_BYTE, ROWS = 3.0, 127, 255, 256


@dataclass(frozen=True)
class Particular:
    """Something that may be particular in a call.

    without: the calls without it, each of which must have a right answer; none if it is not in the call; said: what is
    wrong, from the arguments of the first call.
    """

    without: Callable[[Params], Iterator[Params]]
    said: Callable[[Params], str]


def particular(questions: Sequence[Question], ask: Ask, precision: str, work: Work) -> str:
    """What is particular in the first wrong call of each of these questions; "" if nothing that is known."""
    calls = [question.transcript.calls[question.wrong_places[0]] for question in questions[:CALLS]]
    if any(call.is_long or call.changes for call in calls):
        return ""
    for each in PARTICULARS:
        if all(_is_right_without(each, call, ask, precision, work) for call in calls):
            return f"{calls[0].operation}: {each.said(calls[0].params)}"
    return ""


def _is_right_without(each: Particular, call: Call, ask: Ask, precision: str, work: Work) -> bool:
    """Whether the call has this, and a right answer without it."""
    tried = False
    for params in each.without(call.params):
        tried = True
        try:
            answer = ask(call.operation, params)
        except (NoAnswer, Disagreement):
            return False
        if Question(Transcript("", [Call(call.operation, params, answer)]), precision, work).wrong_places:
            return False
    return tried


# ---- the calls without it ----


def _labels_of_64_bits(params: Params) -> Iterator[Params]:
    labels = params.get("labels")
    if isinstance(labels, np.ndarray) and labels.dtype != np.int64:
        yield {**params, "labels": labels.astype(np.int64)}


def _labels_up_to(greatest: int, params: Params) -> Iterator[Params]:
    labels = params.get("labels")
    if labels is not None and np.max(labels, initial=0) > greatest:
        yield {**params, "labels": np.minimum(labels, greatest)}


def _no_repeated_examples(params: Params) -> Iterator[Params]:
    batches = params.get("batches")
    if batches is not None and any(len(np.unique(batch)) < len(batch) for batch in batches):
        yield {**params, "batches": [np.array(list(dict.fromkeys(np.ravel(batch)))) for batch in batches]}


def _each_example(params: Params) -> Iterator[Params]:
    """Each example alone, if several scores are far apart."""
    if _greatest(params) > ORDINARY and len(_of_examples(params)) > 1 and "optimizer" not in params:
        yield from (_rows(params, [row]) for row in range(len(_of_examples(params))))


def _ordinary_scores(params: Params) -> Iterator[Params]:
    greatest = _greatest(params)
    if greatest > ORDINARY and "scores" in params:
        yield {**params, "scores": params["scores"] * (ORDINARY / greatest)}
    elif greatest > ORDINARY:
        factor, network = ORDINARY / greatest, params["network"]
        scaled = {kind: [*network[kind][:-1], network[kind][-1] * factor] for kind in ("weights", "biases")}
        yield {**params, "network": {**network, **scaled}}


def _ordinary_inputs(params: Params) -> Iterator[Params]:
    """Smaller inputs of a function, or smaller parameters and inputs of a network."""
    greatest = _greatest_input(params)
    if greatest > ORDINARY and "z" in params:
        yield {**params, "z": params["z"] * (ORDINARY / greatest)}
    elif greatest > ORDINARY:
        factor, network = ORDINARY / greatest, params["network"]
        scaled = {kind: [factor * array for array in network[kind]] for kind in ("weights", "biases")}
        yield {**params, "network": {**network, **scaled}}


def _few_examples(params: Params) -> Iterator[Params]:
    if len(_of_examples(params)) > ROWS and "batches" not in params:
        yield _rows(params, list(range(ROWS)))


def _two_examples(params: Params) -> Iterator[Params]:
    if len(_of_examples(params)) == 1 and params.get("batches") is None:
        yield _rows(params, [0, 0])


def _no_missing_class(params: Params) -> Iterator[Params]:
    labels, classes = params.get("labels"), _classes(params)
    if labels is not None and params.get("batches") is None and len(np.unique(labels)) < classes:
        count = max(len(labels), classes)
        rows = [row % len(labels) for row in range(count)]
        yield {**_rows(params, rows), "labels": np.arange(count) % classes}


def _greatest(params: Params) -> float:
    """The greatest magnitude of a score."""
    if "scores" in params:
        return float(np.max(np.abs(params["scores"]), initial=0.0))
    if "inputs" in params and "network" in params:
        with np.errstate(all="ignore"):
            scores = Reference().forward(params["network"], np.asarray(params["inputs"], dtype=float))[
                "scores"
            ]
        return float(np.max(np.abs(scores), initial=0.0))
    return 0.0


def _greatest_input(params: Params) -> float:
    """The greatest magnitude of what goes into an activation."""
    if "z" in params:
        return float(np.max(np.abs(params["z"]), initial=0.0))
    if "inputs" not in params or "network" not in params:
        return 0.0
    network, inputs = params["network"], np.asarray(params["inputs"], dtype=float)
    with np.errstate(all="ignore"):
        hidden = Reference().forward(network, inputs)["hidden"]
        layers = zip([inputs, *hidden], network["weights"], network["biases"], strict=True)
        return max((float(np.max(np.abs(x @ w + b), initial=0.0)) for x, w, b in [*layers][:-1]), default=0.0)


def _of_examples(params: Params) -> Array:
    """An array with a row for each example; none if there are no examples."""
    return np.asarray(next((params[name] for name in ("scores", "inputs") if name in params), []))


def _rows(params: Params, rows: list[int]) -> Params:
    """The call for these examples."""
    return {
        name: part[rows] if name in ("scores", "inputs", "labels") else part for name, part in params.items()
    }


def _classes(params: Params) -> int:
    if "scores" in params:
        return int(params["scores"].shape[1])
    return len(params["network"]["biases"][-1]) if "network" in params else 0


PARTICULARS = (
    Particular(
        _labels_of_64_bits,
        lambda params: (
            f"the answer is wrong for labels of type {params['labels'].dtype} and right for the same labels as int64: "
            "something is computed in the labels' own type and wraps around"
        ),
    ),
    *(
        Particular(
            partial(_labels_up_to, greatest),
            lambda _, greatest=greatest, kind=kind: (  # type: ignore[misc]  # a default is not inferred
                f"the answer is wrong for labels above {greatest} and right for smaller ones: the labels are put into "
                f"8 {kind} bits"
            ),
        )
        for greatest, kind in ((UNSIGNED_BYTE, "unsigned"), (SIGNED_BYTE, "signed"))
    ),
    Particular(
        _few_examples,
        lambda _: (
            f"the answer is wrong for more than {ROWS} examples and right for {ROWS} of them: a row number does not "
            "fit into 8 bits"
        ),
    ),
    Particular(
        _no_repeated_examples,
        lambda _: (
            "the answer is wrong where a minibatch names an example twice, and right where it names each once"
        ),
    ),
    Particular(
        _each_example,
        lambda params: (
            "the answer is wrong for these examples together and right for each of them alone, where the scores are as "
            f"great as {_greatest(params):.4g}: look for a number of the whole batch where each example needs its own, "
            "such as the greatest score"
        ),
    ),
    Particular(
        _ordinary_scores,
        lambda params: (
            f"the answer is wrong for scores as great as {_greatest(params):.4g} and right for the same scores scaled "
            f"down to {ORDINARY:g}: look for an exponential that overflows, or the logarithm of a number that became 0"
        ),
    ),
    Particular(
        _ordinary_inputs,
        lambda params: (
            f"the answer is wrong where an activation gets inputs as great as {_greatest_input(params):.4g} and right "
            f"where they are {ORDINARY:g} at most: look for a limit on the activation's input or output, or for an "
            "exponential that overflows"
        ),
    ),
    Particular(
        _two_examples,
        lambda _: "the answer is wrong for one example and right for the same example twice",
    ),
    Particular(
        _no_missing_class,
        lambda _: (
            "the answer is wrong where the labels lack a class and right where every class has an example: take the "
            "number of classes from the scores"
        ),
    ),
)
