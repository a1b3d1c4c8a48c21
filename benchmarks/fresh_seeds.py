"""Check the reference in float64 and float32 with the inputs of many seeds, and count the tests that fail.

python benchmarks/fresh_seeds.py [--seeds 1000] [--document D ...] [--select NAME ...] [--outcomes]

Every test that draws its inputs is run with the inputs of ``nnspec check --seed N``, N from 1 on, in one session and
without a worker process; the inputs of all other tests do not depend on the seed. The chapter outcomes is left out,
since its chance of refusing a correct program is computed (tests/runs/test_fits.py); ``--outcomes`` runs it alone.
``--document`` and ``--select`` do what they do in ``nnspec check``; ``all`` is every document and none, one after the
other. Each session has its own process, and two run at a time. Exits with 1 if any test failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from pathlib import Path

import pytest

from nnspec.contract.errors import NoAnswer, OutsideDocument, Unsupported
from nnspec.reach.options import DOCUMENT_NAMES
from nnspec.suite.fixtures import drawn
from nnspec.suite.plan import case_of

SINGLE = Path(__file__).parent.parent / "tests" / "miniatures" / "single_precision.py"
TARGETS = {"float64": "reference", "float32": str(SINGLE)}


class ManySeeds:
    """A pytest plugin that runs every test that draws its inputs once per seed."""

    def __init__(self, seeds: range, outcomes: bool) -> None:
        """``outcomes``: run the tests of that chapter only, or all others."""
        self.seeds, self.outcomes = seeds, outcomes
        self.passed = self.failed = self.unsupported = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep only the tests that draw their inputs, before the run plans them."""
        drawing = [item for item in items if "random" in getattr(item, "fixturenames", [])]
        items[:] = [item for item in drawing if ("test_outcomes" in item.path.name) == self.outcomes]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool:
        """Call the test with the inputs of every seed, and print the failures."""
        case = case_of(pyfuncitem)
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        for seed in self.seeds:
            try:
                pyfuncitem.obj(**{**arguments, "random": drawn(seed, case)})
                self.passed += 1
            except (Unsupported, OutsideDocument):
                self.unsupported += 1
            except (NoAnswer, AssertionError, RuntimeError) as error:
                self.failed += 1
                print(f"--seed {seed} {case}\n{error}", flush=True)
        return True


def check(session: tuple[str, str, list[str], range, bool]) -> int:
    """Run one session, print its counts, and return how many tests failed."""
    precision, document, selected, seeds, outcomes = session
    started, many = time.time(), ManySeeds(seeds, outcomes)
    target = ["--nnspec-implementation", TARGETS[precision], "--nnspec-in-process"]
    target += ["--nnspec-document", document] if document else []
    target += [f"--nnspec-select={name}" for name in selected]
    quiet = ["-q", "-s", "--no-header", "--no-summary", "-p", "no:cacheprovider"]
    alone = ["--noconftest", "-c", "/dev/null", "--pyargs", "nnspec.spec_tests"]
    pytest.main([*target, *quiet, *alone], plugins=[many])
    minutes = (time.time() - started) / 60
    print(
        f"{precision}, {document or 'no document'}: {len(seeds)} seeds, {many.passed} tests passed, "
        f"{many.failed} failed, {many.unsupported} not of the document ({minutes:.0f} min)",
        flush=True,
    )
    return many.failed


def main() -> None:
    """Check both precisions, two sessions at a time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--document", action="append", choices=[*DOCUMENT_NAMES, "all"], default=[])
    parser.add_argument("--select", action="append", default=[])
    parser.add_argument("--outcomes", action="store_true")
    options = parser.parse_args()
    documents = ["", *DOCUMENT_NAMES] if "all" in options.document else options.document or [""]
    sessions = [
        (precision, document, options.select, range(1, 1 + options.seeds), options.outcomes)
        for document in documents
        for precision in TARGETS
    ]
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        failed = sum(pool.imap(check, sessions))
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
