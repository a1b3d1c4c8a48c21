"""Make golden/training-logs.json for nnspec trace: what mistakes, wrong constants and other random numbers print.

    python benchmarks/training_logs.py [--processes N]

Every variant of nnspec.training_log makes the documents' own runs twice, the second time from initial weights that
differ by some units in their last place. Losses are stored as long as both runs agree to half of their digits.
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
from pathlib import Path
from typing import Any

import numpy as np

from nnspec.contract import wire
from nnspec.documents.experiments import TRACED
from nnspec.training_log.variant_losses import CERTAIN, FILE
from nnspec.training_log.variants import Variant, correct, variants

PAGE = Path(__file__).parent.parent / "golden" / FILE
#: The iterations of each run that people print and that rounding leaves certain.
PRINTED = {
    "spiral-linear": [*range(6), *range(10, 200, 10), 199],
    "spiral-relu": [*range(6), *range(10, 100, 10), *range(100, 1000, 100), 1000, 2000],
    "moons-tanh": [*range(6), *range(10, 100, 10), *range(100, 1000, 100), 1000, 2000],
    "circles-momentum": [*range(6), *range(10, 300, 10), 299],
}
#: The relative error of the initial weights in the second run.
NOISE = 1e-15
#: How many digits are stored.
DIGITS = 7


def printed(variant: Variant) -> list[float | str | None]:
    """The losses that a variant prints, None once they are uncertain or if the program fails."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            first, second = (
                variant.losses(PRINTED[variant.experiment.name], noise) for noise in (0.0, NOISE)
            )
        except (IndexError, ValueError, FloatingPointError):  # with a mistake in the labels, say
            first = second = {}
    unequal = (i for i in first if not np.isclose(first[i], second[i], rtol=CERTAIN, atol=0, equal_nan=True))
    end = next(unequal, len(first) and max(first) + 1)
    losses = [
        first.get(iteration) if iteration < end else None for iteration in PRINTED[variant.experiment.name]
    ]
    return [loss if loss is None else wire.encode(float(f"{loss:.{DIGITS}g}")) for loss in losses]


@cache
def correct_losses(name: str) -> list[float | str | None]:
    """The losses that the correct program prints."""
    return printed(correct(TRACED[name]))


def row(task: tuple[str, int]) -> tuple[str, str, list[float | str | None]]:
    """A variant of an experiment: both names and its losses, which are empty if they are the correct ones."""
    variant = list(variants(TRACED[task[0]]))[task[1]]
    losses = printed(variant)
    return task[0], variant.name, [] if losses == correct_losses(task[0]) else losses


def main() -> None:
    """Run all variants and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processes", type=int, default=None, metavar="N", help="as many as there are cores")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes that the pool starts
    tasks = [(name, place) for name in PRINTED for place, _ in enumerate(variants(TRACED[name]))]
    experiments: dict[str, dict[str, Any]] = {
        name: {"iterations": iterations, "variants": {}} for name, iterations in PRINTED.items()
    }
    started = time.time()
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        for done, (name, variant, losses) in enumerate(pool.imap(row, tasks), start=1):
            if any(loss is not None for loss in losses):
                experiments[name]["variants"][variant] = losses
            if done % 100 == 0:
                print(f"{done} of {len(tasks)} in {time.time() - started:.0f} s", flush=True)
    PAGE.write_text(text(experiments), encoding="utf-8", newline="\n")
    for name, entry in experiments.items():
        print(f"{name}: {len(entry['variants'])} variants print something else")


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
    for name, entry in experiments.items():
        lines = ",\n".join(
            f"{json.dumps(variant, ensure_ascii=False)}: {json.dumps(losses, separators=(',', ':'))}"
            for variant, losses in entry["variants"].items()
        )
        entries.append(
            f'{json.dumps(name)}: {{"iterations": {json.dumps(entry["iterations"])},\n"variants": {{\n{lines}\n}}}}'
        )
    about = "What variants of the documents' programs print, null where rounding leaves it uncertain."
    head = f'{{"about": {json.dumps(about)},\n"provenance": {json.dumps(provenance)},\n"experiments": {{\n'
    return head + ",\n".join(entries) + "\n}}\n"


if __name__ == "__main__":
    main()
