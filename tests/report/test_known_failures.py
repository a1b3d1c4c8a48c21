"""Known failures: read from TOML or JSON, printed with their reasons, and written from a run."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import NUMBERS, ended, record, should

from nnspec.contract.errors import WrongUse
from nnspec.report import known_failures, terminal
from nnspec.report.record import (
    CRASHED,
    EXPECTED,
    FAILED,
    FORM,
    IGNORED,
    PASSED,
    TIMED_OUT,
    UNSUPPORTED,
    Observation,
    Result,
)

#: Three tests of one clause.
FIRST, SECOND, THIRD = (f"gradients.penalty:{number}" for number in range(3))


def written(folder, text, suffix=".toml"):
    """The path of a file with this text."""
    path = folder / f"known{suffix}"
    path.write_text(text, encoding="utf-8")
    return str(path)


def known(made, **reasons):
    """The record of a run that knew these failures."""
    made.header = made.header.__class__(
        **{
            **vars(made.header),
            "known_failures": {name.replace("__", ".", 1): why for name, why in reasons.items()},
        }
    )
    return made


# ---- reading ----


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".toml", '"gradients.penalty" = "why"\n"losses.sum:1[a-b]" = "so"\n'),
        (".toml", 'gradients.penalty = "why"\n"losses.sum:1[a-b]" = "so"\n'),
        (".toml", '[gradients]\npenalty = "why"\n[losses]\n"sum:1[a-b]" = "so"\n'),
        (".json", '{"gradients.penalty": "why", "losses.sum:1[a-b]": "so"}'),
        ("", '{"gradients.penalty": "why", "losses.sum:1[a-b]": "so"}'),
    ],
)
def test_toml_and_json_are_read(tmp_path, suffix, text):
    assert known_failures.read(written(tmp_path, text, suffix)) == {
        "gradients.penalty": "why",
        "losses.sum:1[a-b]": "so",
    }


@pytest.mark.parametrize(
    ("suffix", "text", "what"),
    [
        (".toml", '"a" = "b"\n"c" =\n', r"known\.toml is not valid TOML: .*line 2"),
        (".json", '{"a": "b",\n "c": }', r"known\.json is not valid JSON: .*line 2"),
        (".json", '["a"]', r'must hold names and reasons: \{"gradients\.penalty": "why it fails"\}'),
        (".json", '{"a": ""}', "the reason of a must be a text"),
        (".json", '{"a": 3}', "the reason of a must be a text"),
        (".toml", "a.b = true", r"the reason of a\.b must be a text"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_and_where(tmp_path, suffix, text, what):
    with pytest.raises(WrongUse, match=what):
        known_failures.read(written(tmp_path, text, suffix))


def test_a_file_that_is_no_text_is_wrong_use(tmp_path):
    (tmp_path / "known.json").write_bytes(b"\xff\xfe")

    with pytest.raises(WrongUse, match="is not valid JSON"):
        known_failures.read(str(tmp_path / "known.json"))


# ---- printing ----


def test_the_report_has_each_known_failure_with_its_reason_in_a_line():
    made = known(record(*ended(PASSED, EXPECTED, EXPECTED)), gradients__penalty="rows are\nswapped")

    text = terminal.render(made)

    assert "known failures, and why:\n  gradients.penalty (2 tests): rows are\\nswapped\n\n" in text


@pytest.mark.parametrize(("verbosity", "shown"), [(terminal.USUAL, 10), (terminal.VERBOSE, 13)])
def test_many_known_failures_are_counted_and_whole_with_v(verbosity, shown):
    reasons = {f"gradients__penalty:{number}": "why" for number in range(13)}

    text = terminal.render(known(record(*ended(*[EXPECTED] * 13)), **reasons), verbosity=verbosity)

    assert text.count(" (1 test): why") == shown
    assert ("  and 3 more; -v shows all\n" in text) == (verbosity == terminal.USUAL)


def test_a_known_failure_that_did_not_run_is_not_printed():
    assert "known failures, and why" not in terminal.render(known(record(*ended(PASSED)), losses="why"))


# ---- faults that are found before the first test ----

FORM_OF_LOSS, REDUCTION, SCHEDULE = (
    "form.loss",
    "ignored.train.objective.reduction",
    "ignored.train.optimizer.schedule",
)


def faulty(made, *, absent=()):
    """The record of a program whose loss has the wrong form, and whose train ignores two arguments."""
    made.observations = [
        Observation(FORM, "loss", "loss is\na list"),
        Observation(IGNORED, "train", "train ignores two", "", ("objective.reduction", "optimizer.schedule")),
    ]
    made.absent = [*absent]
    return made


@pytest.mark.parametrize(
    "text",
    [
        'form.loss = "why"\nignored.train.objective.reduction = "so"\n',
        '[form]\nloss = "why"\n[ignored.train]\n"objective.reduction" = "so"\n',
    ],
)
def test_the_names_of_faults_are_read_as_those_of_clauses(tmp_path, text):
    assert known_failures.read(written(tmp_path, text)) == {FORM_OF_LOSS: "why", REDUCTION: "so"}


def test_each_fault_is_written_by_its_name_with_what_was_wrong(tmp_path):
    path = str(tmp_path / "new.toml")

    known_failures.write(path, faulty(record(*ended(PASSED))))

    assert known_failures.read(path) == {
        FORM_OF_LOSS: "loss is\\na list",
        REDUCTION: "train ignores two",
        SCHEDULE: "train ignores two",
    }


def test_a_fault_that_is_known_stays_with_its_reason_and_one_that_is_absent_goes(tmp_path):
    path = written(
        tmp_path,
        'form.loss = "by hand"\nform.update = "fixed"\nform.fit = "not asked today"\n',
    )

    known_failures.write(path, faulty(record(*ended(PASSED)), absent=["form.update"]))

    assert known_failures.read(path) == {
        FORM_OF_LOSS: "by hand",
        "form.fit": "not asked today",
        REDUCTION: "train ignores two",
        SCHEDULE: "train ignores two",
    }


# ---- writing ----


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_the_failures_of_a_run_are_written_with_the_first_line_of_what_was_wrong(tmp_path, suffix):
    path = str(tmp_path / f"new{suffix}")
    made = record(*ended(PASSED, FAILED), Result(THIRD, CRASHED, "\nthe process ended\nby signal 9"))

    known_failures.write(path, made)

    assert known_failures.read(path) == {
        SECOND: "gradients.biases[0][0]: got 0.25, expected 0.5",
        THIRD: "the process ended",
    }


def test_what_decides_nothing_is_not_written(tmp_path):
    path = str(tmp_path / "new.json")

    known_failures.write(path, should(record(*ended(FAILED, TIMED_OUT, UNSUPPORTED)), 0))

    assert known_failures.read(path) == {}


def test_those_known_that_still_fail_stay_with_their_reasons_and_others_go(tmp_path):
    path = str(tmp_path / "new.toml")
    made = known(
        record(*ended(PASSED, EXPECTED)), **{FIRST.replace(".", "__"): "was", SECOND.replace(".", "__"): "is"}
    )

    known_failures.write(path, made)

    assert known_failures.read(path) == {SECOND: "is"}


def test_a_reason_that_the_file_has_is_never_overwritten(tmp_path):
    path = written(tmp_path, '"gradients.penalty" = "by hand"\n"losses.sum" = "not run today"\n')

    known_failures.write(path, record(*ended(FAILED, FAILED, PASSED)))

    assert known_failures.read(path) == {"gradients.penalty": "by hand", "losses.sum": "not run today"}


def test_what_the_file_has_and_passes_is_removed_so_that_the_next_run_conforms(tmp_path):
    path = written(tmp_path, f'"{FIRST}" = "fixed"\n"{SECOND}" = "by hand"\n')

    known_failures.write(path, record(*ended(PASSED, FAILED)))

    assert known_failures.read(path) == {SECOND: "by hand"}


@pytest.mark.parametrize("suffix", [".toml", ".json"])
@given(
    said=st.text(min_size=1) | st.sampled_from(['"', "\\", "\\u0041", "\x00\x1b\x7f", "重み λ 😀", "\ud800"])
)
def test_any_message_comes_back_from_the_file(tmp_path_factory, said, suffix):
    path = str(tmp_path_factory.mktemp("known") / f"new{suffix}")
    made = record(Result(FIRST, FAILED, comparison={**NUMBERS, "got": said}))

    known_failures.write(path, made)

    (reason,) = known_failures.read(path).values()
    assert reason.isprintable()
    assert reason.startswith("gradients.biases[0][0]: got ")


@given(reason=st.text(min_size=1).filter(str.strip))
def test_any_reason_of_a_file_survives_in_the_other_kind(tmp_path_factory, reason):
    folder = tmp_path_factory.mktemp("known")
    before = str(folder / "before.json")
    (folder / "before.json").write_text(json.dumps({FIRST: reason}), encoding="utf-8")
    made = known(record(*ended(EXPECTED)), **{FIRST.replace(".", "__"): known_failures.read(before)[FIRST]})

    known_failures.write(str(folder / "after.toml"), made)

    text = reason.encode("utf-8", "backslashreplace").decode()  # TOML has no half characters
    assert known_failures.read(str(folder / "after.toml")) == {FIRST: text}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("known.yaml", r"must end with \.toml or \.json"),
        ("nowhere/known.toml", "there is no folder"),
    ],
)
def test_a_file_that_cannot_be_written_is_wrong_use_before_the_run(tmp_path, name, what):
    with pytest.raises(WrongUse, match=what):
        known_failures.check_can_write(str(tmp_path / name))


def test_a_malformed_file_is_not_overwritten(tmp_path):
    with pytest.raises(WrongUse, match="is not valid TOML"):
        known_failures.check_can_write(written(tmp_path, "]"))
