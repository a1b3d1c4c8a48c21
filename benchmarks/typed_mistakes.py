"""Measure how often a mistake is named in a program that shares no code with the reference.

    python benchmarks/typed_mistakes.py [--quick]

Puts the slips of slips.py into their implementations, one at a time, and checks each result with ``nnspec check``.
Prints a line for each slip, with the names in the verdict, and the totals.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from slips import SLIPS, Slip

from nnspec.reach.options import Options
from nnspec.report.record import Record
from nnspec.suite.check import check

IMPLEMENTATIONS = Path(__file__).parent.parent / "implementations"


def main() -> None:
    """Change, check and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    for folder, slips in SLIPS.items():
        outcomes: Counter[str] = Counter()
        for slip in slips:
            record = check_slip(folder, slip, quick=options.quick)
            outcome = outcome_of(record, slip)
            outcomes[outcome] += 1
            mistakes = " and ".join(slip.mistakes) or "a mistake that is not in the catalogue"
            print(f"{folder}, {mistakes}: {outcome} ({brief(record)})", flush=True)
        print(f"{folder}: {len(slips)} slips, {dict(outcomes)}", flush=True)


def source_with_slip(folder: str, slip: Slip) -> str:
    """The implementation's source with the slip; raises ValueError unless it has just one place for it."""
    source = (IMPLEMENTATIONS / folder / "adapter.py").read_text(encoding="utf-8")
    if source.count(slip.right) != 1:
        raise ValueError(f"{folder}: expected {slip.right!r} once, found it {source.count(slip.right)} times")
    return source.replace(slip.right, slip.wrong)


def check_slip(folder: str, slip: Slip, *, quick: bool) -> Record:
    """The record of a check of the implementation with the slip."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "adapter.py"
        path.write_text(source_with_slip(folder, slip), encoding="utf-8")
        return check(Options(target=str(path), quick=quick, strict=True), lambda _: None)


def outcome_of(record: Record, slip: Slip) -> str:
    """Whether the verdict names the mistake, in a few words."""
    names = {name for finding in record.findings for name in finding.names}
    if not record.failures:
        return "accepted"
    if names - set(slip.mistakes):
        return "another mistake named"
    if names:
        return "named" if names == set(slip.mistakes) else "named in part"
    return "a relation" if any(finding.wrong for finding in record.findings) else "unexplained"


def brief(record: Record) -> str:
    """The mistakes and relations that the verdict names."""
    findings = [" and ".join(finding.names) or " ".join(finding.wrong) for finding in record.findings]
    return ", ".join(filter(None, findings)) or "nothing"


if __name__ == "__main__":
    main()
