"""Schedules of the learning rate that people choose: a decay, by one of several clocks, for a kind of schedule.

The documents have μ · decay^⌊t / every⌋ (step), μ · exp(−decay · t) (exponential) and μ / (1 + decay · t)
(inverse_time), with t counted from 0, and a constant rate if there is no schedule. μ is the initial rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from nnspec.mistakes.choices.decays import FORMULAS, Rate, Run, end, exp, power


@dataclass(frozen=True)
class Clock:
    """What is counted, from the iteration and the run; ``formula`` says what stands for t."""

    name: str
    formula: str
    time: Callable[[int, Run], int] = field(compare=False, repr=False)
    clause: str = ""


@dataclass(frozen=True)
class ScheduleChoice:
    """What is computed where the documents have ``kind``: step, exponential, inverse_time, or constant for no schedule.

    Its phrase follows the kind's subject; documents: those in which it is right; clause: one that it breaks,
    "" for the kind's.
    """

    name: str
    kind: str
    phrase: str
    formula: str
    rate: Rate = field(compare=False, repr=False)
    documents: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True)
class Kind:
    """A schedule of the documents: how a sentence begins, its fix and its clause."""

    subject: str
    formula: str
    fix: str
    clause: str
    rate: Rate = field(compare=False, repr=False)


KINDS = {
    "step": Kind(
        *(
            "Step decay",
            "μ · decay^⌊t / every⌋",
            "Use μ · decay^⌊t / every⌋, with t counted from 0.",
            "updates.step-decay",
        ),
        lambda mu, decay, every, t, run: mu * power(decay, t // every),
    ),
    "exponential": Kind(
        *("Exponential decay", "μ · exp(−decay · t)", "Use μ · exp(−decay · t), with t counted from 0."),
        "updates.exponential-decay",
        lambda mu, decay, every, t, run: mu * exp(-decay * t),
    ),
    "inverse_time": Kind(
        *("1/t decay", "μ / (1 + decay · t)", "Use μ / (1 + decay · t), with t counted from 0."),
        "updates.inverse-time-decay",
        lambda mu, decay, every, t, run: mu / (1 + decay * t),
    ),
    "constant": Kind(
        *("Without a schedule the learning rate", "μ", "Keep the rate if no schedule is asked for."),
        "updates.gradient-descent",
        lambda mu, decay, every, t, run: mu,
    ),
}

PASSES = "training.schedules-and-minibatches"
CLOCKS = (
    Clock("counted from 1", "t + 1", lambda t, run: t + 1),
    Clock("an iteration late", "max(0, t − 1)", lambda t, run: max(0, t - 1)),
    Clock(
        "once a pass", "the number of the pass over the data", lambda t, run: t // run.batches_a_pass, PASSES
    ),
    Clock(
        "passes counted from 1",
        "the number of the pass counted from 1",
        lambda t, run: t // run.batches_a_pass + 1,
    ),
    Clock("twice an iteration", "2t", lambda t, run: 2 * t),
    Clock("every second iteration", "⌊t / 2⌋", lambda t, run: t // 2),
    Clock("two iterations early", "t + 2", lambda t, run: t + 2),
)


def by_clock(kind: str, clock: Clock) -> ScheduleChoice:
    """The documents' own formula, by another clock."""
    right = KINDS[kind]
    return ScheduleChoice(
        clock.name,
        kind,
        f"takes {clock.formula} for t in {right.formula}",
        f"{right.formula} with {clock.formula} for t",
        lambda mu, decay, every, t, run: right.rate(mu, decay, every, clock.time(t, run), run),
        clause=clock.clause,
    )


def _warm(kind: str, length: int) -> ScheduleChoice:
    """The documents' own formula times a factor that grows over the first iterations."""
    right = KINDS[kind]
    formula = f"min(1, (t + 1)/{length}) · {right.formula}"
    return ScheduleChoice(
        f"warm up of {length}",
        kind,
        f"grows over the first {length} iterations: it is {formula}",
        formula,
        lambda mu, decay, every, t, run: min(1.0, (t + 1) / length) * right.rate(mu, decay, every, t, run),
    )


