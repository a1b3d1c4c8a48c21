"""Measure which case of the specification refuses which mistake.

    python benchmarks/power_matrix.py [--longest SECONDS] [--cheapest N] [--missing | --render | MISTAKE ...]

Every mistake of the catalogue is checked against every case, or against those that took the reference no longer
than ``--longest``, or of each clause against the N cheapest. Mistakes that are named, or with ``--missing`` those
that the file lacks, are measured anew and the others kept. ``--render`` measures nothing. Writes

- golden/power.json: for every case the seconds that it takes the reference, in this process and not over a pipe
  (the least of three runs); for every mistake the cases that refuse it, by their places in that list;
- docs/power-matrix.md: the same for people.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnspec.check import check
from nnspec.mistakes import Mistake, catalogue
from nnspec.options import Options
from nnspec.order import is_quick
from nnspec.record import CHAPTERS, Record
from nnspec.specification import entries

ROOT = Path(__file__).parent.parent
POWER, PAGE = ROOT / "golden" / "power.json", ROOT / "docs" / "power-matrix.md"
#: Times that the reference is timed.
TIMINGS = 3


@dataclass
class Power:
    """seconds: what each case takes the reference; refused: for each mistake, the cases that refuse it."""

    seconds: dict[str, float]
    refused: dict[str, set[str]]
    provenance: dict[str, Any]

    @classmethod
    def read(cls) -> Power:
        """As it is stored, without mistakes and cases that there are no more."""
        stored = json.loads(POWER.read_text(encoding="utf-8"))
        cases = list(stored["cases"])
        names = {mistake.__name__ for mistake in catalogue()}
        refused = {
            name: {cases[place] for place in spread(told)} for name, told in stored["mistakes"].items()
        }
        return cls(stored["cases"], {n: c for n, c in refused.items() if n in names}, stored["provenance"])

    def write(self) -> None:
        """The cases by name, and for each mistake their places."""
        places = {case: place for place, case in enumerate(self.seconds)}
        stored = {
            "provenance": self.provenance,
            "cases": self.seconds,
            "mistakes": {
                mistake.__name__: ranges(
                    sorted(places[case] for case in self.refused[mistake.__name__] & set(places))
                )
                for mistake in catalogue()
                if mistake.__name__ in self.refused
            },
        }
        POWER.write_text(json.dumps(stored, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")

    @property
    def tried(self) -> list[str]:
        """The cases that the mistakes were checked against."""
        longest, cheapest = self.provenance["longest"], self.provenance["cheapest"]
        tried: list[str] = []
        of_clause: Counter[str] = Counter()
        for case, seconds in sorted(self.seconds.items(), key=lambda told: told[1]):
            of_clause[clause_of(case)] += 1
            if not (longest and seconds > longest) and not (
                cheapest and of_clause[clause_of(case)] > cheapest
            ):
                tried.append(case)
        return tried

    def clauses(self, mistake: str) -> Counter[str]:
        """The clauses that refuse a mistake, and with how many cases."""
        return Counter(clause_of(case) for case in self.refused[mistake])


def ranges(places: list[int]) -> str:
    """Numbers in ascending order as ``0-4 7 9-20``."""
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return " ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def spread(told: str) -> Iterator[int]:
    """The numbers that ``ranges`` wrote."""
    for run in told.split():
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)


def clause_of(case: str) -> str:
    """The clause that a case belongs to."""
    return case.partition(":")[0]


# ---- measuring ----


def run(target: str, cases: Iterable[str] = ()) -> Record:
    """A check in one process, of these cases or of all."""
    record = check(Options(target=target, in_process=True, select=tuple(cases)), lambda _: None)
    if not record.finished or record.errors or record.unreachable:
        raise RuntimeError(f"{target}: {record.errors} {record.unreachable}")
    return record


def timed() -> dict[str, float]:
    """The seconds of each case, the least of several runs of the reference."""
    runs = [run("reference") for _ in range(TIMINGS)]
    if runs[0].exit_code:
        raise RuntimeError(f"the reference does not conform: {runs[0].reasons}")
    seconds = [{result.case: result.seconds for result in each.results} for each in runs]
    return {case: min(each[case] for each in seconds) for case in seconds[0]}


def refusing(name: str, cases: Iterable[str]) -> set[str]:
    """The cases that refuse a mistake; raises RuntimeError where the suite itself fails."""
    failures = run(f"nnspec.mistakes:{name}", cases).failures
    for _, result in failures:
        if "nnspec itself failed" in result.message:
            raise RuntimeError(f"{name}, {result.case}: {result.message}")
        if 'File "' in result.message:  # it should have given wrong numbers
            print(f"{name} raises in {result.case}:\n{result.message}", flush=True)
    return {result.case for _, result in failures}


def measure(power: Power, names: list[str], processes: int) -> None:
    """Check these mistakes, and keep what is known after each."""
    started = time.time()

    def one(name: str) -> None:
        power.refused[name] = refusing(name, power.tried)
        print(f"{time.time() - started:5.0f} s  {name}: {len(power.refused[name])} cases", flush=True)

    with ThreadPoolExecutor(processes) as pool:
        for _ in pool.map(one, names):
            power.write()


# ---- the page ----


def page(power: Power) -> str:
    """The matrix as lists: what each clause refuses alone, and what refuses each mistake."""
    mistakes = [mistake for mistake in catalogue() if mistake.__name__ in power.refused]
    quick = {case for case in power.seconds if is_quick(case)}
    caught = sum(bool(power.refused[mistake.__name__] & quick) for mistake in mistakes)
    seconds = sum(power.seconds[case] for case in quick)
    told = power.provenance
    return "\n".join(
        [
            "# What catches what",
            "",
            f"Measured by `{told['command']}` with NumPy {told['numpy']} on Python {told['python']}, "
            f"{told['machine']}: {len(mistakes)} mistakes against {len(power.tried)} cases of "
            f"{len(clauses_of(power))} clauses{left_out(told)}. A mistake is the reference with one thing wrong "
            "(`nnspec.mistakes`); a clause refuses it where one of its cases fails. golden/power.json has the cases.",
            "",
            f"`nnspec check --quick` runs {len(quick)} of the cases, {seconds:.1f} s of the reference's time. "
            f"They refuse {caught} of the mistakes.",
            *section("Mistakes that one clause alone refuses", alone(power, mistakes)),
            *section("What each clause refuses", by_clause(power, mistakes)),
            *section("What refuses each mistake", by_mistake(power, mistakes)),
            "",
        ]
    )


def section(title: str, lines: Iterable[str]) -> list[str]:
    """A heading and what stands under it."""
    return ["", f"## {title}", "", *lines]


def left_out(provenance: dict[str, Any]) -> str:
    """What to say of cases that were too long to be run on every mistake."""
    longest, cheapest = provenance["longest"], provenance["cheapest"]
    told = f", of each clause the {cheapest} cheapest" if cheapest else ""
    return told + (f", those aside that take the reference longer than {longest:g} s" if longest else "")


def clauses_of(power: Power) -> list[str]:
    """The clauses with a case that was tried, in the specification's order."""
    tried = {clause_of(case) for case in power.tried}
    return [entry.clause.id for entry in entries() if entry.clause.id in tried]


