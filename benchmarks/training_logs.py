"""Write golden/training-logs.json: the losses that variants of the experiments' programs print.

    python benchmarks/training_logs.py [--add] [--processes N]

Every program of nnspec.training_log.variants is trained twice on each experiment, from initial weights that differ by
some units in their last place. Losses are stored as long as both runs agree to half of their digits. With --add, only
programs and iterations that the file lacks are run, and programs that no longer exist go.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import time
import warnings
from functools import cache
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

import numpy as np

from nnspec.contract import wire
from nnspec.documents.experiments import TRACED
from nnspec.mistakes.choices import Choice
from nnspec.training_log.variant import Variant, correct
from nnspec.training_log.variant_losses import CERTAIN, FILE
from nnspec.training_log.variants import programs

PAGE = Path(__file__).parent.parent / "golden" / FILE
#: The iterations that people print, those before them, for logs that count from 1, and those that tell most apart.
USUAL = [0, 1, 2, 9, 10, 19, 20]
#: More of them for the documents' own runs.
PRINTED = dict.fromkeys(TRACED, USUAL) | {
    "spiral-linear": [*range(6), 9, 10, 19, *range(20, 200, 10), 199],
    "spiral-relu": [*range(6), 9, 10, 19, *range(20, 100, 10), *range(100, 1000, 100), 1000, 2000],
    "moons-tanh": [*range(6), 9, 10, 19, *range(20, 100, 10), *range(100, 1000, 100), 1000, 2000],
    "circles-momentum": [*range(6), 9, 10, 19, *range(20, 300, 10), 299],
}
#: The last iteration of a choice that is stored: there are a thousand of them.
LAST_OF_A_CHOICE = 100
#: The relative error of the initial weights in the second run.
NOISE = 1e-15
#: How many digits are stored.
DIGITS = 7

Cell = float | str | None


def printed(variant: Variant, iterations: list[int]) -> list[Cell]:
    """The losses that a variant prints, None once they are uncertain or if the program fails."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            first, second = (variant.losses(iterations, noise) for noise in (0.0, NOISE))
        except (IndexError, ValueError, FloatingPointError):  # with a mistake in the labels, say
            first = second = {}
    unequal = (i for i in first if not np.isclose(first[i], second[i], rtol=CERTAIN, atol=0, equal_nan=True))
    end = next(unequal, len(first) and max(first) + 1)
    losses = [first.get(iteration) if iteration < end else None for iteration in iterations]
    return [loss if loss is None else wire.encode(float(f"{loss:.{DIGITS}g}")) for loss in losses]


@cache
def correct_losses(name: str) -> list[Cell]:
    """The losses that the correct program prints."""
    return printed(correct(TRACED[name]), PRINTED[name])


def row(task: tuple[str, int, dict[int, Cell]]) -> tuple[str, str, list[Cell]]:
    """A variant of an experiment: both names and its losses, which are empty if they are the correct ones.

    The losses that are known already are not computed again.
    """
    name, place, known = task
    variant = list(programs(TRACED[name]))[place]
    last = LAST_OF_A_CHOICE if issubclass(variant.program, Choice) else PRINTED[name][-1]
    missing = [iteration for iteration in PRINTED[name] if iteration not in known and iteration <= last]
    new = dict(zip(missing, printed(variant, missing), strict=True)) if missing else {}
    losses = [{**known, **new}.get(iteration) for iteration in PRINTED[name]]
    compared = [i for i, iteration in enumerate(PRINTED[name]) if iteration <= last]
    is_right = all(losses[i] == correct_losses(name)[i] for i in compared)
    return name, variant.name, [] if is_right else losses


def tasks(name: str, entry: dict[str, Any]) -> list[tuple[str, int, dict[int, Cell]]]:
    """Every program of an experiment with the losses that are stored, without those that are stored as correct."""
    every = []
    for place, variant in enumerate(programs(TRACED[name])):
        losses = entry["variants"].get(variant.name, [])
        if variant.name not in entry["same"]:
            every.append((name, place, dict(zip(entry["iterations"], losses, strict=False))))
    return every


def measure(name: str, stored: dict[str, Any], pool: Pool) -> dict[str, Any]:
    """The entry of an experiment."""
    known = set(stored["same"])
    entry: dict[str, Any] = {"iterations": PRINTED[name], "same": [], "variants": {}}
    for _, variant, losses in pool.imap(row, tasks(name, stored)):
        if any(loss is not None for loss in losses):
            entry["variants"][variant] = losses
        else:
            known.add(variant)
    entry["same"] = [variant.name for variant in programs(TRACED[name]) if variant.name in known]
    return entry


def stored() -> dict[str, dict[str, Any]]:
    """The experiments of the file, with the losses of every variant."""
    experiments: dict[str, dict[str, Any]] = json.loads(PAGE.read_text(encoding="utf-8"))["experiments"]
    for entry in experiments.values():
        variants = entry["variants"]
        entry["variants"] = {n: variants[of] if isinstance(of, str) else of for n, of in variants.items()}
    return experiments


def main() -> None:
    """Run all variants and write the file, after each experiment: --add goes on where a run was stopped."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--add", action="store_true", help="run only what the file lacks")
    parser.add_argument("--processes", type=int, default=None, metavar="N", help="as many as there are cores")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes that the pool starts
    experiments = stored() if options.add else {}
    started = time.time()
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for name in sorted(TRACED, key=lambda name: PRINTED[name][-1]):
            none: dict[str, Any] = {"iterations": [], "variants": {}, "same": []}
            experiments[name] = measure(name, experiments.get(name, none), pool)
            PAGE.write_text(text(experiments), encoding="utf-8", newline="\n")
            print(
                f"{name}: {len(experiments[name]['variants'])} others, {time.time() - started:.0f} s",
                flush=True,
            )


def text(experiments: dict[str, dict[str, Any]]) -> str:
    """The file, with one line per variant."""
    provenance = {
        "command": "python benchmarks/training_logs.py",
        "noise": NOISE,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    entries = []
    for name in (name for name in TRACED if name in experiments):
        entry = experiments[name]
        lines = ",\n".join(
            f"{json.dumps(variant, ensure_ascii=False)}: {json.dumps(losses, separators=(',', ':'))}"
            for variant, losses in with_names(entry["variants"]).items()
        )
        entries.append(
            f'{json.dumps(name)}: {{"iterations": {json.dumps(entry["iterations"])},\n'
            f'"same": {json.dumps(entry["same"], ensure_ascii=False)},\n"variants": {{\n{lines}\n}}}}'
        )
    about = (
        "What variants of the experiments' programs print, null where rounding leaves it uncertain; a name stands for "
        "the losses of that variant. same: those that print what a correct program prints."
    )
    head = f'{{"about": {json.dumps(about)},\n"provenance": {json.dumps(provenance)},\n"experiments": {{\n'
    return head + ",\n".join(entries) + "\n}}\n"


def with_names(variants: dict[str, list[Cell]]) -> dict[str, list[Cell] | str]:
    """The losses of each variant, or the name of an earlier one that prints the same."""
    first: dict[tuple[Cell, ...], str] = {}
    named: dict[str, list[Cell] | str] = {}
    for name, losses in variants.items():
        before = first.setdefault(tuple(losses), name)
        named[name] = losses if before == name else before
    return named


if __name__ == "__main__":
    main()
