"""Measure how often a mistake is named in a program that is not built on the reference.

    python benchmarks/typed_mistakes.py [--quick]

Types every slip of slips.py into its implementation, one at a time, and checks what comes of it with ``nnspec check``.
Prints a line for each, with what the verdict names, and the totals.
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
    """Type, check, and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    told = parser.parse_args()
    for folder, slips in SLIPS.items():
        outcomes: Counter[str] = Counter()
        for slip in slips:
            record = checked(folder, slip, quick=told.quick)
            outcome = outcome_of(record, slip)
            outcomes[outcome] += 1
            made = " and ".join(slip.named) or "a mistake that the catalogue has not"
            print(f"{folder}, {made}: {outcome} ({in_brief(record)})", flush=True)
        print(f"{folder}: {len(slips)} slips, {dict(outcomes)}", flush=True)


def typed(folder: str, slip: Slip) -> str:
    """The implementation's source with the slip; raises ValueError where it has no place, or several."""
    source = (IMPLEMENTATIONS / folder / "adapter.py").read_text(encoding="utf-8")
    if source.count(slip.right) != 1:
        raise ValueError(f"{folder} has {source.count(slip.right)} times {slip.right!r}")
    return source.replace(slip.right, slip.new)


def checked(folder: str, slip: Slip, *, quick: bool) -> Record:
    """The record of its check."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "adapter.py"
        path.write_text(typed(folder, slip), encoding="utf-8")
        return check(Options(target=str(path), quick=quick), lambda _: None)


def outcome_of(record: Record, slip: Slip) -> str:
    """What came of it, in a word."""
    names = {name for found in record.findings for name in found.names}
    if not record.failures:
        return "accepted"
    if names - set(slip.named):
        return "another mistake named"
    if names:
        return "named" if names == set(slip.named) else "named in part"
    return "a relation" if any(found.wrong for found in record.findings) else "unexplained"


def in_brief(record: Record) -> str:
    """What the verdict names or tells."""
    told = [" and ".join(found.names) or " ".join(found.wrong) for found in record.findings]
    return ", ".join(filter(None, told)) or "nothing"


if __name__ == "__main__":
    main()
