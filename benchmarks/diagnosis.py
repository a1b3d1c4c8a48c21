"""Measure how often a diagnosis names the right mistake, and what it reports if it cannot know the mistake.

    python benchmarks/diagnosis.py [--keep FOLDER] [--quick] [--pairs | MISTAKE ...]

Checks every mistake of the catalogue, or every pair of mistakes, by all tests or by the quick ones, in child processes.
The results are stored in FOLDER and reused. Each check is diagnosed twice: with the whole catalogue, and without the
mistake itself, or without both of a pair. Prints a line for each mistake that is not named first, or for which another
is named without it, and the totals. Of a pair, both mistakes must be named.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path

from checks import stored_check

from nnspec import mistakes
from nnspec.diagnosis.findings import Finding
from nnspec.diagnosis.inquiry import diagnose
from nnspec.judging.subject import Subject
from nnspec.judging.transcript import Transcripts
from nnspec.mistakes import PAIRS, Mistake, catalogue
from nnspec.reach.transports import InProcess


def main() -> None:
    """Check, diagnose and print."""
    warnings.simplefilter("ignore", RuntimeWarning)  # mistakes overflow, and worse
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="MISTAKE")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "nnspec-checks")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--pairs", action="store_true")
    options = parser.parse_args()
    programs = [getattr(mistakes, name) for name in options.names] or (
        PAIRS if options.pairs else catalogue()
    )
    refused = named = misnamed = 0
    slowest = 0.0
    for mistake in programs:
        parts = mistake.__bases__ if mistake in PAIRS else (mistake,)
        _, transcripts = stored_check(mistake.__name__, options.keep, quick=options.quick)
        refused += bool(transcripts.failed)
        start = time.perf_counter()
        findings = diagnose_check(transcripts, mistake, catalogue())
        slowest = max(slowest, time.perf_counter() - start)
        others = [other for other in catalogue() if other not in parts]
        without_it = diagnose_check(transcripts, mistake, others)
        is_right = are_named(parts, findings)
        is_misnamed = any(finding.mistakes for finding in without_it)
        named += is_right
        misnamed += is_misnamed
        if not is_right or is_misnamed:
            print(f"{mistake.__name__}: {summary(findings)}; without it: {summary(without_it)}", flush=True)
    print(
        f"{len(programs)} programs, {refused} refused, {named} named; without the mistake itself, another was"
    )
    print(f"named for {misnamed}; the longest diagnosis took {slowest:.2f} s")


def are_named(mistakes: tuple[type, ...], findings: list[Finding]) -> bool:
    """Whether the first finding names the single mistake, or all findings together just the two of a pair."""
    if len(mistakes) == 1:
        return bool(findings) and findings[0].mistakes == mistakes
    return {mistake for finding in findings for mistake in finding.mistakes} == set(mistakes)


def diagnose_check(
    transcripts: Transcripts, mistake: type[Mistake], suspects: list[type[Mistake]]
) -> list[Finding]:
    """The findings; the mistake itself answers further calls."""
    subject = Subject(InProcess(mistake(), mistake.__name__))
    return diagnose(transcripts, "float64", suspects, subject.call)


def summary(findings: list[Finding]) -> str:
    """The findings in brief."""
    return ", ".join(map(brief, findings)) or "nothing"


def brief(finding: Finding) -> str:
    """A finding in brief."""
    names = " and ".join(mistake.__name__ for mistake in finding.mistakes)
    return names or finding.relation or ("unexplained" if finding.operation else "time was up")


if __name__ == "__main__":
    main()
