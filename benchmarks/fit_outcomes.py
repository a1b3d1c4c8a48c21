"""Measure the accuracy of the reference's fits, and write golden/outcomes.json.

OPENBLAS_NUM_THREADS=1 python benchmarks/fit_outcomes.py [--only NAME ...] [--fits 2000] [--processes 2] [--float32]

With --only it measures these outcomes alone, and keeps the fits of the others that were counted before; the limits are
computed for all of them, because they depend on how many outcomes there are. With --float32 it only counts how often
fits in single precision miss.

Every fit draws its data and its seed from a generator seeded with three numbers: its own, the experiment's, and
``APART``. The tests seed theirs with two, the seed of the run and the case, which numpy pads with zeros. So the
measurement is independent of the tests.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import time
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from nnspec.reference import Reference
from nnspec.reference.values import Network
from nnspec.runs import fits

GOLDEN = Path(__file__).parent.parent / "golden" / "outcomes.json"
#: Any number but 0 makes these random numbers independent of the tests'; float32 has the next number.
APART = 1


class Single(Reference):
    """The reference in float32."""

    def initialize(self, *args: Any, **kwargs: Any) -> Network:
        network = super().initialize(*args, **kwargs)
        weights = [array.astype(np.float32) for array in network["weights"]]
        biases = [array.astype(np.float32) for array in network["biases"]]
        return {**network, "weights": weights, "biases": biases}


def fit(task: tuple[str, int]) -> float:
    """The accuracy of one fit of the reference on its own examples."""
    return accuracy(Reference(), *task, APART)


def fit_in_float32(task: tuple[str, int]) -> float:
    """The accuracy of one fit in float32, on other examples."""
    return accuracy(Single(), *task, APART + 1)


def accuracy(program: Reference, name: str, number: int, apart: int) -> float:
    """The accuracy of trial ``number`` on its own examples."""
    outcome = fits.OUTCOMES[name]
    random = np.random.default_rng([number, zlib.crc32(name.encode()), apart])
    if isinstance(program, Single):
        outcome = replace(outcome, draw=partial(_in_single, outcome.draw))
    return fits.accuracy(program, outcome, random)


def _in_single(draw: Callable[..., fits.Examples], random: np.random.Generator) -> fits.Examples:
    inputs, labels = draw(random)
    return inputs.astype(np.float32), labels


def summary(outcome: fits.Outcome, accuracies: list[float]) -> dict[str, Any]:
    """The accuracies, and the upper limit of the probability that a fit misses the region."""
    missed = sum(not outcome.holds(accuracy) for accuracy in accuracies)
    return {
        "iterations": outcome.recipe["iterations"],
        "least": outcome.least,
        "greatest": outcome.greatest,
        "fits": len(accuracies),
        "missed": missed,
        "miss": limit(missed, len(accuracies)),
        "mean": float(np.mean(accuracies)),
        "seen": {f"{accuracy:.4f}": count for accuracy, count in sorted(Counter(accuracies).items())},
    }


def limit(missed: int, trials: int) -> float:
    """The upper limit by Clopper and Pearson of how probable a miss is."""
    return float(binomtest(missed, trials, alternative="less").proportion_ci(1 - fits.SHARE).high)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=fits.OUTCOMES, default=[*fits.OUTCOMES])
    parser.add_argument("--fits", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    summaries = {}
    started = time.time()
    with multiprocessing.Pool(options.processes) as pool:
        for name, outcome in fits.OUTCOMES.items():
            if name not in options.only:
                kept = stored["experiments"][name]
                summaries[name] = {**kept, "miss": limit(kept["missed"], kept["fits"])}
                continue
            tasks = [(name, number) for number in range(options.fits)]
            accuracies = pool.map(fit_in_float32 if options.float32 else fit, tasks, chunksize=10)
            summaries[name] = summary(outcome, accuracies)
            print(f"{name}: missed {summaries[name]['missed']}, {time.time() - started:.0f} s", flush=True)
    if options.float32:
        return
    provenance = {
        "command": "OPENBLAS_NUM_THREADS=1 python benchmarks/fit_outcomes.py",
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "random": f"numpy.random.default_rng([fit, crc32 of the experiment's name, {APART}])",
        "miss": f"upper limit (Clopper and Pearson) of the probability of a fit outside, at 1 - {fits.SHARE:.3g}",
        "seen": "accuracies, and how many fits ended with each",
    }
    GOLDEN.write_text(json.dumps({"provenance": provenance, "experiments": summaries}, indent=1) + "\n")


if __name__ == "__main__":
    main()
