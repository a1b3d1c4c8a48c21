"""Read a log: find its format, and among its numbers the iterations and the losses of the training data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nnspec.contract.errors import WrongUse
from nnspec.training_log import digits, json_log, noise, table_log, text_log
from nnspec.training_log.columns import choose
from nnspec.training_log.labels import NAMELESS
from nnspec.training_log.log import Log, Row
from nnspec.training_log.stored_digits import as_float32

#: One list, as Python and numpy print it: losses = [1.09, 0.91], array([1.09, 0.91]), [1.09 0.91].
_LISTED = re.compile(r"[\w\s.=:(]*\[(?P<numbers>[-+\d.eEnaif\s,]+)\][\s\w,=)]*")
NO_LOSSES = (
    "has no losses. Print lines such as “iteration 10: loss 0.917265”, or one loss a line, or pass CSV with the "
    "columns iteration and loss, or a JSON list of the losses from iteration 0 on."
)


def decode(contents: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 as PowerShell writes it."""
    encoding = "utf-16" if contents.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return contents.decode(encoding, errors="replace").replace("\r\n", "\n")


def read(text: str, name: str) -> Log:
    """The losses by iteration; raises WrongUse, with the file's name, if they cannot be read or there are none."""
    log = choose(_rows(text, name), name)
    if not log:
        raise WrongUse(f"{name} {NO_LOSSES}")
    stored = as_float32(log.losses)
    return log if stored is None else replace(log, losses=stored, in_float32=True)


def _rows(text: str, name: str) -> Iterable[Row]:
    """The rows of a text in any format."""
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    listed = _LISTED.fullmatch(text.strip())
    if listed is not None:
        found = digits.find(listed["numbers"])
        return [Row(f"number {place}", {NAMELESS: number}) for place, number in enumerate(found, start=1)]
    if text.lstrip().startswith(("{", "[")):
        values = json_log.load_lines(numbered, name)
        if values is not None:
            return json_log.line_rows(values)
        if _is_json(text):
            return json_log.rows(json_log.load(text, name), name)
    clean = list(noise.lines(text))
    commas = digits.has_decimal_commas([line for _, line, _ in clean])
    table = _table(numbered, name, commas=commas)
    if table is not None:
        return table
    return text_log.rows(
        [(number, digits.with_points(line) if commas else line, bar) for number, line, bar in clean]
    )


def _is_json(text: str) -> bool:
    """Whether text that begins with a bracket is JSON: “[12:00:01] loss 0.9” and “[1/200] 0.9” are lines."""
    first = text.lstrip().partition("\n")[0].rstrip()
    line = (
        any(character.isalpha() for character in first.replace("NaN", "").replace("null", ""))
        and '"' not in first
    )
    closed = first.startswith("[") and "]" in first[:-1] and not first.startswith("[[") and "{" not in first
    return not line and not closed and not first.startswith("{'")


def _table(numbered: list[tuple[int, str]], name: str, *, commas: bool) -> Iterable[Row] | None:
    """The rows of a table with or without names; None if the text is none."""
    lines = [line for _, line in numbered]
    if table_log.is_table(lines):
        return table_log.rows(numbered, name, commas=commas and table_log.delimiter(lines[0]) != ",")
    plain = [(number, line) for number, line in numbered if not line.lstrip().startswith(("#", "%"))]
    if commas:
        plain = [(number, digits.with_points(line)) for number, line in plain]
    return table_log.numbers(plain, name) if plain else None
