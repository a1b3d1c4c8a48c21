"""Record states of the experiments' runs, and measure how far correct runs from each of them drift apart.

Writes golden/states.json.

python benchmarks/golden_states.py [--members 32]
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

from nnspec.contract.operations import PRECISIONS
from nnspec.documents.experiments import EXPERIMENTS
from nnspec.ensemble import noise
from nnspec.reference import Reference
from nnspec.reference.values import Network
from nnspec.runs import states

GOLDEN = Path(__file__).parent.parent / "golden" / "states.json"
#: For each experiment, the iterations whose states are stored.
STATES = {
    "spiral-linear": [0, 10, 190],
    "spiral-relu": [0, 100, 1_000, 5_000, 9_950],
    "moons-tanh": [0, 100, 1_000, 5_000, 19_950],
    "circles-momentum": [0, 50, 175, 290],
    "moons-minibatch": [0, 1_004],
    "moons-annealing-step": [0, 1_001],
    "moons-annealing-exponential": [0, 1_001],
    "moons-annealing-inverse-time": [0, 1_001],
    "moons-logistic": [0, 1_900],
    "moons-relu": [0, 1_900],
    "spiral-tanh": [0, 1_900],
    "moons-four-layers": [0, 1_900],
}
#: Iterations of a run from a state: too few for rounding to accumulate.
SHORT = 40
#: The kinds of noise in the ensembles.
KINDS = ["steps", "intermediates"]


def networks(name: str, iterations: list[int]) -> list[Network]:
    """The networks of the experiment's run before these iterations."""
    experiment, recorded = EXPERIMENTS[name], {}
    training = experiment.training(max(iterations))

    class Recorder(Reference):
        def update(self, **params: Any) -> dict[str, Any]:
            if params["iteration"] in iterations:
                recorded[params["iteration"]] = params["network"]
            return super().update(**params)

    recorded[max(iterations)] = Recorder().train(**training)["network"]
    return [recorded[iteration] for iteration in iterations]


def measure(task: tuple[str, int, Network, int]) -> dict[str, Any]:
    """One state, in the format of the file."""
    name, iteration, network, members = task
    training = states.training(EXPERIMENTS[name], iteration, network, SHORT)
    right = Reference().train(**training)["losses"]
    reach = {}
    for precision in PRECISIONS:
        runs = [noise.run(kind, training, precision, members, seed=0)[0][:, :-1] for kind in KINDS]
        distance = np.max(np.abs(np.concatenate(runs) / right - 1), axis=0)
        reach[precision] = states.to_steps(np.maximum.accumulate(distance))
    return {
        "iteration": iteration,
        "weights": [weights.tolist() for weights in network["weights"]],
        "biases": [biases.tolist() for biases in network["biases"]],
        "losses": [float(loss) for loss in right],
        "reach": reach,
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=32, help="of each of the two kinds of noise")
    members = parser.parse_args().members
    started = time.time()
    tasks = [
        (name, iteration, network, members)
        for name, iterations in STATES.items()
        for iteration, network in zip(iterations, networks(name, iterations), strict=True)
    ]
    with multiprocessing.Pool() as pool:
        results = pool.map(measure, tasks, chunksize=1)
    experiments: dict[str, list[dict[str, Any]]] = {name: [] for name in STATES}
    for (name, *_), state in zip(tasks, results, strict=True):
        experiments[name].append(state)
    provenance = {
        "command": f"python benchmarks/golden_states.py --members {members}",
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "members": f"{members} with noise after every step, {members} with noise in the intermediates as well",
        "reach": "[iteration, greatest distance so far as a share of the loss, rounded up], up to the next such step",
    }
    lines = ",\n".join(
        f' "{name}": [\n  ' + ",\n  ".join(map(json.dumps, stored)) + "\n ]"
        for name, stored in experiments.items()
    )
    GOLDEN.write_text(
        f'{{"provenance": {json.dumps(provenance, indent=1)},\n"experiments": {{\n{lines}\n}}}}\n'
    )
    print(f"{time.time() - started:.0f} s")


if __name__ == "__main__":
    main()
