"""Measure how accurate fits of the reference end, and write golden/outcomes.json.

python benchmarks/fit_outcomes.py [--fits 400]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest

from nnspec import fits
from nnspec.experiments import CIRCLES_MOMENTUM, EXPERIMENTS, MOONS_TANH, SPIRAL_LINEAR, SPIRAL_RELU
from nnspec.reference import Reference

GOLDEN = Path(__file__).parent.parent / "golden" / "outcomes.json"
#: The share of fits that the interval is drawn around, cut off alike on both sides.
INSIDE = 0.98


def fit(task: tuple[str, int]) -> float:
    """The training accuracy of one fit."""
    name, seed = task
    experiment = EXPERIMENTS[name]
    inputs, labels = experiment.examples()
    network = Reference().fit(inputs, labels, fits.recipe(experiment), seed)
    return float(np.mean(Reference().predict(network, inputs) == labels))


def summary(accuracies: list[float]) -> dict[str, Any]:
    """The interval, and with what probability a fit misses it at most."""
    cut = (1 - INSIDE) / 2
    least, greatest = np.quantile(accuracies, [cut, 1 - cut], method="closest_observation")
    missed = sum(not least <= accuracy <= greatest for accuracy in accuracies)
    bound = binomtest(missed, len(accuracies), alternative="less").proportion_ci(0.99).high
    return {
        "least": float(least),
        "greatest": float(greatest),
        "miss": float(bound),
        "fits": len(accuracies),
        "missed": missed,
        "seen": {f"{accuracy:.4f}": count for accuracy, count in sorted(Counter(accuracies).items())},
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fits", type=int, default=400)
    count = parser.parse_args().fits
    measured = {}
    started = time.time()
    with multiprocessing.Pool() as pool:
        for experiment in [SPIRAL_LINEAR, CIRCLES_MOMENTUM, MOONS_TANH, SPIRAL_RELU]:
            tasks = [(experiment.name, seed) for seed in range(1, count + 1)]
            measured[experiment.name] = summary(pool.map(fit, tasks, chunksize=1))
            print(f"{experiment.name}: {time.time() - started:.0f} s", flush=True)
    provenance = {
        "command": "python benchmarks/fit_outcomes.py",
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "miss": "upper limit at 99 % confidence (Clopper and Pearson) of the probability of a fit outside",
    }
    GOLDEN.write_text(json.dumps({"provenance": provenance, "experiments": measured}, indent=1) + "\n")


if __name__ == "__main__":
    main()
