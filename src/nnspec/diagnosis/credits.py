"""Which failed tests are due to what was found by asking: those whose answers a program with all of it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nnspec.diagnosis.findings import Finding
from nnspec.diagnosis.questions import answer_of, flatten, has_one_answer, shorten
from nnspec.diagnosis.suspects import Mistakes
from nnspec.diagnosis.work import Work, WorkSpent
from nnspec.judging.rounding import Precision
from nnspec.judging.transcript import Call, Transcript
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: Units of roundoff by which an answer may differ, relative to its greatest number: the networks of tests are small,
#: and two programs with the same formulas differ by some hundreds of units at most, in float64 and float32.
UNITS = 1e4
#: Losses of a run that are compared, and how much further rounding may take them than it takes a run whose initial
#: weights are off by it.
LOSSES, FURTHER = 40, 100.0

#: The program that answers an operation, without some of the mistakes that were found.
ProgramOf = Callable[[str, Mistakes], type[Reference]]


class Credits:
    """Puts tests to causes."""

    def __init__(self, precision: str, work: Work, program_of: ProgramOf) -> None:
        """precision: the subject's."""
        self._unit, self._work, self._program_of = Precision(precision).unit, work, program_of

    def cause(self, transcript: Transcript, found: Sequence[Finding]) -> Finding | None:
        """The first finding without which the program would give other answers; None if not all of them are given."""
        if any(call.changes for call in transcript.calls) or not self._gives(transcript, ()):
            return None
        return next((finding for finding in found if self.is_needed(finding, transcript)), None)

    def is_needed(self, finding: Finding, transcript: Transcript) -> bool:
        """Whether the rest of what was found does not give the answers of a test."""
        return not self._gives(transcript, finding.mistakes)

    def _gives(self, transcript: Transcript, without: Mistakes) -> bool:
        """Whether a program with what was found, but for some mistakes, gives all answers."""
        calls = [_first_losses(shorten(call)) for call in transcript.calls if has_one_answer(call)]
        instances: dict[type[Reference], Reference] = {}
        self._work.spend()

        def ask(call: Call) -> Any:
            program = self._program_of(call.operation, without)
            instance = instances.setdefault(program, self._work.limit(program()))
            answer = answer_of(instance, call)
            reach = self._reach(instance, call, answer) if call.is_long else 0.0
            if not self._agrees(call, answer, reach):
                raise _Mismatch
            return answer

        try:
            with np.errstate(all="ignore"):
                Transcript(transcript.case, calls).replay(ask)
        except WorkSpent:
            raise
        except Exception:  # a mismatch, or a mistake got arguments that it was not written for: no answer
            return False
        return bool(calls)

    def _agrees(self, call: Call, answer: Any, reach: Array | float) -> bool:
        given, parts = dict(flatten(answer, call.operation)), dict(flatten(call.answer, call.operation))
        return all(
            self._near(np.asarray(part), np.asarray(given[name]), reach) for name, part in parts.items()
        )

    def _near(self, got: Array, given: Array, reach: Array | float) -> bool:
        if got.shape != given.shape:
            return False
        if given.dtype.kind in "iub":
            return bool((got == given).all())
        greatest = np.max(np.abs(given), initial=0.0, where=np.isfinite(given))
        near = np.abs(got - given) <= UNITS * self._unit * greatest + FURTHER * np.asarray(reach)
        return bool((near | (got == given) | (np.isnan(got) & np.isnan(given))).all())

    def _reach(self, instance: Reference, call: Call, answer: Any) -> Array:
        """How far a change of the initial weights by some units moves the losses, at most so far."""
        network = call.params["network"]
        random = np.random.default_rng(0)
        moved = [w * (1 + 8 * self._unit * random.choice([-1.0, 1.0], w.shape)) for w in network["weights"]]
        changed = replace(call, params={**call.params, "network": {**network, "weights": moved}})
        other = np.ravel(answer_of(instance, changed)["losses"])
        return np.maximum.accumulate(np.abs(other - np.ravel(answer["losses"])))


def _first_losses(call: Call) -> Call:
    if not call.is_long:
        return call
    iterations = min(LOSSES, call.params["iterations"])
    params = {**call.params, "iterations": iterations}
    return Call(call.operation, params, {"losses": np.ravel(call.answer["losses"])[:iterations]})


class _Mismatch(Exception):
    """An answer is not the subject's."""
