"""Measure the CPU time of diagnoses, of programs in the same process and over a pipe. Needs Linux.

    python benchmarks/diagnosis_cpu.py [FOLDER ...]

Checks the programs of these lists of first_contact (the eighth's by default) by the quick tests, one at a time, and
prints the median, the 90th percentile and the greatest CPU time of the diagnoses: with the program in the process that
judges, and with the program in a process of its own, which answers the protocol as one in another language does, and
whose time counts too. Also a pytest plugin.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from first_contact import CORE
from first_contact_edits import programs, source

from nnspec.reach.transports import Transport
from nnspec.suite.run import Run

LISTS = ("pullback_functions", "estimator")
#: The environment variable that tells the plugin where to write the CPU time.
TIME = "DIAGNOSIS_CPU"
IN_PROCESS, PIPE = "in process", "over a pipe"


def main() -> None:
    """Check the programs, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", default=LISTS, metavar="FOLDER")
    folders = parser.parse_args().folders
    if unknown := {*folders} - {folder for folder, _ in programs()}:
        parser.error(f"no list is named {', '.join(sorted(unknown))}")
    times: dict[str, list[tuple[float, str]]] = {IN_PROCESS: [], PIPE: []}
    for folder, names in programs():
        if folder in folders:
            for mode, measured in times.items():
                seconds = diagnosis(source(folder, names), mode)
                measured += [] if seconds is None else [(seconds, f"{folder} {' + '.join(names)}")]
    for mode, measured in times.items():
        seconds_alone = [seconds for seconds, _ in measured]
        median, ninety = np.percentile(seconds_alone, [50, 90])
        greatest, name = max(measured)
        print(
            f"{mode}: {len(measured)} diagnoses, median {median:.1f} s, 90 % at most {ninety:.1f} s, "
            f"greatest {greatest:.1f} s ({name})"
        )


def diagnosis(program: str, mode: str) -> float | None:
    """The CPU time of the diagnosis of a program in seconds; None if it is not refused."""
    with tempfile.TemporaryDirectory() as folder:
        path, result = Path(folder) / "program.py", Path(folder) / "time"
        path.write_text(program + CORE, encoding="utf-8")
        worker = f"{sys.executable} -m nnspec.reach.worker {path}"
        target = {
            IN_PROCESS: ["--nnspec-in-process", f"--nnspec-implementation={path}"],
            PIPE: [f"--nnspec-command={worker}"],
        }
        plugins = ["-p", "nnspec.suite.pytest_plugin", "-p", Path(__file__).stem, "--pyargs"]
        isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--tb=no", "-q"]
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                *isolated,
                *plugins,
                "nnspec.spec_tests",
                "--nnspec-quick",
                *target[mode],
            ],
            env={
                **os.environ,
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "PYTHONPATH": str(Path(__file__).parent),
                "OPENBLAS_NUM_THREADS": "1",
                TIME: str(result),
            },
            check=False,
            capture_output=True,
        )
        return float(result.read_text(encoding="utf-8")) if result.exists() else None


def cpu_time() -> float:
    """The CPU time of this process and of its children that live, in seconds."""
    ticks = 0
    for listed in Path("/proc/self/task").glob("*/children"):
        for child in listed.read_text(encoding="ascii").split():
            fields = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # user and system
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def pytest_configure() -> None:
    """Write down what each diagnosis takes."""
    if TIME in os.environ:
        diagnose = Run._diagnose

        def timed(run: Run, transport: Transport) -> None:
            before = cpu_time()
            diagnose(run, transport)
            Path(os.environ[TIME]).write_text(repr(cpu_time() - before), encoding="utf-8")

        Run._diagnose = timed  # there is no hook around it


if __name__ == "__main__":
    main()
