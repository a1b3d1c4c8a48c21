"""A table of the golden traces: how far each judges, what follows, and the leave-one-out result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nnspec.contract.operations import PRECISIONS
from nnspec.documents.experiments import TRACED
from nnspec.runs.envelope import contents, read

COLUMNS = ["experiment", "precision", "half", "to", "then", "left out"]


def rows() -> Iterator[list[str]]:
    """A row for each experiment and precision."""
    for name in TRACED:
        stored = contents(name)
        for precision in PRECISIONS:
            yield row(stored, precision)


def row(stored: dict[str, Any], precision: str) -> list[str]:
    """One row; ``nnspec golden list`` explains the columns."""
    trace = read(stored, precision)
    last, end = int(trace.iterations[len(trace.reach) - 1]), int(trace.iterations[-1])
    then = "" if last == end else "nothing" if trace.cycle is None else f"cycle {trace.cycle.iterations[0]}"
    out = stored["left_out"][precision]
    refused, tried = (sum(kind[what] for kind in out.values()) for what in ("refused", "tried"))
    worst = max(kind["worst"] for kind in out.values())
    return [
        stored["experiment"],
        precision,
        str(trace.horizon) if trace.horizon < end else "end",
        str(last) if last < end else "end",
        then,
        f"{refused} of {tried}, {worst:.2f}",
    ]


def markdown() -> str:
    """The table for docs/traces.md."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows()]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
