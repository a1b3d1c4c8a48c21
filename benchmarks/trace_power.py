"""Measure at which iteration each mistake leaves the golden trace of each experiment, and by how much.

    python benchmarks/trace_power.py [MISTAKE ...]

Trains with every mistake of the catalogue, or with the named ones, on every experiment in float64 and in float32, as
far as the envelope goes. Writes docs/power.md, or prints the rows of the named mistakes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import textwrap
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nnspec import mistakes
from nnspec.contract.operations import PRECISIONS
from nnspec.documents.experiments import EXERCISES, HIDDEN_SIZES, MOONS_TANH, REVEALING, TRACED, Experiment
from nnspec.mistakes import Mistake, catalogue
from nnspec.reference import Reference
from nnspec.reference.values import Array
from nnspec.runs.envelope import GoldenTrace, golden

PAGE = Path(__file__).parent.parent / "docs" / "power.md"
#: Runs are made with these lengths in turn: most mistakes show in the first.
LENGTHS = [60, 400, 2_000]
#: The longest run, except for the documents' own runs and the runs that reveal mistakes.
ENOUGH = 400
#: The experiments of each table, by its title.
TABLES = {
    "The documents' own runs": ["spiral-linear", "spiral-relu", "moons-tanh", "circles-momentum"],
    "Runs that reveal mistakes": [experiment.name for experiment in REVEALING],
    "WildML's exercises": [experiment.name for experiment in EXERCISES],
    "WildML's other hidden sizes and its straight line": [
        *(experiment.name for experiment in HIDDEN_SIZES if experiment is not MOONS_TANH),
        "moons-logistic-regression",
    ],
}
LONGER = ["The documents' own runs", "Runs that reveal mistakes"]
#: The distance, in tolerances, at which a mistake is seen clearly.
CLEARLY = 10


@dataclass(frozen=True)
class Departure:
    """Where a mistake leaves a trace, and its greatest distance in the part of the run that shows it, in tolerances.

    iteration: None if it never leaves the trace; same: its losses are bit for bit those of the reference.
    """

    iteration: int | None
    factor: float
    same: bool = False

    def __str__(self) -> str:
        """The text of a cell."""
        if self.iteration is None:
            return "=" if self.same else "–"
        if not np.isfinite(self.factor):
            return f"{self.iteration} (∞)"
        return (
            f"{self.iteration} ({self.factor:.0f})"
            if self.factor < 1e4
            else f"{self.iteration} ({self.factor:.0e})"
        )


def losses(implementation: Reference, experiment: Experiment, precision: str, iterations: int) -> Array:
    """The losses of the first iterations of a run."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return np.array(
            implementation.train(**experiment.training(iterations, precision))["losses"], dtype=float
        )


def departure(mistake: type[Mistake], experiment: Experiment, precision: str) -> Departure:
    """How the golden trace judges a mistake."""
    trace = golden(experiment.name, precision)
    judged = int(trace.iterations[len(trace.reach) - 1]) + 1
    longer = any(experiment.name in TABLES[title] for title in LONGER)
    for length in LENGTHS:
        iterations = min(length, judged, judged if longer else ENOUGH)
        got = losses(mistake(), experiment, precision, iterations)
        found = judge(trace, got, iterations)
        if found.iteration is not None:
            return found
        same = np.array_equal(got, right_losses(experiment.name, precision, iterations))
        if iterations < length:
            break
    return Departure(None, found.factor, same)


@cache
def right_losses(name: str, precision: str, iterations: int) -> Array:
    """The losses of the reference."""
    return losses(Reference(), TRACED[name], precision, iterations)


def judge(trace: GoldenTrace, got: Array, iterations: int) -> Departure:
    """The judgement of these losses; a wrong number of losses is refused at once."""
    if got.shape != (iterations,):
        return Departure(0, float("inf"))
    judgement = trace.judge(got)
    return Departure(judgement.iteration, judgement.worst)


def row(task: tuple[str, str]) -> tuple[tuple[str, str], dict[str, Departure]]:
    """A mistake on an experiment, in each precision."""
    mistake, experiment = getattr(mistakes, task[0]), TRACED[task[1]]
    return task, {precision: departure(mistake, experiment, precision) for precision in PRECISIONS}