#: Rates that have nothing of the schedule that is asked for, or that nobody asked for.
GENERAL: tuple[tuple[str, str, Rate], ...] = (
    ("constant", "μ", lambda mu, d, n, t, run: mu),
    ("linear over the run", "μ (1 − t/T), T iterations", lambda mu, d, n, t, run: mu * _left(d, t, run)),
    (
        "cosine over the run",
        "μ (1 + cos(πt/T))/2, T iterations",
        lambda mu, d, n, t, run: mu * (1 + math.cos(math.pi * (1 - _left(d, t, run)))) / 2,
    ),
    (
        "square over the run",
        "μ (1 − t/T)², T iterations",
        lambda mu, d, n, t, run: mu * _left(d, t, run) ** 2,
    ),
    ("inverse root", "μ / √(t + 1)", lambda mu, d, n, t, run: mu / math.sqrt(t + 1)),
    ("inverse", "μ / (t + 1)", lambda mu, d, n, t, run: mu / (t + 1)),
)


def _left(decay: float, t: int, run: Run) -> float:
    """The share of the run that is left."""
    return max(0.0, 1 - t / end(decay, run))


def _fixed(name: str, formula: str, factor: Callable[[int], float]) -> ScheduleChoice:
    """A decay that nobody asked for, with constants of its own."""
    return ScheduleChoice(
        name, "constant", f"is {formula}, instead of μ", formula, lambda mu, d, n, t, run: mu * factor(t)
    )


def _powers(base: float) -> ScheduleChoice:
    return _fixed(f"power {base:g}", f"μ · {base:g}^t", lambda t: power(base, t))


def _inverse(decay: float) -> ScheduleChoice:
    text = f"{decay:g}"
    return _fixed(f"inverse time {text}", f"μ / (1 + {text} t)", lambda t: 1 / (1 + decay * t))


def _steps(every: int, base: float) -> ScheduleChoice:
    formula = f"μ · {base:g}^⌊t/{every}⌋"
    steps = _fixed(f"steps of {every} by {base:g}", formula, lambda t: power(base, t // every))
    return replace(steps, clause="updates.stored-states")


def _unasked() -> Iterator[ScheduleChoice]:
    """Decays of programs that are asked for a constant rate."""
    yield from (_powers(base) for base in (0.99, 0.999, 0.9999, 0.95, 0.9))
    yield from (_inverse(decay) for decay in (0.001, 0.01, 0.1, 0.0001))
    usual = ((1000, 0.5), (100, 0.5), (100, 0.9), (1000, 0.1), (100, 0.1), (1000, 0.9))
    yield from (_steps(every, base) for every, base in usual)


def _schedules() -> Iterator[ScheduleChoice]:
    for kind, formulas in FORMULAS.items():
        yield _general(kind, *GENERAL[0])
        yield from (by_clock(kind, clock) for clock in CLOCKS)
        yield from (_general(kind, *of_kind) for of_kind in formulas)
        yield from (_general(kind, *general) for general in GENERAL[1:])
        yield _warm(kind, 10)
        yield _warm(kind, 100)
    yield from (_general("constant", *general) for general in GENERAL[1:])
    yield from (_warm("constant", length) for length in (10, 100))
    yield from _unasked()


def _general(kind: str, name: str, formula: str, rate: Rate) -> ScheduleChoice:
    ignored = name == "constant"
    phrase = "is ignored: the rate stays μ" if ignored else f"is {formula}, instead of {KINDS[kind].formula}"
    return ScheduleChoice(name, kind, phrase, formula, rate)


#: Every schedule, kind by kind, the most likely of each first.
SCHEDULES = tuple(_schedules())
