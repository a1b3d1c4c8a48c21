"""Why runs end early, from their losses: after so many, or by a rule that looks at how they fall."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nnspec.reference.values import Array

#: Iterations in a row that a rule may wait for, at most.
LONGEST = 60
#: How many times its lower end the upper end of an interval is of which a number stands for both.
WIDE = 1.5
#: What a rule compares with its threshold at each loss.
Score: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True)
class Run:
    """The losses of a run, and how it was asked for.

    asked: iterations; examples, batch: how many there are, and in a full minibatch; following: the loss after the last
    update.
    """

    losses: Array
    asked: int
    examples: int
    batch: int
    following: float = math.nan

    @property
    def ended(self) -> bool:
        """Whether it ended early."""
        return len(self.losses) < self.asked

    @property
    def per_pass(self) -> int:
        """Iterations of a pass through the examples."""
        return -(-self.examples // self.batch)


def count(runs: Sequence[Run]) -> str:
    """How the number of losses follows from what is asked, in words; "" if it does not."""
    sizes = [len(run.losses) for run in runs]
    longest = max(sizes)
    if all(size == min(run.asked, longest) for size, run in zip(sizes, runs, strict=True)):
        return f"train() ends after {_number(longest, 'iteration')}, however many are asked for"
    passes = {math.ceil(size / run.per_pass) for size, run in zip(sizes, runs, strict=True) if run.ended}
    for number in passes if len(passes) == 1 else ():
        if all(len(run.losses) == min(run.asked, number * run.per_pass) for run in runs):
            return (
                f"train() ends after {_number(number, 'pass', 'passes')} through the examples, "
                "however many iterations are asked for"
            )
    return _recorded(runs)


def _recorded(runs: Sequence[Run]) -> str:
    """Losses of some iterations alone."""
    if any(run.per_pass > 1 for run in runs) and all(
        len(run.losses) in (run.asked // run.per_pass, -(-run.asked // run.per_pass)) for run in runs
    ):
        return "train() returns a loss for each pass through the examples; it should return one for each iteration"
    sizes = [len(run.losses) for run in runs]
    steps = {
        every
        for every in range(2, LONGEST)
        if sizes in ([run.asked // every for run in runs], [-(-run.asked // every) for run in runs])
    }
    if len(steps) == 1:
        return f"train() returns a loss for every {steps.pop()} iterations; it should return one for each iteration"
    for less in (1, 2):
        if all(len(run.losses) == run.asked - less for run in runs):
            return f"train() returns {_number(less, 'loss', 'losses')} fewer than iterations"
    return ""


def _number(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def rule(runs: Sequence[Run]) -> str:
    """The rule by which the runs end early, which looks at their losses, in words; "" if there is none, or several."""
    if not any(run.ended for run in runs) or all(run.ended for run in runs):
        return ""
    found = list(_rules(runs, listed=True)) or list(_rules(runs, listed=False))
    return found[0] if len(found) == 1 else ""


def _rules(runs: Sequence[Run], *, listed: bool) -> Iterator[str]:
    """Rules that fit; listed: whether the loss at which a run ends is among its losses."""
    if interval := _threshold(runs, lambda losses: losses, 1, listed=listed):
        yield f"train() ends when the loss is {_below(interval)}"
    for waited in range(1, LONGEST):
        fitting = {
            name: interval
            for name, score in _SCORES.items()
            if (interval := _threshold(runs, score, waited, listed=listed))
        }
        if waited == 1 and "last" in fitting:  # until then each loss was the least
            fitting.pop("best", None)
        yield from (_sentence(name, waited, interval) for name, interval in fitting.items())
        if fitting:
            return


def _since_the_best(losses: Array) -> Array:
    """How far each loss is below the least before it."""
    return np.concatenate([[np.inf], np.minimum.accumulate(losses)[:-1] - losses[1:]])


def _since_the_last(losses: Array) -> Array:
    """How far each loss is below the one before it."""
    return np.concatenate([[np.inf], -np.diff(losses)])


def _change(losses: Array) -> Array:
    """How far each loss is from the one before it."""
    return np.concatenate([[np.inf], np.abs(np.diff(losses))])


def _relative_change(losses: Array) -> Array:
    """How far each loss is from the one before it, as a share of that."""
    with np.errstate(all="ignore"):
        return np.concatenate([[np.inf], np.abs(np.diff(losses) / losses[:-1])])


_SCORES: dict[str, Score] = {
    "best": _since_the_best,
    "last": _since_the_last,
    "change": _change,
    "relative": _relative_change,
}


def _threshold(runs: Sequence[Run], score: Score, waited: int, *, listed: bool) -> tuple[float, float] | None:
    """The thresholds with which each run ends when its score was below them so many times in a row; None if none."""
    low, high = -math.inf, math.inf
    for run in runs:
        losses = run.losses if listed or not run.ended else np.append(run.losses, run.following)
        scores = np.nan_to_num(score(losses), nan=-np.inf, posinf=np.inf, neginf=-np.inf)
        if len(scores) < waited:
            if run.ended:
                return None
            continue
        windows = np.lib.stride_tricks.sliding_window_view(scores, waited).max(axis=1)
        if run.ended:
            low, windows = max(low, float(windows[-1])), windows[:-1]
        elif listed:
            windows = windows[:-1]  # a rule may have held at the very end
        high = min(high, float(windows.min(initial=np.inf)))
    return (low, high) if low < high and math.isfinite(high) else None


def _sentence(name: str, waited: int, interval: tuple[float, float]) -> str:
    low, high = interval
    row = f", {_number(waited, 'iteration')} in a row" if waited > 1 else ""
    if name == "best" and low <= 0 < high:
        return (
            f"train() ends when the loss was not below its least for {_number(waited, 'iteration')} "
            f"(early stopping, with a patience of {waited})"
        )
    if name == "last" and low <= 0 < high:
        return f"train() ends when the loss does not fall{row} (early stopping)"
    said = {
        "best": "the loss falls below its least by",
        "last": "the loss falls by",
        "change": "the loss changes by",
        "relative": "the loss changes, as a share of the last one, by",
    }[name]
    return f"train() ends when {said} {_below(interval).replace('below', 'less than')}{row}"


def _below(interval: tuple[float, float]) -> str:
    """A threshold in words: about so much, or where it is if that is not known well."""
    low, high = interval
    if low > 0 and high / low < WIDE:
        return f"below about {_text(interval)}"
    where = f"between {low:.2g} and {high:.2g}" if low > 0 else f"{high:.2g} or less"
    return f"below a number that is {where}"


def _text(interval: tuple[float, float]) -> str:
    """The shortest number in the interval: a power of ten, twice or five times one, or with a few digits."""
    low, high = interval
    for leading in (1, 5, 2):
        power = 10.0 ** math.floor(math.log10(high / leading))
        if low <= leading * power <= high:
            return f"{leading * power:g}"
    middle = math.sqrt(low * high)
    texts = [f"{middle:.{digits}g}" for digits in (1, 2, 3)]
    return next((text for text in texts if low <= float(text) <= high), texts[-1])
