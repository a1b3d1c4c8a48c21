"""Check the reference, in float64 and in float32, with the inputs of many seeds; say how many tests failed.

python benchmarks/fresh_seeds.py [--seeds 1000] [--outcomes]

Every test that draws its inputs is run with those that ``nnspec check --seed N`` has, N from 1 on, in one session and
in this process; the others have the same inputs whatever the seed. The chapter outcomes, whose chance of refusing a
correct program is computed (tests/test_fits.py), is left out, or with ``--outcomes`` run alone. A process a precision.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from pathlib import Path

import pytest

from nnspec.contract.errors import NoAnswer
from nnspec.suite.fixtures import drawn
from nnspec.suite.plan import case_of

SINGLE = Path(__file__).parent.parent / "tests" / "miniatures" / "single_precision.py"
TARGETS = {"float64": "reference", "float32": str(SINGLE)}


class ManySeeds:
    """Runs every test that draws its inputs with those of each seed."""

    def __init__(self, seeds: range, outcomes: bool) -> None:
        """``outcomes``: the tests of that chapter, or all others."""
        self.seeds, self.outcomes = seeds, outcomes
        self.passed = self.failed = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the tests that draw, before the run plans them."""
        drawing = [item for item in items if "random" in getattr(item, "fixturenames", [])]
        items[:] = [item for item in drawing if ("test_outcomes" in item.nodeid) == self.outcomes]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Call the test with the inputs of every seed; print what fails."""
        case = case_of(pyfuncitem)
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        for seed in self.seeds:
            try:
                pyfuncitem.obj(**{**arguments, "random": drawn(seed, case)})
                self.passed += 1
            except (NoAnswer, AssertionError, RuntimeError) as error:
                self.failed += 1
                print(f"--seed {seed} {case}\n{error}", flush=True)
        return True


def check(precision: str, seeds: range, outcomes: bool) -> None:
    """Run one session, and say what came of it."""
    started, many = time.time(), ManySeeds(seeds, outcomes)
    told = ["--implementation", TARGETS[precision], "--in-process"]
    quiet = ["-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider"]
    alone = ["--noconftest", "-c", "/dev/null", "--pyargs", "nnspec.spec_tests"]
    pytest.main([*told, *quiet, *alone], plugins=[many])
    minutes = (time.time() - started) / 60
    print(
        f"{precision}: {len(seeds)} seeds, {many.passed} tests passed, {many.failed} failed ({minutes:.0f} min)",
        flush=True,
    )


def main() -> None:
    """Check both precisions side by side."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--outcomes", action="store_true")
    options = parser.parse_args()
    seeds = range(1, 1 + options.seeds)
    running = [
        multiprocessing.Process(target=check, args=(precision, seeds, options.outcomes))
        for precision in TARGETS
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()


if __name__ == "__main__":
    main()
