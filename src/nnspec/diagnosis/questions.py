"""A test's calls with the right answers, and whether another program gives the subject's answers."""

from __future__ import annotations

import copy
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnspec.diagnosis.clock import Clock, TimeIsUp
from nnspec.ensemble.members import stacked
from nnspec.ensemble.noise import StepNoise
from nnspec.judging.rounding import Bounded, Precision
from nnspec.judging.subject import Exact
from nnspec.judging.transcript import Call, Transcript
from nnspec.reach.server import Server
from nnspec.reference import Reference
from nnspec.reference.values import Array
from nnspec.runs import envelope

#: How many times its tolerance a program may be from another that rounds in its own way.
FACTOR = 8.0
#: A part whose numbers are so many times as great may lose as many times as much, and no more than this.
GREATEST_SCALE = 1e4
#: Losses of a long run that are compared, of a large network fewer, and how many after the first that is wrong.
BEGINNING, PRODUCTS, AFTER = 120, 2_000_000, 5
#: Runs that differ in rounding alone, from which the tolerance of a longer run comes.
MEMBERS = 4


@dataclass
class Part:
    """Numbers of an answer: as the subject gave them, as they should be, and how near a correct program is.

    unit: the roundoff of the subject's precision.
    """

    got: Array
    right: Array
    tolerance: Array
    unit: float

    def cut(self, length: int) -> Part:
        """Its first numbers."""
        return Part(self.got[:length], self.right[:length], self.tolerance[:length], self.unit)

    @property
    def off(self) -> Array:
        """Which numbers are not; all of them where there are more or fewer than there should be."""
        if self.got.shape != self.right.shape:
            return np.ones(self.right.shape, dtype=bool)
        with np.errstate(all="ignore"):
            return ~(np.abs(self.got - self.right) <= self.tolerance)

    @property
    def wrong(self) -> bool:
        """Some number is not."""
        return self.got.shape != self.right.shape or bool(self.off.any())

    def is_like(self, other: Any) -> bool:
        """Whether these numbers are the subject's, up to rounding.

        What a wrong program loses by rounding nobody has worked out: so it is taken to be what a right one loses in
        the worst number of the part, and as many times more as its numbers are greater.
        """
        other = np.asarray(other)
        if other.shape != self.got.shape:
            return False
        if other.dtype.kind in "iub":
            return bool((other == self.got).all())
        with np.errstate(all="ignore"):
            greatest, right = (
                np.max(np.abs(array), initial=0, where=np.isfinite(array)) for array in (other, self.right)
            )
            scale = min(max(1.0, greatest / right), GREATEST_SCALE) if right else 1.0
            lost = scale * np.max(self.tolerance, initial=0) + self.unit * greatest
            near = (np.abs(other - self.got) <= FACTOR * lost) | (other == self.got)
            return bool((near | (np.isnan(other) & np.isnan(self.got))).all())


class Question:
    """A transcript, each answer beside the right one.

    parts: for each call, its parts by name; wrong: the places of the calls of which one is wrong.
    """

    def __init__(self, transcript: Transcript, precision: str, clock: Clock) -> None:
        """precision: what the subject computes in; raises TimeIsUp, as all that asks a program does."""
        self.case = transcript.case
        self._clock = clock
        calls = [beginning(call) for call in transcript.calls if has_one_answer(call)]
        exact = Exact(Precision(precision))
        right = Transcript(transcript.case, calls).replayed(lambda call: _right(exact, call, clock))
        self.parts = [
            dict(_parts(call, answer, exact.precision.unit))
            for call, answer in zip(calls, right, strict=True)
        ]
        for place, call in enumerate(calls):
            if call.is_long:
                calls[place] = self._cut(call, self.parts[place])
        self.calls = Transcript(transcript.case, calls)
        self.wrong = [
            place for place, parts in enumerate(self.parts) if any(part.wrong for part in parts.values())
        ]

    @property
    def operation(self) -> str:
        """The operation of the first wrong answer."""
        return self.calls.calls[self.wrong[0]].operation

    @property
    def activations(self) -> set[str]:
        """Those that its calls have."""
        return {call.activation for call in self.calls.calls} - {""}

    @property
    def is_finite(self) -> bool:
        """Whether all that the subject answered is."""
        return all(np.isfinite(part.got).all() for parts in self.parts for part in parts.values())

    def _cut(self, call: Call, parts: dict[str, Part]) -> Call:
        """No more of a run than shows what is wrong."""
        part = parts["losses"]
        wrong = np.flatnonzero(part.off)
        iterations = int(wrong[0]) + 1 + AFTER if len(wrong) else AFTER
        parts["losses"] = part.cut(iterations)
        return Call("train", {**call.params, "iterations": min(iterations, len(part.right))}, call.answer)

    def is_answered_by(self, program: type[Reference]) -> bool:
        """Whether the program's answers to all of these calls are the subject's, up to rounding."""
        asked = self._clock.watched(program())
        places = iter(range(len(self.parts)))

        def ask(call: Call) -> Any:
            place = next(places)
            if call.is_long and not self._begins_alike(self._clock.watched(program()), call, place):
                raise _Otherwise
            answer = answered(asked, call)
            if not self.is_like(place, answer):
                raise _Otherwise
            return answer

        try:
            with np.errstate(all="ignore"):
                self.calls.replayed(ask)
        except TimeIsUp:
            raise
        except Exception:  # _Otherwise, or a mistake met arguments that it was not made for: no answer
            return False
        return True

    def _begins_alike(self, program: Reference, call: Call, place: int) -> bool:
        """Whether the first losses are the subject's, which most programs show not to be in a run of twice as many."""
        iterations = min(2 * AFTER, call.params["iterations"])
        losses = answered(program, replace(call, params={**call.params, "iterations": iterations}))["losses"]
        beginning = self.parts[place]["losses"].cut(AFTER)
        return len(losses) != iterations or beginning.is_like(losses[: len(beginning.right)])

    def is_like(self, place: int, answer: Any) -> bool:
        """Whether an answer to the call at this place is the subject's, up to rounding."""
        told = dict(_flat(answer, self.calls.calls[place].operation))
        return all(part.is_like(told[name]) for name, part in self.parts[place].items() if name in told)


