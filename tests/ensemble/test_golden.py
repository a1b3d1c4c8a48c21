"""The golden traces as files: complete, valid, exact, and with an entry in the changelog for each change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import needs
import pytest

from nnspec.cli import golden
from nnspec.documents.experiments import TRACED
from nnspec.ensemble import compare, files, table
from nnspec.runs.envelope import file_name
from nnspec.runs.printed_numbers import LOSSES, place

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "golden"
EVERY_TRACE = pytest.mark.parametrize("name", TRACED)


def stored(name):
    return json.loads((GOLDEN / file_name(name)).read_text(encoding="utf-8"))


def test_every_experiment_has_a_trace_and_every_trace_an_experiment():
    assert {path.name for path in GOLDEN.glob("trace-*.json")} == {file_name(name) for name in TRACED}


@EVERY_TRACE
def test_a_trace_is_valid(name):
    assert files.complaints(stored(name)) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"losses": [1.0, "2"]}, "losses/1"),
        ({"float64": {}}, "float64"),
        ({"checksums": {"inputs": "0"}}, "checksums"),
        ({"surplus": 1}, "surplus"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_the_schema_refuses_an_invalid_trace(change, complaint):
    assert any(complaint in message for message in files.complaints({**stored("spiral-linear"), **change}))


@EVERY_TRACE
def test_the_numbers_of_a_trace_read_back_unchanged(name):
    assert files.text(stored(name)) == (GOLDEN / file_name(name)).read_text(encoding="utf-8")


@EVERY_TRACE
def test_a_trace_belongs_to_the_current_experiment(name):
    trace = stored(name)

    assert trace["checksums"] == files.checksums(TRACED[name])
    assert trace["about"] == files.about(TRACED[name])
    assert trace["iterations"][-1] == TRACED[name].iterations - 1
    assert {place(TRACED[name], int(iteration)) for iteration in LOSSES.get(name, {})} <= set(
        trace["iterations"]
    )


def test_all_traces_together_take_a_few_hundred_kilobytes():
    assert sum(path.stat().st_size for path in GOLDEN.glob("trace-*.json")) < 500_000


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.name)
def test_the_changelog_has_the_reason_for_each_golden_file(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    entries = [ROOT / "CHANGELOG.md", *(ROOT / "changelog.d").glob("*.golden.md")]
    text = "".join(entry.read_text(encoding="utf-8") for entry in entries if entry.exists())

    assert f"{path.name} {digest}" in text, (
        f"golden/{path.name} has changed: give the reason in changelog.d/NUMBER.golden.md, with `{path.name} {digest}`"
    )


def test_the_table_of_the_traces_is_up_to_date():
    page = (ROOT / "docs" / "traces.md").read_text(encoding="utf-8")

    assert table.markdown() in page, "replace the table by the output of `nnspec golden list --format md`"


# ---- new traces ----


@needs.quadruple
def test_a_trace_that_is_made_again_agrees(capfd):
    with pytest.raises(SystemExit) as stop:
        golden.golden(["check", "spiral-linear", "--members", "8"])

    assert capfd.readouterr().out == "spiral-linear: agrees\n"
    assert stop.value.code == 0


@needs.quadruple
def test_make_writes_a_valid_trace_that_agrees(tmp_path):
    with pytest.raises(SystemExit):
        golden.golden(["make", "spiral-linear", "--members", "4", "--output", str(tmp_path)])

    new = json.loads((tmp_path / file_name("spiral-linear")).read_text(encoding="utf-8"))
    assert files.complaints(new) == []
    assert compare.differences(stored("spiral-linear"), new) == []


@needs.quadruple
def test_make_without_a_folder_is_wrong_use(tmp_path):
    from nnspec.contract.errors import WrongUse

    with pytest.raises(WrongUse, match="no such folder"):
        golden.golden(["make", "spiral-linear", "-o", str(tmp_path / "none")], standalone_mode=False)


@needs.quadruple
def test_an_unknown_experiment_is_wrong_use():
    from nnspec.contract.errors import WrongUse

    with pytest.raises(WrongUse, match="Did you mean spiral-relu-biases"):
        golden.golden(["check", "spiral-relu-bias"], standalone_mode=False)


def altered(change):
    trace = stored("moons-tanh")
    change(trace)
    return trace


def with_another_loss(trace):
    trace["losses"][5] *= 1 + 1e-14


def with_a_greater_reach(trace):
    trace["float64"]["reach"] = [min(0.9, 5 * share) for share in trace["float64"]["reach"]]


def with_another_horizon(trace):
    trace["float32"]["horizon"] //= 2


def with_other_data(trace):
    trace["checksums"]["inputs"] = "0" * 64


def without_a_cycle(trace):
    trace["float64"]["cycle"] = None


def with_another_pair(trace):
    trace["float64"]["cycle"]["high"][3] *= 1.01


def with_a_cycle_elsewhere(trace):
    trace["float64"]["cycle"]["iterations"] = [1, 2]


def with_another_end(trace):
    trace["float64"]["outcome"] = {"loss": [1.0, 2.0], "correct": [0, 1]}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (with_another_loss, "the loss at iteration 5 differs"),
        (with_a_greater_reach, "the reach is 5 to 5 times the stored one"),
        (with_another_horizon, "the horizon is"),
        (with_other_data, "inputs differ"),
        (without_a_cycle, "do not end in a cycle"),
        (with_another_pair, "the higher loss of the cycle at iteration"),
        (with_a_cycle_elsewhere, "the cycle begins at iteration 1, the stored one at"),
        (with_another_end, "examples end up right"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_differences_are_reported(change, complaint):
    assert any(complaint in message for message in compare.differences(stored("moons-tanh"), altered(change)))


def test_a_trace_agrees_with_itself():
    assert compare.differences(stored("moons-tanh"), stored("moons-tanh")) == []
