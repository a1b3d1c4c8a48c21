"""The pytest plugin, in projects that have nothing to do with it and in a run of the specification."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from miniatures import target

from nnspec.contract.errors import WrongUse
from nnspec.reach.options import Options
from nnspec.report.record import FAILED, Result
from nnspec.suite.check import check
from nnspec.suite.fixtures import FIXTURES
from nnspec.suite.pytest_reports import Failure

PROJECT = Path(__file__).parents[1] / "unrelated_project"
SPECIFICATION = ("--pyargs", "nnspec.spec_tests")
#: A clause with several tests, one of them, and that test as pytest names it.
CLAUSE, CASE = "functions.softmax", "functions.softmax:one_example"
NAME = f"nnspec.functions::{CASE}"
#: The exit status of a run without a failure that judges none of gradients, train and fit.
INCONCLUSIVE = 3
#: Control characters, the end of a CDATA section, markup, and what is no text at all.
HOSTILE = "]]> </failure> & \x00\x1b[31m\x07\x85\ufffe\ud800 \N{SNOWMAN}"


def pytest_in(folder, *words):
    """Pytest's run in this folder, with the plugins that are installed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**environment, "COLUMNS": "200"},
        check=False,
    )


def judged(folder, *words, by="reference"):
    """Pytest's run of the clause against an implementation."""
    return pytest_in(folder, *SPECIFICATION, "--nnspec-implementation", by, "--nnspec-select", CLAUSE, *words)


def junit(folder, *words, by="reference"):
    """The test cases of the run's XML, by name."""
    path = folder / "out.xml"
    judged(folder, f"--junitxml={path}", *words, by=by)
    return {case.get("name"): case for case in ElementTree.parse(path).iter("testcase")}


@pytest.fixture
def project(tmp_path):
    """A copy of the unrelated project, outside of this checkout."""
    return Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture
def adapter(tmp_path):
    """Writes a program of one operation, softmax, and gives its path."""

    def write(body):
        path = tmp_path / "adapter.py"
        path.write_text(f"def softmax(scores):\n    {body}\n", encoding="utf-8")
        return path

    return write


# ---- a project that has nothing to do with it ----


# Without Hypothesis's plugin, so that what is imported is imported by nnspec.
@pytest.mark.parametrize("words", [[], ["-p", "nnspec.pytest_plugin"], ["-n", "2"]], ids=" ".join)
def test_an_unrelated_project_keeps_its_options_and_fixtures(project, words):
    run = pytest_in(project, "-p", "no:hypothesispytest", *words)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "6 passed" in run.stdout


