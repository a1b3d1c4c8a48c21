"""Measure what each case costs and which cases refuse the catalogue's mistakes; write golden/order.json.

    python benchmarks/order.py [--part NAME ...]

The first cases refuse every mistake between them: for each mistake, the cheapest case that refuses it among those
of the clause that it names. They are sorted by how many mistakes they refuse per second. Then comes the cheapest
case of every clause that has none yet. Those of all these that are cheap are quick: ``nnspec check --quick`` runs
them. For every part of the contract that a program may offer alone (partial_programs.py), the cheapest case follows
that refuses what no quick case refuses through it. Then come all others, the cheapest first.

``--part`` keeps all that was measured and finds only what this part needs; ``all`` is every part, and decides anew
which of the longer cases are quick because a part needs them.
benchmarks/additions.py measures only what was added since.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from partial_programs import PARTS, Part
from partial_runs import refusals

from nnspec.mistakes import catalogue
from nnspec.reach.options import Options
from nnspec.report.record import FAILED, Record
from nnspec.suite.check import check
from nnspec.suite.plan import case_of

ROOT = Path(__file__).parent.parent
ORDER = ROOT / "golden" / "order.json"
#: How often the reference is timed; the shortest time counts.
TIMINGS = 2
#: The longest time of a quick case, in seconds.
QUICK_CASE = 0.1
#: The longest time of a quick case that refuses through a part what no shorter case does, in seconds.
QUICK_CASE_OF_A_PART = 0.3
#: The time of a case that was measured as 0, in seconds: half the resolution of a record.
LEAST = 0.0005


def timed() -> dict[str, float]:
    """The seconds that each case takes the reference, in one process."""
    runs = [check(Options(target="reference", in_process=True), lambda _: None) for _ in range(TIMINGS)]
    if runs[0].reasons:
        raise RuntimeError(f"the reference does not conform: {runs[0].reasons}")
    seconds = [{result.case: result.seconds for result in run.results} for run in runs]
    return {case: max(LEAST, min(each[case] for each in seconds)) for case in seconds[0]}


class Cases:
    """Keeps the cases of the specification, and apart those that look at a whole run of an experiment.

    The time of a whole run is counted with the first of its cases alone.
    """

    def __init__(self) -> None:
        """None is known."""
        self.all: set[str] = set()
        self.of_whole_runs: set[str] = set()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """After all tests were found."""
        self.all = {case_of(item) for item in session.items}
        self.of_whole_runs = {
            case_of(item) for item in session.items if "traces" in getattr(item, "fixturenames", [])
        }


def collect() -> Cases:
    """The cases that there are, and those that use a whole run, which count as long regardless of their time."""
    found = Cases()
    alone = [
        "--noconftest",
        "-c",
        os.devnull,
        "-p",
        "no:cacheprovider",
        "-q",
        "--pyargs",
        "nnspec.spec_tests",
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(
            ["--collect-only", "--nnspec-implementation", "reference", "--nnspec-in-process", *alone], [found]
        )
    return found


def refusing() -> Counter[str]:
    """How many mistakes each case is the first to refuse, in the current order of golden/order.json."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.jsonl"
        isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "-q", "--no-summary"]
        plugins = ["-p", "nnspec.suite.pytest_plugin", "-p", "mistaken", "--pyargs", "nnspec.spec_tests"]
        target = ["--nnspec-implementation", "reference", "--nnspec-in-process", "--nnspec-record", str(path)]
        names = ",".join(mistake.__name__ for mistake in catalogue())
        environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT / "tests")}
        command = [sys.executable, "-m", "pytest", *isolated, *plugins, *target, f"--mistakes={names}"]
        subprocess.run(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False)
        record = Record.read(path)
    return Counter(without_mistake(result.case) for result in record.results if result.outcome == FAILED)


def needed_of_parts(
    parts: Iterable[Part], quick: Iterable[str], seconds: dict[str, float], long: set[str]
) -> list[str]:
    """The cases that refuse what these quick ones do not, for each of these parts of the contract in turn."""
    names = [mistake.__name__ for mistake in catalogue()]
    needed = dict.fromkeys(quick)
    short = [case for case, cost in seconds.items() if cost <= QUICK_CASE_OF_A_PART and case not in long]
    by_cost = sorted(short, key=lambda case: (seconds[case], case))
    for part in parts:
        first = refusals(part, names, [*dict.fromkeys([*needed, *by_cost])]).first
        added = dict.fromkeys(case for case in first.values() if case not in needed)
        print(f"{part.name}: {len(first)} mistakes, {len(added)} more cases", flush=True)
        needed |= added
    return [*needed]


def without_mistake(case: str) -> str:
    """The name of the case in a run without mistakes."""
    sys.path.insert(0, str(ROOT / "tests"))
    from mistaken import split_case

    return str(split_case(case)[0])


def ordered(seconds: dict[str, float], refused: Counter[str], long: set[str]) -> list[dict[str, Any]]:
    """The cases in order, each with its seconds and whether it is quick; those of whole runs come last."""
    by_cost = sorted(seconds, key=lambda case: (case in long, seconds[case], case))
    discriminating = sorted(set(refused) - long, key=lambda case: (-refused[case] / seconds[case], case))
    cheapest = {case.partition(":")[0]: case for case in [*reversed(by_cost), *reversed(discriminating)]}
    first = [*discriminating, *sorted(set(cheapest.values()) - long, key=by_cost.index)]
    quick = dict.fromkeys(case for case in first if seconds[case] <= QUICK_CASE)
    return entries([*quick], seconds, long)


def entries(quick: list[str], seconds: dict[str, float], long: set[str]) -> list[dict[str, Any]]:
    """The quick cases in this order, then all others, the cheapest first."""
    by_cost = sorted(seconds, key=lambda case: (case in long, seconds[case], case))
    return [
        {"case": case, "seconds": seconds[case], "quick": case in quick}
        for case in dict.fromkeys([*quick, *by_cost])
    ]


def versions() -> dict[str, Any]:
    """What the measurement of all cases was made by."""
    return {
        "command": "python benchmarks/order.py",
        "mistakes": len(catalogue()),
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def write(cases: list[dict[str, Any]], provenance: dict[str, Any]) -> None:
    """golden/order.json, a case a line."""
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in cases)
    ORDER.write_text(
        f'{{"provenance": {json.dumps(provenance)},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8"
    )


def main() -> None:
    """Measure and write: first by cost alone, so that the cheapest case that refuses a mistake comes first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--part", action="append", choices=[*(part.name for part in PARTS), "all"], default=[]
    )
    options = parser.parse_args()
    long = collect().of_whole_runs
    parts = [part for part in PARTS if part.name in options.part or "all" in options.part]
    if parts:
        stored = json.loads(ORDER.read_text(encoding="utf-8"))
        cases, provenance = stored["cases"], stored["provenance"]
        seconds = {case["case"]: case["seconds"] for case in cases}
    else:
        seconds, provenance = timed(), versions()
        write(ordered(seconds, Counter(), long), provenance)
        cases = ordered(seconds, refusing(), long)
        write(cases, provenance)
    least = QUICK_CASE if not parts or parts == PARTS else QUICK_CASE_OF_A_PART
    few = [case["case"] for case in cases if case["quick"] and case["seconds"] <= least]
    cases = entries(needed_of_parts(parts or PARTS, few, seconds, long), seconds, long)
    write(cases, provenance)
    quick = [case["seconds"] for case in cases if case["quick"]]
    print(f"{len(quick)} of {len(cases)} cases are quick, {sum(quick):.2f} s")


if __name__ == "__main__":
    main()
