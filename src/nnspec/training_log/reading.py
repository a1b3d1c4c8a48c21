"""Reading the losses of a log: text as the documents print it, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nnspec.contract.errors import WrongUse

#: What a log calls an iteration and a loss, in text, in CSV's first line and in JSON.
ITERATION = ("iteration", "iterations", "iter", "it", "step", "epoch", "pass", "passes")
LOSS = ("loss", "losses", "cost", "objective")

#: No run is longer.
LATEST = 10**9

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf(?:inity)?)(?![\w.])"
_ITERATION = re.compile(rf"\b(?:{'|'.join(ITERATION)})\b[\s:=#\[(]*(\d+)(?:\s*/\s*\d+)?", re.IGNORECASE)
_LOSS = re.compile(rf"(?:{'|'.join(LOSS)})\b[^\d+\-.]*?({_NUMBER})", re.IGNORECASE)
_PAIR = re.compile(rf"\s*(\d+)[\s,;:]+({_NUMBER})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Loss:
    """A loss as it was printed; half: half a unit of its last digit, by which rounding may have moved it."""

    value: float
    half: float

    @classmethod
    def read(cls, digits: str) -> Loss:
        """From what was printed; raises ValueError where that is no number."""
        value = float(digits)
        exponent = Decimal(digits).as_tuple().exponent
        return cls(value, 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0)


def read(text: str, name: str) -> dict[int, Loss]:
    """The losses by iteration; ``name``: the file, for the message of the WrongUse that a log without any raises."""
    stripped = text.strip()
    if stripped.startswith(("{", "[")):
        found = _json(stripped, name)
    elif _columns(stripped.partition("\n")[0]) is not None:
        found = _csv(stripped, name)
    else:
        found = _lines(text, name)
    losses: dict[int, Loss] = {}
    for where, iteration, digits in found:
        if iteration in losses:
            raise WrongUse(
                f"{name}, {where}: iteration {iteration} comes a second time. Give the log of one run."
            )
        losses[iteration] = _loss(digits, f"{name}, {where}")
    if not losses:
        raise WrongUse(
            f"{name} has no losses. Print lines such as “iteration 10: loss 0.917265”, or give CSV with the columns "
            "iteration and loss, or a JSON list of the losses from iteration 0 on."
        )
    return losses


def lost(losses: Mapping[int, Loss]) -> list[int]:
    """The iterations at which the loss is no finite number."""
    return [iteration for iteration, loss in losses.items() if not math.isfinite(loss.value)]


def _loss(digits: str, where: str) -> Loss:
    try:
        return Loss.read(digits)
    except (ValueError, ArithmeticError):
        raise WrongUse(f"{where}: the loss {digits!r} is no number.") from None


# ---- text ----


def _lines(text: str, name: str) -> Iterator[tuple[str, int, str]]:
    """The lines that tell an iteration and a loss; all others are passed over."""
    for number, line in enumerate(text.splitlines(), start=1):
        pair = _PAIR.fullmatch(line)
        if pair:
            yield f"line {number}", _whole(pair[1], f"{name}, line {number}"), pair[2]
            continue
        iteration = _ITERATION.search(line)
        if iteration is None:
            continue
        rest = line[: iteration.start()] + " " + line[iteration.end() :]
        loss = _LOSS.search(rest)
        if loss is not None:
            yield f"line {number}", _whole(iteration[1], f"{name}, line {number}"), loss[1]


# ---- CSV ----


def _columns(heading: str) -> tuple[int, int] | None:
    """Where CSV's first line has the iteration and the loss; None where it is no such line."""
    names = [name.strip().strip('"').lower() for name in re.split(r"[,;\t]", heading)]
    iteration = next((place for place, name in enumerate(names) if name in ITERATION), None)
    loss = next((place for place, name in enumerate(names) if name in LOSS), None)
    return None if iteration is None or loss is None else (iteration, loss)


def _csv(text: str, name: str) -> Iterator[tuple[str, int, str]]:
    """Below a first line that names the columns."""
    heading = text.partition("\n")[0]
    delimiter = next(mark for mark in ",;\t" if mark in heading)
    columns = _columns(heading)
    assert columns is not None
    iteration, loss = columns
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for number, row in enumerate(rows, start=1):
            where = f"line {number}"
            if number == 1 or not any(row):
                continue
            if len(row) <= max(iteration, loss):
                raise WrongUse(
                    f"{name}, {where}: there are {len(row)} columns where the first line has more."
                )
            yield where, _whole(row[iteration], f"{name}, {where}"), row[loss].strip()
    except csv.Error as error:
        raise WrongUse(f"{name} begins as CSV and is none: {error}") from None


def _whole(told: Any, where: str) -> int:
    try:
        number = float(told)
        if not (number.is_integer() and 0 <= number <= LATEST):
            raise ValueError
    except (TypeError, ValueError):
        raise WrongUse(f"{where}: {str(told)[:40]!r} is no iteration. Count them 0, 1, 2, …") from None
    return int(number)


# ---- JSON ----


class _Digits(str):
    """A number of JSON as it was written."""


def _json(text: str, name: str) -> Iterable[tuple[str, int, str]]:
    """A list of losses or of objects, an object of lists, or one from iterations to losses."""
    try:
        told = json.loads(text, parse_float=_Digits, parse_int=_Digits, parse_constant=_Digits)
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"{name} begins as JSON and is none: {error}") from None
    if isinstance(told, dict):
        losses, iterations = _first(told, LOSS), _first(told, ITERATION)
        if isinstance(losses, list) and iterations is None:
            told = losses
        elif isinstance(losses, list):
            if not isinstance(iterations, list) or len(iterations) != len(losses):
                raise WrongUse(f"{name}: give as many iterations as there are losses, {len(losses)}.")
            told = list(zip(iterations, losses, strict=True))
        else:
            told = list(told.items())
    for place, item in enumerate(told):
        where = f"entry {place}"
        if isinstance(item, dict):
            item = (_first(item, ITERATION), _first(item, LOSS))
        iteration, loss = item if isinstance(item, (list, tuple)) and len(item) == 2 else (place, item)
        if not isinstance(loss, str):
            raise WrongUse(f"{name}, {where}: {loss!r} is no loss.")
        yield where, _whole(iteration, f"{name}, {where}"), loss


def _first(told: dict[str, Any], names: tuple[str, ...]) -> Any:
    """What stands under the first of these names; None where none is there."""
    return next((value for key, value in told.items() if key.lower() in names), None)
