"""Measure what rounding allows at each number that a document prints, and write golden/rounding.json.

    python benchmarks/printed_numbers.py [--members 64] [--others 8] [EXPERIMENT ...]

An ensemble of correct runs that differ only in rounding (nnspec.ensemble) is made of every experiment, or of
those that are named. Three kinds of outcome are told apart, by hand, below: points, the continuum of
WildML's pass 2000 (a run leaves a repelling path whenever its rounding pushes it off, in float32 first, so
both precisions share one interval), and its cycle of period two from pass 3000 on.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from nnspec import printed
from nnspec.ensemble import FACTOR, FLOOR, StepNoise, in_precision
from nnspec.experiments import EXPERIMENTS, Experiment
from nnspec.reference import Reference

#: A point's reach is the members' greatest distance over so many iterations before and after it: a single
#: iteration may be a lucky one, and a spike of the loss far away says nothing of it.
NEARBY = 50
GOLDEN = Path(__file__).parent.parent / "golden" / "rounding.json"


def run(task: tuple[str, str, int | None]) -> tuple[list[float], float]:
    """The losses and the final accuracy of one run; no seed means no noise."""
    name, precision, seed = task
    experiment = EXPERIMENTS[name]
    training = experiment.training()
    training["network"] = in_precision(training["network"], precision)
    training["inputs"] = training["inputs"].astype(precision)
    implementation = Reference() if seed is None else StepNoise(seed)
    trained = implementation.train(**training)
    predicted = implementation.predict(trained["network"], training["inputs"])
    return [float(loss) for loss in trained["losses"]], float(np.mean(predicted == training["labels"]))


def ensemble(pool: Any, experiment: Experiment, precision: str, members: int) -> dict[str, Any]:
    """What is stored of one experiment in one precision."""
    center, accuracy = run((experiment.name, "float64", None))
    runs = pool.map(run, [(experiment.name, precision, seed) for seed in range(members)], chunksize=1)
    losses = np.array([printed.view(experiment, np.array(losses)) for losses, _ in runs])
    right = printed.view(experiment, np.array(center))
    iterations = [int(told) for told in printed.LOSSES.get(experiment.name, {})]
    accuracies = [accuracy, *(member for _, member in runs)]
    return {
        "members": members,
        "losses": {str(t): allowed(experiment, t, losses, right, precision) for t in iterations},
        "accuracy": {"least": min(accuracies), "center": accuracy, "greatest": max(accuracies)},
    }


def allowed(experiment: Experiment, t: int, losses: Any, right: Any, precision: str) -> dict[str, Any]:
    """What a correct program may have at iteration t."""
    floor = FLOOR * float(np.finfo(precision).eps)
    if experiment.name == "moons-tanh" and t == 2000:
        return {"kind": "spread", "least": float(losses[:, t].min()), "greatest": float(losses[:, t].max())}
    if experiment.name == "moons-tanh" and t > 2000:
        pair = np.sort(right[t : t + 2])
        reach = np.abs(np.sort(losses[:, t : t + 2], axis=1) - pair).max(axis=0)
        tolerance = FACTOR[precision] * np.maximum(reach, floor * pair)
        return {"kind": "cycle", "pair": pair.tolist(), "tolerance": tolerance.tolist()}
    nearby = slice(max(t - NEARBY, 0), t + NEARBY + 1)
    reach = np.abs(losses[:, nearby] - right[nearby]).max()
    tolerance = FACTOR[precision] * max(float(reach), floor * abs(float(right[t])))
    return {"kind": "point", "loss": float(right[t]), "tolerance": tolerance}


def share_spreads(losses: list[dict[str, Any]]) -> None:
    """Give a continuum the widest interval of all precisions."""
    for t, first in losses[0].items():
        if first["kind"] == "spread":
            least = min(found[t]["least"] for found in losses)
            greatest = max(found[t]["greatest"] for found in losses)
            for found in losses:
                found[t] |= {"least": least, "greatest": greatest}


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--others", type=int, default=8, help="members of experiments that print no loss")
    parser.add_argument("experiments", nargs="*", default=list(EXPERIMENTS))
    arguments = parser.parse_args()
    measured = json.loads(GOLDEN.read_text())["experiments"]
    started = time.time()
    with multiprocessing.Pool() as pool:
        for experiment in [EXPERIMENTS[name] for name in arguments.experiments]:
            members = arguments.members if printed.LOSSES.get(experiment.name) else arguments.others
            both = {precision: ensemble(pool, experiment, precision, members) for precision in FACTOR}
            share_spreads([found["losses"] for found in both.values()])
            measured[experiment.name] = both
            print(f"{experiment.name}: {time.time() - started:.0f} s", flush=True)
    provenance = {
        "command": "python benchmarks/printed_numbers.py",
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "ensemble": "every parameter one unit in the last place off after every update, up or down at random",
        "tolerance": f"{FACTOR} times the members' greatest distance from the run without noise, over "
        f"{NEARBY} iterations on either side, never taken for less than {FLOOR} units in the last place",
    }
    GOLDEN.write_text(json.dumps({"provenance": provenance, "experiments": measured}, indent=1) + "\n")


if __name__ == "__main__":
    main()
