"""JSON and JSON lines: lists, pairs, objects, and the files of Keras, TensorBoard, wandb, MLflow and others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from nnspec.contract.errors import WrongUse
from nnspec.training_log.labels import FIRST, NAMELESS, iteration_rank, loss_rank
from nnspec.training_log.log import Row


class _Digits(str):
    """A number in JSON, with its digits unchanged."""


def load(text: str, name: str) -> Any:
    """The value of JSON text; raises WrongUse if it is not valid."""
    try:
        return _load(text)
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"{name} begins like JSON but is not valid JSON: {error}.") from None


def load_lines(numbered: list[tuple[int, str]], name: str) -> list[tuple[int, Any]] | None:
    """The values of JSON lines; None if the first lines are no objects."""
    values: list[tuple[int, Any]] = []
    for number, line in numbered:
        try:
            value = _load(line)
        except (ValueError, RecursionError) as error:
            if len(values) < 2:
                return None
            if number == numbered[-1][0]:  # a program that was stopped while it wrote
                break
            raise WrongUse(f"{name}, line {number}: this is not valid JSON: {error}.") from None
        if not isinstance(value, dict):
            return None
        values.append((number, value))
    return values if len(values) > 1 else None


def _load(text: str) -> Any:
    return json.loads(text, parse_float=_Digits, parse_int=_Digits, parse_constant=_Digits)


def line_rows(values: list[tuple[int, Any]]) -> Iterator[Row]:
    """The rows of JSON lines."""
    for number, value in values:
        yield Row(f"line {number}", _numbers(value))


def rows(data: Any, name: str) -> Iterator[Row]:
    """The rows of a list of losses, pairs or objects, or of an object with lists or from iterations to losses."""
    if isinstance(data, dict):
        data = _entries(data, name)
    elif not isinstance(data, list):
        raise WrongUse(f"{name}: expected a JSON list or object.")
    for place, item in enumerate(data):
        where = f"entry {place}"
        if isinstance(item, dict):
            yield Row(where, _numbers(item))
        elif isinstance(item, list) and len(item) in (2, 3):  # TensorBoard: wall time, step, value
            iteration = _text(item[-2], where, name)
            if not re.fullmatch(r"\d{1,10}(\.0*)?", iteration):
                raise WrongUse(f"{name}, {where}: {iteration[:40]!r} is not an iteration. Count 0, 1, 2, …")
            yield Row(where, {FIRST: iteration, NAMELESS: _text(item[-1], where, name)})
        else:
            yield Row(where, {NAMELESS: _text(item, where, name)})


def _entries(data: dict[str, Any], name: str) -> list[Any]:
    """An object as a list: of its columns, of the list of objects in it, or of its keys and values."""
    columns = {key: value for key, value in data.items() if isinstance(value, list)}
    for value in columns.values():  # trainer_state.json, MLflow's REST answers
        if value and all(isinstance(each, dict) for each in value):
            return value
    losses = {key: len(value) for key, value in columns.items() if loss_rank(key) is not None}
    if losses:
        length = max(losses.values())
        for key, value in columns.items():
            if iteration_rank(key) is not None and len(value) != length:
                raise WrongUse(f"{name}: expected a list of {length} iterations, one for each loss.")
        kept = {key: value for key, value in columns.items() if len(value) == length}
        return [dict(zip(kept, values, strict=True)) for values in zip(*kept.values(), strict=True)]
    for value in data.values():  # {"history": {"loss": […]}}
        if isinstance(value, dict):
            return _entries(value, name)
    return [list(pair) for pair in data.items()]


def _numbers(item: dict[str, Any]) -> dict[str, str]:
    """The numbers of an object by its keys; a metric of MLflow, with a key and a value, by that key."""
    if isinstance(item.get("key"), str) and "value" in item:
        item = {**{key: value for key, value in item.items() if key != "value"}, item["key"]: item["value"]}
    flat: dict[str, Any] = {}
    for key, value in item.items():
        flat.update(
            {f"{key}/{inner}": each for inner, each in value.items()}
            if isinstance(value, dict)
            else {key: value}
        )
    return {key: str(value) for key, value in flat.items() if isinstance(value, str)}


def _text(item: Any, where: str, name: str) -> str:
    if not isinstance(item, str):
        shown = json.dumps(item) if item is None or isinstance(item, bool) else repr(item)[:40]
        raise WrongUse(f"{name}, {where}: {shown} is not a loss.")
    return item
