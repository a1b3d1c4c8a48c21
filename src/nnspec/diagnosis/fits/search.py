"""Reads off what a fit does otherwise than train does, from the networks that it returns.

A fit draws its own random numbers. But with the same seed it starts with the same network, which it returns if it makes
no update, or hardly moves; and on equal examples, or with all examples in a minibatch, what is drawn does not matter.
So each fit has one right answer, and one for each slip of ``guesses``. A linear classifier from weights of nearly 0
needs no seed.

No sentence is said unless a guess gives all numbers of several fits, in the precision of the program, and the right
ones are clearly others.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnspec.contract.errors import NoAnswer
from nnspec.contract.support import Support
from nnspec.diagnosis.asking import Asker, QuestionsSpent, Unanswered
from nnspec.diagnosis.fits.calls import WAYS, Fits, settings
from nnspec.diagnosis.fits.data import INPUTS, both, orders, parts
from nnspec.diagnosis.fits.guesses import (
    COUNTS,
    COUNTS_OF_MINIBATCHES,
    MEAN,
    MOMENTA,
    NO_UPDATE,
    PENALTIES,
    RATES,
    RIGHT,
    TIMES,
    Case,
    Guess,
    Slip,
    far,
    fixed_rate,
    rate_times,
)
from nnspec.documents.experiments import schedule
from nnspec.judging import cases
from nnspec.judging.rounding import Precision
from nnspec.mistakes import Mistake
from nnspec.reference.values import Array
from nnspec.specification.chapters import summary

#: How many times as far as rounding a slip takes a network at least.
_CLEARLY = 16
#: Iterations, examples and rates of fits with all examples; those of one iteration tell the rate.
_WHOLE = ((1, 6, 0.31), (1, 9, 0.73), (5, 6, 0.47), (3, 9, 0.31))
#: Iterations, examples and sizes of minibatches; under a sum they must all be whole.
_SMALL, _EVEN = ((8, 10, 4), (4, 7, 3), (9, 8, 2)), ((8, 12, 4), (4, 6, 2), (9, 8, 2))
#: What is said of minibatches that are always the same.
_FIRST_EXAMPLES = "fit() trains on the first examples alone: all of its minibatches are the same."
_ALL_EXAMPLES = "fit() trains on all examples in every iteration, whatever the size of the minibatches is."
#: Seeds of the fits whose examples may be shuffled.
_SEEDS = (1, 2, 3)


def sentences(
    asker: Asker, support: Support, precision: Precision, catalogue: Sequence[type[Mistake]]
) -> list[str]:
    """What ``fit`` does otherwise than it should, from its networks; [] if nothing can be read off."""
    known = _tried(partial(_known, asker, support, precision, catalogue))
    if known is None:
        return []
    fits, base = known
    counted = _tried(partial(_counted, fits, base))
    base = counted or base
    said: list[str] = _tried(partial(_said_of, fits, base)) or []
    if base.updates is NO_UPDATE:
        return said
    for read in (_reductions, _momentum, _penalty, _schedules, *([_minibatches] if counted else [])):
        said += _tried(partial(read, fits, base, catalogue)) or []
    return list(dict.fromkeys(said))


def _known(
    asker: Asker, support: Support, precision: Precision, catalogue: Sequence[type[Mistake]]
) -> tuple[Fits, Guess] | None:
    """What explains fits with all examples in every iteration; if possible, that they are right."""
    setting = next(
        (s for s in settings(support) if Fits(asker, support, precision, s, "none").is_answered), None
    )
    if setting is None:
        return None
    first: tuple[Fits, Guess] | None = None
    for way in WAYS:
        if first is not None and way == "zeros":  # which shows less
            break
        fits = Fits(asker, support, precision, setting, way)
        found = _tried(partial(_whole, fits, catalogue))
        if found is not None and found.is_right:
            return fits, found
        if found is not None and first is None:
            first = fits, found
    return first


def _tried(read: Callable[[], Any]) -> Any:
    """What is read off; None if that is not possible."""
    try:
        with np.errstate(all="ignore"):
            return read()
    except (Unanswered, QuestionsSpent, NoAnswer, ArithmeticError, ValueError, IndexError, TypeError):
        return None


def _gives(fits: Fits, guess: Guess, asked: Sequence[Case]) -> bool:
    """Whether a guess gives the networks of these fits; a mistake may not be made for such a fit."""
    try:
        return all(far(guess.network(case), case.got) <= fits.near for case in asked)
    except (ArithmeticError, ValueError, IndexError, TypeError):
        return False


def _explains(fits: Fits, guess: Guess, asked: Sequence[Case]) -> bool:
    """Whether a guess gives the networks of these fits, and, unless it is right, others than right ones."""
    if not _gives(fits, guess, asked):
        return False
    return guess.is_right or any(
        far(guess.network(case), RIGHT.network(case)) > _CLEARLY * fits.near for case in asked
    )


def _first(fits: Fits, guesses: Iterable[Guess], asked: Sequence[Case]) -> Guess | None:
    return next((guess for guess in guesses if _explains(fits, guess, asked)), None)


def _whole(fits: Fits, catalogue: Sequence[type[Mistake]]) -> Guess | None:
    """What explains fits in which every iteration has all examples."""
    if not fits.is_possible:
        return None
    asked = [fits.case(*numbers) for numbers in _WHOLE]
    return (
        _first(fits, _guesses(fits, asked), asked)
        or _of_each(fits, RIGHT)
        or _first(fits, _of_catalogue(RIGHT, catalogue), asked)
        or next(filter(None, (_of_each(fits, Guess(data=data)) for data in INPUTS)), None)
    )


def _guesses(fits: Fits, asked: Sequence[Case]) -> Iterator[Guess]:
    """The right guess, then one slip, then two."""
    yield RIGHT
    yield from (Guess(updates=count) for count in COUNTS if count is not NO_UPDATE or fits.stay())
    for data in (RIGHT.data, *INPUTS):
        yield Guess(data=data)
        yield from (Guess(data=data, rate=rate) for rate in _rates(Guess(data=data), asked[0]))
        yield from (Guess(data=data, updates=count) for count in COUNTS[:2])


def _rates(guess: Guess, case: Case) -> Iterator[Slip]:
    """The rates that take a fit of one iteration as far as it went."""
    right, got = (
        np.concatenate(
            [np.ravel(a - b) for kind in ("weights", "biases") for a, b in _pairs(net, case.start, kind)]
        )
        for net in (guess.network(case), case.got)
    )
    factor = float(right @ got / (right @ right))
    if not np.isfinite(factor) or factor == 0:
        return
    rate = case.recipe["optimizer"]["learning_rate"]
    yield from RATES
    yield rate_times(
        f"fit() uses {factor:.4g} times the learning rate that is asked for.", lambda _case: factor
    )
    yield fixed_rate(factor * rate)


def _pairs(one: Any, other: Any, kind: str) -> Iterable[tuple[Array, Array]]:
    return zip(one[kind], other[kind], strict=True)


def _of_catalogue(base: Guess, catalogue: Sequence[type[Mistake]]) -> Iterator[Guess]:
    """The mistakes that a fit may make although the other operations do not."""
    return (replace(base, program=mistake) for mistake in catalogue)


def _of_each(fits: Fits, base: Guess, size: int | None = None) -> Guess | None:
    """Labels in another order, or fewer examples, which may be others in each fit; None if they are right."""
    asked = [fits.case(1, 6, 0.31, seed=seed, size=size) for seed in _SEEDS]
    if _gives(fits, base, asked):
        return None
    for slips in (orders(asked[0].labels), parts(6)):
        guesses = [base, *(replace(base, data=both(base.data, slip)) for slip in slips)]
        found = list(itertools.takewhile(bool, (_first(fits, guesses, [case]) for case in asked)))
        if len(found) == len(asked):
            return next(guess for guess in found if guess is not base)
    return None


def _said_of(fits: Fits, guess: Guess) -> list[str]:
    """The sentences of a guess."""
    said = [slip.said for slip in (guess.updates, guess.rate, guess.recipe, guess.time) if slip.said]
    if issubclass(guess.program, Mistake):
        said.append(f"In fit() alone: {summary(guess.program)}")
    if guess.data in INPUTS:
        plainly = fits.predicts_plainly(fits.case(*_WHOLE[2]), guess.data)
        said.insert(0, guess.data.said + ("; predict() gets them as they are." if plainly else "."))
    elif guess.data.said:
        said.insert(0, guess.data.said)
    return said


def _counted(fits: Fits, base: Guess) -> Guess | None:
    """The guess with the number of updates on minibatches; None if that is not known."""
    if not fits.support.batches or base.data != RIGHT.data:
        return None
    is_mean = cases.objective_for(fits.support, "mean")["reduction"] == "mean"
    asked = [fits.case(n, N, 0.31, size=b, equal=True) for n, N, b in (_SMALL if is_mean else _EVEN)]
    if _gives(fits, base, asked):
        return base
    return _first(fits, (replace(base, updates=count) for count in COUNTS_OF_MINIBATCHES), asked)


def _minibatches(fits: Fits, base: Guess, _catalogue: Sequence[type[Mistake]]) -> list[str]:
    """With which examples minibatches are made, if these are always the same or shuffled."""
    different = [fits.case(6, 7, 0.31, size=3, seed=seed) for seed in _SEEDS]
    if base.updates.of(different[0]) > 1:  # the first minibatch may be of the first examples
        if _gives(fits, base, different):
            return [_FIRST_EXAMPLES]
        if _gives(fits, replace(base, whole=True), different):
            return [_ALL_EXAMPLES]
    shuffled = _of_each(fits, base, 6)
    return [shuffled.data.said] if shuffled else []


def _read(
    fits: Fits, base: Guess, slips: Iterable[Guess], asked: Sequence[Case], catalogue: Sequence[type[Mistake]]
) -> list[str]:
    """What explains fits that the base does not: one of these, or a mistake of the catalogue."""
    if _gives(fits, base, asked):
        return []
    found = _first(fits, itertools.chain(slips, _of_catalogue(base, catalogue)), asked)
    known = _said_of(fits, base)
    return [said for said in _said_of(fits, found) if said not in known] if found else []


def _reductions(fits: Fits, base: Guess, catalogue: Sequence[type[Mistake]]) -> list[str]:
    if not {"mean", "sum"} <= {*fits.support.reductions}:
        return []
    asked = [fits.case(3, number, 0.05, objective={"reduction": "sum"}) for number in (6, 9)]
    return _read(fits, base, [replace(base, rate=MEAN)], asked, catalogue)


def _momentum(fits: Fits, base: Guess, catalogue: Sequence[type[Mistake]]) -> list[str]:
    if "momentum" not in fits.support.methods:
        return []
    asked = [
        fits.case(4, number, 0.31, optimizer={"method": "momentum", "momentum": momentum})
        for number, momentum in ((6, 0.6), (9, 0.85))
    ]
    return _read(fits, base, (replace(base, recipe=slip) for slip in MOMENTA), asked, catalogue)


def _penalty(fits: Fits, base: Guess, catalogue: Sequence[type[Mistake]]) -> list[str]:
    if not fits.support.l2:
        return []
    asked = [fits.case(3, number, 0.31, objective={"l2": l2}) for number, l2 in ((6, 0.37), (9, 0.83))]
    return _read(fits, base, (replace(base, recipe=slip) for slip in PENALTIES), asked, catalogue)


def _schedules(fits: Fits, base: Guess, catalogue: Sequence[type[Mistake]]) -> list[str]:
    """What is wrong under a schedule; momentum may have the rate in two places then."""
    if "gradient_descent" not in fits.support.methods:
        return []
    said: list[str] = []
    for kind in fits.support.schedules:
        plan = schedule(kind, 0.7, every=2) if kind == "step" else schedule(kind, 0.3)
        optimizer = {"method": "gradient_descent", "schedule": plan}
        asked = [fits.case(6, 6, 0.31, optimizer=optimizer)]
        if fits.support.batches:
            asked.append(fits.case(9, 8, 0.31, size=2, equal=True, optimizer=optimizer))
        said += _read(fits, base, (replace(base, time=slip) for slip in TIMES), asked, catalogue)
    return said
