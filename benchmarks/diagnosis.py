"""Measure how often a diagnosis names the mistake that was made, and what it says where it cannot know it.

    python benchmarks/diagnosis.py [--keep FOLDER] [--quick] [--pairs | MISTAKE ...]

Every mistake of the catalogue, or every pair of them, is checked against the specification, or against its quick
tests, in this process's children; what came of it is kept in FOLDER and not made again. Then it is diagnosed twice:
with the whole catalogue, and without the mistake itself, or without both of a pair. Prints a line for each that is
not named first or is taken for another, and the totals. Of a pair both have to be named.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path

from checked import checked

from nnspec import mistakes
from nnspec.diagnosis.findings import Finding
from nnspec.diagnosis.inquiry import diagnose
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import PAIRS, Mistake, catalogue
from nnspec.reach.transports import InProcess


def main() -> None:
    """Check, diagnose, and tell."""
    warnings.simplefilter("ignore", RuntimeWarning)  # mistakes overflow, among other things
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="MISTAKE")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "nnspec-checks")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--pairs", action="store_true")
    told = parser.parse_args()
    chosen = [getattr(mistakes, name) for name in told.names] or (PAIRS if told.pairs else catalogue())
    refused = named = wrong = 0
    slowest = 0.0
    for mistake in chosen:
        made = mistake.__bases__ if mistake in PAIRS else (mistake,)
        _, transcripts = checked(mistake.__name__, told.keep, quick=told.quick)
        refused += bool(transcripts.failed)
        start = time.perf_counter()
        found = diagnosed(transcripts, mistake, catalogue())
        slowest = max(slowest, time.perf_counter() - start)
        instead = diagnosed(transcripts, mistake, [other for other in catalogue() if other not in made])
        right = are_named(made, found)
        named += right
        wrong += any(finding.mistakes for finding in instead)
        if not right or any(finding.mistakes for finding in instead):
            print(f"{mistake.__name__}: {words(found)}; without it: {words(instead)}", flush=True)
    print(
        f"{len(chosen)} programs, {refused} refused, what {named} make is named; another mistake was named for"
    )
    print(f"{wrong} of them without it; the longest diagnosis took {slowest:.2f} s")


def are_named(made: tuple[type, ...], found: list[Finding]) -> bool:
    """Whether the first finding names the mistake, or all together both of a pair and no other."""
    if len(made) == 1:
        return bool(found) and found[0].mistakes == made
    return {mistake for finding in found for mistake in finding.mistakes} == set(made)


def diagnosed(
    transcripts: Transcripts, mistake: type[Mistake], suspects: list[type[Mistake]]
) -> list[Finding]:
    """The findings; the mistake itself answers what is asked beside."""
    subject = Subject(InProcess(mistake(), mistake.__name__))
    return diagnose(transcripts, "float64", suspects, subject.call)


def words(found: list[Finding]) -> str:
    """What the findings say, in brief."""
    return ", ".join(map(in_brief, found)) or "nothing"


def in_brief(found: Finding) -> str:
    """What a finding says, in brief."""
    names = " and ".join(mistake.__name__ for mistake in found.mistakes)
    return names or found.relation or ("unexplained" if found.operation else "time was up")


if __name__ == "__main__":
    main()