def measure(names: Iterable[str]) -> dict[str, dict[str, dict[str, Departure]]]:
    """What each precision sees, for each mistake and experiment; uses one process per core."""
    tasks = [(name, experiment) for name in names for experiment in TRACED]
    results: dict[str, dict[str, dict[str, Departure]]] = {name: {} for name, _ in tasks}
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of the processes to come
    started = time.time()
    with multiprocessing.get_context("spawn").Pool() as pool:
        for done, ((name, experiment), found) in enumerate(pool.imap(row, tasks, chunksize=8), start=1):
            results[name][experiment] = found
            if done % 200 == 0:
                print(f"{done} of {len(tasks)} in {time.time() - started:.0f} s", flush=True)
    return results


def page(results: dict[str, dict[str, dict[str, Departure]]]) -> Iterator[str]:
    """docs/power.md, line by line."""
    changed = {
        name
        for name, cells in results.items()
        if not all(cell.same for each in cells.values() for cell in each.values())
    }
    yield "# What a golden trace can see"
    yield ""
    yield "Made by `python benchmarks/trace_power.py`; not edited by hand."
    yield ""
    first, longest = ", ".join(map(str, LENGTHS[:-1])), LENGTHS[-1]
    yield textwrap.fill(
        f"Each of the {len(results)} mistakes of the catalogue was trained on each of the {len(TRACED)} experiments "
        f"as far as the envelope of correct programs goes, but for no more than {longest} iterations of the "
        f"documents' own runs and of the runs that reveal mistakes, and {ENOUGH} of the others. A cell shows the "
        "iteration at which the losses leave the envelope and, in parentheses, the greatest distance in tolerances "
        f"within the first {first} or {longest} iterations, whichever shows it first: in float64 and, after the bar, "
        "in float32. A dash means that the losses differ but never leave the envelope. An equals sign means that "
        "they are bit for bit those of the correct program, because this run does not use what the mistake changes.",
        width=115,
    )
    yield ""
    yield from summary(results, changed)
    for title, experiments in TABLES.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield "| mistake | " + " | ".join(experiments) + " |"
        yield "|---" * (1 + len(experiments)) + "|"
        for name, cells in results.items():
            if name in changed:
                shown = [f"{cells[each]['float64']} \\| {cells[each]['float32']}" for each in experiments]
                yield f"| {name} | " + " | ".join(shown) + " |"
    yield ""
    yield "## What no trace sees"
    yield ""
    yield from unseen(results, changed)


def summary(results: dict[str, dict[str, dict[str, Departure]]], changed: set[str]) -> Iterator[str]:
    """How many mistakes are seen, and how clearly."""
    yield "| of the mistakes that change any loss | float64 | float32 |"
    yield "|---|---|---|"
    best = {
        precision: {name: max(_factors(results[name], precision), default=0.0) for name in changed}
        for precision in PRECISIONS
    }
    for text, at_least in [
        ("all", -1.0),
        ("are refused by a trace", 1.0),
        ("are refused by ten tolerances or more", CLEARLY),
    ]:
        counts = [sum(factor > at_least for factor in best[precision].values()) for precision in PRECISIONS]
        yield f"| {text} | {counts[0]} | {counts[1]} |"


def _factors(cells: dict[str, dict[str, Departure]], precision: str) -> Iterator[float]:
    return (cell[precision].factor for cell in cells.values() if cell[precision].iteration is not None)


def unseen(results: dict[str, dict[str, dict[str, Departure]]], changed: set[str]) -> Iterator[str]:
    """The mistakes that no trace refuses in at least one precision, and the clauses that refuse them."""
    yield "| mistake | what is wrong | float64 | float32 | the clause that refuses it |"
    yield "|---|---|---|---|---|"
    for mistake in catalogue():
        name = mistake.__name__
        if name not in results:
            continue
        by = {precision: any(True for _ in _factors(results[name], precision)) for precision in PRECISIONS}
        if not all(by.values()):
            what = {True: "seen", False: "not seen" if name in changed else "same losses"}
            sentence = (mistake.__doc__ or "").replace("|", "\\|")
            yield (
                f"| {name} | {sentence} | {what[by['float64']]} | {what[by['float32']]} | {mistake.clause} |"
            )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mistakes", nargs="*")
    named: list[str] = parser.parse_args().mistakes
    results: Any = measure(named or [mistake.__name__ for mistake in catalogue()])
    if named:
        for name, cells in results.items():
            for experiment, cell in cells.items():
                print(f"{name} {experiment}: {cell['float64']} | {cell['float32']}")
    else:
        PAGE.write_text("\n".join(page(results)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
