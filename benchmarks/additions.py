"""Measure only what was added, and put it into golden/order.json and docs/power-matrix.*.

    python benchmarks/additions.py NAME ... [--processes N]

A NAME is a clause or a mistake. Every mistake of the catalogue is checked against the clauses that are named, and the
mistakes that are named against every clause. All else stays as it was measured; what no longer exists goes. A change
of golden/order.json is written to changelog.d/, as tests/ensemble/test_golden.py asks. Before a release
benchmarks/order.py and benchmarks/power_matrix.py measure everything anew.

Exits with 1 if anything that was added is not named, or if a clause could be left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from checks import stored_check
from every_mistake import check, split_case
from order import LEAST, ORDER, QUICK_CASE, Cases, collect, write
from power_matrix import (
    MATRIX,
    PAGE,
    ROOT,
    WHOLE_RUN,
    check_refused_for_numbers,
    read,
    refused_alike,
    stored,
)
from power_page import CLAUSES, Power, clause_of, page, statement

from nnspec.mistakes import catalogue

MISTAKES = {mistake.__name__: mistake for mistake in catalogue()}
MADE_BY = f"NumPy {np.__version__}, Python {platform.python_version()}, {platform.machine()}"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    for name in options.names:
        if name not in (*CLAUSES, *MISTAKES):
            parser.error(f"no clause or mistake named {name} is installed: after a change, pip install .")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    clauses = [name for name in options.names if name in CLAUSES]
    mistakes = [name for name in options.names if name in MISTAKES]
    cases = collect()
    old, provenance = read(MATRIX.read_text(encoding="utf-8"))
    refuse_unnamed(options.names, cases, old)
    later = {**provenance.pop("later", {}), **dict.fromkeys(options.names, MADE_BY)}
    later = {name: by for name, by in later.items() if name in (*CLAUSES, *MISTAKES)}

    with tempfile.TemporaryDirectory() as folder:
        seconds, operations = by_the_reference(clauses, Path(folder))
        refused = by_mistakes(mistakes, Path(folder), options.processes)
    power = merge(old, cases, clauses, operations, refused)
    power = with_alike(power, clauses)
    entries = put_in_order(clauses, mistakes, cases, seconds, power)
    change_order(entries, later, options.names)
    provenance = {**provenance, **({"later": later} if later else {})}
    MATRIX.write_text(stored(power, provenance), encoding="utf-8")
    quick = {entry["case"] for entry in entries if entry["quick"]}
    PAGE.write_text(page(power, provenance, quick), encoding="utf-8")
    if power.needless:
        sys.exit(f"nothing shows what these are needed for: {', '.join(power.needless)}")


def refuse_unnamed(names: Iterable[str], cases: Cases, old: Power) -> None:
    """Exit if something was added that is not named."""
    clauses = {clause_of(case) for case in cases.all - old.operations.keys()}
    missing = sorted({*clauses, *(MISTAKES.keys() - old.refused.keys())} - set(names))
    if missing:
        sys.exit(f"these were added too: name {' '.join(missing)}")


# ---- measuring ----


def by_the_reference(clauses: list[str], folder: Path) -> tuple[dict[str, float], dict[str, set[str]]]:
    """The seconds and the operations of each case of these clauses."""
    if not clauses:
        return {}, {}
    record, transcripts = stored_check(
        "Mistake", folder, select=clauses
    )  # the reference, with no mistake in it
    if record.failures:
        sys.exit(f"the reference does not conform: {', '.join(case.case for case, _ in record.failures)}")
    operations: dict[str, set[str]] = {result.case: set() for result in record.results}
    for transcript in transcripts.passed:
        operations[transcript.case] |= {call.operation for call in transcript.calls}
    seconds = {result.case: max(LEAST, result.seconds) for result in record.results}
    return seconds, {case: called or WHOLE_RUN for case, called in operations.items()}


def by_mistakes(names: list[str], folder: Path, processes: int) -> dict[str, set[str]]:
    """For each of these mistakes, the cases that refuse it."""

    def refusing(name: str) -> set[str]:
        record, _ = stored_check(name, folder, every_case=True)
        check_refused_for_numbers(name, record)
        return {result.case for _, result in record.failures}

    with ThreadPoolExecutor(processes) as pool:
        return dict(zip(names, pool.map(refusing, names), strict=True))


def by_clauses(clauses: list[str]) -> dict[str, set[str]]:
    """For each mistake of the catalogue, the cases of these clauses that refuse it."""
    refused: dict[str, set[str]] = {name: set() for name in MISTAKES}
    if clauses:
        record = check(clauses)
        check_refused_for_numbers("a mistake", record)
        for _, result in record.failures:
            case, name = split_case(result.case)
            refused[name].add(case)
    return refused


# ---- putting in ----


def merge(
    old: Power,
    cases: Cases,
    clauses: list[str],
    operations: Mapping[str, set[str]],
    refused: Mapping[str, set[str]],
) -> Power:
    """The old measurement of what still exists, and the new one."""
    here = by_clauses(clauses)
    kept = {
        case: called
        for case, called in old.operations.items()
        if case in cases.all and clause_of(case) not in clauses
    }
    return Power(
        {
            name: (refused[name] if name in refused else old.refused[name] & kept.keys()) | here[name]
            for name in MISTAKES
        },
        {**kept, **operations},
        old.alike,
    )


def with_alike(power: Power, clauses: list[str]) -> Power:
    """With a mistake for each clause that refuses nothing alone, tried again if these clauses may refuse it too.

    A clause that refused a mistake alone until now is tried too, unless it alone covers a statement.
    """
    new = {case for case in power.operations if clause_of(case) in clauses}
    kept = {
        clause: name
        for clause, name in power.alike.items()
        if clause in CLAUSES and name in MISTAKES and not new & power.asked_of(power.fewest(clause))
    }
    bare = Power(power.refused, power.operations)
    unsure = {*power.alike, *(clause for clause in CLAUSES if not statement(clause))} - kept.keys()
    found = {**kept, **refused_alike(bare, [clause for clause in CLAUSES if clause in unsure])}
    return Power(
        power.refused, power.operations, {clause: found[clause] for clause in CLAUSES if clause in found}
    )


def put_in_order(
    clauses: list[str], mistakes: list[str], cases: Cases, seconds: Mapping[str, float], power: Power
) -> list[dict[str, Any]]:
    """The cases of golden/order.json: what was added comes where it belongs by its cost.

    If no quick case refuses a mistake, or belongs to a clause, then its cheapest comes last of the quick ones.
    """
    old = [
        entry
        for entry in json.loads(ORDER.read_text(encoding="utf-8"))["cases"]
        if entry["case"] in cases.all
    ]
    cost = {**{entry["case"]: entry["seconds"] for entry in old}, **seconds}
    quick = dict.fromkeys(entry["case"] for entry in old if entry["quick"])
    own = [
        {case for case in power.refused[name] if clause_of(case) == MISTAKES[name].clause}
        for name in mistakes
    ]
    for needed in [*own, *({case for case in cost if clause_of(case) == clause} for clause in clauses)]:
        cheap = [case for case in needed - cases.of_whole_runs if cost[case] <= QUICK_CASE]
        if cheap and quick.keys().isdisjoint(needed):
            quick[min(cheap, key=lambda case: (cost[case], case))] = None
    by_cost = sorted(cost, key=lambda case: (case in cases.of_whole_runs, cost[case], case))
    return [
        {"case": case, "seconds": cost[case], "quick": case in quick}
        for case in dict.fromkeys([*quick, *by_cost])
    ]


def change_order(entries: list[dict[str, Any]], later: Mapping[str, str], names: list[str]) -> None:
    """Write golden/order.json if that changes it, and an entry for the changelog."""
    content = json.loads(ORDER.read_text(encoding="utf-8"))
    if entries == content["cases"]:
        return
    write(entries, {**content["provenance"], "later": later})
    digest = hashlib.sha256(ORDER.read_bytes()).hexdigest()[:12]
    fragment = ROOT / "changelog.d" / f"+{names[0].replace('.', '-') if names else 'order'}.golden.md"
    why = f"has a place for {', '.join(f'`{name}`' for name in names)}" if names else "lacks what is gone"
    fragment.write_text(f"`order.json {digest}` {why}.\n", encoding="utf-8")
    print(f"golden/order.json has changed; {fragment.relative_to(ROOT)} says why")


if __name__ == "__main__":
    main()
