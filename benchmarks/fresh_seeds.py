"""Check the reference in float64 and float32 with the inputs of many seeds, and count the tests that fail.

python benchmarks/fresh_seeds.py [--seeds 1000] [--outcomes]

Every test that draws its inputs is run with the inputs of ``nnspec check --seed N``, N from 1 on, in one session and
without a worker process; the inputs of all other tests do not depend on the seed. The chapter outcomes is left out,
since its chance of refusing a correct program is computed (tests/runs/test_fits.py); ``--outcomes`` runs it alone. Each
precision has its own process.
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
    """A pytest plugin that runs every test that draws its inputs once per seed."""

    def __init__(self, seeds: range, outcomes: bool) -> None:
        """``outcomes``: run the tests of that chapter only, or all others."""
        self.seeds, self.outcomes = seeds, outcomes
        self.passed = self.failed = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep only the tests that draw their inputs, before the run plans them."""
        drawing = [item for item in items if "random" in getattr(item, "fixturenames", [])]
        items[:] = [item for item in drawing if ("test_outcomes" in item.nodeid) == self.outcomes]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Call the test with the inputs of every seed, and print the failures."""
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
    """Run one session, and print its counts."""
    started, many = time.time(), ManySeeds(seeds, outcomes)
    target = ["--nnspec-implementation", TARGETS[precision], "--nnspec-in-process"]
    quiet = ["-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider"]
    alone = ["--noconftest", "-c", "/dev/null", "--pyargs", "nnspec.spec_tests"]
    pytest.main([*target, *quiet, *alone], plugins=[many])
    minutes = (time.time() - started) / 60
    print(
        f"{precision}: {len(seeds)} seeds, {many.passed} tests passed, {many.failed} failed ({minutes:.0f} min)",
        flush=True,
    )


def main() -> None:
    """Check both precisions in parallel."""
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
