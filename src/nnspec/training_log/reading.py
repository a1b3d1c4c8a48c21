"""Read the losses of a log: text as the documents print it, CSV or JSON."""

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

#: The names of iterations and losses in text, in the first line of CSV and in JSON.
ITERATION = ("iteration", "iterations", "iter", "it", "step", "epoch", "pass", "passes")
LOSS = ("loss", "losses", "cost", "objective")

#: The greatest iteration that is accepted; no run is longer.
LATEST = 10**9

_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf(?:inity)?)(?![\w.])"
_ITERATION = re.compile(rf"\b(?:{'|'.join(ITERATION)})\b[\s:=#\[(]*(\d+)(?:\s*/\s*\d+)?", re.IGNORECASE)
_LOSS = re.compile(rf"(?:{'|'.join(LOSS)})\b[^\d+\-.]*?({_NUMBER})", re.IGNORECASE)
_PAIR = re.compile(rf"\s*(\d+)[\s,;:]+({_NUMBER})\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Loss:
    """A printed loss; half: half a unit of its last digit, the largest error from rounding."""

    value: float
    half: float

    @classmethod
    def read(cls, digits: str) -> Loss:
        """The loss with these digits; raises ValueError if they are not a number."""
        value = float(digits)
        exponent = Decimal(digits).as_tuple().exponent
        return cls(value, 0.5 * 10.0**exponent if isinstance(exponent, int) else 0.0)


def read(text: str, name: str) -> dict[int, Loss]:
    """The losses by iteration; raises WrongUse, with the file's name, if they cannot be read or there are none."""
    stripped = text.strip()
    if stripped.startswith(("{", "[")):
        entries = _json(stripped, name)
    elif _columns(stripped.partition("\n")[0]) is not None:
        entries = _csv(stripped, name)
    else:
        entries = _lines(text, name)
    losses: dict[int, Loss] = {}
    for where, iteration, digits in entries:
        if iteration in losses:
            raise WrongUse(f"{name}, {where}: iteration {iteration} occurs twice. Pass the log of one run.")
        losses[iteration] = _loss(digits, f"{name}, {where}")
    if not losses:
        raise WrongUse(
            f"{name} has no losses. Print lines such as “iteration 10: loss 0.917265”, or pass CSV with the columns "
            "iteration and loss, or a JSON list of the losses from iteration 0 on."
        )
    return losses


def nonfinite(losses: Mapping[int, Loss]) -> list[int]:
    """The iterations at which the loss is nan or infinite."""
    return [iteration for iteration, loss in losses.items() if not math.isfinite(loss.value)]


def _loss(digits: str, where: str) -> Loss:
    try:
        return Loss.read(digits)
    except (ValueError, ArithmeticError):
        raise WrongUse(f"{where}: the loss {digits!r} is not a number.") from None


# ---- text ----


def _lines(text: str, name: str) -> Iterator[tuple[str, int, str]]:
    """The lines with an iteration and a loss; all others are skipped."""
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
    """The columns of the iteration and the loss in CSV's first line; None if it does not name both."""
    names = [name.strip().strip('"').lower() for name in re.split(r"[,;\t]", heading)]
    iteration = next((place for place, name in enumerate(names) if name in ITERATION), None)
    loss = next((place for place, name in enumerate(names) if name in LOSS), None)
    return None if iteration is None or loss is None else (iteration, loss)


def _csv(text: str, name: str) -> Iterator[tuple[str, int, str]]:
    """The rows below a first line that names the columns."""
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
                raise WrongUse(f"{name}, {where}: fewer columns ({len(row)}) than in the first line.")
            yield where, _whole(row[iteration], f"{name}, {where}"), row[loss].strip()
    except csv.Error as error:
        raise WrongUse(f"{name} begins like CSV but is not valid CSV: {error}") from None


def _whole(value: Any, where: str) -> int:
    try:
        number = float(value)
        if not (number.is_integer() and 0 <= number <= LATEST):
            raise ValueError
    except (TypeError, ValueError):
        raise WrongUse(
            f"{where}: {str(value)[:40]!r} is not an iteration. Count iterations 0, 1, 2, …"
        ) from None
    return int(number)


# ---- JSON ----


class _Digits(str):
    """A number in JSON, with its digits unchanged."""


def _json(text: str, name: str) -> Iterable[tuple[str, int, str]]:
    """The entries of a list of losses, pairs or objects, or of an object with lists or from iterations to losses."""
    try:
        data = json.loads(text, parse_float=_Digits, parse_int=_Digits, parse_constant=_Digits)
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"{name} begins like JSON but is not valid JSON: {error}") from None
    if isinstance(data, dict):
        losses, iterations = _first(data, LOSS), _first(data, ITERATION)
        if isinstance(losses, list) and iterations is None:
            data = losses
        elif isinstance(losses, list):
            if not isinstance(iterations, list) or len(iterations) != len(losses):
                raise WrongUse(f"{name}: expected a list of {len(losses)} iterations, one for each loss.")
            data = list(zip(iterations, losses, strict=True))
        else:
            data = list(data.items())
    for place, item in enumerate(data):
        where = f"entry {place}"
        if isinstance(item, dict):
            item = (_first(item, ITERATION), _first(item, LOSS))
        iteration, loss = item if isinstance(item, (list, tuple)) and len(item) == 2 else (place, item)
        if not isinstance(loss, str):
            raise WrongUse(f"{name}, {where}: {loss!r} is not a loss.")
        yield where, _whole(iteration, f"{name}, {where}"), loss


def _first(data: dict[str, Any], names: tuple[str, ...]) -> Any:
    """The value under the first key that is one of these names; None if there is none."""
    return next((value for key, value in data.items() if key.lower() in names), None)
