"""Measure how often nnspec trace names the variant that printed a log, at the documents' iterations and digits.

    python benchmarks/log_naming.py [EXPERIMENT ...] [--processes N]

Every variant of nnspec.training_log prints what the document prints, from initial weights that differ in their last
place. nnspec trace must then name it, once with all variants known, and once without it, when any other name is wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import warnings
from collections import Counter

import numpy as np

from nnspec.documents.experiments import TRACED, Experiment
from nnspec.runs.printed_numbers import LOSSES, decimals
from nnspec.training_log import naming
from nnspec.training_log.comparison import judge
from nnspec.training_log.log import Log, Loss
from nnspec.training_log.variant import Variant
from nnspec.training_log.variants import variants

#: The documents' runs that print losses.
PRINTING = [name for name, digits in LOSSES.items() if digits]
#: The last printed iteration that is used; later ones take long and are mostly uncertain.
LAST = 2_000
#: The relative error of the initial weights; training_logs.py uses another one.
NOISE = 3e-16
NAMED, TIED, UNEXPLAINED, ACCEPTED = "named", "named with others", "unexplained", "accepted"
#: Another variant is named: one that prints the same losses, one that is reported as not sure, or one reported as sure.
SAME, UNSURE, WRONG = "one that prints the same", "another, not sure", "wrong"


def printed(variant: Variant) -> Log:
    """The log of a variant in the document's digits; empty if the program fails."""
    digits = {int(i): text for i, text in LOSSES[variant.experiment.name].items() if int(i) <= LAST}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            losses = variant.losses(digits, NOISE)
        except (IndexError, ValueError, FloatingPointError):
            return Log({})
    return Log({i: Loss.read(f"{loss:.{decimals(digits[i])}f}") for i, loss in losses.items()})


def outcomes(log: Log, variant: Variant, experiment: Experiment) -> tuple[str, str, list[str]]:
    """The outcome with all variants known, the outcome without the log's own, and the names of the others that fit."""
    if len(log) < 3 or judge(log, experiment, "float64").accepted:
        return ACCEPTED, ACCEPTED, []
    fits = naming.search(log, experiment, "float64").fits
    others = [fit for fit in fits if fit.variant.name != variant.name]
    itself = len(others) < len(fits)
    first = (TIED if others else NAMED) if itself else WRONG if fits else UNEXPLAINED
    if not others:
        alone = UNEXPLAINED
    elif all(printed(fit.variant) == log for fit in others):
        alone = SAME
    else:
        alone = WRONG if any(fit.sure for fit in others) else UNSURE
    return first, alone, [fit.variant.name for fit in others]


def row(task: tuple[str, int]) -> tuple[str, str, str, str, list[str]]:
    """The names and outcomes of one variant of an experiment."""
    experiment = TRACED[task[0]]
    variant = list(variants(experiment))[task[1]]
    return task[0], variant.name, *outcomes(printed(variant), variant, experiment)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("experiments", nargs="*", default=PRINTING, metavar="EXPERIMENT")
    parser.add_argument("--processes", type=int, default=None, metavar="N", help="as many as there are cores")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for the processes that the pool starts
    tasks = [(name, place) for name in options.experiments for place, _ in enumerate(variants(TRACED[name]))]
    with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
        rows = list(pool.imap(row, tasks))
    for experiment in options.experiments:
        these = [each for each in rows if each[0] == experiment]
        print(f"\n{experiment}: {len(these)} variants")
        print("  all known:     ", dict(Counter(first for _, _, first, _, _ in these)))
        print("  without itself:", dict(Counter(alone for _, _, _, alone, _ in these)))
        for _, name, first, alone, others in these:
            if alone in (SAME, UNSURE, WRONG) or first == UNEXPLAINED:
                print(f"    {name}: {first}; without itself {alone} {', '.join(others)}")


if __name__ == "__main__":
    main()
