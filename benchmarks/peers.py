"""Measure what gradient checks and the like let pass: the checks that people use instead of nnspec, by their own rules.

    python benchmarks/peers.py [--render]

Runs the checks of peer_checks.py on every mistake of the catalogue, as a whole program and as programs with few
operations, and on correct programs, which need NumPy, a C compiler and node. A check that the reference fails counts
for no mistake. Writes docs/peers.json and, from it, docs/peers.md; ``--render`` writes the page alone. Takes half an
hour.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from peer_cases import Check
from peer_checks import PARTS, PASSES, PEERS, changed, checks, outcomes, refusals, sound_checks
from peers_page import page
from power_matrix import MATRIX, PROVENANCE, read
from soundness import PROGRAMS

from nnspec.judging.subject import Subject
from nnspec.mistakes import catalogue
from nnspec.reach.transports import open_transport
from nnspec.reference import Reference

ROOT = Path(__file__).parent.parent
STORED, PAGE = ROOT / "docs" / "peers.json", ROOT / "docs" / "peers.md"
PARTIAL_POWER = ROOT / "docs" / "partial-power.md"
#: The correct programs: those of soundness.py that need no other package than NumPy, and the reference.
NEEDING_MORE = ("torch", "jax", "autograd", "numba")
CORRECT = [program for name, program in PROGRAMS.items() if not name.startswith(NEEDING_MORE)]


def measured() -> dict[str, Any]:
    """Everything that docs/peers.json holds."""
    sound = sound_checks()
    return {
        "provenance": {**PROVENANCE, "command": "python benchmarks/peers.py"},
        "checks": {peer: sum(check.peer == peer for check in checks()) for peer in PEERS},
        "nnspec": refused_by_nnspec(),
        "refused": dict(mistakes_refused(sound)),
        "correct": dict(correct_programs()),
    }


def mistakes_refused(sound: Mapping[Check, set[str]]) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """For each mistake and part, the peers that refuse it and how."""
    started = time.time()
    for mistake in catalogue():
        found = refusals(mistake, [check for check, way in sound.items() if way & changed(mistake)])
        whole = found["whole programs"]
        print(f"{time.time() - started:5.0f} s  {mistake.__name__}: {', '.join(whole) or '-'}", flush=True)
        yield mistake.__name__, found


def correct_programs() -> Iterator[tuple[str, dict[str, Any]]]:
    """For each correct program, its precision and, for each peer, the checks that fail and how many were made."""
    yield "reference", alarms("float64", outcomes(Reference))
    for program in CORRECT:
        transport = open_transport(program.options)
        try:
            subject = Subject(transport)
            found = outcomes(lambda: subject, program.precision)  # noqa: B023 (called within this pass)
            yield program.name, alarms(program.precision, found)
        finally:
            transport.close()
        print(program.name, flush=True)


def alarms(precision: str, ended: Mapping[Any, str]) -> dict[str, Any]:
    """What is stored of a correct program."""
    made = Counter(check.peer for check in ended)
    failed = {
        peer: [c.about for c, end in ended.items() if c.peer == peer and end != PASSES] for peer in PEERS
    }
    peers = {peer: {"made": made[peer], "failed": failed[peer]} for peer in PEERS}
    return {"precision": precision, "peers": peers}


def refused_by_nnspec() -> dict[str, int]:
    """How many mistakes nnspec refuses, by docs/power-matrix.json and docs/partial-power.md."""
    power, _ = read(MATRIX.read_text(encoding="utf-8"))
    whole = sum(bool(power.refused[mistake.__name__]) for mistake in catalogue())
    text = PARTIAL_POWER.read_text(encoding="utf-8")
    few = {part: rf"^\| {re.escape(part)} \| \d+ \| \d+ \| (\d+)" for part in PARTS}
    found = {part: re.search(pattern, text, re.MULTILINE) for part, pattern in few.items()}
    return {part: int(match[1]) if match else whole for part, match in found.items()}


def text_of(results: Mapping[str, Any]) -> str:
    """As JSON, with a line for each mistake and each correct program."""
    lines = [
        f"{json.dumps(key)}: {{\n{entries(value)}\n}}"
        if key in ("refused", "correct")
        else entries({key: value})
        for key, value in results.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def entries(results: Mapping[str, Any]) -> str:
    """A line for each entry."""
    return ",\n".join(
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in results.items()
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--render", action="store_true", help="write the page from docs/peers.json")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if not options.render:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            STORED.write_text(text_of(measured()), encoding="utf-8")
    PAGE.write_text(page(json.loads(STORED.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
