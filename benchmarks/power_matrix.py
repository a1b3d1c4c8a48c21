"""Measure which case of the specification refuses which mistake.

    python benchmarks/power_matrix.py [--keep FOLDER] [--processes N]

Checks every mistake of the catalogue against every case; FOLDER keeps the checks, so that none is made twice. Writes

- docs/power-matrix.json: the cases with the operations that each calls, and for every mistake the cases that refuse
  it, by their places in that list;
- docs/power-matrix.md: the same for people, and what each clause is needed for.

Exits with 1 where a clause could be left out. benchmarks/additions.py measures only what was added since.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from checks import stored_check
from mistaken_reference import refusals
from power_page import CLAUSES, Power, clause_of, page

from nnspec.mistakes import catalogue
from nnspec.report.record import Record
from nnspec.suite.order import is_quick

ROOT = Path(__file__).parent.parent
MATRIX, PAGE = ROOT / "docs" / "power-matrix.json", ROOT / "docs" / "power-matrix.md"
PROVENANCE = {
    "command": "python benchmarks/power_matrix.py",
    "numpy": np.__version__,
    "python": platform.python_version(),
    "machine": platform.machine(),
}

#: How many mistakes are tried to find one that a clause refuses even if the reference makes it too.
CANDIDATES = 5
#: The operations of a case that makes no calls itself: it uses a run that several cases share.
WHOLE_RUN = {"train"}


def measured(folder: Path, processes: int) -> Power:
    """Check every mistake of the catalogue; raises RuntimeError if the suite itself fails."""
    started = time.time()
    operations: dict[str, set[str]] = {}

    def checked_one(name: str) -> tuple[str, set[str]]:
        record, transcripts = stored_check(name, folder, every_case=True)
        check_refused_for_numbers(name, record)
        for result in record.results:
            operations.setdefault(result.case, set())
        for transcript in [*transcripts.passed, *transcripts.failed]:
            operations[transcript.case] |= {call.operation for call in transcript.calls}
        cases = {result.case for _, result in record.failures}
        print(f"{time.time() - started:5.0f} s  {name}: {len(cases)} cases", flush=True)
        return name, cases

    with ThreadPoolExecutor(processes) as pool:
        refused = dict(pool.map(checked_one, [mistake.__name__ for mistake in catalogue()]))
    power = Power(refused, {case: called or WHOLE_RUN for case, called in operations.items()})
    return replace(power, alike=refused_alike(power, CLAUSES))


def check_refused_for_numbers(name: str, record: Record) -> None:
    """Raise RuntimeError if a test failed for another reason than a wrong number."""
    if record.failed:
        raise RuntimeError(f"{name}: nnspec itself failed {record.failed}")
    for _, result in record.failures:
        if 'File "' in result.message:
            raise RuntimeError(f"{name} is refused, but not for its numbers: {result.message}")


def refused_alike(power: Power, among: Iterable[str]) -> dict[str, str]:
    """For those of these clauses that refuse nothing alone, a mistake that each does if the reference makes it too."""
    found = {}
    for clause in (clause for clause in among if not power.alone(clause)):
        asked = power.asked_of(power.fewest(clause))
        clauses = sorted(set(map(clause_of, asked)))
        for name in power.candidates(clause)[:CANDIDATES]:
            if set(map(clause_of, refusals(name, clauses) & asked)) == {clause}:
                found[clause] = name
                break
    return found


def stored(power: Power, provenance: Mapping[str, Any]) -> str:
    """The cases by name, what each calls, and for each mistake their places, as JSON."""
    cases = sorted(power.operations)
    place = {case: number for number, case in enumerate(cases)}
    mistakes = {name: ranges(sorted(place[case] for case in found)) for name, found in power.refused.items()}
    content = {
        "provenance": provenance,
        "cases": cases,
        "operations": [" ".join(sorted(power.operations[case])) for case in cases],
        "mistakes": mistakes,
        "alike": power.alike,
    }
    return json.dumps(content, indent=0, ensure_ascii=False) + "\n"


def read(text: str) -> tuple[Power, dict[str, Any]]:
    """What ``stored`` wrote, and its provenance."""
    content = json.loads(text)
    cases = content["cases"]
    refused = {name: {cases[place] for place in places(runs)} for name, runs in content["mistakes"].items()}
    operations = {
        case: set(called.split()) for case, called in zip(cases, content["operations"], strict=True)
    }
    return Power(refused, operations, content["alike"]), content["provenance"]


def places(runs: str) -> Iterator[int]:
    """The numbers that ``ranges`` wrote as ``0-4 7 9-20``."""
    for first, _, last in (run.partition("-") for run in runs.split()):
        yield from range(int(first), int(last or first) + 1)


def ranges(numbers: list[int]) -> str:
    """Numbers in ascending order as ``0-4 7 9-20``."""
    runs: list[list[int]] = []
    for place in numbers:
        if runs and runs[-1][1] == place - 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return " ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "nnspec-checks")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    power = measured(options.keep, options.processes)
    MATRIX.write_text(stored(power, PROVENANCE), encoding="utf-8")
    PAGE.write_text(page(power, PROVENANCE, set(filter(is_quick, power.operations))), encoding="utf-8")
    if power.needless:
        sys.exit(f"nothing shows what these are needed for: {', '.join(power.needless)}")


if __name__ == "__main__":
    main()
