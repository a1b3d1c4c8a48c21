"""Every mistake and every pair of them is refused by the clause that it names; every clause has one that it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from mistaken import split_case

from nnspec.mistakes import PAIRS, catalogue
from nnspec.report import terminal
from nnspec.report.record import FAILED, Header, Planned, Record
from nnspec.report.text import WIDTH
from nnspec.specification.chapters import SPEC_TESTS, entries

ALL = [*catalogue(), *PAIRS]
MISTAKES = pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.__name__)
CLAUSES = {entry.clause.id for entry in entries()}


@pytest.fixture(scope="module")
def results(request, tmp_path_factory):
    """For each mistake that is asked for, how the tests of its clause ended; none runs after the first refusal."""
    asked = [
        item.callspec.params.get("mistake") for item in request.session.items if hasattr(item, "callspec")
    ]
    names = dict.fromkeys(mistake.__name__ for mistake in asked if mistake in ALL)
    folder = tmp_path_factory.mktemp("power")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    isolated = ["-c", folder / "pytest.ini", "--noconftest", "-p", "no:cacheprovider", "-q", "--no-summary"]
    plugins = ["-p", "nnspec.suite.pytest_plugin", "-p", "mistaken", "--pyargs", SPEC_TESTS]
    target = [
        "--nnspec-implementation",
        "reference",
        "--nnspec-in-process",
        "--nnspec-record",
        folder / "record.jsonl",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *isolated, *plugins, *target, f"--mistakes={','.join(names)}"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    record = Record()
    for line in (folder / "record.jsonl").read_text(encoding="utf-8").splitlines():
        record.add(json.loads(line))
    assert record.finished, run.stdout + run.stderr
    return {
        name: [result for result in record.results if split_case(result.case)[1] == name] for name in names
    }


def environment() -> dict[str, str]:
    """This one, with the plugin in reach and without what would change how pytest works."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), ours.get("PYTHONPATH")]))
    return {**ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": path}


def refusal(results, mistake):
    """The result of the test that refused it."""
    refusals = [result for result in results[mistake.__name__] if result.outcome == FAILED]
    assert refusals, f"{mistake.clause} does not refuse it: name a clause that does"
    return refusals[0]


@MISTAKES
def test_a_mistake_is_refused_by_its_clause(mistake, results):
    outcomes = Counter(result.outcome for result in results[mistake.__name__])

    assert outcomes[FAILED] == 1, f"{mistake.clause} does not refuse it: {dict(outcomes)}"


@MISTAKES
def test_it_is_refused_for_its_numbers(mistake, results):
    result = refusal(results, mistake)

    assert "first wrong" in result.comparison
    assert result.message == "", "it raises instead of giving wrong numbers"


@MISTAKES
def test_the_failure_fits_80_columns(mistake, results):
    result = refusal(results, mistake)
    planned = Planned(result.case, mistake.clause, "A rule.", "MUST", ())
    header = Header(replay=("nnspec", "check", "mine.py", "--select", "CASE"))

    first, *lines, _ = terminal.failure(header, planned, result, WIDTH).splitlines()

    assert first.endswith(result.case), "the name of a test is not broken"
    assert max(map(len, lines)) <= WIDTH


@MISTAKES
def test_a_mistake_says_what_is_wrong_and_how_to_fix_it(mistake):
    for sentence in [mistake.__doc__, mistake.fix]:
        assert sentence.endswith(".")
        assert "\n" not in sentence
    assert mistake.clause in CLAUSES


@pytest.mark.parametrize("clause", sorted(CLAUSES))
def test_a_clause_has_a_mistake_that_it_refuses(clause):
    assert clause in {mistake.clause for mistake in catalogue()}


def test_the_names_of_mistakes_are_unique():
    assert len({mistake.__name__ for mistake in ALL}) == len(ALL)
