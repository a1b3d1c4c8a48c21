"""Make golden/training-logs.json: what mistakes, wrong constants and other random numbers print, for nnspec trace.

    python benchmarks/training_logs.py [--processes N]

Every variant of nnspec.training_log makes the documents' own runs twice, the second time from initial weights that are
off by some units in their last place. A loss is stored to where both agree to half of their digits.
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
from nnspec.training_log.stored import CERTAIN, FILE
from nnspec.training_log.variants import Variant, right, variants

PAGE = Path(__file__).parent.parent / "golden" / FILE
#: The iterations of each run that people print, as far as rounding leaves enough of them.
PRINTED = {
    "spiral-linear": [*range(6), *range(10, 200, 10), 199],
    "spiral-relu": [*range(6), *range(10, 100, 10), *range(100, 1000, 100), 1000, 2000],
    "moons-tanh": [*range(6), *range(10, 100, 10), *range(100, 1000, 100), 1000, 2000],
    "circles-momentum": [*range(6), *range(10, 300, 10), 299],
}
#: How far initial weights are off in the second run, as a share of them.
NOISE = 1e-15
#: Digits that are stored.
DIGITS = 7


def printed(variant: Variant) -> list[float | str | None]:
    """What a variant prints, None from where it is not certain on, or where the program fails."""
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
    told = [
        first.get(iteration) if iteration < end else None for iteration in PRINTED[variant.experiment.name]
    ]
    return [loss if loss is None else wire.encode(float(f"{loss:.{DIGITS}g}")) for loss in told]


@cache
def rightly_printed(name: str) -> list[float | str | None]:
    """What the right program prints."""
    return printed(right(TRACED[name]))


def row(task: tuple[str, int]) -> tuple[str, str, list[float | str | None]]:
    """One variant of an experiment: the two names, and what it prints; nothing where that is what is right."""
    variant = list(variants(TRACED[task[0]]))[task[1]]
    losses = printed(variant)
    return task[0], variant.name, [] if losses == rightly_printed(task[0]) else losses


def main() -> None:
    """Run all and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processes", type=int, default=None, metavar="N", help="as many as there are cores")
    asked = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of the processes to come
    tasks = [(name, place) for name in PRINTED for place, _ in enumerate(variants(TRACED[name]))]
    made: dict[str, dict[str, Any]] = {
        name: {"iterations": iterations, "variants": {}} for name, iterations in PRINTED.items()
    }
    started = time.time()
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        for done, (name, variant, losses) in enumerate(pool.imap(row, tasks), start=1):
            if any(loss is not None for loss in losses):
                made[name]["variants"][variant] = losses
            if done % 100 == 0:
                print(f"{done} of {len(tasks)} in {time.time() - started:.0f} s", flush=True)
    PAGE.write_text(text(made), encoding="utf-8", newline="\n")
    for name, told in made.items():
        print(f"{name}: {len(told['variants'])} variants print something else")


def text(made: dict[str, dict[str, Any]]) -> str:
    """The file, a variant a line."""
    provenance = {
        "command": "python benchmarks/training_logs.py",
        "noise": NOISE,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    experiments = []
    for name, told in made.items():
        lines = ",\n".join(
            f"{json.dumps(variant, ensure_ascii=False)}: {json.dumps(losses, separators=(',', ':'))}"
            for variant, losses in told["variants"].items()
        )
        experiments.append(
            f'{json.dumps(name)}: {{"iterations": {json.dumps(told["iterations"])},\n"variants": {{\n{lines}\n}}}}'
        )
    about = "What variants of the documents' programs print, null where rounding leaves it uncertain."
    head = f'{{"about": {json.dumps(about)},\n"provenance": {json.dumps(provenance)},\n"experiments": {{\n'
    return head + ",\n".join(experiments) + "\n}}\n"


if __name__ == "__main__":
    main()
