"""Runs of the reference on kernels of OpenBLAS and NumPy that are not this processor's default.

python -m nnspec.ensemble.kernels EXPERIMENT PRECISION trains once and writes a NumPy array to stdout: the losses,
the loss of the final network, and how many examples it gets right. Environment variables choose the kernels.
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

#: OpenBLAS's names for generations of processors, and whether NumPy's wide vector loops are switched off.
KERNELS = {
    "Prescott": True,
    "Nehalem": False,
    "Sandybridge": True,
    "Haswell": False,
    "SkylakeX": False,
}

#: Kernels that end with an illegal instruction where NumPy finds none of these extensions.
NEEDED = {"SkylakeX": {"AVX512_SKX", "X86_V4"}}


def usable() -> list[str]:
    """The kernels that this processor can run."""
    found = set(cpu_features())
    return [kernel for kernel in KERNELS if kernel not in NEEDED or NEEDED[kernel] & found]


def losses(experiment: str, precision: str, kernel: str) -> tuple[Array, int]:
    """The losses of a run in its own process, with the final network's last, and how many examples end up right."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": kernel}
    if KERNELS[kernel]:
        environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(cpu_features())
    command = [sys.executable, "-m", "nnspec.ensemble.kernels", experiment, precision]
    process = subprocess.run(command, env=environment, capture_output=True, check=True)
    *trace, correct = np.load(io.BytesIO(process.stdout))
    return np.array(trace), int(correct)


def cpu_features() -> list[str]:
    """The processor features beyond the baseline that NumPy uses here."""
    return np.show_config(mode="dicts")["SIMD Extensions"]["found"]


def run(experiment: str, precision: str) -> Array:
    """The losses of the reference on this process's kernels, the final loss, and how many examples end up right."""
    training = TRACED[experiment].training(precision=precision)
    inputs, labels = training["inputs"], training["labels"]
    trained = Reference().train(**training)
    final = Reference().loss(trained["network"], inputs, labels, training["objective"])
    correct = np.sum(Reference().predict(trained["network"], inputs) == labels)
    return np.array([*trained["losses"], final, correct], dtype=float)


if __name__ == "__main__":
    content = io.BytesIO()  # NumPy asks a file for its position, which a pipe does not have
    np.save(content, run(*sys.argv[1:]))
    sys.stdout.buffer.write(content.getvalue())
