"""A test's calls with the right answers, and whether another program gives the subject's answers."""

from __future__ import annotations

import copy
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from nnspec.diagnosis.work import Work, WorkSpent
from nnspec.ensemble.members import stacked
from nnspec.ensemble.noise import StepNoise
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact
from nnspec.judging.transcript import Call, Transcript
from nnspec.reach.server import Server
from nnspec.reference import Reference
from nnspec.reference.values import Array
from nnspec.runs import envelope

#: Two programs that round in their own way may differ by this many tolerances.
TOLERANCES = 8.0
#: The tolerance of a part grows with its numbers, by this factor at the most.
MAX_SCALE = 1e4
#: Losses of a long run that are compared, and products of a weight and an input that may be formed for them.
MAX_LOSSES, MAX_PRODUCTS = 120, 2_000_000
#: Losses that are compared after the first wrong one; of a right run, the losses that are compared.
LOSSES_AFTER = 5
#: Runs that differ only in rounding, from which the tolerance of a long run is derived.
MEMBERS = 4
#: The units of work of a right answer with its error bounds.
UNITS = 4
#: The name of the part that holds which arguments a call changed.
CHANGED_ARGUMENTS = "changed arguments"

#: The program that answers an operation.
ProgramOf: TypeAlias = Callable[[str], type[Reference]]


@dataclass
class Part:
    """Numbers of an answer: the subject's, the right ones, and how near them a correct program is.

    unit: the roundoff of the subject's precision.
    """

    got: Array
    right: Array
    tolerance: Array
    unit: float

    def head(self, length: int) -> Part:
        """Its first numbers."""
        return Part(self.got[:length], self.right[:length], self.tolerance[:length], self.unit)

    @cached_property
    def _greatest_right(self) -> Any:
        return _greatest(self.right)

    @property
    def errors(self) -> Array:
        """Which numbers are wrong; all of them if their shape is."""
        if self.got.shape != self.right.shape:
            return np.ones(self.right.shape, dtype=bool)
        with np.errstate(all="ignore"):
            return ~(np.abs(self.got - self.right) <= self.tolerance)

    @property
    def is_wrong(self) -> bool:
        """Whether the shape or any number is wrong."""
        return self.got.shape != self.right.shape or bool(self.errors.any())

    def matches(self, other: Any) -> bool:
        """Whether these numbers are the subject's, up to rounding.

        The rounding errors of a wrong program are unknown. They are assumed to be as large as the worst of a right
        program in this part, and to grow in proportion to the part's numbers.
        """
        other = np.asarray(other)
        if other.shape != self.got.shape:
            return False
        if other.dtype.kind in "iub":
            return bool((other == self.got).all())
        with np.errstate(all="ignore"):
            greatest, right = _greatest(other), self._greatest_right
            scale = min(max(1.0, greatest / right), MAX_SCALE) if right else 1.0
            rounding = scale * np.max(self.tolerance, initial=0) + self.unit * greatest
            near = (np.abs(other - self.got) <= TOLERANCES * rounding) | (other == self.got)
            overflows = ~np.isfinite(other) & ~np.isfinite(self.got) & (np.isnan(other) | np.isnan(self.got))
            return bool((near | overflows).all())


def _greatest(array: Array) -> Any:
    """The greatest finite absolute value, 0 if there is none."""
    return np.max(np.abs(array), initial=0, where=np.isfinite(array))