def alone(power: Power, mistakes: list[type[Mistake]]) -> Iterator[str]:
    """For each clause with any, the mistakes that no other refuses."""
    for clause in clauses_of(power):
        only = [m.__name__ for m in mistakes if set(power.clauses(m.__name__)) == {clause}]
        if only:
            yield f"- `{clause}`: {', '.join(only)}"


def by_clause(power: Power, mistakes: list[type[Mistake]]) -> Iterator[str]:
    """How many mistakes each clause refuses, and those that name it."""
    yield "| clause | refuses | which of them name it |"
    yield "|---|---|---|"
    for clause in clauses_of(power):
        count = sum(clause in power.clauses(m.__name__) for m in mistakes)
        yield f"| `{clause}` | {count} | {', '.join(m.__name__ for m in mistakes if m.clause == clause)} |"


def by_mistake(power: Power, mistakes: list[type[Mistake]]) -> Iterator[str]:
    """The clauses that refuse each mistake, chapter by chapter; the one that it names comes in bold."""
    for mistake in mistakes:
        found = set(power.clauses(mistake.__name__))
        chapters = [
            named(mistake, chapter, [c for c in clauses_of(power) if c in found]) for chapter in CHAPTERS
        ]
        yield f"- **{mistake.__name__}**: {mistake.__doc__}"
        yield f"  {'; '.join(filter(None, chapters)) or 'Refused by none of these cases'}."


def named(mistake: type[Mistake], chapter: str, clauses: list[str]) -> str:
    """The clauses of one chapter, ``gradients: scores, **penalty**``; nothing where there are none."""
    here = [clause for clause in clauses if clause.partition(".")[0] == chapter]
    short = [clause.partition(".")[2] for clause in here]
    bold = [
        f"**{name}**" if clause == mistake.clause else name for clause, name in zip(here, short, strict=True)
    ]
    return f"{chapter}: {', '.join(bold)}" if bold else ""


# ---- the command ----


def arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--longest", type=float, default=0.0, metavar="SECONDS", help="0 for any (the default)"
    )
    parser.add_argument(
        "--cheapest", type=int, default=0, metavar="N", help="of each clause only so many cases; 0 for all"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--missing", action="store_true", help="only mistakes that golden/power.json lacks")
    parser.add_argument("--render", action="store_true", help="the page from golden/power.json as it is")
    parser.add_argument("mistakes", nargs="*", metavar="MISTAKE")
    return parser.parse_args()


def main() -> None:
    """Measure and write."""
    told = arguments()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    names = [mistake.__name__ for mistake in catalogue()]
    if told.render or told.missing or told.mistakes:
        power = Power.read()
        missing = [name for name in names if name not in power.refused]
        names = [] if told.render else told.mistakes or missing
    else:
        provenance = {
            "command": "python benchmarks/power_matrix.py"
            + (f" --longest {told.longest:g}" if told.longest else "")
            + (f" --cheapest {told.cheapest}" if told.cheapest else ""),
            "cheapest": told.cheapest,
            "longest": told.longest,
            "numpy": np.__version__,
            "python": platform.python_version(),
            "machine": platform.machine(),
        }
        power = Power(timed(), {}, provenance)
    measure(power, names, told.processes)
    power.write()
    PAGE.write_text(page(power), encoding="utf-8")


if __name__ == "__main__":
    main()
