"""Measure how often a diagnosis names the mistake that was made, and what it says where it cannot know it.

    python benchmarks/diagnosis.py [--keep FOLDER] [--quick] [MISTAKE ...]

Every mistake of the catalogue is checked against the specification, or against its quick tests, in this process's
children; what the tests asked is kept as FOLDER/MISTAKE.pickle, and not asked again. Then it is diagnosed twice: with
the whole catalogue, and without the mistake itself. Prints a line for each mistake that is not named first or is
taken for another, and the totals.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from nnspec import mistakes
from nnspec.diagnosis.findings import Finding, diagnose
from nnspec.diagnosis.transcript import Transcripts
from nnspec.mistakes import Mistake, catalogue
from nnspec.subject import Subject
from nnspec.transports import InProcess


def main() -> None:
    """Check, diagnose, and tell."""
    warnings.simplefilter("ignore", RuntimeWarning)  # mistakes overflow, among other things
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="MISTAKE")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "nnspec-transcripts")
    parser.add_argument("--quick", action="store_true")
    told = parser.parse_args()
    told.keep.mkdir(parents=True, exist_ok=True)
    chosen = [getattr(mistakes, name) for name in told.names] or catalogue()
    refused = named = wrong = 0
    slowest = 0.0
    for mistake in chosen:
        transcripts = asked(mistake, told.keep, told.quick)
        refused += bool(transcripts.failed)
        start = time.perf_counter()
        found = first(diagnosed(transcripts, mistake, catalogue()))
        slowest = max(slowest, time.perf_counter() - start)
        others = [other for other in catalogue() if other is not mistake]
        instead = first(diagnosed(transcripts, mistake, others))
        named += found.mistakes == (mistake,)
        wrong += bool(instead.mistakes)
        if found.mistakes != (mistake,) or instead.mistakes:
            print(f"{mistake.__name__}: {words(found)}; without it: {words(instead)}", flush=True)
    print(
        f"{len(chosen)} mistakes, {refused} refused, {named} named first; another was named for {wrong} of them"
    )
    print(f"without them; the longest diagnosis took {slowest:.2f} s")


def asked(mistake: type[Mistake], folder: Path, quick: bool) -> Transcripts:
    """What the tests ask a program with this mistake."""
    path = folder / f"{mistake.__name__}{'-quick' if quick else ''}.pickle"
    if not path.exists():
        plugins = ["-p", "nnspec.pytest_plugin", "-p", "transcripts", "--pyargs", "nnspec.spec_tests"]
        target = ["--implementation", f"nnspec.mistakes:{mistake.__name__}", "--in-process"]
        isolated = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--tb=no", "-q"]
        environment = {
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(Path(__file__).parent),
            "TRANSCRIPTS": str(path),
        }
        words = [*isolated, *plugins, *target, *(["--quick"] if quick else [])]
        subprocess.run(
            [sys.executable, "-m", "pytest", *words], env=environment, check=False, capture_output=True
        )
    transcripts: Transcripts = pickle.loads(path.read_bytes())
    return transcripts


def diagnosed(
    transcripts: Transcripts, mistake: type[Mistake], suspects: list[type[Mistake]]
) -> list[Finding]:
    """The findings; the mistake itself answers what is asked beside."""
    subject = Subject(InProcess(mistake(), mistake.__name__))
    return diagnose(transcripts, "float64", suspects, subject.call)


def first(found: list[Finding]) -> Finding:
    """The first finding, or one that says nothing."""
    return found[0] if found else Finding("", [])


def words(found: Finding) -> str:
    """What a finding says, in brief."""
    names = " and ".join(mistake.__name__ for mistake in found.mistakes)
    return names or found.relation or "unexplained"


if __name__ == "__main__":
    main()
