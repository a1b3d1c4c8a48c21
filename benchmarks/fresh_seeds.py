"""Check the reference, in float64 and in float32, with the inputs of many seeds; say how many tests failed.

python benchmarks/fresh_seeds.py [--seeds 1000]

Every test that draws its inputs is run for every seed, as ``nnspec check --seed N`` runs it; the others, which have the
same inputs whatever the seed, are not run again. The chapter outcomes, whose chance of refusing a correct program is
computed (tests/test_fits.py), is left out, or with ``--outcomes`` run alone. Both programs are called in this process.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from nnspec.record import FAILURES, PASSED, Record

SINGLE = Path(__file__).parent.parent / "tests" / "miniatures" / "single_precision.py"
TARGETS = {"float64": "reference", "float32": str(SINGLE)}


class DrawingTests:
    """Leaves the tests that draw their inputs: those of the chapter outcomes, or all others."""

    def __init__(self, outcomes: bool) -> None:
        """Which of the two."""
        self.outcomes = outcomes

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Before the run plans them."""
        items[:] = [
            item
            for item in items
            if "random" in getattr(item, "fixturenames", [])
            and ("test_outcomes" in item.nodeid) == self.outcomes
        ]


def checked(task: tuple[str, int, bool]) -> Counter[str]:
    """How many tests ended in each way for one precision and seed; every failure is printed."""
    precision, seed, outcomes = task
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = Path(folder) / "record.jsonl"
        told = ["--implementation", TARGETS[precision], "--in-process", "--seed", str(seed)]
        quiet = [
            "-q",
            "--no-header",
            "--no-summary",
            "-p",
            "no:cacheprovider",
            "--noconftest",
            "-c",
            "/dev/null",
        ]
        suite = ["--pyargs", "nnspec.spec_tests", "--nnspec-record", str(path)]
        pytest.main([*told, *quiet, *suite], plugins=[DrawingTests(outcomes)])
        record = Record.read(path)
    for planned, result in record.failures:
        print(f"{precision} --seed {seed} {planned.case}\n{result.message}", flush=True)
    return record.counts


def main() -> None:
    """Check and count."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--outcomes", action="store_true")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    started = time.time()
    with multiprocessing.Pool() as pool:
        for precision in TARGETS:
            counts: Counter[str] = Counter()
            for told in pool.imap_unordered(checked, [(precision, seed, options.outcomes) for seed in seeds]):
                counts += told
            failed = sum(counts[outcome] for outcome in FAILURES)
            print(
                f"{precision}: {len(seeds)} seeds, {counts[PASSED]} tests passed, {failed} failed"
                f" ({time.time() - started:.0f} s)",
                flush=True,
            )


if __name__ == "__main__":
    main()
