"""Runs of the reference on other kernels of OpenBLAS and NumPy than those that this processor gets by default.

python -m nnspec.ensemble.kernels EXPERIMENT PRECISION trains once and writes to stdout, as an array of NumPy's, the
losses, that of the final network and how many examples it gets right. Which kernels it gets is in the environment.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys

import numpy as np

from nnspec.documents.experiments import TRACED
from nnspec.reference import Reference
from nnspec.reference.values import Array

#: OpenBLAS's names for generations of processors, and whether NumPy's own wide vector loops are switched off.
KERNELS = {
    "Prescott": True,
    "Nehalem": False,
    "Sandybridge": True,
    "Haswell": False,
    "SkylakeX": False,
}


def losses(experiment: str, precision: str, kernel: str) -> tuple[Array, int]:
    """The losses of a run in a process of its own, that of the final network last; and how many end up right."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": kernel}
    if KERNELS[kernel]:
        environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(dispatched())
    command = [sys.executable, "-m", "nnspec.ensemble.kernels", experiment, precision]
    ran = subprocess.run(command, env=environment, capture_output=True, check=True)
    *told, correct = np.load(io.BytesIO(ran.stdout))
    return np.array(told), int(correct)


def dispatched() -> list[str]:
    """What NumPy chooses on this processor beyond what every processor has."""
    return np.show_config(mode="dicts")["SIMD Extensions"]["found"]


def run(experiment: str, precision: str) -> Array:
    """The losses of the reference on the kernels of this process, the final loss, and how many end up right."""
    training = TRACED[experiment].training(precision=precision)
    inputs, labels = training["inputs"], training["labels"]
    trained = Reference().train(**training)
    final = Reference().loss(trained["network"], inputs, labels, training["objective"])
    correct = np.sum(Reference().predict(trained["network"], inputs) == labels)
    return np.array([*trained["losses"], final, correct], dtype=float)


if __name__ == "__main__":
    np.save(sys.stdout.buffer, run(*sys.argv[1:]))
