"""Every mistake and every pair of them is refused by the clause that it names; every clause has one that it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from mistaken import split_case
from processes import alone, shared_folder

from nnspec.mistakes import PAIRS, catalogue
from nnspec.report import terminal
from nnspec.report.record import FAILED, Header, Planned, Record
from nnspec.report.text import WIDTH
from nnspec.specification.chapters import entries, files_of

ALL = [*catalogue(), *PAIRS]
MISTAKES = pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.__name__)
CLAUSES = {entry.clause.id for entry in entries()}


@pytest.fixture(scope="session")
def results(request, tmp_path_factory):
    """Gives, of a mistake, how the tests of its clause ended; none runs after the first refusal.

    All mistakes of a chapter that are asked for run in one process, and one worker of pytest-xdist starts it for all.
    """
    items = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    asked = dict.fromkeys(params["mistake"] for params in items if params.get("mistake") in ALL)
    shared = shared_folder(tmp_path_factory)

    @cache
    def of_chapter(chapter):
        names = [mistake.__name__ for mistake in asked if chapter_of(mistake) == chapter]
        folder = shared / f"power-{chapter}"
        folder.mkdir(exist_ok=True)
        with alone(folder / "lock"):
            if not (folder / "printed").exists():
                (folder / "printed").write_text(run(folder, chapter, names), encoding="utf-8")
        record = Record.read(folder / "record.jsonl")
        assert record.finished, (folder / "printed").read_text(encoding="utf-8")
        found = {name: [] for name in names}
        for result in record.results:
            found[split_case(result.case)[1]].append(result)
        return found

    return lambda mistake: of_chapter(chapter_of(mistake))[mistake.__name__]


def chapter_of(mistake):
    return mistake.clause.partition(".")[0]


def run(folder, chapter, names):
    """Run these mistakes through the tests of a chapter, and record it in a folder; gives what is printed."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    isolated = ["-c", folder / "pytest.ini", "--noconftest", "-p", "no:cacheprovider", "-q", "--no-summary"]
    isolated += ["--tb=native", "--assert=plain"]  # pytest's own tracebacks take as long as all else
    plugins = ["-p", "nnspec.suite.pytest_plugin", "-p", "mistaken", "--pyargs", *files_of(chapter)]
    target = [
        "--nnspec-implementation",
        "reference",
        "--nnspec-in-process",
        "--nnspec-record",
        folder / "record.jsonl",
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *isolated, *plugins, *target, f"--mistakes={','.join(names)}"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout + ended.stderr


def environment() -> dict[str, str]:
    """This one, with the plugin in reach and without what would change how pytest works."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV_"))}
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), ours.get("PYTHONPATH")]))
    return {**ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": path}


def refusal(results, mistake):
    """The result of the test that refused it."""
    refusals = [result for result in results(mistake) if result.outcome == FAILED]
    assert refusals, f"{mistake.clause} does not refuse it: name a clause that does"
    return refusals[0]


@MISTAKES
def test_a_mistake_is_refused_by_its_clause(mistake, results):
    outcomes = Counter(result.outcome for result in results(mistake))

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
