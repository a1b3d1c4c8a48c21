"""A check begins by asking: what is found is told once, and is not judged again by every clause."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from command_line import nnspec
from miniatures import program, target

from nnspec.reach.options import Options
from nnspec.report.record import FAILED, FORM, IGNORED, NOT_JUDGED, NOTE, PASSED, UNREADABLE, UNSUPPORTED
from nnspec.suite.check import check

#: The files of miniatures that are not in networks.py.
FILES = {"FlatGradients": "wrong_forms", "NoSchedule": "ignored_arguments"}


def checked(name, kind, *select, **options):
    """The record of a miniature of networks.py and its like, in Python or as a command."""
    reached = (
        {"target": target(f"{FILES.get(name, 'networks')}:{name}")}
        if kind == "worker"
        else {"command": tuple(program("serves", name))}
    )
    return check(Options(**reached, select=select, **options), lambda _: None)


def found(record):
    """What was found before the first test, by kind and operation."""
    return [(one.kind, one.operation) for one in record.observations]


KINDS = pytest.mark.parametrize("kind", ["worker", "command"])


@KINDS
def test_a_wrong_form_is_told_once_and_nothing_of_it_is_judged(kind):
    record = checked("FlatGradients", kind, "gradients.hidden-layers", "losses.predictions")

    assert found(record) == [(FORM, "gradients")]
    ends = {(result.case.partition(":")[0], result.outcome) for result in record.results}
    assert ends == {("gradients.hidden-layers", NOT_JUDGED), ("losses.predictions", PASSED)}
    assert record.exit_code == 1


@KINDS
def test_an_ignored_argument_is_told_once_and_its_calls_are_not_judged(kind):
    record = checked("NoSchedule", kind, "updates.step-decay", "updates.gradient-descent")

    assert found(record) == [(IGNORED, "update")]
    assert record.counts[NOT_JUDGED]
    assert record.counts[PASSED]
    assert not record.counts[FAILED]
    assert record.exit_code == 1


# ---- what was found, and is a known failure ----


def known_failures(folder, *names):
    """A file of known failures with these names."""
    path = folder / "known.json"
    path.write_text(json.dumps(dict.fromkeys(names, "on the list")), encoding="utf-8")
    return str(path)


@KINDS
@pytest.mark.parametrize(
    ("name", "fault", "select"),
    [
        ("FlatGradients", "form.gradients", ("gradients.hidden-layers", "training.losses")),
        (
            "NoSchedule",
            "ignored.update.optimizer.schedule",
            ("updates.step-decay", "updates.gradient-descent", "gradients.hidden-layers"),
        ),
    ],
)
def test_a_fault_may_be_a_known_failure_and_anything_else_still_decides(tmp_path, kind, name, fault, select):
    known = checked(name, kind, *select, known_failures=known_failures(tmp_path, fault))
    other = checked(name, kind, *select, known_failures=known_failures(tmp_path, "ignored.loss.labels"))

    assert [one for one, _ in known.faults(known=True)] == [fault]
    assert known.counts[NOT_JUDGED]
    assert (known.reasons, known.exit_code) == ([], 0)
    assert [one for one, _ in other.faults()] == [fault]
    assert other.exit_code == 1


def test_a_known_fault_that_is_no_longer_there_is_an_error(tmp_path):
    known = known_failures(tmp_path, "form.gradients", "ignored.gradients.objective.l2", "form.train")

    record = checked("Right", "worker", "gradients.hidden-layers", known_failures=known)

    assert record.errors == [
        f"{name} is a known failure, but passes: remove it from the known failures"
        for name in ("form.gradients", "ignored.gradients.objective.l2")
    ]
    assert record.exit_code == 1


def test_faults_that_were_written_are_known_the_next_time(tmp_path):
    words = (
        "check",
        target("wrong_forms:FlatGradients"),
        "--select",
        "gradients",
        "--select",
        "training.losses",
    )

    first = nnspec(*words, "--write-known-failures", tmp_path / "known.toml")
    second = nnspec(*words, "--known-failures", tmp_path / "known.toml")

    assert (first.returncode, second.returncode) == (1, 0), second.stdout
    assert "name         form.gradients\n" in first.stdout
    assert "known failures, and why:\n  form.gradients: gradients returned" in second.stdout
    assert " · 1 known failure · " in second.stdout.splitlines()[-1]


def test_known_faults_are_known_in_pytest(tmp_path):
    (tmp_path / "known.toml").write_text('form.gradients = "flat"', encoding="utf-8")
    words = (
        f"--nnspec-implementation={target('wrong_forms:FlatGradients')}",
        *("--nnspec-select=gradients.hidden-layers", "--nnspec-select=training.losses"),
    )
    command = (sys.executable, "-m", "pytest", "-q", "--pyargs", "nnspec.spec_tests")

    statuses = [
        subprocess.run([*command, *words, *more], cwd=tmp_path, capture_output=True, check=False).returncode
        for more in ((), ("--nnspec-known-failures=known.toml",))
    ]

    assert statuses == [1, 0]


# ---- the shapes that a program is made for ----


@KINDS
def test_a_program_made_for_two_layers_is_judged_with_two_and_conforms(kind):
    record = checked("TwoLayers", kind, "gradients.hidden-layers", "losses.penalty")

    assert {one.kind for one in record.observations} == {NOTE}
    assert {*record.counts} == {PASSED, UNSUPPORTED}
    assert record.exit_code == 0


@KINDS
def test_nothing_is_found_of_a_right_program(kind):
    record = checked("Right", kind, "gradients.hidden-layers", "updates.momentum", "training.steps")

    assert record.observations == []
    assert {*record.counts} == {PASSED}


def test_only_the_operations_of_the_selected_tests_are_asked():
    record = checked("FlatGradients", "worker", "losses.predictions")

    assert record.observations == []
    assert record.exit_code != 1


def test_a_document_is_not_asked_for_what_it_does_not_state():
    record = checked("NoSchedule", "worker", "updates.gradient-descent", document="cs231n")

    assert record.observations == []
    assert {*record.counts} == {PASSED}


def test_a_call_that_hangs_is_not_asked_again_by_the_opening():
    record = check(
        Options(target=target("hangs"), select=("functions.softmax",), timeout=0.5), lambda _: None
    )

    assert found(record) == [(NOTE, "softmax")]
    assert record.observations[0].message == "softmax: no answer within 0.5 s, so its tests run last"


def test_numbers_with_too_few_digits_make_no_test_fail():
    command = tuple(program("serves", "Right", "right", "%.15g"))

    record = check(Options(command=command, select=("gradients.hidden-layers",)), lambda _: None)

    assert found(record) == [(UNREADABLE, "")]
    assert {*record.counts} == {NOT_JUDGED}
    assert record.exit_code == 3


def test_a_run_that_was_made_ahead_is_judged_only_in_the_shapes_that_were_found():
    record = checked("TwoLayers", "worker", "training.spiral-linear", "training.circles-momentum")

    ends = {(result.case.partition(":")[0], result.outcome) for result in record.results}
    assert ends == {("training.spiral-linear", UNSUPPORTED), ("training.circles-momentum", PASSED)}


def test_the_call_of_the_opening_in_which_the_budget_ended_is_named():
    record = check(Options(target=target("hangs"), select=("functions.softmax",), budget=5.0), lambda _: None)

    assert record.results == []
    assert "softmax" in record.cut
    assert record.exit_code == 3