def test_the_plugin_adds_prefixed_options_and_nothing_else(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    words = ["--help"], ["--markers"], ["--fixtures"]
    with_it, without = (
        [pytest_in(tmp_path, *plugin, *asked).stdout.splitlines() for asked in words]
        for plugin in ([], ["-p", "no:nnspec.pytest_plugin"])
    )
    added = [line for line in with_it[0] if line not in without[0]]
    options = [line.split()[0] for line in added if line.startswith("  -")]

    assert options
    assert {option for option in options if not option.startswith("--nnspec-")} == set()
    assert with_it[1] == without[1]
    assert [line for line in with_it[2] if "site-packages/nnspec/" in line] == []


def test_the_specification_is_judged_beside_a_conftest_with_fixtures_of_the_same_names(project):
    run = judged(project)

    assert run.returncode == INCONCLUSIVE, run.stdout + run.stderr
    assert "INCONCLUSIVE  8 passed  (" in run.stdout


def test_no_name_of_a_fixture_is_taken_in_the_specification():
    folder = Path(importlib.import_module("nnspec.spec_tests").__file__).parent
    modules = [importlib.import_module(f"nnspec.spec_tests.{path.stem}") for path in folder.glob("test_*.py")]

    assert modules
    assert [(module.__name__, name) for module in modules for name in FIXTURES if hasattr(module, name)] == []


# ---- runs that are refused, and runs that judge nothing ----


def test_several_processes_are_refused(tmp_path):
    run = judged(tmp_path, "-n", "2")

    assert run.returncode == pytest.ExitCode.USAGE_ERROR
    assert "run in one process" in run.stderr
    assert "Traceback" not in run.stderr


def test_no_process_beside_pytest_is_no_reason_to_refuse(tmp_path):
    assert judged(tmp_path, "-n", "0").returncode == INCONCLUSIVE


def test_listing_the_tests_reaches_no_implementation(tmp_path):
    (tmp_path / "adapter.py").write_text("raise SystemExit('reached')\n", encoding="utf-8")

    run = judged(tmp_path, "--collect-only", "-q", by="adapter.py")

    assert run.returncode == 0, run.stdout + run.stderr
    assert NAME in run.stdout.splitlines()
    assert not re.search("CONFORM|INCONCLUSIVE|reached", run.stdout + run.stderr)


# ---- names ----


def test_junit_has_the_names_that_select_takes(tmp_path):
    cases = junit(tmp_path)
    record = check(Options(target="reference", select=tuple(cases)), lambda _: None)

    assert CASE in cases
    assert set(cases) == {planned.case for planned in record.planned}
    assert {case.get("classname") for case in cases.values()} == {"nnspec.functions"}


def test_a_name_of_a_test_in_pytest_is_no_name_for_select():
    with pytest.raises(WrongUse, match="there is no such chapter, clause or case"):
        check(Options(target="reference", select=(NAME,)), lambda _: None)


def test_v_and_the_summary_show_the_names(tmp_path, adapter):
    run = judged(tmp_path, "-v", by=adapter("return scores + 1"))

    assert f"{NAME} FAILED" in run.stdout
    assert re.search(rf"^FAILED {re.escape(NAME)} - softmax.*: got .*, expected ", run.stdout, re.M)


@pytest.mark.parametrize("word", [CASE, "one_example", "TestSoftmax and one_example"])
def test_k_finds_a_test_by_its_clause_and_by_its_function(tmp_path, word):
    run = judged(tmp_path, "--collect-only", "-q", "-k", word)

    assert [line for line in run.stdout.splitlines() if "::" in line] == [NAME]


def test_deselect_takes_the_names_that_are_printed(tmp_path):
    run = judged(tmp_path, "--collect-only", "-q", "--deselect", NAME)
    listed = [line for line in run.stdout.splitlines() if "::" in line]

    assert listed
    assert NAME not in listed


def test_lf_runs_what_failed(tmp_path, adapter):
    wrong = adapter("return scores + 1")
    judged(tmp_path, "--deselect", NAME, by=wrong)
    failed = judged(tmp_path, by=wrong)
    again = judged(tmp_path, "--lf", "--collect-only", "-q", by=wrong)

    assert failed.returncode == 1
    names = re.findall(r"^FAILED (nnspec\.functions::.+?)(?: - .*)?$", failed.stdout, re.M)
    assert sorted(line for line in again.stdout.splitlines() if "::" in line) == sorted(names)


# ---- failures and reasons ----


def test_junit_has_what_was_got_and_expected(tmp_path, adapter):
    failure = junit(tmp_path, by=adapter("return scores + 1"))[CASE].find("failure")

    assert failure.get("message").startswith("softmax[0, 0]: got ")
    assert "replay" in failure.text
    assert "Traceback" not in failure.text


def test_junit_has_the_reason_why_a_test_is_unsupported(tmp_path):
    cases = junit(tmp_path, by=target("does_nothing"))

    assert {case.find("skipped").get("message") for case in cases.values()} == {
        "unsupported: operation softmax is missing"
    }


def test_junit_has_the_reason_of_a_known_failure(tmp_path, adapter):
    known = tmp_path / "known.json"
    known.write_text('{"functions.softmax": "see ticket <7> ]]>"}', encoding="utf-8")
    cases = junit(tmp_path, "--nnspec-known-failures", str(known), by=adapter("return scores + 1"))

    assert cases[CASE].find("skipped").get("message") == "see ticket <7> ]]>"


def test_hostile_words_are_text_in_junit(tmp_path, adapter):
    failure = junit(
        tmp_path, by=adapter(f"if len(scores) == 1: raise ValueError({HOSTILE!a})\n    return scores")
    )[CASE].find("failure")

    assert "]]> </failure> &" in failure.text
    assert "\N{SNOWMAN}" in failure.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", failure.get("message") + failure.text)


def test_a_failure_is_one_line_in_summaries_whatever_its_message():
    failure = Failure.of(Result(CASE, FAILED, "it said\x1b[2K\nand more"), "everything")

    assert failure.reprcrash.message == r"it said\x1b[2K"
    assert str(failure) == "everything"


# ---- fixtures ----


def test_a_whole_run_is_made_once_for_tests_of_several_files(tmp_path):
    adapter = tmp_path / "adapter.py"
    adapter.write_text(
        "from nnspec.reference import Reference\n\n\n"
        "class Counting(Reference):\n"
        "    def train(self, **arguments):\n"
        f"        with open({str(tmp_path / 'notes')!r}, 'a') as notes:\n"
        "            print(arguments['iterations'], file=notes)\n"
        "        return super().train(**arguments)\n",
        encoding="utf-8",
    )
    clauses = ("training.circles-momentum", "outcomes.circles-surrounded")

    record = check(Options(target=f"{adapter}:Counting", select=clauses), lambda _: None)

    assert record.exit_code == 0
    assert (tmp_path / "notes").read_text(encoding="utf-8").split().count("300") == 1
