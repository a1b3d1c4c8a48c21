"""Measure the accuracy of the reference's fits, and write golden/outcomes.json.

OPENBLAS_NUM_THREADS=1 python benchmarks/fit_outcomes.py [--fits 2000] [--processes 2] [--float32]

With --float32 it only counts how often fits in single precision miss.

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
    """The accuracy of fit ``number`` on its own examples."""
    outcome = fits.OUTCOMES[name]
    random = np.random.default_rng([number, zlib.crc32(name.encode()), apart])
    inputs, labels, seed = fits.draw(outcome.experiment, random)
    inputs = inputs.astype(np.float32) if isinstance(program, Single) else inputs
    network = program.fit(inputs, labels, outcome.recipe, seed)
    return float(np.mean(program.predict(network, inputs) == labels))


def summary(outcome: fits.Outcome, accuracies: list[float]) -> dict[str, Any]:
    """The accuracies, and the upper limit of the probability that a fit misses the region."""
    missed = sum(not outcome.holds(accuracy) for accuracy in accuracies)
    limit = binomtest(missed, len(accuracies), alternative="less").proportion_ci(1 - fits.SHARE).high
    return {
        "iterations": outcome.iterations,
        "least": outcome.least,
        "greatest": outcome.greatest,
        "fits": len(accuracies),
        "missed": missed,
        "miss": float(limit),
        "mean": float(np.mean(accuracies)),
        "seen": {f"{accuracy:.4f}": count for accuracy, count in sorted(Counter(accuracies).items())},
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fits", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    summaries = {}
    started = time.time()
    with multiprocessing.Pool(options.processes) as pool:
        for name, outcome in fits.OUTCOMES.items():
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