class Question:
    """A transcript with the right answer to each call.

    case: the test; transcript: its calls that have one right answer, long runs cut short; parts: for each call, the
    parts of its answer by name; wrong_places: the places of the calls with a wrong answer.
    """

    def __init__(self, transcript: Transcript, precision: str, work: Work) -> None:
        """precision: the subject's. Raises WorkSpent, as every method that runs a program does."""
        self.case = transcript.case
        self._work = work
        calls = [shorten(call) for call in transcript.calls if has_one_answer(call)]
        exact = Exact(Precision(precision))
        right = Transcript(transcript.case, calls).replay(lambda call: _right_answer(exact, call, work))
        self.parts = [
            dict(_answer_parts(call, answer, exact.precision.unit))
            for call, answer in zip(calls, right, strict=True)
        ]
        for place, call in enumerate(calls):
            if call.is_long:
                calls[place] = self._cut(call, self.parts[place])
        self.transcript = Transcript(transcript.case, calls)
        self.wrong_places = [
            place for place, parts in enumerate(self.parts) if any(part.is_wrong for part in parts.values())
        ]

    @property
    def operation(self) -> str:
        """The operation of the first wrong answer."""
        return self.transcript.calls[self.wrong_places[0]].operation

    @property
    def activations(self) -> set[str]:
        """The activations of its calls."""
        return {call.activation for call in self.transcript.calls} - {""}

    @property
    def is_finite(self) -> bool:
        """Whether all of the subject's numbers are finite."""
        return all(np.isfinite(part.got).all() for parts in self.parts for part in parts.values())

    def _cut(self, call: Call, parts: dict[str, Part]) -> Call:
        """The run up to a few losses after the first wrong one; shortens the losses among the parts too."""
        part = parts["losses"]
        shared = part.head(min(len(part.got), len(part.right)))
        places = np.flatnonzero(shared.errors)
        if not len(places) and len(part.got) < len(part.right):
            places = np.array([len(part.got)])  # the first that is missing
        iterations = int(places[0]) + 1 + LOSSES_AFTER if len(places) else LOSSES_AFTER
        parts["losses"] = part.head(iterations)
        return Call("train", {**call.params, "iterations": min(iterations, len(part.right))}, call.answer)

    def is_reproduced_by(self, program_of: ProgramOf) -> bool:
        """Whether a program's answers to all of these calls are the subject's, up to rounding.

        program_of: the program that answers an operation; one program answers with one object.
        """
        instances: dict[type[Reference], Reference] = {}
        places = iter(range(len(self.parts)))

        def ask(call: Call) -> Any:
            place, program = next(places), program_of(call.operation)
            if call.is_long and not self._first_losses_match(self._work.limit(program()), call, place):
                raise _Mismatch
            if program not in instances:
                instances[program] = self._work.limit(program())
            answer = answer_of(instances[program], call)
            if not self.matches(place, answer):
                raise _Mismatch
            return answer

        try:
            with np.errstate(all="ignore"):
                self.transcript.replay(ask)
        except WorkSpent:
            raise
        except Exception:  # a mismatch, or a mistake got arguments that it was not written for: no answer
            return False
        return True

    def _first_losses_match(self, program: Reference, call: Call, place: int) -> bool:
        """Whether the first losses are the subject's: a run of twice as many is enough to reject most programs."""
        iterations = min(2 * LOSSES_AFTER, call.params["iterations"])
        losses = answer_of(program, replace(call, params={**call.params, "iterations": iterations}))["losses"]
        first = self.parts[place]["losses"].head(LOSSES_AFTER)
        return len(losses) != iterations or first.matches(losses[: len(first.right)])

    def matches(self, place: int, answer: Any) -> bool:
        """Whether an answer to the call at this place is the subject's, up to rounding."""
        parts = dict(flatten(answer, self.transcript.calls[place].operation))
        return all(part.matches(parts[name]) for name, part in self.parts[place].items() if name in parts)


class _Mismatch(Exception):
    """An answer is not the subject's."""


def has_one_answer(call: Call) -> bool:
    """Whether the call has one right answer: not a fit, which draws at random, nor a prediction from its handle."""
    if call.operation == "fit":
        return False
    network = call.params.get("network", {"weights": []})
    weights = network.get("weights") if isinstance(network, dict) else None
    return isinstance(weights, list) and all(isinstance(array, np.ndarray) for array in weights)


