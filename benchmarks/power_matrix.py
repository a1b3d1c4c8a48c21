"""Measure which case of the specification refuses which mistake.

    python benchmarks/power_matrix.py [--keep FOLDER] [--processes N]

Checks every mistake of the catalogue against every case; FOLDER keeps the checks, so that none is made twice. Writes

- docs/power-matrix.json: the cases, and for every mistake those that refuse it, by their places in that list;
- docs/power-matrix.md: the same for people, and what each clause is needed for.

Exits with 1 where a clause could be left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from checks import stored_check
from mistaken_reference import refusals
from power_page import CLAUSES, Power, clause_of, page

from nnspec.mistakes import catalogue

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
        record, transcripts = stored_check(name, folder)
        for _, result in record.failures:
            if "nnspec itself failed" in result.message or 'File "' in result.message:
                raise RuntimeError(f"{name} is refused, but not for its numbers: {result.message}")
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
    return replace(power, alike=refused_alike(power))


def refused_alike(power: Power) -> dict[str, str]:
    """For clauses that refuse nothing alone, a mistake that each does where the reference makes it too."""
    found = {}
    for clause in (clause for clause in CLAUSES if not power.alone(clause)):
        asked = power.asked_of(power.fewest(clause))
        clauses = sorted(set(map(clause_of, asked)))
        for name in power.candidates(clause)[:CANDIDATES]:
            if set(map(clause_of, refusals(name, clauses) & asked)) == {clause}:
                found[clause] = name
                break
    return found


def stored(power: Power) -> str:
    """The cases by name, and for each mistake their places, as JSON."""
    cases = sorted(power.operations)
    places = {case: place for place, case in enumerate(cases)}
    mistakes = {name: ranges(sorted(places[case] for case in found)) for name, found in power.refused.items()}
    told = {"provenance": PROVENANCE, "cases": cases, "mistakes": mistakes}
    return json.dumps(told, indent=0, ensure_ascii=False) + "\n"


def ranges(places: list[int]) -> str:
    """Numbers in ascending order as ``0-4 7 9-20``."""
    runs: list[list[int]] = []
    for place in places:
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
    told = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    power = measured(told.keep, told.processes)
    MATRIX.write_text(stored(power), encoding="utf-8")
    PAGE.write_text(page(power, PROVENANCE), encoding="utf-8")
    if power.needless:
        sys.exit(f"nothing shows what these are needed for: {', '.join(power.needless)}")


if __name__ == "__main__":
    main()
