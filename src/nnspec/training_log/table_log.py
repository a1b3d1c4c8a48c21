"""Tables: CSV, and columns between spaces, with or without a line that names the columns."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator

from nnspec.contract.errors import WrongUse
from nnspec.training_log import digits
from nnspec.training_log.labels import FIRST, NAMELESS, VALUE, iteration_rank, loss_rank
from nnspec.training_log.log import Row

_NUMBER = re.compile(digits.NUMBER, re.IGNORECASE)
#: A line between the names and the numbers.
_RULE = re.compile(r"[\s|+=:-]+")
_ALONE = re.compile(rf"(?<![\w.-]){digits.NUMBER}", re.IGNORECASE)
#: Seconds since 1970 are later than any iteration that a table of three columns has.
_WALL_TIME = 1e8


def is_table(lines: list[str]) -> bool:
    """Whether the first line names columns, one of them a loss, and the next has numbers below them."""
    names = _names(lines[0]) if lines else []
    known = [name for name in names if loss_rank(name) is not None]
    if not known or (not lines[0].startswith('"') and any(_ALONE.search(name) for name in names)):
        return False
    if len(names) == 1:
        return all(_NUMBER.fullmatch(line.strip()) for line in lines[1:]) and len(lines) > 1
    below = next((line for line in lines[1:] if not _RULE.fullmatch(line)), None)
    counted = any(iteration_rank(name) is not None for name in names)
    if below is None or (known == [VALUE] and not counted):
        return False
    first = next(iter(_cells(below, delimiter(lines[0]))), "").strip()
    return bool(not first or re.match(r"[\d.+\-]|nan|inf", first, re.IGNORECASE))


def rows(numbered: list[tuple[int, str]], name: str, *, commas: bool) -> Iterator[Row]:
    """The rows below a first line that names the columns; commas: whether numbers have decimal commas."""
    mark = delimiter(numbered[0][1])
    names = _names(numbered[0][1])
    for number, line in numbered[1:]:
        if _RULE.fullmatch(line) or line.lstrip().startswith("#"):
            continue
        try:
            cells = _cells(line, mark)
        except csv.Error as error:
            raise WrongUse(f"{name}, line {number}: this is not a row of a table: {error}.") from None
        if mark == " " and len(cells) == len(names) + 1:  # pandas prints its index without a name
            cells = cells[1:] if "index" in names else cells
            labels = names if "index" in names else ["index", *names]
        else:
            labels = names
        if len(cells) < len(names) and mark != " ":
            raise WrongUse(
                f"{name}, line {number}: fewer columns ({len(cells)}) than in the first line ({len(names)})."
            )
        cells = [digits.with_points(cell.strip()) if commas else cell.strip() for cell in cells]
        yield Row(f"line {number}", {key: cell for key, cell in zip(labels, cells, strict=False) if cell})


def delimiter(heading: str) -> str:
    """What stands between the columns: a semicolon, a tab, a bar, a comma or spaces."""
    return next((mark for mark in ";\t|," if mark in heading.strip().strip("|")), " ")


def _cells(line: str, mark: str) -> list[str]:
    if mark == " ":
        return line.split()
    if mark == "|":
        line = line.strip().strip("|")
    line = line.replace("\0", "")  # which the csv of Python 3.10 does not read
    return next(csv.reader([line], delimiter=mark), [])


def _names(heading: str) -> list[str]:
    """The names of the columns; one without a name, or that pandas calls “Unnamed: 0”, is an index."""
    heading = heading.lstrip("#% \t") if heading.startswith(("#", "%")) else heading
    try:
        cells = [cell.strip() for cell in _cells(heading, delimiter(heading))]
    except csv.Error:  # a line of another kind
        return []
    return [
        "index" if not cell or cell.startswith("Unnamed:") else VALUE if cell == "Value" else cell
        for cell in cells
    ]


def numbers(numbered: list[tuple[int, str]], name: str) -> list[Row] | None:
    """The rows of lines that hold numbers alone; None if a line has anything else."""
    table: list[tuple[int, list[str]]] = []
    for number, line in numbered:
        cells = [cell for cell in re.split(r"[\s,;|]+", line.strip()) if cell]
        if not all(_NUMBER.fullmatch(cell) for cell in cells):
            return None
        table.append((number, cells))
    width = len(table[0][1]) if table else 0
    for number, cells in table:
        if len(cells) != width:
            raise WrongUse(f"{name}, line {number}: expected as many numbers as in the first line ({width}).")
    return [Row(f"line {number}", values) for number, values in _name_columns(table, width, name)]


def _name_columns(
    table: list[tuple[int, list[str]]], width: int, name: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """One column is the losses, two are iterations and losses, and a third may be a time (TensorBoard, MLflow)."""
    columns = list(zip(*(cells for _, cells in table), strict=True))
    counting = [place for place, column in enumerate(columns) if _counts(column)]
    times = [
        place for place, column in enumerate(columns) if all(float(cell) > _WALL_TIME for cell in column)
    ]
    left = [place for place in range(width) if place not in times]
    if width == 1:
        chosen = {NAMELESS: 0}
    elif len(left) == 2 and set(counting) & set(left):
        iteration = next(place for place in left if place in counting)
        chosen = {FIRST: iteration, NAMELESS: next(place for place in left if place != iteration)}
    else:
        raise WrongUse(
            f"{name} has {width} columns of numbers without names. Put a first line that names them, such as "
            f"“{'iteration,loss' if width == 2 else 'iteration,loss,accuracy'}”."
        )
    for number, cells in table:
        yield number, {label: cells[place] for label, place in chosen.items()}


def _counts(column: tuple[str, ...]) -> bool:
    """Whether a column holds iterations: whole numbers that grow, and no times."""
    values = [float(cell) for cell in column]
    whole = all(0 <= value < _WALL_TIME and value.is_integer() for value in values)
    return whole and all(before < after for before, after in itertools.pairwise(values))
