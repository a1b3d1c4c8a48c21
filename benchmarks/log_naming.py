"""Measure how often nnspec trace names what printed a log, from the documents' own iterations and digits.

    python benchmarks/log_naming.py [EXPERIMENT ...] [--processes N]

Every variant of nnspec.training_log prints what the document prints, from initial weights that are off in their last
place. It is then to be named: once with all variants known, and once without itself, when another one's name is wrong.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import warnings
from collections import Counter
from collections.abc import Mapping

import numpy as np

from nnspec.documents.experiments import TRACED, Experiment
from nnspec.runs.printed_numbers import LOSSES, decimals
from nnspec.training_log import naming
from nnspec.training_log.reading import Loss
from nnspec.training_log.variants import Variant, variants

#: The documents' runs that print losses.
PRINTING = [name for name, digits in LOSSES.items() if digits]
#: The last printed iteration that is looked at; later ones take long and are mostly beyond what is certain.
LAST = 2_000
#: How far initial weights are off, as a share of them: other than where the stored losses were made.
NOISE = 3e-16
NAMED, TIED, UNEXPLAINED, ACCEPTED = "named", "named beside others", "unexplained", "accepted"
#: Another one is named: it prints the very same, or it does not and is said to be unsure, or not even that.
SAME, UNSURE, WRONG = "one that prints the same", "another, not sure", "wrong"


def printed(variant: Variant) -> dict[int, Loss]:
    """The log of a variant in the document's digits; nothing where the program fails."""
    digits = {int(i): text for i, text in LOSSES[variant.experiment.name].items() if int(i) <= LAST}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            losses = variant.losses(digits, NOISE)
        except (IndexError, ValueError, FloatingPointError):
            return {}
    return {i: Loss.read(f"{loss:.{decimals(digits[i])}f}") for i, loss in losses.items()}


def told(log: Mapping[int, Loss], variant: Variant, experiment: Experiment) -> tuple[str, str, list[str]]:
    """What is said of a log with all variants known, and without the one that made it; and which others are named."""
    if len(log) < 3 or naming.judge(log, experiment, "float64").accepted:
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
    """One variant of an experiment."""
    experiment = TRACED[task[0]]
    variant = list(variants(experiment))[task[1]]
    return task[0], variant.name, *told(printed(variant), variant, experiment)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("experiments", nargs="*", default=PRINTING, metavar="EXPERIMENT")
    parser.add_argument("--processes", type=int, default=None, metavar="N", help="as many as there are cores")
    asked = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # of the processes to come
    tasks = [(name, place) for name in asked.experiments for place, _ in enumerate(variants(TRACED[name]))]
    with multiprocessing.get_context("spawn").Pool(asked.processes) as pool:
        rows = list(pool.imap(row, tasks))
    for experiment in asked.experiments:
        these = [each for each in rows if each[0] == experiment]
        print(f"\n{experiment}: {len(these)} variants")
        print("  all known:     ", dict(Counter(first for _, _, first, _, _ in these)))
        print("  without itself:", dict(Counter(alone for _, _, _, alone, _ in these)))
        for _, name, first, alone, others in these:
            if alone in (SAME, UNSURE, WRONG) or first == UNEXPLAINED:
                print(f"    {name}: {first}; without itself {alone} {', '.join(others)}")


if __name__ == "__main__":
    main()
