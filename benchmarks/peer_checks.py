"""The checks that people use instead of nnspec, by the rules of each, and how a program fares by them.

peer_gradients.py has the checks of gradients, peer_training.py those of steps and losses, peer_deepchecker.py and
peer_monitor.py those of TheDeepChecker; each names its sources. jax and torch are not needed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
from peer_cases import Check, Program
from peer_deepchecker import PEER as DEEPCHECKER_OTHERS
from peer_deepchecker import deepchecker_checks
from peer_gradients import CS231N, DEEPCHECKER, JAX, TORCH, gradient_checks
from peer_training import CHANCE, OVERFIT, TORCHTEST, training_checks

from nnspec.contract.errors import Unsupported
from nnspec.contract.operations import OPERATIONS
from nnspec.mistakes import Mistake
from nnspec.reference import Reference

#: The peers, in the order of the page.
GRADIENT_PEERS = (*CS231N, TORCH, JAX, DEEPCHECKER)
PEERS = (*GRADIENT_PEERS, DEEPCHECKER_OTHERS, TORCHTEST, CHANCE, OVERFIT)
#: The operations that a program offers: all, or only a few.
PARTS: Mapping[str, tuple[str, ...]] = {
    "whole programs": tuple(OPERATIONS),
    "`loss`, `gradients`, `train`": ("loss", "gradients", "train"),
    "`loss`, `gradients`": ("loss", "gradients"),
    "`train`": ("train",),
}
#: How a check went.
PASSES, FAILS, CRASHES = "passes", "fails", "crashes"


@cache
def checks(precision: str = "float64") -> tuple[Check, ...]:
    """All checks of a program of this precision."""
    return (*gradient_checks(precision), *training_checks(), *deepchecker_checks())


class Trial:
    """A program under the checks; each looks at a new instance, so that none sees what another left behind."""

    def __init__(self, program: Callable[[], Program]) -> None:
        """program: makes the program."""
        self.program = program
        self.measured: dict[int, tuple[str | None, Any]] = {}

    def outcome(self, check: Check) -> str:
        """PASSES, FAILS or CRASHES; "" if the program does not support the check's case."""
        if id(check.measure) not in self.measured:
            self.measured[id(check.measure)] = self._measure(check)
        ended, value = self.measured[id(check.measure)]
        if ended is not None:
            return ended
        return FAILS if check.fails(value) else PASSES

    def _measure(self, check: Check) -> tuple[str | None, Any]:
        """How the program ended, None if it answered, and what the check looks at."""
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return None, check.measure(self.program())
            except (Unsupported, NotImplementedError):
                return "", None
            except Exception:  # a mistake may raise anything
                return CRASHES, None


def changed(mistake: type[Mistake]) -> set[str]:
    """The methods of the reference that a mistake changes."""
    return {
        name
        for base in mistake.__mro__
        if issubclass(base, Reference) and base not in Reference.__mro__ and base is not Mistake
        for name, member in vars(base).items()
        if callable(member) and hasattr(Reference, name)
    }


def sound_checks() -> dict[Check, set[str]]:
    """The checks that the reference passes, each with the methods of the reference that it comes through.

    A mistake that changes none of these methods answers the check as the reference does.
    """
    reached: set[str] = set()

    class Followed(Reference):
        def __getattribute__(self, name: str) -> Any:
            reached.add(name)
            return super().__getattribute__(name)

    trial, found = Trial(Followed), {}
    ways: dict[int, set[str]] = {}
    for check in checks():
        reached.clear()
        passes = trial.outcome(check) == PASSES
        way = ways.setdefault(id(check.measure), {*reached})
        if passes:
            found[check] = way
    return found


def refusals(program: Callable[[], Program], sound: Iterable[Check]) -> dict[str, dict[str, str]]:
    """For each part, the peers that refuse a program that offers it: FAILS, or CRASHES if no check does but a crash.

    sound: the checks that the reference passes; no other counts.
    """
    trial = Trial(program)
    found: dict[str, dict[str, str]] = {part: {} for part in PARTS}
    for check in sound:
        parts = [part for part, operations in PARTS.items() if check.applies(operations)]
        open_parts = [part for part in parts if found[part].get(check.peer) != FAILS]
        if open_parts and (outcome := trial.outcome(check)) in (FAILS, CRASHES):
            for part in open_parts:
                found[part][check.peer] = outcome
    return found


def outcomes(program: Callable[[], Program], precision: str = "float64") -> dict[Check, str]:
    """How each check that applies to a whole program ends with this one; without what it does not support."""
    trial, whole = Trial(program), PARTS["whole programs"]
    ended = {check: trial.outcome(check) for check in checks(precision) if check.applies(whole)}
    return {check: outcome for check, outcome in ended.items() if outcome}