#: The name of a part that holds which arguments a call changed.
CHANGED = "arguments that the call changed"


class _Otherwise(Exception):
    """An answer is not the subject's."""


def has_one_answer(call: Call) -> bool:
    """Not so a fit, which has randomness of its own, and what is predicted from a handle that it gave."""
    if call.operation == "fit":
        return False
    network = call.params.get("network", {"weights": []})
    weights = network.get("weights") if isinstance(network, dict) else None
    return isinstance(weights, list) and all(isinstance(array, np.ndarray) for array in weights)


def beginning(call: Call) -> Call:
    """A long run's beginning, of which the losses alone are compared; any other call as it is."""
    if not call.is_long:
        return call
    iterations = min(BEGINNING, call.params["iterations"], max(AFTER, PRODUCTS // call.products))
    return Call(
        "train", {**call.params, "iterations": iterations}, {"losses": call.answer["losses"][:iterations]}
    )


def answered(program: Reference, call: Call) -> Any:
    """What a program answers to a call."""
    if call.changes:
        return _changed(Server(program, "").changed_arguments(call.operation, call.params))
    return getattr(program, call.operation)(**copy.deepcopy(call.params))


def _changed(names: list[str]) -> dict[str, Array]:
    """The names of changed arguments, as numbers."""
    return {CHANGED: np.array([zlib.crc32(name.encode()) for name in names], dtype=int)}


def _right(exact: Exact, call: Call, clock: Clock) -> Any:
    """The right answer, its numbers Bounded."""
    clock.check()
    operation, params = call.operation, call.params
    if call.changes:
        return {CHANGED: np.array([], dtype=int)}
    if operation == "predict":
        scores = exact.forward(**params)["scores"]
        return scores.value.argmax(axis=1)
    if call.is_long:
        return _run(exact, params, clock)
    return exact.call(operation, params)


def _run(exact: Exact, params: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """The losses of a run, and how far correct ones are from them."""
    precision = exact.precision.name
    right = np.array(clock.watched(Reference()).train(**params)["losses"])
    members = {
        **params,
        "network": stacked(params["network"], MEMBERS, precision),
        "inputs": params["inputs"].astype(precision),
    }
    made = np.array(clock.watched(StepNoise(0)).train(**members)["losses"], dtype=float)
    reach = np.maximum.accumulate(np.abs(made - right[:, None]).max(axis=1) / np.abs(right))
    return {"losses": Bounded(right, envelope.tolerance(right, reach, precision), exact.precision)}


def _parts(call: Call, right: Any, unit: float) -> Iterator[tuple[str, Part]]:
    """The parts of an answer by name."""
    told = dict(_flat(_changed(call.answer) if call.changes else call.answer, call.operation))
    for name, expected in _flat(right, call.operation):
        if name in told:
            got = np.asarray(told[name])
            if isinstance(expected, Bounded):
                yield name, Part(got, expected.value, expected.error, unit)
            else:
                yield name, Part(got, np.asarray(expected), np.zeros(np.shape(expected)), unit)


def _flat(answer: Any, operation: str, name: str = "") -> Iterator[tuple[str, Any]]:
    """The arrays and numbers of an answer, by name; the sign of a velocity is the program's own affair."""
    if isinstance(answer, dict):
        for key, part in answer.items():
            if not isinstance(part, str) and not (operation == "update" and key == "velocity"):
                yield from _flat(part, operation, f"{name}.{key}" if name else key)
    elif isinstance(answer, list) and not all(isinstance(part, (float, int)) for part in answer):
        for index, part in enumerate(answer):
            yield from _flat(part, operation, f"{name}[{index}]")
    else:
        yield name, answer


@dataclass(frozen=True)
class WrongPart:
    """A part of an answer that is wrong."""

    call: Call
    name: str
    part: Part

    @property
    def quantity(self) -> str:
        """Its name without the layer's number."""
        return re.sub(r"\[\d+\]", "", self.name)


def first_wrong(question: Question) -> Iterator[WrongPart]:
    """The wrong parts of its first answer that is wrong."""
    place = question.wrong[0]
    for name, part in question.parts[place].items():
        if part.wrong:
            yield WrongPart(question.calls.calls[place], name, part)


def part_named(answer: Any, name: str) -> Any:
    """The part of an answer that bears a name such as network.weights[1]."""
    for key, layer in re.findall(r"([a-z_]+)|\[(\d+)\]", name):
        answer = answer[key] if key else answer[int(layer)]
    return answer