def shorten(call: Call) -> Call:
    """The first iterations of a long run, with the losses as the only answer; any other call unchanged."""
    if not call.is_long:
        return call
    affordable = max(LOSSES_AFTER, MAX_PRODUCTS // call.products)
    iterations = min(MAX_LOSSES, call.params["iterations"], affordable)
    return Call(
        "train",
        {**call.params, "iterations": iterations},
        {"losses": np.ravel(call.answer["losses"])[:iterations]},
    )


def answer_of(program: Reference, call: Call) -> Any:
    """The program's answer to a call."""
    if call.changes:
        return _changed_arguments(Server(program, "").changed_arguments(call.operation, call.params))
    return getattr(program, call.operation)(**copy.deepcopy(call.params))


def _changed_arguments(names: list[str]) -> dict[str, Array]:
    """The names of changed arguments, as numbers."""
    return {CHANGED_ARGUMENTS: np.array([zlib.crc32(name.encode()) for name in names], dtype=int)}


def _right_answer(exact: Exact, call: Call, work: Work) -> Any:
    """The right answer, its numbers Bounded."""
    work.spend(UNITS)
    operation, params = call.operation, call.params
    if call.changes:
        return _changed_arguments([])
    if operation == "predict":
        scores = exact.forward(**params)["scores"]
        return scores.value.argmax(axis=1)
    if call.is_long:
        return _right_losses(exact, params, work)
    return exact.call(operation, params)


def _right_losses(exact: Exact, params: dict[str, Any], work: Work) -> dict[str, Any]:
    """The right losses of a run, and how far from them those of correct programs are."""
    precision = exact.precision.name
    right = np.array(work.limit(Reference()).train(**params)["losses"])
    members = {
        **params,
        "network": stacked(params["network"], MEMBERS, precision),
        "inputs": params["inputs"].astype(precision),
    }
    losses = np.array(work.limit(StepNoise(0)).train(**members)["losses"], dtype=float)
    reach = np.maximum.accumulate(np.abs(losses - right[:, None]).max(axis=1) / np.abs(right))
    return {"losses": Bounded(right, envelope.tolerance(right, reach, precision), exact.precision)}


def _answer_parts(call: Call, right: Any, unit: float) -> Iterator[tuple[str, Part]]:
    """The parts of an answer by name."""
    answer = _changed_arguments(call.answer) if call.changes else call.answer
    parts = dict(flatten(answer, call.operation))
    for name, expected in flatten(right, call.operation):
        if name in parts:
            got = np.asarray(parts[name])
            if isinstance(expected, Bounded):
                yield name, Part(got, expected.value, expected.error, unit)
            else:
                yield name, Part(got, np.asarray(expected), np.zeros(np.shape(expected)), unit)


def flatten(answer: Any, operation: str, name: str = "") -> Iterator[tuple[str, Any]]:
    """The arrays and numbers of an answer, by name, without a velocity: programs may choose its sign."""
    if isinstance(answer, dict):
        for key, part in answer.items():
            if not isinstance(part, str) and not (operation == "update" and key == "velocity"):
                yield from flatten(part, operation, f"{name}.{key}" if name else key)
    elif isinstance(answer, list) and not all(isinstance(part, (float, int)) for part in answer):
        for index, part in enumerate(answer):
            yield from flatten(part, operation, f"{name}[{index}]")
    else:
        yield name, answer


@dataclass(frozen=True)
class WrongPart:
    """A wrong part of an answer."""

    call: Call
    name: str
    part: Part

    @property
    def quantity(self) -> str:
        """Its name without the layer's number."""
        return re.sub(r"\[\d+\]", "", self.name)


def first_wrong_parts(question: Question) -> Iterator[WrongPart]:
    """The wrong parts of the first wrong answer."""
    place = question.wrong_places[0]
    for name, part in question.parts[place].items():
        if part.is_wrong:
            yield WrongPart(question.transcript.calls[place], name, part)


def select(answer: Any, name: str) -> Any:
    """The part of an answer with a name such as network.weights[1]."""
    for key, layer in re.findall(r"([a-z_]+)|\[(\d+)\]", name):
        answer = answer[key] if key else answer[int(layer)]
    return answer


@dataclass(frozen=True)
class Group:
    """Wrong answers of an operation that may have one explanation.

    only_finite: it must explain finite answers only; activation: it must agree only with answers for this activation,
    "" for all.
    """

    questions: list[Question]
    only_finite: bool = False
    activation: str = ""


def uses_only(activation: str) -> Callable[[Question], bool]:
    """Whether a question has no other activation than this; true of every question if it is ""."""
    return lambda question: not activation or question.activations <= {activation}
